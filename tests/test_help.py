"""Help, versions, suggestions of the nearest name, ``stance models`` and ``stance completion``."""

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import time
from hashlib import sha256

import pytest
from model_folders import resign
from test_commands import fails, run

import stance
from stance.cli import main, train, train_reader
from stance.cli.shell import call
from stance.hints import did_you_mean, near_file

PARSERS = [
    *main.build_parser().commands.values(),
    main.build_parser(),
    train.build_parser(),
    train_reader.build_parser(),
]
PROGRAMS = {"stance": main, "stance-train": train, "stance-train-reader": train_reader}


@pytest.mark.parametrize("parser", PARSERS, ids=lambda p: p.prog)
@pytest.mark.parametrize("columns", [60, 80, 200])
def test_help_is_whole_and_fits(monkeypatch, parser, columns):
    monkeypatch.setenv("COLUMNS", str(columns))
    text = parser.format_help()
    assert text.startswith(f"usage: {parser.prog}")
    assert parser.description.endswith(".")
    assert parser.description.count(".") == 1
    assert "Examples:\n" in text
    assert "130  interrupted" in text
    assert all(action.help for action in parser._actions if action.metavar != "COMMAND")
    wide = [line for line in text.splitlines() if len(line) > 80]
    assert not wide
    options = text.split("\n\n", 2)[2].partition("Examples:")[0]
    assert columns >= 80 or max(map(len, options.splitlines())) <= columns


def test_examples_are_right_usage():
    for parser in PARSERS:
        for line in parser.epilog.split("\n\nExit")[0].splitlines()[1:]:
            words = [w.strip("\"'") for w in line.split("|")[0 if "| stance" not in line else 1].split()]
            if words[0] not in PROGRAMS:
                continue  # begins with another program
            options = PROGRAMS[words[0]].build_parser()
            if '"' in line:
                words = [words[0], words[1], "text"]
            assert options.parse_args(words[1:])


def test_the_page_of_commands_is_what_the_help_says(monkeypatch, root):
    monkeypatch.setenv("COLUMNS", "80")
    spec = importlib.util.spec_from_file_location("docs_commands", root / "docs" / "commands.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    page = (root / "docs" / "commands.md").read_text(encoding="utf-8")
    assert page == module.pages(), "run python docs/commands.py"


def shown(capsys, program, *argv):
    code = call(program.main, list(argv))
    out, err = capsys.readouterr()
    return code, out, err


def test_help_command_is_the_option(capsys):
    assert shown(capsys, main, "help", "read") == shown(capsys, main, "read", "-h")
    assert shown(capsys, main, "help") == shown(capsys, main, "--help")
    assert "did you mean 'read'?" in shown(capsys, main, "help", "raed")[2]


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)
def test_version_and_short_help(capsys, program):
    assert shown(capsys, program, "--version") == (0, f"stance {stance.__version__}\n", "")
    assert shown(capsys, program, "-V")[1] == f"stance {stance.__version__}\n"
    assert shown(capsys, program, "-h") == shown(capsys, program, "--help")


def test_python_m_stance():
    done = subprocess.run(
        [sys.executable, "-m", "stance", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout == f"stance {stance.__version__}\n"


@pytest.mark.parametrize("module", ["main", "train", "train_reader"])
def test_help_waits_for_no_heavy_library(module):
    code = (
        f"import sys; from stance.cli import {module}; {module}.build_parser().format_help(); "
        "print(*sorted({m.split('.')[0] for m in sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"numpy", "scipy", "sklearn", "joblib", "difflib", "shtab", "pyarrow"} & set(
        done.stdout.split()
    )


# The nearest name


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["raed"], "there is no command 'raed' (did you mean 'read'?); the commands are read, graph"),
        (["read", "a.txt", "--evnts"], "there is no option '--evnts' (did you mean '--events'?)"),
        (["read", "--evnts"], "there is no option '--evnts' (did you mean '--events'?)"),
        (["read", "a.txt", "--colour=never"], "did you mean '--color'?"),
        (["read", "a.txt", "--format", "jsnol"], "'jsnol' is none of table, json, jsonl, csv, html (did you"),
        (["label", "a", "-o", "b", "--text-colum", "x"], "did you mean '--text-column'?"),
        (["label", "a", "-o", "b", "--jobs", "0"], "a whole number from 1 is wanted"),
        (
            ["explain", "a", "b"],
            "'b' is one argument too many; put words that belong together in quotation marks",
        ),
        (["read", "-x", "a.txt"], "there is no option '-x'"),
        (["read"], "required: FILE"),
        (["completion", "bahs"], "did you mean 'bash'?"),
    ],
)
def test_wrong_usage_suggests_what_is_meant(capsys, argv, said):
    code, out, err = shown(capsys, main, *argv)
    assert (code, out) == (2, "")
    usage, message = err.splitlines()
    assert usage.startswith("usage: stance")
    assert said in message
    assert message.endswith("--help'")


