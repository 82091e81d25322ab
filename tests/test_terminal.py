"""What the commands show: colours, widths, progress, bars, pipes, exit codes; in a pseudo terminal where it matters."""

import argparse
import io
import json
import os
import re
import select
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_commands import fails, run

from stance.cli import label as label_command
from stance.cli import screen
from stance.cli.bars import bar
from stance.cli.explain import _Look, _panel
from stance.cli.screen import Status, coloured, draws_blocks
from stance.explain import Explanation, WordShare
from stance.text.cells import cell_width

STANCE = [sys.executable, "-m", "stance"]
TEXT = "حذر وزير الخارجية من كارثة إنسانية وشيكة ودعا إلى وقف إطلاق النار"
ESCAPE = re.compile(r"\x1b\[[0-9;]*m")
PLAIN = {"NO_COLOR": "", "FORCE_COLOR": "", "CLICOLOR_FORCE": "", "TERM": "xterm-256color", "COLUMNS": ""}
posix = pytest.mark.skipif(sys.platform == "win32", reason="pseudo terminals and signals are POSIX")


def in_terminal(*argv, columns=80, send=b"", **env):
    """Run a command with all its streams on a pseudo terminal; return exit code and what was shown."""
    import fcntl
    import pty
    import struct
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    given = {k: v for k, v in {**os.environ, **PLAIN, **env}.items() if v}
    process = subprocess.Popen(
        [*STANCE, *map(str, argv)],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=given,
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509  # no threads here
    )
    os.close(theirs)
    shown = b""
    while True:
        if not select.select([ours], [], [], 60)[0]:
            process.kill()
            break
        try:
            data = os.read(ours, 65536)
        except OSError:  # Linux says so that nobody writes any more
            break
        if not data:
            break
        shown += data
        if send and b"typed" in shown:
            os.write(ours, send)
            send = b""
    os.close(ours)
    return process.wait(60), shown.decode()


def lines_of(text):
    return [ESCAPE.sub("", line) for line in text.replace("\r\n", "\n").split("\n")]


def piped(*argv, stdin="", **options):
    return subprocess.run(
        [*STANCE, *map(str, argv)],
        input=stdin,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=60,
        **options,
    )


@pytest.fixture
def articles(root):
    return sorted((root / "examples").glob("*.txt"))[:2]


# Colours


