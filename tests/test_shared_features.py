"""Features of a training run are counted once, and folds learn from them what they would learn alone."""

import re
from dataclasses import replace

import numpy as np
import pytest
from conftest import SMALL
from test_commands import run
from threadpoolctl import threadpool_limits

import stance.features.counts
from stance.cli import train as train_command
from stance.errors import TrainingError
from stance.features.counts import Names
from stance.features.encoded import Encoded
from stance.fitting import Estimators, _limited
from stance.labels import OWN_LABELS
from stance.lexicon import Lexicon
from stance.timing import Stopwatch, peak_memory
from stance.training import train
from stance.validation import LabelArrays, cross_validate, folds_of, split

LINEAR = replace(SMALL, attention_weight=0.0)


def estimators_of(vectors, config=SMALL):
    return Estimators.from_config(config, Lexicon.default(), vectors, OWN_LABELS, False, 0)


def anew(estimators, rows, extra, fold):
    """Scores by estimators that count the features of each fold's rows themselves."""
    every, scores = [*rows, *extra], np.zeros((len(rows), 6))
    for k in np.unique(fold):
        learned, measured = split(rows, extra, fold == k)
        with threadpool_limits(1):
            fitted = estimators.copy().fit([every[i] for i in learned])
            scores[measured] = fitted.decision_function([every[i] for i in measured])
    return scores


@pytest.mark.parametrize("kind", ["linear", "vectors", "attention", "length_norm"])
def test_folds_learn_what_they_would_learn_alone_to_the_bit(some_rows, some_vectors, kind):
    config = replace(SMALL if kind == "attention" else LINEAR, length_norm=kind == "length_norm")
    estimators = estimators_of(None if kind in ("linear", "length_norm") else some_vectors, config)
    rows, extra = some_rows[:150], some_rows[150:200]
    found = LabelArrays(rows, OWN_LABELS, "macro-f1")
    shared = cross_validate(estimators, found, extra, 2, 0, 1).scores
    alone = anew(estimators, rows, extra, folds_of(rows, 2, 0))
    assert shared.any(axis=1).all()
    assert shared.tobytes() == alone.tobytes()


@pytest.mark.parametrize("n_targets", [2, 20])
def test_folds_of_pairs_learn_what_they_would_learn_alone(some_rows, n_targets):
    names = [f"هدف {'ابتثجحخدذرزسشصضطظعغف'[i]}" for i in range(n_targets)]
    rows = [replace(r, target=names[i % n_targets]) for i, r in enumerate(some_rows[:150])]
    estimators = Estimators.from_config(LINEAR, Lexicon.default(), None, OWN_LABELS, True, 0)
    shared = cross_validate(estimators, LabelArrays(rows, OWN_LABELS, "macro-f1"), [], 2, 0, 1).scores
    assert shared.tobytes() == anew(estimators, rows, [], folds_of(rows, 2, 0)).tobytes()


def test_a_fold_learns_nothing_of_the_rows_it_is_measured_on(some_rows):
    """Words that only the measured rows hold change nothing of what is learned."""
    strange = [replace(r, text=f"{r.text} زقزقةٌ عجيبة", group="strange") for r in some_rows[:30]]
    rows = [*some_rows, *strange]
    estimators = estimators_of(None, LINEAR)
    counts = estimators.count(rows)
    learned = np.arange(len(some_rows))
    fitted = estimators.copy().fit(some_rows, counts.take(learned))
    assert not any("زقزق" in name for name in fitted.vectorizer.names_["ngrams"])
    alone = estimators.copy().fit(some_rows)
    assert fitted.vectorizer.names_ == alone.vectorizer.names_
    for block, factors in fitted.vectorizer.factors_.items():
        assert factors.tobytes() == alone.vectorizer.factors_[block].tobytes()


def test_features_are_counted_once(some_rows, some_vectors, monkeypatch):
    analysed, real = [], stance.features.counts.analyze
    monkeypatch.setattr(
        stance.features.counts,
        "analyze",
        lambda texts, table: analysed.append(len(texts)) or real(texts, table),
    )
    train(some_rows[:150], some_rows[150:200], config=SMALL, vectors=some_vectors, folds=2)
    assert analysed == [200]


class Mapped:
    """Estimators that score 1 where what was counted is mapped into the memory of another process."""

    def __init__(self):
        self.watch, self.large = Stopwatch(), np.zeros(300_000)

    def copy(self):
        return Mapped()

    def count(self, _rows):
        return self

    def take(self, _rows):
        return self

    def fit(self, _rows, _counts):
        return self

    def decision_function(self, rows, counts):
        return np.full((len(rows), 6), float(isinstance(counts.large, np.memmap)))


def test_processes_share_what_was_counted(some_rows):
    found = LabelArrays(some_rows, OWN_LABELS, "macro-f1")
    assert cross_validate(Mapped(), found, [], 2, 0, 2).scores.all()
    assert not cross_validate(Mapped(), found, [], 2, 0, 1).scores.any()


