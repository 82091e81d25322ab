"""Labels of one's own: one a row, several, about a closed target, about a second text."""

import json
import re

import numpy as np
import pytest
from test_commands import fails, run

import stance
from stance.cli import train as train_command
from stance.datasets import LabelColumns, Row, find_labels, labelled
from stance.errors import DataError, ModelIntegrityError, TrainingError
from stance.evaluation import parse_metric
from stance.model import ModelConfig
from stance.settings import PRESETS, TrainingConfig
from stance.training import search, train

FAST = TrainingConfig(ngram_range=(3, 3), min_df=2, sentiment_c=1.0, stance_c=1.0, attention_weight=0.0)
SPORT = ["فاز الفريق بكأس البطولة", "سجل اللاعب هدف المباراة", "خسر المنتخب مباراة الذهاب"]
MONEY = ["ارتفعت أسعار النفط في السوق", "خفض البنك سعر الفائدة", "تراجعت أسهم السوق في البورصة"]
PLACES = ["في الرباط", "في تونس", "في عمان", "في الدوحة", "في مسقط", "في المنامة"]
GULF = ("في الدوحة", "في مسقط", "في المنامة")


def topics():
    """Rows of two topics; ``labels`` adds whether a capital of the Gulf is named."""
    for i, place in enumerate(PLACES):
        for topic, texts in (("sport", SPORT), ("money", MONEY)):
            for text in texts:
                gulf = ["gulf"] if place in GULF else []
                yield {"id": f"{i}:0", "text": f"{text} {place}", "topic": topic, "tags": [topic, *gulf]}


def opinions():
    """Rows about two targets for which the same word means the opposite."""
    for i, place in enumerate(PLACES * 2):
        for target in ("السد", "الضريبة"):
            good, bad = ("رفع", "خفض") if target == "السد" else ("خفض", "رفع")
            for word, side in ((good, "favour"), (bad, "against")):
                yield {"id": f"{i}:0", "text": f"نريد {word} مستواها {place}", "side": side, "about": target}


def headlines():
    """Pairs of headlines that agree when they share their words, and not when one negates."""
    for i, place in enumerate(PLACES * 2):
        for text in (*SPORT, *MONEY):
            yield {
                "id": f"{i}:0",
                "text": f"{text} {place}",
                "other": f"{text} {place} اليوم",
                "says": "agree",
            }
            yield {"id": f"{i}:0", "text": f"{text} {place}", "other": "لم يصدر تعليق رسمي", "says": "other"}


def write(path, rows):
    path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows), encoding="utf-8")
    return path


def rows_of(records, columns):
    return list(labelled([Row(r["text"], i, r) for i, r in enumerate(records, 1)], "rows", columns))


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    path = tmp_path_factory.mktemp("settings") / "fast.toml"
    path.write_text(
        "ngram_range = [3, 3]\nmin_df = 2\nsentiment_c = 1\nstance_c = 1\nlength_norm = true\nsymbols = true\n"
    )
    return path


def trained_by_command(capsys, tmp_path, records, settings, *options):
    data = write(tmp_path / "rows.jsonl", records)
    model = tmp_path / "model"
    common = (data, "-o", model, "--folds", 3, "--config", settings)
    code, out, _ = run(capsys, *common, *options, command=train_command)
    assert code == 0
    assert "cross-validated" in out
    return data, model


def test_one_label_a_row(capsys, tmp_path, settings, monkeypatch):
    data, path = trained_by_command(capsys, tmp_path, list(topics()), settings, "--label-column", "topic")
    model = stance.load(path)
    assert (model.stances, model.sentiments) == ((), ("money", "sport"))
    [p] = model.predict(["سجل اللاعب هدفا في الكويت"])
    assert (p.label, p.sentiment, p.stances, p.probabilities) == ("sport", "sport", frozenset(), {})
    assert sum(p.sentiment_probabilities.values()) == pytest.approx(1)
    assert model.predict([]) == []
    card = (path / "README.md").read_text(encoding="utf-8")
    assert "| label | precision | recall | F1 | rows |\n" in card
    assert "|  |" not in card
    assert "alibration" not in card
    assert model.predict_proba(["نص"]).shape == (1, 0)
    with pytest.raises(ValueError, match="this model has none"):
        model.predict(["نص"], abstain=0.1)
    code, out, err = run(capsys, "evaluate", data, "--model", path, "--label-column", "topic", "--draws", 20)
    assert code == 0
    assert "holds the rows that" in err  # it learned from them
    assert "\nlabel macro-F1 1.000" in out
    assert "macro-f1: 1.0000" in out
    assert "\n  label macro-F1 " in out  # among the intervals
    assert not re.search("sentiment|stance|abstain|ECE|Brier|unsure|-0.00", out)
    monkeypatch.setenv("STANCE_MODELS", str(path))
    assert "label F1 " in run(capsys, "models")[1]
    plots = tmp_path / "plots"
    run(capsys, "evaluate", data, "--model", path, "--label-column", "topic", "--plots", plots)
    assert (plots / "cues.png").stat().st_size > 5000


