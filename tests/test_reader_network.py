"""The reader's network: what is learned is what is worked out, sentence by sentence or many at once."""

import json
from dataclasses import replace

import numpy as np
import pytest
from model_folders import tiny_network

from stance.actors import Gazetteer
from stance.datasets import annotated, read_rows, read_text
from stance.lexicon import Lexicon
from stance.ranking.convolution import REACH, Batch, Blocks
from stance.reader_training import (
    NetworkConfig,
    ReaderConfig,
    cluster_words,
    find_names,
    measure_reader,
    train_reader,
    word_vectors,
)
from stance.reader_training.examples import Examples, Seen, number_traits
from stance.reader_training.network import _Network, _unit, fit_network
from stance.statements import default_reader_path, read_reader, write_reader
from stance.statements import network as network_module
from stance.statements.finders import MOST_RANKED, NameSpan, SpeakerFinder, actor_starts
from stance.statements.names import NameFinder
from stance.statements.network import DILATIONS, ROLES, NetworkWeights, SpanNetwork
from stance.statements.tagging import Tagger

GAZETTEER = Gazetteer.default()
SHORT = NetworkConfig(dimensions=16, epochs=60, learning_rate=5e-3, word_count=1, trait_count=1)
TEXTS = [
    "وقال وزير الخارجية النرويجي إن بلاده تدعم كابول",
    "«لا هدنة»",
    "حذر",
    "…",
    "دعت كندا، في بيان، طرفي النزاع إلى وقف القتال فورا",
]


@pytest.fixture(scope="module")
def rows(root):
    found = []
    for path in sorted((root / "examples").glob("*.jsonl")):
        found += annotated(read_rows(read_text(path), path.name, "jsonl"), path.name)
    return found


@pytest.fixture(scope="module")
def vectors(root):
    paths = sorted((root / "training" / "statements").glob("*.jsonl"))
    return word_vectors(json.loads(line)["text"] for path in paths for line in read_text(path).splitlines())


@pytest.fixture(scope="module")
def trained(rows, vectors):
    clusters = cluster_words(vectors)
    return train_reader(rows, Lexicon.default(), GAZETTEER, clusters, vectors, ReaderConfig(network=SHORT))


@pytest.fixture(scope="module")
def tagged():
    tagger = Tagger(Lexicon.default(), {"قال": "1"})
    return [tagger.tag(text, stances="warning") for text in TEXTS]


def starts(sentences):
    return [actor_starts(GAZETTEER.find(t.tokens), None) for t in sentences]


@pytest.fixture(scope="module")
def network():
    return SpanNetwork(tiny_network(np.random.default_rng(1)), ["الوزير", "دعا"])


def test_a_sentence_scores_alone_as_among_others(network, tagged):
    together = network.look(tagged, starts(tagged))
    spans = [(1, 3), None, None, None, (1, 1)]
    heard = together.recipients(range(5), spans, ["supportive"] * 5)
    for i, one in enumerate(tagged):
        alone = network.look([one], starts([one]))
        assert len(alone.speakers[0]) == len(one) + ROLES["speaker"]
        assert alone.speakers[0] == together.speakers[i]
        (found,) = alone.recipients([0], [spans[i]], ["supportive"])
        assert len(found) == len(one) + ROLES["recipient"]
        assert found == heard[i]


def test_rankers_are_not_asked_where_the_votes_for_nobody_are_far_ahead():
    finder = SpeakerFinder(read_reader(default_reader_path()), GAZETTEER)
    one = Tagger(Lexicon.default(), {}).tag("قال الوزير إن الخطة جاهزة.")
    nothing = [0.0] * len(one)
    found = finder.find(one, [*nothing, MOST_RANKED, 0.0])
    assert isinstance(found, NameSpan)
    assert found.first == 1
    assert finder.find(one, [*nothing, MOST_RANKED + 0.1, 0.0]) is False
    assert (
        finder.find(one, [*nothing, MOST_RANKED + 0.1, 1.0]) is not False
    )  # somebody left out is not far behind
    assert finder.find(one, [*nothing[:-1], 1.0, MOST_RANKED + 0.1, 0.0]) is not False  # nor is a name


