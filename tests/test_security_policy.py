"""What SECURITY.md promises is tested by the tests that it names."""

import ast
import re

import pytest
from test_architecture import modules

CALLS = {"eval", "exec", "compile", "__import__"}
MODULES = {"pickle", "marshal", "shelve", "dill", "cloudpickle", "subprocess", "yaml", "ctypes"}
ALLOWED = {
    ("replacing.py", "ctypes"): "the system's call that exchanges two names, which Python does not offer"
}
NAMED = re.compile(r"`(test_\w+\.py)::(test_\w+)`")


def promises(root):
    lines = (root / "SECURITY.md").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.startswith("| ") and not line.startswith("| promise")]


def test_every_promise_names_tests_and_they_are_there(root):
    found = promises(root)
    assert len(found) >= 10
    for line in found:
        named = NAMED.findall(line)
        assert named, line
        assert len(named) == line.count("`test_"), line
        for file, test in named:
            tree = ast.parse((root / "tests" / file).read_text(encoding="utf-8"))
            names = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
            assert test in names, f"SECURITY.md names {file}::{test}, which is not there"


def forbidden(tree):
    """Yield what runs strings or loads objects."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name) and node.func.id in CALLS:
                yield node.func.id
            if isinstance(node.func, ast.Attribute) and node.func.attr == "load":
                owner = node.func.value.id if isinstance(node.func.value, ast.Name) else ""
                allowed = [k.value for k in node.keywords if k.arg == "allow_pickle"]
                plain = [isinstance(v, ast.Constant) and v.value is False for v in allowed]
                if owner == "joblib" or (owner in {"np", "numpy"} and plain != [True]):
                    yield f"{owner}.load"
        elif isinstance(node, ast.Import):
            yield from (a.name for a in node.names if a.name.partition(".")[0] in MODULES)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] in MODULES:
            yield str(node.module)


def test_nothing_loads_pickles_or_runs_strings():
    for path, _ in modules():
        found = forbidden(ast.parse(path.read_text(encoding="utf-8")))
        assert not [name for name in found if (path.name, name) not in ALLOWED], path


@pytest.mark.parametrize(
    "code",
    [
        "import pickle",
        "from pickle import loads",
        "eval('1')",
        "joblib.load(p)",
        "np.load(p)",
        "np.load(p, allow_pickle=True)",
    ],
)
def test_what_would_is_seen(code):
    assert list(forbidden(ast.parse(code)))
