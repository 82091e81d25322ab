"""The options of ``stance-train`` that say what is learned from, and how."""

from __future__ import annotations

from stance.cli.options import add_rows_options, count, positive, seed
from stance.cli.parser import Group, Parser
from stance.settings import ANALYZERS, PRESETS

__all__ = ["add_fitting", "add_input"]


def add_input(parser: Parser) -> None:
    """Add the files of rows, and how much each of them counts.

    Parameters
    ----------
    parser : Parser
    """
    group = parser.add_argument_group("input")
    group.add_argument(
        "data",
        nargs="+",
        metavar="DATA",
        help="labelled rows (.jsonl, .csv, .tsv): text, stances, sentiment; id groups rows of a document",
    )
    add_rows_options(group)
    _add_extra(group)
    group.add_argument(
        "--texts",
        action="extend",
        nargs="+",
        default=[],
        metavar="FILE",
        help="rows or lines (.jsonl, .csv, .tsv, .txt, .txt.gz) with the sentences of files that have a column "
        "sha256 of their digests and no text",
    )
    group.add_argument(
        "--unlabelled",
        metavar="FILE",
        help="unlabelled text, a sentence a line (.txt, .txt.gz), for word vectors",
    )
    group.add_argument(
        "--weight-column",
        metavar="NAME",
        help="column of how much a row counts, such as its annotators' agreement",
    )


def _add_extra(group: Group) -> None:
    group.add_argument(
        "--extra",
        action="append",
        nargs="+",
        default=[],
        metavar="FILE",
        help="labelled rows to learn from but never to measure on; those of a document that is measured "
        "on are not learned from then; may be given several times",
    )
    group.add_argument(
        "--extra-weight",
        action="append",
        type=positive,
        default=[],
        metavar="W",
        help="how much the rows of an --extra count, where a row of DATA counts 1; one for each --extra, in "
        "their order (default: 1)",
    )
    group.add_argument(
        "--attention-extra",
        action="extend",
        nargs="+",
        default=[],
        metavar="FILE",
        help="as --extra, but the attention network alone learns from them: rows of another kind, such as written "
        "examples of rare phrases, help it and mislead the linear part",
    )
    group.add_argument(
        "--attention-extra-weight",
        type=positive,
        default=1.0,
        metavar="W",
        help="how much the rows of --attention-extra count (default: 1)",
    )


def add_fitting(parser: Parser) -> None:
    """Add the settings, the folds and the processes.

    Parameters
    ----------
    parser : Parser
    """
    group = parser.add_argument_group("training")
    group.add_argument(
        "--config",
        metavar="TOML",
        help=f"settings of the features and classifiers; or a name: {', '.join(PRESETS)}",
    )
    group.add_argument(
        "--search",
        action="store_true",
        help=f"compare named settings by cross-validation ({', '.join(PRESETS)}) and take the best by --metric; "
        "-v shows the figure of each",
    )
    group.add_argument(
        "--analyzer",
        choices=ANALYZERS,
        help="also learn from lemmas and D3 segments of words, by camel-tools; its data must be installed "
        "(camel_data -i light), wherever the model is used too",
    )
    group.add_argument(
        "--folds", type=int, default=5, metavar="N", help="folds of the cross-validation (default: 5)"
    )
    group.add_argument("--seed", type=seed, default=0, metavar="N", help="seed (default: 0)")
    group.add_argument("--jobs", type=count, default=1, metavar="N", help="processes (default: 1)")
