"""``stance evaluate``: a model against labelled rows."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import replace
from itertools import repeat
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

import stance
from stance.cli.plots import check_plots_options, write_plots
from stance.cli.screen import Status, screen_width
from stance.cli.shell import label_columns, load_rows, targets_of
from stance.cli.table import wrap
from stance.datasets import LabelColumns, LabelledRow, Row, check_known, digest_of, labelled
from stance.errors import DataError
from stance.labels import OWN_LABELS, Labels
from stance.predictor import Predictor
from stance.text.cells import cell_width, isolate, isolated

if TYPE_CHECKING:
    from stance.evaluation import CoveragePoint, Interval, Report, WorstRow

__all__ = ["evaluate"]

_FIGURE = 36
"""Cells of the name of a figure."""
_WORST_WIDTH = 100
"""Cells of a sentence's line at most."""


class _Found(NamedTuple):
    """A model's labels beside the true ones; `main` columns are the stances, or the sentiments without them.

    Given are the targets that the model was told; `targets` those over which the metric is a mean.
    """

    rows: list[LabelledRow]
    labels: Labels
    truth: NDArray[np.int64]
    held: NDArray[np.int64]
    sentiment: list[str]
    main_truth: NDArray[np.int64]
    main_held: NDArray[np.int64]
    main_probabilities: NDArray[np.float64]
    given: list[str] | None
    targets: list[str] | None

    @property
    def sentiments(self) -> tuple[list[str], list[str]]:
        """The true ones and those found."""
        return [r.sentiment for r in self.rows], self.sentiment


class _Figures(NamedTuple):
    """All that is reported."""

    report: Report
    metric: tuple[str, float]
    intervals: dict[str, Interval]
    coverage: list[CoveragePoint]
    worst: list[WorstRow]


def evaluate(options: argparse.Namespace) -> int:
    """``stance evaluate``: scores with intervals, coverage, the worst rows, plots."""
    for name in ("draws", "worst"):
        if getattr(options, name) < 0:
            raise DataError(f"--{name} must not be negative, got {getattr(options, name)}")
    check_plots_options(options)
    with Status(options) as status:
        model = stance.load(options.model)
        status(f"labelling {options.file}")
        found = _label(model, options, status)
        status(f"measuring {len(found.rows)} rows, {options.draws} bootstrap draws")
        figures = _measure(model, found, options, status)
        if options.plots:
            status("drawing plots")
            _plot(model, found, options, status)
    if options.format == "json":
        document = _document(figures, found.rows)
        sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=1) + "\n")
    else:
        sys.stdout.write(_text(figures, found.rows))
    return 0


def _tell_what_is_missing(found: _Found, options: argparse.Namespace, status: Status) -> None:
    """Say which labels no row has, and leave intervals out where all rows are of one document."""
    there = {label for row in found.rows for label in (*row.stances, row.sentiment)}
    absent = [label for label in (*found.labels.stances, *found.labels.sentiments) if label not in there]
    if absent:
        status.note(f"no row of {options.file} has {', '.join(map(isolated, absent))}")
    if options.draws and len(found.rows) > 1 and len({row.group for row in found.rows}) == 1:
        status.note(
            f"no intervals: all rows are of the document {found.rows[0].group!r} by their id, its part before a colon"
        )
        options.draws = 0


def _measure(model: Predictor, found: _Found, options: argparse.Namespace, status: Status) -> _Figures:
    from stance.evaluation import bootstrap, measure, parse_metric, risk_coverage, worst_rows  # noqa: PLC0415  # scikit-learn takes a second to import

    names = found.labels.stances or found.labels.sentiments
    metric = parse_metric(options.metric, names)
    _tell_what_is_missing(found, options, status)
    probabilities = found.main_probabilities if found.labels.stances else np.zeros((len(found.rows), 0))
    return _Figures(
        measure(found.truth, found.held, probabilities, *found.sentiments, found.labels),
        (options.metric, metric.score(found.main_truth, found.main_held, found.targets)),
        bootstrap(
            found.truth, found.held, *found.sentiments, found.labels,
            [r.group for r in found.rows], options.draws, options.seed,
        ),
        risk_coverage(found.truth, probabilities, list(model.thresholds.values())) if found.labels.stances else [],
        worst_rows(found.main_truth, found.main_held, found.main_probabilities, names, options.worst),
    )  # fmt: skip


def _plot(model: Predictor, found: _Found, options: argparse.Namespace, status: Status) -> None:
    from stance.evaluation.plots import Judged  # noqa: PLC0415  # see above

    main = (found.main_truth, found.main_held, found.main_probabilities)
    given = found.given or repeat(None)
    explanations = (model.explain(r.text, t) for r, t in zip(found.rows, given, strict=False))
    write_plots(options, Judged(*main, found.sentiments, found.labels), explanations, status)


