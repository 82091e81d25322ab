"""The ``stance-train`` command."""

from __future__ import annotations

import argparse
import gzip
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stance.annotations import join
from stance.cli.options import add_label_options, add_progress_options
from stance.cli.parser import Parser, add_common
from stance.cli.plots import add_plots_options, check_plots_options, plot_training
from stance.cli.screen import Status, counted
from stance.cli.shell import call, end_as_interrupted, label_columns, load_rows
from stance.cli.train_options import add_fitting, add_input
from stance.datasets import LabelledRow, Row, check_known, decode, find_labels, labelled, read_text
from stance.errors import DataError
from stance.hints import did_you_mean
from stance.labels import OWN_LABELS, name_problem
from stance.settings import PRESETS, TrainingConfig
from stance.timing import Stopwatch
from stance.writing import atomic_path, check_apart, check_place

if TYPE_CHECKING:
    from stance.features.vectors import WordVectors
    from stance.training import Trained

__all__ = ["build_parser", "load_recorded", "main", "read_lines", "run", "sentences_of"]


def build_parser() -> Parser:
    """Build the parser of the command line.

    Returns
    -------
    Parser
    """
    parser = Parser(
        prog="stance-train",
        usage="%(prog)s DATA... -o DIR [options]",
        description="Train, cross-validate and calibrate a model on labelled rows.",
        examples="stance-train rows.jsonl -o my-model --jobs 2\n"
        "stance-train posts.csv -o topics --label-column topic --search",
    )
    add_input(parser)
    output = parser.add_argument_group("output")
    output.add_argument("-o", "--output", required=True, metavar="DIR", help="model folder to write")
    output.add_argument("--overwrite", action="store_true", help="replace an existing model")
    output.add_argument("--name", help="name of the model (default: that of its folder)")
    output.add_argument(
        "--sources", metavar="FILE", help="Markdown for the model card: sources and licences of the rows"
    )
    output.add_argument(
        "--sklearn",
        metavar="FILE",
        help="also hand the fitted scikit-learn pipelines over, by joblib; load such a file only if you trust it",
    )
    add_plots_options(
        output, ", and a learning curve, whose refits cost about as much as the cross-validation once more"
    )
    add_label_options(parser)
    add_fitting(parser)
    add_progress_options(add_common(parser, version=True), verbose=True)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; errors are raised.

    Parameters
    ----------
    argv : sequence of str, optional

    Returns
    -------
    int
        The exit code.
    """
    options = build_parser().parse_args(argv)
    from stance.model import check_target  # noqa: PLC0415  # --help must not wait for numpy

    check_target(options.output, options.overwrite)  # before the work, not after it
    check_apart(options.output, _inputs(options))
    if options.sklearn:
        check_place(options.sklearn)
        check_apart(options.sklearn, _inputs(options))
    check_plots_options(options, options.output)
    _check_name(options)
    with Status(options) as status:
        _run(options, status)
    return 0


def _inputs(options: argparse.Namespace) -> list[str]:
    """Return the files that are read."""
    extra = [name for names in options.extra for name in names]
    others = [n for n in (options.unlabelled, options.sources, options.config) if n]
    return [*options.data, *extra, *options.attention_extra, *options.texts, *others]


def _check_name(options: argparse.Namespace) -> None:
    """Name the model after its folder, where no name was given."""
    options.name = options.name or Path(options.output).resolve().name or "model"
    if problem := name_problem(options.name):
        raise DataError(f"{problem}, got {options.name[:60]!r}; pass another one by --name")


def _run(options: argparse.Namespace, status: Status) -> None:
    watch = Stopwatch()
    status("reading rows")
    with watch.stage("reading"):
        sentences = [r for name in options.texts for r in sentences_of(name, options)]
        rows = [r for name in options.data for r in _labelled(name, options, sentences)]
        extra = _extra(options, sentences)
    _tell_copies(rows, extra, status)
    sources = (
        read_text(options.sources) if options.sources else "Sources and licences of the rows were not stated."
    )
    with watch.stage("training"):
        settings, about = _settings(rows, extra, options, status)
        trained = _train(rows, extra, options.name, about, settings)
    with watch.stage("writing"):
        _write(trained, sources, options)
    if options.plots:
        with watch.stage("plots"):
            plot_training(rows, extra, trained, options, settings)
    status.clear()
    sys.stdout.write(f"{trained.report.to_text()}\ncross-validated {options.metric}: {trained.metric:.4f}\n")
    status.note(f"{options.output} written in {watch.total:.1f} s: {watch.to_text()}")


def _tell_copies(rows: Sequence[LabelledRow], extra: Sequence[LabelledRow], status: Status) -> None:
    """Say how many texts that are measured stand in another document, too, and so may be learned from as well."""
    documents: dict[tuple[str, str | None], set[str]] = {(row.text, row.target): set() for row in rows}
    for row in (*rows, *extra):
        if (row.text, row.target) in documents:
            documents[row.text, row.target].add(row.group)
    if copies := sum(len(found) > 1 for found in documents.values()):
        status.note(
            f"{counted(copies, 'text')} stand in several documents: copies that are learned from make the figures too good; "
            "give them one id"
        )


def sentences_of(name: str, options: argparse.Namespace) -> list[Row]:
    """Read a file of sentences: rows, or lines that may be gzipped.

    Parameters
    ----------
    name : str
    options : argparse.Namespace

    Returns
    -------
    list of Row
    """
    if name.endswith(".gz"):
        return [Row(line, i) for i, line in enumerate(read_lines(name, options.encoding), 1)]
    return load_rows(name, options)


def load_recorded(name: str, options: argparse.Namespace, sentences: list[Row]) -> list[Row]:
    """Read rows, and the sentences of those that are recorded by digest.

    Parameters
    ----------
    name : str
    options : argparse.Namespace
    sentences : list of Row
        Of the files that ``--texts`` names.

    Returns
    -------
    list of Row
    """
    if sentences and "sha256" in read_text(name, options.encoding).split("\n", 1)[0]:
        digests = load_rows(name, argparse.Namespace(**{**vars(options), "text_column": "sha256"}))
        return join(digests, sentences, ", ".join(options.texts))
    return load_rows(name, options)


def _labelled(name: str, options: argparse.Namespace, sentences: list[Row]) -> list[LabelledRow]:
    return list(labelled(load_recorded(name, options, sentences), name, label_columns(options)))


def _extra(options: argparse.Namespace, sentences: list[Row]) -> list[LabelledRow]:
    """Read the rows of every ``--extra``, each with the weight that belongs to it."""
    weights = options.extra_weight or [1.0] * len(options.extra)
    if len(weights) != len(options.extra):
        raise DataError(
            f"{len(options.extra)} times --extra want as many times --extra-weight or none, got {len(weights)}"
        )
    extra = [
        replace(row, weight=row.weight * weight)
        for names, weight in zip(options.extra, weights, strict=True)
        for name in names
        for row in _labelled(name, options, sentences)
    ]
    for name in options.attention_extra:
        extra += [
            replace(row, weight=row.weight * options.attention_extra_weight, attention_only=True)
            for row in _labelled(name, options, sentences)
        ]
    return extra


def _config(options: argparse.Namespace) -> TrainingConfig:
    if not options.config:
        config = TrainingConfig()
    elif options.config in PRESETS and not Path(options.config).exists():
        config = PRESETS[options.config]
    elif not Path(options.config).exists() and (near := did_you_mean(options.config, PRESETS)):
        raise DataError(
            f"{options.config}: there are neither such settings nor such a file{near}; use one of "
            f"{', '.join(PRESETS)} or a TOML file"
        )
    else:
        config = TrainingConfig.from_toml(read_text(options.config), options.config)
    return replace(config, analyzer=options.analyzer) if options.analyzer else config


def _settings(
    rows: list[LabelledRow], extra: list[LabelledRow], options: argparse.Namespace, status: Status
) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """Return what training and the learning curve are called with, and what a search is remembered by."""
    from stance.features.analyzers import load_analyzer  # noqa: PLC0415  # beside its use
    from stance.training import search  # noqa: PLC0415  # scikit-learn takes a second to import

    if options.search and options.config:
        raise DataError("--search chooses the settings and --config gives them; pass one of the two")
    config = _config(options)
    if options.sklearn and config.clause_weight:
        raise DataError(
            "--sklearn hands over pipelines, which know no clauses; pass clause_weight = 0 in the settings"
        )
    labels = OWN_LABELS if label_columns(options).own else find_labels(rows)
    check_known(extra, labels)
    if config.analyzer:
        load_analyzer(config.analyzer)  # what is missing is told before the work
    settings = {
        "labels": labels,
        "metric": options.metric,
        "vectors": _vectors([*rows, *extra], options, config, status) if options.unlabelled else None,
        "folds": options.folds,
        "seed": options.seed,
        "jobs": options.jobs,
        "progress": status,
    }
    about = None
    if options.search:
        presets = {n: replace(p, analyzer=config.analyzer) for n, p in PRESETS.items()}
        name, config = search(rows, extra, presets=presets, **settings)
        status.note(f"best by {options.metric}: {name}")
        about = {"search": {"best": name, "settings": sorted(presets)}}
    return {**settings, "config": config}, about


def _train(
    rows: list[LabelledRow],
    extra: list[LabelledRow],
    name: str,
    about: dict[str, Any] | None,
    settings: dict[str, Any],
) -> Trained:
    from stance.training import train  # noqa: PLC0415  # see above

    return train(rows, extra, name=name, about=about, **settings)


def _vectors(
    rows: list[LabelledRow], options: argparse.Namespace, config: TrainingConfig, status: Status
) -> WordVectors:
    from stance.features.vectors import train_vectors  # noqa: PLC0415  # see above

    lines = read_lines(options.unlabelled, options.encoding)
    texts = [*lines, *([r.text for r in rows] * config.vector_copies)]
    status(f"word vectors from {len(lines)} unlabelled lines")
    watch = Stopwatch()
    try:
        with watch.stage(f"word vectors from {len(lines)} unlabelled lines"):
            vectors = train_vectors(
                texts, config.vector_dimensions, min_count=config.vector_min_count, seed=options.seed
            )
    except ValueError as error:
        raise DataError(f"{options.unlabelled}: {error}") from None
    status(watch.to_text())
    return vectors


def read_lines(name: str, encoding: str) -> list[str]:
    """Read the lines of a text file, which may be gzipped.

    Parameters
    ----------
    name : str
    encoding : str

    Returns
    -------
    list of str
    """
    if not name.endswith(".gz"):
        return read_text(name, encoding).splitlines()
    try:
        with gzip.open(name) as file:
            data = file.read()
    except (OSError, EOFError) as error:
        raise DataError(f"{name} cannot be read as gzip: {error}") from None
    return decode(data, name, encoding).splitlines()


def _write(trained: Trained, sources: str, options: argparse.Namespace) -> None:
    from stance.card import model_card  # noqa: PLC0415  # see above
    from stance.model import write_model  # noqa: PLC0415  # see above

    model = replace(trained.model, card=model_card(trained.model.config, sources))
    write_model(model, options.output, options.overwrite)
    if options.sklearn:
        import joblib  # noqa: PLC0415  # only for this option

        Path(options.sklearn).parent.mkdir(parents=True, exist_ok=True)  # as the model's folder
        with atomic_path(options.sklearn) as temporary:
            joblib.dump(trained.pipelines, temporary)


def run() -> None:
    """Entry point of the installed script."""
    end_as_interrupted()
    sys.exit(call(main))
