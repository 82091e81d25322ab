"""The network of the reader: who speaks, and to whom, by what stands around every word.

Its scores are added to those of the rankers.  Tokens are described by :mod:`stance.statements.traits`,
and by a vector of how the word is used.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from stance.locks import Locked
from stance.ranking.convolution import WIDTH, Batch, Blocks, Floats, Head
from stance.statements.tagging import Tagged, Word, known_form
from stance.statements.traits import Trait, place_traits, side_traits, word_traits

__all__ = ["DILATIONS", "ROLES", "NetworkWeights", "SpanNetwork", "View", "shapes_of"]

DILATIONS = {"shared": (1, 2), "speaker": (4, 1), "recipient": (1, 2, 4)}
"""The blocks: those that all see, then those for speakers and for recipients."""
ROLES = {"speaker": 2, "recipient": 1}
"""Whose names are looked for, and how many other things compete with them: nobody speaks, somebody who is
left out; nobody is spoken of."""
_Key = TypeVar("_Key", bound=Hashable)
_KNOWN = 50_000


@dataclass(frozen=True, eq=False)
class NetworkWeights:
    """What the network has learned.

    Attributes
    ----------
    traits : dict of (str, str) to int
        Row of `values` of each trait.
    values : ndarray of int8, shape (n_traits, n_dimensions)
        Vectors of traits.
    value_steps : ndarray of float32, shape (n_traits,)
        Their units.
    vectors : ndarray of int8, shape (n_words, n_dimensions)
        Of the words in clusters, sorted by word.
    vector_steps : ndarray of float32, shape (n_words,)
    blocks : dict of str to Blocks
        By the names in :data:`DILATIONS`.
    heads : dict of str to Head
        By the names in :data:`ROLES`.
    """

    traits: Mapping[Trait, int]
    values: NDArray[np.int8]
    value_steps: Floats
    vectors: NDArray[np.int8]
    vector_steps: Floats
    blocks: Mapping[str, Blocks]
    heads: Mapping[str, Head]

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return all arrays by the names that they have in files.

        Returns
        -------
        dict of str to ndarray
        """
        found: dict[str, NDArray[Any]] = {
            name: getattr(self, name) for name in ("values", "value_steps", "vectors", "vector_steps")
        }
        for name, blocks in self.blocks.items():
            found |= {f"{name}_blocks": blocks.weight, f"{name}_blocks_bias": blocks.bias}
        for name, head in self.heads.items():
            found |= {f"{name}_{f.name}": getattr(head, f.name) for f in fields(Head)}
        return found

    def sum(self, traits: Iterable[Trait]) -> Floats:
        """Add up the vectors of traits; those that it has not learned weigh nothing.

        Parameters
        ----------
        traits : iterable of (str, str)

        Returns
        -------
        ndarray of float32, shape (n_dimensions,)
        """
        numbers = [self.traits[t] for t in traits if t in self.traits]
        added: Floats = self.value_steps[numbers] @ self.values[numbers].astype(np.float32)
        return added

    @classmethod
    def of(cls, traits: Mapping[Trait, int], arrays: Mapping[str, NDArray[Any]]) -> NetworkWeights:
        """Make weights of arrays named as :meth:`arrays` names them.

        Parameters
        ----------
        traits : dict of (str, str) to int
        arrays : dict of str to ndarray
            Of the shapes of :func:`shapes_of`.

        Returns
        -------
        NetworkWeights
        """
        blocks = {
            name: Blocks(dilations, arrays[f"{name}_blocks"], arrays[f"{name}_blocks_bias"])
            for name, dilations in DILATIONS.items()
        }
        heads = {name: Head(**{f.name: arrays[f"{name}_{f.name}"] for f in fields(Head)}) for name in ROLES}
        return cls(
            traits,
            arrays["values"],
            arrays["value_steps"],
            arrays["vectors"],
            arrays["vector_steps"],
            blocks,
            heads,
        )


def shapes_of(n_traits: int, n_words: int, n_dimensions: int) -> dict[str, tuple[type, tuple[int, ...]]]:
    """Return the types and shapes of the arrays of a network.

    Parameters
    ----------
    n_traits, n_words, n_dimensions : int

    Returns
    -------
    dict of str to (type, tuple of int)
    """
    n = n_dimensions
    found: dict[str, tuple[type, tuple[int, ...]]] = {
        "values": (np.int8, (n_traits, n)),
        "value_steps": (np.float32, (n_traits,)),
        "vectors": (np.int8, (n_words, n)),
        "vector_steps": (np.float32, (n_words,)),
    }
    for name, dilations in DILATIONS.items():
        found[f"{name}_blocks"] = (np.float32, (len(dilations), WIDTH * n, 2 * n))
        found[f"{name}_blocks_bias"] = (np.float32, (len(dilations), 2 * n))
    for name, others in ROLES.items():
        shapes = {
            "hidden": (n, n), "hidden_bias": (n,), "out": (n,), "attention": (n,), "whole": (2 * n, n),
            "whole_bias": (n,), "whole_out": (n, others), "others_bias": (others,),
        }  # fmt: skip
        found |= {f"{name}_{field}": (np.float32, shape) for field, shape in shapes.items()}
    return found


