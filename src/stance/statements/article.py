"""An article as it was read: its statements, and what is known of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from stance.actors import Actor
from stance.labels import UNSURE
from stance.predictions import Prediction
from stance.reprs import beginning

if TYPE_CHECKING:
    from stance.pages.views import Explainer
    from stance.statements.events import Event

__all__ = [
    "PRONOUN",
    "Article",
    "ColumnKind",
    "Statement",
    "statement_columns",
]

PRONOUN = "~"
"""The speaker is only a pronoun or is left out."""
Place = tuple[int, int]
ColumnKind: TypeAlias = "type | Sequence[ColumnKind] | Mapping[str, ColumnKind]"
"""What a column holds: str, int, float or bool; ``[int]`` stands for lists, ``{"warning": float}`` for fields by name."""


def statement_columns(
    stances: Sequence[str] = (), sentiments: Sequence[str] = (), *, abstain: bool = False
) -> dict[str, ColumnKind]:
    """Return names and kinds of what :meth:`Statement.to_dict` returns, in its order.

    Parameters
    ----------
    stances, sentiments : sequence of str, optional
        Labels of the model.
    abstain : bool, default False
        Whether the model might abstain.

    Returns
    -------
    dict of str to ColumnKind
    """
    columns: dict[str, ColumnKind] = {
        "start": int,
        "end": int,
        "stances": [str],
        "sentiment": str,
        "speaker": str,
        "speaker_span": [int],
        "speaker_resolved": str,
        "speaker_code": str,
        "recipient": str,
        "recipient_span": [int],
        "recipient_code": str,
        "kind": str,
        "cue": [int],
        "content": [[int]],
        "probabilities": dict.fromkeys(stances, float),
        "sentiment_probabilities": dict.fromkeys(sentiments, float),
        "text": str,
    }
    return {**columns, UNSURE: bool} if abstain else columns


def _listed(place: Place | None) -> list[int] | None:
    return list(place) if place else None


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence, title or sub-heading of an article, with its labels.

    All places are in characters of the article, end exclusive.

    Attributes
    ----------
    text : str
    start, end : int
        ``article.text[start:end] == text``.
    paragraph : int
        Number of its line in the article, blank lines not counted.
    prediction : Prediction
    kind : str or None
        ``"direct"`` speech (in quotation marks or behind a colon), ``"indirect"`` (a clause of
        "that"), ``"mixed"``, or ``"report"`` of an act; None where nobody speaks.
    cue : (int, int) or None
        Place of the word that introduces the speech.
    content : tuple of (int, int)
        Places of what is said.
    speaker : str or None
        The source as the text names it; ``"~"`` where it is a pronoun or left out; None where
        nobody speaks.
    speaker_span : (int, int) or None
        Place of a named speaker.
    speaker_resolved : str or None
        The name that the speaker goes by, carried over from an earlier statement where this one has
        none, or a short form of one word; None where it is not known.
    speaker_actor, recipient_actor : Actor or None
        Country and role, as far as they are known.
    recipient : str or None
        Whom the stance is directed at or about, in statements with a stance, and in unsure ones that would have one.
    recipient_span : (int, int) or None
        Its place.
    unsure : bool or None
        Whether the model abstains: there are no stances then, and no events.  None where it was to answer always.
    """

    text: str
    start: int
    end: int
    paragraph: int
    prediction: Prediction
    kind: str | None = None
    cue: Place | None = None
    content: tuple[Place, ...] = ()
    speaker: str | None = None
    speaker_span: Place | None = None
    speaker_resolved: str | None = None
    speaker_actor: Actor | None = None
    recipient: str | None = None
    recipient_span: Place | None = None
    recipient_actor: Actor | None = None
    unsure: bool | None = None

    @property
    def stances(self) -> frozenset[str]:
        """The stances that hold."""
        return self.prediction.stances

    @property
    def stance(self) -> str:
        """The strongest stance, or ``"none"``; ``"unsure"`` where the model abstains."""
        return self.prediction.stance

    @property
    def probabilities(self) -> dict[str, float]:
        """Calibrated probability of each stance."""
        return self.prediction.probabilities

    @property
    def sentiment(self) -> str:
        """The sentiment decided for."""
        return self.prediction.sentiment

    @property
    def sentiment_probabilities(self) -> dict[str, float]:
        """Probability of each sentiment."""
        return self.prediction.sentiment_probabilities

    def __repr__(self) -> str:
        # Latin words between the names: an arrow would turn round there
        named = (("speaker", self.speaker_resolved), ("recipient", self.recipient))
        who = "".join(f"; {role} {beginning(name)}" for role, name in named if name)
        labels = repr(self.prediction).removeprefix("<Prediction: ").removesuffix(">")
        return f"<Statement {beginning(self.text)}: {labels}{who}>"

    def _repr_html_(self) -> str:
        """Show the statement in a notebook."""
        from stance.pages import statement_html  # noqa: PLC0415  # wanted only in notebooks

        return statement_html(self)

    def to_dict(self) -> dict[str, Any]:
        """Return the statement as plain data, in the order of the columns of files.

        Returns
        -------
        dict of str to object
            ``stances`` is a list in the model's order; places are lists of start and end, None where there is none;
            ``unsure`` is there only where the model might abstain.
        """
        found = {
            "start": self.start,
            "end": self.end,
            "stances": [s for s in self.probabilities if s in self.stances],
            "sentiment": self.sentiment,
            "speaker": self.speaker or "",
            "speaker_span": _listed(self.speaker_span),
            "speaker_resolved": self.speaker_resolved or "",
            "speaker_code": self.speaker_actor.code if self.speaker_actor else "",
            "recipient": self.recipient or "",
            "recipient_span": _listed(self.recipient_span),
            "recipient_code": self.recipient_actor.code if self.recipient_actor else "",
            "kind": self.kind or "",
            "cue": _listed(self.cue),
            "content": [list(place) for place in self.content],
            "probabilities": {k: round(v, 6) for k, v in self.probabilities.items()},
            "sentiment_probabilities": {k: round(v, 6) for k, v in self.sentiment_probabilities.items()},
            "text": self.text,
        }
        return found if self.unsure is None else {**found, UNSURE: self.unsure}


