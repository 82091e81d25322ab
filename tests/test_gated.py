"""Gated attention: what it computes, that it can be taken apart, and that the kernel does the same."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from model_folders import LEXICON, TEXTS, write_tiny

from stance.features.gated import (
    BOUND,
    UNIT,
    GatedWeights,
    Rows,
    average_gated,
    gate,
    pool_gated,
    share_gated,
    weight_of,
)
from stance.features.index import KERNEL
from stance.features.pieces import PIECES, PieceNumbers, word_pieces
from stance.features.scorer import Scorer
from stance.model import read_model


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    folder = tmp_path_factory.mktemp("gated") / "model"
    write_tiny(folder)
    return read_model(folder)


sizes = st.tuples(st.integers(1, 3), st.integers(1, 40), st.integers(1, 3))


def some_weights(networks, state, heads, seed=0, n_outputs=4, n_pieces=5, n_dimensions=4, n_flags=None):
    random = np.random.default_rng(seed)

    def some(*shape, size=1.0):
        return (size * random.normal(size=shape)).astype(np.float32)

    n_flags = len(LEXICON.classes) + 2 if n_flags is None else n_flags
    width = 2 * heads * n_outputs
    return GatedWeights(
        random.integers(-40, 40, (networks, n_pieces, state)).astype(np.int8),
        some(networks, size=0.05),
        some(networks, n_dimensions, state, size=0.1),
        some(networks, n_flags, state),
        some(networks, 3, state, state, size=0.4),
        some(networks, state, size=0.3),
        some(networks, state, width),
        some(networks, width),
        some(networks, state, n_outputs),
        random.normal(size=n_outputs),
    )


def rows_of(weights, n, seed):
    random = np.random.default_rng(seed)
    words = weights.word_rows(
        random.integers(-99, 99, (n, weights.vector_in.shape[1])).astype(float),
        random.integers(-1, weights.pieces.shape[1], (n, PIECES)),
    )
    flags = weights.flag_rows(random.integers(0, 2, (n, weights.flag_in.shape[1])).astype(float))
    return words, flags


def each(rows):
    return Rows(rows, np.arange(len(rows)))


def pooled(weights, words, flags, lengths):
    return pool_gated(weights, each(words), each(flags), np.array(lengths))


def by_hand(weights, words, flags):
    """One text, token by token, in double precision."""
    n_state, n_outputs = weights.n_state, len(weights.bias)
    total = np.zeros(n_outputs)
    rows = (words.astype(float) + flags) / UNIT
    parts = rows.reshape(len(rows), 4, weights.n_networks, n_state)
    for k in range(weights.n_networks):
        state = parts[:, 0, k]
        opened = parts[:, 1, k].copy()
        for i in range(len(rows)):
            if i:
                opened[i] += parts[i - 1, 2, k]
            if i + 1 < len(rows):
                opened[i] += parts[i + 1, 3, k]
        gated = state * (1 + np.clip(opened / 2, -1, 1))
        looked = gated @ weights.head_out[k].astype(float) + weights.head_bias[k]
        n = looked.shape[1] // 2
        attention = (1 + np.clip(looked[:, :n], -BOUND, BOUND) / BOUND) ** BOUND
        pooled = (attention * looked[:, n:]).sum(0) / np.maximum(attention.sum(0), 1e-6)
        total += pooled.reshape(-1, n_outputs).sum(0) + gated.max(0) @ weights.largest[k].astype(float)
    return total


@given(sizes, st.lists(st.integers(0, 30), min_size=1, max_size=6), st.integers(0, 2**32 - 1))
@example((2, 32, 2), [0, 1, 9, 0], 1)
def test_scores_are_what_the_description_says_text_by_text(size, lengths, seed):
    weights = some_weights(*size, seed)
    words, flags = rows_of(weights, sum(lengths), seed)
    found = pooled(weights, words, flags, np.array(lengths))
    ends = np.cumsum(lengths)
    for text, (n, end) in enumerate(zip(lengths, ends.tolist(), strict=True)):
        part = slice(end - n, end)
        wanted = by_hand(weights, words[part], flags[part]) if n else np.zeros(len(weights.bias))
        np.testing.assert_allclose(found[text], wanted, rtol=1e-3, atol=1e-3)
        shares = share_gated(weights, each(words[part]), each(flags[part]))
        assert shares.shape == (n, len(weights.bias))
        np.testing.assert_allclose(shares.sum(0), found[text], rtol=1e-4, atol=1e-4)


def test_a_token_depends_on_its_neighbours_and_on_no_other():
    weights = some_weights(1, 8, 1)
    words, flags = rows_of(weights, 7, 0)
    alone = pooled(weights, words, flags, np.ones(7, np.int64))
    together = pooled(weights, words, flags, np.array([7]))
    assert np.abs(alone - pooled(weights, words[::-1], flags[::-1], np.ones(7, np.int64))[::-1]).max() == 0
    turned = pooled(weights, words[::-1], flags[::-1], np.array([7]))
    assert np.abs(together - turned).max() > 1e-3  # before and behind differ
    cut = pooled(weights, words, flags, np.array([3, 4]))
    first = pooled(weights, words[:3], flags[:3], np.array([3]))
    assert (cut[0] == first[0]).all()  # nothing reaches over the end of a text
    whole, other = gate(words, flags, np.array([7])), words.copy()
    other[3] = -other[3]
    changed = (gate(other, flags, np.array([7])) != whole).any(axis=1)
    assert changed.tolist() == [False, False, True, True, True, False, False]


def test_the_mean_of_networks_is_that_of_their_scores():
    networks = [some_weights(1, 8, 2, seed) for seed in range(3)]
    joint = average_gated(networks)
    assert (joint.n_networks, joint.row_length) == (3, 3 * 4 * 8)
    random = np.random.default_rng(5)
    vectors, pieces = random.integers(-99, 99, (9, 4)).astype(float), random.integers(-1, 5, (9, PIECES))
    flags = random.integers(0, 2, (9, networks[0].flag_in.shape[1])).astype(float)
    lengths = np.array([4, 5])
    scores = [
        pooled(one, one.word_rows(vectors, pieces), one.flag_rows(flags), lengths) + one.bias
        for one in [*networks, joint]
    ]
    np.testing.assert_allclose(scores[3], np.mean(scores[:3], axis=0), atol=1e-4)
    factors = np.array([2.0, 0.0, -1.0, 0.5])
    scaled = networks[0].scaled(factors)
    found = pooled(scaled, scaled.word_rows(vectors, pieces), scaled.flag_rows(flags), lengths) + scaled.bias
    np.testing.assert_allclose(found, scores[0] * factors, atol=1e-4)


def test_attention_is_nearly_the_exponential_and_never_overflows():
    logits = np.array([-1e30, -16, -1, 0, 1, 2, 16, 1e30], np.float32)
    found = weight_of(logits)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found[2:6], np.exp(logits[2:6]), rtol=0.15)
    assert found.tolist()[:2] == [0, 0]
    assert found[-1] == found[-2] == 2.0**16


def test_words_have_pieces_and_unknown_ones_have_no_number():
    assert word_pieces("من") == ("w=من", "b2=من", "b3=من", "e2=من", "e3=من")
    numbers = PieceNumbers(["w=في", "x=من", "b3=من", "w==", "nothing"])
    assert numbers.of(["من", "في", "="]).tolist() == [
        [-1, -1, 2, -1, -1],
        [0, -1, -1, -1, -1],
        [3, -1, -1, -1, -1],
    ]
    assert numbers.of([]).shape == (0, PIECES)


@pytest.mark.skipif(KERNEL is None, reason="the kernel was not built on this machine")
@given(sizes, st.integers(0, 2**32 - 1), st.lists(st.sampled_from([*TEXTS, " ".join(TEXTS)]), max_size=5))
@example((2, 32, 2), 0, TEXTS * 3)
def test_the_kernel_gives_the_same(model, size, seed, texts):
    weights = replace(model.weights, gated=some_weights(*size, seed))
    compiled, plain = (Scorer(weights, model.lexicon, compiled=c) for c in (True, False))
    np.testing.assert_allclose(compiled.scores(texts), plain.scores(texts), rtol=1e-12, atol=1e-12)
    for text in texts[:1]:
        shares = compiled.shares(text)
        np.testing.assert_allclose(
            shares.value.sum(0) + compiled.bias, compiled.scores([text])[0], rtol=1e-4, atol=1e-4
        )


def test_a_model_of_the_first_format_still_labels(tmp_path):
    write_tiny(tmp_path / "first", "first")
    model = read_model(tmp_path / "first")
    assert model.config.format == 1
    assert model.weights.gated is None
    compiled, plain = (Scorer(model.weights, model.lexicon, compiled=c) for c in (True, False))
    np.testing.assert_allclose(compiled.scores(TEXTS), plain.scores(TEXTS), rtol=1e-12, atol=1e-12)
    without = Scorer(replace(model.weights, attention=None), model.lexicon)
    assert np.abs(without.scores(TEXTS) - plain.scores(TEXTS)).max() > 0.01
