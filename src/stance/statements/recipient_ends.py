"""Which words of a recipient's name name the actor: the one inside a phrase of deeds, without the clause behind it."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence

from stance.actors.gazetteer import ActorMatch
from stance.statements.cutting import NameSpan
from stance.statements.media import medium_end
from stance.statements.name_ends import with_known, without_verb
from stance.statements.people import MANY, PEOPLE, URGING
from stance.statements.tagging import Tagged
from stance.statements.words import PARTICLES, RELATIVES

__all__ = ["beside", "is_source", "received", "whereabouts"]

_STANDING = 4
"""Words between "stands" and "beside"."""
_DEEDS = frozenset(
    [
        "تهدئه", "حمايه", "مسانده", "صمود", "شجاعه", "خطوه", "خطوات", "موافقه",  "استجابه", "توقيع", "انضمام", "تعهد", "تعهدات",
        "التزام", "دعوه", "تدريب", "تعويض", "انصاف", "اسراع", "اغاثه", "مساعده", "ايواء", "تسليح", "طمانه", "اعتذار", "تضحيات", "بطولات",
        "استعداد", "رفض", "قبول", "انسحاب", "توفير",  "تقديم", "ارسال", "مطالب", "جهود", "دور", "موقف",
    ]
)  # fmt: skip
"""Deeds, normalised: a stance about somebody's deed is about somebody."""
_SUPPORT = frozenset(
    c + noun for c in ("", "و", "ب", "ل") for noun in ("دعم", "مسانده", "تاييد", "تضامن", "وقوف", "مؤازره", "مناصره", "مساعده", "مساعدات")
)  # fmt: skip
"""Whose support it is, stands behind these; for whom, behind "for"."""
_PARTNERS = frozenset(
    ["الشريك", "الشريكه", "شريك", "شريكه", "الحليف", "الحليفه", "حليف", "حليفه", "الصديق", "صديق", "صديقه", "الداعم", "داعم"]
)  # fmt: skip
"""Who stands beside somebody: behind them, with "of", stands the one who is meant."""
_ANYBODY = frozenset(
    ["كل", "جميع", "بعض", "اولئك", "كافه", "من", "الاشخاص", "احد", "اي", "الجماعات", "للجماعات", "الجهات", "المناطق", "الدول", "الناس", "هولاء", "هؤلاء", "المجتمعات"]
)  # fmt: skip
"""Words that mean nobody in particular without the clause behind them."""
_MEASURES = frozenset(
    ["نصف", "ثلث", "ربع", "شهر", "شهرا", "شهرين", "اسبوع", "اسبوعا", "اسبوعين", "يوم", "يوما", "يومين", "ايام", "ساعه", "ساعات", "عام",
     "عاما", "عامين", "سنه", "سنوات", "اشهر", "مرتين", "الطريق", "النصف", "اخر", "اخري", "اخرين", "اضافي", "كامل"]
)  # fmt: skip
"""Time and quantity, which nobody supports or warns."""
_NEVER_ALONE = frozenset(["اخر", "اخري", "اخرين", "اضافي", "كامل", "الطريق"])
"""What only belongs to a measure behind another word."""
_PREPOSITIONS = PARTICLES - {"علي"}
"""Prepositions that are no given names: nobody's name ends with one."""

_SAID = frozenset(
    ["بيان", "بيانات", "تقرير", "تقارير", "تصريح", "تصريحات", "حديث", "مقابله", "حوار", "مداخله", "بلاغ", "تغريده", "تعليق"]
)  # fmt: skip
"""What is said by somebody or to a medium: "in a statement of the ministry", "in an interview with the paper"."""


def is_source(tagged: Tagged, i: int) -> bool:
    """Tell whether a word is whose statement it is, or to which medium it was made, and nobody's recipient.

    Of 159 such words in the annotated news none is annotated as a recipient.

    Parameters
    ----------
    tagged : Tagged
    i : int
        The word.

    Returns
    -------
    bool

    Examples
    --------
    >>> from stance.lexicon import Lexicon
    >>> from stance.statements.tagging import Tagger
    >>> is_source(Tagger(Lexicon.default(), {}).tag("في بيان لوزارة خارجيتها"), 2)
    True
    """
    j = tagged.before[i]
    return j >= 0 and tagged.norms[i][:1] == "ل" and tagged.norms[j] in _SAID


def whereabouts(tagged: Tagged, speaker: tuple[int, int] | None, places: Container[int]) -> int:
    """Return the "from" before the place from which a speaker calls upon others, who are not that place.

    Parameters
    ----------
    tagged : Tagged
    speaker : (int, int), optional
        First and last token of the speaker's name.
    places : container of int
        The tokens at which known countries and capitals begin.

    Returns
    -------
    int
        -1 where there is none.

    Examples
    --------
    >>> from stance.lexicon import Lexicon
    >>> from stance.statements.tagging import Tagger
    >>> tagged = Tagger(Lexicon.default(), {}).tag("حث الوزير من برلين الأطراف على التهدئة")
    >>> whereabouts(tagged, (1, 1), [3])
    2
    """
    if speaker is None:
        return -1
    verb, at = tagged.before[speaker[0]], speaker[1] + 1
    if tagged.norm(at) in URGING:  # "the minister urges from Berlin"
        verb, at = at, at + 1
    urges = verb >= 0 and tagged.norms[verb] in URGING
    return at if urges and tagged.norm(at) == "من" and at + 1 in places else -1


