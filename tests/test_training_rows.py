"""What a model learns from: recorded sentences, weighted rows, and no document that it is measured on."""

import gzip
import json
from dataclasses import replace

import numpy as np
import pytest
from conftest import SMALL
from test_any_labels import settings, topics, write  # noqa: F401  # a fixture
from test_commands import fails, run

import stance
from stance.annotations import digest
from stance.cli import train as train_command
from stance.datasets import LabelColumns, LabelledRow, Row, labelled
from stance.errors import DataError
from stance.labels import Labels
from stance.predictor import Predictor
from stance.timing import Stopwatch
from stance.training import train
from stance.validation import LabelArrays, cross_validate, folds_of


def row(text, label, group):
    return LabelledRow(text, (), label, group, f"rows:{text}")


class Notebook:
    """Estimators that note what they were fitted on."""

    seen: list[set[str]] = []  # noqa: RUF012  # shared by the copies on purpose

    def __init__(self):
        self.watch = Stopwatch()

    def copy(self):
        return Notebook()

    def count(self, rows):
        return Numbers(range(len(rows)))

    def fit(self, rows, counts):
        assert len(rows) == len(counts)
        self.groups = {r.group for r in rows}
        self.seen.append(self.groups)
        return self

    def decision_function(self, rows, counts):
        assert len(rows) == len(counts)
        assert not self.groups & {r.group for r in rows}
        return np.zeros((len(rows), 2))


class Numbers(list):
    """What is counted of rows: their numbers."""

    def take(self, rows):
        return Numbers(self[i] for i in rows.tolist())


def test_extra_rows_of_a_document_are_not_learned_from_where_it_is_measured():
    rows = [row(f"نص {i}", "ab"[i % 2], f"d{i}") for i in range(8)]
    extra = [row("آخر", "a", "d3"), row("غيره", "b", "elsewhere")]
    Notebook.seen = []
    found = LabelArrays(rows, Labels((), ("a", "b")), "macro-f1")
    cross_validate(Notebook(), found, extra, folds=4, seed=0, jobs=1)
    fold = folds_of(rows, 4, 0)
    for k, groups in enumerate(Notebook.seen):
        assert "elsewhere" in groups
        assert ("d3" in groups) == (fold[3] != k)


def test_weights_of_rows_count(capsys, tmp_path, settings):  # noqa: F811  # the fixture
    records = [{**r, "agreement": 1} for r in topics()]
    records += [
        {"id": f"x{i}:0", "text": "سجل القمر رقما", "topic": "ab"[i % 2], "agreement": 1} for i in range(6)
    ]

    def verdict(agreement):
        for r in records:
            if r["topic"] in "ab":
                r["agreement"] = agreement[r["topic"]]
        data = write(tmp_path / "rows.jsonl", records)
        options = ("--label-column", "topic", "--weight-column", "agreement", "--config", settings)
        code, _, err = run(
            capsys, data, "-o", tmp_path / "m", "--overwrite", "--folds", 3, *options, command=train_command
        )
        assert code == 0, err
        p = stance.load(tmp_path / "m").predict_sentiment_proba(["سجل القمر رقما"])[0]
        return p[0] - p[1]

    assert verdict({"a": 5, "b": 0.2}) > 0 > verdict({"a": 0.2, "b": 5})


def test_rows_of_an_extra_count_as_much_as_its_weight_says(capsys, tmp_path, settings):  # noqa: F811  # the fixture
    data = write(tmp_path / "rows.jsonl", topics())
    one, other = (
        write(tmp_path / f"{label}.jsonl", [{"text": "سجل القمر رقما", "topic": label}] * 3)
        for label in ("sport", "money")
    )
    common = (data, "-o", tmp_path / "m", "--overwrite", "--folds", 3, "--label-column", "topic")
    common = (*common, "--config", settings)

    def verdict(*weights):
        pairs = zip((one, other), weights, strict=True)
        options = [word for file, w in pairs for word in ("--extra", file, "--extra-weight", w)]
        code, _, err = run(capsys, *common, *options, command=train_command)
        assert code == 0, err
        model = stance.load(tmp_path / "m")
        p = dict(zip(model.sentiments, model.predict_sentiment_proba(["سجل القمر رقما"])[0], strict=True))
        return p["sport"] - p["money"]

    assert verdict(9, 0.1) > 0 > verdict(0.1, 9)
    refused = fails(
        capsys, *common, "--extra", one, "--extra", other, "--extra-weight", 1, command=train_command
    )
    assert "2 times --extra want as many times --extra-weight or none, got 1" in refused


