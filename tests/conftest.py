import json
import signal
import sys
from dataclasses import replace
from pathlib import Path

import hypothesis
import pytest

import stance
from stance.card import model_card
from stance.datasets import LabelColumns, LabelledRow, find_labels, labelled, read_rows, read_text
from stance.features.vectors import train_vectors
from stance.lexicon import Cue, Lexicon
from stance.settings import TrainingConfig
from stance.training import train

sys.path.insert(0, str(Path(__file__).parent))
hypothesis.settings.register_profile("unhurried", deadline=None)  # a busy machine is no fault of the code
hypothesis.settings.load_profile("unhurried")
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell has what runs in its background ignore it
ROOT = Path(__file__).resolve().parent.parent
SMALL = TrainingConfig(min_df=2, ngram_range=(3, 4), attention_heads=2, attention_epochs=2)


@pytest.fixture(scope="session")
def root():
    return ROOT


@pytest.fixture(scope="session")
def own_rows() -> list[LabelledRow]:
    rows = []
    for path in sorted((ROOT / "training" / "statements").glob("*.jsonl")):
        rows += labelled(read_rows(read_text(path), path.name, "jsonl"), path.name)
    return rows


@pytest.fixture(scope="session")
def some_rows(own_rows):
    """Every fifth document: enough of every label, quickly trained."""
    groups = sorted({r.group for r in own_rows})[::5]
    kept = set(groups)
    return [r for r in own_rows if r.group in kept]


@pytest.fixture(scope="session")
def some_vectors(some_rows):
    return train_vectors([r.text for r in some_rows], n_dimensions=10, min_count=3)


@pytest.fixture(scope="session")
def trained(some_rows, some_vectors):
    done = train(some_rows, config=SMALL, vectors=some_vectors, folds=3, name="small")
    return replace(done, model=replace(done.model, card=model_card(done.model.config, "")))


@pytest.fixture(scope="session")
def small_model(trained, tmp_path_factory):
    from stance.model import write_model

    path = tmp_path_factory.mktemp("models") / "small"
    write_model(trained.model, path)
    return path


@pytest.fixture(scope="session")
def topics_model(tmp_path_factory):
    """A model of labels of one's own, one a text."""
    from test_any_labels import FAST, rows_of, topics

    from stance.model import write_model

    path = tmp_path_factory.mktemp("models") / "topics"
    rows = rows_of(list(topics()), LabelColumns(None, "topic", own=False))
    write_model(train(rows, config=FAST, labels=find_labels(rows), folds=3, name="topics").model, path)
    return path


@pytest.fixture(scope="session")
def model():
    return stance.load()


@pytest.fixture
def lexicon():
    return Lexicon(
        [
            Cue("calling", "دعا/يدعو", ""),
            Cue("truce", "هدنة", ""),
            Cue("truce", "وقف إطلاق نار", ""),
            Cue("negation", "=لم", ""),
        ]
    )


@pytest.fixture(scope="session")
def labelled_file(some_rows, tmp_path_factory):
    path = tmp_path_factory.mktemp("data") / "rows.jsonl"
    lines = [
        {"id": f"{r.group}:0", "text": r.text, "stances": list(r.stances), "sentiment": r.sentiment}
        for r in some_rows
    ]
    path.write_text("".join(json.dumps(x, ensure_ascii=False) + "\n" for x in lines), encoding="utf-8")
    return path
