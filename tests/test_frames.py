"""Data frames: the columns of files, for the user's own kind of frame."""

import csv
import subprocess
import sys

import pytest
from test_any_labels import FAST, opinions, rows_of
from test_commands import run

import stance
from stance import Predictor
from stance.datasets import LabelColumns, find_labels
from stance.errors import DataError
from stance.training import train

nw = pytest.importorskip("narwhals", reason="data frames want narwhals")
TEXTS = ["حذرت موسكو من كارثة إنسانية", None, "دعت الأمم المتحدة إلى هدنة ورحبت بالاتفاق", ""]
STORY = "حذرت ألمانيا إيران من إغلاق المضيق.\nورحبت كندا بموقف برلين.\n"


@pytest.fixture(params=["pandas", "polars", "pyarrow"])
def backend(request):
    pytest.importorskip(request.param, reason=f"{request.param} is not installed")
    return request.param


def frame(backend, columns):
    return nw.from_dict(columns, backend=backend).to_native()


def rows(native):
    found = nw.from_native(native, eager_only=True)
    nulls = [found[c].is_null().to_list() for c in found.columns]
    return [
        {c: None if null[i] else found[c].to_list()[i] for c, null in zip(found.columns, nulls, strict=True)}
        for i in range(len(found))
    ]


def test_predict_frame(model, backend):
    given = frame(backend, {"n": [1, 2, 3, 4], "statement": TEXTS})
    found = model.predict_frame(given, text="statement")
    assert type(found) is type(given)
    assert "predicted_stances" not in nw.from_native(given, eager_only=True).columns
    names = [
        "predicted_stances",
        "predicted_sentiment",
        *(f"p_{x}" for x in (*model.stances, *model.sentiments)),
    ]
    wanted = iter(model.predict([t for t in TEXTS if t is not None]))
    for row, text in zip(rows(found), TEXTS, strict=True):
        assert list(row) == ["n", "statement", *names]
        if text is None:
            assert {row[name] for name in names} == {None}
            continue
        p = next(wanted)
        assert row["predicted_stances"] == ("|".join(s for s in model.stances if s in p.stances) or "none")
        assert row["predicted_sentiment"] == p.sentiment
        for label, value in {**p.probabilities, **p.sentiment_probabilities}.items():
            assert row[f"p_{label}"] == value


def test_columns_are_those_of_stance_label(capsys, tmp_path, model, backend):
    (tmp_path / "a.csv").write_text(f"text\n{TEXTS[0]}\n", encoding="utf-8")
    run(capsys, "label", tmp_path / "a.csv", "-o", tmp_path / "b.csv")
    with (tmp_path / "b.csv").open(encoding="utf-8", newline="") as file:
        [wanted] = csv.DictReader(file)
    [found] = rows(model.predict_frame(frame(backend, {"text": TEXTS[:1]})))
    assert list(found) == list(wanted)
    assert found["predicted_stances"] == wanted["predicted_stances"]


def test_no_rows_nothing_present_and_unsure(model, backend):
    for texts in ([], [None, None]):
        # not from_dict: with pandas 2 it makes the string "None" of what is missing
        given = nw.new_series("text", texts, nw.String, backend=backend).to_frame().to_native()
        found = model.predict_frame(given)
        assert [row["predicted_sentiment"] for row in rows(found)] == texts
        kinds = nw.from_native(found, eager_only=True).schema
        assert kinds["p_warning"] == nw.Float64
    [row] = rows(model.predict_frame(frame(backend, {"text": TEXTS[:1]}), abstain=1.0))
    assert row["predicted_stances"] == "unsure"


def test_models_of_pairs(backend):
    some = rows_of(list(opinions()), LabelColumns(None, "side", "about", own=False))
    predictor = Predictor(train(some, config=FAST, labels=find_labels(some), folds=3).model)
    texts, targets = [r.text for r in some[:5]], [r.target for r in some[:5]]
    found = rows(predictor.predict_frame(frame(backend, {"text": texts, "about": targets}), target="about"))
    assert [r["predicted_label"] for r in found] == [p.sentiment for p in predictor.predict(texts, targets)]
    half = frame(backend, {"text": texts, "about": [None, *targets[1:]]})
    assert [r["predicted_label"] for r in rows(predictor.predict_frame(half, target="about"))] == [
        None,
        *(r["predicted_label"] for r in found[1:]),
    ]


