"""The word table: everything that depends on one word alone, worked out once per distinct word."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from stance.features.voiding import JOINED, VOID, ActMasks, role_of
from stance.lexicon import Lexicon
from stance.text import normalize
from stance.text.tokens import CLOSING, OPENING, kind_of

__all__ = ["CONTENT", "PUNCTUATION", "QUOTE_CLOSE", "QUOTE_OPEN", "QUOTE_STRAIGHT", "Column", "WordTable"]

CONTENT, PUNCTUATION, QUOTE_OPEN, QUOTE_CLOSE, QUOTE_STRAIGHT = range(5)
MAX_WORD = 64
"""Letters of a word that features look at: longer ones are noise, and would cost superlinear memory."""

_NOTHING = "<none>"
_PLACEHOLDER = {"number": "0", "mention": "@", "url": "://"}


class Column:
    """A numpy array that grows by doubling; ``view`` is the filled part.

    Parameters
    ----------
    dtype : dtype-like
    width : int, optional
        Number of columns; 0 gives a one-dimensional array.
    """

    def __init__(self, dtype: Any, width: int = 0) -> None:
        self._data = np.zeros((1024, width) if width else 1024, dtype)
        self.size = 0

    @property
    def view(self) -> NDArray[Any]:
        """The rows appended so far."""
        return self._data[: self.size]

    def extend(self, rows: NDArray[Any]) -> None:
        """Append rows."""
        needed = self.size + len(rows)
        if needed > len(self._data):
            grown = np.zeros((max(needed, 2 * len(self._data)), *self._data.shape[1:]), self._data.dtype)
            grown[: self.size] = self._data[: self.size]
            self._data = grown
        self._data[self.size : needed] = rows
        self.size = needed


class WordTable(dict[str, int]):
    """A dictionary from tokens as written to word numbers, which enters what it does not know.

    Parameters
    ----------
    lexicon : Lexicon
        Answers which cue classes and phrase words a word belongs to.

    Attributes
    ----------
    norms : list of str
        Normal form by word number, shortened to :data:`MAX_WORD` letters; numbers, mentions and
        URLs stand as one placeholder each, as does a token without letters, quotation marks and punctuation as themselves.
    codes : Column of int8
        :data:`CONTENT`, :data:`PUNCTUATION` (symbols too), or the side of a quotation mark.
    roles : Column of int8
        What the word does to acts around it, see :mod:`stance.features.voiding`.
    void : int
        Number of the word that stands for voided ones.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        super().__init__()
        self.lexicon = lexicon
        self.norms: list[str] = []
        self.act_masks = ActMasks(lexicon.classes)
        self.patterns: list[tuple[int, ...]] = []
        self.codes = Column(np.int8)
        self.roles = Column(np.int8)
        self.starts_phrase = Column(np.bool_)
        self.in_phrase = Column(np.bool_)
        self.cue_from = Column(np.int64)
        self.cue_count = Column(np.int64)
        self.cue_classes = Column(np.int16)
        self._synced = 0
        self.void = self[VOID]
        self.sync()

    def __missing__(self, raw: str) -> int:
        number = self[raw] = len(self.norms)
        kind = kind_of(raw)
        # one letter may stand for a whole phrase (U+FDFA), and a lone mark for nothing
        self.norms.append(_PLACEHOLDER.get(kind) or "_".join(normalize(raw)[:MAX_WORD].split()) or _NOTHING)
        return number

    def sync(self) -> None:
        """Fill the columns for the words entered since the last call."""
        fresh = range(self._synced, len(self.norms))
        if not fresh:
            return
        codes = np.array([_code(self.norms[i]) for i in fresh], np.int8)
        patterns = [
            self.lexicon.patterns(self.norms[i].lstrip("#")) if code == CONTENT else ()
            for i, code in zip(fresh, codes, strict=True)
        ]
        classes = [self.lexicon.word_classes(p) for p in patterns]
        counts = np.array([len(c) for c in classes], np.int64)
        self.patterns += patterns
        self.codes.extend(codes)
        self.roles.extend(np.array([self._role(self.norms[i]) for i in fresh], np.int8))
        self.starts_phrase.extend(np.array([self.lexicon.starts_phrase(p) for p in patterns], np.bool_))
        self.in_phrase.extend(np.array([self.lexicon.continues_phrase(p) for p in patterns], np.bool_))
        self.cue_from.extend(self.cue_classes.size + np.cumsum(counts) - counts)
        self.cue_count.extend(counts)
        self.cue_classes.extend(np.array([c for group in classes for c in group], np.int16))
        self._synced = len(self.norms)

    def _role(self, norm: str) -> int:
        joined = norm[:1] in ("و", "ف") and self.lexicon.word_classes(self.lexicon.patterns(norm[1:]))
        return role_of(norm) | (JOINED if joined else 0)


def _code(norm: str) -> int:
    kind = kind_of(norm) if norm and norm not in _PLACEHOLDER.values() else "word"
    if kind in ("punctuation", "symbol"):
        return PUNCTUATION
    if kind != "quote":
        return CONTENT
    return QUOTE_OPEN if norm in OPENING else QUOTE_CLOSE if norm in CLOSING else QUOTE_STRAIGHT
