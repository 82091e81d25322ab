"""The ``stance`` command."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from stance.cli.commands import COMMANDS, add_help
from stance.cli.parser import Parser, add_common
from stance.cli.shell import call

__all__ = ["build_parser", "main", "run"]


def build_parser() -> Parser:
    """Build the parser of the command line.

    Returns
    -------
    Parser
    """
    parser = Parser(
        prog="stance",
        usage="%(prog)s COMMAND [options]",
        description="Stance and sentiment of statements in Arabic news.",
        examples='stance read article.txt\nstance explain "حذرت موسكو من كارثة إنسانية"\nstance help read',
    )
    sub = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands", prog="stance")
    for add in (*COMMANDS, add_help):
        add(sub)
    add_common(parser, version=True)
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

    Raises
    ------
    SystemExit
        With code 2 if the usage is wrong.
    """
    parser = build_parser()
    options = parser.parse_args(argv)
    if options.command is None:
        parser.print_help(sys.stderr)  # not to standard output, where a pipe would take it for data
        parser.exit(2)
    if options.command == "help":
        return main([options.topic, "--help"] if options.topic else ["--help"])
    result: int = options.action(options)
    return result


def run() -> None:
    """Entry point of the installed script."""
    sys.exit(call(main))
