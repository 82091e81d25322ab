"""Where a name ends for reasons of grammar: before the object of its verb, before a clause that describes it.

The ranker of ends weighs words; what it has not met often it misses.  The rules here hold whatever the words are,
or are held to closed classes: verbs that have people as objects, nouns for many people, words of anonymity.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from stance.actors.gazetteer import ActorMatch
from stance.statements.cutting import NameSpan
from stance.statements.known_objects import is_definite, may_be_bound
from stance.statements.media import SPOKEN_ON, is_addressed
from stance.statements.objects import before_object
from stance.statements.people import BODIES, COUNTERPARTS, DEEDS
from stance.statements.tagging import Tagged
from stance.statements.tails import OBJECTS
from stance.statements.words import LETTERS, MANNERS, RELATIVES, THAT

__all__ = ["bounded", "with_known", "without_verb"]

_ACCUSATIVES = frozenset(
    ["وقفا", "تمديدا", "تعليقا", "حدادا", "اضرابا", "عفوا", "انسحابا", "دعما", "استعدادا", "تاييدا", "بيانا", "موقفا", "حظرا",
     "اتفاقا", "مشروعا", "برنامجا", "طلبا", "قرارا", "تحذيرا", "تقريرا", "مقترحا", "عرضا", "خطابا", "انذارا", "تضامنا", "التزاما",
     "بلاغا", "تسجيلا", "مقطعا", "مرسوما", "توضيحا"]
)  # fmt: skip
"""Objects in the accusative that a verb of saying has; no name ends so."""
_WISHES = frozenset(
    form
    for stem in ("طلب", "رفض", "فضل", "اشترط", "امتنع", "تحدث", "اثر", "اختار", "تحفظ")
    for form in (stem, stem + "ت", stem + "ا", stem + "تا", stem + "وا")
)
_ANONYMITY = frozenset(
    [
        "عدم",
        "الكشف",
        "كشف",
        "ذكر",
        "الافصاح",
        "افصاح",
        "نشر",
        "شرط",
        "بشرط",
        "التكتم",
        "اغفال",
        "البقاء",
        "حجب",
        "الا",
    ]
)
_OPEN = RELATIVES | frozenset(
    ["التابع", "التابعه", "المقيم", "المقيمه", "المنبثق", "المنبثقه",
     "المؤلف", "المكون", "المكونه", "المؤلفه"]
)  # fmt: skip
"""Words that want a complement: no name ends with one."""
_CLAUSES = _WISHES | _ACCUSATIVES | MANNERS | {"لم", "شرط"}
"""Words before or at which a name may end too late."""
_THAT = THAT - {"ان", "بان"}
"""Forms of "that" which are no part of foreign names, as "CNN" and "Ban" are written."""
_SELVES = frozenset(
    ["نفسها", "نفسهم", "انفسهم", "ذاتها", "ذاتهم", "وحدها", "وحدهم", "جميعهم", "جميعها", "كلها", "كلهم", "معظمهم", "معظمها", "اغلبهم",
     "غالبيتهم", "بعضهم", "بعضها", "عنها", "عنهم", "منها", "منهم", "اليها", "اليهم", "عليها", "عليهم", "فيها", "معها", "معهم", "حولها",
     "امامها", "امامهم", "لديها", "لديهم", "عندها", "نيابته", "كعادته", "كعادتها"]
)  # fmt: skip
"""What stands behind a name and means the same one, or hangs on a preposition."""
_OWN_DEEDS = DEEDS | frozenset(
    ["فوز", "نيه", "عزم", "قلق", "اسف", "حزن", "ترحيب", "تاييد", "تقدير", "امل", "موقف", "رفض", "ترشح", "تمسك", "استنكار", "استغراب", "ارتياح",
     "امتنان", "شكر", "اعتزاز", "استياء", "قرار", "اعتذار", "اعتراض", "اعتزال", "تاهل", "تحالف", "تنازل"]
)  # fmt: skip
"""Deeds and feelings that subjects announce as their own."""
_MARKS = frozenset("،,-–—(")


def bounded(
    tagged: Tagged,
    name: NameSpan,
    actors: Sequence[ActorMatch] = (),
    bound: Callable[[str], bool] = may_be_bound,
    noun: Callable[[str], bool] = bool,
) -> NameSpan:
    """Let a name end where grammar ends it.

    Parameters
    ----------
    tagged : Tagged
    name : NameSpan
        As the ranker of ends cut it.
    actors : sequence of ActorMatch, optional
        The known actors of the sentence.
    bound : callable, optional
        Tells whether a normalised word begins with a letter that is a word of its own.
    noun : callable, optional
        Tells whether a normalised word takes the article; by default every word may.

    Returns
    -------
    NameSpan
        From the same place.

    Examples
    --------
    >>> from stance.lexicon import Lexicon
    >>> from stance.statements.tagging import Tagger
    >>> tagged = Tagger(Lexicon.default(), {}).tag("شكر الملك عمال الميناء")
    >>> bounded(tagged, NameSpan(1, 3))
    NameSpan(first=1, last=1, skip=0)
    """
    first, last = name.first, name.last
    if actors:
        last = with_known(last, first, actors)
    last = _with_rare(tagged, first, _with_noun(tagged, first, last), actors)
    last = _with_letters(tagged, last)
    if last == first:
        return NameSpan(first, last, name.skip)
    if not _CLAUSES.isdisjoint(tagged.norms[first + 1 : last + 1]):
        last = min(_anonymous(tagged, first, last), _accusative(tagged, first, last))
    last = without_verb(tagged, first, last)
    last = before_object(tagged, first, last, actors, bound, noun)
    last = _before_speech(tagged, first, _before_own(tagged, first, last, actors), actors)
    while last > first + 1 and tagged.norms[last] in _OPEN:
        last -= 1
    while last > first and not tagged.content[last] and tagged.norms[last] in _MARKS:
        last -= 1
    return NameSpan(first, last, name.skip)


def with_known(last: int, first: int, actors: Sequence[ActorMatch]) -> int:
    """Return the last token of the known name in whose midst a name ends.

    Parameters
    ----------
    last, first : int
        Of the name.
    actors : sequence of ActorMatch

    Returns
    -------
    int
        `last` where it ends in none.

    Examples
    --------
    >>> from stance.actors import Gazetteer
    >>> from stance.text import tokenize
    >>> with_known(2, 1, Gazetteer.default().find(tokenize("دعت جبهة تحرير مورو")))
    3
    """
    return next((m.last for m in actors if first <= m.first <= last < m.last), last)


def without_verb(tagged: Tagged, first: int, last: int) -> int:
    """Return the last token of a name before a plural verb in the present, whose subject it is.

    Parameters
    ----------
    tagged : Tagged
    first, last : int

    Returns
    -------
    int

    Examples
    --------
    >>> from stance.lexicon import Lexicon
    >>> from stance.statements.tagging import Tagger
    >>> tagged = Tagger(Lexicon.default(), {}).tag("جنودنا يستحقون التحية")
    >>> without_verb(tagged, 0, 2)
    0
    """
    head, norms = tagged.norms[first], tagged.norms
    if head in RELATIVES or (head[:2] != "ال" and not head.endswith("نا")):
        return last  # what is not certain people may be told apart by what they do
    for k in range(first + 1, last + 1):
        if norms[k] in RELATIVES:
            break
        if _is_plural_verb(norms[k]):
            return k - 1
    return last


def _is_plural_verb(norm: str) -> bool:
    return norm.startswith("ي") and len(norm) > 5 and norm.endswith("ون") and not norm.endswith("يون")


def _with_noun(tagged: Tagged, first: int, last: int) -> int:
    """Return the noun behind a bare "company", "organisation": alone they name nobody."""
    head = tagged.norms[first]
    if last > first or (head not in BODIES and head[1:] not in BODIES) or last + 1 >= len(tagged):
        return last
    following, word = tagged.norms[last + 1], tagged.words[last + 1]
    if (
        not tagged.content[last + 1]
        or word.verb
        or len(following) < 4
        or word.cues
        or following.endswith("ا")
    ):
        return last
    adjective = tagged.norm(last + 2)
    return (
        last + 2 if adjective[-2:] == "يه" and adjective[:2] != "ال" and following[:2] != "ال" else last + 1
    )


def _with_letters(tagged: Tagged, last: int) -> int:
    """Return the last letter of an acronym in whose midst a name ends: "C.N.N." has a letter that is spelled like "that"."""
    tokens, norms = tagged.tokens, tagged.norms
    k = last - (norms[last] == ".")
    while k >= 0 and norms[k] in LETTERS and tagged.norm(k + 1) == "." and tagged.norm(k + 2) in LETTERS:
        if tokens[k + 1].end < tokens[k + 2].start:
            break
        k = last = k + 2
    return last


def _with_rare(tagged: Tagged, first: int, last: int, actors: Sequence[ActorMatch]) -> int:
    """Return the rare word behind a rare one with the article: the two are one name."""
    words, norms, k = tagged.words, tagged.norms, last + 1
    if (
        last > first
        or not is_definite(norms[last])
        or norms[last].endswith("ي")
        or words[last].kind
        or k >= len(tagged)
    ):
        return last
    common = (
        words[k].kind or words[k].cues or may_be_bound(norms[k]) or norms[k].startswith(("ي", "ت", "ك", "ا"))
    )
    if not tagged.content[k] or common or norms[k].endswith("ا") or any(m.first == k for m in actors):
        return last
    return (
        k if any(word.kind for word in words) else last
    )  # a reader without clusters knows nothing of rarity


def _before_own(tagged: Tagged, first: int, last: int, actors: Sequence[ActorMatch]) -> int:
    """Return the last token of a verb's subject before what is its own: "the president announced | his victory"."""
    norms, j = tagged.norms, tagged.before[first]
    if j < 0 or not tagged.words[j].verb:
        return last
    ends = {m.last for m in actors if m.actor.name and first <= m.first}
    known = {k for m in actors for k in range(m.first, m.last + 1)}
    for k in range(first + 1, last + 1):
        opened = tagged.tokens[k - 1].kind == "quote" and tagged.quoted[k - 1]
        before = tagged.before[k] if opened else k - 1
        complete = is_definite(norms[before]) or before in ends
        if complete and k not in known and _is_owned(norms[k]):
            return before
    return last


