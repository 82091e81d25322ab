"""What the ranker of speakers is told of a whole sentence, for it may name nobody."""

from __future__ import annotations

from stance.ranking import Description
from stance.statements.places import Places
from stance.statements.tagging import Tagged, bare
from stance.statements.words import FIRST_PERSON, SOURCES, THAT, TITLES

__all__ = ["WHOLE_TEMPLATES", "describe_whole"]

WHOLE_TEMPLATES = 60
"""Values of a description of a whole sentence: nobody speaks in it, or somebody who is left out."""


def describe_whole(tagged: Tagged, places: Places) -> Description:
    """Describe the sentence, for it may have no speaker or one that is left out.

    Parameters
    ----------
    tagged : Tagged
    places : Places
        Of the sentence.

    Returns
    -------
    Description
        :data:`WHOLE_TEMPLATES` values.
    """
    norms, words, n = tagged.norms, tagged.words, len(tagged)
    acts = tagged.speech
    outside = [words[k] for k in acts if words[k].verb and not tagged.quoted[k]]
    spoken = f"{min(len(outside), 4)}"
    adverbs = [norms[k] for k in acts if norms[k].endswith("ا")]
    marks = len(tagged.quotes)
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
    own = not FIRST_PERSON.isdisjoint(norms)
    ours = any(norm[:2] == "سن" or (norm.endswith("نا") and len(norm) > 3) for norm in norms)
    opens = tagged.tokens[0].kind == "quote" if n else False
    begins = f"{opens}{tagged.quoted[0] if n else False}"
    kinds = [w.kind for w in words[:3]] + ["", "", ""]
    lemmas = [w.lemma for w in outside[:3]] + ["", "", ""]
    return (
        "all", spoken, str(min(len(acts), 6)), f"{own}{ours}", str(own), str(ours), balance, begins, f"{balance}{begins}",
        str(that), t0, lemma, t1, t2, t0[:2], t0[:3], str(min(n // 8, 8)), str("؟" in norms or "?" in norms),
        tagged.norm(n - 1), tagged.norm(n - 2) if n > 1 else "", f"{lemma} {t1}", f"{lemma} {t1[:2]}",
        f"{that}{spoken}", str(first.verb if first else ""), str(min(len(adverbs), 2)), f"{bool(adverbs)}{spoken}",
        str(min(len(places.stops), 3)), f"{bool(classes)}{that}", classes, f"{classes}{that}",
        adverbs[0] if adverbs else "", lemmas[0], lemmas[1], lemmas[2], f"{t0} {t1}", f"{t1} {t2}", t1[:2], t0[-2:],
        f"{lemma} {that}", f"{own or ours}{spoken}", f"{begins}{own or ours}", f"{bare(t0) in TITLES}{spoken}",
        "|".join(sorted(SOURCES.intersection(norms))[:3]), f"{':' in norms}{spoken}",
        kinds[0], kinds[1], f"{kinds[0]} {kinds[1]}", f"{kinds[0]} {that}", f"{kinds[0]} {spoken}", f"{kinds[1]} {kinds[2]}", tagged.stances, f"{tagged.stances}{spoken}", f"{tagged.stances}{that}",
        f"{tagged.stances}{own}{ours}", f"{tagged.stances} {kinds[0]}", *places.heading,
    )  # fmt: skip
