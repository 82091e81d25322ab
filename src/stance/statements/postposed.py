"""Subjects that stand late: behind whom a verb addresses, behind a fronted participle; and sources that stand early.

"Said to reporters the minister that ...", "stressing unity, the king received ...", "according to the police, the suspect
confessed": the rankers look for a name beside a verb of speech, and here something else stands there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from stance.actors.gazetteer import ActorMatch
from stance.statements.attribution import attributes
from stance.statements.cutting import NameSpan
from stance.statements.media import OCCASIONS, OWN_OCCASIONS, is_medium, medium_end
from stance.statements.participles import opens_with_participle
from stance.statements.people import TO_PEOPLE, TO_THINGS
from stance.statements.speech_acts import BY_SAYING
from stance.statements.tagging import SPEECH, Tagged, bare
from stance.statements.tails import begins_adverbial
from stance.statements.words import INFORMANTS, PARTICLES, PAUSES, RELAYS, THAT, TIMES, TITLES, past_forms

__all__ = ["by_place"]

_MODIFIERS = frozenset(
    ["متلفز", "متلفزه", "مكتوب", "مشترك", "مشتركه", "مصور", "مصوره", "مسجل", "مسجله", "خاص", "خاصه", "عاجل", "مقتضب", "مطول", "مطوله",
     "منفصل", "لاحق", "سابق", "سابقه", "موجز", "مباشر", "له", "لها", "لهم"]
) | TIMES  # fmt: skip
"""What describes an occasion: a genitive stands before it, not behind."""
_FAR = 8
"""Tokens of a phrase before the subject."""
_INSIDE = 8
"""Tokens of a fronted source."""
_OF_THEM = frozenset(["عنه", "عنها", "عنهم"])
_WORDS = frozenset(["قوله", "قولها", "قولهم", "القول"]) | THAT
_ADMITTED = frozenset(["اعترف", "اعترفت", "اعترفوا", "اقر", "اقرت"])
"""Verbs of speech that tell a deed where no "that" stands behind them: a crime confessed, a law passed."""
_NO_DEEDS = frozenset(clitic + word for clitic in ("", "و", "ف") for word in THAT | {"قد", "كان", "كانت"})
_TELLING = frozenset(SPEECH) - {"cooperation", "agreement", "writer"}
_REPORTING = frozenset(["reporting", "affirmation", "denial", "hope", "alarm"])
_PAPERS = frozenset(["بيان", "البيان", "تقرير"])
_ANSWERED = frozenset("ف" + form for form in past_forms("رد", "اجاب", "علق", "عقب", "قال"))
"""Verbs by which somebody answers what another did, normalised."""
_WITH_WORDS = BY_SAYING | {"بقوله", "بقولها"}


def by_place(
    tagged: Tagged, found: NameSpan | bool, actors: Sequence[ActorMatch], name_at: Callable[[int], NameSpan]
) -> NameSpan | bool:
    """Name the subject of a verb that does not stand beside it, and the source that stands before the deeds it tells.

    Parameters
    ----------
    tagged : Tagged
    found : NameSpan or bool
        Who was found.
    actors : sequence of ActorMatch
        The known actors of the sentence.
    name_at : callable
        Gives the name that begins at a token.

    Returns
    -------
    NameSpan or bool
        As `found`.

    Examples
    --------
    >>> from stance.lexicon import Lexicon
    >>> from stance.statements.tagging import Tagger
    >>> tagged = Tagger(Lexicon.default(), {}).tag("قال للصحفيين الوزير إن الطريق مغلق")
    >>> by_place(tagged, True, [], lambda first: NameSpan(first, first))
    NameSpan(first=2, last=2, skip=0)
    """
    if not found or len(tagged) < 4:
        return found
    if isinstance(found, NameSpan):
        if _is_relay(tagged, found) or _is_addressee(tagged, found, actors):
            return True
        source = _fronted_source(tagged, found, name_at) or _answerer(tagged, found, name_at)
        if source:
            return source
    first = _behind_phrase(tagged, found, actors)
    if first >= 0:
        name = name_at(first)
        return name if _opens(tagged, name.last + 1) else found
    if found is True:
        first = _behind_participle(tagged, {m.first: m.actor.role for m in actors})
    return name_at(first) if first >= 0 else found


def _opens(tagged: Tagged, k: int) -> bool:
    """Tell whether what is said may begin at a place: behind the subject, not behind a genitive that ends the phrase."""
    norm = tagged.norm(k)
    return (
        norm in THAT
        or norm in (":", "،", ",", "عن")
        or (k < len(tagged) and tagged.tokens[k].kind == "quote")
    )


def _behind_phrase(tagged: Tagged, found: NameSpan | bool, actors: Sequence[ActorMatch]) -> int:
    """Return the subject that stands behind the addressee, the medium or the occasion of a verb of speech, or -1."""
    verb = next((k for k in tagged.speech if tagged.words[k].verb and not tagged.quoted[k]), -1)
    at = verb + 1
    if (
        verb < 0
        or (isinstance(found, NameSpan) and found.first != at)
        or not THAT.isdisjoint(tagged.norms[:verb])
    ):
        return -1
    word = tagged.words[verb]
    if _REPORTING.isdisjoint(word.classes.split("|")) or word.stem in TO_PEOPLE:
        return -1  # "urged in a statement the parties": whoever stands there is the object
    if tagged.norm(at) in ("في", "خلال"):
        head = at + 1
        if tagged.norm(head) in OWN_OCCASIONS:
            return _subject(tagged, head + 1, True, actors)
        if tagged.norm(head) not in OCCASIONS:
            return -1
        # "announced (she) in a statement the ministry": the gender of a body that announces, by statements, its own
        agrees = word.stem.endswith("ت") and tagged.norm(head + 1).endswith("ه")
        return _subject(tagged, head + 1, agrees and tagged.norms[head] == "بيان", actors)
    end, closed = medium_end(tagged, at, actors)
    return _subject(tagged, end + 1, closed, actors) if end >= 0 else -1


def _subject(tagged: Tagged, k: int, closed: bool, actors: Sequence[ActorMatch]) -> int:
    """Return the first source from a token on; `closed` where what stands before it takes no genitive, else -1."""
    roles = {m.first: m.actor.role for m in actors}
    norms, end = tagged.norms, min(len(tagged), k + _FAR)
    naming = is_medium(norms[k - 1][1:])
    while k < end:
        norm = norms[k]
        if tagged.tokens[k].kind == "quote":
            k += 1
            continue
        if not tagged.content[k] or norm in THAT:
            return -1
        if closed and _is_source_noun(tagged, k, roles):
            return k
        medium, named = medium_end(tagged, k, actors)
        if medium < 0 and norm in ("مع", "الي"):
            medium, named = (k + 1, False) if is_medium(tagged.norm(k + 1)) else (-1, False)
        closes = norm not in PARTICLES and _closes(norm)
        if medium < 0 and not closes and not (naming and tagged.content[k]):
            return -1  # "said in a statement: there are ...": another clause
        closed, naming = (named, not named) if medium >= 0 else (closes, False)
        k = max(k, medium) + 1
    return -1


def _closes(norm: str) -> bool:
    """Tell whether a word takes no genitive: it is definite, or an adjective."""
    return norm[:2] in ("ال", "لل") or norm in _MODIFIERS or norm.endswith(("ي", "يه", "يين"))


def _is_source_noun(tagged: Tagged, k: int, roles: Mapping[int, str]) -> bool:
    """Tell whether a source may begin at a token: an office, a body, somebody who is not named.

    `roles` are those of the known actors, by their first token.
    """
    norm = tagged.norms[k]
    if (
        (norm in TITLES and norm not in _PAPERS)
        or norm in INFORMANTS
        or (norm[:2] == "ال" and norm[2:] in INFORMANTS)
    ):
        return True
    office = roles.get(k, "")
    return office not in ("", "MED") and norm[:1] not in ("ل", "ب") and not norm.endswith(("ي", "يه"))


def _is_relay(tagged: Tagged, found: NameSpan) -> bool:
    """Tell whether a name is that of a paper which quotes somebody: "quoted him the agency as saying"."""
    k = found.first - 2
    if (
        k < 0
        or tagged.norms[k + 1] not in _OF_THEM
        or bare(tagged.norms[k]) not in RELAYS
        or tagged.quoted[k]
    ):
        return False
    return not _WORDS.isdisjoint(tagged.norms[found.last + 1 :])


def _is_addressee(tagged: Tagged, found: NameSpan, actors: Sequence[ActorMatch]) -> bool:
    """Tell whether a name is that of the medium to which somebody goes on: "added to Reuters that ..."."""
    first, last = found.first, found.last
    end, closed = medium_end(tagged, first, actors)
    if end < 0 or not first or (closed and end != last) or not _opens(tagged, last + 1):
        return False
    if not TITLES.isdisjoint(tagged.norms[first + 1 : last + 1]):
        return False  # of who speaks
    word = tagged.words[first - 1]
    return word.verb and not _REPORTING.isdisjoint(word.classes.split("|")) and word.stem not in TO_PEOPLE


def _fronted_source(tagged: Tagged, found: NameSpan, name_at: Callable[[int], NameSpan]) -> NameSpan | None:
    """Return the source that a sentence begins with, where the subject behind it does something and nobody speaks."""
    norms = tagged.norms
    comma = found.first - 2
    if not 2 <= comma <= _INSIDE or norms[comma] not in ("،", ",") or not attributes(norms[0]):
        return None
    if norms[1] in ("ما", "لما", "عن") or any(norm in ("،", ",") for norm in norms[2:comma]):
        return None
    if (
        norms[comma + 1] in _NO_DEEDS
        or tagged.quotes
        or ":" in norms
        or not THAT.isdisjoint(norms[comma:])
        or _tells(tagged, comma + 1)
    ):
        return None
    source = name_at(1)
    return source if source.last < comma else NameSpan(1, comma - 1, source.skip)


def _answerer(tagged: Tagged, found: NameSpan, name_at: Callable[[int], NameSpan]) -> NameSpan | None:
    """Return who answers, before a colon, what somebody only did: "the deputy left, so the minister said: ..."."""
    norms = tagged.norms
    colon = norms.index(":") if ":" in norms else -1
    verb = next((k for k in range(found.last + 2, colon - 1) if norms[k] in _ANSWERED), -1)
    if verb < 0 or norms[verb - 1] not in PAUSES or not tagged.content[verb + 1]:
        return None
    if any(tagged.quoted[:verb]) or not THAT.isdisjoint(norms[:verb]) or begins_adverbial(tagged, verb + 1):
        return None
    end = colon - (norms[colon - 1] in _WITH_WORDS)
    return NameSpan(verb + 1, end - 1) if name_at(verb + 1).last == end - 1 else None


def _tells(tagged: Tagged, a: int) -> bool:
    """Tell whether somebody speaks from a token on: by a verb, or by a participle behind one."""
    for k in tagged.speech:
        norm, word = tagged.norms[k], tagged.words[k]
        spoken = norm[:2] != "ال" and (word.verb or (norm[:1] == "م" and norm[-1] in "اه"))
        told = not _TELLING.isdisjoint(word.classes.split("|")) and word.stem not in _ADMITTED
        if k >= a and spoken and told:
            return True
    return False


def _behind_participle(tagged: Tagged, roles: Mapping[int, str]) -> int:
    """Return the subject of the deed behind a participle of speech that a sentence begins with, or -1."""
    norms, words = tagged.norms, tagged.words
    if not opens_with_participle(tagged):
        return -1
    for k in range(2, len(tagged) - 2):
        verb, subject = k + 1, k + 2
        if norms[k] not in ("،", ",") or tagged.quoted[k] or not tagged.content[subject]:
            continue
        deed = (
            norms[verb] in TO_THINGS
            or norms[verb] in TO_PEOPLE
            or (words[verb].verb and not words[verb].classes)
        )
        definite = norms[subject][:2] == "ال" or _is_source_noun(tagged, subject, roles)
        if deed and definite and not begins_adverbial(tagged, subject):
            return subject
    return -1