@pytest.mark.parametrize(
    ("choice", "terminal", "env", "wanted"),
    [
        ("auto", True, {}, True),
        ("auto", False, {}, False),
        ("auto", True, {"NO_COLOR": "1"}, False),
        ("auto", True, {"TERM": "dumb"}, False),
        ("auto", False, {"FORCE_COLOR": "1"}, True),
        ("auto", False, {"CLICOLOR_FORCE": "1"}, True),
        ("auto", False, {"CLICOLOR_FORCE": "0"}, False),
        ("auto", False, {"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
        ("always", False, {"NO_COLOR": "1"}, True),
        ("never", True, {"FORCE_COLOR": "1"}, False),
    ],
)
def test_who_decides_about_colours(monkeypatch, choice, terminal, env, wanted):
    for name, value in {**PLAIN, **env}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: terminal, raising=False)
    assert coloured(choice) is wanted


@posix
@pytest.mark.parametrize("columns", [60, 120])
def test_explain_in_a_terminal_is_coloured_and_fits(columns):
    code, shown = in_terminal("explain", TEXT, columns=columns)
    assert code == 0
    assert "\x1b[38;5;166mwarning" in shown
    assert max(map(cell_width, lines_of(shown))) <= columns


@posix
@pytest.mark.parametrize("env", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_no_escape_where_colours_are_not_wanted(articles, env):
    code, shown = in_terminal("read", articles[0], **env)
    assert code == 0
    assert "\x1b" not in shown


@pytest.mark.parametrize(
    ("argv", "columns"),
    [
        *((["read"], w) for w in (40, 60, 140)),
        *((["read", "--events"], w) for w in (40, 60, 140)),
        *((["models"], w) for w in (40, 60, 80, 120)),
        *((["explain"], w) for w in (40, 60, 80, 120, 200)),
    ],
)
def test_tables_fit_every_width_and_isolates_are_closed(capsys, monkeypatch, articles, argv, columns):
    monkeypatch.setenv("COLUMNS", str(columns))
    more = {"explain": [TEXT], "models": []}.get(argv[0], articles[:1])
    code, plain, _ = run(capsys, *argv, *more)
    assert code == 0
    for line in plain.splitlines()[argv[0] == "read" :]:  # the path of a file stays whole
        assert cell_width(line) <= columns, line
        assert line.count("\u2068") == line.count("\u2069")
    _, painted, _ = run(capsys, *argv, *more, "--color", "always")
    assert "\x1b[1m" in painted
    assert [x.rstrip() for x in lines_of(painted)] == plain.split("\n")  # nothing is said by colour alone


def test_narrow_tables_set_the_sentence_below(capsys, monkeypatch, articles):
    for columns, header in ((80, "to / about"), (140, "statement")):
        monkeypatch.setenv("COLUMNS", str(columns))
        _, out, _ = run(capsys, "read", articles[0])
        assert out.splitlines()[1].endswith(header)


def test_names_that_a_narrow_screen_has_no_room_for_stand_below_whole(capsys, monkeypatch, tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("حذرت وزارة الخارجية الروسية الحكومة الإيرانية من إغلاق المضيق.\n", encoding="utf-8")
    monkeypatch.setenv("COLUMNS", "40")
    _, out, _ = run(capsys, "read", path)
    assert out.splitlines()[1].split() == ["#", "stance", "sentiment", "p"]
    assert "وزارة الخارجية الروسية" in out.splitlines()[4]
    assert "←" in out


# Bars


@given(st.floats(-50, 50), st.floats(0, 50), st.integers(1, 20), st.booleans())
def test_bars_have_one_width_and_one_side(value, scale, half, blocks):
    left, axis, right = bar(value, scale, half, blocks)
    assert (len(left), len(axis), len(right)) == (half, 1, half)
    assert not (right if value < 0 else left).strip()
    assert blocks or (left + axis + right).isascii()
    if value and abs(value) >= scale > 0:
        assert (left if value < 0 else right) == ("\u2588" if blocks else "#") * half


def test_bars_grow_by_eighths():
    drawn = [bar(x / 8, 2, 2)[2] for x in range(1, 17)]
    assert len(set(drawn)) == 16
    assert bar(-0.5, 1, 1)[0] == "\u2590"


@pytest.mark.parametrize("columns", [60, 120])
def test_explain_shows_every_label_with_base_and_total(capsys, monkeypatch, model, columns):
    monkeypatch.setenv("COLUMNS", str(columns))
    _, out, _ = run(capsys, "explain", TEXT)
    for name in ("supportive", "warning", "ceasefire", "negative", "neutral", "positive"):
        assert out.count(name) == 1
    found = model.explain(TEXT)
    for numbers in (found.bias, found.log_odds, *(w.shares for w in found.words)):
        assert all(f"{numbers[x]:+.2f}" in out for x in found.labels)
    assert f"{found.probabilities['warning']:.3f} \u2714" in out
    assert "\u2588" in out


def test_long_and_arabic_names_of_labels_are_shown_whole():
    labels = ("a_label_of_ones_own_with_a_long_name", "\u0645\u062d\u0627\u064a\u062f")
    shares = dict.fromkeys(labels, 0.0)
    found = Explanation("x", labels, (WordShare("x", 0, 1, shares),), (), shares, shares, shares)
    for label in labels:
        text = _panel(found, [label, label], {label}, _Look(60, blocks=True, colours={}))
        heads = text.split("\u2500")[0].replace("\u2068", "").replace("\u2069", "").split("\n")
        assert "".join(line[11:].split("  ")[1].strip() for line in heads if line.strip()) == label
        assert max(map(cell_width, text.splitlines())) <= 60


def test_ascii_bars_where_the_encoding_has_no_blocks(monkeypatch):
    done = piped("explain", TEXT, env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert "|###" in done.stdout
    assert "\u2588" not in done.stdout
    assert "كارثة" in done.stdout
    monkeypatch.setenv("PYTHONIOENCODING", "utf-8:strict")
    assert draws_blocks()
    monkeypatch.setenv("PYTHONIOENCODING", "cp1256")
    assert not draws_blocks()


# Progress


class Terminal(io.StringIO):
    def isatty(self):
        return True

    def screen(self):
        """Return what a terminal shows after all that was written, line by line."""
        lines = [""]
        for part in re.split(r"(\r|\n)", self.getvalue()):
            if part == "\n":
                lines.append("")
            elif part == "\r":
                at = 0
            elif part:
                lines[-1] = lines[-1][: at if "at" in locals() else 0] + part + lines[-1][len(part) :]
                at = len(part)
        return [line.rstrip() for line in lines]


def test_a_line_of_progress_vanishes(monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setattr(sys, "stderr", terminal := Terminal())
    with Status(argparse.Namespace()) as status:
        status("a long line " * 9)
        assert max(map(len, terminal.getvalue().split("\r"))) < 40
        status("short")
        assert terminal.screen() == ["short"]
        status.note("what was done")
        status("again")
    assert terminal.screen() == ["what was done", ""]


def test_progress_vanishes_whatever_ends_it(monkeypatch):
    monkeypatch.setattr(sys, "stderr", terminal := Terminal())

    def work():
        with Status(argparse.Namespace()) as status:
            status("at work")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        work()
    assert terminal.screen() == [""]


def test_no_progress_without_a_terminal_or_with_quiet(monkeypatch, capsys):
    with Status(argparse.Namespace(quiet=False)) as status:
        status("at work")
    assert capsys.readouterr().err == ""
    with Status(argparse.Namespace(quiet=False, verbose=True)) as status:
        status("at work")
    assert capsys.readouterr().err == "at work\n"
    monkeypatch.setattr(sys, "stderr", terminal := Terminal())
    with Status(argparse.Namespace(quiet=True)) as status:
        status("at work")
        status.note("done")
    assert terminal.getvalue() == ""


def commands(articles, labelled_file, tmp_path, small_model):
    out = tmp_path / "out.csv"
    return {
        "read": (["read", *articles, "--format", "csv"], "reading 2 of 2"),
        "graph": (["graph", *articles, "-o", out], "reading 2 of 2"),
        "label": (["label", labelled_file, "-o", out], "rows labelled,"),
        "evaluate": (["evaluate", labelled_file, "--model", small_model, "--draws", "3"], "measuring"),
    }


@pytest.mark.parametrize("name", ["read", "graph", "label", "evaluate"])
def test_every_long_command_shows_progress_only_on_a_terminal(
    capsys, monkeypatch, articles, labelled_file, small_model, tmp_path, name
):
    argv, told = commands(articles, labelled_file, tmp_path, small_model)[name]
    monkeypatch.setattr(label_command, "_EVERY", -1.0)
    _, _, err = run(capsys, *argv)
    assert "\r" not in err
    assert told not in err
    # the sum of what was done, and a note where the rows are those that the model learned from
    assert err.count("\n") == {"graph": 1, "label": 1, "evaluate": 1}.get(name, 0)
    monkeypatch.setattr(sys, "stderr", terminal := Terminal())
    assert run(capsys, *argv)[0] == 0
    assert told in terminal.getvalue()
    assert not any(told in line for line in terminal.screen())
    monkeypatch.setattr(sys, "stderr", terminal := Terminal())
    assert run(capsys, *argv, "--quiet")[0] == 0
    assert terminal.getvalue() == ""


# Pipes and exit codes


def test_an_article_through_pipes_is_json(articles):
    done = piped("read", "-", "--format", "jsonl", stdin=articles[0].read_text(encoding="utf-8"))
    assert (done.returncode, done.stderr) == (0, "")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(rows) > 5
    assert {"text", "stances", "speaker"} <= set(rows[0])


@pytest.mark.skipif(not (shutil.which("jq") and shutil.which("bash")), reason="wants jq and bash")
def test_cat_stance_jq(articles):
    stance = " ".join(STANCE)
    script = f"set -o pipefail; cat {articles[0]} | {stance} read - --format jsonl | jq -r .sentiment"
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True, timeout=60)  # noqa: S607  # found above
    assert set(done.stdout.split()) <= {"negative", "neutral", "positive"}


@posix
def test_a_reader_that_has_had_enough_ends_the_command_quietly(articles):
    script = f"{' '.join(STANCE)} read {' '.join(map(str, articles * 12))} --format jsonl | head -1; echo ${{PIPESTATUS[0]}}"
    if not shutil.which("bash"):
        pytest.skip("wants bash")
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True, timeout=60)  # noqa: S607  # see above
    assert done.stderr == ""
    row, code = done.stdout.splitlines()
    assert json.loads(row)
    assert code == "0"


@posix
@pytest.mark.parametrize(
    ("redirection", "said"),
    [
        (">&-", "standard output is closed"),
        ("> /dev/full", "cannot be read or written: No space left on device"),
        ("<&-", "standard input is closed"),
    ],
)
def test_streams_that_cannot_be_used_are_told_in_one_sentence(articles, redirection, said):
    if "full" in redirection and not Path("/dev/full").exists():
        pytest.skip("wants /dev/full")
    name = "-" if "<" in redirection else articles[0]
    script = f"{' '.join(STANCE)} read {name} --format jsonl {redirection}"
    done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=False, timeout=60)  # noqa: S607  # POSIX
    assert done.returncode == 1
    assert done.stderr.startswith("stance: ")
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


@posix
def test_closed_standard_error_changes_nothing(articles):
    script = f"{' '.join(STANCE)} graph {articles[0]} -o /dev/null/no.csv 2>&-"
    done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=False, timeout=60)  # noqa: S607  # POSIX
    assert (done.returncode, done.stdout) == (1, "")


@posix
def test_who_types_is_told_how_it_ends_and_may_interrupt():
    code, shown = in_terminal("read", "-", send=b"\x03")
    assert code == 130
    assert "reading what is typed; end it with Ctrl-D" in shown
    assert shown.rstrip().endswith("stance: interrupted")
    assert "Traceback" not in shown
    code, shown = in_terminal("read", "-", "--format", "jsonl", send=f"{TEXT}\n\x04".encode())
    assert code == 0
    assert '"warning"' in shown


def test_exit_codes(capsys, articles, tmp_path):
    assert run(capsys, "read", articles[0])[0] == 0
    fails(capsys, "read", tmp_path / "none.txt")
    code, out, err = run(capsys, "read", "--nonsense")
    assert (code, out) == (2, "")
    assert err.startswith("usage: stance read")
    code, out, err = run(capsys)
    assert (code, out) == (2, "")
    assert "commands:" in err


def test_standard_input_for_every_command_that_reads(
    capsys, monkeypatch, articles, labelled_file, small_model, tmp_path
):
    def given(path):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(Path(path).read_bytes())))

    given(articles[0])
    assert run(capsys, "graph", "-", "-o", tmp_path / "g.csv")[0] == 0
    given(articles[0])
    assert run(capsys, "explain", "-")[0] == 0
    given(labelled_file)
    assert run(capsys, "evaluate", "-", "--model", small_model, "--draws", "2")[0] == 0
    given(labelled_file)
    assert run(capsys, "label", "-", "--input-format", "jsonl", "-o", "-")[0] == 0


