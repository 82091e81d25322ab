"""The tokens of a sentence with what the lexicon says of them: what the rankers of spans look at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from stance.lexicon import Lexicon
from stance.text import Token, normalize
from stance.text.tokens import CLOSING, LONGEST, OPENING, TOKEN, kind_of

__all__ = ["ACTS", "SPEECH", "Tagged", "Tagger", "Word", "bare", "known_form"]

SPEECH = (
    "affirmation", "agreement", "alarm", "asking", "calling", "condemnation", "condolence", "cooperation",
    "denial", "hope", "plea", "pledge", "praise", "readiness", "refusal", "reporting", "support_verb", "threat",
    "warning", "welcome", "writer",
)  # fmt: skip
"""The classes of the lexicon whose words are acts of speech."""
ACTS = {
    "warning": "w",
    "threat": "t",
    "alarm": "a",
    "calling": "c",
    "plea": "c",
    "praise": "p",
    "welcome": "p",
    "affirmation": "s",
    "pledge": "s",
    "readiness": "s",
    "support_verb": "s",
}
"""Acts of speech by which stances are taken, and a letter for each sort."""
_CONTENT = frozenset(["word", "number", "mention", "hashtag"])
_CLITICS = frozenset("وفبلك")
_KNOWN = 100_000


class Word(NamedTuple):
    """What is known of a normalised word wherever it stands.

    Attributes
    ----------
    stem : str
        Without a leading "and" or "so".
    lemma : str
        The stem without the ending of the feminine past.
    classes : str
        The classes of speech that it belongs to, joined by ``|``; may be empty.
    cues : str
        All cue classes that it belongs to, joined likewise.
    verb : bool
        Whether the lexicon holds it as a form of a verb.
    kind : str
        Number of the cluster of words that are used like it; empty if it is in none.
    """

    stem: str
    lemma: str
    classes: str
    cues: str
    verb: bool
    kind: str


class Tagged:
    """A sentence's tokens, with parallel lists of what is known of each.

    Attributes
    ----------
    stances : str
        The stances that it is labelled with, joined by ``|``.
    tokens : list of Token
    norms : list of str
        Normal form of each token.
    words : list of Word
    content : list of bool
        Whether it is a word, number, mention or hashtag.
    quotes : list of int
        The tokens that are quotation marks.
    quoted : list of bool
        Whether it stands inside quotation marks.
    speech : list of int
        The tokens that are words of speech.
    acts : list of (str, int)
        The first six acts by which stances are taken: a letter for the sort, and the token.
    before : list of int
        The nearest token to the left that is no quotation mark, or -1.
    """

    def __init__(
        self, tokens: list[Token], words: list[Word], continues_quote: bool, stances: str = ""
    ) -> None:
        self.stances = stances
        self.tokens = tokens
        self.words = words
        self.norms = [t.norm for t in tokens]
        kinds = [t.kind for t in tokens]
        self.content = [kind in _CONTENT for kind in kinds]
        self.speech = [k for k, word in enumerate(words) if word.classes]
        self.acts = [(ACTS[c], k) for k in self.speech for c in words[k].classes.split("|") if c in ACTS][:6]
        self.quotes = [k for k, kind in enumerate(kinds) if kind == "quote"] if "quote" in kinds else []
        self.quoted = [continues_quote] * len(tokens)
        self.before = list(range(-1, len(tokens) - 1))
        if self.quotes:
            self._look_for_quotations(continues_quote)

    def _look_for_quotations(self, inside: bool) -> None:
        last = -1
        for i, token in enumerate(self.tokens):
            self.before[i] = last
            if token.kind == "quote":
                inside = token.norm in OPENING or (token.norm not in CLOSING and not inside)
            else:
                last = i
            self.quoted[i] = inside

    def __len__(self) -> int:
        return len(self.tokens)

    def acts_but(self, j: int) -> str:
        """Return the sorts of the sentence's first six acts, a letter each, without those at `j`.

        Parameters
        ----------
        j : int

        Returns
        -------
        str
        """
        return "".join(a for a, k in self.acts if k != j)

    def norm(self, i: int) -> str:
        """Return the normal form at `i`, ``<S>`` before the sentence and ``<E>`` behind it.

        Parameters
        ----------
        i : int

        Returns
        -------
        str
        """
        return "<S>" if i < 0 else self.norms[i] if i < len(self.norms) else "<E>"


def bare(norm: str) -> str:
    """Take a leading "and" or "so" off a word of four letters or more.

    Parameters
    ----------
    norm : str

    Returns
    -------
    str

    Examples
    --------
    >>> bare("وقال"), bare("وفد")
    ('قال', 'وفد')
    """
    return norm[1:] if len(norm) > 3 and norm[0] in "وف" else norm


def known_form(norm: str, known: Mapping[str, Any]) -> str:
    """Return the form of a word that is known: itself, or without one or two clitics.

    Parameters
    ----------
    norm : str
    known : mapping from str

    Returns
    -------
    str
        Empty if none is.

    Examples
    --------
    >>> known_form("ولموسكو", {"موسكو": 1}), known_form("لندن", {})
    ('موسكو', '')
    """
    if norm in known:
        return norm
    if norm[:1] in _CLITICS:
        return next((form for form in (norm[1:], norm[2:]) if form in known), "")
    return ""


class Tagger:
    """Tags sentences by a lexicon.

    Parameters
    ----------
    lexicon : Lexicon
    clusters : dict of str to str
        Number of the cluster of each word that is in one.

    Examples
    --------
    >>> tagged = Tagger(Lexicon.default(), {"حذرت": "7"}).tag("وحذرت موسكو من «كارثة»")
    >>> tagged.words[0]
    Word(stem='حذرت', lemma='حذر', classes='warning', cues='warning', verb=True, kind='7')
    >>> tagged.quoted
    [False, False, False, True, True, False]
    """

    def __init__(self, lexicon: Lexicon, clusters: Mapping[str, str]) -> None:
        self._lexicon = lexicon
        self._clusters = clusters
        self._verbs = Lexicon(
            [c for c in lexicon.cues if "/" in c.term and " " not in c.term] or lexicon.cues
        )
        self._known: dict[str, tuple[tuple[str, str], Word]] = {}

    def tag(self, text: str, continues_quote: bool = False, stances: str = "") -> Tagged:
        """Tag one sentence.

        Parameters
        ----------
        text : str
        continues_quote : bool
            Whether it begins inside a quotation of an earlier sentence.
        stances : str
            The stances that it is labelled with, joined by ``|``: whose they are is the question.

        Returns
        -------
        Tagged
        """
        known = self._known
        matches = list(TOKEN.finditer(text))
        entries = [known.get(raw := match[0][:LONGEST]) or self._entry(raw) for match in matches]
        new = tuple.__new__  # what the class itself calls, in one step fewer for every token
        tokens = [new(Token, form + match.span()) for (form, _), match in zip(entries, matches, strict=True)]
        return Tagged(tokens, [word for _, word in entries], continues_quote, stances)

    def _entry(self, raw: str) -> tuple[tuple[str, str], Word]:
        if len(self._known) > _KNOWN:
            self._known = {}
        norm, kind = normalize(raw), kind_of(raw)
        if not norm:  # a line that lengthens letters, between blanks: it stands for a dash
            norm, kind = "-", "punctuation"
        entry = self._known[raw] = ((norm, kind), self._word(norm))
        return entry

    def _word(self, norm: str) -> Word:
        stem = bare(norm)
        lexicon, clusters = self._lexicon, self._clusters
        classes = [lexicon.classes[c] for c in lexicon.word_classes(lexicon.patterns(norm))]
        lemma = stem[:-1] if len(stem) > 3 and stem[-1] == "ت" else stem
        return Word(
            stem,
            lemma,
            "|".join(c for c in classes if c in SPEECH),
            "|".join(classes),
            bool(self._verbs.word_classes(self._verbs.patterns(norm))),
            clusters.get(known_form(norm, clusters), ""),
        )
