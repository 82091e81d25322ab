"""Headlines of several parts, two dots between them: "Sudan.. Burhan: no talks", "India agrees.. and China objects".

A part is a sentence of its own: by which word its speaker speaks, and what it says, stands in it, and not in what
somebody else does or says in another.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from stance.actors.gazetteer import ActorMatch
from stance.statements.cutting import NameSpan
from stance.statements.labels import label_of_source
from stance.statements.tagging import SPEECH, Tagged, bare
from stance.statements.tails import ADVERBIALS
from stance.statements.words import PARTICLES, STOPS, THAT

__all__ = ["by_label", "own_part", "part_of", "parts_of"]

_LONGEST = 40
"""Tokens of a headline; what is longer is a paragraph without a stop."""
_LABEL = 5
"""Tokens of a name before a colon."""
_SUBJECT = 4
"""Tokens of a subject that a part begins with, before its verb."""
_NO_NAMES = frozenset(
    [
        "التفاصيل", "تفاصيل", "النتائج", "النتيجه", "السبب", "الاسباب", "شاهد", "فيديو", "صور", "بالصور", "بالفيديو", "عاجل", "تحديث",
        "خاص", "هام", "حصري", "الاول", "الاولي", "الثاني", "الثانيه", "الثالث", "الثالثه", "الاخر", "الاخري", "اولا", "ثانيا", "ثالثا",
        "الهدف", "الحل", "الحصيله", "المطلوب", "المكان", "الزمان", "العنوان", "الشعار", "السؤال", "الجواب", "ملخص", "الخلاصه",
        "مباشر", "رسميا", "تقرير", "تحليل", "راي", "لماذا", "كيف", "ماذا", "من", "متي", "اين", "هل", "مثال", "مثل", "ملاحظه",
    ]
)  # fmt: skip
"""What stands before a colon and speaks no more than the page it is printed on."""
_CAPITALS = frozenset(
    ["موسكو", "واشنطن", "باريس", "لندن", "برلين", "روما", "مدريد", "طهران", "انقره", "بكين", "طوكيو", "سيول", "القاهره", "الرياض",
     "الدوحه", "ابوظبي", "بغداد", "دمشق", "بيروت", "كييف", "بروكسل", "نيودلهي", "دلهي", "كابول", "الخرطوم", "طرابلس", "الرباط",
     "صنعاء", "كراكاس", "هافانا", "اوتاوا", "فيينا", "اثينا", "وارسو", "بودابست", "بوخارست", "بلغراد", "مينسك", "يريفان", "باكو",
     "تبليسي", "مانيلا", "جاكرتا", "هانوي", "كانبيرا", "بريتوريا", "نيروبي", "ابوجا", "مقديشو", "الكرملين", "اسطنبول"]
)  # fmt: skip
"""Names of governments rather than of the place where something happens, normalised."""
_SENT = frozenset(
    ["السفير", "السفيره", "سفير", "سفيره", "المبعوث", "المبعوثه", "مبعوث", "مبعوثه", "وفد", "بعثه"]
)
"""Who speaks abroad."""


def parts_of(tagged: Tagged) -> list[tuple[int, int]]:
    """Return the parts of a headline that dots stand between.

    Parameters
    ----------
    tagged : Tagged

    Returns
    -------
    list of (int, int)
        First token and the one behind the last; one part where there are no dots, or where a stop ends it: in a text
        dots are a pause.

    Examples
    --------
    >>> from stance.lexicon import Lexicon
    >>> from stance.statements.tagging import Tagger
    >>> tagger = Tagger(Lexicon.default(), {})
    >>> parts_of(tagger.tag("كوبا.. الرئيس: سنصمد")), parts_of(tagger.tag("سكت.. ثم خرج."))
    ([(0, 1), (3, 6)], [(0, 6)])
    """
    norms, n = tagged.norms, len(tagged)
    if not 2 < n <= _LONGEST or norms[-1] in STOPS:
        return [(0, n)]
    parts, start = [], 0
    for k, norm in enumerate(norms):
        dots = norm == "…" or (norm == "." and "." in (tagged.norm(k - 1), tagged.norm(k + 1)))
        if dots and not tagged.quoted[k]:
            if k > start:
                parts.append((start, k))
            start = k + 1
    return [*parts, (start, n)] if start < n else parts


def own_part(tagged: Tagged, name: NameSpan) -> tuple[int, int]:
    """Return the part of a headline that is its speaker's own.

    Parameters
    ----------
    tagged : Tagged
    name : NameSpan

    Returns
    -------
    (int, int)
        First token and the one behind the last.  What stands before the speaker's part belongs to it only where it is
        a quotation, what stands behind it unless somebody else acts or speaks there.

    Examples
    --------
    >>> from stance.lexicon import Lexicon
    >>> from stance.statements.tagging import Tagger
    >>> tagged = Tagger(Lexicon.default(), {}).tag("كوبا ترحب بالهدنة.. وبنما: لن نشارك")
    >>> own_part(tagged, NameSpan(0, 0)), own_part(tagged, NameSpan(5, 5))
    ((0, 3), (5, 9))
    """
    parts = parts_of(tagged)
    at = next((i for i, (a, b) in enumerate(parts) if a <= name.first < b), -1)
    if len(parts) < 2 or at < 0 or name.last >= parts[at][1]:
        return 0, len(tagged)
    start, end = parts[at]
    if all(tagged.quoted[k] for a, b in parts[:at] for k in range(a, b) if tagged.content[k]):
        start = 0  # the quotation that its speaker stands behind
    labelled = ":" in tagged.norms[name.last + 1 : end]
    for a, b in parts[at + 1 :]:
        if _label(tagged, a, b) >= 0 or (not labelled and _acts(tagged, a, b)):
            break
        end = b
    return start, len(tagged) if end == parts[-1][1] else end


def part_of(tagged: Tagged, first: int, behind: int) -> Tagged:
    """Return a part of a sentence as if it stood alone.

    Parameters
    ----------
    tagged : Tagged
    first, behind : int
        First token, and the one behind the last.

    Returns
    -------
    Tagged
        Its tokens' places are counted from its own beginning.

    Examples
    --------
    >>> from stance.lexicon import Lexicon
    >>> from stance.statements.tagging import Tagger
    >>> part = part_of(Tagger(Lexicon.default(), {}).tag("كوبا.. الرئيس: سنصمد"), 3, 6)
    >>> part.norms, part.tokens[0].start
    (['الرئيس', ':', 'سنصمد'], 0)
    """
    offset = tagged.tokens[first].start
    tokens = [t._replace(start=t.start - offset, end=t.end - offset) for t in tagged.tokens[first:behind]]
    part = Tagged(tokens, tagged.words[first:behind], False, tagged.stances)
    part.quoted = tagged.quoted[first:behind]
    return part


def by_label(
    tagged: Tagged,
    found: NameSpan | bool,
    actors: Sequence[ActorMatch],
    name_at: Callable[[int], NameSpan],
    bound: Callable[[str], bool],
) -> NameSpan | bool:
    """Name who speaks in a headline by the colon behind its name.

    Parameters
    ----------
    tagged : Tagged
    found : NameSpan or bool
        Who was found.
    actors : sequence of ActorMatch
        The known actors of the sentence.
    name_at : callable
        Gives the name that begins at a token.
    bound : callable
        Tells whether a normalised word begins with a letter that is a word of its own.

    Returns
    -------
    NameSpan or bool
        As `found`.

    Examples
    --------
    >>> from stance.lexicon import Lexicon
    >>> from stance.statements.tagging import Tagger
    >>> tagged = Tagger(Lexicon.default(), {}).tag("كوبا.. الرئيس: سنصمد")
    >>> by_label(tagged, False, [], lambda first: NameSpan(first, first), lambda norm: False)
    NameSpan(first=3, last=3, skip=0)
    """
    if ":" not in tagged.norms or tagged.norms[-1] in STOPS or len(tagged) > _LONGEST:
        return found
    parts = parts_of(tagged)
    told_by = label_of_source(tagged, found, actors, parts[0][1])
    if told_by:
        return told_by
    for a, b in parts[1:]:
        colon = _label(tagged, a, b)
        if colon < 0:
            continue
        told = (
            isinstance(found, NameSpan) and colon < found.first < b
        )  # whom the words behind the colon speak of
        if isinstance(found, NameSpan) and not told and (found.first >= a or _speaks(tagged, found, parts)):
            return found
        return _named(tagged, a, colon, name_at(a), bound)
    return _of_a_country(tagged, found, actors, name_at)


def _label(tagged: Tagged, a: int, b: int) -> int:
    """Return the colon behind a name that a part begins with, or -1."""
    for k in range(a, min(a + _LABEL + 1, b - 1)):
        if tagged.norms[k] == ":" and k > a:
            return -1 if tagged.tokens[k + 1].kind == "number" else k  # a table: "Cairo: 35 degrees"
        word = bare(tagged.norms[k])
        aside = word in ADVERBIALS or word in PARTICLES or word in _NO_NAMES
        if not tagged.content[k] or tagged.quoted[k] or tagged.tokens[k].kind == "number":
            return -1
        if (
            (k == a and (aside or tagged.norms[k] in _NO_NAMES))
            or tagged.norms[k] in THAT
            or _verb(tagged, k)
        ):
            return -1
    return -1


def _verb(tagged: Tagged, k: int) -> bool:
    """Tell whether a word is a verb of speech in the third person of the present, as headlines have them."""
    word = tagged.words[k]
    return word.verb and bool(word.classes) and bare(tagged.norms[k])[:1] in ("ي", "ت")


def _acts(tagged: Tagged, a: int, b: int) -> bool:
    """Tell whether a part has a subject of its own: it begins with one, and a verb of speech stands behind."""
    first = bare(tagged.norm(a))
    if a >= b or first in ADVERBIALS or first in PARTICLES or first in THAT or tagged.words[a].verb:
        return False
    verb = _first_verb(tagged, a, b)
    return a < verb and all(tagged.content[a:verb]) and not tagged.quoted[a]


def _first_verb(tagged: Tagged, a: int, b: int) -> int:
    return next((k for k in range(a, min(a + _SUBJECT + 1, b)) if _verb(tagged, k)), -1)


def _speaks(tagged: Tagged, found: NameSpan, parts: Sequence[tuple[int, int]]) -> bool:
    """Tell whether a word of speech or a colon stands in the part that a speaker is named in."""
    a, b = next(((a, b) for a, b in parts if a <= found.first < b), (0, 0))
    outside = [k for k in range(a, b) if not found.first <= k <= found.last]
    return any(
        tagged.norms[k] == ":"
        or (tagged.words[k].verb and not set(SPEECH).isdisjoint(tagged.words[k].classes.split("|")))
        for k in outside
    )


def _named(tagged: Tagged, a: int, colon: int, name: NameSpan, bound: Callable[[str], bool]) -> NameSpan:
    """Return the name before a colon, without an "and" written to it and without whom it addresses."""
    norm = tagged.norms[a]
    last = colon - 1
    if name.last < last and tagged.norms[name.last + 1][:1] == "ل":
        last = name.last
    skip = int(norm[:1] == "و" and len(norm) > 3 and (norm[:3] == "وال" or bound(norm)))
    return NameSpan(a, last, skip)


def _of_a_country(
    tagged: Tagged, found: NameSpan | bool, actors: Sequence[ActorMatch], name_at: Callable[[int], NameSpan]
) -> NameSpan | bool:
    """Name who acts behind the name of the country it acts in: "Senegal: Faye calls for calm".

    A country speaks itself where somebody of another country acts ("Iran: Washington threatens us"), and so do capitals.
    """
    if not isinstance(found, NameSpan) or found.first or tagged.norm(found.last + 1) != ":":
        return found
    country = next((m.actor.country for m in actors if m.last == found.last and not m.actor.role), "")
    a = found.last + 2
    if not country or tagged.norms[0] in _CAPITALS or not _acts(tagged, a, len(tagged)):
        return found
    verb = _first_verb(tagged, a, len(tagged))
    others = {m.actor.country for m in actors if a <= m.first < verb and m.actor.country}
    if others - {country} and tagged.norms[a] not in _SENT:
        return found
    name = name_at(a)
    return NameSpan(a, verb - 1, name.skip)
