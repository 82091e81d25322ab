"""The optimisation of gated attention, with torch: from encoded texts to the weights of networks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from stance.features.encoded import Encoded
from stance.features.gated import BOUND, LEAST, GatedWeights, average_gated
from stance.features.vectors import WordVectors
from stance.pytorch import check_torch, one_thread

__all__ = ["Plan", "Task", "frequent_pieces", "train_networks"]

_STATE = 48
_DROPOUT = 0.3
_BATCH = 64
_RAGGED = 6.0
"""Texts are sorted by length with so many tokens' tolerance, so that batches differ from pass to pass."""
_LEARNING_RATE, _WEIGHT_DECAY, _MAX_NORM = 2e-3, 0.01, 2.0
_WARM_UP = 0.1
"""Share of the steps in which the learning rate rises."""
_WORD_COUNT, _PIECE_COUNT = 8, 3
"""Tokens that must have a word, or another piece, to be learned of by itself."""
_PIECE_STEPS = 31
"""Of the largest number that is learned of a piece."""
_WORDLESS = 0.2
"""Share of the tokens of a batch that are known by everything but the word itself."""
_CHOICE_LOSS = 0.3
"""Weight of the loss of the outputs that exclude each other, beside that of the independent ones."""


class Task(NamedTuple):
    """What a network is trained on, beside the texts.

    Attributes
    ----------
    kept : ndarray of int64
        The pieces that it learns of.
    truth : ndarray of float32, shape (n_texts, n_outputs)
    weight : ndarray of float32, shape (n_texts,), or None
    """

    kept: NDArray[np.int64]
    truth: NDArray[np.float32]
    weight: NDArray[np.float32] | None


class Plan(NamedTuple):
    """How networks are trained.

    Attributes
    ----------
    vectors : WordVectors
    n_independent : int
        The first outputs hold or not, each by itself; of the others exactly one holds.
    n_heads, epochs : int
    seeds : sequence of int
        One for each network.
    """

    vectors: WordVectors
    n_independent: int
    n_heads: int
    epochs: int
    seeds: Sequence[int]


def frequent_pieces(found: Encoded, most: int) -> NDArray[np.int64]:
    """Return the pieces of words that enough tokens have.

    Parameters
    ----------
    found : Encoded
    most : int
        Of more than so many, those that most tokens have; of equals the first met.

    Returns
    -------
    ndarray of int64
        Their numbers, sorted.
    """
    tokens = np.bincount(found.word, minlength=len(found.piece))
    counts = np.zeros(len(found.names), np.int64)
    np.add.at(counts, found.piece, tokens[:, None])
    least = np.full(len(counts), _PIECE_COUNT)
    least[found.piece[:, 0]] = _WORD_COUNT  # the first piece of a word is the word
    frequent = np.flatnonzero(counts >= least)
    return np.sort(frequent[np.argsort(-counts[frequent], kind="stable")[:most]])


def train_networks(found: Encoded, task: Task, plan: Plan) -> GatedWeights:
    """Train networks from several seeds.

    Parameters
    ----------
    found : Encoded
        The texts.
    task : Task
    plan : Plan

    Returns
    -------
    GatedWeights
        The mean of the networks.

    Raises
    ------
    TrainingError
        If torch is not installed.
    """
    check_torch("word vectors with attention want", "put attention_weight = 0 into the settings (--config)")
    with one_thread() as torch:
        return average_gated([_optimise(torch, found, task, plan, seed) for seed in plan.seeds])