@pytest.fixture
def statements(tmp_path):
    path = tmp_path / "statements.csv"
    path.write_text("id,statement,stances,sentiment\n1:0,نص,none,neutral\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["label", "{}/statements.csv", "-o", "{}/o.csv", "--text-column", "staement"], "'statement'"),
        (["label", "{}/statements.csv", "-o", "{}/o.jsnol"], "'.jsonl'"),
        (["label", "{}/statement.csv", "-o", "{}/o.csv"], "statements.csv'"),
        (["evaluate", "{}/statements.csv", "--text-column", "Statement"], "'statement'"),
        (
            ["evaluate", "{}/statements.csv", "--text-column", "statement", "--stances-column", "stance"],
            "'stances'",
        ),
        (
            ["evaluate", "{}/statements.csv", "--text-column", "statement", "--metric", "f1:wraning"],
            "'warning'",
        ),
        (
            ["evaluate", "{}/statements.csv", "--text-column", "statement", "--metric", "acuracy"],
            "'accuracy'",
        ),
        (["read", "{}/statement.csv"], "statements.csv'"),
        (
            [
                "label",
                "{}/statements.csv",
                "-o",
                "{}/o.csv",
                "--text-column",
                "statement",
                "--encoding",
                "utf8x",
            ],
            "'utf-8'",
        ),
        (["read", "{}/statements.csv", "-o", "{}/o.parqet"], "'.parquet'"),
        (["graph", "{}/statements.csv", "-o", "{}/o.graphlm"], "'.graphml'"),
        (["models", "nwes"], "'news'"),
    ],
)
def test_wrong_names_suggest_what_is_meant(capsys, statements, argv, said):
    err = fails(capsys, *(arg.format(statements.parent) for arg in argv))
    assert "did you mean '" in err
    assert said in err.split("did you mean ")[1].split("?")[0]
    assert [path.name for path in statements.parent.iterdir()] == [statements.name]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"stances": "wraning", "sentiment": "neutral"}, "did you mean 'warning'?"),
        ({"stances": "none", "sentiment": "Postive"}, "did you mean 'positive'?"),
        ({"stance": "none", "sentiment": "neutral"}, "did you mean 'stance'?"),
    ],
)
def test_wrong_labels_suggest_what_is_meant(capsys, tmp_path, row, said):
    path = tmp_path / "rows.jsonl"
    path.write_text(json.dumps({"text": "نص", **row}, ensure_ascii=False), encoding="utf-8")
    assert said in fails(capsys, path, "-o", tmp_path / "m", command=train)
    settings = tmp_path / "fast.toml"
    settings.write_text("min_dff = 3\n")
    path.write_text('{"text": "نص", "stances": "none", "sentiment": "neutral"}', encoding="utf-8")
    assert "did you mean 'min_df'?" in fails(
        capsys, path, "-o", tmp_path / "m", "--config", settings, command=train
    )
    assert "did you mean 'posts'?" in fails(
        capsys, path, "-o", tmp_path / "m", "--config", "psts", command=train
    )


def test_nothing_is_suggested_where_nothing_is_near(tmp_path):
    assert did_you_mean("klingon", ["utf-8", "cp1256"]) == ""
    assert did_you_mean("x", []) == ""
    assert near_file(tmp_path / "no" / "such.txt") == ""
    (tmp_path / "article.txt").touch()
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "a.txt").touch()
    assert near_file(tmp_path / "artcle.txt") == f" (did you mean {str(tmp_path / 'article.txt')!r}?)"
    assert (
        near_file(tmp_path / "artcles" / "a.txt")
        == f" (did you mean {str(tmp_path / 'articles' / 'a.txt')!r}?)"
    )


# stance models


