"""What pyproject.toml cannot say: the compiled part of the package, and the wheel's bill of materials."""

import runpy
import sysconfig
import zipfile
import zlib
from pathlib import Path

from setuptools import Extension, setup
from setuptools.command.bdist_wheel import bdist_wheel

FREE_THREADED = bool(sysconfig.get_config_var("Py_GIL_DISABLED"))
KERNEL = Path("src/stance/features/kernel")
WINDOWS = sysconfig.get_platform().startswith("win")


class WheelWithBill(bdist_wheel):
    """A wheel whose metadata holds a software bill of materials, where PEP 770 wants it, compressed as far as it goes."""

    def run(self) -> None:
        """Build the wheel as always, and compress it again: the models take a tenth of a megabyte less."""
        super().run()
        for command, _, path in self.distribution.dist_files:
            if command == "bdist_wheel":
                _compress(Path(path))

    def egg2dist(self, egginfo_path: str, distinfo_path: str) -> None:
        """Write the metadata folder as always, and the bill into it."""
        super().egg2dist(egginfo_path, distinfo_path)
        bill = Path(distinfo_path, "sboms", "stance.cdx.json")
        bill.parent.mkdir()
        version = str(self.distribution.get_version())
        bill.write_bytes(runpy.run_path("release/sbom.py")["bill"](version, Path("models")))


def _compress(wheel: Path) -> None:
    """Write a wheel's files anew, in their order, with their dates and modes."""
    smaller, usual = wheel.with_suffix(".smaller"), zipfile._get_compressor
    with zipfile.ZipFile(wheel) as given, zipfile.ZipFile(smaller, "w", zipfile.ZIP_DEFLATED) as written:
        for entry in given.infolist():
            data = given.read(entry)
            zipfile._get_compressor = _for_arrays if entry.filename.endswith(".npz") else usual
            written.writestr(entry, data, zipfile.ZIP_DEFLATED, compresslevel=9)
    zipfile._get_compressor = usual
    smaller.replace(wheel)


def _for_arrays(*_):
    """Make a compressor by the strategy for what repeats little, which zipfile cannot be asked for: 0.4 MB less."""
    return zlib.compressobj(9, zlib.DEFLATED, -15, 9, zlib.Z_FILTERED)


setup(
    cmdclass={"bdist_wheel": WheelWithBill},
    ext_modules=[
        Extension(
            "stance.features._kernel",
            sorted(str(path) for path in KERNEL.glob("*.c")),
            depends=sorted(str(path) for path in KERNEL.glob("*.h")),
            # sums must not be fused: the versions of a loop for several processors give the same bits;
            # no debug information: it would hold the folder of the build, and no two wheels be the same
            extra_compile_args=["/std:c11"] if WINDOWS else ["-std=c11", "-O3", "-ffp-contract=off", "-g0"],
            libraries=[] if WINDOWS else ["m"],
            # one binary for every Python from 3.11 on; the free-threaded build has no such promise, and tells that it is
            # one only in its headers, too late for ours to ask
            define_macros=[] if FREE_THREADED else [("Py_LIMITED_API", "0x030B0000")],
            py_limited_api=not FREE_THREADED,
            optional=True,  # without a compiler the same is done in Python, slower
        )
    ],
    options={} if FREE_THREADED else {"bdist_wheel": {"py_limited_api": "cp311"}},
)
