"""Lemmas and segments by camel-tools, on a small morphology of our own; no data of CAMeL is needed."""

import importlib.util
import os
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from sklearn.pipeline import make_pipeline
from test_commands import fails, run

import stance
from stance.classifiers import SentimentClassifier
from stance.cli import train as train_command
from stance.datasets import LabelledRow
from stance.errors import DataError, ModelIntegrityError
from stance.features.analyzers import camel_path, load_analyzer
from stance.features.scorer import Scorer
from stance.features.vectorizer import StatementVectorizer
from stance.model import ModelConfig, read_model
from stance.settings import TrainingConfig
from stance.training import train

NO_NETWORK = """
import socket, sys
def refuse(*args, **more): raise SystemExit("the network was asked")
socket.socket.connect = socket.create_connection = socket.getaddrinfo = refuse
"""


@pytest.fixture(autouse=True)
def fresh():
    load_analyzer.cache_clear()
    yield
    load_analyzer.cache_clear()


@pytest.fixture
def camel(root, monkeypatch):
    monkeypatch.setenv("CAMELTOOLS_DATA", str(root / "tests" / "camel"))
    return load_analyzer("camel")


@pytest.fixture
def missing(tmp_path, monkeypatch):
    monkeypatch.setenv("CAMELTOOLS_DATA", str(tmp_path / "nothing"))
    return tmp_path / "nothing"


@pytest.mark.parametrize(
    ("word", "features"),
    [
        ("والهدنة", ("l=هُدْنَة", "s=و+", "s=ال+", "s=هدنه")),
        ("الْهُدْنَةُ", ("l=هُدْنَة", "s=ال+", "s=هدنه")),
        ("الكوارث", ("l=كارِثَة", "s=ال+", "s=كوارث")),  # a broken plural has the lemma of its singular
        ("وزيرها", ("l=وَزِير", "s=وزير", "s=+ها")),
        ("إتفاق", ("l=اِتِّفاق", "s=اتفاق")),  # in whatever spelling
        ("وقف", ("l=وَقْف", "s=وقف")),  # the model of words says noun, though the verb is likelier
        ("وقفت", ("l=وَقَف", "s=وقفت")),
        ("واشنطن", ()),
        ("12", ()),
        ("abc", ()),
        ("#هدنة", ()),
    ],
)
def test_features_of_a_word(camel, word, features):
    assert camel.features(word) == features


@pytest.mark.usefixtures("camel")
def test_the_vectorizer_counts_them():
    texts = ["حذر الوزير من كارثة", "وقف والهدنة", "وصل الوفد"]
    vectorizer = StatementVectorizer(min_df=1, analyzer="camel")
    X = vectorizer.fit_transform(texts).toarray()
    names = vectorizer.get_feature_names_out().tolist()
    factors = dict(zip(names, np.concatenate(list(vectorizer.factors_.values())), strict=True))
    column = X[:, names.index("l=هُدْنَة")] / factors["l=هُدْنَة"]
    assert column.tolist() == [0, 1, 0]
    assert "s=ال+" in names
    plain = [n for n in names if n[:2] not in ("l=", "s=")]
    assert plain == StatementVectorizer(min_df=1).fit(texts).get_feature_names_out().tolist()


@pytest.mark.usefixtures("camel")
def test_an_unseen_form_is_known_by_its_lemma():
    rows = [("حذر من كارثة", "bad"), ("خشي كارثة", "bad"), ("رحب بالاتفاق", "good"), ("أيد الاتفاق", "good")]
    texts, labels = [t for t, _ in rows] * 3, [s for _, s in rows] * 3

    def odds(text, analyzer):
        features = StatementVectorizer(ngram_range=(9, 9), min_df=1, analyzer=analyzer)
        return (
            make_pipeline(features, SentimentClassifier(C=1.0))
            .fit(texts, labels)
            .decision_function([text])[0]
        )

    assert odds("كوارث", "camel") < odds("كوارث", "") - 0.1  # nearer to "bad"


@pytest.fixture
def rows(some_rows):
    more = [("حذر الوزير من كارثة", "warning"), ("وقف القتال والهدنة", "calling_for_ceasefire")] * 6
    return some_rows + [LabelledRow(t, (s,), "neutral", f"m-{i}", f"m:{i}") for i, (t, s) in enumerate(more)]


@pytest.mark.usefixtures("camel")
def test_a_trained_model_labels_with_them(rows, some_vectors):
    config = TrainingConfig(
        analyzer="camel", ngram_range=(3, 3), min_df=3, attention_heads=2, attention_epochs=1
    )
    trained = train(rows, config=config, vectors=some_vectors, folds=2)
    assert trained.model.config.analyzer == trained.model.weights.analyzer == "camel"
    assert "l=هُدْنَة" in trained.model.weights.names["ngrams"]
    texts = [r.text for r in rows[-40:]] + ["حذرت من الكوارث والهدنة", ""]
    scorers = [Scorer(trained.model.weights, trained.model.lexicon, compiled=c) for c in (True, False)]
    scores = [s.scores(texts) for s in scorers]
    assert np.allclose(*scores, rtol=0, atol=1e-9)
    bare = replace(trained.model.weights, analyzer="")
    assert np.abs(scores[0] - Scorer(bare, trained.model.lexicon).scores(texts)).max() > 0.01
    p = trained.pipelines["stance"].predict_proba(texts[:-1])
    model = stance.Predictor(trained.model)
    assert np.allclose(model.predict_proba(texts[:-1]), p, atol=1e-4)
    found = model.explain("حذر الوزير من الكوارث")
    shares = sum(w.shares["warning"] for w in found.words)
    assert found.bias["warning"] + shares == pytest.approx(found.log_odds["warning"])


