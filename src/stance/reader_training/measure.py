"""How well speakers and recipients are found."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import NamedTuple

from joblib import delayed

from stance.actors import Gazetteer
from stance.datasets import AnnotatedSentence
from stance.errors import TrainingError
from stance.parallel import results
from stance.reader_training.fit import doubted
from stance.statements.article import PRONOUN
from stance.statements.finders import NameSpan, stance_key
from stance.statements.model import ReaderModel
from stance.statements.names import NameFinder
from stance.statements.tagging import Tagged

__all__ = ["Names", "ReaderScores", "cross_validate", "find_names", "measure_reader", "same_name"]

_MARKS = re.compile(r"[^\w\s]")
_PREFIX = re.compile(r"^(?:لل|بال|ال|[لبوف])(?=\S{3})")


class Names(NamedTuple):
    """The speaker and the recipient of a sentence, as its text has them.

    Attributes
    ----------
    speaker : str
        A name, ``"~"`` or empty.
    recipient : str
        A name or empty.
    """

    speaker: str
    recipient: str


@dataclass(frozen=True)
class ReaderScores:
    """Shares of rows on which the reader is right.

    Attributes
    ----------
    speaker_overlap, speaker_exact : float
        Of the rows with a named speaker: one name contains the other, or they are the same, after a
        leading "and" or "so" and punctuation are taken off.
    no_speaker : float
        Of the rows in which nobody speaks: no speaker is given.
    no_name : float
        Of the same rows: no name is given, a pronoun or left-out speaker perhaps.
    pronoun : float
        Of the rows whose speaker is a pronoun or left out: ``"~"`` is given.
    recipient_overlap, recipient_exact : float
        Of the rows with a stance and a recipient, leading prepositions and articles taken off too.
    no_recipient : float
        Of the rows with a stance and no recipient: none is given.
    n_named, n_nobody, n_pronoun, n_recipient : int
        How many rows of each sort there are.
    """

    speaker_overlap: float
    speaker_exact: float
    no_speaker: float
    no_name: float
    pronoun: float
    recipient_overlap: float
    recipient_exact: float
    no_recipient: float
    n_named: int
    n_nobody: int
    n_pronoun: int
    n_recipient: int

    def to_dict(self) -> dict[str, float]:
        """Return the figures as plain data, shares rounded to four places.

        Returns
        -------
        dict of str to float
        """
        return {k: round(v, 4) if isinstance(v, float) else v for k, v in asdict(self).items()}


def same_name(found: str, wanted: str, recipient: bool = False) -> tuple[bool, bool]:
    """Compare two names.

    Parameters
    ----------
    found, wanted : str
    recipient : bool
        Whether leading prepositions and articles count for nothing either.

    Returns
    -------
    overlap, exact : bool

    Examples
    --------
    >>> same_name("وزير الخارجية", "وزير الخارجية، فلان")
    (True, False)
    >>> same_name("لأوكرانيا", "أوكرانيا", recipient=True)
    (True, True)
    """
    one, other = (_bare(name, recipient) for name in (found, wanted))
    return bool(one and other) and (one in other or other in one), one == other


def _bare(name: str, recipient: bool) -> str:
    words = _MARKS.sub(" ", name).split()
    if words and words[0][0] in "وف" and len(words[0]) > 3:
        words[0] = words[0][1:]
    bare = " ".join(words)
    return _PREFIX.sub("", bare) if recipient else bare


def find_names(
    model: ReaderModel,
    rows: Sequence[AnnotatedSentence],
    gazetteer: Gazetteer,
    stances: Sequence[str] | None = None,
) -> list[Names]:
    """Find the speakers of sentences, and the recipients of those with a stance.

    Parameters
    ----------
    model : ReaderModel
    rows : sequence of AnnotatedSentence
        Their stances decide which recipients are looked for.
    gazetteer : Gazetteer
    stances : sequence of str, optional
        What a model labels the rows with, as :func:`~stance.statements.finders.stance_key` writes
        it: speakers are found with it.  By default the rows' own with a model's errors, see
        :func:`~stance.reader_training.fit.doubted`.

    Returns
    -------
    list of Names
    """
    finder = NameFinder(model, gazetteer)
    labels = stances or [doubted(row) for row in rows]
    tagged = [finder.tagger.tag(row.text, row.continues, key) for row, key in zip(rows, labels, strict=True)]
    named = finder.find(tagged, [stance_key(row.stances) for row in rows])
    return [
        Names(
            _text(row.text, one, name.speaker) if name.speaker else PRONOUN if name.speaks else "",
            _text(row.text, one, name.recipient),
        )
        for row, one, name in zip(rows, tagged, named, strict=True)
    ]


def _text(text: str, tagged: Tagged, name: NameSpan | None) -> str:
    if name is None:
        return ""
    return text[tagged.tokens[name.first].start + name.skip : tagged.tokens[name.last].end]


def _wanted(row: AnnotatedSentence) -> Names:
    speaker = row.speaker if isinstance(row.speaker, str) else row.text[slice(*row.speaker)]
    recipient = row.text[slice(*row.recipient)] if isinstance(row.recipient, tuple) else ""
    return Names(speaker, recipient)


def measure_reader(rows: Sequence[AnnotatedSentence], found: Sequence[Names]) -> ReaderScores:
    """Hold found names against annotated ones.

    Parameters
    ----------
    rows : sequence of AnnotatedSentence
    found : sequence of Names
        As :func:`find_names` gives them.

    Returns
    -------
    ReaderScores
        A share over no rows is 0.
    """
    pairs = [
        (_wanted(row), names, bool(row.stances) and row.recipient is not None)
        for row, names in zip(rows, found, strict=True)
    ]
    named = [
        same_name(f.speaker if f.speaker != PRONOUN else "", w.speaker)
        for w, f, _ in pairs
        if w.speaker not in ("", PRONOUN)
    ]
    nobody = [f.speaker for w, f, _ in pairs if not w.speaker]
    pronoun = [f.speaker for w, f, _ in pairs if w.speaker == PRONOUN]
    received = [same_name(f.recipient, w.recipient, True) for w, f, held in pairs if held and w.recipient]
    unheard = [f.recipient for w, f, held in pairs if held and not w.recipient]
    return ReaderScores(
        speaker_overlap=_share([a for a, _ in named]),
        speaker_exact=_share([b for _, b in named]),
        no_speaker=_share([not s for s in nobody]),
        no_name=_share([s in ("", PRONOUN) for s in nobody]),
        pronoun=_share([s == PRONOUN for s in pronoun]),
        recipient_overlap=_share([a for a, _ in received]),
        recipient_exact=_share([b for _, b in received]),
        no_recipient=_share([not r for r in unheard]),
        n_named=len(named),
        n_nobody=len(nobody),
        n_pronoun=len(pronoun),
        n_recipient=len(received),
    )


def _share(right: Sequence[bool]) -> float:
    return sum(right) / len(right) if right else 0.0


def cross_validate(
    rows: Sequence[AnnotatedSentence],
    extra: Sequence[AnnotatedSentence],
    train: Callable[[list[AnnotatedSentence]], ReaderModel],
    gazetteer: Gazetteer,
    folds: int = 5,
    jobs: int = 1,
    stances: Sequence[str] | None = None,
) -> list[Names]:
    """Find the names of rows by models that have not seen their documents.

    Parameters
    ----------
    rows : sequence of AnnotatedSentence
    extra : sequence of AnnotatedSentence
        Learned from where their document is not held out, never measured.
    train : callable
        From rows to a model.
    gazetteer : Gazetteer
    folds : int
        A document's fold is the CRC-32 of its name modulo this.
    jobs : int
        Processes.
    stances : sequence of str, optional
        For :func:`find_names`.

    Returns
    -------
    list of Names
        One for each of `rows`.

    Raises
    ------
    TrainingError
        If there are fewer than two folds, or more than documents.
    """
    documents = {row.group for row in rows}
    if not 2 <= folds <= len(documents):
        raise TrainingError(
            f"cross-validation wants from 2 folds to as many as there are documents, {len(documents)}, got {folds}; pass another --folds"
        )
    fold = [zlib.crc32(row.group.encode("utf-8", "surrogatepass")) % folds for row in rows]
    found: list[Names] = [Names("", "")] * len(rows)

    def one(k: int) -> tuple[list[int], list[Names]]:
        held = {row.group for row, f in zip(rows, fold, strict=True) if f == k and row.group}
        known = [row for row, f in zip(rows, fold, strict=True) if f != k]
        model = train([*known, *(row for row in extra if row.group not in held)])
        places = [i for i, f in enumerate(fold) if f == k]
        labels = [stances[i] for i in places] if stances else None
        return places, find_names(model, [rows[i] for i in places], gazetteer, labels)

    for places, names in results((delayed(one)(k) for k in range(folds)), jobs):
        for i, name in zip(places, names, strict=True):
            found[i] = name
    return found