class SpanNetwork:
    """Looks at sentences.  Safe to share between threads; what it remembers of words changes no result.

    Parameters
    ----------
    weights : NetworkWeights
    words : iterable of str
        The words in clusters, sorted: those that have a vector.
    """

    def __init__(self, weights: NetworkWeights, words: Iterable[str]) -> None:
        self._weights = weights
        self._number = {word: k for k, word in enumerate(words)}
        self._words = _Words(_KNOWN, weights.values.shape[1])
        self._learning = Locked()
        self._told: dict[tuple[bool, str, str], Floats] = {}

    def look(self, sentences: Sequence[Tagged], actors: Sequence[Mapping[int, str]]) -> View:
        """Look at sentences; their number decides how much memory that takes.

        Parameters
        ----------
        sentences : sequence of Tagged
            Each of a token at least.
        actors : sequence of dict of int to str
            For each sentence the tokens at which known actors begin, and their sort, see
            :func:`stance.statements.finders.actor_starts`, without a speaker.

        Returns
        -------
        View
        """
        forms = [token[:2] for tagged in sentences for token in tagged.tokens]  # norm and kind
        words = self._words
        numbers = list(map(words.numbers.get, forms))
        if None in numbers:
            words = self._learned(dict(zip(forms, (w for t in sentences for w in t.words), strict=True)))
            numbers = [words.numbers[form] for form in forms]
        rows = words.rows[np.array(numbers)]
        rows += self._places(sentences, actors)
        return View(self._weights, sentences, rows)

    def _learned(self, forms: Mapping[tuple[str, str], Word]) -> _Words:
        """Work out the vectors of words, and remember them; return what is known then, all of these among it."""
        with self._learning.lock:
            words = self._words
            if len(words.numbers) + len(forms) > len(words.rows):
                # who still looks at the old ones keeps them
                words = _Words(max(_KNOWN, len(forms)), words.rows.shape[1])
            for form, word in forms.items():
                if form not in words.numbers:
                    words.rows[len(words.numbers)] = self._vector(form, word)
                    words.numbers[form] = len(words.numbers)  # only now do other threads see it
            self._words = words
        return words

    def _places(self, sentences: Sequence[Tagged], actors: Sequence[Mapping[int, str]]) -> Floats:
        """Return what tokens are told by their places; most of a sentence's have the same."""
        numbers: dict[tuple[bool, str, str], int] = {}
        order: list[int] = []
        for tagged, known in zip(sentences, actors, strict=True):
            taken, first = tagged.stances, len(order)
            outside = numbers.setdefault((False, "", taken), len(numbers))
            inside = numbers.setdefault((True, "", taken), len(numbers))
            if tagged.quotes:
                order += [inside if quoted else outside for quoted in tagged.quoted]
            else:
                order += [inside if tagged.quoted[0] else outside] * len(tagged)
            for k, actor in known.items():
                order[first + k] = numbers.setdefault((tagged.quoted[k], actor, taken), len(numbers))
        told = self._told = self._told if len(self._told) < _KNOWN else {}
        for place in numbers:
            if place not in told:
                told[place] = self._weights.sum(place_traits(*place))
        return _table([told[place] for place in numbers])[order]

    def _vector(self, form: tuple[str, str], word: Word) -> Floats:
        weights, number = self._weights, self._number.get(known_form(form[0], self._number))
        row = weights.sum(word_traits(form[0], word, form[1]))
        return row if number is None else row + weights.vectors[number] * weights.vector_steps[number]


class _Words:
    """Vectors of words that were met: a row for each of `numbers`, and room for more."""

    def __init__(self, room: int, n_dimensions: int) -> None:
        self.numbers: dict[tuple[str, str], int] = {}
        self.rows = np.empty((room, n_dimensions), np.float32)


def _numbered(keys: Sequence[_Key]) -> tuple[dict[_Key, int], list[int]]:
    """Give numbers to distinct keys as they come; return these, and that of every key."""
    numbers: dict[_Key, int] = {}
    return numbers, [numbers.setdefault(key, len(numbers)) for key in keys]


def _table(rows: list[Floats]) -> Floats:
    return np.concatenate(rows).reshape(len(rows), -1)


class View:
    """What the network has seen of a batch of sentences.

    Parameters
    ----------
    weights : NetworkWeights
    sentences : sequence of Tagged
    rows : ndarray of float32, shape (n_tokens, n_dimensions)
        Vectors of their tokens, sentence after sentence.

    Attributes
    ----------
    speakers : list of list of float
        For each sentence a score for every token at which the speaker's name may begin, then one
        for "nobody speaks" and one for "somebody who is left out".
    """

    def __init__(self, weights: NetworkWeights, sentences: Sequence[Tagged], rows: Floats) -> None:
        self._weights = weights
        self._sentences = sentences
        self._batch = Batch([len(tagged) for tagged in sentences])
        self._shared = weights.blocks["shared"].run(self._batch.lay(rows), self._batch)
        self.speakers = self._scores("speaker", self._shared, self._batch)

    def _scores(self, role: str, rows: Floats, batch: Batch) -> list[list[float]]:
        return self._weights.heads[role].scores(self._weights.blocks[role].run(rows, batch), batch)

    def recipients(
        self, which: Sequence[int], speakers: Sequence[tuple[int, int] | None], held: Sequence[str]
    ) -> list[list[float]]:
        """Score of whom some of the sentences speak.

        Parameters
        ----------
        which : sequence of int
            Numbers of the sentences.
        speakers : sequence of (int, int) or None
            First and last token of each one's speaker.
        held : sequence of str
            Each one's stances, joined by ``|``.

        Returns
        -------
        list of list of float
            For each a score for every token at which the name may begin, then one for "nobody".
        """
        if not which:
            return []
        bounds = [self._batch.bounds[i] for i in which]
        keys = [
            tuple(traits)
            for i, speaker, stances in zip(which, speakers, held, strict=True)
            for traits in side_traits(self._sentences[i], speaker, stances)
        ]
        rows = np.concatenate([self._shared[start:end] for start, end in bounds])
        numbers, order = _numbered(keys)
        rows += _table([self._weights.sum(traits) for traits in numbers])[order]
        batch = Batch([end - start for start, end in bounds])
        return self._scores("recipient", batch.lay(rows), batch)
