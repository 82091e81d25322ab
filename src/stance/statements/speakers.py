"""Who speaks: a first rule, from the reporting verb to its subject.

The patterns, in the order they are tried: a heading's source before a colon; ``بحسب`` and its like
before a name; a verb of speech with its subject behind it, or before it; no subject at all, which
is a pronoun.
"""

from __future__ import annotations

from collections.abc import Sequence

from stance.lexicon import Lexicon
from stance.text import Token, tokenize

__all__ = ["PRONOUN", "SpeakerFinder"]

PRONOUN = "~"
"""The speaker is only a pronoun or is left out."""

_SPEECH = (
    "reporting", "calling", "warning", "condemnation", "praise", "welcome", "pledge", "denial", "refusal",
    "hope", "threat", "support_verb", "asking", "alarm", "accusation", "condolence", "readiness",
)  # fmt: skip
_MAX_SPEAKER = 14
_MAX_HEADING = 7
_ATTRIBUTION = frozenset(["بحسب", "وفق", "حسب", "حسبما", "وفقا", "طبقا", "نقلا", "لسان"])
_STOP = frozenset(
    [
        "ان",
        "انه",
        "انها",
        "انهم",
        "انهما",
        "انني",
        "اننا",
        "بان",
        "بانه",
        "بانها",
        "لان",
        "الي",
        "علي",
        "من",
        "في",
        "عن",
        "مع",
        "خلال",
        "بعد",
        "قبل",
        "حول",
        "منذ",
        "حتي",
        "ضد",
        "عبر",
        "لدي",
        "لدى",
        "بين",
        "اثر",
        "عقب",
        "اثناء",
        "بشان",
        "ازاء",
        "امام",
        "ضمن",
        "تجاه",
        "حيال",
        "دون",
        "رغم",
        "وسط",
        "فيما",
        "بينما",
        "حيث",
        "كما",
        "لكن",
        "او",
        "ثم",
        "قد",
        "الذي",
        "التي",
        "الذين",
        "اليوم",
        "امس",
        "الاول",
        "مساء",
        "صباح",
        "الليله",
        "فجر",
        "ظهر",
        "عصر",
        "السبت",
        "الاحد",
        "الاثنين",
        "الثلاثاء",
        "الاربعاء",
        "الخميس",
        "الجمعه",
        "ايضا",
        "كذلك",
        "هنا",
        "هذا",
        "هذه",
        "ذلك",
        "تلك",
        "ما",
        "لا",
        "لم",
        "لن",
        "كل",
        "اي",
        "نحو",
        "لمده",
        "فورا",
        "لكي",
        "كي",
        "اذا",
        "لو",
        "هل",
        "ليس",
    ]
)
_AUXILIARY = frozenset(
    [
        "قد",
        "كان",
        "كانت",
        "وكان",
        "وكانت",
        "وقد",
        "فقد",
        "يوم",
        "ويوم",
        "كما",
        "ومن",
        "من",
        "جهته",
        "جهتها",
        "جانبه",
        "جانبها",
        "هذا",
        "هو",
        "هي",
    ]
)


