"""Gender of speakers and of verbs, as far as it shows: by it a verb without a name finds its speaker."""

from __future__ import annotations

from stance.statements.cutting import NameSpan
from stance.statements.number import SINGULAR, number_of_verb, verb_of_left_out
from stance.statements.subjects import ACTING
from stance.statements.tagging import Tagged, bare
from stance.statements.words import TITLES

__all__ = ["gender_of_noun", "gender_of_verb", "goes_on", "is_feminine", "is_present"]

_PAST_IN_T = frozenset(
    [
        "تابع", "تبين", "تبني", "تحدث", "تحسب", "تحمل", "تخوف", "تراجع", "تساءل", "تصدي", "تضامن", "تطلع", "تعاون", "تعهد",
        "تفاءل", "تلقي", "تمسك", "تمني", "تنصل", "تهاون", "توخي", "توسل", "توعد", "توقع",
    ]
)  # fmt: skip
"""Masculine past forms that begin with the letter of the feminine present: verbs of speech of the lexicon."""
_ENDS_IN_T = frozenset(["لفت", "الفت", "التفت", "بت", "ثبت", "اثبت", "نعت", "بات", "سكت"])
"""Masculine past forms that end with the letter of the feminine past."""
_PLURALS = frozenset(["مسؤولون", "مصادر", "وزراء"])
"""Titles that tell no gender: verbs agree with plurals in more than one way."""


def is_feminine(tagged: Tagged, name: NameSpan | None) -> bool | None:
    """Tell the gender of a speaker.

    The verb before a name agrees with it in gender (K. C. Ryding, *A Reference Grammar of Modern Standard
    Arabic*, 2005, chapter 4), whatever it names: countries, groups and plurals do not show theirs.

    Parameters
    ----------
    tagged : Tagged
        The tokens of the statement.
    name : NameSpan, optional
        The speaker's name; None where it is left out.

    Returns
    -------
    bool or None
        None where it does not show.
    """
    if name is None:
        verb = verb_of_left_out(tagged)
        return gender_of_verb(tagged.words[verb].stem) if verb >= 0 else None
    j = tagged.before[name.first]
    if j >= 0 and tagged.norms[j] in ACTING:
        return tagged.norms[j].endswith("ت")
    if j >= 0 and tagged.words[j].verb and tagged.words[j].classes and not tagged.quoted[j]:
        return gender_of_verb(tagged.words[j].stem)
    return gender_of_noun(bare(tagged.norms[name.first]))


def gender_of_noun(norm: str) -> bool | None:
    """Tell the gender of a noun that names or titles somebody.

    Parameters
    ----------
    norm : str
        Normalised, without "and".

    Returns
    -------
    bool or None
        Whether it is feminine; None where it does not show.

    Examples
    --------
    >>> [gender_of_noun(norm) for norm in ("وزيره", "وزير", "مصادر")]
    [True, False, None]
    """
    if norm.endswith("ه"):
        return True
    return False if norm in TITLES and norm not in _PLURALS else None


def gender_of_verb(stem: str) -> bool | None:
    """Tell the gender that a verb agrees with.

    Parameters
    ----------
    stem : str
        Normalised, without "and".

    Returns
    -------
    bool or None
        Whether it is feminine; None where it does not show.

    Examples
    --------
    >>> [gender_of_verb(stem) for stem in ("قالت", "توقع", "تتوقع", "اكدوا")]
    [True, False, True, None]
    """
    if number_of_verb(stem) != SINGULAR:
        return None  # many of both may be meant
    if stem in _ENDS_IN_T:
        return False
    return stem.endswith("ت") or stem.startswith("ست") or (stem.startswith("ت") and stem not in _PAST_IN_T)


def is_present(stem: str) -> bool:
    """Tell whether a verb of the third person stands in the present.

    Parameters
    ----------
    stem : str
        Normalised, without "and".

    Returns
    -------
    bool

    Examples
    --------
    >>> [is_present(stem) for stem in ("يقول", "تضيف", "تابع", "توعدت", "قالت")]
    [True, True, False, False, False]
    """
    return stem[:1] == "ي" or (stem[:1] == "ت" and stem[-1:] != "ت" and stem not in _PAST_IN_T)


def goes_on(tagged: Tagged) -> bool:
    """Tell whether a sentence begins with "and" and a past verb of speech: who is not named there was named before.

    Parameters
    ----------
    tagged : Tagged

    Returns
    -------
    bool

    Examples
    --------
    >>> from stance.lexicon import Lexicon
    >>> from stance.statements.tagging import Tagger
    >>> tagger = Tagger(Lexicon.default(), {})
    >>> goes_on(tagger.tag("وأضاف أن الطريق مغلق")), goes_on(tagger.tag("وتحذيرات من السيول"))
    (True, False)
    """
    if verb_of_left_out(tagged) != 0:
        return False
    stem = tagged.words[0].stem
    return tagged.norms[0] == "و" + stem and not is_present(stem)
