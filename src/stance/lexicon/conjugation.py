"""Forms of a lexicon word by rule: conjugation, number and gender, clitics.

The rules work on normalised letters and follow the paradigms of sound, hollow and final-weak
verbs in K. C. Ryding, *A Reference Grammar of Modern Standard Arabic* (2005).  They
over-generate on purpose: a form that no writer uses matches nothing.
"""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["PREFIXES", "SUFFIXES", "nominal_forms", "split_clitics", "verb_forms"]

_PRONOUNS = ("ها", "هما", "هم", "هن", "ه", "كما", "كم", "ك", "نا", "ني", "ي")
_CONJUNCTIONS = ("", "و", "ف")
_VERB_PROCLITICS = ("", "س", "ل", "ا")
_NOUN_PROCLITICS = ("", "ال", "ب", "بال", "ل", "لل", "ك", "كال")
_PROCLITICS = tuple(dict.fromkeys(_VERB_PROCLITICS + _NOUN_PROCLITICS))
_ARTICLES = ("ال", "لل")
_PERSONS = "يتنا"
_WEAK = "اوي"


def _past(stem: str, weak: str) -> tuple[set[str], set[str]]:
    """Return the past forms that end a word and those that a pronoun follows."""
    if stem[-1] in "اي" and len(stem) > 2:
        short = stem[:-1]
        free = {stem, short + "ت", short + "تا", short + "وا", short + "ا"}
        free |= {short + weak + e for e in ("ت", "نا", "ن", "تم", "ا")}
        bound = {short + "ا", short + "ت", short + "و", short + weak + "ت", short + weak + "نا", stem}
        return free, bound
    free = {stem + e for e in ("", "ت", "تا", "ا", "وا", "ن", "نا", "تم")}
    bound = {stem + e for e in ("", "ت", "و", "نا")}
    if len(stem) > 2 and stem[-2] == "ا":  # hollow: قال, قلت
        free |= {stem[:-2] + stem[-1] + e for e in ("ت", "نا", "ن", "تم")}
        bound.add(stem[:-2] + stem[-1] + "نا")
    return free, bound


def _present(stem: str) -> tuple[set[str], set[str]]:
    """Return the present, jussive and imperative forms of a present stem without its prefix."""
    base = stem[:-1] if stem[-1] in _WEAK else stem
    heads = {stem, base}
    if len(stem) > 1 and stem[-2] in _WEAK:  # hollow jussive: يقول, لم يقل
        heads.add(stem[:-2] + stem[-1])
    tails = {base + e for e in ("ون", "وا", "ين", "ان", "ن")} | {stem + "ان", stem + "ن", stem + "ا"}
    free = {p + f for p in _PERSONS for f in heads | tails}
    free |= {base + "وا", "ا" + base + "وا"}
    bound = {p + f for p in _PERSONS for f in heads | {base + "و", base + "ا", base + "ون"}}
    return free, bound


def verb_forms(past: str, present: str) -> tuple[set[str], set[str]]:
    """Conjugate a verb given by its principal parts.

    Parameters
    ----------
    past, present : str
        Third person masculine singular, normalised; `present` begins with ي.

    Returns
    -------
    free, bound : set of str
        The forms that may end a word, and those that an object pronoun may follow.

    Examples
    --------
    >>> free, bound = verb_forms("دعا", "يدعو")
    >>> sorted(free & {"دعت", "ندعو", "يدعون", "دعوا", "تدعو"})
    ['تدعو', 'دعت', 'دعوا', 'ندعو', 'يدعون']
    >>> "دعو" in bound
    True
    """
    weak = present[-1] if present[-1] in "وي" else "ي"
    free, bound = _past(past, weak)
    more_free, more_bound = _present(present[1:])
    return free | more_free, bound | more_bound


def nominal_forms(stem: str) -> tuple[set[str], set[str]]:
    """Inflect a noun, adjective or participle given by its bare stem.

    Parameters
    ----------
    stem : str
        Normalised; feminines end in ه, participles of final-weak verbs in ي.

    Returns
    -------
    free, bound : set of str
        The forms that may end a word, and those that a possessive pronoun may follow.

    Examples
    --------
    >>> free, bound = nominal_forms("هدنه")
    >>> sorted(free)
    ['هدنات', 'هدنتان', 'هدنتي', 'هدنتين', 'هدنه']
    >>> sorted(bound)
    ['هدنات', 'هدنت']
    """
    base = stem[:-1]
    if stem[-1] == "ه" and len(stem) > 2:
        return (
            {stem, *(base + e for e in ("ات", "تان", "تين", "تي"))},
            {base + "ت", base + "ات"},
        )
    free = {stem + e for e in ("", "ا", "ه", "ات", "ون", "ين", "ان", "ي", "يه", "يا", "يين", "و")}
    bound = {stem, stem + "ات", stem + "ي", stem + "ت"}
    if stem[-1] == "ي":
        free |= {base, base + "ون", base + "ين"}
    if stem[-1] == "ء":
        free |= {base + "ئين", base + "ئي", base + "ؤون"}
        bound |= {base + "ؤ", base + "ئ"}
    return free, bound


def _by_letter(affixes: Iterable[str], at: int) -> dict[str, tuple[str, ...]]:
    """Group affixes by their first (0) or last (-1) letter."""
    groups: dict[str, tuple[str, ...]] = {}
    for affix in affixes:
        groups[affix[at]] = (*groups.get(affix[at], ()), affix)
    return groups


_PREFIXES = _by_letter((c + p for c in _CONJUNCTIONS for p in _PROCLITICS if c + p), 0)
_OF_VERBS = frozenset(c + p for c in _CONJUNCTIONS for p in _VERB_PROCLITICS)
_OF_NOUNS = frozenset(c + p for c in _CONJUNCTIONS for p in _NOUN_PROCLITICS)
_SUFFIXES = _by_letter(_PRONOUNS, -1)
PREFIXES = {
    prefix: (prefix in _OF_VERBS) + 2 * (prefix in _OF_NOUNS) + 4 * prefix.endswith(_ARTICLES)
    for prefix in sorted(_OF_VERBS | _OF_NOUNS)
}
"""Proclitics, the empty one too: 1 for those of verbs, 2 for those of nouns, 4 for those that no pronoun goes with."""
SUFFIXES = _PRONOUNS
"""Pronouns that are written to a word."""


def split_clitics(word: str) -> list[tuple[str, bool, bool, bool]]:
    """List every way to take proclitics and an enclitic pronoun off a word.

    Parameters
    ----------
    word : str
        A normalised word.

    Returns
    -------
    list of (str, bool, bool, bool)
        What is left, two letters at least; whether a pronoun was taken off; whether the proclitics
        are such as verbs have (س ل أ), and such as nouns have (ب ل ك ال).

    Examples
    --------
    >>> ("دعم", True, False, True) in split_clitics("وبدعمهم")
    True
    """
    if len(word) < 2:
        return []
    prefixes = [p for p in _PREFIXES.get(word[0], ()) if word.startswith(p)]
    pronouns = [len(p) for p in _SUFFIXES.get(word[-1], ()) if word.endswith(p)]
    found = []
    for prefix in ("", *prefixes):
        form = word[len(prefix) :]
        if len(form) < 2:
            continue
        verb, noun = prefix in _OF_VERBS, prefix in _OF_NOUNS
        found.append((form, False, verb, noun))
        if pronouns and not prefix.endswith(_ARTICLES):
            found += [(form[:-n], True, verb, noun) for n in pronouns if len(form) - n >= 2]
    return found