def test_label_writes_columns_of_these_labels(capsys, tmp_path, settings):
    data, path = trained_by_command(capsys, tmp_path, list(topics()), settings, "--label-column", "topic")
    out_path = tmp_path / "out.csv"
    code, _, _ = run(capsys, "label", data, "-o", out_path, "--model", path)
    assert code == 0
    header = out_path.read_text(encoding="utf-8").splitlines()[0].split(",")
    assert header == ["id", "text", "topic", "tags", "predicted_label", "p_money", "p_sport"]


def test_several_labels_a_row(capsys, tmp_path, settings):
    _, path = trained_by_command(capsys, tmp_path, list(topics()), settings, "--labels-column", "tags")
    model = stance.load(path)
    assert (model.stances, model.sentiments) == (("gulf", "money", "sport"), ())
    [p] = model.predict(["فاز الفريق بكأس البطولة في الدوحة"])
    assert p.stances == {"gulf", "sport"}
    assert (p.label, p.sentiment, p.sentiment_probabilities) == (p.stance, "", {})
    explanation = model.explain("فاز الفريق في الدوحة")
    assert explanation.labels == ("gulf", "money", "sport")


def test_evaluate_measures_the_kinds_that_are_named(capsys, tmp_path, settings):
    columns = ("--label-column", "section", "--labels-column", "tags")
    records = [{**r, "section": f"{r['topic']} page"} for r in topics()]
    data, path = trained_by_command(capsys, tmp_path, records, settings, *columns)
    common = ("evaluate", data, "--model", path, "--draws", 0, "--format", "json")
    both = json.loads(run(capsys, *common, *columns)[1])
    one, several = (run(capsys, *common, *columns[i : i + 2]) for i in (0, 2))
    assert "not measured: gulf, money, sport; name their column with --labels-column" in one[2]
    assert "not measured: money page, sport page; name their column with --label-column" in several[2]
    assert json.loads(one[1])["sentiments"] == both["sentiments"]
    assert json.loads(several[1])["stances"] == both["stances"]


def test_evaluate_refuses_columns_of_a_kind_that_a_model_does_not_have(capsys, tmp_path, settings):
    data, path = trained_by_command(capsys, tmp_path, list(topics()), settings, "--labels-column", "tags")
    common = ("evaluate", data, "--model", path)
    assert "no labels of that kind; name the column of its own with --labels-column" in fails(
        capsys, *common, "--label-column", "topic"
    )


def test_a_closed_target_decides_what_a_word_means(capsys, tmp_path, settings):
    options = ("--label-column", "side", "--target-column", "about", "--metric", "f1:favour,against")
    data, path = trained_by_command(capsys, tmp_path, list(opinions()), settings, *options)
    model = stance.load(path)
    assert model.config.targets == ("السد", "الضريبة")
    found = model.predict(["نريد رفع مستواها"] * 2, ["السد", "الضريبة"])
    assert [p.label for p in found] == ["favour", "against"]
    code, out, _ = run(capsys, "evaluate", data, "--model", path, *options)
    assert code == 0
    assert "f1:favour,against: 1.0000" in out
    for target in ("السد", "الضريبة", "غيرهما"):
        explanation = model.explain("نريد رفع مستواها!", target)
        proba = model.predict_sentiment_proba(["نريد رفع مستواها!"], [target])[0]
        assert list(explanation.probabilities.values()) == pytest.approx(proba.tolist(), abs=1e-9)
        total = sum(w.shares["favour"] for w in explanation.words) + explanation.bias["favour"]
        assert total == pytest.approx(explanation.log_odds["favour"])


