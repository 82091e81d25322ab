"""Documents: all their code is run, what they show comes out, and their links lead somewhere.

The blocks of a page run in order, in one folder that holds ``examples/``, ``training/statements/`` and, in place of
what the repository does not hold, made-up rows in ``mawqif/`` and the small morphology of ``tests/camel``.

- ``python`` blocks share their names; a comment behind an expression that is itself a value is compared.
- ``bash`` blocks run the installed commands.
- ``output`` is what the block before it prints (``...`` stands for anything).
- ``json``, ``toml`` and ``csv`` are read; ``text`` is no code.

Comments right above a block may say otherwise: ``<!-- file: NAME -->`` writes it there first; ``<!-- serves: PORT -->``
runs it beside the blocks that follow, at a free port in place of that one; ``<!-- wants: NAME, NAME -->`` names packages
or programs without which it is only compiled; ``<!-- run with: OLD = NEW -->`` runs it with another figure, where that of the
page takes minutes; ``<!-- run by: FILE -->`` names what runs it instead.

``STANCE_DOCUMENTS=write pytest tests/test_documents.py`` writes what is printed, and the values, into the pages.
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
import signal
import socket
import subprocess
import sys
import time
import tokenize
import tomllib
from dataclasses import dataclass, replace
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
BLOCK = re.compile(
    r"(?P<notes>(?:^<!-- [^\n]* -->\n)*)^```(?P<kind>\S*)[^\n]*\n(?P<code>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
NOTE = re.compile(r"^<!-- (file|serves|wants|run with|run by): (.+?) -->$", re.MULTILINE)
ISOLATES = dict.fromkeys(map(ord, "\u2066\u2067\u2068\u2069"))
WRITING = os.environ.get("STANCE_DOCUMENTS") == "write"
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
        return "run by" in self.notes or bool(self.missing)


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
        self.values: dict[int, object] = {}
        self.ports: dict[str, str] = {}
        self.env = {
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "COLUMNS": "84",
        }
        self.served = contextlib.ExitStack()

    def close(self) -> None:
        """End what serves."""
        self.served.close()

    def block(self, block: Block) -> None:
        if "run with" in block.notes:  # before the ports, whose digits may hold the same figure
            old, new = block.notes["run with"].split(" = ")
            assert old in block.code
            block = replace(block, code=block.code.replace(old, new))
        for port, free in self.ports.items():
            block = replace(block, code=block.code.replace(f":{port}", f":{free}"))
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
                    line = node.end_lineno or 0
                    if line in values and found != values[line] and WRITING:
                        self.values[line] = found
                    elif line in values:
                        assert found == values[line], f"{self.page}:{line}: {found!r}"
                else:
                    exec(compile(ast.Module([node], []), str(self.page), "exec"), self.names)  # noqa: S102  # likewise
        self.printed = out.getvalue()

    def bash(self, block: Block) -> None:
        if "serves" in block.notes and not block.skipped:
            self.serve(block)
            return
        done = subprocess.run(
            ["bash", "-n" if block.skipped else "-e", "-o", "pipefail", "-c", block.code],  # noqa: S607  # whichever is there
            cwd=self.folder,
            env=self.env,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, f"{self.page}:{block.line}: {done.stderr}"
        if not block.skipped:
            self.printed = done.stdout

    def serve(self, block: Block) -> None:
        port = block.notes["serves"]
        assert f"--port {port}" in block.code
        log = self.folder / f"{port}.log"
        with log.open("wb") as out:
            process = subprocess.Popen(
                ["bash", "-c", block.code.replace(f"--port {port}", "--port 0")],  # noqa: S607  # as above
                cwd=self.folder,
                env=self.env,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        self.served.callback(end, process)
        deadline = time.monotonic() + 60
        while not (free := answering(log)):
            assert process.poll() is None, f"{self.page}:{block.line}: {log.read_text(encoding='utf-8')}"
            assert time.monotonic() < deadline, f"{self.page}:{block.line}: nothing answers"
            time.sleep(0.1)
        self.ports[port] = free

    def output(self, block: Block) -> None:
        if self.printed is None:
            return
        found = self.printed.translate(ISOLATES)
        same = SAME(block.code, found, FLAGS)
        if not same and WRITING:
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


def end(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):  # it has ended by itself
        os.killpg(process.pid, signal.SIGTERM)
    process.wait(60)


def answering(log: Path) -> str:
    """Return the port that a server says it has got, once it answers there."""
    said = re.search(r"http://127\.0\.0\.1:(\d+)\D", log.read_text(encoding="utf-8"))
    if said:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", int(said[1])), 1):
            return said[1]
    return ""


def write(page: Path, printed: list[tuple[Block, str]], values: dict[int, object]) -> None:
    """Put values and what was printed in place of what the page shows, if that is not the same."""
    if not printed and not values:
        return
    lines = page.read_text(encoding="utf-8").splitlines(keepends=True)
    for line, value in values.items():
        lines[line - 1] = re.sub("# [^#]*$", f"# {value!r}\n", lines[line - 1])
    for block, found in reversed(printed):
        start = block.line - 1
        shown = "".join(line.rstrip() + "\n" for line in found.rstrip().splitlines())
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


def opinions() -> str:
    """Rows with the columns of Mawqif, whose texts are not ours to keep."""
    sides = {"أؤيد بناء السد": "Favor", "أرفض بناء السد": "Against", "بدأ بناء السد": "None"}
    rows = [
        f"{text} في المدينة {i},{side},{target},0.{5 + i % 5}"
        for i in range(12)
        for text, side in sides.items()
        for target in ("dam", "tax")
    ]
    return "\n".join(["text,stance,target,stance:confidence", *rows]) + "\n"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    shutil.copytree(ROOT / "training" / "statements", tmp_path / "training" / "statements")
    for name in ("train", "test"):
        (tmp_path / "mawqif").mkdir(exist_ok=True)
        (tmp_path / "mawqif" / f"{name}.csv").write_text(opinions(), encoding="utf-8")
    (tmp_path / "tests").symlink_to(ROOT / "tests")
    monkeypatch.setenv("CAMELTOOLS_DATA", str(ROOT / "tests" / "camel"))
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
    missing = set()
    with contextlib.closing(Run(page, folder)) as run:
        for block in blocks(page):
            if not block.kind.startswith("{"):  # a directive of the site
                assert block.kind in KINDS, f"{page}:{block.line}: a block wants a language, see {__file__}"
                run.block(block)
                missing |= {block.missing} - {""}
    write(page, run.other, run.values)
    if missing:
        pytest.skip(f"all run but what wants {', '.join(sorted(missing))}")


def test_blocks_that_something_else_runs_stand_there():
    for name, page in zip(NAMES, PAGES, strict=True):
        for block in blocks(page):
            if runner := block.notes.get("run by"):
                script = (ROOT / runner).read_text(encoding="utf-8")
                fetched = re.findall(rf'^\S*as_the_page \S+ {re.escape(name)} "(.+)"', script, re.MULTILINE)
                lines = [line.split("  #")[0].strip() for line in block.code.splitlines()]
                read = any(words in block.code for words in fetched) or f'"docs" / "{page.name}"' in script
                assert read or all(x == runner or f"\n{x}" in script for x in lines), (name, block.line)


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


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_tables_have_a_head(page):
    for part in re.split(r"\n\s*\n", prose(page)):
        lines = part.strip("\n").split("\n")
        first = next((k for k, line in enumerate(lines) if line.startswith("|")), None)
        if (
            first is not None
        ):  # rows parted from their head by an empty line would be shown as they are written
            assert first + 1 < len(lines), f"{page}: {lines[first]}"
            assert re.fullmatch(r"\|[-| :]+\|", lines[first + 1]), f"{page}: {lines[first][:80]}"


def test_every_page_is_in_the_navigation_once():
    index = ROOT / "docs" / "index.md"
    listed = re.findall(r"^- \[[^]]+\]\(([^)#]+)\)", index.read_text(encoding="utf-8"), re.MULTILINE)
    found = sorted((index.parent / place).resolve() for place in listed)
    wanted = sorted({*PAGES} - {index, ROOT / "README.md"})
    assert found == wanted, "add a line for every page to a list of docs/index.md"


# Figures


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["README.md", "docs/accuracy.md", "benchmarks/README.md"])
def test_figures_are_those_of_the_shipped_model(name):
    found, text = json.loads(read("models/news/config.json"))["metrics"], read(name)
    assert f"{found['n_rows']:,} " in text
    assert f"{found['stance_macro_f1']:.3f}" in text
    assert f"{found['sentiment_macro_f1']:.3f}" in text


def test_figures_that_stand_on_several_pages_agree():
    table = read("benchmarks/README.md")
    arrays, objects = (
        int(
            re.search(rf"^\| (?:\*\*)?`{name}`[^|]*\|[^|]*\| ([\d,]+) ", table, re.MULTILINE)[1].replace(
                ",", ""
            )
        )
        for name in ("decide", "predict")
    )
    assert f"**{round(arrays, -3):,} sentences a second**" in read("README.md")
    assert f"{round(objects, -3):,} as objects" in read("README.md")
    assert f"Some {round(arrays, -3):,} sentences a second" in read("docs/faq.md")
    sizes = [
        sum(file.stat().st_size for file in (ROOT / "models" / name).iterdir()) / 1e6
        for name in ("news", "reader")
    ]
    assert "takes {:.1f} MB, the reader's {:.1f} MB".format(*sizes) in table
    lean = re.search(r"^\| lean \| (about \d+ MB) ", read("docs/installing.md"), re.MULTILINE)[1]
    assert lean in read("README.md")
    assert lean in read("docs/faq.md")


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