class _Inputs:
    """The texts as tensors.

    Parameters
    ----------
    torch : module
    found : Encoded
    vectors : ndarray of float32, shape (n_vectors, n_dimensions)
    kept : ndarray of int64
        The pieces that are learned of.
    """

    def __init__(
        self, torch: Any, found: Encoded, vectors: NDArray[np.float32], kept: NDArray[np.int64]
    ) -> None:
        number = np.zeros(len(found.names), np.int64)
        number[kept] = np.arange(1, len(kept) + 1)  # 0 is that of pieces that are not known
        self.torch, self.found = torch, found
        self.pieces, self.vector = torch.tensor(number[found.piece]), torch.tensor(found.vector + 1)
        self.vectors = torch.tensor(np.vstack([np.zeros((1, vectors.shape[1]), np.float32), vectors]))
        self.flags = torch.tensor(found.flags.astype(np.float32))

    def states(self, p: dict[str, Any], at: NDArray[np.int64]) -> Any:
        """Add up what tokens at some places stand for, shape (n, length, n_state)."""
        word = self.torch.tensor(self.found.word[at])
        known = self.pieces[word]
        known[..., 0] *= self.torch.rand(word.shape) >= _WORDLESS
        states = p["pieces"][known].sum(2) + self.vectors[self.vector[word]] @ p["vector_in"]
        return states + self.flags[self.torch.tensor(self.found.flag[at])] @ p["flag_in"]


def _optimise(torch: Any, found: Encoded, task: Task, plan: Plan, seed: int) -> GatedWeights:
    torch.manual_seed(seed)
    stored = plan.vectors.vectors.astype(np.float32)
    scale = float(stored.std()) or 1.0
    inputs = _Inputs(torch, found, stored / scale, task.kept)
    shape = stored.shape[1], found.flags.shape[1], task.truth.shape[1], plan.n_heads
    p = _parameters(torch, len(task.kept) + 1, *shape)
    optimiser = torch.optim.AdamW(p.values(), lr=_LEARNING_RATE, weight_decay=_WEIGHT_DECAY)
    batches = _Batches(found.lengths, seed)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, _Slope(plan.epochs * batches.per_epoch))
    start = np.cumsum(found.lengths) - found.lengths
    for _ in range(plan.epochs):
        for batch in batches.epoch():
            at, inside = _pad(start[batch], found.lengths[batch])
            scores = _forward(torch, p, inputs.states(p, at), torch.tensor(inside))
            counts = None if task.weight is None else torch.tensor(task.weight[batch])
            loss = _loss(torch, scores, torch.tensor(task.truth[batch]), counts, plan.n_independent)
            optimiser.zero_grad()
            loss.backward()
            p["pieces"].grad[0] = 0
            torch.nn.utils.clip_grad_norm_(p.values(), _MAX_NORM)
            optimiser.step()
            schedule.step()
    return _stored({name: value.detach().numpy() for name, value in p.items()}, scale)


def _stored(p: dict[str, NDArray[np.float32]], scale: float) -> GatedWeights:
    """Return the weights as a model keeps them: of one network, what is learned of pieces in whole numbers."""
    unit = np.float32(max(float(np.abs(p["pieces"]).max(initial=0)) / _PIECE_STEPS, 1e-6))
    n_outputs, n_state = len(p["bias"]), p["pieces"].shape[1]
    return GatedWeights(
        pieces=np.rint(p["pieces"][1:] / unit).astype(np.int8)[None],
        piece_units=np.array([unit], np.float32),
        vector_in=(p["vector_in"] / scale).astype(np.float32)[None],
        flag_in=p["flag_in"][None],
        window=p["window"][None],
        window_bias=p["window_bias"][None],
        head_out=p["head_out"][None],
        head_bias=p["head_bias"][None],
        largest=p["largest"].reshape(1, n_state, n_outputs),
        bias=p["bias"].astype(np.float64),
    )


