"""What the ranker of recipients is told: of every place where a recipient's name can begin, and of the statement.

As for speakers, a description has a part that is the same wherever two words meet, and a context.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from stance.ranking import Description
from stance.statements.tagging import Tagged, Word

__all__ = [
    "RECIPIENT_PARTS",
    "STATEMENT_TEMPLATES",
    "Scene",
    "describe_meeting",
    "describe_scene",
    "describe_statement",
]

RECIPIENT_PARTS = (20, 47)
"""Values of the parts of a description of a place where a recipient's name can begin: two words, the context."""
STATEMENT_TEMPLATES = 16
"""Values of a description of a statement that may have no recipient."""
_ACTS = {
    "supportive": (
        "affirmation", "aid", "agreement", "cooperation", "pledge", "praise", "readiness", "support_noun",
        "support_verb", "welcome",
    ),
    "warning": ("alarm", "danger", "threat", "warning"),
    "calling_for_ceasefire": ("calling", "calm", "fighting", "halting", "plea", "truce"),
}  # fmt: skip
"""The cue classes by which each stance is taken."""
_BOUNDARIES = frozenset(
    ["ان", "الي", "علي", "من", "في", "عن", "مع", "ضد", "بان", "الذي", "التي", "الذين", "لدي"]
)
_FAR = -99


def _clitic(norm: str) -> str:
    if norm[:2] in ("ال", "لل"):
        return norm[:2]
    if norm[:3] in ("بال", "وال", "كال", "فال"):
        return norm[:3]
    return norm[:1] if norm[:1] in "لبوك" and len(norm) > 3 else "-"


def describe_meeting(
    p: str, before: Word | None, w: str, word: Word, known: str, token_kind: str
) -> Description:
    """Describe a word and the one before it.

    Parameters
    ----------
    p, w : str
        Normal forms of the word before, ``<S>`` at the beginning, and the word.
    before : Word, optional
    word : Word
    known : str
        The sort of the known actor that begins with the word, ``u`` if none does.
    token_kind : str

    Returns
    -------
    Description
        As many values as the first of :data:`RECIPIENT_PARTS`.
    """
    clitic = _clitic(w)
    lemma, sort, cues, verb = (
        (before.lemma, before.kind, before.cues, str(before.verb)) if before else (p, p, "", "")
    )
    return (
        f"{known}{clitic}", p, lemma, w, w[2:] if clitic in ("ال", "لل") else w, w[:3], w[-2:], w[-3:], clitic,
        f"{clitic} {lemma}", f"{known} {lemma}", word.cues, f"{word.verb}{known}", cues, f"{verb}{clitic}", token_kind,
        f"{sort} {word.kind}", word.kind, f"{sort} {clitic}", f"{word.kind} {p}",
    )  # fmt: skip


class Scene:
    """What is the same for all places of a statement.

    Parameters
    ----------
    tagged : Tagged
    stances : str
        The stances joined by ``|``.
    speaker : (int, int), optional
        First and last token of the speaker's name, where nothing else can begin.
    actors : dict of int to str
        Tokens at which the name of a known actor begins, and its sort, see
        :func:`stance.statements.finders.actor_starts`.
    """

    def __init__(
        self, tagged: Tagged, stances: str, speaker: tuple[int, int] | None, actors: Mapping[int, str]
    ) -> None:
        self.tagged = tagged
        self.stances = stances
        self.first, self.last = speaker or (-1, -1)
        self.actors = actors
        self.own = frozenset(c for s in stances.split("|") for c in _ACTS.get(s, ()))
        self.total = sum(1 for w in tagged.words if w.cues and not self.own.isdisjoint(w.cues.split("|")))
        self.last_actor = max((k for k, sort in actors.items() if sort in "cg"), default=-1)
        self.forms = Counter(tagged.norms)
        self.tails = Counter(norm[1:] for norm in tagged.norms)
        n = len(tagged)
        self.edges = [""] * n
        edge, at = "", n
        for i in range(n - 1, -1, -1):
            self.edges[i] = edge if at < i + 9 else ""
            if tagged.norms[i] in _BOUNDARIES or not tagged.content[i]:
                edge, at = tagged.norms[i], i