def test_models_lists_what_is_installed(capsys, model):
    code, out, _ = run(capsys, "models")
    assert code == 0
    assert f"stance F1 {model.config.metrics['stance_macro_f1']:.3f}" in out
    assert "speakers 0." in out
    found = {m["name"]: m for m in json.loads(run(capsys, "models", "--format", "json")[1])}
    assert found["news"]["metrics"] == model.config.metrics
    assert found["news"]["stances"] == list(model.stances)
    assert found["news"]["bytes"] > 1_000_000
    assert found["reader"]["kind"] == "reader"
    assert found["reader"]["metrics"]["speaker_overlap"] > 0.5


def test_models_tells_a_model_by_its_digest_and_not_by_the_dates_of_files(capsys, monkeypatch, small_model):
    monkeypatch.setenv("STANCE_MODELS", str(small_model))
    asked = (["models"], ["models", "small"], ["models", "--format", "json"])
    before = [run(capsys, *argv)[1] for argv in asked]
    digest = sha256((small_model / "SHA256SUMS").read_bytes()).hexdigest()
    assert digest[:12] in before[0]
    assert digest in before[1]
    assert [m["sha256"] for m in json.loads(before[2]) if m["name"] == "small"] == [digest]
    for path in small_model.iterdir():
        os.utime(path, (86400, 86400))
    assert [run(capsys, *argv)[1] for argv in asked] == before


def test_models_elsewhere_cards_and_damage(capsys, monkeypatch, small_model, tmp_path):
    monkeypatch.setenv("STANCE_MODELS", os.pathsep.join([str(small_model.parent), str(tmp_path)]))
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "config.json").write_text("{")
    assert "small" in run(capsys, "models")[1]
    for name in ("small", small_model):
        out = run(capsys, "models", name)[1]
        assert out.startswith(str(small_model))
        assert "# Model `small`" in out
    monkeypatch.setenv("STANCE_MODELS", str(tmp_path))
    found = {m["name"]: m for m in json.loads(run(capsys, "models", "--format", "json")[1])}
    assert found["bad"]["kind"] == "damaged"
    assert "is not JSON" in found["bad"]["problem"]
    assert "damaged" in run(capsys, "models")[1]
    assert "no installed model" in fails(capsys, "models", "nonsense")


@pytest.mark.parametrize(
    "forged",
    [{"versions": {"stance": 5}}, {"training": {"rows": 5}}, {"metrics": {"stance_macro_f1": "x"}}],
    ids=lambda forged: next(iter(forged)),
)
def test_what_a_model_says_of_itself_breaks_no_list(capsys, monkeypatch, small_model, tmp_path, forged):
    folder = tmp_path / "forged"
    shutil.copytree(small_model, folder)
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    (folder / "config.json").write_text(json.dumps({**config, **forged}), encoding="utf-8")
    (folder / "README.md").write_text("# Card\n\x1b]0;PWNED\x07\x1b[2J\n", encoding="utf-8")
    resign(folder)
    monkeypatch.setenv("STANCE_MODELS", os.pathsep.join([str(small_model.parent), str(tmp_path)]))
    code, out, err = run(capsys, "models")
    assert (code, err) == (0, "")
    assert "small" in out
    assert "damaged" in out
    shown = run(capsys, "models", folder)[1]
    assert "# Card" in shown
    assert "\x1b" not in shown.partition("# Card")[2]
    assert "\x07" not in shown


