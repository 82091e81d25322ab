"""Layers, lightness and names: what holds the library together."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import stance

SRC = Path(stance.__file__).parent
LAYERS = [
    {"errors"},
    {"labels", "calibration", "calibrators", "settings", "timing"},
    {"text", "datasets", "pages"},
    {"lexicon", "annotations", "ranking"},
    {"actors"},
    {"features"},
    {"classifiers", "network", "model"},
    {"explain", "evaluation", "card", "fitting"},
    {"contributions", "validation", "predictions"},
    {"frames", "pretrained"},
    {"learning", "predictor", "training"},
    {"statements", "columns"},
    {"labelling"},
    {"reader_training", "spark"},
    {"server"},
    {"cli"},
]
HEAVY = {
    "sklearn",
    "pandas",
    "matplotlib",
    "torch",
    "transformers",
    "joblib",
    "scipy",
    "pyarrow",
    "pyspark",
    "narwhals",
    "polars",
    "starlette",
    "uvicorn",
}
LIGHT_MODULES = sorted(
    {
        "predictor",
        "explain",
        "calibration",
        "labels",
        "errors",
        "datasets",
        "labelling",
        "statements",
        "model",
        "text",
        "lexicon",
        "actors",
        "ranking",
        "pages",
        "frames",
        "server",
        "spark",
    }
)


def level(module):
    return next(i for i, names in enumerate(LAYERS) if module in names)


def modules():
    for path in sorted(SRC.rglob("*.py")):
        parts = path.relative_to(SRC).with_suffix("").parts
        if parts != ("__init__",):
            yield path, parts[0]


def imports(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (a.name for a in node.names)


@pytest.mark.parametrize(("path", "home"), list(modules()), ids=str)
def test_imports_go_downwards_only(path, home):
    for name in imports(path):
        parts = name.split(".")
        if parts[0] == "stance" and len(parts) > 1 and parts[1] != home:
            assert level(parts[1]) < level(home), f"{path.name} imports {name}"


@pytest.mark.parametrize(("path", "home"), list(modules()), ids=str)
def test_only_the_command_layer_prints_or_exits(path, home):
    if home == "cli":
        return
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in {"print", "exit", "quit", "input"}, path


def test_every_module_says_what_it_offers():
    for path, _ in modules():
        assert "__all__" in path.read_text(encoding="utf-8") or path.name == "__init__.py", path


def fresh(code):
    """Run code in a fresh interpreter and return what it printed."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_import_is_light():
    loaded = fresh("import sys, stance; print(*sorted({m.split('.')[0] for m in sys.modules}))").split()
    assert not HEAVY & set(loaded)
    assert "numpy" not in loaded


def test_prediction_does_not_import_training_or_heavy_libraries():
    code = "import sys, stance; stance.read('حذر الوزير من كارثة.'); print(*sorted({m.split('.')[0] for m in sys.modules}), *[m for m in sys.modules if m.startswith('stance.')])"
    loaded = set(fresh(code).split())
    assert not HEAVY & loaded
    assert not {"stance.training", "stance.classifiers", "stance.evaluation"} & loaded


@pytest.mark.parametrize("module", LIGHT_MODULES)
def test_no_module_has_side_effects_on_warnings_or_logging(module):
    code = (
        "import warnings, logging, numpy; f = list(warnings.filters); h = list(logging.root.handlers)\n"
        f"import stance.{module}\n"
        "print(f == list(warnings.filters), h == list(logging.root.handlers))"
    )
    assert fresh(code) == "True True"


def test_exported_names_are_sorted_and_real():
    assert stance.__all__ == sorted(stance.__all__, key=lambda n: (not n.isupper(), n))
    for name in stance.__all__:
        assert (
            getattr(stance, name).__module__.startswith("stance.")
            if callable(getattr(stance, name))
            else True
        )
    assert set(stance.__all__) == set(stance._HOME)
    assert set(stance.__all__) <= set(dir(stance))
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = stance.nonsense


def test_modules_and_functions_stay_small():
    for path, _ in modules():
        text = path.read_text(encoding="utf-8")
        assert text.count("\n") <= 360, f"{path.name} is long"
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef):
                body = [
                    s
                    for s in node.body
                    if not (isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant))
                ]
                lines = body[-1].end_lineno - body[0].lineno + 1 if body else 0
                assert lines <= 45, f"{path.name}: {node.name} has {lines} lines"


def test_public_functions_are_documented():
    for path, _ in modules():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        assert ast.get_docstring(tree), path
        for node in tree.body:
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_"):
                assert ast.get_docstring(node), f"{path.name}: {node.name}"
