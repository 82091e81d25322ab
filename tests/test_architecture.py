"""Layers, lightness and names: what holds the library together."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import stance

SRC = Path(stance.__file__).parent
LAYERS = [
    {"errors", "hints", "interrupts", "locks"},
    {"labels", "calibration", "calibrators", "parallel", "pytorch", "reprs", "settings", "timing", "writing"},
    {"text", "datasets", "pages"},
    {"lexicon", "annotations", "ranking", "row_checks"},
    {"actors"},
    {"features"},
    {"classifiers", "optimising", "model"},
    {"network"},
    {"explain", "evaluation", "card", "fitting"},
    {"contributions", "validation", "predictions"},
    {"frames", "pretrained"},
    {"learning", "predictor", "training"},
    {"statements", "columns"},
    {"labelling"},
    {"reader_training", "spark"},
    {"server"},
    {"cli"},
    {"__main__"},
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


CONTAINERS = (ast.Dict, ast.List, ast.Set, ast.DictComp, ast.ListComp, ast.SetComp)
WRITING = {
    "add",
    "append",
    "clear",
    "discard",
    "extend",
    "insert",
    "pop",
    "popitem",
    "remove",
    "setdefault",
    "update",
}
STATE = {
    "locks.py: _EVERY": "weak references to what has a lock, so that locks are new ones after a fork",
    "locks.py: _watch_forks": "asks once to be told of forks",
    "reader.py: _LOADING": "the lock under which the installed models are loaded once",
    "reader.py: _default": "the installed model, loaded once",
    "reader.py: _default_reader": "the installed reader's model, loaded once",
    "reader.py: _reader": "readers of the last eight models; one made twice equals the other",
    "lexicon.py: default": "the installed lexicon, made once, never changed; one made twice equals the other",
    "gazetteer.py: default": "the installed gazetteer, made once; one made twice equals the other",
    "names.py: arabic_names": "Arabic names of actors, read once",
    "hints.py: _nearest": "the last 256 answers; one made twice equals the other",
    "tokens.py: character_kinds": "kinds of a page of characters, never changed",
    "matching.py: character_norms": "normal forms of a page of characters, never changed",
    "charmap.py: mapper": "the character map, never changed; one made twice equals the other",
    "analyzers.py: load_analyzer": "the user's analyzer, loaded once",
    "markup.py: resource": "texts of the package, read once",
    "page.py: static_file": "files of the package, read once",
    "worker.py: _predictor": "the model of a worker process, which has one thread at work",
    "worker.py: _settle": "that such a process has frozen what it holds, once",
    "spark.py: _load": "the models of a Spark worker, which has one thread at work",
}
"""All that outlives a call and belongs to no object, and why threads and forks do it no harm."""


def _called(node):
    return ast.unparse(node.func if isinstance(node, ast.Call) else node).split(".")[-1]


def global_state(path):
    """Yield names of a module that hold what may change: containers written to, locks and other objects, caches."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    written = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Global):
            yield from node.names
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store | ast.Del):
            written.add(ast.unparse(node.value))
        if isinstance(node, ast.Attribute) and node.attr in WRITING:
            written.add(ast.unparse(node.value))
        if isinstance(node, ast.FunctionDef):
            if {_called(d) for d in node.decorator_list} & {"cache", "lru_cache"}:
                yield node.name
            assert not any(isinstance(d, CONTAINERS) for d in node.args.defaults), f"{path}: {node.name}"
    for node in tree.body:
        targets = [node.target] if isinstance(node, ast.AnnAssign) else getattr(node, "targets", [])
        value = getattr(node, "value", None)
        for name in [t.id for t in targets if isinstance(t, ast.Name)]:
            stateful = isinstance(value, ast.Call) and _called(value) in {
                "WeakSet",
                "Locked",
                "Lock",
                "local",
            }
            if stateful or (name in written and name != "__all__"):
                yield name


def test_what_outlives_a_call_is_known_and_harmless():
    found = {f"{path.name}: {name}" for path, _ in modules() for name in global_state(path)}
    assert found == STATE.keys()


def test_the_kernel_has_no_variables_of_its_own():
    tables = (
        "PyMethodDef",
        "PyType_Slot",
        "PyModuleDef_Slot",
        "struct PyModuleDef",
    )  # read by Python, never written
    for path in sorted((SRC / "features" / "kernel").glob("*.[ch]")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("static ") and "(" not in line.partition("=")[0]:
                kind = line.removeprefix("static ")
                assert kind.startswith(("const ", *tables)), f"{path.name}: {line}"
