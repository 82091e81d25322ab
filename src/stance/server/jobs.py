"""What the routes do with a body, in a thread: check it, label, write the answer."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TypeAlias
from urllib.parse import quote

from stance.errors import DataError
from stance.labelling.predicted import Predicted
from stance.pages import article_part, report
from stance.predictions import check_margin
from stance.predictor import Predictor
from stance.server.errors import RequestError
from stance.server.incoming import ArticleRequest, article_request, parse_json, predict_request
from stance.server.limits import Limits
from stance.server.work import Stopped, StoppedError
from stance.statements import (
    ROW_FORMATS,
    Article,
    Reader,
    article_document,
    check_stances,
    segment,
    write_articles,
)
from stance.statements.writing import article_columns

__all__ = ["EXPORT_FORMATS", "Answer", "Job", "Jobs"]

EXPORT_FORMATS = {
    "json": "application/json",
    "jsonl": "application/x-ndjson",
    "csv": "text/csv; charset=utf-8",
    "html": "text/html; charset=utf-8",
}
"""Formats of ``stance read --format`` and their media types."""
_BLOCK = 100
"""Texts labelled before a job looks whether it is still waited for."""


@dataclass(frozen=True)
class Answer:
    """What is sent, and how many texts were labelled for it."""

    body: bytes
    n_texts: int
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)


Job: TypeAlias = Callable[[bytes, Stopped], Answer]


class Jobs:
    """The jobs of the routes.

    Parameters
    ----------
    model : Predictor
        One that was trained with targets serves :meth:`predict` alone.
    limits : Limits
    """

    def __init__(self, model: Predictor, limits: Limits) -> None:
        self._model = model
        self._limits = limits
        self._reader = Reader(model)

    def predict(self, body: bytes, stopped: Stopped) -> Answer:
        """Label texts: the columns that ``stance label -o FILE.jsonl`` adds."""
        model = self._model
        asked = predict_request(parse_json(body), self._limits, model.config.paired)
        _told(check_margin, asked.abstain, self._model.stances)
        rows: list[str] = []
        for first in range(0, len(asked.texts), _BLOCK):
            if stopped():
                raise StoppedError
            block = slice(first, first + _BLOCK)
            targets = asked.targets[block] if asked.targets is not None else None
            decisions = model.decide(asked.texts[block], targets, abstain=asked.abstain)
            tails = Predicted(decisions, model.config, flagged=asked.abstain > 0).json_tails()
            rows += [f"{{{tail}}}" for tail in tails]
        return Answer(f'{{"predictions": [{", ".join(rows)}]}}'.encode(), len(rows))

    def read(self, body: bytes, _: Stopped) -> Answer:
        """Read an article: its statements and events, as ``stance read`` writes them."""
        asked = article_request(parse_json(body), self._limits)
        article = self._article(asked)
        parts = ("statements", "events") if self._model.stances else ("statements",)
        document = article_document(asked.file, article, *parts)
        return Answer(json.dumps(document, ensure_ascii=False).encode(), len(article))

    def export(self, body: bytes, _: Stopped) -> Answer:
        """Read an article: the very file that ``stance read`` writes."""
        asked = article_request(parse_json(body), self._limits, tuple(EXPORT_FORMATS))
        if asked.events:
            _told(check_stances, self._model.stances)
        article = self._article(asked)
        named = [(asked.file, article)]
        if asked.file_format in ROW_FORMATS:
            file = io.StringIO(newline="")
            columns = article_columns(
                self._model.stances, self._model.sentiments, events=asked.events, abstain=asked.abstain > 0
            )
            write_articles(named, file, asked.file_format, columns=columns, events=asked.events)
            text = file.getvalue()
        else:
            text = report(named, self._model)
        disposition = {"content-disposition": _attachment(asked.file, asked.file_format)}
        return Answer(text.encode(), len(article), EXPORT_FORMATS[asked.file_format], disposition)

    def part(self, body: bytes, _: Stopped) -> Answer:
        """Read an article: what the page shows of it."""
        asked = article_request(parse_json(body), self._limits)
        article = self._article(asked)
        html = article_part(asked.file, article, self._model)
        return Answer(html.encode(), len(article), EXPORT_FORMATS["html"])

    def _article(self, asked: ArticleRequest) -> Article:
        _told(check_margin, asked.abstain, self._model.stances)
        if len(segment(asked.text)) > self._limits.statements:
            raise RequestError(
                422,
                "invalid_request",
                f"the article has more than {self._limits.statements} statements; divide it",
            )
        return self._reader.read(asked.text, abstain=asked.abstain)


def _told(check: Callable[..., None], *given: object) -> None:
    """Check what is asked of the model; what it cannot do is told as the commands tell it."""
    try:
        check(*given)
    except DataError as error:
        raise RequestError(422, "invalid_request", str(error)) from None


def _attachment(file: str, file_format: str) -> str:
    r"""Name a download after its article (RFC 6266); whatever a name holds stays inside of it.

    Examples
    --------
    >>> _attachment('a"\r\nb.txt', "csv")
    "attachment; filename*=UTF-8''a%22%0D%0Ab.csv"
    """
    stem = PurePosixPath(file.replace("\\", "/")).stem.lstrip(".") or "article"
    return f"attachment; filename*=UTF-8''{quote(stem, safe='')}.{file_format}"
