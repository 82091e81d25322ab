"""The word table: everything that depends on one word alone, worked out once per distinct word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stance.features.analyzers import load_analyzer
from stance.features.index import new_index
from stance.features.matching import Matcher, Normalizer
from stance.features.voiding import JOINED, VOID, ActMasks, roles_of
from stance.lexicon import Lexicon
from stance.text import normalize
from stance.text.tokens import CLOSING, OPENING, kind_of

__all__ = ["CONTENT", "PUNCTUATION", "QUOTE_CLOSE", "QUOTE_OPEN", "QUOTE_STRAIGHT", "Column", "WordTable"]

CONTENT, PUNCTUATION, QUOTE_OPEN, QUOTE_CLOSE, QUOTE_STRAIGHT = range(5)
MAX_WORD = 64
"""Letters of a word that features look at: longer ones are noise, and would cost superlinear memory."""

_LINE = 64
"""Bytes."""
_NOTHING = "<none>"
_PLACEHOLDER = {"number": "0", "mention": "@", "url": "://"}


class Column:
    """A numpy array that grows by doubling; ``view`` is the filled part.

    Parameters
    ----------
    dtype : dtype-like
    width : int, optional
        Number of columns; 0 gives a one-dimensional array.
    room : int, default 1024
        Rows before it grows for the first time; memory is taken as they are filled.
    """

    def __init__(self, dtype: Any, width: int = 0, room: int = 1024) -> None:
        self._data = _room((room, width) if width else (room,), dtype)
        self.size = 0

    @property
    def view(self) -> NDArray[Any]:
        """The rows appended so far."""
        return self._data[: self.size]

    def extend(self, rows: NDArray[Any]) -> None:
        """Append rows."""
        needed = self.size + len(rows)
        if needed > len(self._data):
            grown = _room((max(needed, 2 * len(self._data)), *self._data.shape[1:]), self._data.dtype)
            grown[: self.size] = self._data[: self.size]
            self._data = grown
        self._data[self.size : needed] = rows
        self.size = needed


def _room(shape: tuple[int, ...], dtype: Any) -> NDArray[Any]:
    """Return an array, not filled, whose rows begin where a line of the processor's cache may."""
    size = int(np.prod(shape)) * np.dtype(dtype).itemsize
    data = np.empty(size + _LINE, np.uint8)
    first = -data.ctypes.data % _LINE
    room: NDArray[Any] = data[first : first + size].view(dtype).reshape(shape)
    return room