def test_words_are_forgotten_where_there_is_no_more_room(tagged, monkeypatch):
    known = SpanNetwork(tiny_network(np.random.default_rng(1)), ["الوزير", "دعا"])
    expected = [known.look([one], starts([one])).speakers for one in tagged]
    monkeypatch.setattr(network_module, "_KNOWN", 4)  # fewer than some sentence has
    small = SpanNetwork(tiny_network(np.random.default_rng(1)), ["الوزير", "دعا"])
    for _ in range(2):
        assert [small.look([one], starts([one])).speakers for one in tagged] == expected
    assert len(small._words.rows) <= max(map(len, tagged)) < len(known._words.rows)


def test_recipients_depend_on_speaker_and_stances_where_these_are_known():
    weights = tiny_network(np.random.default_rng(1))
    traits = {("held", "warning"): 0, ("side", "before"): 1, ("side", "none"): 2, ("word", "دعا"): 3}
    network = SpanNetwork(replace(weights, traits=traits), ["الوزير", "دعا"])
    one = Tagger(Lexicon.default(), {}).tag("دعا الوزير إلى هدنة")
    view = network.look([one], [{}])
    assert view.recipients([], [], []) == []
    scores = [view.recipients([0], [span], [held])[0] for span in (None, (3, 3)) for held in ("", "warning")]
    assert len({tuple(s) for s in scores}) == 4


def test_blocks_see_as_far_as_their_dilations():
    random = np.random.default_rng(0)
    for dilations in DILATIONS.values():
        n = len(dilations)
        blocks = Blocks(
            dilations,
            random.normal(size=(n, 6, 4)).astype(np.float32),
            random.normal(size=(n, 4)).astype(np.float32),
        )
        batch = Batch([40, 40])
        tokens = random.normal(size=(80, 2)).astype(np.float32)
        before = blocks.run(batch.lay(tokens), batch)
        tokens[20] += 1
        changed = np.flatnonzero((blocks.run(batch.lay(tokens), batch) != before).any(1)) - REACH
        assert (changed.min(), changed.max()) == (20 - sum(dilations), 20 + sum(dilations))
        assert max(dilations) <= REACH


def test_training_works_out_what_use_does(rows, vectors):
    import torch

    tagger = Tagger(Lexicon.default(), cluster_words(vectors))
    seen = []
    for row in rows[:40]:
        one = tagger.tag(row.text, stances="warning")
        seen.append(Seen(one, starts([one])[0], None, one.content.index(True), "warning", (len(one),)))
    config = replace(SHORT, epochs=1, share=0.5, dropout=0.0, word_dropout=0.0)
    weights = fit_network(seen, vectors, config)
    network = SpanNetwork(weights, vectors.words)
    view = network.look([s.tagged for s in seen], [s.actors for s in seen])
    heard = view.recipients(range(40), [None] * 40, ["warning"] * 40)
    surprise = [_surprise(s, o.tagged.content, o.speaker) for s, o in zip(view.speakers, seen, strict=True)]
    surprise = np.mean(surprise) + 0.5 * np.mean(
        [_surprise(h, o.tagged.content, len(o.tagged)) for h, o in zip(heard, seen, strict=True)]
    )
    traits = number_traits(seen, 1, 1)
    assert traits == weights.traits
    p = {k: torch.tensor(v) for k, v in weights.arrays().items()}
    p["values"] = torch.vstack([torch.zeros(1, 16), p["values"] * p["value_steps"][:, None]])
    mapped = torch.vstack([torch.zeros(1, 16), p["vectors"] * p["vector_steps"][:, None]])
    p["map"] = torch.eye(16)
    loss = _Network(torch, p, mapped, config).loss(Examples(seen, traits, vectors.words), np.arange(40))
    assert abs(float(loss) - surprise) < 1e-3