def received(
    tagged: Tagged, name: NameSpan, actors: Sequence[ActorMatch], name_at: Callable[[int], NameSpan]
) -> NameSpan | None:
    """Let a recipient's name be an actor's.

    Parameters
    ----------
    tagged : Tagged
    name : NameSpan
        As :meth:`stance.statements.finders.RecipientFinder.find` gives it.
    actors : sequence of ActorMatch
        The known actors of the sentence.
    name_at : callable
        Gives the name that begins at a token.

    Returns
    -------
    NameSpan or None
        None where it is a measure of time or quantity, or the medium that is told it.

    Examples
    --------
    >>> from stance.lexicon import Lexicon
    >>> from stance.statements.tagging import Tagger
    >>> tagged = Tagger(Lexicon.default(), {}).tag("أشاد بصمود المزارعين الذين")
    >>> received(tagged, NameSpan(1, 3, 1), [], lambda first: NameSpan(first, 3))
    NameSpan(first=2, last=2, skip=0)
    """
    norms, first, last = tagged.norms, name.first, name.last
    if _listens(tagged, first, actors):
        return None
    if _gives(tagged, name, actors):
        name = name_at(last + 1)
        first, last = name.first, name.last
    head = norms[first][name.skip :]
    measures = head in _MEASURES - _NEVER_ALONE
    if measures and _MEASURES.issuperset(norms[first + 1 : last + 1]):
        return None
    if head in _PARTNERS:
        starts = {m.first for m in actors if first < m.first <= last}
        place = next((k for k in range(first + 1, last + 1) if norms[k].startswith("ل") and k in starts), -1)
        return name_at(place)._replace(skip=1) if place >= 0 else name
    deed = head in _DEEDS or (head.startswith(("ب", "ل")) and head[1:] in _DEEDS)
    if deed and last > first and _acts(norms[first + 1], any(m.first == first + 1 for m in actors)):
        name = name_at(first + 1)
        first, last = name.first, name.last
        head = norms[first][name.skip :]
    if actors:
        last = with_known(last, first, actors)
    if last > first:
        last = without_verb(tagged, first, last)
        if not _is_anybody(head):
            last = next((k - 1 for k in range(first + 1, last + 1) if norms[k] in RELATIVES), last)
    while last > first and norms[last] in _PREPOSITIONS:
        last -= 1
    return NameSpan(first, last, name.skip)


def beside(tagged: Tagged, name_at: Callable[[int], NameSpan]) -> NameSpan | None:
    """Return beside whom somebody stands, by a verb of standing and "beside".

    Parameters
    ----------
    tagged : Tagged
    name_at : callable
        Gives the name that begins at a token.

    Returns
    -------
    NameSpan or None

    Examples
    --------
    >>> from stance.lexicon import Lexicon
    >>> from stance.statements.tagging import Tagger
    >>> tagged = Tagger(Lexicon.default(), {}).tag("سنقف إلى جانب المزارعين")
    >>> beside(tagged, lambda first: NameSpan(first, first))
    NameSpan(first=3, last=3, skip=0)
    """
    norms = tagged.norms
    for k in range(1, len(tagged) - 2):
        if norms[k] == "الي" and norms[k + 1] == "جانب" and tagged.content[k + 2]:
            before = norms[max(0, k - _STANDING) : k]
            if any(
                norm.endswith(("قف", "وقف", "وقفت", "قوف", "قوفها", "قوفه", "قوفنا", "قفون"))
                for norm in before
            ):
                return name_at(k + 2)
    return None


def _listens(tagged: Tagged, first: int, actors: Sequence[ActorMatch]) -> bool:
    """Tell whether the medium to which something is told is named right behind the verb: "added to Reuters"."""
    told = first > 0 and "reporting" in tagged.words[first - 1].classes.split("|")
    return told and medium_end(tagged, first, actors)[0] >= 0


def _gives(tagged: Tagged, name: NameSpan, actors: Sequence[ActorMatch]) -> bool:
    """Tell whether a known name is whose support it is: "the support of Norway | for Iraq"."""
    first, k = name.first, name.last + 1
    known = any(m.first == first and m.last == name.last for m in actors)
    if not (known and first and not name.skip and tagged.norms[first - 1] in _SUPPORT and k < len(tagged)):
        return False
    return tagged.content[k] and tagged.norms[k][:1] == "ل" and any(k <= m.first <= k + 1 for m in actors)


def _is_anybody(head: str) -> bool:
    """Tell whether a noun, with a preposition perhaps, means nobody in particular."""
    return head in _ANYBODY or head[1:] in _ANYBODY or (head[:2] == "لل" and "ال" + head[2:] in _ANYBODY)


def _acts(norm: str, known: bool) -> bool:
    """Tell whether a word behind a deed is whoever did it."""
    return (
        known
        or norm in PEOPLE
        or norm in MANY
        or (norm[:2] == "ال" and norm.endswith(("ين", "ون")) and len(norm) > 6)
    )
