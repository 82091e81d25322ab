"""Scores, intervals, coverage and worst rows against cases that can be worked out by hand."""

import json

import numpy as np
import pytest
from test_commands import fails, run

from stance.calibration import margins
from stance.evaluation import bootstrap, calibration_error, measure, risk_coverage, worst_rows
from stance.evaluation.plots import confusion

STANCES, SENTIMENTS = ("supportive", "warning"), ("positive", "negative")
LABELS = (STANCES, SENTIMENTS)


@pytest.fixture
def judged():
    """200 rows in 20 documents; the first stance is found with errors, the second not at all."""
    random = np.random.default_rng(3)
    truth = random.integers(0, 2, (200, 2))
    held = np.stack(
        [np.where(random.random(200) < 0.8, truth[:, 0], 1 - truth[:, 0]), 0 * truth[:, 1]], axis=1
    )
    sentiment = [SENTIMENTS[i] for i in random.integers(0, 2, 200)]
    found = [s if random.random() < 0.7 else SENTIMENTS[0] for s in sentiment]
    return truth, held, sentiment, found


def test_intervals_hold_the_point_values(judged):
    report = measure(*judged[:2], judged[1].astype(float), *judged[2:], LABELS)
    intervals = bootstrap(*judged, LABELS, draws=500)
    points = {
        "precision/supportive": report.stances[0].precision,
        "recall/supportive": report.stances[0].recall,
        "f1/supportive": report.stances[0].f1,
        "f1/warning": 0.0,
        "f1/negative": report.sentiments[1].f1,
        "stance_macro_f1": report.stance_macro_f1,
        "stance_micro_f1": report.stance_micro_f1,
        "exact_set": report.exact_set,
        "sentiment_macro_f1": report.sentiment_macro_f1,
    }
    for name, value in points.items():
        assert intervals[name].low <= value <= intervals[name].high, name
    assert 0.02 < intervals["f1/supportive"].high - intervals["f1/supportive"].low < 0.2


def test_intervals_repeat_by_seed(judged):
    assert bootstrap(*judged, LABELS, draws=50, seed=1) == bootstrap(*judged, LABELS, draws=50, seed=1)
    assert bootstrap(*judged, LABELS, draws=50, seed=1) != bootstrap(*judged, LABELS, draws=50, seed=2)


def test_rows_of_one_document_are_drawn_together():
    truth = np.repeat(np.array([[1, 0], [1, 0]]), 50, axis=0)
    held = np.repeat(np.array([[1, 0], [0, 0]]), 50, axis=0)  # one document right, one wrong
    sentiment = ["positive"] * 100
    alone = bootstrap(truth, held, sentiment, sentiment, LABELS, draws=400)["recall/supportive"]
    groups = ["a"] * 50 + ["b"] * 50
    together = bootstrap(truth, held, sentiment, sentiment, LABELS, groups, draws=400)["recall/supportive"]
    assert together == (0.0, 1.0)
    assert alone.high - alone.low < 0.3


def test_no_draws_no_intervals(judged):
    assert bootstrap(*judged, LABELS, draws=0) == {}


def test_calibration_error_of_a_known_case():
    assert calibration_error(np.full(30, 0.2), np.repeat([1, 0], [15, 15]), bins=1) == pytest.approx(0.3)


def test_coverage_answers_the_surest_first():
    truth = np.array([[1], [0], [0], [1]])
    p = np.array([[0.95], [0.1], [0.55], [0.45]])
    points = risk_coverage(truth, p, [0.5], (1.0, 0.5))
    assert [(x.coverage, x.exact_set, x.micro_f1) for x in points] == [(1.0, 0.5, 0.5), (0.5, 1.0, 1.0)]
    assert points[1].abstain == pytest.approx(margins(p, [0.5])[1])


def test_worst_rows_by_falling_loss():
    truth, p = np.array([[1, 0], [0, 0], [1, 1]]), np.array([[0.2, 0.1], [0.1, 0.9], [0.9, 0.9]])
    found = worst_rows(truth, (p > 0.5).astype(int), p, STANCES, 2)
    assert [(w.row, w.missed, w.extra) for w in found] == [
        (1, (), ("warning",)),
        (0, ("supportive",), ()),
    ]
    assert found[0].loss == pytest.approx(-np.log(0.9) - np.log(0.1))


def test_what_is_right_and_sure_is_not_among_the_worst_rows():
    truth, p = np.array([[1, 0], [0, 1], [1, 0]]), np.array([[1.0, 0.0], [0.3, 0.7], [0.99, 0.02]])
    found = worst_rows(truth, (p > 0.5).astype(int), p, STANCES)
    assert [(w.row, w.missed, w.extra) for w in found] == [(1, (), ())]
    [wrong] = worst_rows(truth[:1], np.array([[0, 0]]), p[:1], STANCES)  # by a threshold of its own
    assert (wrong.missed, str(wrong.loss)) == (("supportive",), "0.0")


