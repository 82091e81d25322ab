"""The commands through ``main(argv)``; errors as the user sees them."""

import csv
import gzip
import io
import json
import sys

import pytest

import stance
from stance.cli import main as stance_command
from stance.cli import train as train_command
from stance.cli.shell import call
from stance.datasets.files import check_codec, check_head

ARTICLE = "قمة الرباط\nحذر وزير الخارجية النرويجي من كارثة إنسانية وشيكة. ثم انصرف الحضور.\n"


@pytest.fixture
def article(tmp_path):
    path = tmp_path / "article.txt"
    path.write_text(ARTICLE, encoding="utf-8")
    return path


def run(capsys, *argv, command=stance_command):
    """Run a command as its script does; return code, standard output, standard error."""
    code = call(command.main, [str(a) for a in argv])
    out, err = capsys.readouterr()
    return code, out, err


def fails(capsys, *argv, command=stance_command):
    """Expect exit code 1, nothing on standard output and one sentence on standard error."""
    code, out, err = run(capsys, *argv, command=command)
    assert code == 1
    assert out == ""
    assert err.startswith("stance: ")
    assert err.count("\n") == 1
    assert "Traceback" not in err
    return err


def test_read_table(capsys, article):
    code, out, _ = run(capsys, "read", article)
    assert code == 0
    assert "warning" in out
    assert "وزير الخارجية" in out
    assert "\x1b" not in out  # no colour where there is no terminal
    assert out.count("\u2068") == out.count("\u2069")


def test_read_jsonl_has_exact_spans(capsys, article):
    code, out, _ = run(capsys, "read", article, "--format", "jsonl")
    rows = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert [ARTICLE[r["start"] : r["end"]] for r in rows] == [r["text"] for r in rows]
    assert rows[1]["stances"] == ["warning"]


def test_read_json_and_csv_hold_the_same(capsys, article):
    _, as_json, _ = run(capsys, "read", article, "--format", "json")
    _, as_csv, _ = run(capsys, "read", article, "--format", "csv")
    [document] = json.loads(as_json)
    rows = list(csv.DictReader(io.StringIO(as_csv)))
    assert [r["text"] for r in rows] == [s["text"] for s in document["statements"]]
    assert [r["stances"] for r in rows] == ["|".join(s["stances"]) or "none" for s in document["statements"]]


def test_read_standard_input(capsys, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(ARTICLE.encode())))
    code, out, _ = run(capsys, "read", "-", "--format", "jsonl")
    assert code == 0
    assert len(out.splitlines()) == 3


def test_read_another_encoding(capsys, tmp_path):
    path = tmp_path / "old.txt"
    path.write_bytes(ARTICLE.encode("cp1256"))
    assert run(capsys, "read", path, "--encoding", "cp1256", "--format", "jsonl")[0] == 0
    path.write_bytes(ARTICLE.encode("utf-16"))
    assert run(capsys, "read", path, "--encoding", "utf-16", "--format", "jsonl")[0] == 0


@pytest.mark.parametrize("encoding", ["cp1256", "iso-8859-6", "utf-16", "latin-1", "ascii"])
def test_utf_8_is_not_read_as_another_encoding(capsys, tmp_path, labelled_file, encoding):
    path, lines = tmp_path / "a.txt", tmp_path / "lines.txt.gz"
    path.write_text(f"A title\n{ARTICLE}", encoding="utf-8")
    lines.write_bytes(gzip.compress(ARTICLE.encode()))
    for argv in (
        ["read", path],
        ["graph", path, "-o", tmp_path / "g.csv"],
        ["label", path, "-o", tmp_path / "o.csv"],
        ["label", lines, "-o", tmp_path / "o.csv"],
        ["evaluate", labelled_file],
    ):
        assert "is UTF-8, not" in fails(capsys, *argv, "--encoding", encoding)
    argv = [labelled_file, "-o", tmp_path / "model", "--encoding", encoding]
    assert "leave --encoding out" in fails(capsys, *argv, command=train_command)
    assert not list(tmp_path.glob("[gom]*"))


