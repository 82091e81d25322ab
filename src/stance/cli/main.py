"""The ``stance`` command."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from stance.cli import commands
from stance.cli.evaluate import evaluate
from stance.cli.label import add_label_arguments, label
from stance.cli.plots import add_plots_options
from stance.cli.reading import graph, read
from stance.cli.serve import add_serve_arguments, serve
from stance.cli.shell import (
    EPILOG,
    add_label_options,
    add_rows_options,
    add_target_option,
    call,
    version_text,
)
from stance.labelling import INPUT_FORMATS

__all__ = ["build_parser", "main", "run"]


Subcommands = argparse._SubParsersAction  # noqa: SLF001  # argparse names its type only so


def build_parser() -> argparse.ArgumentParser:
    """Build the parser of the command line.

    Returns
    -------
    argparse.ArgumentParser
    """
    parser = argparse.ArgumentParser(
        prog="stance",
        description="Stance and sentiment of statements in Arabic news.",
        epilog=EPILOG,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=version_text())
    sub = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for add in (_add_read, _add_graph, _add_label, _add_explain, _add_evaluate, _add_serve):
        add(sub)
    return parser


def _add_read(sub: Subcommands[argparse.ArgumentParser]) -> None:
    parser = _add(
        sub,
        "read",
        "cut articles into statements, label them, find who speaks and to whom",
        "stance read examples/*.txt\ncat a.txt | stance read - --format jsonl\n"
        "stance read articles/*.txt --events -o events.csv\nstance read articles/*.txt -o report.html",
    )
    parser.add_argument("files", nargs="+", metavar="FILE", help="article as text; - for standard input")
    parser.add_argument(
        "--events",
        action="store_true",
        help="one row for each statement and stance: speaker, stance, recipient, their countries and codes",
    )
    parser.add_argument(
        "--format",
        choices=("table", "json", "jsonl", "csv", "html"),
        help="default: table on a screen, else by the ending of -o",
    )
    parser.add_argument(
        "-o",
        "--output",
        metavar="OUT",
        help="file to write (.csv, .jsonl, .json, .parquet; .html for a report) in place of the screen",
    )
    parser.add_argument(
        "--dates",
        metavar="FILE",
        help="dates of the articles for a report: columns file and date (.csv, .tsv, .jsonl); "
        "by default the date in a name such as 2026-03-01-talks.txt",
    )
    parser.add_argument("--encoding", default="utf-8", help="encoding of the files (default: utf-8)")
    parser.set_defaults(action=read)


def _add_graph(sub: Subcommands[argparse.ArgumentParser]) -> None:
    parser = _add(
        sub,
        "graph",
        "sum who stands how towards whom over articles",
        "stance graph articles/*.txt -o graph.html",
    )
    parser.add_argument("files", nargs="+", metavar="FILE", help="article as text; - for standard input")
    parser.add_argument(
        "-o", "--output", required=True, metavar="OUT", help="file to write (.csv, .jsonl, .graphml, .html)"
    )
    parser.add_argument(
        "--roles", action="store_true", help="take a country's government, army and others for actors apart"
    )
    parser.add_argument("--encoding", default="utf-8", help="encoding of the files (default: utf-8)")
    parser.set_defaults(action=graph)


def _add_label(sub: Subcommands[argparse.ArgumentParser]) -> None:
    parser = _add(
        sub,
        "label",
        "label the texts of a CSV, TSV, JSONL, Parquet or plain file, however large",
        "stance label statements.csv -o labelled.csv --text-column statement\n"
        "stance label archive.parquet -o labelled.parquet --jobs 8 --resume",
    )
    add_label_arguments(parser)
    add_rows_options(parser, INPUT_FORMATS)
    add_target_option(parser)
    parser.set_defaults(action=label)


def _add_explain(sub: Subcommands[argparse.ArgumentParser]) -> None:
    parser = _add(
        sub,
        "explain",
        "show what each word adds to each label",
        'stance explain "حذرت موسكو من كارثة إنسانية"',
    )
    parser.add_argument("text", metavar="TEXT", help="one statement; - for standard input")
    parser.add_argument("--target", help="what the labels are about, for a model trained with targets")
    parser.add_argument("--format", choices=("table", "json"), default="table", help="default: table")
    parser.add_argument("--encoding", default="utf-8", help="encoding of standard input (default: utf-8)")
    parser.set_defaults(action=commands.explain)


def _add_evaluate(sub: Subcommands[argparse.ArgumentParser]) -> None:
    parser = _add(
        sub, "evaluate", "measure a model on labelled rows", "stance evaluate test.jsonl --model my-model"
    )
    parser.add_argument(
        "file", metavar="FILE", help="labelled rows (.jsonl, .csv, .tsv); - for standard input"
    )
    parser.add_argument("--format", choices=("table", "json"), default="table", help="default: table")
    parser.add_argument(
        "--draws",
        type=int,
        default=1000,
        help="bootstrap draws of documents for the intervals (default: 1000)",
    )
    parser.add_argument("--seed", type=int, default=0, help="seed of the draws (default: 0)")
    parser.add_argument(
        "--worst", type=int, default=10, metavar="N", help="show the N worst-scored rows (default: 10)"
    )
    add_plots_options(parser)
    add_label_options(parser)
    add_rows_options(parser)
    parser.set_defaults(action=evaluate)


def _add_serve(sub: Subcommands[argparse.ArgumentParser]) -> None:
    parser = _add(
        sub,
        "serve",
        "label over HTTP: a page to paste articles into and a JSON interface",
        "stance serve\nstance serve --host 0.0.0.0 --port 8080 --allow-host labels.example.org",
    )
    add_serve_arguments(parser)
    parser.set_defaults(action=serve)


def _add(
    sub: Subcommands[argparse.ArgumentParser], name: str, about: str, example: str
) -> argparse.ArgumentParser:
    parser = sub.add_parser(
        name,
        help=about,
        description=about[0].upper() + about[1:] + ".",
        epilog=f"Example:\n  {example.replace(chr(10), chr(10) + '  ')}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--model", metavar="DIR", help="model folder (default: the installed model)")
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
    result: int = options.action(options)
    return result


def run() -> None:
    """Entry point of the installed script."""
    sys.exit(call(main))
