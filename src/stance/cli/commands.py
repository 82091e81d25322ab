"""The commands of ``stance``: one function adds one, and what it runs is imported when it runs."""

from __future__ import annotations

from stance.cli.options import (
    add_abstain_option,
    add_color_option,
    add_label_options,
    add_model_option,
    add_progress_options,
    add_rows_options,
    add_target_option,
    count,
    seed,
)
from stance.cli.parser import Group, Parser, Subcommands, add_common, lazy
from stance.cli.plots import add_plots_options
from stance.cli.serve_options import add_serve_arguments
from stance.datasets import INPUT_FORMATS

__all__ = ["COMMANDS", "SHELLS", "add_help"]

SHELLS = ("bash", "zsh", "fish")
_FORMATS = ("table", "json")


def _add(sub: Subcommands[Parser], name: str, about: str, usage: str, examples: str) -> Parser:
    return sub.add_parser(
        name,
        help=about,
        description=about[0].upper() + about[1:] + ".",
        usage=f"%(prog)s {usage}",
        examples=examples,
    )


def _add_files(parser: Parser) -> Group:
    group = parser.add_argument_group("input")
    group.add_argument(
        "files",
        nargs="+",
        metavar="FILE",
        help="article as text; - for standard input; empty files among others are left out",
    )
    group.add_argument("--encoding", default="utf-8", metavar="NAME", help="of the files (default: utf-8)")
    return group


def _add_read(sub: Subcommands[Parser]) -> None:
    parser = _add(
        sub,
        "read",
        "cut articles into statements, label them, find who speaks and to whom",
        "FILE... [-o OUT] [--format FORMAT] [--events] [options]",
        "stance read examples/*.txt\n"
        "cat a.txt | stance read - --format jsonl | jq .speaker\n"
        "stance read articles/*.txt --events -o events.csv\n"
        "stance read articles/*.txt -o report.html",
    )
    source = _add_files(parser)
    source.add_argument(
        "--dates",
        metavar="FILE",
        help="dates of the articles for a report: columns file and date (.csv, .tsv, .jsonl); "
        "by default the date in a name such as 2026-03-01-talks.txt",
    )
    output = parser.add_argument_group("output")
    output.add_argument(
        "-o",
        "--output",
        metavar="OUT",
        help="file to write (.csv, .tsv, .jsonl, .json, .parquet; .html for a report) in place of the screen",
    )
    output.add_argument(
        "--format",
        choices=("table", "json", "jsonl", "csv", "html"),
        help="of standard output: table (default), json, jsonl, csv or html",
        metavar="FORMAT",
    )
    output.add_argument(
        "--events",
        action="store_true",
        help="one row for each statement and stance: speaker, stance, recipient, their countries and codes",
    )
    add_abstain_option(output, "such a statement has no stances and no events")
    add_color_option(output)
    add_model_option(parser)
    add_progress_options(add_common(parser))
    parser.set_defaults(action=lazy("reading", "read"))


def _add_graph(sub: Subcommands[Parser]) -> None:
    parser = _add(
        sub,
        "graph",
        "sum who stands how towards whom over articles",
        "FILE... -o OUT [options]",
        "stance graph articles/*.txt -o graph.html\nstance graph articles/*.txt -o graph.csv --roles",
    )
    _add_files(parser)
    output = parser.add_argument_group("output")
    output.add_argument(
        "-o", "--output", required=True, metavar="OUT", help="file to write (.csv, .jsonl, .graphml, .html)"
    )
    output.add_argument(
        "--roles", action="store_true", help="take a country's government, army and others for actors apart"
    )
    add_abstain_option(output, "such a statement has no events, so that only sure ones are summed")
    add_model_option(parser)
    add_progress_options(add_common(parser))
    parser.set_defaults(action=lazy("reading", "graph"))


def _add_label(sub: Subcommands[Parser]) -> None:
    parser = _add(
        sub,
        "label",
        "label the texts of a CSV, TSV, JSONL, Parquet or plain file, however large",
        "IN -o OUT [--text-column NAME] [options]",
        "stance label statements.csv -o labelled.csv --text-column statement\n"
        "stance label archive.parquet -o labelled.parquet --jobs 8 --resume\n"
        "zcat news.txt.gz | stance label - --input-format txt -o - | jq .text",
    )
    source = parser.add_argument_group("input")
    source.add_argument(
        "input",
        metavar="IN",
        help="rows (.csv, parted by commas or semicolons, .tsv, .jsonl, .txt: one text a line; these also .gz or .zst; .parquet); "
        "- for standard input, with --input-format",
    )
    add_rows_options(source, INPUT_FORMATS)
    add_target_option(source)
    _add_label_output(parser.add_argument_group("output"))
    add_model_option(parser)
    other = add_common(parser)
    other.add_argument(
        "--jobs",
        type=count,
        metavar="N",
        help="processes; the output is the same (default: 1 for some 20,000 rows, all cores for more)",
    )
    add_progress_options(other)
    parser.set_defaults(action=lazy("label", "label"))


def _add_label_output(output: Group) -> None:
    output.add_argument(
        "-o",
        "--output",
        required=True,
        metavar="OUT",
        help="file to write (.csv, .tsv, .jsonl, also with .gz or .zst behind; .parquet); - for JSONL on standard "
        "output. A file that is there is replaced. All columns are kept, predictions stand behind them or take the place of columns of their names; "
        "rows that cannot be labelled go to OUT.rejects.jsonl",
    )
    output.add_argument(
        "--resume",
        action="store_true",
        help="go on with what a run that was ended left in OUT.parts; begin where there is nothing",
    )
    output.add_argument("--restart", action="store_true", help="throw away what such a run left")
    output.add_argument("--strict", action="store_true", help="fail at the first row that cannot be labelled")
    add_abstain_option(
        output,
        "in CSV and TSV in place of the stances, in JSONL and Parquet by a column unsure and no stances",
    )