@pytest.mark.parametrize(
    "encoding", ["cp1256", "iso-8859-6", "mac_arabic", "cp720", "cp864", "utf-16", "utf-16-be", "utf-32-le"]
)
def test_text_of_another_encoding_never_looks_like_utf_8(root, encoding):
    words = {
        w for path in (root / "examples").glob("*.txt") for w in path.read_text(encoding="utf-8").split()
    }
    assert len(words) > 2000
    for word in words:
        check_head(word.encode(encoding, "ignore"), word, check_codec(encoding))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b" \n", "is empty"),
        (b"\x7fELF\0\0", "is binary (byte 4 is NUL)"),
        ("نص".encode() + b"\xe9\xd1", "byte 4 is 0xe9; pass its encoding"),
        (ARTICLE.encode("utf-16"), "pass --encoding utf-16"),
        (ARTICLE.encode("utf-32"), "pass --encoding utf-32"),
    ],
)
def test_bad_files_are_told_in_one_sentence(capsys, tmp_path, content, message):
    path = tmp_path / "bad.txt"
    path.write_bytes(content)
    assert message in fails(capsys, "read", path)


@pytest.mark.parametrize("encoding", ["utf-8", "cp1256", "utf-16"])
@pytest.mark.parametrize(
    ("head", "message"),
    [
        (
            b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n",
            "is binary (PDF); a text file is wanted, so take its text out",
        ),
        (b"%PDF-1.4\n%abcd\n1 0 obj\n", "is binary (PDF)"),
        (b"{\\rtf1\\ansi\\ansicpg1256 \\'cd}", "is binary (RTF)"),
        (b"PK\3\4\x14\0\6\0", "save it as plain text in UTF-8"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "is binary (an old Word"),
        (gzip.compress(b"text\nx\n", mtime=0), "unpack it first"),
        (b"\x28\xb5\x2f\xfd\x04\0", "unpack it first"),
        (b"\x89PNG\r\n\x1a\n", "is binary (a PNG"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "is binary (a JPEG"),
    ],
)
def test_what_is_no_text_is_told_in_any_encoding(capsys, tmp_path, head, message, encoding):
    path = tmp_path / "a.txt"
    path.write_bytes(head + ARTICLE.encode("cp1256"))
    assert message in fails(capsys, "read", path, "--encoding", encoding)
    for kind in ("txt", "csv"):
        argv = ["label", path, "-o", tmp_path / "o.csv", "--input-format", kind, "--encoding", encoding]
        assert message in fails(capsys, *argv)
    assert list(tmp_path.iterdir()) == [path]


def test_missing_file_directory_and_unknown_encoding(capsys, tmp_path, article):
    assert "there is no such file" in fails(capsys, "read", tmp_path / "no.txt")
    assert "is a directory" in fails(capsys, "read", tmp_path)
    assert "the encoding 'klingon' is unknown" in fails(capsys, "read", article, "--encoding", "klingon")


def test_one_bad_file_among_good_ones_prints_nothing(capsys, tmp_path, article):
    fails(capsys, "read", article, tmp_path / "no.txt")


@pytest.mark.parametrize(
    "argv", [[], ["read"], ["nonsense"], ["read", "a.txt", "--format", "xml"], ["label", "a.csv"]]
)
def test_wrong_usage_exits_with_2(capsys, argv):
    with pytest.raises(SystemExit) as stop:
        stance_command.main(argv)
    assert stop.value.code == 2
    assert "usage:" in capsys.readouterr().err


@pytest.mark.parametrize("command", [stance_command, train_command])
@pytest.mark.parametrize("flag", ["--help", "--version"])
def test_help_and_version(capsys, command, flag):
    with pytest.raises(SystemExit) as stop:
        command.main([flag])
    assert stop.value.code == 0
    assert (stance.__version__ if flag == "--version" else "Exit codes") in capsys.readouterr().out


ROWS = [{"n": "1", "text": "حذر الوزير من كارثة وشيكة"}, {"n": "2", "text": 'قال: "نعم"، ثم\nسكت'}]