class SpeakerFinder:
    """Finds the speaker of a statement.

    Parameters
    ----------
    lexicon : Lexicon
        Its verbs of the classes of speech introduce speakers.

    Examples
    --------
    >>> finder = SpeakerFinder(Lexicon.default())
    >>> text = "وقال وزير الخارجية النرويجي إن بلاده مستعدة"
    >>> start, end = finder.find(text)
    >>> text[start:end]
    'وزير الخارجية النرويجي'
    >>> finder.find("وأضاف أن بلاده مستعدة")
    '~'
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self._verbs = Lexicon([c for c in lexicon.cues if "/" in c.term and c.cue_class in _SPEECH])
        self._known: dict[str, bool] = {}

    def find(self, text: str, continues_quote: bool = False) -> tuple[int, int] | str | None:
        """Find the speaker of one statement.

        Parameters
        ----------
        text : str
        continues_quote : bool
            Whether the statement begins inside a quotation of an earlier one.

        Returns
        -------
        (int, int), str or None
            The span of the name in `text`; :data:`PRONOUN`; or None where nobody speaks.
        """
        tokens = tokenize(text)
        heading = self._heading(tokens)
        if heading:
            return heading
        outside = _outside_quotes(tokens, continues_quote)
        for i in outside:
            if tokens[i].norm.lstrip("و") in _ATTRIBUTION:
                span = _subject(tokens, i + 1, strip_preposition=True)
                if span:
                    return span
        for i in outside:
            if self._is_verb(tokens[i].norm):
                before, behind = _subject_before(tokens, i), _subject(tokens, i + 1)
                # In headlines the subject stands before a verb in the present: بوتين يحذر ...
                if before and tokens[i].norm[0] in "يت":
                    return before
                return behind or before or PRONOUN
        return PRONOUN if continues_quote else None

    def _is_verb(self, norm: str) -> bool:
        known = self._known.get(norm)
        if known is None:
            if len(self._known) > 100_000:
                self._known.clear()
            known = self._known[norm] = bool(self._verbs.word_classes(self._verbs.patterns(norm)))
        return known

    def _heading(self, tokens: Sequence[Token]) -> tuple[int, int] | None:
        """``موسكو: مستعدون ...``: a few words before the first colon, none of them a verb of speech."""
        for i, token in enumerate(tokens[: 2 * _MAX_HEADING]):
            if token.norm == ":":
                names = [t for t in tokens[:i] if t.kind == "word"]
                if not names or len(names) > _MAX_HEADING or any(self._is_verb(t.norm) for t in names):
                    return None
                return names[0].start, names[-1].end
            if token.kind in ("punctuation", "number", "url"):
                return None
        return None


def _outside_quotes(tokens: Sequence[Token], inside: bool) -> list[int]:
    found = []
    for i, token in enumerate(tokens):
        if token.kind == "quote":
            inside = token.norm in "«“„" or (token.norm not in "»”" and not inside)
        elif not inside and token.kind == "word":
            found.append(i)
    return found


def _subject(tokens: Sequence[Token], first: int, strip_preposition: bool = False) -> tuple[int, int] | None:
    """Read a name from `first` on, up to a particle, a preposition or punctuation."""
    last = _name_end(tokens, first)
    if last < first:
        return None
    if last + 2 < len(tokens) and tokens[last + 1].norm in ",\u060c":  # an apposition between commas
        end = _name_end(tokens, last + 2)
        closed = end + 1 < len(tokens) and tokens[end + 1].norm in ",\u060c"
        if closed and 1 <= end - last - 1 <= 5 and not _is_adverb(tokens[last + 2].norm):
            last = end
    start = tokens[first].start
    if strip_preposition and tokens[first].norm.startswith("ل") and len(tokens[first].norm) > 3:
        start += 1
    return start, tokens[last].end


def _name_end(tokens: Sequence[Token], first: int) -> int:
    last = first - 1
    for i in range(first, min(first + _MAX_SPEAKER, len(tokens))):
        token = tokens[i]
        if token.kind == "quote" and i + 1 < len(tokens) and last >= first:
            closing = next(
                (j for j in range(i + 1, min(i + 5, len(tokens))) if tokens[j].kind == "quote"), None
            )
            if closing is not None:  # a name in quotes belongs to the source
                continue
            break
        if token.kind not in ("word", "number") or _ends_name(token.norm):
            break
        last = i
    return last


def _ends_name(norm: str) -> bool:
    return norm in _STOP or norm.lstrip("وف") in _STOP or _is_adverb(norm)


def _is_adverb(norm: str) -> bool:
    """Tell an accusative ending on a long word: مؤكدا, داعيا, امس ... not a part of a name."""
    return (
        len(norm) > 4
        and norm.endswith("ا")
        and not norm.startswith("ال")
        and norm.endswith(("دا", "را", "يا", "كا", "با"))
    )


def _subject_before(tokens: Sequence[Token], verb: int) -> tuple[int, int] | None:
    """``15 بعثة دبلوماسية تدعو``: the words from the beginning to the verb."""
    first = 0
    while first < verb and (tokens[first].norm in _AUXILIARY or tokens[first].kind == "punctuation"):
        first += 1
    if first >= verb or verb - first > _MAX_SPEAKER:
        return None
    if any(tokens[i].kind == "punctuation" or _ends_name(tokens[i].norm) for i in range(first, verb)):
        return None
    names = [t for t in tokens[first:verb] if t.kind in ("word", "number")]
    if not names:
        return None
    start = names[0].start + (names[0].norm[0] == "و" and len(names[0].norm) > 4)
    return start, names[-1].end