class WordTable:
    """Numbers the distinct tokens of texts as written, and keeps what depends on one of them alone.

    Parameters
    ----------
    lexicon : Lexicon
        Answers which cue classes and phrase words a word belongs to.
    compiled : bool, default True
        Whether the compiled kernel is used where there is one.
    helpers : tuple of (Normalizer, Matcher), optional
        Of the same lexicon, where they are there already.
    analyzer : str
        Name of a morphological analyzer, see :mod:`stance.features.analyzers`; none by default.

    Attributes
    ----------
    norms : list of str
        Normal form by word number, shortened to :data:`MAX_WORD` letters; numbers, mentions and
        URLs stand as one placeholder each, as does a token without letters, quotation marks and punctuation as themselves.
    codes : Column of int8
        :data:`CONTENT`, :data:`PUNCTUATION` (symbols too), or the side of a quotation mark.
    roles : Column of int8
        What the word does to acts around it, see :mod:`stance.features.voiding`.
    pattern_from, pattern_count, patterns : Column
        Which words of the lexicon's terms each word matches: a stretch of `patterns`.
    void : int
        Number of the word that stands for voided ones.
    analyses : list of tuple of str
        What the analyzer finds, by word number; empty without one.
    """

    def __init__(
        self,
        lexicon: Lexicon,
        compiled: bool = True,
        helpers: tuple[Normalizer, Matcher] | None = None,
        analyzer: str = "",
    ) -> None:
        self.lexicon = lexicon
        self.analyses: list[tuple[str, ...]] = []
        self._analyzer = load_analyzer(analyzer) if analyzer else None
        self.norms: list[str] = []
        self.act_masks = ActMasks(lexicon.classes)
        self.codes = Column(np.int8)
        self.roles = Column(np.int8)
        self.starts_phrase = Column(np.bool_)
        self.in_phrase = Column(np.bool_)
        self.cue_from = Column(np.int32)
        self.cue_count = Column(np.int32)
        self.cue_classes = Column(np.int16)
        self.pattern_from = Column(np.int32)
        self.pattern_count = Column(np.int32)
        self.patterns = Column(np.int32)
        self._index = new_index(compiled)
        self._normalizer, self._matcher = helpers or (Normalizer(compiled), Matcher(lexicon, compiled))
        self.void = self._index.add(VOID)
        self._enter([VOID])

    def __len__(self) -> int:
        return self.codes.size

    def number(self, texts: Sequence[str]) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """Cut texts into tokens and number them; those not met before are entered.

        Parameters
        ----------
        texts : sequence of str

        Returns
        -------
        ids : ndarray of int32, shape (n_tokens,)
        lengths : ndarray of int64, shape (n_texts,)
            How many of them each text has.
        """
        ids, lengths, fresh = self._index.find(list(texts))
        if fresh:
            self._enter(fresh)
        return np.frombuffer(ids, np.int32), np.frombuffer(lengths, np.int64)

    def patterns_of(self, word: int) -> tuple[int, ...]:
        """Return the numbers of the term words that a word matches."""
        first, count = int(self.pattern_from.view[word]), int(self.pattern_count.view[word])
        return tuple(self.patterns.view[first : first + count].tolist())

    def _enter(self, fresh: list[str]) -> None:
        """Fill the columns for words that got the next numbers."""
        simple = self._normalizer.simple(fresh, MAX_WORD)
        norms = [norm or _norm(raw) for norm, raw in zip(simple, fresh, strict=True)]
        codes = np.array(
            [CONTENT if first else _code(norm) for first, norm in zip(simple, norms, strict=True)], np.int8
        )
        patterns = self._matcher.patterns([norm.lstrip("#") if norm[0] == "#" else norm for norm in norms])
        for i in np.flatnonzero(codes != CONTENT).tolist():
            patterns.pop(i, None)
        if self._analyzer is not None:
            words = codes == CONTENT
            self.analyses += [
                self._analyzer.features(raw) if word and len(raw) <= MAX_WORD else ()
                for raw, word in zip(fresh, words, strict=True)
            ]
        lexicon, n = self.lexicon, len(norms)
        classes = {i: lexicon.word_classes(found) for i, found in patterns.items()}
        self.norms += norms
        self.codes.extend(codes)
        self.roles.extend(self._roles(norms))
        self.starts_phrase.extend(_marked(n, [i for i, p in patterns.items() if lexicon.starts_phrase(p)]))
        self.in_phrase.extend(_marked(n, [i for i, p in patterns.items() if lexicon.continues_phrase(p)]))
        _extend_groups(self.cue_from, self.cue_count, self.cue_classes, classes, n)
        _extend_groups(self.pattern_from, self.pattern_count, self.patterns, patterns, n)

    def _roles(self, norms: list[str]) -> NDArray[np.int8]:
        """Return what words do to the acts around them, and whether "and" is written to an act."""
        roles = np.array(roles_of(norms), np.int8)
        joined = [i for i, norm in enumerate(norms) if norm[0] in "\u0648\u0641"]
        patterns = self._matcher.patterns([norms[i][1:] for i in joined])
        roles[[joined[k] for k, found in patterns.items() if self.lexicon.word_classes(found)]] |= JOINED
        return roles


def _norm(raw: str) -> str:
    # one letter may stand for a whole phrase (U+FDFA), and a lone mark for nothing
    return _PLACEHOLDER.get(kind_of(raw)) or "_".join(normalize(raw)[:MAX_WORD].split()) or _NOTHING


def _marked(n: int, places: list[int]) -> NDArray[np.bool_]:
    marked = np.zeros(n, np.bool_)
    marked[places] = True
    return marked


def _extend_groups(
    first: Column, count: Column, items: Column, groups: Mapping[int, Sequence[int]], n: int
) -> None:
    """Append `n` groups of items, given by their places; those that are not given are empty."""
    counts = np.zeros(n, np.int64)
    counts[list(groups)] = [len(group) for group in groups.values()]
    first.extend(items.size + np.cumsum(counts) - counts)
    count.extend(counts)
    items.extend(np.array([item for group in groups.values() for item in group], np.int64))


def _code(norm: str) -> int:
    kind = kind_of(norm) if norm and norm not in _PLACEHOLDER.values() else "word"
    if kind in ("punctuation", "symbol"):
        return PUNCTUATION
    if kind != "quote":
        return CONTENT
    return QUOTE_OPEN if norm in OPENING else QUOTE_CLOSE if norm in CLOSING else QUOTE_STRAIGHT