def write_rows(path, rows):
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        if path.suffix == ".jsonl":
            file.write("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows))
        else:
            writer = csv.DictWriter(file, list(rows[0]), delimiter="\t" if path.suffix == ".tsv" else ",")
            writer.writeheader()
            writer.writerows(rows)
    return path


@pytest.mark.parametrize("source", ["in.csv", "in.jsonl", "in.tsv"])
@pytest.mark.parametrize("target", ["out.csv", "out.jsonl", "out.tsv"])
def test_label_keeps_rows_and_adds_labels(capsys, tmp_path, source, target):
    tsv = ".tsv" in source + target  # in which a cell has no line ends
    rows = [{**r, "text": r["text"].replace("\n", " ")} for r in ROWS] if tsv else ROWS
    path = write_rows(tmp_path / source, rows)
    code, out, err = run(capsys, "label", path, "-o", tmp_path / target)
    assert (code, out) == (0, "")
    assert "2 rows labelled" in err
    text = (tmp_path / target).read_text(encoding="utf-8")
    if target == "out.jsonl":
        found = [json.loads(line) for line in text.splitlines()]
        assert found[0]["predicted_stances"] == ["warning"]
    else:
        found = list(
            csv.DictReader(io.StringIO(text, newline=""), delimiter="\t" if target == "out.tsv" else ",")
        )
        assert found[0]["predicted_stances"] == "warning"
        assert 0 <= float(found[0]["p_warning"]) <= 1
    assert [(r["n"], r["text"]) for r in found] == [(r["n"], r["text"]) for r in rows]
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted([source, target])


def test_label_plain_lines_to_standard_output(capsys, tmp_path):
    path = tmp_path / "lines.txt"
    path.write_text("حذر الوزير من كارثة\n\nانتهى الاجتماع\n", encoding="utf-8")
    code, out, _ = run(capsys, "label", path, "-o", "-")
    assert code == 0
    assert [json.loads(x)["text"] for x in out.splitlines()] == ["حذر الوزير من كارثة", "انتهى الاجتماع"]


def test_label_another_column(capsys, tmp_path):
    path = write_rows(tmp_path / "in.csv", [{"statement": "نص"}])
    assert run(capsys, "label", path, "-o", tmp_path / "o.csv", "--text-column", "statement")[0] == 0


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        (
            "in.csv",
            "a,b\n1,2\n",
            "line 1: there is no column 'text'; the columns are 'a', 'b'; name the right one with --text-column",
        ),
        (
            "in.tsv",
            "id;text\n1;2\n",
            "are 'id;text'; they seem to be separated by ';': read the file with that separator",
        ),
        ("in.csv", f"1,{'نص ' * 40}\n2,نص\n", "the first line must name the columns"),
        ("in.csv", "text,b\n1\n", "line 2: 2 columns are wanted"),
        ("in.csv", "text,text\n1,2\n", "the same name"),
        ("in.csv", 'text\n"open\n', "line 2: not CSV"),
        ("in.jsonl", "\n\n", "holds no rows"),
        ("in.jsonl", '{"text": "x"}\nnot json\n', "line 2: not a JSON object"),
        ("in.jsonl", "[1]\n", "line 1: a JSON object is wanted"),
        ("in.jsonl", '{"text": 3}\n', "'text' must be a string"),
        ("in.jsonl", '{"text": "x"}\n' + "[" * 100000 + "\n", "line 2: not a JSON object"),
        ("in.xml", "<a/>", "rows are read and written as"),
    ],
)
def test_bad_rows_name_file_and_line_and_write_nothing(capsys, tmp_path, name, content, message):
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    assert message in fails(capsys, "label", path, "-o", tmp_path / "out.csv", "--strict")
    assert [p.name for p in tmp_path.iterdir()] == [name]


def test_label_refuses_outputs_it_cannot_write(capsys, tmp_path):
    path = write_rows(tmp_path / "in.csv", ROWS)
    assert "labels want columns" in fails(capsys, "label", path, "-o", tmp_path / "out.txt")
    assert "cannot be written" in fails(capsys, "label", path, "-o", tmp_path / "no" / "out.csv")
    (tmp_path / "dir.csv").mkdir()
    assert "is a directory" in fails(capsys, "label", path, "-o", tmp_path / "dir.csv")


@pytest.mark.parametrize("name", ["folder", "folder.csv"])
def test_label_says_that_a_directory_is_one(capsys, tmp_path, name):
    (tmp_path / name).mkdir()
    err = fails(capsys, "label", tmp_path / name, "-o", tmp_path / "o.csv")
    assert f"{name} is a directory; name a file of rows in it" in err