def test_the_number_of_processes_changes_no_bit(some_rows, some_vectors):
    one, two = (train(some_rows[:150], config=SMALL, vectors=some_vectors, folds=2, jobs=j) for j in (1, 2))
    assert one.model.config == two.model.config
    for name, array in vars(one.model.weights.gated).items():
        assert array.tobytes() == getattr(two.model.weights.gated, name).tobytes()
    for block, array in one.model.weights.weights.items():
        assert array.tobytes() == two.model.weights.weights[block].tobytes()
    for kind, array in one.out_of_fold.items():
        assert array.tobytes() == two.out_of_fold[kind].tobytes()


def test_the_time_of_every_stage_is_printed(capsys, labelled_file, tmp_path):
    config = tmp_path / "small.toml"
    config.write_text("ngram_range = [3, 3]\nmin_df = 2\n", encoding="utf-8")
    options = ("--folds", 3, "--config", config, "-v")
    code, out, err = run(capsys, labelled_file, "-o", tmp_path / "m", *options, command=train_command)
    assert code == 0, err
    seconds = r"\d+\.\d s"
    for stage in (
        rf"features of \d+ rows {seconds}",
        *(rf"fold {k} of 3 {seconds}: features {seconds}, stances {seconds}, sentiments" for k in (1, 2, 3)),
        rf"final fit {seconds}: features",
        rf"decisions {seconds}",
        rf"written in {seconds}: reading {seconds}, training {seconds}, writing {seconds}",
    ):
        assert re.search(stage, err), (stage, err)
    assert not re.search(seconds, out)
    assert ("peak memory" in err) == (peak_memory() > 0)


def test_names_come_back_as_they_were():
    names = ["w=هدنة", "", "c=\ud800x", "w=🕊"]
    stored = Names.of(names)
    assert len(stored) == 4
    assert stored.take(np.array([3, 0, 2, 1])) == [names[i] for i in (3, 0, 2, 1)]
    assert Names.of([]).take(np.zeros(0, np.int64)) == []


def test_encoded_texts_are_taken_in_the_order_asked_for():
    token = np.arange(6)
    words = np.arange(6), np.zeros((6, 5), np.int64), Names.of(["w=x"])
    encoded = Encoded(token, *words, token * 2, np.zeros((12, 3)), np.array([2, 0, 1, 3]))
    taken = encoded.take(np.array([3, 1, 0]))
    assert taken.word.tolist() == [3, 4, 5, 0, 1]
    assert taken.flag.tolist() == [6, 8, 10, 0, 2]
    assert taken.lengths.tolist() == [3, 0, 2]


def test_stages_of_one_name_are_added_up_even_if_they_fail():
    watch = Stopwatch()
    with pytest.raises(ZeroDivisionError), watch.stage("a"):
        _ = 1 / 0
    first = watch.total
    with watch.stage("a"):
        sum(range(10_000))
    assert list(watch.seconds) == ["a"]
    assert watch.total > first > 0


def test_rows_for_the_attention_network_alone_change_the_network_and_nothing_else(some_rows, some_vectors):
    more = [
        replace(r, text=f"{r.text} زقزقةٌ عجيبة", attention_only=True, group="strange") for r in some_rows[:40]
    ]
    estimators = estimators_of(some_vectors)
    plain, helped = (estimators.copy().fit(rows) for rows in (some_rows, [*more, *some_rows]))
    assert helped.vectorizer.names_ == plain.vectorizer.names_
    for one, other in ((helped.stance, plain.stance), (helped.sentiment, plain.sentiment)):
        assert one.coef_.tobytes() == other.coef_.tobytes()
        assert one.intercept_.tobytes() == other.intercept_.tobytes()
    texts = [r.text for r in some_rows[:20]]
    assert (helped.network.transform(texts) != plain.network.transform(texts)).all()


def test_rows_for_the_attention_network_alone_do_not_drown_a_rare_stance():
    weights = np.array([1.0, 1, 1, 0.5, 0.5, 0.5, 0.5])
    holds = np.array([[1, 0], [1, 0], [1, 1], [1, 0], [0, 1], [1, 1], [0, 0]], np.bool_)
    alone = np.array([False] * 3 + [True] * 4)
    found = _limited(weights, holds, alone, 0.5)
    assert found.tolist() == [1, 1, 1, 0.5, 0.25, 0.25, 0.5]
    assert found[alone & holds[:, 1]].sum() == 0.5 * weights[~alone & holds[:, 1]].sum()
    assert _limited(weights, holds, alone, 1.0).tolist() == weights.tolist()


def test_rows_for_the_attention_network_alone_want_one(some_rows):
    more = [replace(r, attention_only=True) for r in some_rows[:10]]
    with pytest.raises(TrainingError, match="these settings train none; give unlabelled text"):
        train(some_rows, more, config=SMALL, folds=2)
