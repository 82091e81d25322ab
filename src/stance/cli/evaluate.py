"""``stance evaluate``: a model against labelled rows."""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

import stance
from stance.cli.shell import load_rows
from stance.cli.table import isolate, wrap
from stance.datasets import LabelledRow, labelled
from stance.errors import DataError
from stance.predictor import Predictor

if TYPE_CHECKING:
    from stance.evaluation import CoveragePoint, Interval, Report, WorstRow

__all__ = ["evaluate"]

_WORST_WIDTH = 100


class _Found(NamedTuple):
    """A model's labels beside the true ones."""

    rows: list[LabelledRow]
    truth: NDArray[np.int64]
    held: NDArray[np.int64]
    probabilities: NDArray[np.float64]
    sentiment: list[str]
    labels: tuple[tuple[str, ...], tuple[str, ...]]

    @property
    def sentiment_truth(self) -> list[str]:
        return [r.sentiment for r in self.rows]


def evaluate(options: argparse.Namespace) -> int:
    """``stance evaluate``: scores with intervals, coverage, the worst rows, a picture."""
    from stance.evaluation import bootstrap, measure, risk_coverage, worst_rows  # noqa: PLC0415  # scikit-learn takes a second to import

    for name in ("draws", "worst"):
        if getattr(options, name) < 0:
            raise DataError(f"--{name} must not be negative, got {getattr(options, name)}")
    model = stance.load(options.model)
    found = _label(model, options)
    arrays = (found.truth, found.held)
    sentiments = (found.sentiment_truth, found.sentiment)
    report = measure(*arrays, found.probabilities, *sentiments, found.labels)
    intervals = bootstrap(
        *arrays, *sentiments, found.labels, [r.group for r in found.rows], options.draws, options.seed
    )
    coverage = risk_coverage(found.truth, found.probabilities, list(model.thresholds.values()))
    worst = worst_rows(*arrays, found.probabilities, model.stances, options.worst)
    if options.picture:
        from stance.evaluation.picture import save_picture  # noqa: PLC0415  # matplotlib is an extra

        save_picture(options.picture, *arrays, found.probabilities, sentiments, found.labels)
    if options.format == "json":
        document = _document(report, intervals, coverage, worst, found.rows)
        sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=1) + "\n")
    else:
        sys.stdout.write(_text(report, intervals, coverage, worst, found.rows))
    return 0


def _label(model: Predictor, options: argparse.Namespace) -> _Found:
    from stance.classifiers import indicator  # noqa: PLC0415  # see above

    rows = list(
        labelled(
            load_rows(options.file, options), options.file, options.stances_column, options.sentiment_column
        )
    )
    texts = [r.text for r in rows]
    predictions = model.predict(texts)
    return _Found(
        rows,
        indicator([r.stances for r in rows]),
        indicator([p.stances for p in predictions]),
        model.predict_proba(texts),
        [p.sentiment for p in predictions],
        (model.stances, model.sentiments),
    )


def _document(
    report: Report,
    intervals: dict[str, Interval],
    coverage: list[CoveragePoint],
    worst: list[WorstRow],
    rows: list[LabelledRow],
) -> dict[str, Any]:
    return {
        **report.to_dict(),
        "intervals": {name: [round(v, 4) for v in interval] for name, interval in intervals.items()},
        "risk_coverage": [{k: round(v, 4) for k, v in point._asdict().items()} for point in coverage],
        "worst": [{**w._asdict(), "loss": round(w.loss, 4), "text": rows[w.row].text} for w in worst],
    }


def _text(
    report: Report,
    intervals: dict[str, Interval],
    coverage: list[CoveragePoint],
    worst: list[WorstRow],
    rows: list[LabelledRow],
) -> str:
    parts = [report.to_text(), ""]
    if intervals:
        parts += ["95 % of bootstrap draws of documents:", ""]
        parts += [f"  {name:36}{low:7.3f} to {high:.3f}" for name, (low, high) in intervals.items()] + [""]
    parts += ["answering only the surest rows (predict(texts, abstain=...)):", ""]
    parts.append(f"  {'coverage':>10}{'abstain':>10}{'exact set':>12}{'micro-F1':>10}")
    parts += [f"  {c:10.2f}{a:10.3f}{e:12.3f}{f:10.3f}" for c, a, e, f in coverage]
    if worst:
        parts += ["", "rows whose true stances the model finds least probable:"]
    for w in worst:
        wrong = [*(f"missed {s}" for s in w.missed), *(f"found {s}" for s in w.extra)]
        parts += ["", f"  row {w.row + 1}, loss {w.loss:.2f}: {', '.join(wrong) or 'right, but unsure'}"]
        parts += [f"    {isolate(line)}" for line in wrap(rows[w.row].text, _WORST_WIDTH)]
    return "\n".join(parts) + "\n"