@pytest.mark.parametrize("jobs", [["--jobs", "1"], ["--strict"]])
@pytest.mark.parametrize("source", ["in.csv", "in.tsv"])
@pytest.mark.parametrize("target", ["out.csv", "out.csv.gz", "out.tsv", "out.jsonl", "out.parquet", "-"])
def test_a_header_without_rows_gives_a_header_without_rows(capsys, tmp_path, source, target, jobs):
    full, path, out = tmp_path / f"full{source}", tmp_path / source, tmp_path / target
    head = "n,text\n" if source == "in.csv" else "n\ttext\n"
    path.write_text(head, encoding="utf-8")
    argv = ["-o", "-" if target == "-" else out, *jobs]
    code, shown, err = run(capsys, "label", path, *argv)
    assert (code, shown) == (0, "")
    assert err.splitlines()[0].endswith("holds no rows, so the output holds none")
    assert err.splitlines()[1].startswith("0 rows labelled")
    if target == "-":
        return
    written = out.read_bytes()
    full.write_text(head + head.replace("text", "نص"), encoding="utf-8")
    run(capsys, "label", full, *argv)
    if target == "out.parquet":
        parquet = pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed")
        assert parquet.read_schema(io.BytesIO(written)).equals(parquet.read_schema(out))
    else:
        unpack = gzip.decompress if target.endswith(".gz") else bytes
        first = b"" if target == "out.jsonl" else unpack(out.read_bytes()).split(b"\n")[0] + b"\n"
        assert unpack(written) == first
    assert not list(tmp_path.glob("*.parts"))


def test_a_model_that_is_none(capsys, tmp_path, article):
    assert "no such model folder" in fails(capsys, "read", article, "--model", tmp_path / "none")
    (tmp_path / "config.json").write_text("{}")
    assert "not a stance model" in fails(capsys, "read", article, "--model", tmp_path)


def test_explain(capsys):
    code, out, _ = run(capsys, "explain", "حذر الوزير من كارثة وشيكة")
    assert code == 0
    assert "كارثة" in out
    assert "log-odds" in out
    code, out, _ = run(capsys, "explain", "حذر الوزير", "--format", "json")
    found = json.loads(out)
    total = found["bias"]["warning"] + sum(w["shares"]["warning"] for w in found["words"])
    assert total == pytest.approx(found["log_odds"]["warning"])
    assert "the text is empty" in fails(capsys, "explain", " ")


def test_only_options_that_there_are_are_named(capsys, article, tmp_path):
    said = fails(capsys, "explain", "نص", "--target", "x")
    assert said == "stance: the model was trained without targets; leave --target out\n"
    dates = tmp_path / "dates.csv"
    for columns in ("name,day", "file,day"):
        dates.write_text(f"{columns}\na.txt,2026-03-01\n", encoding="utf-8")
        said = fails(capsys, "read", article, "--dates", dates, "-o", tmp_path / "r.html")
        assert "there is no column" in said
        assert said.endswith("--dates wants the columns file and date\n")


def test_evaluate(capsys, labelled_file, small_model):
    code, out, _ = run(capsys, "evaluate", labelled_file, "--model", small_model)
    assert code == 0
    assert "stance macro-F1" in out
    code, out, _ = run(capsys, "evaluate", labelled_file, "--model", small_model, "--format", "json")
    report = json.loads(out)
    assert report["stance_macro_f1"] > 0.6  # on rows it has seen
    assert report["n_rows"] == len(labelled_file.read_text(encoding="utf-8").splitlines())