def _add_explain(sub: Subcommands[Parser]) -> None:
    parser = _add(
        sub,
        "explain",
        "draw what each word adds to each label, as bars",
        "TEXT [--format FORMAT] [options]",
        'stance explain "حذرت موسكو من كارثة إنسانية"\ncat statement.txt | stance explain - --format json',
    )
    source = parser.add_argument_group("input")
    source.add_argument(
        "text", metavar="TEXT", help="one statement, in quotation marks; - for standard input"
    )
    source.add_argument(
        "--target", metavar="TEXT", help="what the labels are about, for a model trained with targets"
    )
    source.add_argument(
        "--encoding", default="utf-8", metavar="NAME", help="of standard input (default: utf-8)"
    )
    output = parser.add_argument_group("output")
    _add_format(output)
    add_color_option(output)
    add_model_option(parser)
    add_common(parser)
    parser.set_defaults(action=lazy("explain", "explain"))


def _add_format(group: Group) -> None:
    group.add_argument(
        "--format",
        choices=_FORMATS,
        default="table",
        metavar="FORMAT",
        help="of standard output: table (default) or json",
    )


def _add_evaluate(sub: Subcommands[Parser]) -> None:
    parser = _add(
        sub,
        "evaluate",
        "measure a model on labelled rows",
        "FILE [--model DIR] [--metric NAME] [options]",
        "stance evaluate test.jsonl --model my-model\n"
        "stance evaluate test.csv --model topics --label-column topic --plots plots",
    )
    source = parser.add_argument_group("input")
    source.add_argument(
        "file", metavar="FILE", help="labelled rows (.jsonl, .csv, .tsv); - for JSONL on standard input"
    )
    add_rows_options(source)
    output = parser.add_argument_group("output")
    _add_format(output)
    output.add_argument(
        "--worst", type=int, default=10, metavar="N", help="show up to N worst-scored rows (default: 10)"
    )
    output.add_argument(
        "--draws",
        type=int,
        default=1000,
        metavar="N",
        help="bootstrap draws of documents for the intervals (default: 1000)",
    )
    output.add_argument("--seed", type=seed, default=0, metavar="N", help="seed of the draws (default: 0)")
    add_plots_options(output)
    add_model_option(parser)
    add_label_options(parser)
    add_progress_options(add_common(parser))
    parser.set_defaults(action=lazy("evaluate", "evaluate"))


def _add_serve(sub: Subcommands[Parser]) -> None:
    parser = _add(
        sub,
        "serve",
        "label over HTTP: a page to paste articles into and a JSON interface",
        "[--host HOST] [--port PORT] [options]",
        "stance serve\nstance serve --host 0.0.0.0 --port 8080 --allow-host labels.example.org",
    )
    add_serve_arguments(parser)
    add_model_option(parser)
    add_progress_options(add_common(parser))
    parser.set_defaults(action=lazy("serve", "serve"))


def _add_models(sub: Subcommands[Parser]) -> None:
    parser = _add(
        sub,
        "models",
        "list the installed models, or tell all about some",
        "[MODEL...] [--format FORMAT]",
        "stance models\nstance models news\nSTANCE_MODELS=~/models stance models --format json | jq '.[].name'",
    )
    source = parser.add_argument_group("input")
    source.add_argument(
        "models",
        nargs="*",
        metavar="MODEL",
        help="name or folder of a model whose card is shown (default: a list of the installed models and those "
        "in the folders that the variable STANCE_MODELS names). The sha256 of a model is that of its file SHA256SUMS; "
        "it bears no date, for the same rows give the same bytes",
    )
    output = parser.add_argument_group("output")
    _add_format(output)
    add_color_option(output)
    add_common(parser)
    parser.set_defaults(action=lazy("models", "models"))


def _add_completion(sub: Subcommands[Parser]) -> None:
    parser = _add(
        sub,
        "completion",
        "print what makes a shell complete the commands, options and files",
        "SHELL",
        'eval "$(stance completion bash)"        # in ~/.bashrc\n'
        'eval "$(stance completion zsh)"         # in ~/.zshrc, behind compinit\n'
        "stance completion fish | source         # in ~/.config/fish/config.fish",
    )
    group = parser.add_argument_group("input")
    group.add_argument("shell", choices=SHELLS, metavar="SHELL", help=", ".join(SHELLS))
    add_common(parser)
    parser.set_defaults(action=lazy("completion", "completion"))


COMMANDS = (
    _add_read,
    _add_graph,
    _add_label,
    _add_explain,
    _add_evaluate,
    _add_serve,
    _add_models,
    _add_completion,
)
"""Each adds a command, in the order of the help."""


def add_help(sub: Subcommands[Parser]) -> None:
    """Add ``stance help``; the last one, for it knows those before it."""
    names = list(sub.choices)
    parser = _add(sub, "help", "show the help of a command", "[COMMAND]", "stance help read")
    group = parser.add_argument_group("input")
    group.add_argument(
        "topic", nargs="?", choices=names, metavar="COMMAND", help=f"one of {', '.join(names)}"
    )
    add_common(parser)