def _parameters(
    torch: Any, n_pieces: int, n_dimensions: int, n_flags: int, n_outputs: int, n_heads: int
) -> dict[str, Any]:
    """Draw the first weights: small ones for what is added up, else by the number of inputs."""
    by_inputs = 1 / (3 * _STATE) ** 0.5
    drawn = {
        "pieces": torch.zeros(n_pieces, _STATE),
        "vector_in": 0.05 * torch.randn(n_dimensions, _STATE),
        "flag_in": 0.05 * torch.randn(n_flags, _STATE),
        "window": by_inputs * torch.randn(3, _STATE, _STATE),
        "window_bias": torch.zeros(_STATE),
        "head_out": by_inputs * torch.randn(_STATE, 2 * n_heads * n_outputs),
        "head_bias": torch.zeros(2 * n_heads * n_outputs),
        "largest": by_inputs * torch.randn(_STATE, n_outputs),
        "bias": torch.zeros(n_outputs),
    }
    return {name: value.requires_grad_() for name, value in drawn.items()}


def _forward(torch: Any, p: dict[str, Any], states: Any, inside: Any) -> Any:
    """Score a padded batch of states, shape (n, length, n_state), as :func:`pool_gated` does."""
    drop = torch.nn.functional.dropout
    n_outputs, outside = len(p["bias"]), ~inside[..., None]
    seen = drop(states, _DROPOUT).masked_fill(outside, 0.0)
    own, before, behind = (seen @ p["window"][k] for k in range(3))
    pad = torch.nn.functional.pad
    sums = own + pad(before[:, :-1], (0, 0, 1, 0)) + pad(behind[:, 1:], (0, 0, 0, 1)) + p["window_bias"]
    gated = drop(states * (1 + (sums / 2).clamp(-1, 1)), _DROPOUT)
    parts = gated @ p["head_out"] + p["head_bias"]
    n = parts.shape[2] // 2
    weights = ((1 + parts[..., :n].clamp(-BOUND, BOUND) / BOUND) ** BOUND).masked_fill(outside, 0.0)
    pooled = (weights * parts[..., n:]).sum(1) / weights.sum(1).clamp(min=LEAST)
    highest = gated.masked_fill(outside, -1e9).amax(1) * inside.any(1)[:, None]
    return p["bias"] + pooled.view(len(parts), -1, n_outputs).sum(1) + highest @ p["largest"]


def _loss(torch: Any, scores: Any, truth: Any, weight: Any, n_independent: int) -> Any:
    f = torch.nn.functional
    each = None if weight is None else weight[:, None]
    loss = f.binary_cross_entropy_with_logits(scores[:, :n_independent], truth[:, :n_independent], each)
    if n_independent < truth.shape[1]:
        given = scores[:, n_independent:], truth[:, n_independent:]
        if weight is None:
            return loss + _CHOICE_LOSS * f.cross_entropy(*given)
        loss = loss + _CHOICE_LOSS * (f.cross_entropy(*given, reduction="none") * weight).mean()
    return loss


def _pad(start: NDArray[np.int64], lengths: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return token numbers, shape (n, longest), and which of them are inside their text."""
    place = np.arange(max(int(lengths.max()), 1))
    inside = place < lengths[:, None]
    return np.where(inside, start[:, None] + place, 0), inside


class _Slope:
    """The factor of the learning rate at each step: up in a straight line, then down."""

    def __init__(self, steps: int) -> None:
        self.steps, self.rising = steps, max(1.0, _WARM_UP * steps)

    def __call__(self, step: int) -> float:
        return min((step + 1) / self.rising, max(0.01, 1 - step / self.steps))


class _Batches:
    """Shuffled batches of texts of like length, which saves padding."""

    def __init__(self, lengths: NDArray[np.int64], seed: int) -> None:
        self.lengths = lengths
        self.random = np.random.RandomState(seed)
        self.per_epoch = -(-len(lengths) // _BATCH)

    def epoch(self) -> Iterator[NDArray[np.int64]]:
        """Yield the row numbers of each batch of one pass."""
        about = self.lengths + self.random.rand(len(self.lengths)) * _RAGGED
        order = np.argsort(about, kind="stable")
        for i in self.random.permutation(self.per_epoch):
            yield order[i * _BATCH : (i + 1) * _BATCH]