def test_a_second_text_as_target(capsys, tmp_path, settings):
    options = ("--label-column", "says", "--target-column", "other")
    records = list(headlines())
    _, path = trained_by_command(capsys, tmp_path, records, settings, *options)
    model = stance.load(path)
    assert model.config.paired
    assert model.config.targets == ()
    pairs = [
        ("وصل الوفد إلى صنعاء", "وصل الوفد إلى صنعاء اليوم"),
        ("وصل الوفد إلى صنعاء", "لم يصدر تعليق رسمي"),
    ]
    texts, targets = [a for a, _ in pairs], [b for _, b in pairs]
    assert [p.label for p in model.predict(texts, targets)] == ["agree", "other"]
    explanation = model.explain(*pairs[0])
    proba = model.predict_sentiment_proba(texts, targets)[0]
    assert list(explanation.probabilities.values()) == pytest.approx(proba.tolist(), abs=1e-9)
    code, out, _ = run(capsys, "explain", texts[0], "--target", targets[0], "--model", path)
    assert code == 0
    assert "agree" in out


@pytest.mark.parametrize("maker", [opinions, headlines])
def test_loaded_pairs_equal_the_fitted_pipeline(maker):
    label, target = ("side", "about") if maker is opinions else ("says", "other")
    rows = rows_of(list(maker()), LabelColumns(None, label, target, own=False))
    done = train(rows, config=FAST, labels=find_labels(rows), folds=3)
    model = stance.Predictor(done.model)
    texts, targets = [r.text for r in rows], [r.target for r in rows]
    np.testing.assert_allclose(
        model.predict_sentiment_proba(texts, targets),
        done.pipelines["sentiment"].predict_proba(list(zip(texts, targets, strict=True))),
        atol=1e-6,
    )


def test_symbols_and_length_count_the_same_in_both():
    records = [{**r, "text": r["text"] + (" 😀!" if r["topic"] == "sport" else " 📉")} for r in topics()]
    rows = rows_of(records, LabelColumns(None, "topic", own=False))
    settings = TrainingConfig(min_df=2, symbols=True, length_norm=True, sentiment_c=1.0)
    done = train(rows, config=settings, labels=find_labels(rows), folds=3)
    assert "w=😀" in done.pipelines["sentiment"][0].get_feature_names_out()
    texts = [r.text for r in rows]
    found = stance.Predictor(done.model).predict_sentiment_proba(texts)
    np.testing.assert_allclose(found, done.pipelines["sentiment"].predict_proba(texts), atol=1e-6)
    alone = stance.Predictor(done.model).predict(["😀", "📉"])
    assert [p.label for p in alone] == ["sport", "money"]


def test_targets_are_wanted_where_they_were_learned(capsys, model, tmp_path, settings):
    with pytest.raises(ValueError, match="takes no targets"):
        model.predict(["نص"], ["هدف"])
    options = ("--label-column", "side", "--target-column", "about")
    data, path = trained_by_command(capsys, tmp_path, list(opinions()), settings, *options)
    paired = stance.load(path)
    with pytest.raises(ValueError, match="pass one for each"):
        paired.predict(["نص"])
    with pytest.raises(ValueError, match="as many targets"):
        paired.predict(["نص"], ["أ", "ب"])
    assert "--target-column" in fails(capsys, "label", data, "-o", tmp_path / "o.csv", "--model", path)
    assert "--target-column" in fails(
        capsys, "label", data, "-o", tmp_path / "o.csv", "--target-column", "about"
    )
    assert "no column 'x'" in fails(
        capsys, "label", data, "-o", tmp_path / "o.csv", "--model", path, "--target-column", "x"
    )
    assert "stance label" in fails(capsys, "read", data, "--model", path)
    assert "give one with --target\n" in fails(capsys, "explain", "نص", "--model", path)
    assert not (tmp_path / "o.csv").exists()


def test_search_takes_the_best(capsys, tmp_path):
    rows = rows_of(list(topics()), LabelColumns(None, "topic", own=False))
    said = []
    blind = TrainingConfig(ngram_range=(3, 3), min_df=12, bigrams=False, attention_weight=0.0)
    name, config = search(
        rows,
        presets={"blind": blind, "seeing": FAST},
        labels=find_labels(rows),
        folds=3,
        progress=said.append,
    )
    assert (name, config) == ("seeing", FAST)
    assert len(said) == 2
    data = write(tmp_path / "rows.jsonl", list(topics()))
    options = ("--label-column", "topic", "--folds", 3, "--search")
    code, _, err = run(capsys, data, "-o", tmp_path / "model", *options, "-v", command=train_command)
    assert code == 0
    assert "best by macro-f1" in err
    assert all(f"{preset}: " in err for preset in ("news", "posts"))
    assert "--config" in fails(
        capsys, data, "-o", tmp_path / "other", *options, "--config", "posts", command=train_command
    )