def test_an_extra_for_the_network_alone_wants_a_network_and_may_count_less(capsys, tmp_path, settings):  # noqa: F811  # the fixture
    data = write(tmp_path / "rows.jsonl", topics())
    more = write(tmp_path / "more.jsonl", [{"text": "سجل القمر رقما", "topic": "money"}] * 30)
    common = (data, "-o", tmp_path / "m", "--folds", 3, "--label-column", "topic", "--overwrite")
    refused = fails(capsys, *common, "--config", settings, "--attention-extra", more, command=train_command)
    assert "some extra rows are for the attention network alone and these settings train none" in refused
    assert not (tmp_path / "m").exists()

    text = write(tmp_path / "text.txt", [r["text"] for r in topics()] * 20)
    small = tmp_path / "small.toml"
    small.write_text("vector_dimensions = 8\nattention_epochs = 2\nmin_df = 1\n", encoding="utf-8")
    common = (*common, "--config", small, "--unlabelled", text, "--attention-extra", more)
    bias = []
    for weight in (0.01, 3):
        code, _, err = run(capsys, *common, "--attention-extra-weight", weight, command=train_command)
        assert code == 0, err
        model = stance.load(tmp_path / "m")
        bias.append(
            model.predict_sentiment_proba(["سجل القمر رقما"])[0][list(model.sentiments).index("money")]
        )
    assert bias[0] < bias[1]


def test_only_the_strongest_ngrams_are_kept(some_rows):
    whole, capped = (train(some_rows, config=replace(SMALL, max_ngrams=n), folds=2) for n in (1_000_000, 500))
    weights = [
        dict(zip(m.model.weights.names["ngrams"], m.model.weights.weights["ngrams"], strict=True))
        for m in (whole, capped)
    ]
    assert len(weights[1]) == 500 < len(weights[0])
    least = min(np.abs(w).max() for w in weights[1].values())
    assert all(np.abs(w).max() <= least for name, w in weights[0].items() if name not in weights[1])
    texts = [r.text for r in some_rows[:50]]
    folded = Predictor(capped.model).predict_proba(texts)
    np.testing.assert_allclose(folded, capped.pipelines["stance"].predict_proba(texts), atol=1e-6)


@pytest.mark.parametrize("value", ["", "much", -1, 0, "nan", "inf", None, 1e308, 1e-320, 10**400])
def test_a_weight_is_a_number_that_fitting_bears(value):
    columns = LabelColumns(None, "topic", own=False, weight="w")
    with pytest.raises(
        DataError, match="rows, line 7: the weight in 'w' must be a number from 1e-06 to 1,000,000, got"
    ):
        list(labelled([Row("نص", 7, {"topic": "x", "w": value})], "rows", columns))


def test_recorded_rows_find_their_sentences_in_plain_lines(capsys, tmp_path, settings):  # noqa: F811  # the fixture
    records = list(topics())
    with gzip.open(tmp_path / "lines.txt.gz", "wt", encoding="utf-8") as file:
        file.write("\n".join(["سطر آخر", *(r["text"] for r in records)]))
    bare = [{"id": r["id"], "sha256": digest(r["text"]), "topic": r["topic"]} for r in records]
    data = write(tmp_path / "recorded.jsonl", bare)
    extra = write(tmp_path / "extra.jsonl", [{"id": "z:0", "text": "فاز الفريق أمس", "topic": "sport"}])
    common = (data, "-o", tmp_path / "m", "--folds", 3, "--config", settings, "--label-column", "topic")
    texts = ("--texts", tmp_path / "lines.txt.gz")
    code, _, err = run(capsys, *common, *texts, "--extra", extra, command=train_command)
    assert code == 0, err
    config = json.loads((tmp_path / "m" / "config.json").read_text(encoding="utf-8"))
    assert (config["training"]["rows"]["n"], config["training"]["extra"]["n"]) == (len(records), 1)
    with gzip.open(tmp_path / "lines.txt.gz", "wt", encoding="utf-8") as file:
        file.write("سطر آخر")
    assert "lacks" in fails(capsys, *common, "--overwrite", *texts, command=train_command)
