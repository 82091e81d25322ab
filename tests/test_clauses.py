"""The best clause beside the whole text: in the kernel, in Python, in explanations and in training."""

import json
from dataclasses import replace

import numpy as np
import pytest
from conftest import SMALL
from hypothesis import example, given
from hypothesis import strategies as st
from strategies import any_texts
from test_commands import fails

import stance
from stance.cli import train as train_command
from stance.errors import DataError, ModelIntegrityError
from stance.features.analysis import analyze
from stance.features.clauses import best_clauses, clause_factors, clauses_of
from stance.features.index import KERNEL
from stance.features.scorer import Scorer
from stance.features.table import WordTable
from stance.lexicon import Lexicon
from stance.model import ModelConfig, read_model, write_model
from stance.predictor import Predictor
from stance.settings import TrainingConfig
from stance.training import train

WORDS = ["حذر", "الوزير", "من", "كارثة", "دعا", "إلى", "هدنة", "،", ".", "«", "»", '"', ":", "لم", "سنساعد"]
TEXTS = ["", "،", "«»", "، ، ،", "«حذر» الوزير", "حذر الوزير، ودعا إلى «هدنة»: لم يدع.", '"" دعا "إلى" هدنة']


@pytest.fixture(scope="module")
def weights(trained):
    return replace(trained.model.weights, clause_weight=0.5, n_clause_outputs=3)


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("حذر الوزير، ودعا إلى هدنة.", [0, 0, 1, 1, 1, 1, 2]),
        ("قال «نعم نعم» وذهب", [0, 1, 1, 2]),
        ("«نعم» وذهب", [0, 1]),
        ("«» نعم", [0]),
    ],
)
def test_clauses_begin_at_marks_and_behind_quotation_marks(text, clauses):
    found = analyze([text, text], WordTable(Lexicon.default()))
    assert clauses_of(found).tolist() == [*clauses, *(1 + clauses[-1] + k for k in clauses)]


def test_the_best_clause_counts_beside_all_of_them(weights):
    sums = np.array([[1.0, -2, 0, 1, 1, 1], [3, -1, 0, 1, 1, 1], [5, 5, 5, 5, 5, 5]])
    found = best_clauses(weights, sums, np.array([0, 0, 2]), 3)
    assert found.tolist() == [[3.5, -2.0, 0.0, 2, 2, 2], [0] * 6, [5] * 6]
    factors = clause_factors(weights, sums[:2])
    assert (factors * sums[:2]).sum(axis=0).tolist() == found[0].tolist()


@pytest.mark.skipif(KERNEL is None, reason="the kernel was not built on this machine")
@given(
    st.lists(st.one_of(any_texts, st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join)), max_size=6),
    st.sampled_from([0.0, 0.3, 1.0]),
)
@example(TEXTS, 0.5)
def test_the_kernel_finds_the_same_best_clauses(trained, texts, weight):
    weights = replace(trained.model.weights, clause_weight=weight, n_clause_outputs=3)
    lexicon = trained.model.lexicon
    compiled, plain = (Scorer(weights, lexicon, compiled=choice) for choice in (True, False))
    found = compiled.scores(texts)
    np.testing.assert_allclose(found, plain.scores(texts), rtol=0, atol=1e-12)
    alone = [compiled.scores([text])[0] for text in texts]
    assert np.array_equal(found, np.array(alone).reshape(found.shape))


def test_shares_of_words_add_up(weights, trained):
    scorer = Scorer(weights, trained.model.lexicon)
    for text in TEXTS:
        shares = scorer.shares(text).value.sum(axis=0)
        np.testing.assert_allclose(shares + scorer.bias, scorer.scores([text])[0], rtol=0, atol=1e-5)


def test_without_weight_nothing_changes(weights, trained):
    texts = [*TEXTS, "حذر الوزير من كارثة، ودعا إلى هدنة"]
    before = Scorer(trained.model.weights, trained.model.lexicon).scores(texts)
    after = Scorer(replace(weights, clause_weight=0.0), trained.model.lexicon).scores(texts)
    assert np.array_equal(before, after)
    some = Scorer(weights, trained.model.lexicon).scores(texts)
    assert not np.allclose(some[:, :3], before[:, :3])
    np.testing.assert_allclose(some[:, 3:], before[:, 3:], rtol=0, atol=1e-9)


def test_a_model_is_trained_written_and_read_with_clauses(some_rows, tmp_path):
    config = replace(SMALL, clause_weight=0.5, attention_weight=0.0)
    done, plain = (
        train(some_rows[:300], config=c, folds=2) for c in (config, replace(config, clause_weight=0.0))
    )
    assert done.model.config.clause_weight == 0.5
    assert (
        done.model.config.thresholds != plain.model.config.thresholds
    )  # learned from scores that know clauses
    write_model(done.model, tmp_path / "model")
    texts = [r.text for r in some_rows[:50]]
    again = stance.load(tmp_path / "model")
    assert again.predict(texts) == Predictor(done.model).predict(texts)
    assert again.predict(texts) != Predictor(plain.model).predict(texts)
    explanation = again.explain(texts[0])
    assert explanation.probabilities["warning"] == pytest.approx(
        again.predict(texts[:1])[0].probabilities["warning"], abs=1e-5
    )


@pytest.mark.parametrize("change", [{"clause_weight": 1.5}, {"clause_weight": -1}, {"clause_weight": "x"}])
def test_a_weight_of_clauses_that_cannot_be_is_refused(small_model, change):
    config = read_model(small_model).config
    assert "clause_weight" not in json.loads(replace(config, format=3).to_json())
    with pytest.raises(ModelIntegrityError, match="configuration"):
        ModelConfig.from_json(replace(config, **change).to_json(), "config.json")
    old = replace(config, clause_weight=0.5).to_json().replace('"format": 4', '"format": 3')
    with pytest.raises(ModelIntegrityError, match="configuration"):
        ModelConfig.from_json(old, "config.json")


@pytest.mark.parametrize("weight", ["1.5", "-0.1", "nan"])
def test_settings_refuse_a_weight_of_clauses_that_cannot_be(weight):
    with pytest.raises(DataError, match="clause_weight must be from 0 to 1"):
        TrainingConfig.from_toml(f"clause_weight = {weight}", "x.toml")


def test_pipelines_that_are_handed_over_know_no_clauses(capsys, labelled_file, tmp_path):
    settings = tmp_path / "clauses.toml"
    settings.write_text("clause_weight = 0.5\n")
    options = (
        labelled_file,
        "-o",
        tmp_path / "model",
        "--config",
        settings,
        "--sklearn",
        tmp_path / "p.joblib",
    )
    assert "clause_weight = 0" in fails(capsys, *options, command=train_command)
    assert not (tmp_path / "model").exists()