def _is_owned(norm: str) -> bool:
    """Tell whether a noun has an owner written to it; what begins with a preposition or an "and" is left aside."""
    if norm in _SELVES or norm.startswith(("ال", "و", "ب", "ل")):
        return False
    if norm in OBJECTS:
        return norm != "حديثه"  # written like "modern"
    return (len(norm) > 4 and norm.endswith(("ها", "هم", "هما", "ته"))) or (
        norm[-1:] == "ه" and norm[:-1] in _OWN_DEEDS
    )


def _before_speech(tagged: Tagged, first: int, last: int, actors: Sequence[ActorMatch]) -> int:
    """Return the last token before "that I", "in an interview", "to Reuters", "to his counterpart": none is part of a name."""
    norms, j = tagged.norms, tagged.before[first]
    told = j >= 0 and tagged.words[j].verb and bool(tagged.words[j].classes)
    for k in range(first + 1, last + 1):
        that = norms[k] in _THAT and not any(m.first < k <= m.last for m in actors)
        occasion = norms[k] in ("في", "خلال") and tagged.norm(k + 1) in SPOKEN_ON
        if that or occasion or (norms[k][:1] == "ل" and norms[k][1:] in COUNTERPARTS):
            return k - 1
        if told and norms[k][:1] == "ل" and is_addressed(tagged, k, actors):
            return k - 1
    return last


def _anonymous(tagged: Tagged, first: int, last: int) -> int:
    """Return the last token before "who asked not to be named" and its like."""
    norms = tagged.norms
    for k in range(first + 1, last + 1):
        wishes = norms[k] in _WISHES and not _ANONYMITY.isdisjoint(norms[k + 1 : k + 4])
        if norms[k - 1] in _OPEN:
            break
        if wishes or norms[k] == "لم" or (norms[k] == "شرط" and tagged.norm(k + 1) == "عدم"):
            return k - 1
    return last


def _accusative(tagged: Tagged, first: int, last: int) -> int:
    for k in range(first + 1, last + 1):
        norm = tagged.norms[k]
        if norm in _ACCUSATIVES or (norm in MANNERS and tagged.norms[k - 1][:2] == "ال"):
            return k - 1
    return last
