"""``stance read --events``, ``stance graph`` and ``stance-train-reader``."""

import csv
import json
import sys
import time
from xml.etree import ElementTree as ET

import pytest
from test_commands import fails, run

from stance.cli import train_reader
from stance.statements import read_reader

STORY = """حذرت ألمانيا إيران من إغلاق المضيق.
ورحبت كندا بموقف ألمانيا، ودعت طهران إلى وقف إطلاق النار فورا.
وارتفعت أسعار النفط صباح الثلاثاء.
"""


@pytest.fixture
def story(tmp_path):
    path = tmp_path / "story.txt"
    path.write_text(STORY, encoding="utf-8")
    return path


def test_events_table(capsys, story):
    code, out, _ = run(capsys, "read", story, "--events")
    assert code == 0
    assert "DEU" in out
    assert "IRN" in out
    assert "warning" in out


@pytest.mark.parametrize("ending", ["csv", "jsonl", "json", "parquet"])
def test_events_to_a_file(capsys, story, tmp_path, ending):
    target = tmp_path / f"events.{ending}"
    code, out, _ = run(capsys, "read", story, "--events", "-o", target)
    assert (code, out) == (0, "")
    if ending == "csv":
        with target.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
    elif ending == "jsonl":
        rows = [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]
    elif ending == "json":
        rows = json.loads(target.read_text(encoding="utf-8"))
    else:
        parquet = pytest.importorskip("pyarrow.parquet")
        rows = parquet.read_table(target).to_pylist()
    assert rows[0]["stance"] == "warning"
    assert (rows[0]["speaker_country"], rows[0]["recipient_country"], rows[0]["cameo"]) == (
        "DEU",
        "IRN",
        "13",
    )
    assert STORY[int(rows[0]["start"]) : int(rows[0]["end"])] == STORY.splitlines()[0]
    assert list(tmp_path.glob(".*")) == []


def test_statements_to_a_file_hold_what_the_screen_shows(capsys, story, tmp_path):
    run(capsys, "read", story, "-o", tmp_path / "a.jsonl")
    _, out, _ = run(capsys, "read", story, "--format", "jsonl")
    assert (tmp_path / "a.jsonl").read_text(encoding="utf-8") == out


def test_an_article_without_events_gives_the_header(capsys, tmp_path):
    (tmp_path / "a.txt").write_text("ارتفعت أسعار النفط صباح الثلاثاء.\n", encoding="utf-8")
    assert run(capsys, "read", tmp_path / "a.txt", "--events", "-o", tmp_path / "e.csv")[0] == 0
    header = (tmp_path / "e.csv").read_text(encoding="utf-8").splitlines()
    assert len(header) == 1
    assert header[0].startswith("file,speaker,speaker_name,speaker_country,speaker_role,stance,cameo")


@pytest.mark.parametrize(
    "argv", [["read", "--format", "jsonl"], ["read", "-o", "OUT.html"], ["graph", "-o", "OUT.csv"]]
)
def test_an_empty_file_among_others_is_left_out_and_named(capsys, story, tmp_path, argv):
    empty = tmp_path / "empty.txt"
    empty.write_text(" \n", encoding="utf-8")
    command, *options = [x.replace("OUT", str(tmp_path / "out")) for x in argv]
    code, out, err = run(capsys, command, empty, story, *options)
    assert code == 0
    assert f"{empty} is empty; it was left out" in err
    assert "empty.txt" not in out
    assert "is empty; text is wanted" in fails(capsys, command, empty, empty, *options)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("<!DOCTYPE html>\n<p>حذر الوزير.</p>", "is HTML and its tags were read as text"),
        ("The minister warned.", "holds no Arabic letters"),
        (STORY, ""),
    ],
)
def test_what_was_hardly_meant_is_said_on_standard_error(capsys, tmp_path, content, said):
    path = tmp_path / "a.txt"
    path.write_text(content, encoding="utf-8")
    code, out, err = run(capsys, "read", path, "--format", "jsonl")
    assert code == 0
    assert all(json.loads(line) for line in out.splitlines())
    assert (said in err) if said else (err == "")
    assert run(capsys, "read", path, "--format", "jsonl", "-q")[2] == ""


def test_what_does_not_fit_is_said_before_the_articles_are_read(capsys, story, tmp_path, monkeypatch):
    monkeypatch.setattr("stance.cli.reading.Reader", None)  # reading would fail otherwise
    assert "did you mean '.html'" in fails(capsys, "read", story, "-o", tmp_path / "a.htm")
    assert "leave --format out" in fails(capsys, "read", story, "-o", tmp_path / "a.csv", "--format", "json")
    for ending in (".csv", ".html"):
        assert "make its folder first" in fails(capsys, "read", story, "-o", tmp_path / "no" / f"a{ending}")
    assert list(tmp_path.iterdir()) == [story]


