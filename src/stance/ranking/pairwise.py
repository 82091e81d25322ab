"""Learning what values weigh together.

Fitting wants torch, which camel-tools' own requirements bring; using what was fitted does not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stance.errors import TrainingError
from stance.ranking.factors import Factors
from stance.ranking.fitting import Choices
from stance.ranking.tables import Tables

__all__ = ["FactorSettings", "fit_factors"]

Floats = NDArray[np.float32]
_BATCH = 32
_LEAST_BATCHES = 200
"""Few sentences are seen more often."""
_LOWEST_RATE = 0.02
_OUTPUT_RATE = 3e-3


@dataclass(frozen=True)
class FactorSettings:
    """Settings of :func:`fit_factors`, chosen by cross-validation.

    Attributes
    ----------
    n_factors : int
        Length of a vector in each of the machines.
    machines : int
        Machines from different seeds, whose scores are averaged.
    epochs : int
    rate : float
        Of learning the vectors; it falls to a fiftieth.
    start : float
        Vectors are drawn between this and its negative.
    left_out : float
        Share of a thing's values that are left out at random, each time it is seen.
    dropout : float
        The same for the squares.
    """

    n_factors: int = 8
    machines: int = 4
    epochs: int = 3
    rate: float = 0.02
    start: float = 0.02
    left_out: float = 0.5
    dropout: float = 0.3


def fit_factors(
    choices: Choices, tables: Sequence[Tables], settings: FactorSettings | None = None, seed: int = 0
) -> Factors:
    """Fit factorization machines: the right thing of each sentence against the others in it.

    Parameters
    ----------
    choices : Choices
    tables : sequence of Tables
        As :func:`~stance.ranking.fitting.fit_choices` fitted them on the same; only their values get vectors.
    settings : FactorSettings, optional
    seed : int

    Returns
    -------
    Factors

    Raises
    ------
    TrainingError
        If torch is not installed.

    Notes
    -----
    AdaGrad (Duchi et al. 2011), whose steps are small for values that are often seen; values are left out at random as
    by dropout (Srivastava et al. 2014).  One thread, so that the same input gives the same bits.
    """
    try:
        import torch  # noqa: PLC0415  # heavy, and wanted only here
    except ImportError:
        raise TrainingError(
            "training a reader wants torch, which is not installed; run pip install torch"
        ) from None
    settings = settings or FactorSettings()
    data = _Data(choices, tables)
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        # torch wants to be told whether it shall check the sparse gradients that it makes itself
        unchecked: Any = torch.sparse.check_sparse_tensor_invariants
        with torch.random.fork_rng(devices=[]), unchecked(enable=False):
            machines = [_fit(torch, data, settings, seed + i) for i in range(settings.machines)]
    finally:
        torch.set_num_threads(threads)
    return _join(machines)


class _Data:
    """Sentences as slices of one sparse matrix of things and values."""

    def __init__(self, choices: Choices, tables: Sequence[Tables]) -> None:
        wanted = [
            (template, value)
            for template, table in enumerate(t for kind in tables for t in kind)
            for value in sorted(table)
        ]
        matrix = choices.values(wanted)
        self.n_values = len(wanted)
        self.values = matrix.indices.astype(np.int64)
        self.bounds = matrix.indptr.astype(np.int64)
        self.sizes = np.array(choices.sizes)
        self.first = np.cumsum(self.sizes) - self.sizes
        self.right = np.zeros(matrix.shape[0], np.bool_)
        self.right[
            [at + k for at, ks in zip(self.first.tolist(), choices.right, strict=True) for k in ks]
        ] = True

    def batches(self, random: np.random.RandomState) -> Iterator[NDArray[np.int64]]:
        order = random.permutation(len(self.sizes))
        for k in range(0, len(order), _BATCH):
            yield order[k : k + _BATCH]

    def take(self, sentences: NDArray[np.int64]) -> tuple[NDArray[np.int64], ...]:
        """Return the things of sentences: their values, where each thing's begin, whose they are, which is right."""
        things = _ranges(self.first[sentences], self.sizes[sentences])
        counts = self.bounds[things + 1] - self.bounds[things]
        at = _ranges(self.bounds[things], counts)
        owner = np.repeat(np.arange(len(sentences)), self.sizes[sentences])
        return self.values[at], np.cumsum(counts) - counts, owner, self.right[things]