def test_train_writes_a_model_that_labels(capsys, labelled_file, tmp_path):
    settings = tmp_path / "fast.toml"
    settings.write_text("ngram_range = [3, 3]\nmin_df = 3\n")
    target = tmp_path / "model"
    pipelines = tmp_path / "new" / "pipelines.joblib"
    code, out, err = run(
        capsys,
        labelled_file,
        "-o",
        target,
        "--config",
        settings,
        "--folds",
        "3",
        "--sklearn",
        pipelines,
        "--verbose",
        command=train_command,
    )
    assert code == 0
    assert "stance macro-F1" in out
    assert "cross-validation: 3 folds" in err
    model = stance.load(target)
    assert model.config.training["folds"] == 3
    assert "# Model `model`" in (target / "README.md").read_text(encoding="utf-8")
    import joblib

    text = "حذر الوزير من كارثة وشيكة"
    assert joblib.load(pipelines)["stance"].predict_proba([text])[0].tolist() == pytest.approx(
        model.predict_proba([text])[0].tolist(), abs=1e-6
    )
    assert "pass --overwrite" in fails(capsys, labelled_file, "-o", target, command=train_command)


def test_training_twice_gives_the_same_bytes_whatever_the_jobs(capsys, labelled_file, tmp_path):
    settings = tmp_path / "fast.toml"
    settings.write_text("ngram_range = [3, 3]\nmin_df = 3\n")
    for name, jobs in (("a", "1"), ("b", "2")):
        options = ["--config", settings, "--folds", "3", "--name", "m", "--jobs", jobs]
        assert run(capsys, labelled_file, "-o", tmp_path / name, *options, command=train_command)[0] == 0
    for file in (tmp_path / "a").iterdir():
        assert file.read_bytes() == (tmp_path / "b" / file.name).read_bytes(), file.name


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (
            [{"text": "نص", "stances": "cheering", "sentiment": "neutral"}],
            "line 1: the stance 'cheering' is unknown",
        ),
        ([{"text": "نص", "stances": "none", "sentiment": "meh"}], "line 1: the sentiment 'meh' is unknown"),
        ([{"text": "نص", "sentiment": "neutral"}], "there is no column 'stances'"),
        ([{"text": "نص", "stances": "none"}], "or labels of your own with --label-column or --labels-column"),
        (
            [{"text": f"نص {i}", "stances": "warning", "sentiment": "negative"} for i in range(9)],
            "'supportive' is found in no row",
        ),
        ([{"text": "نص", "stances": "warning", "sentiment": "negative"}], "folds want at least 5 documents"),
    ],
)
def test_rows_that_no_model_can_learn_from(capsys, tmp_path, rows, message):
    path = write_rows(tmp_path / "rows.jsonl", rows)
    assert message in fails(capsys, path, "-o", tmp_path / "model", command=train_command)
    assert [p.name for p in tmp_path.iterdir()] == ["rows.jsonl"]


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        ("x = [", "is not TOML"),
        ("speed = 3", "the setting 'speed' is unknown"),
        ("min_df = 'a'", "must be of type int"),
        ("ngram_range = 3", "two whole numbers"),
    ],
)
def test_bad_settings(capsys, labelled_file, tmp_path, toml, message):
    path = tmp_path / "c.toml"
    path.write_text(toml)
    assert message in fails(
        capsys, labelled_file, "-o", tmp_path / "m", "--config", path, command=train_command
    )


def test_train_from_annotations_without_text(capsys, labelled_file, tmp_path):
    from stance.annotations import digest

    rows = [json.loads(x) for x in labelled_file.read_text(encoding="utf-8").splitlines()]
    notes = write_rows(
        tmp_path / "notes.jsonl",
        [{"sha256": digest(r["text"]), **{k: r[k] for k in ("id", "stances", "sentiment")}} for r in rows],
    )
    texts = write_rows(tmp_path / "texts.jsonl", [{"text": r["text"]} for r in reversed(rows)])
    settings = tmp_path / "fast.toml"
    settings.write_text("ngram_range = [3, 3]\nmin_df = 3\n")
    options = ["--config", settings, "--folds", "3", "--name", "m"]
    assert run(capsys, notes, "--texts", texts, "-o", tmp_path / "a", *options, command=train_command)[0] == 0
    assert run(capsys, labelled_file, "-o", tmp_path / "b", *options, command=train_command)[0] == 0
    assert (tmp_path / "a" / "weights.npz").read_bytes() == (tmp_path / "b" / "weights.npz").read_bytes()
    short = write_rows(tmp_path / "short.jsonl", [{"text": "نص"}])
    assert "recorded sentences" in fails(
        capsys, notes, "--texts", short, "-o", tmp_path / "c", command=train_command
    )
