import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.exceptions import NotFittedError

from stance.errors import TrainingError
from stance.features.analysis import analyze
from stance.features.attention import MAX_CLASSES, flag_keys, flags_of, pool, pool_shares, weigh
from stance.features.counts import Analysed
from stance.features.table import WordTable
from stance.lexicon import Cue, Lexicon
from stance.network import AttentionNetwork


@given(st.lists(st.integers(0, 6), min_size=1, max_size=8), st.integers(1, 3), st.integers(0, 2**32 - 1))
def test_pooling_is_a_softmax_average_text_by_text(lengths, heads, seed):
    random = np.random.RandomState(seed)
    parts = random.randn(sum(lengths), (2 * heads + 1) * 2) * 4
    got = pool(weigh(parts, 2), np.array(lengths), 2)
    first = 0
    for i, n in enumerate(lengths):
        own = parts[first : first + n]
        first += n
        expected = np.zeros(2)
        if n:
            weight = np.exp(own[:, : 2 * heads])
            average = (weight * own[:, 2 * heads : 4 * heads]).sum(0) / weight.sum(0)
            expected = average.reshape(heads, 2).sum(0) + own[:, 4 * heads :].sum(0) / np.sqrt(n)
        np.testing.assert_allclose(got[i], expected, atol=1e-4)  # weights are float32
        np.testing.assert_allclose(pool_shares(weigh(own, 2), 2).sum(0), expected, atol=1e-4)


def test_the_average_of_networks_gives_the_mean_of_their_scores(some_vectors, data):
    texts, truth = data
    alone = [AttentionNetwork(some_vectors, epochs=1, random_state=i).fit(texts, truth) for i in (3, 4, 5)]
    joint = AttentionNetwork(some_vectors, epochs=1, n_networks=3, random_state=3).fit(texts, truth)
    expected = np.mean([network.transform(texts) for network in alone], axis=0)
    np.testing.assert_allclose(joint.transform(texts), expected, atol=1e-5)
    assert np.abs(alone[0].transform(texts) - expected).max() > 1e-3


def test_of_more_pieces_the_most_frequent_are_learned_of(some_vectors, data):
    texts, truth = data
    network = AttentionNetwork(some_vectors, epochs=1, max_pieces=20)
    found = network.encode(Analysed.of(texts, Lexicon.default()))
    counts = dict.fromkeys(found.names.take(np.arange(len(found.names))), 0)
    for token in found.word:
        for name in found.names.take(found.piece[token]):
            counts[name] += 1
    kept = network.fit(texts, truth).pieces_
    assert len(kept) == len(set(kept)) == 20
    words = sum(name.startswith("w=") for name in kept)
    assert 0 < words < 20
    least = min(counts[name] for name in kept)
    assert all(n <= least for name, n in counts.items() if name not in kept)


def test_large_logits_do_not_overflow():
    parts = np.array([[900.0, 2.0, 0.0], [-900.0, 5.0, 0.0]])
    assert pool(weigh(parts, 1), np.array([2]), 1).tolist() == [[2.0]]


def test_flags_are_cues_with_all_words_of_phrases_quotation_and_position(lexicon):
    found = analyze(["أمس دعا «إلى وقف إطلاق نار» فوري في كل مكان من البلاد"], WordTable(lexicon))
    names = [*lexicon.classes, "quoted", "first"]
    flags = flags_of(flag_keys(found, len(lexicon.classes)), len(lexicon.classes))
    marked = [{n for n, f in zip(names, row, strict=True) if f} for row in flags]
    assert marked[:4] == [{"first"}, {"calling", "first"}, {"quoted", "first"}, {"truce", "quoted", "first"}]
    assert marked[4] == marked[5] == marked[3]
    assert marked[7:] == [{"first"}, *[set()] * 4]


@pytest.fixture(scope="module")
def data(some_rows):
    texts = [r.text for r in some_rows]
    truth = [[s in r.stances for s in ("supportive", "warning", "calling_for_ceasefire")] for r in some_rows]
    return texts, np.array(truth).astype(int)


def test_it_learns_what_it_is_shown(data, some_vectors):
    texts, truth = data
    network = AttentionNetwork(some_vectors, epochs=60)
    scores = network.fit(texts, truth).transform(texts)
    assert scores.shape == truth.shape
    assert ((scores > 0) == truth).mean() > 0.9
    shuffled = AttentionNetwork(some_vectors, epochs=60).fit(texts, truth[::-1]).transform(texts)
    assert ((shuffled > 0) == truth).mean() < 0.8


def test_same_seed_same_bits_and_another_seed_others(data, some_vectors):
    texts, truth = data
    first, second, other = (
        AttentionNetwork(some_vectors, epochs=1, random_state=s).fit(texts, truth).weights_ for s in (0, 0, 1)
    )
    for name, array in vars(first).items():
        assert array.tobytes() == getattr(second, name).tobytes()
    assert (first.vector_in != other.vector_in).any()


def test_weights_of_texts_count(data, some_vectors):
    texts, truth = data
    twice = [*texts, *texts], np.vstack([truth, 1 - truth])
    for first, second in ((1.0, 0.01), (0.01, 1.0)):
        weights = np.repeat([first, second], len(texts))
        network = AttentionNetwork(some_vectors, epochs=20).fit(*twice, sample_weight=weights)
        right = ((network.transform(texts) > 0) == truth).mean()
        assert right > 0.75 if first > second else right < 0.25


def test_training_leaves_the_random_state_and_threads_of_torch_alone(data, some_vectors):
    import torch

    state, threads = torch.random.get_rng_state(), torch.get_num_threads()
    AttentionNetwork(some_vectors, epochs=1).fit(*data)
    assert torch.equal(torch.random.get_rng_state(), state)
    assert torch.get_num_threads() == threads


def test_contract(some_vectors):
    network = AttentionNetwork(some_vectors, epochs=3)
    copy = clone(network)
    assert copy.get_params()["epochs"] == 3
    with pytest.raises(NotFittedError):
        copy.transform(["نص"])
    with pytest.raises(TypeError):
        copy.fit("نص", [[1]])
    with pytest.raises(ValueError, match=r"y must have shape \(2, n_outputs\)"):
        copy.fit(["نص", "نص"], [[1, 0, 0]])


def test_names_fit_the_columns(data, some_vectors):
    network = AttentionNetwork(some_vectors, epochs=1).fit(*data)
    assert len(network.get_feature_names_out()) == network.transform(["دعا إلى هدنة"]).shape[1]
    assert network.transform([]).shape == (0, 3)


def test_too_many_cue_classes_are_an_error(data, some_vectors):
    lexicon = Lexicon([Cue(f"class{i}", f"كلمة{i}", "") for i in range(MAX_CLASSES + 1)])
    with pytest.raises(TrainingError, match="has room for"):
        AttentionNetwork(some_vectors, lexicon).fit(*data)


def test_without_torch_the_way_out_is_named(data, some_vectors, monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(TrainingError, match="pip install torch"):
        AttentionNetwork(some_vectors).fit(*data)


def test_importing_the_network_does_not_import_torch():
    code = "import sys, stance.network; print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