def test_models_are_found_by_the_names_that_are_listed(capsys, monkeypatch, small_model, tmp_path):
    rows = tmp_path / "rows.csv"
    rows.write_text("text\nحذر الوزير من كارثة\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    shutil.copytree(small_model, tmp_path / "more" / "small")
    shutil.copytree(small_model, tmp_path / "more" / "news")
    monkeypatch.setenv("STANCE_MODELS", os.pathsep.join([str(small_model.parent), str(tmp_path / "more")]))
    assert stance.load("small").config == stance.load(small_model).config
    assert stance.load("news").config == stance.load().config  # the first that is listed
    assert run(capsys, "explain", "حذر الوزير", "--model", "small")[0] == 0
    assert run(capsys, "label", rows, "-o", "out.csv", "--model", "small")[0] == 0
    assert "did you mean 'small'?" in fails(capsys, "explain", "نص", "--model", "smal")
    said = fails(capsys, "label", rows, "-o", "out.csv", "--model", "nonsense")
    assert "installed models are news, reader, small" in said
    assert "did you mean" not in fails(capsys, "explain", "نص", "--model", rows)
    (tmp_path / "more" / "row.csv").touch()  # no folder, so no model
    near = fails(capsys, "explain", "نص", "--model", tmp_path / "more" / "smal")
    assert f"did you mean {str(tmp_path / 'more' / 'small')!r}?" in near
    assert "did you mean" not in fails(capsys, "explain", "نص", "--model", tmp_path / "more" / "rows.csv")
    (tmp_path / "small").mkdir()  # a path is taken before a name
    assert "holds no config.json" in fails(capsys, "explain", "نص", "--model", "small")
    monkeypatch.setenv("STANCE_MODELS", str(tmp_path / "none"))
    for argv in (["models"], ["explain", "نص", "--model", "other"]):
        assert f"STANCE_MODELS names {tmp_path / 'none'}, which is no folder" in fails(capsys, *argv)


# stance completion


@pytest.fixture(scope="module")
def scripts():
    pytest.importorskip("shtab")

    def script(shell):
        done = subprocess.run(
            [sys.executable, "-m", "stance", "completion", shell], capture_output=True, text=True, check=True
        )
        return done.stdout

    return script


CASES = [
    ("stance re", "read"),
    ("stance read --ev", "--events"),
    ("stance read --format ht", "html"),
    ("stance read art", "article.txt"),
    ("stance read article.txt -o rep", "reports"),
    ("stance help ev", "evaluate"),
    ("stance label rows.csv --input-format pa", "parquet"),
    ("stance completion fi", "fish"),
    ("stance-train rows.csv --over", "--overwrite"),
    ("stance-train row", "rows.csv"),
    ("stance-train-reader --unl", "--unlabelled"),
    ("stance models rep", "reports"),
]


@pytest.fixture
def folder(tmp_path):
    for name in ("article.txt", "rows.csv"):
        (tmp_path / name).touch()
    (tmp_path / "reports").mkdir()
    return tmp_path


@pytest.mark.skipif(not shutil.which("bash"), reason="wants bash")
def test_bash_completes(scripts, folder):
    (folder / ".stance.bash").write_text(scripts("bash"))
    asked = "".join(
        f"COMP_WORDS=({line}); COMP_CWORD={len(line.split()) - 1}; COMPREPLY=(); "
        f'_shtab_{line.split()[0].replace("-", "_")}; echo "${{COMPREPLY[*]}}"\n'
        for line, _ in CASES
    )
    done = subprocess.run(
        ["bash", "--norc", "-c", f"source ./.stance.bash\n{asked}"],  # noqa: S607  # found above
        cwd=folder, capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    assert done.stdout.splitlines() == [found for _, found in CASES]


@pytest.mark.skipif(not shutil.which("fish"), reason="wants fish")
def test_fish_completes(scripts, folder):
    (folder / ".stance.fish").write_text(scripts("fish"))
    asked = "\n".join(f"complete -C '{line}' | string split -f1 \\t | string trim -c /" for line, _ in CASES)
    done = subprocess.run(
        ["fish", "--no-config", "-c", f"source ./.stance.fish\n{asked}"],  # noqa: S607  # found above
        cwd=folder, capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    assert done.stdout.splitlines() == [found for _, found in CASES]


@pytest.mark.skipif(not shutil.which("zsh"), reason="wants zsh")
def test_zsh_completes(scripts, folder):
    import pty
    import select

    (folder / ".stance.zsh").write_text(scripts("zsh"))
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(folder)
        os.environ.update(TERM="dumb", PS1="> ")
        os.execvp("zsh", ["zsh", "-f", "-i"])  # noqa: S606, S607  # a shell is what is tested

    def until(mark):
        seen, end = "", time.monotonic() + 30
        while mark not in seen and time.monotonic() < end:
            if select.select([terminal], [], [], 0.1)[0]:
                seen += os.read(terminal, 65536).decode(errors="replace")
        return seen

    try:
        prepare = 'autoload -Uz compinit; compinit -u -D; eval "$(cat .stance.zsh)"; echo REA""DY\n'
        os.write(terminal, prepare.encode())
        assert "READY" in until("READY")
        for line, found in CASES:
            os.write(terminal, f"{line}\t".encode())
            whole = f"{line.rpartition(' ')[0]} {found}"
            assert whole in until(whole)
            os.write(terminal, b"\x15")  # take the line away
    finally:
        os.kill(pid, 9)
        os.waitpid(pid, 0)
        os.close(terminal)


def test_completion_without_shtab_says_what_to_install(capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "shtab", None)
    assert "pip install shtab" in fails(capsys, "completion", "bash")
