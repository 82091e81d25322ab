"""The compiled part of the package; everything else stands in pyproject.toml."""

import sysconfig
from pathlib import Path

from setuptools import Extension, setup

FREE_THREADED = bool(sysconfig.get_config_var("Py_GIL_DISABLED"))
KERNEL = Path("src/stance/features/kernel")
WINDOWS = sysconfig.get_platform().startswith("win")

setup(
    ext_modules=[
        Extension(
            "stance.features._kernel",
            sorted(str(path) for path in KERNEL.glob("*.c")),
            depends=sorted(str(path) for path in KERNEL.glob("*.h")),
            # sums must not be fused: the versions of a loop for several processors give the same bits
            extra_compile_args=["/std:c11"] if WINDOWS else ["-std=c11", "-O3", "-ffp-contract=off"],
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