def test_a_report_calls_articles_by_what_tells_their_files_apart(capsys, tmp_path):
    for folder in ("a", "b"):
        (tmp_path / "2026-03-01" / folder).mkdir(parents=True)
        (tmp_path / "2026-03-01" / folder / "قمة 2.txt").write_text(STORY, encoding="utf-8")
    files = sorted(tmp_path.glob("*/*/*.txt"))
    page = run(capsys, "read", *files, "--format", "html")[1]
    assert tmp_path.name not in page
    assert '<bdi dir="auto"><bdi dir="ltr">a</bdi>/قمة <bdi dir="ltr">2</bdi>' in page
    assert page.count('<time datetime="2026-03-01">') == 4  # the folder's date, in the list and above each


def test_wrong_endings_are_named(capsys, story, tmp_path):
    assert ".parquet" in fails(capsys, "read", story, "-o", tmp_path / "a.xlsx")
    assert ".graphml" in fails(capsys, "graph", story, "-o", tmp_path / "a.png")


def test_a_missing_file_is_named_before_anything_is_written(capsys, story, tmp_path):
    assert "no such file" in fails(capsys, "graph", story, tmp_path / "none.txt", "-o", tmp_path / "g.csv")
    assert not (tmp_path / "g.csv").exists()


def test_graph_as_csv_graphml_and_page(capsys, story, tmp_path):
    code, out, err = run(capsys, "graph", story, story, "-o", tmp_path / "g.csv")
    assert (code, out) == (0, "")
    assert "2 articles" in err
    with (tmp_path / "g.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    found = {(r["source"], r["target"], r["stance"]): r["count"] for r in rows}
    assert found["Germany", "Iran", "warning"] == "2"
    assert run(capsys, "graph", story, "-o", tmp_path / "g.graphml")[0] == 0
    root = ET.parse(tmp_path / "g.graphml").getroot()  # noqa: S314  # our own output
    assert root.tag.endswith("graphml")
    assert run(capsys, "graph", story, "-o", tmp_path / "g.html", "--roles")[0] == 0
    page = (tmp_path / "g.html").read_text(encoding="utf-8")
    assert "Germany" in page
    assert page.startswith("<!doctype html>")


@pytest.fixture
def annotated_file(root, tmp_path):
    lines = []
    for path in sorted((root / "examples").glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
            lines.append(json.dumps({"id": f"{path.stem}:{number}", **json.loads(line)}, ensure_ascii=False))
    target = tmp_path / "rows.jsonl"
    target.write_text("\n".join(lines), encoding="utf-8")
    return target


@pytest.fixture
def unlabelled(root, tmp_path):
    texts = []
    for path in sorted((root / "training" / "statements").glob("*.jsonl")):
        texts += [json.loads(line)["text"] for line in path.read_text(encoding="utf-8").splitlines()]
    target = tmp_path / "lines.txt"
    target.write_text("\n".join(texts), encoding="utf-8")
    return target


def test_train_reader(capsys, annotated_file, unlabelled, tmp_path, monkeypatch):
    monkeypatch.setattr("stance.reader_training.clusters._DIMENSIONS", 20)
    argv = [str(annotated_file), "--unlabelled", str(unlabelled), "--folds", "2", "-o"]
    assert train_reader.main([*argv, str(tmp_path / "a")]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["n_named"] > 50
    assert read_reader(tmp_path / "a").facts["measured"] == figures
    assert train_reader.main([*argv, str(tmp_path / "b")]) == 0
    for file in sorted((tmp_path / "a").iterdir()):
        assert file.read_bytes() == (tmp_path / "b" / file.name).read_bytes(), file.name
    assert read_reader(tmp_path / "a").network is not None
    assert "# Reader" in (tmp_path / "a" / "README.md").read_text(encoding="utf-8")


def test_train_reader_wants_annotations(tmp_path, unlabelled, capsys):
    from stance.cli.shell import call

    rows = tmp_path / "rows.jsonl"
    rows.write_text('{"text": "نص"}\n', encoding="utf-8")
    argv = [str(rows), "--unlabelled", str(unlabelled), "-o", str(tmp_path / "r")]
    assert call(train_reader.main, argv) == 1
    assert "there is no column 'stances'" in capsys.readouterr().err
    assert not (tmp_path / "r").exists()


def test_train_reader_without_torch(annotated_file, unlabelled, tmp_path, monkeypatch, capsys):
    from stance.cli.shell import call

    monkeypatch.setattr("stance.reader_training.clusters._DIMENSIONS", 20)
    monkeypatch.setitem(sys.modules, "torch", None)
    argv = [str(annotated_file), "--unlabelled", str(unlabelled), "--folds", "2", "-o", str(tmp_path / "r")]
    started = time.monotonic()
    assert call(train_reader.main, argv) == 1
    assert time.monotonic() - started < 2  # before the work, not after it
    assert "run pip install torch, or pass --no-network" in capsys.readouterr().err
    assert not (tmp_path / "r").exists()
    assert call(train_reader.main, [*argv, "--no-network"]) == 0
    assert read_reader(tmp_path / "r").network is None
