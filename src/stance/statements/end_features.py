"""What is told of a word that may be the last one of a name."""

from __future__ import annotations

from stance.ranking import Description
from stance.statements.tagging import Tagged, bare
from stance.statements.words import TITLES

__all__ = ["END_TEMPLATES", "OLD_END_TEMPLATES", "describe_end"]

END_TEMPLATES = 48
"""Values of a description of a place where a name can end."""
OLD_END_TEMPLATES = 36
"""The first of them: folders of formats 1 and 2 know no others."""


def describe_end(tagged: Tagged, start: int, k: int, commas: int) -> Description:
    """Describe a token as the last one of a name.

    Parameters
    ----------
    tagged : Tagged
    start, k : int
        First token of the name, and the one in question.
    commas : int
        How many punctuation marks the name has had so far.

    Returns
    -------
    Description
        :data:`END_TEMPLATES` values.
    """
    norms, n = tagged.norms, len(tagged)
    w, x, x2, x3 = norms[k], tagged.norm(k + 1), tagged.norm(k + 2), tagged.norm(k + 3)
    kind = tagged.tokens[k + 1].kind if k + 1 < n else "E"
    kind2 = tagged.tokens[k + 2].kind if k + 2 < n else "E"
    nextw = tagged.words[k + 1] if k + 1 < n else None
    sort, sortnext = tagged.words[k].kind, nextw.kind if nextw else "<E>"
    length = str(min(k - start, 9))
    definite, defnext = w[:2] == "ال", x[:2] == "ال"
    close = 0
    if x in "،,":
        close = next((m - k for m in range(k + 2, min(k + 10, n)) if norms[m] in "،,"), 99)
    head = norms[start]
    quotes = sum(t.kind == "quote" for t in tagged.tokens[start : k + 1]) % 2
    adverb = len(x) > 4 and x.endswith("ا") and not defnext
    p = tagged.before[start]
    return (
        "all", w, x, x2, f"{w} {x}", f"{x} {x2}", kind, length, f"{length} {x if kind != 'word' else 'w'}",
        f"{definite}{defnext}", x[-2:], x[:2], x[:1], w[-2:], nextw.classes if nextw else "",
        str(nextw.verb) if nextw else "", str(close), f"{close} {x2}" if close else "", head,
        f"{head[:4]} {'al' if defnext else x[:1]}", tagged.words[p].lemma if p >= 0 else "<S>", kind2, str(adverb),
        str(min(commas, 3)), f"{w in TITLES}{bare(x) in TITLES}", str(kind != "word" and bare(x2) in TITLES),
        f"{sort} {sortnext}", sortnext, f"{sortnext} {kind2}", f"{sort} {x[:2]}", sort, f"{sortnext} {x2}",
        f"{quotes}{kind}", x3, f"{x[:3]}", f"{min(commas, 2)}{kind}{defnext}",
        *_after_the_verb(tagged, start, k, sortnext),
    )  # fmt: skip


def _after_the_verb(tagged: Tagged, start: int, k: int, following: str) -> Description:
    """Describe whether the next word belongs to the verb before the name: its object, or behind its preposition."""
    w, x, sort = tagged.norms[k], tagged.norm(k + 1), tagged.words[k].kind
    p = tagged.before[start]
    verb = tagged.words[p].lemma if p >= 0 else "<S>"
    definite = x[:2] == "ال"
    begins = "al" if definite else x[:2] if x[:2] in ("لل", "بل") else x[:1]
    object_ending = "A" if len(x) > 3 and x.endswith("ا") and not definite else ""
    length, head = min(k - start, 4), tagged.words[start].kind
    return (
        f"{verb} {begins}", f"{verb} {begins}{object_ending} {length}", f"{verb} {following}", f"{begins} {following}",
        f"{w} {following}", f"{sort} {x}", f"{head} {length} {begins}{object_ending}", f"{head} {following}",
        f"{w[-2:]} {x[-2:]}", f"{w[:2] == 'ال'}{begins}{object_ending}{x[-1:]}{length}", f"{verb} {x}",
        f"{sort} {following} {definite or x[1:3] == 'ال'}",
    )  # fmt: skip
