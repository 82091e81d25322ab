"""Who speaks, or that nobody does, by constructions that need no weighing."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from stance.actors.gazetteer import ActorMatch
from stance.statements.attribution import attributes
from stance.statements.cutting import NameSpan
from stance.statements.people import GREETING
from stance.statements.tagging import SPEECH, Tagged, bare
from stance.statements.words import ATTRIBUTION, INFORMANTS, MANNERS, PARTICLES, SO, STOPS, THAT, TITLES

__all__ = ["by_construction"]

_RULES = frozenset(
    [
        "قانون", "دستور", "خطه", "اتفاق", "اتفاقيه", "جدول", "معايير", "شروط", "برنامج", "مواعيد", "حاجه", "اولويه", "اولويات",
        "اليه", "احكام", "ضوابط", "قواعد", "مبادئ", "مقتضيات", "نسبه", "سنوات", "اصول", "معاهده", "بروتوكول", "صيغه", "تعريفه",
        "تقويم", "انظمه", "تعليمات", "ترتيب", "نموذج", "منهج", "مواصفات", "لوائح", "حصص", "كفاءه", "عدد", "حجم",
    ]
)  # fmt: skip
"""What things are done by: laws, plans, measures.  Nobody speaks by "according to" them."""
_PAPERS = frozenset(
    ["بيان", "تقرير", "دراسه", "مذكره", "رساله", "وثيقه", "برقيه", "احصاء", "احصائيه", "احصائيات", "احصاءات", "تقديرات", "ارقام",
     "بيانات", "حسابات", "توقعات", "معطيات", "استطلاع", "مسح", "تقارير"]
)  # fmt: skip
_COUNTS = _PAPERS - {"بيان", "تقرير", "رساله", "مذكره", "وثيقه", "برقيه", "تقارير"}
_ISSUED = frozenset(
    stem + ending
    for stem in ("اصدر", "نشر", "اعد", "وجه", "اجر", "اجرا", "قدم", "وضع", "كتب", "بث", "وزع")
    for ending in ("ه", "ها", "ته", "تها", "تهما", "هما")
)
_WARNING = frozenset(
    ["يحذر", "تحذر", "يحذرون", "يهدد", "تهدد", "يهددون", "ينتقد", "تنتقد", "ينتقدون", "يندد", "تندد", "ينددون", "يطالب", "تطالب",
     "يطالبون", "يدعو", "تدعو", "يدعون", "يرفض", "ترفض", "يرفضون", "يرحب", "ترحب", "يرحبون", "يتوقع", "تتوقع", "يتوقعون", "يتعهد",
     "تتعهد", "يتعهدون", "يتهم", "تتهم", "يتهمون", "يدين", "تدين", "يدينون", "يستنكر", "تستنكر", "يناشد", "تناشد", "يناشدون", "يؤكد",
     "تؤكد", "يؤكدون", "يشيد", "تشيد", "يشيدون", "يتوعد", "تتوعد", "يتوعدون", "يعلن", "تعلن", "يعلنون", "ينفي", "تنفي", "ينفون",
     "يشكك", "تشكك", "يشككون", "يقول", "تقول", "يقولون"]
)  # fmt: skip
"""Verbs of speech of headlines, normalised."""
_NOUNS = frozenset(
    ["قرض", "قروض", "منحه", "منح", "دعم", "تضامن", "وعد", "وعود", "ترحيب", "تحذير", "تحذيرات", "تهديد", "تهديدات", "دعوه", "دعوات", "قلق",
     "مخاوف", "مساعده", "مساعدات", "هدنه", "اتفاق", "تعاون", "تعهد", "تعهدات", "التزام", "شراكه", "اشاده", "تنديد", "تاييد", "جسر",
     "عرض", "رساله", "رسائل", "صفقه", "معونه", "معونات", "هبه", "تبرع", "تبرعات", "مبادره", "انذار"]
)  # fmt: skip
"""Nouns that headlines without a verb begin with; some are written like verbs."""
_LIKE_VERBS = frozenset(["حذر", "دعم", "وعد", "تضامن", "تعاون", "تعهد", "عرض", "منح", "شكر"])
_ATTRIBUTING = frozenset(clitic + word for clitic in ("", "و", "ف") for word in ATTRIBUTION)
_NOT = frozenset(["لم", "ولم", "فلم"])
_CLAIMS = frozenset(["يعلن", "تعلن", "يتبن", "تتبن", "يتبني", "تتبني"])
_CLAIM = 12
"""Tokens within which the responsibility stands that is not claimed."""
_BUT = frozenset(["لكن", "ولكن", "غير", "الا", "بينما", "فيما", ":"])
"""Behind which somebody may speak after all."""
_REPORTED = ("اورد", "ذكر", "نقل", "افاد", "اعلن", "كشف")
_HEADLINE = 14
_LONGEST_HALF = 4


def by_construction(
    tagged: Tagged,
    found: NameSpan | bool,
    actors: Sequence[ActorMatch],
    name_at: Callable[[int], NameSpan],
    bound: Callable[[str], bool],
) -> NameSpan | bool:
    """Correct who speaks where the construction leaves no doubt.

    Parameters
    ----------
    tagged : Tagged
    found : NameSpan or bool
        Who was found, as :meth:`stance.statements.finders.SpeakerFinder.find` gives it.
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
    >>> tagged = Tagger(Lexicon.default(), {}).tag("يبدأ العمل وفق الخطة المقررة")
    >>> by_construction(tagged, NameSpan(3, 4), [], lambda first: NameSpan(first, first), lambda norm: False)
    False
    """
    if not isinstance(found, NameSpan):
        first = -1 if found else _greets(tagged, actors)
        if first < 0 and not (
            found and (tagged.quoted[:1] == [True] or any(tagged.words[k].verb for k in tagged.speech))
        ):
            first = _attributed(tagged)
        if first >= 0:
            found = name_at(first)
    reported = _reported(tagged)
    if reported >= 0 and (not isinstance(found, NameSpan) or found.first > reported):
        found = name_at(reported)
    found = False if _is_unclaimed(tagged) else _not_by_a_rule(tagged, found)
    if isinstance(found, NameSpan):
        found = _not_the_paper(tagged, found, name_at)
        found = found if found.first < found.last or tagged.norms[found.first] not in MANNERS else True
    if not len(tagged) or tagged.norms[-1] in STOPS:
        return found
    return _of_two_halves(tagged, _unspoken(tagged, found), bound)


def _greets(tagged: Tagged, actors: Sequence[ActorMatch]) -> int:
    """Return the subject of a greeting that begins a sentence, or -1."""
    if len(tagged) < 3 or tagged.norms[0] not in GREETING or tagged.quoted[0]:
        return -1
    subject = tagged.norms[1]
    known = any(m.first == 1 for m in actors) and tagged.norms[0] != "هنا"  # "here", too
    somebody = subject[:2] == "ال" or subject in TITLES or subject.startswith("نظير") or known
    begins = somebody and tagged.content[2]
    feminine = tagged.norms[0].endswith("ت")
    if (
        not begins
        or not tagged.content[1]
        or (subject.endswith("ه") and not feminine and subject[:2] == "ال")
    ):
        return -1
    return 1


def _is_unclaimed(tagged: Tagged) -> bool:
    """Tell whether a sentence says that somebody did not claim responsibility: nobody speaks."""
    norms = tagged.norms
    if len(tagged) < 4 or norms[0] not in _NOT or norms[1] not in _CLAIMS:
        return False
    claimed = next((k for k in range(2, min(_CLAIM, len(norms))) if norms[k].startswith("مسؤوليت")), -1)
    if claimed < 0 or not THAT.isdisjoint(norms):
        return False
    return _BUT.isdisjoint(norms[claimed:]) and all(k < claimed for k in tagged.quotes)


def _attributes(tagged: Tagged, k: int) -> bool:
    """Tell whether the word at a place is "according to"; "quoting" with its preposition."""
    norms = tagged.norms
    if k > 0 and norms[k] == "عن":
        return bare(norms[k - 1]) in ("نقلا", "قلا")
    return k >= 0 and attributes(norms[k])


def _attributed(tagged: Tagged) -> int:
    """Return the unnamed source that stands behind the last "according to", or -1."""
    norms = tagged.norms
    if _ATTRIBUTING.isdisjoint(norms):
        return -1
    for k in range(len(tagged) - 1, 0, -1):
        if not _attributes(tagged, k - 1) or tagged.quoted[k]:
            continue
        norm = norms[k]
        if norms[k - 1] == "عن":
            return k if tagged.content[k] and norm not in ("ان", "ما") else -1
        named = norm[:1] == "ل" and (norm[1:] in TITLES or "ال" + norm[2:] in TITLES)  # "to the ministry"
        source = norm in INFORMANTS or named or (norm.startswith("ل") and norm[1:] in INFORMANTS)
        return k if source else -1
    return -1


def _reported(tagged: Tagged) -> int:
    """Return the subject in "according to what the radio reported, (so) the road is open", or -1."""
    norms = tagged.norms
    if len(tagged) < 6 or not _attributes(tagged, 0) or norms[1] not in ("ما", "لما"):
        return -1
    verb = norms[2]
    told = tagged.words[2].classes or verb in _ISSUED or verb.startswith(_REPORTED)
    if not told or not verb.endswith("ه") or not tagged.content[3]:
        return -1
    clause = any(
        norms[k] in ("،", ",") and norms[k + 1] in SO for k in range(4, min(len(tagged) - 1, _CLAIM))
    )
    return 3 if clause else -1


def _by_a_rule(tagged: Tagged, k: int) -> bool:
    """Tell whether a law, a plan or a measure stands behind "according to", in the midst of a sentence."""
    norm = tagged.norms[k]
    stem = norm[2:] if norm[:2] in ("ال", "لل") else norm
    rule = stem in _RULES or (norm.startswith("ل") and norm[1:] in _RULES)
    return rule and k > 1 and tagged.norm(k + 1) != "من" and _attributes(tagged, k - 1)


def _not_by_a_rule(tagged: Tagged, found: NameSpan | bool) -> NameSpan | bool:
    """Say that nobody speaks where the only source is a law, a plan, a measure."""
    if _ATTRIBUTING.isdisjoint(tagged.norms) and "عن" not in tagged.norms:
        return found
    if isinstance(found, NameSpan):
        by_rule = _by_a_rule(tagged, found.first)
        return False if by_rule or (found.first and _by_a_rule(tagged, tagged.before[found.first])) else found
    if not found or tagged.quotes or tagged.quoted[0] or any(tagged.words[k].verb for k in tagged.speech):
        return found
    return not any(_by_a_rule(tagged, k) for k in range(2, len(tagged)))


def _not_the_paper(tagged: Tagged, found: NameSpan, name_at: Callable[[int], NameSpan]) -> NameSpan:
    """Name whoever issued a paper, where a clause or an "according to" says so; else the paper speaks itself."""
    norms, first = tagged.norms, found.first
    paper = norms[first][found.skip :]
    if paper not in _PAPERS:
        return found
    j = tagged.before[first]
    if tagged.norm(j) == "في" or _attributes(tagged, j):
        for k in range(first + 1, min(first + 3, len(norms) - 1)):
            if norms[k] in _ISSUED and tagged.content[k + 1]:
                return name_at(k + 1)
    if not _attributes(tagged, j) or found.last == first:
        return found
    if paper not in _COUNTS:
        return found
    for k in range(first + 1, min(first + 3, found.last + 1)):
        if norms[k].startswith("ل") and (norms[k][1:] in TITLES or norms[k][1:] in INFORMANTS):
            return name_at(k)
    following = norms[first + 1]
    body = following in TITLES or following in INFORMANTS or following[:2] == "ال"
    return name_at(first + 1) if body else found


def _unspoken(tagged: Tagged, found: NameSpan | bool) -> NameSpan | bool:
    """Say that nobody speaks in a headline of nouns: help for a port, an incomplete solidarity."""
    if not found or len(tagged) > _HEADLINE or tagged.quotes or tagged.quoted[0]:
        return found
    norms, words = tagged.norms, tagged.words
    if not all(tagged.content) or norms[0] not in _NOUNS or (len(tagged) > 3 and not _describes(norms[1])):
        return found
    if any(norm in ("من", "لدي") for norm in norms[1:4]):  # "a call from the Arab League"
        return found
    if any(w.verb and norms[k] not in _LIKE_VERBS for k, w in enumerate(words) if k > 1):
        return found
    said = any(_attributes(tagged, k) or norms[k] in THAT for k in range(len(tagged)))
    told = any(words[k].classes and norms[k].endswith("ا") for k in tagged.speech if k)
    return found if said or told else False


def _describes(norm: str) -> bool:
    """Tell whether a word stands behind a noun that begins a headline: an adjective, or a preposition."""
    return (
        norm in PARTICLES
        or norm == "بين"
        or norm.startswith(("ل", "ب"))
        or (norm[:2] != "ال" and norm.endswith(("ي", "يه", "يان")))
    )


def _of_two_halves(tagged: Tagged, found: NameSpan | bool, bound: Callable[[str], bool]) -> NameSpan | bool:
    """Name who speaks in the second half of a headline, where the first only tells what somebody does."""
    norms, n = tagged.norms, len(tagged)
    if n > 2 * _HEADLINE or ":" in norms or (found is True):
        return found
    if found and (found.first > 0 or tagged.content[0] is False):
        return found
    told = found.last + 1 if found else 1
    verbs = [k for k in range(2, n) if norms[k] in _WARNING]
    if not verbs or (tagged.quotes and tagged.quotes[0] < verbs[0]):
        return found
    if any(tagged.words[k].verb and _speaks(tagged, k) for k in range(verbs[0])):
        return found
    for k in range(verbs[0] - 1, max(verbs[0] - 1 - _LONGEST_HALF, 1), -1):
        if norms[k] in THAT or not tagged.content[k]:
            break
        acts = any(norms[m].startswith(("ي", "ت")) for m in range(told, k))
        joined = norms[k].startswith("و") and len(norms[k]) > 3 and (norms[k][-2:] == "ون" or bound(norms[k]))
        if acts and joined:
            return NameSpan(k, verbs[0] - 1, 1)
    return found


def _speaks(tagged: Tagged, k: int) -> bool:
    return not {"writer", "reporting"}.issuperset(tagged.words[k].classes.split("|")) and any(
        c in SPEECH for c in tagged.words[k].classes.split("|")
    )
