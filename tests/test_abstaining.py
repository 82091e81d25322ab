"""``--abstain`` and ``Reader.read(abstain=...)``: the same statements are unsure wherever they are written."""

import csv
import json
from dataclasses import replace

import pytest
from test_commands import fails, run

import stance
from stance.statements.article import statement_columns

MARGIN = 0.2
DOUBTFUL = "مدير الصحة: موجة حر شديدة الأسبوع المقبل."
STORY = f"""{DOUBTFUL}
حذرت ألمانيا إيران من إغلاق المضيق.
وارتفعت أسعار النفط صباح الثلاثاء.
"""
UNSURE = [True, False, False]


@pytest.fixture
def story(tmp_path):
    path = tmp_path / "story.txt"
    path.write_text(STORY, encoding="utf-8")
    return path


def cells(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t" if path.suffix == ".tsv" else ","))


def records(path):
    if path.suffix == ".parquet":
        return pytest.importorskip("pyarrow.parquet").read_table(path).to_pylist()
    text = path.read_text(encoding="utf-8")
    return json.loads(text) if path.suffix == ".json" else [json.loads(line) for line in text.splitlines()]


# Reading


def test_a_margin_takes_away_stances_and_events_and_nothing_else(root, model):
    texts = [path.read_text(encoding="utf-8") for path in sorted((root / "examples").glob("*.txt"))[:4]]
    kept = lost = 0
    for text in [STORY, *texts]:
        plain, cautious = stance.read(text, model), stance.read(text, model, abstain=MARGIN)
        predictions = model.predict([s.text for s in plain], abstain=MARGIN)
        for p, c, expected in zip(plain, cautious, predictions, strict=True):
            assert c.prediction == expected
            assert c.unsure is (expected.stance == "unsure")
            assert replace(c, prediction=p.prediction, unsure=None) == p
        sure = {s.start for s in cautious if not s.unsure}
        assert cautious.events() == [e for e in plain.events() if e.start in sure]
        kept += len(cautious.events())
        lost += len(plain.events()) - len(cautious.events())
    assert kept
    assert lost


def test_without_a_margin_nothing_is_unsure(model):
    assert stance.read(STORY, model, abstain=0) == stance.read(STORY, model)
    assert all("unsure" not in s.to_dict() for s in stance.read(STORY, model))


def test_statements_tell_it(model):
    article = stance.read(STORY, model, abstain=MARGIN)
    rows = [s.to_dict() for s in article]
    assert [row["unsure"] for row in rows] == UNSURE
    assert [row["stances"] for row in rows] == [[], ["warning"], []]
    assert list(rows[0]) == list(statement_columns(model.stances, model.sentiments, abstain=True))
    assert "': unsure; " in repr(article[0])
    pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    assert article.to_frame("pyarrow")["stances"].to_pylist() == ["unsure", "warning", "none"]


@pytest.mark.parametrize(("margin", "error"), [(2, ValueError), ("0.2", TypeError), (True, TypeError)])
def test_wrong_margins(model, margin, error):
    with pytest.raises(error, match="abstain is a margin in probability"):
        stance.read(STORY, model, abstain=margin)


# The commands


@pytest.mark.parametrize("ending", ["csv", "tsv", "json", "jsonl", "parquet"])
def test_read_to_a_file(capsys, story, tmp_path, ending):
    out = tmp_path / f"out.{ending}"
    code, _, _ = run(capsys, "read", story, "-o", out, "--abstain", MARGIN)
    assert code == 0
    if ending in ("csv", "tsv"):
        assert [row["stances"] for row in cells(out)] == ["unsure", "warning", "none"]
        assert "unsure" not in cells(out)[0]
    else:
        assert [row["unsure"] for row in records(out)] == UNSURE
        assert [row["stances"] for row in records(out)] == [[], ["warning"], []]
    run(capsys, "read", story, "--events", "-o", out, "--abstain", MARGIN)
    assert [row["stance"] for row in (cells if ending in ("csv", "tsv") else records)(out)] == ["warning"]


def test_columns_are_the_same_whatever_was_found(capsys, story, tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed")
    (tmp_path / "blank.txt").write_text("\u200f", encoding="utf-8")
    for ending in ("csv", "parquet"):
        headers = []
        for file in (story, tmp_path / "blank.txt"):
            out = tmp_path / f"out.{ending}"
            assert run(capsys, "read", file, "-o", out, "--abstain", MARGIN)[0] == 0
            read = (
                parquet.read_schema if ending == "parquet" else lambda path: path.read_bytes().splitlines()[0]
            )
            headers.append(read(out))
        assert headers[0] == headers[1]


def test_a_graph_sums_what_is_sure(capsys, tmp_path):
    article, out = tmp_path / "a.txt", tmp_path / "graph.csv"
    article.write_text("حذرت ألمانيا إيران من إغلاق المضيق. وعززت كندا تعاونها مع اليابان.", encoding="utf-8")
    found = []
    for options in ([], ["--abstain", MARGIN]):
        code, _, err = run(capsys, "graph", article, "-o", out, *options)
        assert code == 0
        found.append([(row["source"], row["stance"], row["target"]) for row in cells(out)])
    sure, doubtful = ("Germany", "warning", "Iran"), ("Canada", "supportive", "Japan")
    assert [sorted(edges) for edges in found] == [[doubtful, sure], [sure]]
    assert "1 event" in err


def test_read_on_the_screen(capsys, story):
    _, out, _ = run(capsys, "read", story, "--abstain", MARGIN)
    lines = [line.split() for line in out.splitlines() if line[:1].isdigit()]
    assert [line[1] for line in lines] == ["unsure", "warning", "-"]


def test_a_page_marks_counts_and_filters_it(capsys, story):
    def page(*options):
        return run(capsys, "read", story, "--format", "html", *options)[1]

    sure, unsure = page(), page("--abstain", MARGIN)
    for part in (
        '<a class="s held k0" href="#a1-1"',  # marked, and a way to its card
        '<bdi dir="ltr">?1</bdi>',
        'unsure</bdi> <b><bdi dir="ltr">1</bdi></b>',  # counted
        'no stance</bdi> <b><bdi dir="ltr">1</bdi></b>',
        '<option value="3">? غير محسوم unsure</option>',
        '<tr data-s=" 3 "',
    ):
        assert part in unsure
        assert part not in sure
    assert unsure.count("<article") == 1
    notebook = stance.read(STORY, abstain=MARGIN)._repr_html_()
    assert notebook.count("unsure") == 2  # beside the text and in the list below


@pytest.mark.parametrize("ending", ["csv", "tsv", "jsonl", "parquet"])
@pytest.mark.parametrize("source", ["txt", "parquet"])
def test_label(capsys, story, tmp_path, source, ending):
    given = story
    if source == "parquet":
        given = tmp_path / "in.parquet"
        run(capsys, "label", story, "-o", given)  # its columns give way to those of the margin
    out = tmp_path / f"out.{ending}"
    code, _, _ = run(capsys, "label", given, "-o", out, "--abstain", MARGIN)
    assert code == 0
    if ending in ("csv", "tsv"):
        assert [row["predicted_stances"] for row in cells(out)] == ["unsure", "warning", "none"]
        assert "unsure" not in cells(out)[0]
    else:
        assert [row["unsure"] for row in records(out)] == UNSURE
        assert [row["predicted_stances"] for row in records(out)] == [[], ["warning"], []]
        assert list(records(out)[0])[-1] == "unsure"


def test_a_column_of_that_name_gives_way(capsys, tmp_path):
    given, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    given.write_text(json.dumps({"unsure": "?", "text": DOUBTFUL}) + "\n", encoding="utf-8")
    run(capsys, "label", given, "-o", out)
    assert records(out)[0]["unsure"] == "?"
    run(capsys, "label", given, "-o", out, "--abstain", MARGIN)
    assert next(iter(records(out)[0])) == "unsure"
    assert records(out)[0]["unsure"] is True


@pytest.mark.parametrize("target", ["out.csv", "out.jsonl"])
def test_a_margin_of_nothing_is_none(capsys, story, tmp_path, target):
    outputs = []
    for options in ([], ["--abstain", "0"]):
        for command in ("label", "read"):
            assert run(capsys, command, story, "-o", tmp_path / target, *options)[0] == 0
            outputs.append((tmp_path / target).read_bytes())
    assert outputs[:2] == outputs[2:]


def test_a_run_goes_on_with_the_margin_it_was_begun_with(capsys, monkeypatch, tmp_path):
    monkeypatch.setattr("stance.labelling.sources.ROWS", 3)
    monkeypatch.setattr("stance.labelling.parts.CHUNKS", 2)
    given, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    given.write_text('{"text": "نص"}\n' * 15 + "bad\n", encoding="utf-8")
    fails(capsys, "label", given, "-o", out, "--strict", "--abstain", MARGIN)
    assert "begun with another abstain (0.2 then, 0.0 now)" in fails(
        capsys, "label", given, "-o", out, "--resume"
    )
    assert run(capsys, "label", given, "-o", out, "--resume", "--abstain", MARGIN)[0] == 0


@pytest.mark.parametrize("command", ["label", "read"])
@pytest.mark.parametrize("margin", ["2", "-0.1", "nan", "inf", "much", "20%", ""])
def test_wrong_margins_are_wrong_usage(capsys, story, command, margin):
    code, out, err = run(capsys, command, story, "-o", "out.jsonl", "--abstain", margin)
    assert (code, out) == (2, "")
    said = f"a margin in probability is wanted, a number from 0 to 1 such as 0.2, got {margin!r}"
    assert said in err.splitlines()[1]


@pytest.mark.parametrize("command", ["label", "read"])
def test_single_labels_have_no_thresholds(capsys, story, tmp_path, topics_model, command):
    with pytest.raises(ValueError, match="this model has none; leave it out") as refused:
        stance.load(topics_model).predict(["نص"], abstain=MARGIN)
    out = tmp_path / "out.jsonl"
    said = fails(capsys, command, story, "-o", out, "--model", topics_model, "--abstain", MARGIN)
    assert said == f"stance: {refused.value}\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["story.txt"]
    assert run(capsys, command, story, "-o", out, "--model", topics_model, "--abstain", "0")[0] == 0
