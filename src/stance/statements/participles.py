"""Participles by which somebody speaks: "stressing that", "saying:", "warning of"."""

from __future__ import annotations

from stance.statements.cutting import NameSpan
from stance.statements.tagging import Tagged, bare
from stance.statements.words import CIRCUMSTANCES, PARTICLES, PAUSES, THAT

__all__ = ["NO_CUES", "is_circumstance", "opens_with_participle", "spoken_behind"]

NO_CUES = frozenset(["ايران", "هناك", "ابدا"])
"""Words that are written like forms of verbs of speech."""


def opens_with_participle(tagged: Tagged) -> bool:
    """Tell whether a sentence begins with a participle of speech: "stressing unity, the king received ...".

    Parameters
    ----------
    tagged : Tagged
        Of a token at least.

    Returns
    -------
    bool

    Examples
    --------
    >>> from stance.lexicon import Lexicon
    >>> from stance.statements.tagging import Tagger
    >>> tag = Tagger(Lexicon.default(), {}).tag
    >>> opens_with_participle(tag("مؤكدا دعمه")), opens_with_participle(tag("أكد دعمه"))
    (True, False)
    """
    word, norm = tagged.words[0], tagged.norms[0]
    if tagged.quoted[0] or word.verb:
        return False
    shaped = bare(norm)[:1] in ("م", "د") and norm[-1:] in ("ا", "ه")
    return (shaped and bool(word.classes)) or (norm in CIRCUMSTANCES and norm[-1] == "ا")


def is_circumstance(tagged: Tagged, k: int) -> bool:
    """Tell whether a participle by which somebody goes on to speak stands behind a comma or a quotation.

    Parameters
    ----------
    tagged : Tagged
    k : int
        The token.

    Returns
    -------
    bool

    Examples
    --------
    >>> from stance.lexicon import Lexicon
    >>> from stance.statements.tagging import Tagger
    >>> tagged = Tagger(Lexicon.default(), {}).tag("زار المخيم، مؤكدا دعم بلاده")
    >>> is_circumstance(tagged, 3), is_circumstance(tagged, 4)
    (True, False)
    """
    if k < 1 or tagged.quoted[k]:
        return False
    norm, word, comma = bare(tagged.norms[k]), tagged.words[k], tagged.norms[k - 1] in PAUSES
    if norm in CIRCUMSTANCES:
        return comma or tagged.tokens[k - 1].kind == "quote"
    ends = norm[-1:] in ("ا", "ه") and norm[:2] != "ال"
    return comma and ends and bool(word.classes) and not word.verb and norm not in NO_CUES


def spoken_behind(tagged: Tagged, name: NameSpan) -> int:
    """Return the first participle of speech behind a name which a colon, a quotation or a "that" follows.

    Parameters
    ----------
    tagged : Tagged
    name : NameSpan
        The speaker's name.

    Returns
    -------
    int
        Its token; -1 where there is none before another "that".

    Examples
    --------
    >>> from stance.lexicon import Lexicon
    >>> from stance.statements.tagging import Tagger
    >>> tag = Tagger(Lexicon.default(), {}).tag
    >>> spoken_behind(tag("ودافع الوزير عن الخطة قائلا: «لا بديل»"), NameSpan(1, 1))
    4
    """
    for k in range(name.last + 1, len(tagged) - 1):
        if tagged.norms[k] in THAT or tagged.norms[k] == ":":
            return -1
        norm = bare(tagged.norms[k])
        shaped = norm in CIRCUMSTANCES or (
            "reporting" in tagged.words[k].classes and norm[-1] in "اه" and norm[:2] != "ال"
        )
        if not shaped or tagged.words[k].verb or tagged.quoted[k]:
            continue
        following = tagged.norm(k + 2) if tagged.norms[k + 1] in PARTICLES else tagged.norms[k + 1]
        bound = any(tagged.norm(i) in THAT and tagged.norms[i][0] == "ب" for i in (k + 2, k + 3))
        if following in THAT or following == ":" or tagged.tokens[k + 1].kind == "quote" or bound:
            return k
    return -1