def describe_scene(scene: Scene, wanted: frozenset[int] | None = None) -> Iterator[tuple[int, Description]]:
    """Describe the context of the tokens at which a recipient can begin.

    Parameters
    ----------
    scene : Scene
    wanted : frozenset of int, optional
        The tokens to describe; all outside the speaker's name by default.

    Yields
    ------
    int, Description
        The token, and as many values as the second of :data:`RECIPIENT_PARTS`.
    """
    tagged, first, last = scene.tagged, scene.first, scene.last
    words = tagged.words
    act = act_classes = cue = own_cue = ""
    act_at = cue_at = own_at = _FAR
    count = seen = since = 0
    for i in range(len(tagged)):
        j = tagged.before[i]
        if j >= 0 and words[j].cues and not first <= j <= last:
            if words[j].classes:
                act, act_at, act_classes = words[j].lemma, j, words[j].classes
            cue, cue_at = words[j].cues, j
            if not scene.own.isdisjoint(cue.split("|")):
                own_cue, own_at, count, since = cue, j, count + 1, 0
        if not tagged.content[i] or first <= i <= last:
            continue
        known = scene.actors.get(i, "u")
        if wanted is None or i in wanted:
            near, far = min(i - act_at, 9), min(i - cue_at, 9)
            reach = str(min(i - own_at, 12) // 2) if count else "before"
            marks = (
                act,
                act_classes,
                near,
                cue,
                far,
                own_cue,
                reach,
                f"{min(count, 3)}/{min(scene.total, 3)}",
            )
            yield i, _context(scene, i, known, marks, seen, since)
        seen += i in scene.actors
        since += i in scene.actors


def _context(
    scene: Scene,
    i: int,
    known: str,
    marks: tuple[str, str, int, str, int, str, str, str],
    seen: int,
    since: int,
) -> Description:
    tagged, stances = scene.tagged, scene.stances
    act, act_classes, near, cue, far, own_cue, reach, number = marks
    norms, word, j = tagged.norms, tagged.words[i], tagged.before[i]
    before = tagged.words[j] if j >= 0 else None
    p, pp, w, w1 = tagged.norm(j), tagged.norm(j - 1) if j >= 0 else "<S>", norms[i], tagged.norm(i + 1)
    lemma, sort = (before.lemma, before.kind) if before else (p, p)
    clitic, edge = _clitic(w), scene.edges[i]
    side = "n" if scene.last < 0 else "b" if i < scene.first else "a"
    place = f"{min(i - scene.last, 6)}" if side == "a" else side
    again = min(scene.forms[w] + scene.tails[w] + scene.forms[w[1:]], 3)
    left = min(scene.last_actor - i, 1) if known != "u" else ""
    return (
        f"{lemma} {pp}", f"{w} {w1}", w1, f"{clitic} {act}", f"{known} {stances}", f"{stances} {lemma}", f"{act} {near}",
        act, f"{cue} {far}", f"{cue} {p}", f"{stances} {cue} {far}", f"{known}{min(seen, 4)}{stances}",
        f"{known}{min(seen, 3)}{side}", place, f"{place} {p}", f"{place}{known}", f"{tagged.quoted[i]}{known}",
        f"{before.verb if before else ''}{known}{near}", f"{word.kind} {act}", f"{word.kind} {stances}", f"{reach}{known}",
        f"{reach} {p}", f"{own_cue} {reach}", f"{own_cue} {clitic} {lemma}", f"{own_cue} {known}", f"{number}{known}",
        f"{number}{reach}", f"{min(since, 3)}{known}{reach}", f"{min(since, 3)}{known}{place}", edge, f"{edge} {place}",
        f"{edge} {act}", f"{edge} {lemma}", f"{edge}{clitic}{known}", f"{clitic}{known}{reach}", f"{act_classes} {place}",
        f"{act_classes} {clitic} {p}", f"{act_classes} {edge}", f"{stances}{place}{known}", f"{again}{known}",
        f"{left}{known}{number}", f"{sort} {edge}", f"{word.kind} {edge}", f"{reach} {word.kind}", f"{min(i, 8)}",
        f"{known}{act} {p}", f"{act} {w[:3]}",
    )  # fmt: skip


def describe_statement(tagged: Tagged, stances: str, actors: Mapping[int, str]) -> Description:
    """Describe a statement, for it may have no recipient.

    Parameters
    ----------
    tagged : Tagged
    stances : str
    actors : dict of int to str
        As for :class:`Scene`.

    Returns
    -------
    Description
        :data:`STATEMENT_TEMPLATES` values.
    """
    n = len(tagged)
    acts = [w for w in tagged.words if w.classes]
    known = min(sum(1 for a in actors.values() if a != "o"), 3)
    return (
        "all", stances, str(min(len(actors), 5)), f"{stances}{min(len(actors), 5)}", str(min(n // 6, 8)),
        acts[0].lemma if acts else "", f"{stances} {acts[0].lemma}" if acts else stances, tagged.norm(0), tagged.norm(1),
        f"{stances}{min(n // 6, 8)}", acts[1].lemma if len(acts) > 1 else "", str(any(tagged.quoted)),
        f"{stances}{known}", f"{stances} {tagged.words[0].kind if n else ''}",
        f"{stances} {acts[0].classes if acts else ''}", f"{stances} {tagged.norm(1)}",
    )  # fmt: skip
