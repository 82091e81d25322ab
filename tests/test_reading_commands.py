"""``stance read --events``, ``stance graph`` and ``stance-train-reader``."""

import csv
import json
import os
import sys
import threading
import time
from xml.etree import ElementTree as ET

import pytest
from test_any_labels import FAST, rows_of, topics
from test_commands import fails, run
from test_terminal import in_terminal, posix

import stance
from stance.cli import train_reader
from stance.cli.output import write_records
from stance.datasets import LabelColumns, find_labels
from stance.errors import DataError
from stance.model import write_model
from stance.statements import Reader, read_reader
from stance.statements.article import statement_columns
from stance.statements.events import event_columns
from stance.statements.writing import article_columns, cell_columns, row_cells
from stance.training import train

STORY = """حذرت ألمانيا إيران من إغلاق المضيق.
ورحبت كندا بموقف ألمانيا، ودعت طهران إلى وقف إطلاق النار فورا.
وارتفعت أسعار النفط صباح الثلاثاء.
"""


@pytest.fixture
def second(tmp_path):
    path = tmp_path / "second.txt"
    path.write_text(STORY, encoding="utf-8")
    return path


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
    assert STORY[int(rows[0]["quote_start"]) : int(rows[0]["quote_end"])] == rows[0]["quote"]
    assert list(rows[0]) == ["file", *event_columns()]
    assert list(tmp_path.glob(".*")) == []


def test_statements_to_a_file_hold_what_the_screen_shows(capsys, story, tmp_path):
    run(capsys, "read", story, "-o", tmp_path / "a.jsonl")
    _, out, _ = run(capsys, "read", story, "--format", "jsonl")
    assert (tmp_path / "a.jsonl").read_text(encoding="utf-8") == out


SAID = """قال الوزير «لن نقبل بهذا» ثم أضاف «سنرد على ذلك بقوة» وانصرف.
ارتفعت أسعار النفط صباح الثلاثاء.
حذرت ألمانيا إيران من إغلاق المضيق.
"""


def test_statements_hold_the_places_of_all_that_was_found():
    article = stance.read(SAID)
    rows = [s.to_dict() for s in article]
    for s, row in zip(article, rows, strict=True):
        assert [tuple(place) for place in row["content"]] == list(s.content)
        for name in ("cue", "speaker_span", "recipient_span"):
            place = getattr(s, name)
            assert row[name] == (list(place) if place else None)
    pieces, none, act = rows
    assert [SAID[a:b] for a, b in pieces["content"]] == ["لن نقبل بهذا", "سنرد على ذلك بقوة"]
    assert [none[name] for name in ("cue", "speaker_span", "recipient_span", "content")] == [None] * 3 + [[]]
    found = {name: SAID[slice(*act[name])] for name in ("cue", "speaker_span", "recipient_span")}
    assert found == {"cue": "حذرت", "speaker_span": "ألمانيا", "recipient_span": "إيران"}


def test_places_are_cells_of_start_and_end(capsys, tmp_path):
    (tmp_path / "a.txt").write_text(SAID, encoding="utf-8")
    for ending in ("csv", "tsv"):
        run(capsys, "read", tmp_path / "a.txt", "-o", tmp_path / f"a.{ending}")
        with (tmp_path / f"a.{ending}").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file, delimiter="," if ending == "csv" else "\t"))
        pieces, none, act = rows
        (a, b), (c, d) = stance.read(SAID)[0].content
        assert pieces["content"] == f"{a}-{b} {c}-{d}"
        assert [none[name] for name in ("cue", "speaker_span", "recipient_span", "content")] == [""] * 4
        start, end = map(int, act["cue"].split("-"))
        assert SAID[start:end] == "حذرت"


def test_the_place_of_a_quote_is_that_of_its_pieces(root):
    texts = [path.read_text(encoding="utf-8") for path in sorted((root / "examples").glob("*.txt"))]
    events = [(text, event) for text in [SAID, *texts] for event in stance.read(text).events()]
    assert events
    for text, event in events:
        pieces = event.quote.split(" … ")
        place = text[event.quote_start : event.quote_end]
        assert event.start <= event.quote_start < event.quote_end <= event.end
        assert place.startswith(pieces[0])
        assert place.endswith(pieces[-1])
    assert any(" … " in event.quote for _, event in events)


def test_columns_are_those_of_rows(model):
    article = stance.read(SAID)
    columns = statement_columns(model.stances, model.sentiments)
    for s in article:
        row = s.to_dict()
        assert list(row) == list(columns)
        assert list(row_cells(row)) == list(cell_columns(columns))
    assert list(article.events()[0].to_dict()) == list(event_columns())


ROWS = [["--format", "jsonl"], ["--format", "json"], ["--format", "csv"], ["--format", "table"]]


@pytest.fixture
def printed(monkeypatch, capsys):
    """What stood on standard output before each of the articles was read."""
    seen, read = [], Reader.read

    def watched(self, text, **options):
        seen.append((seen[-1] if seen else "") + capsys.readouterr().out)
        return read(self, text, **options)

    monkeypatch.setattr(Reader, "read", watched)
    return seen


