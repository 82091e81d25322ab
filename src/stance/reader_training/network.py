"""Training the network of the reader.

Fitting wants torch, which camel-tools' own requirements bring; using what was fitted does not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stance.features.vectors import VECTOR_STEP, WordVectors
from stance.pytorch import one_thread
from stance.ranking.convolution import WIDTH, Head
from stance.reader_training.examples import BATCH, Examples, Seen, number_traits, pad
from stance.statements.network import DILATIONS, ROLES, NetworkWeights, shapes_of
from stance.statements.traits import Trait

__all__ = ["NetworkConfig", "fit_network"]

_WARM_UP, _MAX_NORM = 300, 2.0
_RECIPIENT_LOSS = 0.5
_STEP = 0.01
"""The finest unit of vectors: of small ones a few values are left, which compress well and change next to no answer."""
_MAP = 0.05
"""Standard deviation of the first weights by which word vectors become vectors of tokens."""
_NEVER = -1e9


@dataclass(frozen=True)
class NetworkConfig:
    """Settings of the network's training, chosen by cross-validation.

    Attributes
    ----------
    dimensions : int
        Of the vectors of tokens.
    epochs : int
    learning_rate, weight_decay : float
    dropout : float
        Of what blocks and heads look at.
    word_dropout : float
        How often a word is hidden, so that its letters, its use and its neighbours must do.
    word_count, trait_count : int
        Tokens of the training rows that must have a word, or another trait.
    share : float
        Of the network in the sum with the rankers.
    seed : int
    """

    dimensions: int = 64
    epochs: int = 5
    learning_rate: float = 2e-3
    weight_decay: float = 0.01
    dropout: float = 0.3
    word_dropout: float = 0.2
    word_count: int = 3
    trait_count: int = 2
    share: float = 0.45
    seed: int = 0


def fit_network(seen: Sequence[Seen], vectors: WordVectors, config: NetworkConfig) -> NetworkWeights:
    """Train the network.

    Parameters
    ----------
    seen : sequence of Seen
    vectors : WordVectors
    config : NetworkConfig

    Returns
    -------
    NetworkWeights

    Raises
    ------
    ImportError
        If torch is not installed, see :func:`stance.pytorch.check_torch`.

    Notes
    -----
    AdamW (Loshchilov and Hutter 2019) with a linear warm-up and decay, batches of sentences of like
    length, dropout.  One thread, so that the same input gives the same bits.
    """
    sentences = [
        s for s in seen if any(s.tagged.content) and (s.speaker is not None or s.recipient is not None)
    ]
    traits = number_traits(sentences, config.word_count, config.trait_count)
    examples = Examples(sentences, traits, vectors.words)
    with one_thread() as torch:
        torch.manual_seed(config.seed)
        learned = _optimise(torch, examples, vectors, len(traits), config)
    return _weights(learned, traits, vectors, config)


def _parameters(torch: Any, n_traits: int, n_inputs: int, n: int) -> dict[str, Any]:
    """Draw the first weights, of variance one over the inputs; nothing is told of traits yet."""
    drawn = {"values": torch.zeros(n_traits + 1, n), "map": torch.randn(n_inputs, n) * _MAP}
    for name, (_, shape) in shapes_of(0, 0, n).items():
        if name in ("values", "value_steps", "vectors", "vector_steps"):
            continue
        inputs = shape[-2] if len(shape) > 1 else n
        zero = name.endswith("_bias")
        drawn[name] = torch.zeros(shape) if zero else torch.randn(shape) / inputs**0.5
    return {name: value.requires_grad_() for name, value in drawn.items()}


def _optimise(
    torch: Any, examples: Examples, vectors: WordVectors, n_traits: int, config: NetworkConfig
) -> dict[str, NDArray[np.float32]]:
    stored = np.vstack([np.zeros(vectors.vectors.shape[1]), vectors.vectors * _unit(vectors)])
    p = _parameters(torch, n_traits, stored.shape[1], config.dimensions)
    net = _Network(torch, p, torch.tensor(stored, dtype=torch.float32), config)
    random = np.random.RandomState(config.seed)
    optimiser = torch.optim.AdamW(p.values(), lr=config.learning_rate, weight_decay=config.weight_decay)
    steps, step = config.epochs * -(-len(examples.seen) // BATCH), 0
    warm_up = min(_WARM_UP, 1 + steps // 10)
    for _ in range(config.epochs):
        for batch in examples.batches(random):
            rate = config.learning_rate * min(1.0, (step + 1) / warm_up) * (1 - step / steps)
            for group in optimiser.param_groups:
                group["lr"] = rate
            loss = net.loss(examples, batch)
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(p.values(), _MAX_NORM)
            optimiser.step()
            step += 1
    return {name: value.detach().numpy().astype(np.float32) for name, value in p.items()}


class _Network:
    """What :class:`stance.statements.network.SpanNetwork` works out, with dropout and slopes."""

    def __init__(self, torch: Any, p: Mapping[str, Any], vectors: Any, config: NetworkConfig) -> None:
        self.torch, self.p, self.vectors, self.config = torch, p, vectors, config

    def loss(self, examples: Examples, batch: NDArray[np.int64]) -> Any:
        """Return the mean surprise at who speaks and who is spoken of."""
        torch, p, f = self.torch, self.p, self.torch.nn.functional
        seen, n = [examples.seen[i] for i in batch], int(examples.lengths[batch].max())
        inside = torch.tensor(np.arange(n) < examples.lengths[batch][:, None])
        content = torch.tensor(pad([examples.content[i] for i in batch], n))
        told = torch.tensor(pad([examples.told[i] for i in batch], n))
        told[..., 0] *= torch.rand(told.shape[:2]) > self.config.word_dropout
        rows = f.embedding(told, p["values"], padding_idx=0).sum(2)
        words = torch.tensor(pad([examples.words[i] for i in batch], n))
        shared = self._run("shared", rows + self.vectors[words] @ p["map"], inside)
        scores = self._scores("speaker", self._run("speaker", shared, inside), inside, content)
        known = [i for i, one in enumerate(seen) if one.speaker is not None]
        right = [seen[i].column(n) for i in known]
        loss = f.cross_entropy(scores[known], torch.tensor(right)) if known else 0.0
        held = [i for i, one in enumerate(seen) if one.recipient is not None]
        if not held:
            return loss
        sides = torch.tensor(pad([examples.sides[batch[i]] for i in held], n))
        rows = shared[held] + f.embedding(sides, p["values"], padding_idx=0).sum(2)
        open_ = content[held].clone()
        wanted = torch.zeros((len(held), n + 1), dtype=torch.bool)
        for k, i in enumerate(held):
            one = seen[i]
            if one.name is not None:
                open_[k, one.name[0] : one.name[1] + 1] = False
            wanted[k, [n if at == len(one.tagged) else at for at in one.recipient or ()]] = True
        rows = self._run("recipient", rows, inside[held])
        scores = self._scores("recipient", rows, inside[held], open_)
        missed = torch.logsumexp(scores, 1) - torch.logsumexp(scores.masked_fill(~wanted, _NEVER), 1)
        return loss + _RECIPIENT_LOSS * missed.mean()

    def _run(self, name: str, rows: Any, inside: Any) -> Any:
        torch, f = self.torch, self.torch.nn.functional
        n = rows.shape[1]
        for k, dilation in enumerate(DILATIONS[name]):
            weight, bias = self.p[f"{name}_blocks"][k], self.p[f"{name}_blocks_bias"][k]
            seen = f.dropout(rows, self.config.dropout) * inside[..., None]
            reach = dilation * (WIDTH // 2)
            padded = f.pad(seen, (0, 0, reach, reach))
            joined = torch.cat([padded[:, i * dilation : i * dilation + n] for i in range(WIDTH)], 2)
            added, gate = torch.tanh(joined @ weight + bias).chunk(2, 2)
            rows = rows + added * (0.5 + 0.5 * gate)
        return rows

    def _scores(self, name: str, rows: Any, inside: Any, open_: Any) -> Any:
        torch, f = self.torch, self.torch.nn.functional
        p = {field.name: self.p[f"{name}_{field.name}"] for field in fields(Head)}
        rows = f.dropout(rows, self.config.dropout)
        tokens = torch.tanh(rows @ p["hidden"] + p["hidden_bias"]) @ p["out"]
        outside = ~inside
        weights = (rows @ p["attention"]).masked_fill(outside, _NEVER).softmax(1)
        average = (rows * weights[..., None]).sum(1)
        pooled = torch.cat([average, rows.masked_fill(outside[..., None], _NEVER).amax(1)], 1)
        hidden = f.dropout(torch.tanh(pooled @ p["whole"] + p["whole_bias"]), self.config.dropout)
        others = hidden @ p["whole_out"] + p["others_bias"]
        return torch.cat([tokens.masked_fill(~open_, _NEVER), others], 1)


def _weights(
    learned: Mapping[str, NDArray[np.float32]],
    traits: Mapping[Trait, int],
    vectors: WordVectors,
    config: NetworkConfig,
) -> NetworkWeights:
    """Round vectors to bytes, and let the scores count by the network's share."""
    arrays: dict[str, NDArray[Any]] = {k: v for k, v in learned.items() if k not in ("values", "map")}
    arrays["values"], arrays["value_steps"] = _bytes(learned["values"][1:])
    arrays["vectors"], arrays["vector_steps"] = _bytes(
        (vectors.vectors * _unit(vectors)).astype(np.float32) @ learned["map"]
    )
    weight = np.float32(config.share / (1 - config.share))
    for role in ROLES:
        for name in (f"{role}_out", f"{role}_whole_out", f"{role}_others_bias"):
            arrays[name] = arrays[name] * weight
    return NetworkWeights.of(traits, arrays)


def _unit(vectors: WordVectors) -> np.float32:
    """Return by what stored vectors are multiplied: their entries have variance one then."""
    return np.float32(VECTOR_STEP * vectors.vectors.shape[1] ** 0.5)


def _bytes(rows: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    steps = np.maximum(np.abs(rows).max(1, initial=0.0) / 127, _STEP).astype(np.float32)
    return np.round(rows / steps[:, None]).astype(np.int8), steps