@pytest.mark.usefixtures("camel")
def test_the_command_and_a_machine_without_the_data(capsys, labelled_file, tmp_path, monkeypatch):
    settings = tmp_path / "fast.toml"
    settings.write_text("ngram_range = [3, 3]\nmin_df = 3\n")
    options = ("-o", tmp_path / "m", "--config", settings, "--folds", 2, "--analyzer", "camel")
    code, _, _ = run(capsys, labelled_file, *options, "--jobs", 2, command=train_command)
    assert code == 0
    assert read_model(tmp_path / "m").config.training["config"]["analyzer"] == "camel"
    assert stance.load(tmp_path / "m").predict(["حذر الوزير من الكوارث"])
    load_analyzer.cache_clear()
    monkeypatch.setenv("CAMELTOOLS_DATA", str(tmp_path / "nothing"))
    said = fails(capsys, "explain", "حذر الوزير", "--model", tmp_path / "m")
    assert "camel_data -i light" in said


def test_training_without_the_data_fails_before_the_work(missing, capsys, labelled_file, tmp_path):
    said = fails(capsys, labelled_file, "-o", tmp_path / "m", "--analyzer", "camel", command=train_command)
    assert f"{missing} holds no data of CAMeL" in said
    assert "camel_data -i light" in said
    assert not (tmp_path / "m").exists()


@pytest.mark.parametrize("there", [True, False])
def test_the_network_is_never_asked(root, tmp_path, there):
    code = (
        NO_NETWORK
        + "from stance.features.analyzers import load_analyzer\nprint(load_analyzer('camel').features('هدنة'))"
    )
    home = {**os.environ, "HOME": str(tmp_path), "PYTHONIOENCODING": "utf-8"}
    home.pop("CAMELTOOLS_DATA", None)
    if there:
        home["CAMELTOOLS_DATA"] = str(root / "tests" / "camel")
    done = subprocess.run(
        [sys.executable, "-c", code], env=home, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert "the network was asked" not in done.stderr
    if there:
        assert done.stdout.strip() == "('l=هُدْنَة', 's=هدنه')"
    else:
        assert f"{tmp_path / '.camel_tools'} holds no data of CAMeL" in done.stderr


def test_nothing_of_camel_is_imported_without_the_option():
    code = (
        "import sys, stance, stance.training; stance.load().predict(['حذر الوزير'])\n"
        "print([m for m in sys.modules if m.startswith(('camel_tools.data', 'camel_tools.disambig'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.usefixtures("camel")
def test_damaged_data_and_unknown_names(root, tmp_path, monkeypatch):
    with pytest.raises(DataError, match="'farasa' is unknown; use camel"):
        load_analyzer("farasa")
    with pytest.raises(DataError, match="analyzer must be one of camel"):
        TrainingConfig.from_toml('analyzer = "farasa"', "a.toml")
    monkeypatch.setenv("CAMELTOOLS_DATA", str(tmp_path))
    (tmp_path / "catalogue.json").write_bytes((root / "tests" / "camel" / "catalogue.json").read_bytes())
    load_analyzer.cache_clear()
    with pytest.raises(DataError, match=r"morphology\.db is not there; run camel_data -i light"):
        load_analyzer("camel")
    for path in (
        camel_file(tmp_path, "morphology_db", "morphology.db"),
        camel_file(tmp_path, "disambig_mle", "model.json"),
    ):
        path.parent.mkdir(parents=True)
        path.write_text("{", encoding="utf-8")
    with pytest.raises(DataError, match="cannot be read"):
        load_analyzer("camel")


def camel_file(folder, component, name):
    return folder / "data" / component / "calima-msa-r13" / name


def test_a_model_with_an_unknown_analyzer_is_refused(small_model):
    text = read_model(small_model).config.to_json()
    assert ModelConfig.from_json(text, "config.json").analyzer == ""
    with pytest.raises(ModelIntegrityError, match="analyzer must be one of camel"):
        ModelConfig.from_json(text.replace('"analyzer": ""', '"analyzer": "farasa"', 1), "config.json")


@pytest.fixture
def example(root):
    spec = importlib.util.spec_from_file_location("label_camel", root / "examples" / "label_camel.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.usefixtures("camel")
def test_labels_side_by_side(example, capsys, monkeypatch):
    ours = [s.sentiment for s in stance.read(example.ARTICLE.read_text("utf-8"))]
    theirs = ["negative", *ours[1:]] if ours[0] != "negative" else ["positive", *ours[1:]]
    monkeypatch.setattr(example, "camel_sentiments", lambda texts: theirs[: len(texts)])
    assert example.main(["--lemmas"]) == 0
    out = capsys.readouterr().out
    assert out.count("*") == 2  # the one that differs, and the legend
    assert f"same sentiment in {len(ours) - 1} of {len(ours)} statements" in out
    assert out.count("\n") == 2 * len(ours) + 2
    assert example.lemmas("والهدنة أمس") == ["هُدْنَة", "أمس"]


@pytest.mark.usefixtures("missing")
def test_the_example_names_the_command(example, capsys):
    assert example.main([]) == 1
    assert "run camel_data -i defaults" in capsys.readouterr().err
    with pytest.raises(DataError, match="camel_data -i defaults"):
        camel_path("SentimentAnalysis", package="defaults")


@pytest.mark.usefixtures("camel")
def test_a_requirement_of_camel_tools_that_is_missing(monkeypatch):
    load_analyzer.cache_clear()
    monkeypatch.setitem(sys.modules, "camel_tools.disambig.mle", None)
    with pytest.raises(DataError, match="is missing; run pip install camel-tools"):
        load_analyzer("camel")
