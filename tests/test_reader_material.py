"""What the reader learns from: places without texts, and headlines of our own."""

import json

import pytest

from stance.datasets import annotated, read_rows, read_text
from stance.labels import SENTIMENTS, STANCES


@pytest.mark.parametrize("name", ["news", "news-more"])
def test_spans_hold_places_and_no_text(root, name):
    path = root / "training" / "spans" / f"{name}.jsonl"
    text = read_text(path)
    assert text.isascii()
    digests = []
    for line in text.splitlines():
        row = json.loads(line)
        assert list(row) == ["id", "corpus", "sha256", "stances", "speaker", "recipient"]
        assert len(row["sha256"]) == 64
        assert set(row["stances"]) <= set(STANCES)
        for place in (row["speaker"], row["recipient"]):
            assert place in ("", "~") or (len(place) == 2 and 0 <= place[0] < place[1])
        assert row["recipient"] == "" or row["stances"] or name == "news"
        digests.append(row["sha256"])
    assert len(set(digests)) == len(digests)


def test_no_sentence_is_in_both(root):
    def digests(name):
        text = read_text(root / "training" / "spans" / f"{name}.jsonl")
        return {json.loads(line)["sha256"] for line in text.splitlines()}

    assert not digests("news") & digests("news-more")


def test_headlines_are_annotated_and_nowhere_else(root):
    found = {}
    for path in sorted((root / "training" / "headlines").glob("*.jsonl")):
        records = [json.loads(line) for line in read_text(path).splitlines()]
        rows = list(annotated(read_rows(read_text(path), path.name, "jsonl"), path.name))
        assert len(rows) == len(records)
        for record in records:
            assert set(record["stances"]) <= set(STANCES)
            assert record["sentiment"] in SENTIMENTS
            found[record["text"]] = path.name
    assert len(found) == 600
    others = [*(root / "examples").glob("*.jsonl"), *(root / "tests" / "traps").glob("*.jsonl")]
    for path in others:
        texts = {json.loads(line)["text"] for line in read_text(path).splitlines()}
        assert not texts & set(found), path.name


def test_gold_statements_are_where_they_say(root):
    from stance.statements import KINDS, segment

    paths = sorted((root / "examples").glob("*.jsonl"))
    assert len(paths) >= 10
    for path in paths:
        text = read_text(path.with_suffix(".txt"))
        records = [json.loads(line) for line in read_text(path).splitlines()]
        assert [text[s.start : s.end] for s in segment(text)] == [r["text"] for r in records]
        for record in records:
            assert record["speaker"] in ("", "~") or record["speaker"] in record["text"]
            assert record["recipient"] in record["text"]
            assert (record["kind"] == "") == (record["speaker"] == "")
            assert record["cue"] in record["text"]
            assert record["kind"] or not record["cue"]
            assert ("content" in record) == (record["kind"] in ("direct", "indirect", "mixed"))
            assert all(piece and piece in record["text"] for piece in record.get("content", []))
            assert record["kind"] in ("", *KINDS)
            assert record["speaker_resolved"] == "" or record["speaker_resolved"] in text