@pytest.mark.parametrize("events", [[], ["--events"]])
@pytest.mark.parametrize("argv", ROWS)
def test_an_article_is_printed_before_the_next_is_read(capsys, tmp_path, printed, argv, events):
    files = [tmp_path / f"{name}.txt" for name in "abc"]
    for file in files:
        file.write_text(STORY, encoding="utf-8")
    code, rest, _ = run(capsys, "read", *files, *argv, *events)
    assert code == 0
    first = int("json" not in argv)  # an array that breaks off is no JSON: all of it comes at the end
    assert [sum(file.name in out for file in files) for out in printed] == [0, first, 2 * first]
    assert printed[0] == ""
    whole = printed[-1] + rest
    if "json" in argv:
        documents = json.loads(whole)
        assert [d["file"] for d in documents] == list(map(str, files))
        assert whole == json.dumps(documents, ensure_ascii=False, indent=1) + "\n"


@posix
def test_progress_and_rows_share_a_terminal(story, second):
    code, shown = in_terminal("read", story, second, "--format", "jsonl")
    assert code == 0
    assert "reading 2 of 2" in shown
    lines = [line.rpartition("\r")[2] for line in shown.replace("\r\n", "\n").split("\n")]
    assert all(json.loads(line) for line in lines[:-1])


@pytest.mark.parametrize("ending", ["csv", "tsv", "jsonl", "json", "parquet"])
def test_files_are_written_while_rows_come(tmp_path, ending):
    if ending == "parquet":
        pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    sizes = []

    def rows():
        for number in range(12_000):
            if number % 5_000 == 4_999:
                sizes.extend(path.stat().st_size for path in tmp_path.glob(".*.tmp"))
            yield {"file": "a", "start": number}

    write_records(rows(), str(tmp_path / f"a.{ending}"), {"file": str, "start": int})
    assert len(sizes) == 2
    assert 5_000 < sizes[0] < sizes[1]


def test_row_groups_are_read_as_one(tmp_path, monkeypatch):
    parquet = pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed")
    monkeypatch.setattr("stance.cli.output._GROUP", 2)
    rows = [{"file": "نص", "start": n} for n in range(5)]
    write_records(iter(rows), str(tmp_path / "a.parquet"), {"file": str, "start": int})
    assert parquet.ParquetFile(tmp_path / "a.parquet").num_row_groups == 3
    assert parquet.read_table(tmp_path / "a.parquet").to_pylist() == rows


@pytest.mark.parametrize("ending", ["csv", "tsv", "jsonl", "json", "parquet"])
@pytest.mark.parametrize("events", [[], ["--events"]])
def test_a_later_file_that_cannot_be_read_leaves_no_output(capsys, story, tmp_path, ending, events):
    bad = tmp_path / "bad.txt"
    bad.write_bytes("حذرت كندا".encode("cp1256"))
    out = tmp_path / f"out.{ending}"
    out.write_text("before", encoding="utf-8")
    assert "is not utf-8" in fails(capsys, "read", story, bad, "-o", out, *events)
    assert out.read_text(encoding="utf-8") == "before"
    assert sorted(tmp_path.iterdir()) == sorted([bad, out, story])


@pytest.mark.parametrize("bad", [1, 2, 8])
def test_one_run_names_all_files_that_cannot_be_read(capsys, story, tmp_path, bad):
    files = [tmp_path / f"{number}.txt" for number in range(bad)]
    for file in files:
        file.write_bytes("حذرت كندا".encode("cp1256"))
    (tmp_path / "empty.txt").touch()
    argv = ["read", story, *files, tmp_path / "empty.txt", story, "-o", tmp_path / "out.csv"]
    err = fails(capsys, *argv)
    assert err.startswith(f"stance: {files[0]} is not utf-8")
    assert "empty" not in err
    assert story.name not in err
    named = {1: [], 2: files[1:], 8: files[1:6]}[bad]
    assert [file for file in files[1:] if str(file) in err] == named
    assert ("1 other file cannot be read either" in err) == (bad == 2)
    assert ("7 other files" in err and "and 2 more" in err) == (bad == 8)
    assert not (tmp_path / "out.csv").exists()


def test_a_file_is_read_once(capsys, story, second, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "link.txt").symlink_to(story)
    names = ["story.txt", "story.txt", second, "./story.txt", "link.txt"]
    code, _, err = run(capsys, "graph", *names, "-o", "g.csv")
    assert code == 0
    told, summary = err.splitlines()
    assert told == "named before, and left out: story.txt, ./story.txt, link.txt"
    assert summary.startswith("2 articles, ")
    code, out, err = run(capsys, "read", *names, "--format", "jsonl")
    assert (code, err) == (0, f"{told}\n")
    assert [json.loads(line)["file"] for line in out.splitlines()] == ["story.txt"] * 3 + [str(second)] * 3


