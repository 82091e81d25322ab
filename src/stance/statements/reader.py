"""Reading an article: its statements, who speaks, to whom, and their labels."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache, lru_cache, partial

from stance.actors import Actor, Gazetteer
from stance.labels import UNSURE
from stance.locks import Locked
from stance.predictions import Prediction
from stance.predictor import Predictor, load
from stance.statements.article import PRONOUN, Article, Statement
from stance.statements.content import Speech, speech_of
from stance.statements.cutting import NameSpan
from stance.statements.finders import stance_key
from stance.statements.found import Found
from stance.statements.gender import goes_on, is_feminine
from stance.statements.interviews import Interview, guest, interview, with_answers
from stance.statements.lists import introduced, listed
from stance.statements.model import ReaderModel, default_reader_path, read_reader
from stance.statements.names import NameFinder
from stance.statements.number import numbers
from stance.statements.quotes import Quotation, is_inside, quotations
from stance.statements.resolution import Turn, forms_of, resolve, sections
from stance.statements.segment import Span, segment
from stance.statements.subjects import acting

__all__ = ["Reader", "read"]

_STOPS = ".!?؟؛…»”\"':"
"""What headings do not end with; a colon introduces what follows."""
_LOADING = Locked()
"""Of :func:`read`: thirty threads that begin together load the installed models once."""


class Reader:
    """Reads articles.  Safe to share between threads; what it remembers of words changes no result.

    Parameters
    ----------
    predictor : Predictor, optional
        Labels the statements; the model installed with the package by default.
    model : ReaderModel, optional
        Finds speakers and recipients; the one installed with the package by default.
    gazetteer : Gazetteer, optional
        Knows actors; the installed one by default.

    Examples
    --------
    >>> article = Reader().read("أعلنت كندا أنها سترسل مساعدات إلى كابول. وأضافت أن الطائرة جاهزة.")
    >>> [(s.speaker, s.speaker_resolved) for s in article]
    [('كندا', 'كندا'), ('~', 'كندا')]
    """

    def __init__(
        self,
        predictor: Predictor | None = None,
        model: ReaderModel | None = None,
        gazetteer: Gazetteer | None = None,
    ) -> None:
        self._predictor = predictor if predictor is not None else _default()
        self._model = model if model is not None else _default_reader()
        self._gazetteer = gazetteer if gazetteer is not None else Gazetteer.default()
        self._finder = NameFinder(self._model, self._gazetteer)

    def __reduce__(self) -> tuple[type[Reader], tuple[Predictor, ReaderModel, Gazetteer]]:
        # processes get the models, not what other threads are writing into
        return type(self), (self._predictor, self._model, self._gazetteer)

    def read(self, text: str, *, abstain: float = 0.0) -> Article:
        """Read one article.

        Parameters
        ----------
        text : str
            The article, titles and sub-headings on lines of their own.
        abstain : float, default 0
            Margin, in probability: a statement of which some stance is nearer to its threshold is ``"unsure"``, with
            no stances and no events.  All else is as without a margin: who speaks and to whom, for one, so that
            somebody who decides about the statement finds them there.

        Returns
        -------
        Article

        Raises
        ------
        TypeError
            If `text` is not a str, or `abstain` is no number.
        ValueError
            If `abstain` is not from 0 to 1, or the model has no stances.

        Examples
        --------
        >>> article = Reader().read("مدير الصحة: موجة حر شديدة الأسبوع المقبل", abstain=0.2)
        >>> [(s.speaker, s.stance, s.unsure) for s in article], article.events()
        ([('مدير الصحة', 'unsure', True)], [])
        """
        if not isinstance(text, str):
            raise TypeError(f"an article is a str, got {type(text).__name__}; read the file first")
        spans = segment(text)
        sentences = [text[s.start : s.end] for s in spans]
        asked = interview(text)
        quotes, lists = with_answers(quotations(text), asked.answers), listed(text)
        inside = [is_inside(quotes, span.start) for span in spans]
        found = self._find(
            spans, sentences, self._predictor.predict(sentences, abstain=abstain), inside, abstain
        )
        if asked.questions:
            found = [_in_interview(one, asked) for one in found]
        elif said := _said(lists, found, quotes):
            quotes = with_answers(quotes, said)
            found = self._in_lists(found, sentences, said, abstain)
        found = self._silent(found, asked)
        sources = resolve(list(_turns(text, found, quotes, lists)))
        if asked.questions:
            sources = _answered(sources, found)
        speakers = [one.actor(one.source) for one in found]
        return Article(
            text,
            tuple(
                self._statement(text, found, i, k, speakers[k] if k >= 0 else None, quotes, abstain > 0)
                for i, k in enumerate(sources)
            ),
        )

    def _find(
        self,
        spans: Sequence[Span],
        sentences: Sequence[str],
        predictions: Sequence[Prediction],
        inside: Sequence[bool],
        abstain: float,
    ) -> list[Found]:
        """Find the names of labelled sentences; `inside` tells which begin inside a quotation."""
        held = [stance_key(p.stances) for p in predictions]
        if abstain:  # names are looked for by the stances that hold without a margin
            least = self._predictor.thresholds
            held = [
                stance_key(frozenset(s for s, value in p.probabilities.items() if value >= least[s]))
                for p in predictions
            ]
        tag = self._finder.tagger.tag
        tagged = [tag(*known) for known in zip(sentences, inside, held, strict=True)]
        return [
            Found(span, one, prediction, name.speaks or quoted, name.speaker, name.recipient, name.actors)
            for span, one, prediction, quoted, name in zip(
                spans, tagged, predictions, inside, self._finder.find(tagged, held), strict=True
            )
        ]

    def _in_lists(
        self, found: Sequence[Found], sentences: Sequence[str], lists: Sequence[Quotation], abstain: float
    ) -> list[Found]:
        """Let the items of lists be said as what stands in quotation marks is."""
        items = [i for i, one in enumerate(found) if is_inside(lists, one.span.start)]
        spans, labelled = [found[i].span for i in items], [found[i].prediction for i in items]
        said = self._find(spans, [sentences[i] for i in items], labelled, [True] * len(items), abstain)
        again = dict(zip(items, said, strict=True))
        return [again.get(i, one) for i, one in enumerate(found)]

    def _silent(self, found: Sequence[Found], asked: Interview) -> list[Found]:
        """Find who is named where nobody speaks: before the first question of an interview the one who is asked."""
        begins = asked.questions[0][0] if asked.questions else 0

        def of(one: Found) -> NameSpan | None:
            name_at = partial(self._finder.name_at, one.tagged, one.actors)
            if one.span.start < begins:
                return None if one.name else guest(one.tagged, name_at)
            return None if one.speaks or asked.questions else acting(one.tagged, one.actors, name_at)

        return [replace(one, silent=name) if (name := of(one)) else one for one in found]

    def _statement(
        self,
        text: str,
        found: Sequence[Found],
        i: int,
        source: int,
        actor: Actor | None,
        quotes: Sequence[Quotation],
        abstains: bool,
    ) -> Statement:
        one = found[i]
        start, end = one.span.start, one.span.end
        speech = Speech("", None, ())
        if one.speaks:
            near = _touching(quotes, start, end)
            speech = speech_of(text, start, end, one.tagged, one.name, near, one.actors)
            a, b = one.place(one.recipient) or (0, 0)
            if 0 <= speech.end <= a and text[a:b] not in text[start : speech.end]:
                one = replace(one, recipient=None)  # another's
        named = found[source] if source >= 0 else None
        resolved = named.place(named.source) if named else None
        return Statement(
            text=text[start:end],
            start=start,
            end=end,
            paragraph=one.span.paragraph,
            prediction=one.prediction,
            kind=speech.kind or None,
            cue=speech.cue,
            content=speech.content,
            speaker=_text(text, one.place(one.name)) if one.name else PRONOUN if one.speaks else None,
            speaker_span=one.place(one.name),
            speaker_resolved=_text(text, resolved) if resolved else None,
            speaker_actor=actor,
            recipient=_text(text, one.place(one.recipient)) if one.recipient else None,
            recipient_span=one.place(one.recipient),
            recipient_actor=one.actor(one.recipient),
            unsure=one.prediction.stance == UNSURE and not one.prediction.stances if abstains else None,
        )


def read(text: str, model: Predictor | None = None, *, abstain: float = 0.0) -> Article:
    r"""Read an article.

    Parameters
    ----------
    text : str
        The article, titles and sub-headings on lines of their own.
    model : Predictor, optional
        The model installed with the package by default; it is loaded once.
    abstain : float, default 0
        As :meth:`stance.statements.Reader.read`.

    Returns
    -------
    Article

    Raises
    ------
    TypeError, ValueError
        As :meth:`stance.statements.Reader.read`, or if `model` is none, such as its name.

    Examples
    --------
    >>> import stance
    >>> article = stance.read("قمة الرباط\nحذر وزير الخارجية النرويجي من كارثة إنسانية وشيكة.")
    >>> [(s.stance, s.speaker, s.speaker_actor) for s in article][1]
    ('warning', 'وزير الخارجية النرويجي', Actor(country='NOR', role='GOV', name='Norway'))
    """
    if model is not None and not hasattr(model, "predict"):
        raise TypeError(f"model must be a Predictor, got {model!r}; load it first, with stance.load(...)")
    with _LOADING.lock:
        reader = _reader(model if model is not None else _default())
    return reader.read(text, abstain=abstain)


def _text(text: str, span: tuple[int, int] | None) -> str:
    return text[span[0] : span[1]] if span else ""


def _said(lists: Sequence[Quotation], found: Sequence[Found], quotes: Sequence[Quotation]) -> list[Quotation]:
    """Return the lists that somebody says."""
    ends = [one.span.end for one in found if one.speaks]
    return introduced(lists, quotes, ends, [one.span.start for one in found if one.name]) if lists else []


def _in_interview(one: Found, asked: Interview) -> Found:
    """Let nobody speak in a question, and nobody be named as the speaker of an answer."""
    k = bisect_right(asked.questions, (one.span.start + 1,)) - 1
    if k >= 0 and one.span.start < asked.questions[k][1]:
        return replace(one, speaks=False, name=None)
    if is_inside(asked.answers, one.span.start):
        return replace(one, speaks=True, name=None)
    return one


def _answered(sources: list[int], found: Sequence[Found]) -> list[int]:
    """Let the guest of an interview be the source of the answers that nobody else is named for."""
    introduction = next((i for i, one in enumerate(found) if one.silent), -1)
    if introduction < 0:
        return sources
    return [
        introduction if source < 0 and found[i].speaks and i > introduction else source
        for i, source in enumerate(sources)
    ]


def _touching(quotes: Sequence[Quotation], start: int, end: int) -> Sequence[Quotation]:
    first = bisect_right(quotes, (start,))
    if first and quotes[first - 1].end > start:
        first -= 1
    return quotes[first : bisect_left(quotes, (end,))]


def _turns(
    text: str, found: Sequence[Found], quotes: Sequence[Quotation], lists: Sequence[Quotation]
) -> Iterator[Turn]:
    headings = [
        text[one.span.end - 1] not in _STOPS and not is_inside(lists, one.span.start) for one in found
    ]
    above = [one.source is not None and not any(w.verb for w in one.tagged.words[:1]) for one in found]
    left_out = [one.speaks and one.name is None and goes_on(one.tagged) for one in found]
    parts = sections(headings, above, left_out)
    named = [one.words() for one in found]
    forms = forms_of(words[0][2:] for words in named if len(words) == 1 and words[0][:2] == "ال")
    for i, one in enumerate(found):
        k = bisect_left(quotes, (one.span.end,)) - 1
        crosses = k >= 0 and (quotes[k].end > one.span.end)
        begins = bisect_left(quotes, (one.span.start,)) - 1
        inside = begins >= 0 and quotes[begins].end > one.span.start
        quotation = begins if inside else k if crosses else -1
        name = _text(text, one.place(one.source))
        words = named[i]
        known = len(words) == 1 and words[0][:2] != "ال" and one.actor(one.name) is not None
        feminine = is_feminine(one.tagged, one.source)
        number = numbers(one.tagged, one.source)
        others = one.others(forms)
        yield Turn(name, one.speaks, feminine, quotation, parts[i], words, others, known, number)


@cache
def _default() -> Predictor:
    return load()


@cache
def _default_reader() -> ReaderModel:
    return read_reader(default_reader_path())


@lru_cache(maxsize=8)
def _reader(predictor: Predictor) -> Reader:
    return Reader(predictor)