def test_index_of_pandas_is_kept(model):
    pd = pytest.importorskip("pandas", reason="pandas is not installed")
    given = pd.DataFrame({"text": TEXTS[:1] * 3}, index=[7, 7, 2])
    found = model.predict_frame(given)
    assert found.index.tolist() == [7, 7, 2]
    assert found["predicted_stances"].tolist() == ["warning"] * 3


def test_wrong_frames_and_columns(model, backend):
    with pytest.raises(ValueError, match="no column 'text'; the columns are 'a'"):
        model.predict_frame(frame(backend, {"a": ["نص"]}))
    with pytest.raises(TypeError, match="a data frame of pandas, polars, pyarrow is wanted, got list"):
        model.predict_frame([{"text": "نص"}])
    with pytest.raises(
        TypeError, match=r"column 'text', row 1 counted from 0: a str is wanted, got (int|float)"
    ):
        model.predict_frame(frame(backend, {"text": [None, 1]}))


def test_columns_of_pandas_that_have_no_name_of_their_own(model):
    pd = pytest.importorskip("pandas", reason="pandas is not installed")
    given = pd.DataFrame([["نص", "نص"]], columns=["text", "text"])
    with pytest.raises(ValueError, match="two columns are called 'text'; give each a name of its own"):
        model.predict_frame(given)
    with pytest.raises(ValueError, match="the columns are none; name the right one with text="):
        model.predict_frame(pd.DataFrame())
    unnamed = pd.DataFrame([["نص"]])  # as read without a header
    with pytest.raises(TypeError, match=r"a str, got int; .* frame.rename\(columns=str\)"):
        model.predict_frame(unnamed, text=0)
    with pytest.raises(ValueError, match="no column '0'; the columns are 0; "):
        model.predict_frame(unnamed, text="0")
    assert model.predict_frame(unnamed.rename(columns=str), text="0").shape == (1, 9)


def test_lazy_frames_are_to_be_collected(model):
    pl = pytest.importorskip("polars", reason="polars is not installed")
    with pytest.raises(TypeError, match="collect a lazy one first"):
        model.predict_frame(pl.LazyFrame({"text": ["نص"]}))
    with pytest.raises(TypeError, match=r"got Series; .*make a frame of anything else"):
        model.predict_frame(pl.Series(["نص"]))


def test_article_to_frame(capsys, tmp_path, backend):
    article = stance.read(STORY)
    (tmp_path / "a.txt").write_text(STORY, encoding="utf-8")
    for events in (False, True):
        run(capsys, "read", tmp_path / "a.txt", "-o", tmp_path / "b.csv", *(["--events"] if events else []))
        with (tmp_path / "b.csv").open(encoding="utf-8", newline="") as file:
            wanted = [{k: v for k, v in row.items() if k != "file"} for row in csv.DictReader(file)]
        found = rows(article.to_frame(backend, events=events))
        assert [{k: str(v) for k, v in row.items()} for row in found] == wanted


def test_empty_articles_have_columns(backend):
    article = stance.read("")
    statements = nw.from_native(article.to_frame(backend), eager_only=True)
    assert (len(statements), statements.schema["start"], statements.schema["text"]) == (
        0,
        nw.Int64,
        nw.String,
    )
    events = nw.from_native(article.to_frame(backend, events=True), eager_only=True)
    full = stance.read(STORY).to_frame(backend, events=True)
    assert events.schema == nw.from_native(full, eager_only=True).schema


def test_what_is_missing_is_said(model, monkeypatch):
    article = stance.read(STORY)
    with pytest.raises(ValueError, match="backend must be one of pandas, polars, pyarrow, got 'R'"):
        article.to_frame("R")
    monkeypatch.setitem(sys.modules, "polars", None)
    with pytest.raises(DataError, match="polars is not installed; run pip install polars"):
        article.to_frame("polars")
    monkeypatch.setitem(sys.modules, "narwhals", None)
    for wanted in (article.to_frame, lambda: model.predict_frame({"text": []})):
        with pytest.raises(DataError, match=r"pip install 'stance\[frames\]'"):
            wanted()


def test_nothing_is_imported_that_the_user_does_not_use():
    pytest.importorskip("polars", reason="polars is not installed")
    code = (
        "import sys, stance, polars; m = stance.load(); m.predict_frame(polars.DataFrame({'text': ['نص']}))\n"
        "stance.read('نص').to_frame('polars'); stance.read('نص')._repr_html_()\n"
        "print('pandas' in sys.modules, 'narwhals' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]