def _ranges(first: NDArray[np.int64], sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Join the ranges that begin at `first` and are as long as `sizes`."""
    before = np.cumsum(sizes) - sizes
    found: NDArray[np.int64] = np.arange(int(sizes.sum())) + np.repeat(first - before, sizes)
    return found


def _fit(torch: Any, data: _Data, settings: FactorSettings, seed: int) -> tuple[Floats, Floats, Floats]:
    """Fit one machine: what values weigh by themselves, their vectors, what squares weigh."""
    torch.manual_seed(seed)
    random = np.random.RandomState(seed)
    n = settings.n_factors
    bag = torch.nn.EmbeddingBag(data.n_values, n + 1, mode="sum", sparse=True)
    with torch.no_grad():
        bag.weight.uniform_(-settings.start, settings.start)
        bag.weight[:, n] = 0
    centre = torch.zeros(n, requires_grad=True)
    output = (torch.randn(n) * 0.3).requires_grad_()
    of_values = torch.optim.Adagrad(bag.parameters(), lr=settings.rate)
    of_output = torch.optim.Adam([centre, output], lr=_OUTPUT_RATE)
    per_epoch = -(-len(data.sizes) // _BATCH)
    epochs = max(settings.epochs, -(-_LEAST_BATCHES // per_epoch))
    done, steps = 0, epochs * per_epoch
    for _ in range(epochs):
        for sentences in data.batches(random):
            values, starts, owner, right = (torch.from_numpy(x) for x in data.take(sentences))
            kept = (torch.rand(len(values)) >= settings.left_out).float() / (1 - settings.left_out)
            sums = bag(values, starts, per_sample_weights=kept)
            squares = torch.nn.functional.dropout((sums[:, :n] + centre) ** 2, settings.dropout)
            loss = _surprise(torch, squares @ output + sums[:, n], owner, right, len(sentences))
            share = max(_LOWEST_RATE, 1 - done / steps)
            for optimiser, rate in ((of_values, settings.rate), (of_output, _OUTPUT_RATE)):
                optimiser.param_groups[0]["lr"] = rate * share
                optimiser.zero_grad()
            loss.backward()
            of_values.step()
            of_output.step()
            done += 1
    weights, squares_weigh, middle = (x.detach().numpy() for x in (bag.weight, output, centre))
    plain = weights[:, n] + 2 * weights[:, :n] @ (middle * squares_weigh)
    return plain.astype(np.float32), weights[:, :n], squares_weigh


def _surprise(torch: Any, scores: Any, owner: Any, right: Any, n: int) -> Any:
    """Return the mean of minus the logarithm of what the right things have of the odds."""
    top = torch.full((n,), -torch.inf).scatter_reduce(0, owner, scores.detach(), "amax")
    odds = torch.exp(scores - top[owner])
    total = torch.zeros(n).index_add(0, owner, odds)
    hit = torch.zeros(n).index_add(0, owner, odds * right)
    return (torch.log(total) - torch.log(hit + 1e-12)).mean()


def _join(machines: Sequence[tuple[Floats, Floats, Floats]]) -> Factors:
    """Put machines side by side, so that they give the mean of their scores, and round the vectors to bytes."""
    share = 1 / len(machines)
    plain = sum(plain for plain, _, _ in machines) * np.float32(share)
    vectors = np.hstack([vectors for _, vectors, _ in machines])
    scales = np.concatenate([scales for _, _, scales in machines]) * share
    unit = np.maximum(np.abs(vectors).max(axis=0), 1e-9) / 127
    return Factors(
        np.asarray(plain, np.float32),
        np.round(vectors / unit).astype(np.int8),
        (scales * unit * unit).astype(np.float32),
    )