def test_windows_terminals_that_read_no_escapes_get_none(monkeypatch):
    for name in ("WT_SESSION", "TERM", "ANSICON", *PLAIN):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(screen.sys, "platform", "win32")
    assert not coloured()
    monkeypatch.setenv("WT_SESSION", "1")
    assert coloured()


BROKEN_OFF = """
import runpy, sys
class Interrupted:
    def find_spec(self, name, path=None, target=None):
        if name == {name!r}:
            raise KeyboardInterrupt
sys.meta_path.insert(0, Interrupted())
{start}
"""


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("stance.cli.parser", "runpy.run_module('stance', run_name='__main__')"),
        ("stance.cli.parser", "from stance.cli.entry import stance; stance()"),
        ("stance.datasets", "from stance.cli.entry import stance; stance()"),
        ("stance.settings", "from stance.cli.entry import stance_train; stance_train()"),
        ("stance.datasets", "from stance.cli.entry import stance_train_reader; stance_train_reader()"),
    ],
)
def test_an_interruption_while_modules_are_imported(name, start):
    code = BROKEN_OFF.format(name=name, start=start)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "stance: interrupted\n")


def test_scripts_begin_without_imports(root):
    scripts = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["scripts"]
    for module, function in (place.split(":") for place in scripts.values()):
        code = f"import sys; from {module} import {function}; print(*(m for m in sys.modules if m.startswith('stance')))"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert done.stdout.split() == ["stance", "stance.cli", "stance.cli.entry"]