def _label(model: Predictor, options: argparse.Namespace, status: Status) -> _Found:
    from stance.classifiers import indicator  # noqa: PLC0415  # see above

    loaded = load_rows(options.file, options)
    labels, columns = _measured(model, loaded, options, status)
    targets = targets_of(loaded, options.file, options.target_column, model.config.paired)
    rows = list(labelled(loaded, options.file, columns))
    check_known(rows, labels)
    strange = sorted(set(targets or ()) - set(model.config.targets)) if model.config.targets else []
    if strange:
        status.note(
            f"{model.config.name!r} knows nothing of {len(strange)} targets, such as {strange[0]!r}; it learned of "
            f"{', '.join(model.config.targets)}"
        )
    texts = [r.text for r in rows]
    if model.config.training.get("rows") == digest_of(rows):
        status.note(
            f"{options.file} holds the rows that {model.config.name!r} learned from, so these figures say nothing of "
            "others; its cross-validated ones are shown by 'stance models'"
        )
    predictions = model.predict(texts, targets)
    truth = indicator([r.stances for r in rows], labels.stances)
    held = indicator([p.stances for p in predictions], labels.stances)
    sentiment = [p.sentiment if labels.sentiments else "" for p in predictions]
    if labels.stances:
        main = (truth, held, model.predict_proba(texts, targets))
    else:
        chosen, decided = (
            indicator([(s,) for s in part], labels.sentiments)
            for part in ([r.sentiment for r in rows], sentiment)
        )
        main = (chosen, decided, model.predict_sentiment_proba(texts, targets))
    return _Found(
        rows, labels, truth, held, sentiment, *main, targets, targets if model.config.targets else None
    )


def _measured(
    model: Predictor, loaded: list[Row], options: argparse.Namespace, status: Status
) -> tuple[Labels, LabelColumns]:
    """Return the labels that are measured, and the columns they stand in: one of a model's two kinds may be missing."""
    labels, columns = Labels(model.stances, model.sentiments), label_columns(options)
    name = model.config.name
    if (labels != OWN_LABELS) == columns.own:
        raise DataError(
            f"the labels of {name!r} are {', '.join(labels.stances + labels.sentiments)}; "
            + (
                "name their column with --label-column or --labels-column"
                if columns.own
                else "leave --label-column and --labels-column out"
            )
        )
    if columns.own:
        columns = _those_there(columns, loaded, status)
    for column, known, option, other in (
        (columns.stances, labels.stances, "--labels-column", "--label-column"),
        (columns.sentiment, labels.sentiments, "--label-column", "--labels-column"),
    ):
        if column and not known:
            raise DataError(
                f"{option} names {column!r}, but {name!r} has no labels of that kind; name the column of its own with {other}"
            )
    for column, known, option in (
        (columns.stances, labels.stances, "--labels-column"),
        (columns.sentiment, labels.sentiments, "--label-column"),
    ):
        if known and not column and not columns.own:
            status.note(f"not measured: {', '.join(known)}; name their column with {option}")
    several, one = labels.stances if columns.stances else (), labels.sentiments if columns.sentiment else ()
    return Labels(several, one), columns


def _those_there(columns: LabelColumns, loaded: list[Row], status: Status) -> LabelColumns:
    """Leave out the one of the two columns of usual name that a file does not have; one without both is refused later."""
    usual = [c for c in ("stances", "sentiment") if loaded and c not in loaded[0].fields]
    missing = [c for c in usual if getattr(columns, c) == c]
    if len(usual) != 1 or not missing:
        return columns
    status.note(f"not measured: {missing[0]}, for there is no such column")
    return replace(columns, stances=None) if missing == ["stances"] else replace(columns, sentiment=None)


def _document(figures: _Figures, rows: list[LabelledRow]) -> dict[str, Any]:
    name, value = figures.metric
    return {
        **figures.report.to_dict(),
        "metric": {"name": name, "value": round(value, 4)},
        "intervals": {n: [round(v, 4) for v in interval] for n, interval in figures.intervals.items()},
        "risk_coverage": [{k: round(v, 4) for k, v in point._asdict().items()} for point in figures.coverage],
        "worst": [
            {**w._asdict(), "row": w.row + 1, "loss": round(w.loss, 4), "text": rows[w.row].text}
            for w in figures.worst
        ],
    }


def _figure(name: str, width: int) -> str:
    """Write "f1/label" in so many cells."""
    part, slash, label = name.partition("/")
    return part + slash + isolated(label) + " " * (width - cell_width(name))


def _text(figures: _Figures, rows: list[LabelledRow]) -> str:
    parts = [figures.report.to_text(), "{}: {:.4f}".format(*figures.metric), ""]
    if figures.intervals:
        parts += ["95 % of bootstrap draws of documents:", ""]
        names = figures.report.figures
        width = max(_FIGURE, *(cell_width(n) + 1 for n in figures.intervals))
        parts += [
            f"  {_figure(names.get(n, n), width)}{low:7.3f} to {high:.3f}"
            for n, (low, high) in figures.intervals.items()
        ]
        parts.append("")
    if figures.coverage:
        parts += ["answering only the surest rows (predict(texts, abstain=...)):", ""]
        parts.append(f"  {'coverage':>10}{'abstain':>10}{'exact set':>12}{'micro-F1':>10}")
        lines = (f"  {c:10.2f}{a:10.3f}{e:12.3f}{f:10.3f}" for c, a, e, f in figures.coverage)
        parts += [*dict.fromkeys(lines), ""]  # of few rows, several shares are the same
    if figures.worst:
        parts.append("rows whose true labels the model finds least probable:")
    for w in figures.worst:
        wrong = [*(f"missed {isolated(s)}" for s in w.missed), *(f"found {isolated(s)}" for s in w.extra)]
        parts += ["", f"  row {w.row + 1}, loss {w.loss:.2f}: {', '.join(wrong) or 'right, but unsure'}"]
        width = min(_WORST_WIDTH, screen_width() - 4)
        parts += [f"    {isolate(line)}" for line in wrap(rows[w.row].text, width)]
    return "\n".join(parts) + "\n"