def _surprise(scores, content, right):
    s = np.array([x if k >= len(content) or content[k] else -1e9 for k, x in enumerate(scores)])
    return np.log(np.exp(s - s.max()).sum()) + s.max() - s[right]


def test_what_it_learned_it_finds(trained, rows):
    scores = measure_reader(rows, find_names(trained, rows, GAZETTEER))
    assert scores.speaker_overlap > 0.95
    assert scores.recipient_overlap > 0.9


def test_it_speaks_for_what_the_tables_do_not_know(trained, rows):
    tables = {block: tuple({} for _ in tables) for block, tables in trained.tables.items()}
    tables |= {block: trained.tables[block] for block in ("speaker_end", "recipient_end")}
    scores = measure_reader(rows, find_names(replace(trained, tables=tables), rows, GAZETTEER))
    assert scores.speaker_overlap > 0.7
    assert scores.recipient_overlap > 0.6


def test_same_rows_same_bytes_and_read_back(trained, rows, vectors, tmp_path):
    again = train_reader(
        rows, Lexicon.default(), GAZETTEER, trained.clusters, vectors, ReaderConfig(network=SHORT)
    )
    for name, model in (("one", trained), ("two", again)):
        write_reader(model, tmp_path / name)
    for file in sorted((tmp_path / "one").iterdir()):
        assert file.read_bytes() == (tmp_path / "two" / file.name).read_bytes(), file.name
    found = read_reader(tmp_path / "one").network
    assert found.traits == trained.network.traits
    assert list(found.traits) == sorted(found.traits)
    for name, array in trained.network.arrays().items():
        np.testing.assert_array_equal(found.arrays()[name], array)


def test_vectors_and_clusters_must_be_of_the_same_words(rows, vectors):
    with pytest.raises(ValueError, match="not of the same words"):
        train_reader(rows, Lexicon.default(), GAZETTEER, {"قال": "1"}, vectors)


def test_arrays_make_the_same_weights():
    weights = tiny_network(np.random.default_rng(2))
    again = NetworkWeights.of(weights.traits, weights.arrays())
    for name, array in weights.arrays().items():
        np.testing.assert_array_equal(again.arrays()[name], array)


def test_vectors_count_as_if_their_entries_had_variance_one(vectors):
    stored = vectors.vectors * _unit(vectors)
    assert 0.8 < stored.std() < 1.2


def test_it_looks_at_sentences_with_a_word_alone(trained):
    weights = trained.network
    heads = {
        role: replace(head, others_bias=np.array([0, 500][: ROLES[role]], np.float32))
        for role, head in weights.heads.items()
    }
    sure = NameFinder(replace(trained, network=replace(weights, heads=heads)), GAZETTEER)
    plain = NameFinder(replace(trained, network=None), GAZETTEER)
    tagged = [sure.tagger.tag(text) for text in ("...", "السماء صافية", "« »", "")]
    speaks = [one.speaks for one in sure.find(tagged, ["warning"] * 4)]
    assert speaks[1]
    assert [speaks[i] for i in (0, 2, 3)] == [plain.find([tagged[i]], [""])[0].speaks for i in (0, 2, 3)]
    assert [one.speaks for one in sure.find(tagged[2:], ["", ""])] == speaks[2:]


def test_rows_that_tell_nothing_are_not_learned_from(tagged, vectors):
    one = tagged[0]
    known = Seen(one, {}, None, 0, "", None)
    told = fit_network([known], vectors, SHORT)
    among = fit_network([*[Seen(one, {}, None, None, "", None)] * 40, known], vectors, SHORT)
    assert told.traits == among.traits
    np.testing.assert_array_equal(told.heads["speaker"].out, among.heads["speaker"].out)
