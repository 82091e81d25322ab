"""The cue lexicon: classes of words and phrases, matched on normalised words.

A distinct word is looked up once, in dictionaries of forms, and its answer kept by the caller;
phrases are walked in a trie over the patterns their words match.  Both are independent of the
number of terms, so that matching is linear in the text however large the lexicon grows.  (An
Aho-Corasick automaton over characters would be linear too, but finds strings, not words: it has
no notion of clitics or of boundaries.)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import NamedTuple

from stance.errors import DataError
from stance.hints import did_you_mean
from stance.lexicon.conjugation import nominal_forms, split_clitics, verb_forms
from stance.lexicon.cues import MAX_WORDS, Cue, parse_lexicon
from stance.settings import LEXICONS
from stance.text import normalize, tokenize

__all__ = ["Lexicon", "Match"]

_FILES = dict(zip(LEXICONS, ("cues.tsv", "posts.tsv"), strict=True))


class Match(NamedTuple):
    """A cue in a text: its class and the span of its words in the original."""

    cue_class: str
    start: int
    end: int


class Lexicon:
    """A compiled lexicon.

    A word of a term is a noun's stem, a verb's principal parts (``دعا/يدعو``), one exact form
    (``=لم``), or any one-word term of a class (``{halting} {fighting}``).

    Parameters
    ----------
    cues : sequence of Cue
        The rows; see :func:`parse_lexicon` and :meth:`default`.

    Attributes
    ----------
    cues : tuple of Cue
    classes : tuple of str
        The class names, sorted; a class's index here is its number everywhere.

    Examples
    --------
    >>> lexicon = Lexicon([Cue("truce", "وقف إطلاق نار", ""), Cue("calling", "دعا/يدعو", "")])
    >>> [m.cue_class for m in lexicon.find("ودعت إلى وقفٍ لإطلاق النار")]
    ['calling', 'truce']
    """

    def __init__(self, cues: Sequence[Cue]) -> None:
        self.cues = tuple(cues)
        self.classes = tuple(sorted({c.cue_class for c in self.cues}))
        number = {name: i for i, name in enumerate(self.classes)}
        self._patterns: dict[str, int] = {}
        self._exact: dict[str, list[int]] = {}
        # form -> patterns, each times four, plus two for a noun's and one for what a pronoun follows
        self._forms: dict[str, list[int]] = {}
        # trie: node -> {pattern: node}; node 0 is the root; classes that end at a node
        self._next: list[dict[int, int]] = [{}]
        self._ends: list[set[int]] = [set()]
        self._inner: set[int] = set()
        for cue in self.cues:
            self._add([self._pattern(w) for w in cue.term.split()], number[cue.cue_class])
        self._class_patterns = self._references(number)

    @classmethod
    @cache
    def default(cls) -> Lexicon:
        """Return the lexicon that is installed with the package; it is built once.

        Returns
        -------
        Lexicon
        """
        return cls.installed("news")

    @classmethod
    def installed(cls, name: str) -> Lexicon:
        """Return one of the lexicons that are installed with the package.

        Parameters
        ----------
        name : str
            ``news`` has cues of stances, of sentiment and of what voids them, in Modern
            Standard Arabic; ``posts`` words of delight, approval, disapproval and contempt in dialects, too.

        Returns
        -------
        Lexicon

        Raises
        ------
        DataError
            If there is none of this name.

        Examples
        --------
        >>> Lexicon.installed("posts").classes
        ('approval', 'contempt', 'delight', 'disapproval')
        """
        if name not in LEXICONS:
            raise DataError(
                f"there is no lexicon {name!r}{did_you_mean(name, LEXICONS)}; use {', '.join(LEXICONS)}"
            )
        file = _FILES[name]
        text = resources.files("stance.lexicon").joinpath(file).read_text(encoding="utf-8")
        return cls(parse_lexicon(text, file))

    def _pattern(self, word: str) -> int:
        """Give a word of a term its number, and enter its forms."""
        if word in self._patterns:
            return self._patterns[word]
        pattern = self._patterns[word] = len(self._patterns)
        if word[0] == "{":
            return pattern
        past, slash, present = word.partition("/")
        if word.startswith("="):
            self._exact.setdefault(normalize(word[1:]), []).append(pattern)
            return pattern
        forms = verb_forms(normalize(past), normalize(present)) if slash else nominal_forms(normalize(word))
        for bound, group in enumerate(forms):
            code = 4 * pattern + (0 if slash else 2) + bound
            for form in group:
                self._forms.setdefault(form, []).append(code)
        return pattern

    def _references(self, number: dict[str, int]) -> dict[int, list[int]]:
        """Return, by the pattern of a one-word term, the patterns that stand for any word of its classes."""
        of_class: dict[int, int] = {}
        for word, pattern in self._patterns.items():
            if word[0] == "{":
                if word[1:-1] not in number:
                    raise DataError(
                        f"the lexicon has a term with {word!r}, but no class {word[1:-1]!r}; "
                        f"the classes are {', '.join(self.classes)[:300]}"
                    )
                of_class[number[word[1:-1]]] = pattern
        references: dict[int, list[int]] = {}
        for member, node in self._next[0].items():
            for cue_class in self._ends[node] & of_class.keys():
                references.setdefault(member, []).append(of_class[cue_class])
        return references

    def _add(self, patterns: Sequence[int], cue_class: int) -> None:
        node = 0
        for pattern in patterns:
            if pattern not in self._next[node]:
                self._next[node][pattern] = len(self._next)
                self._next.append({})
                self._ends.append(set())
            node = self._next[node][pattern]
        self._ends[node].add(cue_class)
        self._inner.update(patterns[1:])

    def patterns(self, word: str) -> tuple[int, ...]:
        """Return the numbers of the term words that a normalised word matches.

        Parameters
        ----------
        word : str
            One normalised word.

        Returns
        -------
        tuple of int
            Sorted.
        """
        found = [*self._exact.get(word, ())]
        if word.startswith(("و", "ف")):
            found += self._exact.get(word[1:], ())
        for form, bound, verb, noun in split_clitics(word):
            for code in self._forms.get(form, ()):
                if code & 1 == bound and (noun if code & 2 else verb):
                    found.append(code >> 2)
        return self.with_classes(found) if found else ()

    def with_classes(self, patterns: Sequence[int]) -> tuple[int, ...]:
        """Return patterns and those that stand for any word of their classes, sorted."""
        return tuple(sorted({*patterns, *(r for p in patterns for r in self._class_patterns.get(p, ()))}))

    @property
    def forms(self) -> Mapping[str, Sequence[int]]:
        """Forms of the terms' words: their patterns, each times four, plus two for a noun's form and one for what a pronoun follows."""
        return self._forms

    @property
    def exact_forms(self) -> Mapping[str, Sequence[int]]:
        """Words that are matched as they stand, and their patterns."""
        return self._exact

    def word_classes(self, patterns: Sequence[int]) -> tuple[int, ...]:
        """Return the classes of the one-word terms among `patterns`.

        Parameters
        ----------
        patterns : sequence of int
            As :meth:`patterns` gives them.

        Returns
        -------
        tuple of int
            Class numbers, sorted.
        """
        root = self._next[0]
        return tuple(sorted({c for p in patterns if p in root for c in self._ends[root[p]]}))

    def starts_phrase(self, patterns: Sequence[int]) -> bool:
        """Tell whether a term of several words can begin with a word that matches `patterns`."""
        root = self._next[0]
        return any(p in root and self._next[root[p]] for p in patterns)

    def continues_phrase(self, patterns: Sequence[int]) -> bool:
        """Tell whether a word that matches `patterns` can stand in a term after its first word."""
        return not self._inner.isdisjoint(patterns)

    def phrases(self, sequence: Sequence[tuple[int, ...]]) -> set[tuple[int, int]]:
        """Find the terms of two and more words that begin at the first word of a sequence.

        Parameters
        ----------
        sequence : sequence of tuple of int
            The patterns of consecutive words; at most six are read.

        Returns
        -------
        set of (int, int)
            Class number and length in words.
        """
        found: set[tuple[int, int]] = set()
        nodes = {0}
        for length, patterns in enumerate(sequence[:MAX_WORDS], 1):
            nodes = {self._next[n][p] for n in nodes for p in patterns if p in self._next[n]}
            if not nodes:
                break
            if length > 1:
                found.update((c, length) for n in nodes for c in self._ends[n])
        return found

    def trie(self) -> tuple[list[tuple[int, int, int]], list[list[int]]]:
        """Return what :meth:`phrases` walks.

        Returns
        -------
        edges : list of (int, int, int)
            Node, pattern and the node that follows, sorted.
        ends : list of list of int
            By node, the sorted numbers of the classes whose terms end there.
        """
        edges = sorted((node, p, n) for node, steps in enumerate(self._next) for p, n in steps.items())
        return edges, [sorted(ends) for ends in self._ends]

    def find(self, text: str) -> list[Match]:
        """Find the cues of a text.

        Parameters
        ----------
        text : str
            Any text.

        Returns
        -------
        list of Match
            In the order of their start; cues may overlap.
        """
        tokens = [t for t in tokenize(text) if t.kind != "quote"]
        patterns = [() if t.kind == "punctuation" else self.patterns(t.norm) for t in tokens]
        found: list[Match] = []
        for i, token in enumerate(tokens):
            hits = {(c, 1) for c in self.word_classes(patterns[i])}
            if self.starts_phrase(patterns[i]):
                hits |= self.phrases(patterns[i : i + MAX_WORDS])
            found += [
                Match(self.classes[c], token.start, tokens[i + length - 1].end) for c, length in sorted(hits)
            ]
        return found
