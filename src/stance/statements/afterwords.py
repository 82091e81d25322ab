"""What the reporter adds behind a speaker's words: that no details were given, no name, and what was alluded to."""

from __future__ import annotations

from stance.statements.gender import gender_of_verb
from stance.statements.tagging import Tagged
from stance.statements.that import is_that
from stance.statements.words import PAUSES

__all__ = ["afterword"]

_NOT = frozenset(["ولم", "لم"])
_GIVES = frozenset(
    person + verb
    for person in "يت"
    for verb in (
        "قدم",
        "عط",
        "عطي",
        "ذكر",
        "وضح",
        "كشف",
        "حدد",
        "دل",
        "دلي",
        "ورد",
        "فصح",
        "خض",
        "خوض",
        "شر",
        "شير",
    )
)
"""Verbs by which details are given, as they stand behind "not" and "without"; masculine and feminine."""
_GIVING = frozenset(
    ["تقديم", "ذكر", "اعطاء", "الكشف", "كشف", "تحديد", "الافصاح", "الادلاء", "الخوض", "ايراد", "توضيح"]
)
"""Their nouns, behind "without"."""
_DETAILS = frozenset(["تفاصيل", "التفاصيل", "ايضاحات", "توضيحات", "بتفاصيل", "ايضاح", "توضيح"])
_BUT_ONE = frozenset(["طالبا", "طالبه", "مشترطا", "مشترطه", "رافضا", "رافضه", "مفضلا", "مفضله"])
"""Participles by which a source asks not to be named."""
_NAMED = frozenset(["اسمه", "اسمها", "هويته", "هويتها", "اسمائهم", "هويتهم", "اسميهما"])
_UNNAMED = frozenset(["عدم", "الكشف", "كشف", "ذكر", "الافصاح", "نشر"])
_NEAR = 6
"""Tokens between such a word and what is withheld."""
_LONG = 14
"""Tokens of an afterword at most: it ends its sentence."""


def afterword(tagged: Tagged, behind: int, feminine: bool | None) -> int:
    """Return the token with which the reporter's own words at the end of a sentence begin.

    Parameters
    ----------
    tagged : Tagged
    behind : int
        The last token of what introduces the speaker and the speech.
    feminine : bool or None
        The speaker's gender, as far as it shows.

    Returns
    -------
    int
        The number of tokens where there are none.

    Examples
    --------
    >>> from stance.lexicon import Lexicon
    >>> from stance.statements.tagging import Tagger
    >>> tag = Tagger(Lexicon.default(), {}).tag
    >>> afterword(tag("قال إن الرتل وصل، ولم يقدم مزيدا من التفاصيل"), 0, False)
    5
    >>> afterword(tag("قال إن الشركة أقفلت، ولم تقدم أي تفاصيل"), 0, False)
    9
    """
    n, found = len(tagged), len(tagged)
    for k in range(n - 2, max(behind + 2, n - _LONG), -1):
        if tagged.quoted[k] or tagged.norms[k] == ":" or tagged.tokens[k].kind == "quote":
            break
        without = tagged.norms[k - 1] in ("دون", "بدون")
        if is_that(tagged, k) and not without:
            break
        if _withholds(tagged, k, feminine) or _alludes(tagged, k):
            found = k
    return found


def _withholds(tagged: Tagged, k: int, feminine: bool | None) -> bool:
    """Tell whether "without giving details", "and gave none" or "asking not to be named" begins behind a comma."""
    norms = tagged.norms
    if norms[k - 1] not in PAUSES:
        return False
    if norms[k] in _BUT_ONE:
        return norms[k + 1] in _UNNAMED and not _NAMED.isdisjoint(norms[k + 2 : k + _NEAR])
    verb = k + 1
    if norms[k] not in _NOT:
        verb += norms[k] == "من"
        if norms[verb - 1] not in ("دون", "بدون"):
            return False
        verb += tagged.norm(verb) == "ان"
    norm = tagged.norm(verb)
    gives = norm in _GIVES and (feminine is None or gender_of_verb(norm) in (feminine, None))
    noun = norm in _GIVING and norms[k] not in _NOT
    return (gives or noun) and not _DETAILS.isdisjoint(norms[verb + 1 : verb + _NEAR])


def _alludes(tagged: Tagged, k: int) -> bool:
    """Tell whether "in an allusion to" begins behind a quotation."""
    norms = tagged.norms
    if norms[k] != "في" or tagged.norm(k + 1) != "اشاره" or tagged.norm(k + 2) != "الي":
        return False
    before = k - 1 - (norms[k - 1] in PAUSES)
    return before > 0 and tagged.tokens[before].kind == "quote"
