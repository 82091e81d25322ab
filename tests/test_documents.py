"""Documents: all their code is run, what they show comes out, and their links lead somewhere.

The blocks of a page run in order, in one folder that holds ``examples/`` and ``training/statements/``.

- ``python`` blocks share their names; a comment behind an expression that is itself a value is compared.
- ``bash`` blocks run the installed commands.
- ``output`` is what the block before it prints (``...`` stands for anything).
- ``json``, ``toml`` and ``csv`` are read; ``text`` is no code.

Comments right above a block may say otherwise: ``<!-- file: NAME -->`` writes it there first, ``<!-- wants: NAME,
NAME -->`` names packages or programs without which it is only compiled, ``<!-- not run: why -->`` always does so
and is counted in ``NOT_RUN``.

``STANCE_DOCUMENTS=write pytest tests/test_documents.py`` writes what is printed into the pages.
"""

import ast
import contextlib
import csv
import doctest
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tokenize
import tomllib
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted(
    [
        *ROOT.glob("*.md"),
        *(ROOT / "docs").glob("*.md"),
        *ROOT.glob("models/*/*.md"),
        *ROOT.glob("benchmarks/*.md"),
    ]
)
NAMES = [page.relative_to(ROOT).as_posix() for page in PAGES]
KINDS = {"python", "bash", "output", "json", "toml", "csv", "text"}
ELSEWHERE = {"docs/sklearn.md": "tests/test_sklearn.py"}
"""Pages whose code another test runs, with more to say about it."""
NOT_RUN = {
    "CONTRIBUTING.md": 2,
    "README.md": 1,
    "SECURITY.md": 1,
    "docs/clusters.md": 4,
    "docs/installing.md": 3,
    "docs/quickstart.md": 1,
    "docs/reading.md": 1,
    "docs/recipes.md": 3,
    "docs/reliability.md": 2,
    "docs/server.md": 4,
    "docs/training.md": 2,
}
"""How many blocks of a page cannot be run here; each says why.  A new one is a decision, made by changing this."""
BLOCK = re.compile(
    r"(?P<notes>(?:^<!-- [^\n]* -->\n)*)^```(?P<kind>\S*)[^\n]*\n(?P<code>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
NOTE = re.compile(r"^<!-- (file|wants|not run): (.+?) -->$", re.MULTILINE)
ISOLATES = dict.fromkeys(map(ord, "\u2066\u2067\u2068\u2069"))
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
SAME = doctest.OutputChecker().check_output


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, its code, its line, and what the comments above it say."""

    kind: str
    code: str
    line: int
    notes: dict[str, str]

    @property
    def missing(self) -> str:
        """What it wants and is not here."""
        wanted = self.notes.get("wants", "").split(", ")
        return ", ".join(w for w in wanted if w and not (find_spec(w) or shutil.which(w)))

    @property
    def skipped(self) -> bool:
        """Whether it is only compiled."""
        return "not run" in self.notes or bool(self.missing)


def blocks(page: Path) -> list[Block]:
    text = page.read_text(encoding="utf-8")
    return [
        Block(m["kind"], m["code"], text.count("\n", 0, m.start("code")) + 1, dict(NOTE.findall(m["notes"])))
        for m in BLOCK.finditer(text)
    ]


class Run:
    """The blocks of a page, one after the other."""

    def __init__(self, page: Path, folder: Path) -> None:
        self.page, self.folder = page, folder
        self.names: dict[str, object] = {"__name__": "__main__"}
        self.printed: str | None = ""
        self.other: list[tuple[Block, str]] = []

    def block(self, block: Block) -> None:
        if "file" in block.notes:
            (self.folder / block.notes["file"]).write_text(block.code, encoding="utf-8")
        if block.kind in ("python", "bash"):
            self.printed = None if block.skipped else ""
        getattr(self, block.kind)(block)

    def python(self, block: Block) -> None:
        tree = ast.parse("\n" * (block.line - 1) + block.code, str(self.page))
        if block.skipped:
            compile(tree, str(self.page), "exec")
            return
        values = comments(block)
        with contextlib.redirect_stdout(io.StringIO()) as out:
            for node in tree.body:
                if isinstance(node, ast.Expr):
                    found = eval(compile(ast.Expression(node.value), str(self.page), "eval"), self.names)  # noqa: S307  # the page's own code
                    if node.end_lineno in values:
                        assert found == values[node.end_lineno], f"{self.page}:{node.end_lineno}: {found!r}"
                else:
                    exec(compile(ast.Module([node], []), str(self.page), "exec"), self.names)  # noqa: S102  # likewise
        self.printed = out.getvalue()

    def bash(self, block: Block) -> None:
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        done = subprocess.run(
            ["bash", "-n" if block.skipped else "-e", "-o", "pipefail", "-c", block.code],  # noqa: S607  # whichever is there
            cwd=self.folder,
            env={**os.environ, "PATH": path, "COLUMNS": "84"},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, f"{self.page}:{block.line}: {done.stderr}"
        if not block.skipped:
            self.printed = done.stdout

    def output(self, block: Block) -> None:
        if self.printed is None:
            return
        found = self.printed.translate(ISOLATES)
        same = SAME(block.code, found, FLAGS)
        if not same and os.environ.get("STANCE_DOCUMENTS") == "write":
            self.other.append((block, found))
            return
        assert same, f"{self.page}:{block.line}: it printed\n{found}"

    def json(self, block: Block) -> None:
        for line in [block.code] if block.code.startswith("{\n") else block.code.splitlines():
            json.loads(line)

    def toml(self, block: Block) -> None:
        tomllib.loads(block.code)

    def csv(self, block: Block) -> None:
        assert len({len(row) for row in csv.reader(io.StringIO(block.code), strict=True)}) == 1

    def text(self, block: Block) -> None:
        pass


def write(page: Path, printed: list[tuple[Block, str]]) -> None:
    """Put what was printed in place of what the page shows, if that is not the same."""
    if not printed:
        return
    lines = page.read_text(encoding="utf-8").splitlines(keepends=True)
    for block, found in reversed(printed):
        start = block.line - 1
        shown = "".join(line.rstrip() + "\n" for line in found.splitlines())
        lines[start : start + block.code.count("\n")] = [shown]
    page.write_text("".join(lines), encoding="utf-8")


def comments(block: Block) -> dict[int, object]:
    """Return the comments that are values, by line of the page."""
    values = {}
    for token in tokenize.generate_tokens(io.StringIO(block.code).readline):
        if token.type == tokenize.COMMENT:
            with contextlib.suppress(SyntaxError, NameError, TypeError):
                known = {"__builtins__": {"frozenset": frozenset}}
                values[block.line - 1 + token.start[0]] = eval(token.string.strip("# "), known)  # noqa: S307
    return values


@pytest.fixture
def folder(tmp_path, monkeypatch):
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    shutil.copytree(ROOT / "training" / "statements", tmp_path / "training" / "statements")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MPLBACKEND", "agg")
    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)
    return tmp_path


def test_pages_that_are_run_elsewhere_are():
    for page, test in ELSEWHERE.items():
        assert f'"docs" / "{Path(page).name}"' in (ROOT / test).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "page",
    [p for p, n in zip(PAGES, NAMES, strict=True) if n not in ELSEWHERE],
    ids=lambda page: page.relative_to(ROOT).as_posix(),
)
def test_code_runs(page, folder):
    run, missing = Run(page, folder), set()
    for block in blocks(page):
        if not block.kind.startswith("{"):  # a directive of the site
            assert block.kind in KINDS, f"{page}:{block.line}: a block wants a language, see {__file__}"
            run.block(block)
            missing |= {block.missing} - {""}
    write(page, run.other)
    if missing:
        pytest.skip(f"all run but what wants {', '.join(sorted(missing))}")


def test_blocks_that_are_not_run_do_not_grow_in_number():
    found = {
        name: sum("not run" in b.notes for b in blocks(page)) for name, page in zip(NAMES, PAGES, strict=True)
    }
    assert {name: n for name, n in found.items() if n} == NOT_RUN


def test_every_fence_is_seen():
    for page in PAGES:
        fences = re.findall(r"^ *```", page.read_text(encoding="utf-8"), re.MULTILINE)
        assert len(fences) == 2 * len(blocks(page)), page


def test_code_that_fails_is_found(folder):
    def run(kind, code):
        Run(folder / "page.md", folder).block(Block(kind, code, 1, {}))

    run("python", "1 + 1  # 2\n")
    with pytest.raises(AssertionError, match=r"page.md:1: 2"):
        run("python", "1 + 1  # 3\n")
    with pytest.raises(ZeroDivisionError):
        run("python", "1 / 0  # prose\n")
    with pytest.raises(AssertionError, match=r"page.md:1"):
        run("bash", "stance explain | true\n")
    with pytest.raises(AssertionError, match="it printed"):
        run("output", "something\n")


# Links


def prose(page: Path) -> str:
    return BLOCK.sub("", page.read_text(encoding="utf-8"))


def anchors(page: Path) -> set[str]:
    heads = re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)
    plain = [re.sub(r"[`*]|\[([^]]*)\]\([^)]*\)", r"\1", head) for head in heads]
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in plain}


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_links_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)\s]+)\)", prose(page)):
        place, _, anchor = target.partition("#")
        there = (page.parent / place).resolve() if place else page
        assert there.is_relative_to(ROOT), f"{page}: {target}"
        assert there.exists(), f"{page}: {target}"
        assert not anchor or anchor in anchors(there), f"{page}: {target}"


def test_every_page_is_in_the_navigation_once():
    index = ROOT / "docs" / "index.md"
    listed = re.findall(r"^- \[[^]]+\]\(([^)#]+)\)", index.read_text(encoding="utf-8"), re.MULTILINE)
    found = sorted((index.parent / place).resolve() for place in listed)
    wanted = sorted({*PAGES} - {index, ROOT / "README.md"})
    assert found == wanted, "add a line for every page to a list of docs/index.md"


# The label guide


def test_label_guide_tells_what_the_model_says(model):
    head, tail = (ROOT / "docs" / "labels.md").read_text(encoding="utf-8").split("## Sentiment")
    assert [*check(model, head, lambda p: p.stances)].count(True) >= 0.8 * 30
    assert all(check(model, tail.split("## Speaker")[0], lambda p: {p.sentiment}))


def check(model, text, found):
    rows = [
        [cell.strip() for cell in line.split("|")[1:-1]] for line in text.splitlines() if line.startswith("|")
    ]
    rows = [row for row in rows if len(row) == 4 and re.match(r"[\u0621-\u064a]", row[0])]
    assert len(rows) >= 6
    for (sentence, _, label, said), p in zip(rows, model.predict([row[0] for row in rows]), strict=True):
        assert found(p) == set((label if said == "✓" else said).split(", ")) - {"none"}, sentence
        yield said == "✓"