@pytest.mark.parametrize("ending", ["csv", "TSV", "jsonl", "parquet"])
def test_tables_are_no_articles(capsys, story, tmp_path, ending):
    table = tmp_path / f"rows.{ending}"
    table.write_text("id,text\n1,حذرت كندا\n", encoding="utf-8")
    for argv in (["read", story, table], ["graph", table, "-o", tmp_path / "g.html"]):
        assert "label its rows with stance label" in fails(capsys, *argv)


def test_all_missing_files_are_named(capsys, story, tmp_path):
    err = fails(capsys, "read", story, tmp_path / "no.txt", tmp_path, tmp_path / "none.txt")
    assert "no.txt: there is no such file" in err
    assert f"2 other files cannot be read either: {tmp_path}, {tmp_path / 'none.txt'}" in err


@posix
def test_a_pipe_is_read(capsys, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    writer = threading.Thread(target=(tmp_path / "pipe").write_text, args=(STORY, "utf-8"), daemon=True)
    writer.start()
    assert "DEU" in run(capsys, "read", tmp_path / "pipe", "--events")[1]
    writer.join()


def test_parquet_has_the_same_types_whatever_was_found(capsys, story, tmp_path):
    pa = pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    from pyarrow import parquet

    plain, blank = tmp_path / "plain.txt", tmp_path / "blank.txt"
    plain.write_text("ارتفعت أسعار النفط صباح الثلاثاء.\n", encoding="utf-8")
    blank.write_text("\u200f", encoding="utf-8")  # not empty, and without a statement
    for events in ([], ["--events"]):
        tables = []
        for file in (story, plain, blank):
            assert run(capsys, "read", file, *events, "-o", tmp_path / "a.parquet")[0] == 0
            tables.append(parquet.read_table(tmp_path / "a.parquet"))
        assert len(tables[-1]) == 0
        assert tables[0].schema == tables[1].schema == tables[2].schema
        assert pa.concat_tables(tables).slice(0, len(tables[0])) == tables[0]
    kinds = {f.name: str(f.type) for f in tables[0].schema}
    assert {k: kinds[k] for k in ("probability", "start", "end", "quote_start", "quote_end", "quote")} == {
        **dict.fromkeys(("start", "end", "quote_start", "quote_end"), "int64"),
        "probability": "double",
        "quote": "string",
    }


def test_csv_has_the_same_header_whatever_was_found(capsys, story, tmp_path, model):
    blank = tmp_path / "blank.txt"
    blank.write_text("\u200f", encoding="utf-8")
    for events in (False, True):
        argv = ["--format", "csv", *["--events"] * events]
        found = {run(capsys, "read", file, *argv)[1].partition("\n")[0] for file in (story, blank)}
        columns = cell_columns(article_columns(model.stances, model.sentiments, events=events))
        assert found == {",".join(columns)}


def test_a_model_without_stances_writes_every_format(capsys, story, tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed")
    rows = rows_of(list(topics()), LabelColumns(None, "topic", own=False))
    write_model(train(rows, config=FAST, labels=find_labels(rows), folds=3).model, tmp_path / "model")
    for ending in ("csv", "jsonl", "json", "parquet"):
        out = tmp_path / f"a.{ending}"
        assert run(capsys, "read", story, "--model", tmp_path / "model", "-o", out)[0] == 0
    assert "probabilities" not in parquet.read_table(out).column_names
    assert parquet.read_table(out)["sentiment_probabilities"].to_pylist()[0]


@pytest.mark.parametrize(
    "argv", [["graph", "-o", "OUT.html"], ["graph", "-o", "OUT.csv"], ["read", "--events"], ["read", "--events", "-o", "OUT.csv"]]
)  # fmt: skip
def test_a_model_without_stances_gives_no_events(capsys, story, tmp_path, topics_model, argv):
    command, *options = [x.replace("OUT", str(tmp_path / "out")) for x in argv]
    said = fails(capsys, command, story, *options, "--model", topics_model)
    assert "events are made of stances, and this model has none" in said
    assert list(tmp_path.iterdir()) == [story]
    article = stance.read(STORY, stance.load(topics_model))
    for events in (article.events, lambda: article.to_frame(events=True)):
        with pytest.raises(DataError) as refused:
            events()
        assert said == f"stance: {refused.value}\n"


def test_the_table_shows_the_labels_of_a_model_without_stances(capsys, story, topics_model):
    _, out, _ = run(capsys, "read", story, "--model", topics_model)
    head, _, *rows = out.splitlines()[1:]
    assert head.split()[:4] == ["#", "label", "p", "speaker"]
    assert "stance" not in out.replace(str(story), "")
    article = stance.read(STORY, stance.load(topics_model))
    shown = [row.split()[1:3] for row in rows if row[:1].isdigit()]
    assert shown == [[s.sentiment, f"{s.sentiment_probabilities[s.sentiment]:.2f}"] for s in article]


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
    for ending in (".csv", ".json", ".parquet", ".html"):
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


def test_graph_as_csv_graphml_and_page(capsys, story, second, tmp_path):
    code, out, err = run(capsys, "graph", story, second, "-o", tmp_path / "g.csv")
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
