"""Sentences as numbers, for training the network of the reader."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stance.statements.tagging import Tagged, known_form
from stance.statements.traits import Trait, place_traits, side_traits, word_traits

__all__ = ["BATCH", "Examples", "Seen", "number_traits", "pad"]

BATCH = 32
"""Sentences of a batch."""
_JITTER = 6
"""Tokens by which the lengths of a batch may differ from sorted ones."""


@dataclass(frozen=True)
class Seen:
    """A sentence to learn from.

    Attributes
    ----------
    tagged : Tagged
    actors : dict of int to str
        Tokens at which known actors begin, and their sort, without a speaker.
    name : (int, int), optional
        First and last token of the speaker's name.
    speaker : int, optional
        The token at which it begins, the number of tokens if nobody speaks, one more for somebody
        who is left out; None if that is not known.
    held : str
        The stances whose recipient is known, joined by ``|``.
    recipient : tuple of int, optional
        The tokens at which the recipient's name begins, the number of tokens if there is none.
    """

    tagged: Tagged
    actors: Mapping[int, str]
    name: tuple[int, int] | None
    speaker: int | None
    held: str
    recipient: tuple[int, ...] | None

    def column(self, n: int) -> int:
        """Return where the right speaker stands in a batch of `n` tokens: behind them stand the others.

        Parameters
        ----------
        n : int

        Returns
        -------
        int
        """
        at, length = self.speaker or 0, len(self.tagged)
        return at if at < length else at - length + n


def number_traits(seen: Sequence[Seen], word_count: int, trait_count: int) -> dict[Trait, int]:
    """Give numbers to the traits that are frequent enough, sorted.

    Parameters
    ----------
    seen : sequence of Seen
    word_count, trait_count : int
        Tokens that must have a word, or another trait.

    Returns
    -------
    dict of (str, str) to int
    """
    counts: Counter[Trait] = Counter()
    for one in seen:
        for traits in _told(one):
            counts.update(traits)
        if one.recipient is not None:
            for traits in side_traits(one.tagged, one.name, one.held):
                counts.update(traits)
    kept = sorted(t for t, n in counts.items() if n >= (word_count if t[0] == "word" else trait_count))
    return {trait: k for k, trait in enumerate(kept)}


def _told(one: Seen) -> Iterator[list[Trait]]:
    tagged = one.tagged
    for k, token in enumerate(tagged.tokens):
        yield [
            *word_traits(tagged.norms[k], tagged.words[k], token.kind),
            *place_traits(tagged.quoted[k], one.actors.get(k, ""), tagged.stances),
        ]


class Examples:
    """Sentences as numbers; 0 stands for nothing, so numbers of traits and words are one higher.

    Parameters
    ----------
    seen : sequence of Seen
    traits : dict of (str, str) to int
        As :func:`number_traits` gives them.
    words : sequence of str
        The words that have a vector.

    Attributes
    ----------
    told : list of ndarray of int64, shape (n_tokens, n_traits)
        For each sentence the traits of its tokens, the word's own first.
    words : list of ndarray of int64, shape (n_tokens,)
        The tokens' vectors.
    sides : list of ndarray of int64, shape (n_tokens, n_traits)
        Where the tokens stand to the speaker, and the stances whose recipient is known.
    content : list of ndarray of bool, shape (n_tokens,)
    lengths : ndarray of int64, shape (n_sentences,)
    """

    def __init__(self, seen: Sequence[Seen], traits: Mapping[Trait, int], words: Sequence[str]) -> None:
        known = {word: k + 1 for k, word in enumerate(words)}
        self.told = [_table(list(_told(one)), traits) for one in seen]
        self.words = [
            np.array([known.get(known_form(n, known), 0) for n in one.tagged.norms], np.int64) for one in seen
        ]
        self.sides = [_table(side_traits(one.tagged, one.name, one.held), traits) for one in seen]
        self.content = [np.array(one.tagged.content) for one in seen]
        self.seen = seen
        self.lengths = np.array([len(one.tagged) for one in seen])

    def batches(self, random: np.random.RandomState) -> Iterator[NDArray[np.int64]]:
        """Yield the numbers of the sentences of each batch of one pass, sentences of like length together.

        Parameters
        ----------
        random : numpy.random.RandomState

        Yields
        ------
        ndarray of int64
        """
        order = np.argsort(self.lengths + random.uniform(0, _JITTER, len(self.lengths)), kind="stable")
        cut = [order[i : i + BATCH] for i in range(0, len(order), BATCH)]
        for i in random.permutation(len(cut)):
            yield cut[i]


def _table(told: Sequence[Sequence[Trait]], traits: Mapping[Trait, int]) -> NDArray[np.int64]:
    """Give numbers to the traits of every token: the word's own first, 0 where it is not known."""
    width = max((len(t) for t in told), default=1)
    table = np.zeros((len(told), width), np.int64)
    for row, of_token in zip(table, told, strict=True):
        for k, trait in enumerate(of_token):
            row[k] = traits.get(trait, -1) + 1
    return table


def pad(tables: Sequence[NDArray[Any]], length: int) -> NDArray[Any]:
    """Stack arrays, zeros behind what is shorter.

    Parameters
    ----------
    tables : sequence of ndarray, shape (n_tokens, ...)
    length : int
        Of the longest.

    Returns
    -------
    ndarray, shape (n_tables, length, ...)
    """
    shape = [max(t.shape[axis] for t in tables) for axis in range(1, tables[0].ndim)]
    padded = np.zeros((len(tables), length, *shape), tables[0].dtype)
    for row, table in zip(padded, tables, strict=True):
        row[tuple(slice(n) for n in table.shape)] = table
    return padded
