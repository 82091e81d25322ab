"""Predictions as Arrow columns: the same as those of ``predict`` and ``stance label``."""

import csv
import functools
import json

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import any_texts
from test_any_labels import FAST, headlines, opinions, rows_of, topics
from test_commands import run

import stance
from stance import Predictor
from stance.columns import label_columns, label_fields
from stance.datasets import LabelColumns, find_labels
from stance.training import train

TEXTS = [
    "حذرت موسكو من كارثة إنسانية",
    "",
    "دعت الأمم المتحدة إلى هدنة ورحبت بالاتفاق",
    "😀\u200f\u0000ﷺ",
    "  ",
]
COLUMNS = {
    "topics": (topics, LabelColumns(None, "topic", own=False)),
    "tags": (topics, LabelColumns("tags", None, own=False)),
    "opinions": (opinions, LabelColumns(None, "side", "about", own=False)),
    "headlines": (headlines, LabelColumns(None, "says", "other", own=False)),
}


@functools.cache
def shipped():
    return stance.load()


@pytest.fixture
def predictor():
    return shipped()


def as_rows(predictor, columns, flat=False):
    schema = pa.schema(label_fields(predictor.config, flat))
    return pa.RecordBatch.from_arrays(columns, schema=schema).to_pylist()


def expected(prediction):
    """What the columns of one text hold, in a model of any labels."""
    found = {}
    if prediction.probabilities:
        found["several"] = [s for s in prediction.probabilities if s in prediction.stances]
        found["probabilities"] = prediction.probabilities
    if prediction.sentiment_probabilities:
        found["one"] = prediction.sentiment
        found["one_probabilities"] = prediction.sentiment_probabilities
    return found


def neutral(row):
    """A row with the names of columns that fit all models."""
    names = {"predicted_stances": "several", "predicted_labels": "several"}
    names |= {"predicted_sentiment": "one", "predicted_label": "one"}
    names |= {"sentiment_probabilities": "one_probabilities", "label_probabilities": "one_probabilities"}
    return {names.get(key, key): value for key, value in row.items()}


@given(st.lists(st.none() | any_texts, max_size=8))
@settings(max_examples=15, deadline=None)
def test_columns_equal_predict_and_are_null_where_the_text_is(texts):
    predictor = shipped()
    texts = [
        None if t is None else t.encode("utf-8", "replace").decode() for t in texts
    ]  # no lone surrogates
    found = as_rows(predictor, label_columns(predictor, pa.array(texts, pa.string())))
    wanted = iter(predictor.predict([t for t in texts if t is not None]))
    for text, row in zip(texts, found, strict=True):
        if text is None:
            assert set(row.values()) == {None}
        else:
            assert neutral(row) == expected(next(wanted))


@pytest.mark.parametrize("flat", [False, True])
def test_names_and_values_are_those_of_stance_label(capsys, tmp_path, predictor, flat):
    rows = tmp_path / "rows.jsonl"
    rows.write_text("".join(json.dumps({"text": t}) + "\n" for t in TEXTS if t.strip()), encoding="utf-8")
    out = tmp_path / ("out.csv" if flat else "out.jsonl")
    code, _, _ = run(capsys, "label", rows, "-o", out)
    assert code == 0
    with out.open(encoding="utf-8", newline="") as file:
        wanted = list(csv.DictReader(file)) if flat else [json.loads(line) for line in file]
    texts = pa.array([row.pop("text") for row in wanted])
    found = as_rows(predictor, label_columns(predictor, texts, flat=flat), flat)
    assert [list(row) for row in found] == [list(row) for row in wanted]
    for got, want in zip(found, wanted, strict=True):
        for key, value in want.items():
            if isinstance(value, dict):
                assert got[key] == pytest.approx(value, abs=1e-6)
            elif key.startswith("p_"):
                assert got[key] == pytest.approx(float(value), abs=1e-6)
            else:
                assert got[key] == value


@pytest.mark.parametrize("name", COLUMNS)
def test_models_of_other_labels_and_of_pairs(name):
    maker, columns = COLUMNS[name]
    rows = rows_of(list(maker()), columns)
    predictor = Predictor(train(rows, config=FAST, labels=find_labels(rows), folds=3).model)
    texts = [r.text for r in rows]
    targets = [r.target for r in rows] if predictor.config.paired else None
    about = None if targets is None else pa.array(targets)
    found = as_rows(predictor, label_columns(predictor, pa.array(texts), about))
    assert [neutral(row) for row in found] == [expected(p) for p in predictor.predict(texts, targets)]
    flat = as_rows(predictor, label_columns(predictor, pa.array(texts), about, flat=True), flat=True)
    assert all(isinstance(row[key], float) for row in flat for key in row if key.startswith("p_"))
    if about is not None:
        half = label_columns(predictor, pa.array(texts), pa.array([None, *targets[1:]]))
        assert [column[0].as_py() for column in half] == [None, None]
        assert [column[1:] for column in half] == [
            c[1:] for c in label_columns(predictor, pa.array(texts), about)
        ]


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.string_view()], ids=str)
def test_strings_of_every_kind_and_slices(predictor, kind):
    column = pa.array(["قبل", *TEXTS, None], kind)[1:]
    found = label_columns(predictor, column)
    assert found[0].to_pylist() == [*label_columns(predictor, pa.array(TEXTS))[0].to_pylist(), None]


def test_bytes_that_are_no_text_do_not_stop_a_job(predictor):
    broken = pa.array(["حذر".encode()[:-1], None]).view(pa.string())
    [found, missing] = as_rows(predictor, label_columns(predictor, broken))
    assert neutral(found) == expected(predictor.predict(["حذ\ufffd"])[0])
    assert set(missing.values()) == {None}


@pytest.mark.parametrize("flat", [False, True])
def test_no_rows_and_no_texts(predictor, flat):
    for texts in ([], [None, None]):
        found = label_columns(predictor, pa.array(texts, pa.string()), flat=flat)
        assert [column.null_count for column in found] == [len(texts)] * len(found)
        assert [column.type for column in found] == [f.type for f in label_fields(predictor.config, flat)]


def test_targets_are_checked(predictor):
    with pytest.raises(ValueError, match="takes no targets"):
        label_columns(predictor, pa.array(["نص"]), pa.array(["هدف"]))