@dataclass(frozen=True, slots=True)
class Article(Sequence[Statement]):
    """An article and its statements, in order.

    Attributes
    ----------
    text : str
        The article as given.
    statements : tuple of Statement
    """

    text: str
    statements: tuple[Statement, ...]

    def __repr__(self) -> str:
        held = sum(bool(s.stances) for s in self)
        return f"<Article {beginning(self.text)}: {len(self)} statements, {held} with a stance>"

    def __len__(self) -> int:
        return len(self.statements)

    def __iter__(self) -> Iterator[Statement]:
        return iter(self.statements)

    def __getitem__(self, index: Any) -> Any:
        return self.statements[index]

    def events(self) -> list[Event]:
        """Return who takes which stance towards whom: a row for each statement and stance.

        Returns
        -------
        list of Event
            In the order of the text, stances in the model's order; none of statements of which the model is unsure.

        Raises
        ------
        DataError
            If the model that read the article has no stances, as one that learned labels of one's own, one a text.
        """
        from stance.statements.events import events_of  # noqa: PLC0415  # events are made of articles

        return events_of(self)

    def to_frame(self, backend: str = "pandas", *, events: bool = False) -> Any:
        """Return the statements as a data frame, with the columns of ``stance read -o FILE.csv`` but for ``file``.

        Parameters
        ----------
        backend : {"pandas", "polars", "pyarrow"}
            Whose frame; it and narwhals are imported now.
        events : bool, default False
            Whether to return :meth:`events` instead.

        Returns
        -------
        DataFrame or pyarrow.Table
            A row for each statement; ``stances`` joined by ``|`` or ``unsure``, places as ``12-34``, every probability in a
            column ``p_...``.

        Raises
        ------
        ValueError
            If `backend` is another.
        DataError
            If narwhals or the backend is not installed, or as :meth:`events`.
        """
        from stance.frames import frame_of  # noqa: PLC0415  # wants narwhals
        from stance.statements.events import event_columns  # noqa: PLC0415  # events are made of articles
        from stance.statements.writing import cell_columns, row_cells  # noqa: PLC0415  # likewise

        if events:
            return frame_of([e.to_dict() for e in self.events()], event_columns(), backend)
        return frame_of([row_cells(s.to_dict()) for s in self], cell_columns(statement_columns()), backend)

    def to_html(self, model: Explainer | None = None, *, name: str = "") -> str:
        """Return a page of its own: the text with its statements marked, charts, a table.

        Parameters
        ----------
        model : Predictor, optional
            The model that read the article; with it every statement shows the exact shares of its words.
        name : str, optional
            How the page calls the article; an ISO date in it is the article's date.

        Returns
        -------
        str
            HTML, as :func:`stance.pages.report` writes it.

        Raises
        ------
        ValueError
            If another model read the article.

        Examples
        --------
        >>> import stance
        >>> stance.read("حذرت ألمانيا إيران من إغلاق المضيق.").to_html()[:15]
        '<!doctype html>'
        """
        from stance.pages import report  # noqa: PLC0415  # wanted only here

        return report([(name or "—", self)], model)

    def _repr_html_(self) -> str:
        """Show the article in a notebook."""
        from stance.pages import article_html  # noqa: PLC0415  # wanted only in notebooks

        return article_html(self)
