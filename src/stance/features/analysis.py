"""From texts to flat arrays: which words stand where, inside quotes or not, and which cues."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stance.features.table import PUNCTUATION, QUOTE_CLOSE, QUOTE_OPEN, QUOTE_STRAIGHT, WordTable
from stance.features.voiding import void_tokens

__all__ = ["Analysis", "analyze", "analyze_words"]

Cues = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]
_PHRASE_WORDS = 6


@dataclass(frozen=True)
class Analysis:
    """The tokens and cues of a batch of texts, without quotation marks.

    Attributes
    ----------
    n_texts : int
    text : ndarray of int64, shape (n_tokens,)
        The text that each token belongs to, ascending.
    position : ndarray of int64, shape (n_tokens,)
        Its place among the tokens of its text.
    word : ndarray of int64, shape (n_tokens,)
        Its number in the word table.
    is_word : ndarray of bool, shape (n_tokens,)
        False for punctuation.
    quoted : ndarray of bool, shape (n_tokens,)
        Whether it stands inside quotation marks.
    origin : ndarray of int64, shape (n_tokens,)
        Its index among all tokens of the batch, quotation marks included.
    cue_token, cue_class, cue_length : ndarray of int64, shape (n_cues,)
        Each cue's first token, class number and length in tokens, ordered by token, then class.
    """

    n_texts: int
    text: NDArray[np.int64]
    position: NDArray[np.int64]
    word: NDArray[np.int64]
    is_word: NDArray[np.bool_]
    quoted: NDArray[np.bool_]
    origin: NDArray[np.int64]
    cue_token: NDArray[np.int64]
    cue_class: NDArray[np.int64]
    cue_length: NDArray[np.int64]


def analyze(texts: Sequence[str], table: WordTable) -> Analysis:
    """Find the tokens and cues of texts.

    Parameters
    ----------
    texts : sequence of str
        Any texts.
    table : WordTable
        Enters the words it does not know.

    Returns
    -------
    Analysis

    Examples
    --------
    >>> from stance.lexicon import Cue, Lexicon
    >>> table = WordTable(Lexicon([Cue("truce", "هدنة", "")]))
    >>> found = analyze(["دعا إلى «هدنة»."], table)
    >>> found.cue_token.tolist(), found.quoted.tolist()
    ([2], [False, False, True, False])
    """
    ids, lengths = table.number(texts)
    return analyze_words(ids, lengths, table)


def analyze_words(ids: NDArray[np.int32], lengths: NDArray[np.int64], table: WordTable) -> Analysis:
    """Find the cues of texts whose words are numbered.

    Parameters
    ----------
    ids : ndarray of int32, shape (n_tokens,)
    lengths : ndarray of int64, shape (n_texts,)
        As :meth:`WordTable.number` gives them.
    table : WordTable

    Returns
    -------
    Analysis
    """
    n_texts = len(lengths)
    text = np.repeat(np.arange(n_texts), lengths)
    codes = table.codes.view[ids]
    quoted = _inside_quotes(codes, text, lengths)
    origin = np.flatnonzero(codes <= PUNCTUATION)
    text, word = text[origin], ids[origin].astype(np.int64)
    first = np.searchsorted(text, np.arange(n_texts))
    is_word = codes[origin] != PUNCTUATION
    cues = _cues(word, text, table)
    word, cues = _void(word, text, is_word, cues, table)
    return Analysis(
        n_texts,
        text,
        np.arange(len(word)) - first[text],
        word,
        is_word,
        quoted[origin],
        origin,
        *cues,
    )


def _inside_quotes(
    codes: NDArray[np.int8], text: NDArray[np.int64], lengths: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Tell which tokens stand inside quotes: an open pair, or an odd number of straight marks."""
    if not (codes > PUNCTUATION).any():
        return np.zeros(len(codes), np.bool_)
    start = (np.cumsum(lengths) - lengths)[text]
    depth = np.cumsum((codes == QUOTE_OPEN).astype(np.int64) - (codes == QUOTE_CLOSE))
    straight = np.cumsum(codes == QUOTE_STRAIGHT)
    before = start - 1
    depth -= np.where(start > 0, depth[before], 0)
    straight -= np.where(start > 0, straight[before], 0)
    inside: NDArray[np.bool_] = (depth > 0) | (straight % 2 == 1)
    return inside


def _cues(word: NDArray[np.int64], text: NDArray[np.int64], table: WordTable) -> Cues:
    counts = table.cue_count.view[word]
    token = np.repeat(np.arange(len(word)), counts)
    offset = np.arange(len(token)) - np.repeat(np.cumsum(counts) - counts, counts)
    classes = table.cue_classes.view[table.cue_from.view[word[token]] + offset].astype(np.int64)
    length = np.ones(len(token), np.int64)
    found = _phrases(word, text, table)
    if found:
        more = np.array(found, np.int64)
        token, classes, length = (
            np.concatenate(pair) for pair in zip((token, classes, length), more.T, strict=True)
        )
        # a class found both as a word and as a phrase at one place counts once, as the phrase
        order = np.lexsort((-length, classes, token))
        token, classes, length = token[order], classes[order], length[order]
        keep = np.ones(len(token), np.bool_)
        keep[1:] = (token[1:] != token[:-1]) | (classes[1:] != classes[:-1])
        token, classes, length = token[keep], classes[keep], length[keep]
    return token, classes, length


def _void(
    word: NDArray[np.int64], text: NDArray[np.int64], is_word: NDArray[np.bool_], cues: Cues, table: WordTable
) -> tuple[NDArray[np.int64], Cues]:
    """Take out the words and cues of acts that are not done."""
    void = void_tokens(text, is_word, table.roles.view[word], cues[0], cues[1], table.act_masks)
    if not len(void):
        return word, cues
    word = word.copy()
    word[void] = table.void
    kept = ~np.isin(cues[0], void)
    return word, (cues[0][kept], cues[1][kept], cues[2][kept])


def _phrases(
    word: NDArray[np.int64], text: NDArray[np.int64], table: WordTable
) -> list[tuple[int, int, int]]:
    """Walk the phrases that can begin: their first word starts one and the next continues one."""
    if len(word) < 2:
        return []
    candidate = table.starts_phrase.view[word[:-1]] & table.in_phrase.view[word[1:]] & (text[:-1] == text[1:])
    found: list[tuple[int, int, int]] = []
    for i in np.flatnonzero(candidate).tolist():
        window = word[i : i + _PHRASE_WORDS][text[i : i + _PHRASE_WORDS] == text[i]]
        hits = table.lexicon.phrases([table.patterns_of(w) for w in window.tolist()])
        found += [(i, cue_class, length) for cue_class, length in sorted(hits)]
    return found
