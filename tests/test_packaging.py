"""The package's metadata agree with each other and with what is there; .ci/packaging builds and installs it."""

import json
import re
import runpy
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

import stance

LOCKED = re.compile(r"^([a-z0-9-]+)==(\S+)(?: ; (.*?))? \\$", re.MULTILINE)


@pytest.fixture(scope="module")
def project(root):
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def lock(root):
    return (root / "requirements" / "dev.lock").read_text(encoding="utf-8")


def test_every_package_is_listed(root, project):
    src = root / "src"
    there = {str(p.parent.relative_to(src)).replace("/", ".") for p in src.rglob("__init__.py")}
    assert project["tool"]["setuptools"]["packages"] == [*sorted(there), "stance_models"]


def test_every_data_file_is_installed(root, project):
    """Whatever lies beside the modules and is neither Python, C nor compiled is package data."""
    setuptools = project["tool"]["setuptools"]
    installed = set()
    for package, patterns in setuptools["package-data"].items():
        top, _, rest = package.partition(".")
        folder = root / setuptools["package-dir"][top] / rest.replace(".", "/")
        for pattern in patterns:
            found = set(folder.glob(pattern))
            assert found, f"{package}: {pattern} finds nothing"
            installed |= found
    sources = {".py", ".c", ".h", ".so", ".pyd", ".pyc"}
    there = {p for top in ("src/stance", "models") for p in (root / top).rglob("*") if p.is_file()}
    assert {p for p in there if p.suffix not in sources} == installed


def test_metadata(root, project):
    metadata = project["project"]
    assert metadata["license"] == "MIT"
    for name in metadata["license-files"]:
        assert (root / name).is_file()
    # PEP 639: the expression says it
    assert not [c for c in metadata["classifiers"] if c.startswith("License")]
    assert metadata["dynamic"] == ["version"]
    assert "Typing :: Typed" in metadata["classifiers"]
    assert (root / "src" / "stance" / "py.typed").read_bytes() == b""


def test_the_version_is_told_alike(root):
    changelog = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    parts = re.split(r"^## \[", changelog, flags=re.MULTILINE)[1:]
    assert parts[0].startswith("Unreleased]")
    assert parts[1].startswith(f"{stance.__version__}]")
    for part in parts:
        assert "### Changed models" in part, part.partition("\n")[0]
    citation = (root / "CITATION.cff").read_text(encoding="utf-8")
    assert re.findall(r"^version: (.*)$", citation, re.MULTILINE) == [stance.__version__]
    assert re.findall(r"^license: (.*)$", citation, re.MULTILINE) == ["MIT"]


def test_the_bill_of_materials(root):
    make = runpy.run_path(str(root / "release" / "sbom.py"))["bill"]
    found = json.loads(make("1.2.3", root / "models"))
    assert make("1.2.3", root / "models") == make("1.2.3", root / "models")
    assert found["metadata"]["component"]["bom-ref"] == "stance@1.2.3"
    assert [part["name"] for part in found["components"]] == ["stance_models/news", "stance_models/reader"]
    for part in found["components"]:
        folder = root / "models" / part["name"].partition("/")[2]
        files = {file["name"] for file in part["components"]} | {"SHA256SUMS"}
        assert files == {path.name for path in folder.iterdir()}
        card = (folder / "README.md").read_text(encoding="utf-8")
        corpora = part["modelCard"]["modelParameters"]["datasets"]
        assert bool(corpora) == ("| corpus |" in card)
        for corpus in corpora:
            assert f"| {corpus['name']} | {corpus['description'].rpartition('Licence: ')[2]} |" in card


def test_the_lock_holds_what_is_declared(project, lock):
    held = {name: (version, marker) for name, version, marker in LOCKED.findall(lock)}
    extras = project["project"]["optional-dependencies"]
    wanted = project["project"]["dependencies"] + extras["test"] + extras["check"]
    wanted += extras["frames"] + extras["parquet"] + extras["plots"] + extras["serve"] + extras["zstd"]
    for line in wanted:
        requirement = Requirement(line)
        if requirement.name != "stance":
            version, _ = held[requirement.name]
            assert Version(version) in requirement.specifier, f"run release/lock: {line}"
    assert "torch" not in held
    assert not [name for name in held if name.startswith(("nvidia", "cuda", "triton"))]


def test_every_locked_package_has_digests_and_no_host(lock):
    entries = re.split(r"^(?=[a-z0-9])", lock, flags=re.MULTILINE)[1:]
    assert len(entries) == len(LOCKED.findall(lock)) > 80
    for entry in entries:
        assert "--hash=sha256:" in entry, entry
    assert not re.search(r"https?://|--index|--find-links", lock)


@pytest.mark.parametrize(
    ("licence", "refused"),
    [
        ("GPL-3.0-only", True),
        ("AGPL-3.0-or-later", True),
        ("GNU General Public License v2 (GPLv2)", True),
        ("LGPL-2.1-or-later", False),
        ("GNU Lesser General Public License v3 (LGPLv3)", False),
        ("MIT", False),
        ("MPL-2.0 AND MIT", False),
    ],
)
def test_the_gpl_is_seen(root, licence, refused):
    pattern = runpy.run_path(str(root / "release" / "licences.py"))["FORBIDDEN"]
    assert bool(pattern.search(licence)) == refused