def test_confusion_has_a_place_for_none():
    truth, held = np.array([[1, 1], [0, 0], [0, 1]]), np.array([[1, 0], [0, 1], [0, 0]])
    assert confusion(truth, held).tolist() == [[1, 0, 0], [0, 0, 2], [0, 1, 0]]
    right = np.array([[1, 1], [1, 0], [0, 0]])
    assert confusion(right, right).tolist() == [[2, 0, 0], [0, 1, 0], [0, 0, 1]]
    assert confusion(np.array([[1, 0]]), np.array([[0, 1]])).tolist() == [[0, 1, 0], [0, 0, 0], [0, 0, 0]]


def test_abstaining(model):
    texts = ["دعت الأمم المتحدة أطراف النزاع إلى وقف فوري لإطلاق النار", "وصل الوفد إلى العاصمة مساء أمس"]
    thresholds = list(model.thresholds.values())
    margin = margins(model.predict_proba(texts), thresholds)
    between = float(margin.mean())
    plain, cautious = model.predict(texts), model.predict(texts, abstain=between)
    for p, c, m in zip(plain, cautious, margin, strict=True):
        assert c.probabilities == p.probabilities
        assert (c.stance == "unsure") == (m < between)
        assert (c.stances, c.stance) == ((frozenset(), "unsure") if m < between else (p.stances, p.stance))
    assert {c.stance == "unsure" for c in cautious} == {True, False}
    for wrong in (-0.1, 1.1):
        with pytest.raises(ValueError, match="from 0 to 1"):
            model.predict(texts, abstain=wrong)
    for wrong in (None, "0.1", True):
        with pytest.raises(TypeError, match="abstain is a margin"):
            model.decide(texts, abstain=wrong)


def test_command_prints_everything(capsys, labelled_file, small_model, tmp_path):
    options = ("--draws", 50, "--worst", 2, "--plots", tmp_path / "plots")
    code, out, _ = run(capsys, "evaluate", labelled_file, "--model", small_model, *options)
    assert code == 0
    for part in ("ECE", "Brier", "95 %", "stance macro-F1", "abstain", "exact set", "row ", "loss"):
        assert part in out
    assert out.count("\u2068") == out.count("\u2069")
    names = ["confusion.png", "cues.png", "precision-recall.png", "reliability.png"]
    assert sorted(p.name for p in (tmp_path / "plots").iterdir()) == names
    assert all(p.read_bytes().startswith(b"\x89PNG") for p in (tmp_path / "plots").iterdir())


def test_command_as_json(capsys, labelled_file, small_model):
    options = ("--draws", 50, "--worst", 3, "--format", "json")
    code, out, _ = run(capsys, "evaluate", labelled_file, "--model", small_model, *options)
    document = json.loads(out)
    low, high = document["intervals"]["stance_macro_f1"]
    assert code == 0
    assert low <= document["stance_macro_f1"] <= high
    assert document["risk_coverage"][0]["coverage"] == 1
    assert len(document["worst"]) == 3


@pytest.mark.parametrize(("kept", "missing"), [("stances", "sentiment"), ("sentiment", "stances")])
def test_command_measures_the_labels_that_are_there(
    capsys, labelled_file, small_model, tmp_path, kept, missing
):
    both = json.loads(
        run(capsys, "evaluate", labelled_file, "--model", small_model, "--draws", 0, "--format", "json")[1]
    )
    rows = [json.loads(line) for line in labelled_file.read_text(encoding="utf-8").splitlines()]
    assert [rows[w["row"] - 1]["text"] for w in both["worst"]] == [w["text"] for w in both["worst"]] != []
    path = tmp_path / "rows.jsonl"
    path.write_text("".join(json.dumps({"text": r["text"], kept: r[kept]}) + "\n" for r in rows))
    options = (path, "--model", small_model, "--draws", 0, "--format", "json")
    code, out, err = run(capsys, "evaluate", *options)
    assert code == 0
    assert f"not measured: {missing}" in err
    found = json.loads(out)
    assert (
        found[kept if kept == "stances" else "sentiments"]
        == both[kept if kept == "stances" else "sentiments"]
    )
    assert "no column" in fails(capsys, "evaluate", *options, f"--{missing}-column", "other")
    code, _, _ = run(capsys, "evaluate", *options[:-2], "--plots", tmp_path / "plots")
    assert code == 0
    assert (tmp_path / "plots" / "confusion.png").is_file()
    path.write_text(json.dumps({"text": rows[0]["text"]}) + "\n")
    assert "no column" in fails(capsys, "evaluate", *options)


def test_command_refuses_nonsense(capsys, labelled_file, small_model, tmp_path):
    assert "--draws" in fails(capsys, "evaluate", labelled_file, "--model", small_model, "--draws", -1)
    taken = tmp_path / "file"
    taken.write_text("")
    options = (labelled_file, "--model", small_model, "--draws", 5)
    assert "cannot be made a folder" in fails(capsys, "evaluate", *options, "--plots", taken)
    assert "pass both" in fails(capsys, "evaluate", *options, "--plots-format", "svg")
