"""The ``stance-train-reader`` command."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from stance.cli.options import add_progress_options, count, seed
from stance.cli.parser import Parser, add_common
from stance.cli.screen import Status
from stance.cli.shell import call, end_as_interrupted
from stance.cli.train import load_recorded, read_lines, sentences_of
from stance.datasets import AnnotatedSentence, Row, annotated, read_text
from stance.errors import DataError
from stance.writing import check_apart

if TYPE_CHECKING:
    from stance.actors import Gazetteer
    from stance.statements import ReaderModel

__all__ = ["build_parser", "main", "run"]


def build_parser() -> Parser:
    """Build the parser of the command line.

    Returns
    -------
    Parser
    """
    parser = Parser(
        prog="stance-train-reader",
        usage="%(prog)s DATA... --unlabelled FILE -o DIR [options]",
        description="Train and cross-validate the model that finds speakers and recipients.",
        examples="stance-train-reader rows.jsonl --unlabelled news.txt.gz -o my-reader",
    )
    _add_input(parser)
    output = parser.add_argument_group("output")
    output.add_argument("-o", "--output", required=True, metavar="DIR", help="reader folder to write")
    output.add_argument("--overwrite", action="store_true", help="replace an existing reader")
    output.add_argument("--sources", metavar="FILE", help="Markdown for the model card: sources and licences")
    group = parser.add_argument_group("training")
    group.add_argument(
        "--folds", type=int, default=5, metavar="N", help="folds of the cross-validation (default: 5)"
    )
    group.add_argument(
        "--seed", type=seed, default=0, metavar="N", help="seed of vectors, clusters and network (default: 0)"
    )
    group.add_argument(
        "--no-network",
        dest="network",
        action="store_false",
        help="train the rankers alone: faster, less often right, without torch",
    )
    group.add_argument("--jobs", type=count, default=1, metavar="N", help="processes (default: 1)")
    add_progress_options(add_common(parser, version=True), verbose=True)
    parser.set_defaults(text_column="text", input_format=None)
    return parser


def _add_input(parser: Parser) -> None:
    group = parser.add_argument_group("input")
    group.add_argument(
        "data",
        nargs="+",
        metavar="DATA",
        help="annotated rows (.jsonl): text, stances, speaker, recipient; id groups rows of a document, continues "
        "is true where a quotation goes on from an earlier row",
    )
    for name, about in (
        ("--extra", "annotated rows to learn from but never to measure on"),
        (
            "--texts",
            "rows or lines (.jsonl, .txt, .txt.gz) with the sentences of files that have a column sha256 and no text",
        ),
    ):
        group.add_argument(name, action="extend", nargs="+", default=[], metavar="FILE", help=about)
    group.add_argument(
        "--unlabelled",
        required=True,
        metavar="FILE",
        help="unlabelled text, a sentence a line (.txt, .txt.gz), for clusters of words",
    )
    group.add_argument("--encoding", default="utf-8", metavar="NAME", help="of the input (default: utf-8)")


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
    others = [n for n in (options.unlabelled, options.sources) if n]
    check_apart(options.output, [*options.data, *options.extra, *options.texts, *others])
    with Status(options) as status:
        _run(options, status)
    return 0


def _run(options: argparse.Namespace, status: Status) -> None:
    started = time.monotonic()
    # wrong usage must not wait for scikit-learn
    from stance.actors import Gazetteer  # noqa: PLC0415
    from stance.pytorch import check_torch  # noqa: PLC0415
    from stance.reader_training import cross_validate, measure_reader  # noqa: PLC0415
    from stance.reader_training.card import reader_card, reader_facts  # noqa: PLC0415
    from stance.statements import write_reader  # noqa: PLC0415

    if options.network:
        check_torch("the reader's network wants", "pass --no-network")
    sentences = [row for name in options.texts for row in sentences_of(name, options)]
    rows = [r for name in options.data for r in _annotated(name, options, sentences)]
    extra = [r for name in options.extra for r in _annotated(name, options, sentences)]
    sources = read_text(options.sources) if options.sources else "Sources and licences were not stated."
    gazetteer = Gazetteer.default()
    fit = _trainer(options, status, gazetteer)
    status(f"cross-validation: {options.folds} folds of {len(rows)} rows, with {len(extra)} extra rows")
    scores = measure_reader(rows, cross_validate(rows, extra, fit, gazetteer, options.folds, options.jobs))
    status("training on all rows")
    facts = reader_facts(rows, extra, scores, options.folds, options.seed)
    model = fit([*rows, *extra], facts=facts, card=reader_card(facts, sources))
    write_reader(model, options.output, options.overwrite)
    status.clear()
    sys.stdout.write(json.dumps(scores.to_dict(), indent=1) + "\n")
    status.note(f"{options.output} written in {time.monotonic() - started:.0f} s")


def _trainer(options: argparse.Namespace, status: Status, gazetteer: Gazetteer) -> Callable[..., ReaderModel]:
    """Learn what the unlabelled text tells of words, and return what makes a reader of annotated rows."""
    from stance.lexicon import Lexicon  # noqa: PLC0415  # wrong usage must not wait for scikit-learn
    from stance.reader_training import (  # noqa: PLC0415  # nor for scipy
        NetworkConfig,
        ReaderConfig,
        cluster_words,
        train_reader,
        word_vectors,
    )

    lines = read_lines(options.unlabelled, options.encoding)
    status(f"vectors and clusters of words from {len(lines)} unlabelled lines")
    try:
        vectors = word_vectors(lines, options.seed)
    except ValueError as error:
        raise DataError(f"{options.unlabelled}: {error}") from None
    return partial(
        train_reader,
        lexicon=Lexicon.default(),
        gazetteer=gazetteer,
        clusters=cluster_words(vectors, seed=options.seed),
        vectors=vectors if options.network else None,
        config=ReaderConfig(network=NetworkConfig(seed=options.seed)),
    )


def _annotated(name: str, options: argparse.Namespace, sentences: list[Row]) -> list[AnnotatedSentence]:
    return list(annotated(load_recorded(name, options, sentences), name))


def run() -> None:
    """Entry point of the installed script."""
    end_as_interrupted()
    sys.exit(call(main))
