"""What the ranker of speakers is told of a whole sentence, for it may name nobody."""

from __future__ import annotations

from stance.ranking import Description
from stance.statements.places import Heading
from stance.statements.tagging import Tagged, bare
from stance.statements.words import FIRST_PERSON, SOURCES, STOPS, THAT, TITLES

__all__ = ["WHOLE_TEMPLATES", "describe_whole"]

WHOLE_TEMPLATES = 60
"""Values of a description of a whole sentence: nobody speaks in it, or somebody who is left out."""


def describe_whole(tagged: Tagged, heading: Heading) -> Description:
    """Describe the sentence, for it may have no speaker or one that is left out.

    Parameters
    ----------
    tagged : Tagged
    heading : tuple of five str
        As :func:`~stance.statements.places.heading_of` gives it.

    Returns
    -------
    Description
        :data:`WHOLE_TEMPLATES` values.
    """
    norms, words, n = tagged.norms, tagged.words, len(tagged)
    acts = [(w, q) for w, q in zip(words, tagged.quoted, strict=True) if w.classes]
    outside = [w for w, q in acts if w.verb and not q]
    spoken = f"{min(len(outside), 4)}"
    adverbs = [norm for norm, w in zip(norms, words, strict=True) if w.classes and norm.endswith("ا")]
    marks = sum(t.kind == "quote" for t in tagged.tokens)
    balance = "odd" if marks % 2 else "even" if marks else "no"
    first = words[0] if n else None
    t0, t1, t2 = tagged.norm(0), tagged.norm(1), tagged.norm(2)
    lemma = first.lemma if first else t0
    classes = first.classes if first else ""
    that = next(
        (
            k
            for k in range(1, min(6, n))
            if norms[k] in THAT or norms[k] == ":" or tagged.tokens[k].kind == "quote"
        ),
        9,
    )
    own = any(norm in FIRST_PERSON for norm in norms)
    ours = any(norm[:2] == "سن" or (norm.endswith("نا") and len(norm) > 3) for norm in norms)
    opens = tagged.tokens[0].kind == "quote" if n else False
    begins = f"{opens}{tagged.quoted[0] if n else False}"
    kinds = [w.kind for w in words[:3]] + ["", "", ""]
    lemmas = [w.lemma for w in outside[:3]] + ["", "", ""]
    return (
        "all", spoken, str(min(len(acts), 6)), f"{own}{ours}", str(own), str(ours), balance, begins, f"{balance}{begins}",
        str(that), t0, lemma, t1, t2, t0[:2], t0[:3], str(min(n // 8, 8)), str(any(x in "؟?" for x in norms)),
        tagged.norm(n - 1), tagged.norm(n - 2) if n > 1 else "", f"{lemma} {t1}", f"{lemma} {t1[:2]}",
        f"{that}{spoken}", str(first.verb if first else ""), str(min(len(adverbs), 2)), f"{bool(adverbs)}{spoken}",
        str(min(sum(x in STOPS for x in norms), 3)), f"{bool(classes)}{that}", classes, f"{classes}{that}",
        adverbs[0] if adverbs else "", lemmas[0], lemmas[1], lemmas[2], f"{t0} {t1}", f"{t1} {t2}", t1[:2], t0[-2:],
        f"{lemma} {that}", f"{own or ours}{spoken}", f"{begins}{own or ours}", f"{bare(t0) in TITLES}{spoken}",
        "|".join(sorted({x for x in norms if x in SOURCES})[:3]), f"{':' in norms}{spoken}",
        kinds[0], kinds[1], f"{kinds[0]} {kinds[1]}", f"{kinds[0]} {that}", f"{kinds[0]} {spoken}", f"{kinds[1]} {kinds[2]}", tagged.stances, f"{tagged.stances}{spoken}", f"{tagged.stances}{that}",
        f"{tagged.stances}{own}{ours}", f"{tagged.stances} {kinds[0]}", *heading,
    )  # fmt: skip