def test_wrong_rows_are_named(capsys, tmp_path):
    data = write(tmp_path / "rows.jsonl", [*topics(), {"id": "9:0", "text": "نص", "topic": " ", "tags": 3}])
    out = ("-o", tmp_path / "model", "--folds", 3)
    assert "line 37: the label in 'topic' is empty" in fails(
        capsys, data, *out, "--label-column", "topic", command=train_command
    )
    assert "line 37" in fails(capsys, data, *out, "--labels-column", "tags", command=train_command)
    assert "no column 'x'" in fails(capsys, data, *out, "--label-column", "x", command=train_command)
    good = write(tmp_path / "good.jsonl", topics())
    assert "'f1:tennis'" in fails(
        capsys, good, *out, "--label-column", "topic", "--metric", "f1:tennis", command=train_command
    )
    extra = write(tmp_path / "extra.jsonl", [{"text": "نص", "topic": "arts"}])
    assert "'arts'" in fails(
        capsys, good, *out, "--label-column", "topic", "--extra", extra, command=train_command
    )
    assert not (tmp_path / "model").exists()


def test_evaluating_with_labels_the_model_does_not_have(capsys, tmp_path, settings, labelled_file):
    data, path = trained_by_command(capsys, tmp_path, list(topics()), settings, "--label-column", "topic")
    assert "--label-column" in fails(capsys, "evaluate", labelled_file, "--model", path)
    assert "--label-column" in fails(capsys, "evaluate", data, "--label-column", "topic")
    other = write(tmp_path / "other.jsonl", [{"text": "نص", "topic": "arts"}])
    assert "'arts'" in fails(capsys, "evaluate", other, "--model", path, "--label-column", "topic")


def test_one_label_for_all_cannot_be_learned():
    rows = rows_of([{**r, "topic": "x"} for r in topics()], LabelColumns(None, "topic", own=False))
    with pytest.raises(TrainingError, match="at least two labels"):
        train(rows, config=FAST, labels=find_labels(rows), folds=3)


def test_a_stance_of_no_row_is_told_and_what_is_told_works(capsys, tmp_path, settings):
    marks = {"sport": ("warning", "negative"), "money": ("supportive", "neutral")}
    records = [{**r, **dict(zip(("stances", "sentiment"), marks[r["topic"]], strict=True))} for r in topics()]
    data, model = write(tmp_path / "rows.jsonl", records), tmp_path / "model"
    common = (data, "-o", model, "--folds", 3, "--config", settings)
    said = fails(capsys, *common, command=train_command)
    assert "'calling_for_ceasefire' is found in no row" in said
    assert "folds" not in said
    named = re.search(r"by (--labels-column .*) to train", said)[1].split()
    assert run(capsys, *common, *named, command=train_command)[0] == 0
    config = stance.load(model).config
    assert (config.stances, config.sentiments) == (("supportive", "warning"), ("negative", "neutral"))
    assert run(capsys, *common, *named[:2], "--overwrite", command=train_command)[0] == 0


def test_metrics_by_hand():
    truth, held = np.array([[1, 0], [1, 0], [0, 1], [0, 1]]), np.array([[1, 0], [0, 1], [0, 1], [0, 1]])
    names = ["a", "b"]
    assert parse_metric("accuracy", names).score(truth, held) == 0.75
    assert parse_metric("micro-f1", names).score(truth, held) == pytest.approx(0.75)
    assert parse_metric("macro-f1", names).score(truth, held) == pytest.approx((2 / 3 + 0.8) / 2)
    assert parse_metric("f1:b", names).score(truth, held) == pytest.approx(0.8)
    assert parse_metric("f1:b", names).score(truth, held, ["x", "x", "y", "y"]) == pytest.approx(0.5)
    for wrong in ("f1", "auc", "f1:c", "macro-f1:a"):
        with pytest.raises(DataError):
            parse_metric(wrong, names)


def test_presets_are_different_settings():
    assert len(set(PRESETS.values())) == len(PRESETS)


@pytest.mark.parametrize(
    "change",
    [
        {"targets": ["x"], "paired": False},
        {"offsets": [[0.0]]},
        {"offsets": [[0.0] * 3] * 2},
        {"paired": "yes"},
        {"stances": [], "sentiments": [], "thresholds": [], "calibration": []},
    ],
)
def test_configurations_that_do_not_fit(model, change):
    data = {**json.loads(model.config.to_json()), **change}
    with pytest.raises(ModelIntegrityError):
        ModelConfig.from_json(json.dumps(data), "config.json")
