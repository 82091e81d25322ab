"""The parser of the commands: help with examples on 80 columns, errors that suggest the nearest name."""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Callable, Iterable, Sequence
from importlib import import_module
from typing import Any, NoReturn

import stance
from stance.hints import did_you_mean

__all__ = ["EXIT_CODES", "Group", "Parser", "Subcommands", "add_common", "lazy"]

EXIT_CODES = """Exit codes:
  0    done, or the reader of a pipe has had enough
  1    failed, with one sentence on standard error
  2    wrong usage
  130  interrupted"""
_WIDTH = 80

Subcommands = argparse._SubParsersAction  # noqa: SLF001  # argparse names its type only so
Group = argparse._ArgumentGroup  # noqa: SLF001  # the same


class _Formatter(argparse.RawDescriptionHelpFormatter):
    """Help of one look under every version of Python."""

    def __init__(self, prog: str) -> None:
        columns = shutil.get_terminal_size((_WIDTH, 24)).columns
        super().__init__(prog, max_help_position=28, width=max(min(columns, _WIDTH), 40) - 1)

    def _format_action_invocation(self, action: argparse.Action) -> str:
        if not action.option_strings or action.nargs == 0:
            return super()._format_action_invocation(action)
        value = self._format_args(action, self._get_default_metavar_for_optional(action))
        return f"{', '.join(action.option_strings)} {value}"

    def _format_action(self, action: argparse.Action) -> str:
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001  # see Subcommands
            return "".join(map(self._format_action, action._get_subactions()))  # noqa: SLF001  # the same
        return super()._format_action(action)


class Parser(argparse.ArgumentParser):
    """A parser of a command.

    Parameters
    ----------
    examples : str
        Lines of the shell, shown behind the options.
    **kwargs
        As :class:`argparse.ArgumentParser` takes them.
    """

    def __init__(self, *, examples: str = "", **kwargs: Any) -> None:
        shown = "".join(f"\n  {line}" for line in examples.splitlines())
        epilog = f"Examples:{shown}\n\n{EXIT_CODES}" if examples else EXIT_CODES
        super().__init__(
            epilog=epilog, formatter_class=_Formatter, allow_abbrev=False, add_help=False, **kwargs
        )

    @property
    def commands(self) -> dict[str, Parser]:
        """The parsers of the commands below this one, by name; empty where there are none."""
        found = (action for action in self._actions if isinstance(action, argparse._SubParsersAction))  # noqa: SLF001  # see Subcommands
        return next((dict(action.choices) for action in found), {})

    @property
    def actions(self) -> list[argparse.Action]:
        """The arguments of this parser and of those below it."""
        return [*self._actions, *(action for parser in self.commands.values() for action in parser.actions)]

    def parse_known_args(  # type: ignore[override]  # typeshed has overloads for the namespace
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        """Parse; what is not known is refused here, where the options of the command are at hand."""
        given = list(sys.argv[1:] if args is None else args)
        self._check_options(given)
        found, rest = super().parse_known_args(given, namespace)
        if rest and rest[0].startswith("-"):
            self.error(f"there is no option {rest[0]!r}")
        if rest:
            self.error(
                f"{rest[0]!r} is one argument too many; put words that belong together in quotation marks"
            )
        return found, []

    def _check_options(self, args: Iterable[str]) -> None:
        """Refuse long options that do not exist, before argparse misses what they may have stood for."""
        for arg in args:
            name = arg.partition("=")[0]
            if arg == "--" or (self._subparsers and not arg.startswith("-")):
                return
            if name.startswith("--") and " " not in name and name not in self._option_string_actions:
                known = [option for option in self._option_string_actions if option.startswith("--")]
                self.error(f"there is no option {name!r}{did_you_mean(name, known)}")

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is None or value in action.choices:
            return
        known = [str(choice) for choice in action.choices]
        near = did_you_mean(str(value), known)
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001  # see Subcommands
            self.error(f"there is no command {value!r}{near}; the commands are {', '.join(known)}")
        raise argparse.ArgumentError(action, f"{value!r} is none of {', '.join(known)}{near}")

    def error(self, message: str) -> NoReturn:
        """Say on standard error what is wrong and leave with exit code 2."""
        self.exit(2, f"{self.format_usage()}{self.prog}: {message}; see '{self.prog} --help'\n")


def add_common(parser: argparse.ArgumentParser, version: bool = False) -> Group:
    """Add the last group of options, those that every command has.

    Parameters
    ----------
    parser : argparse.ArgumentParser
    version : bool, default False
        Whether ``--version`` is one of them.

    Returns
    -------
    argument group
    """
    group = parser.add_argument_group("other options")
    group.add_argument("-h", "--help", action="help", help="show this help and exit")
    if version:
        group.add_argument(
            "-V",
            "--version",
            action="version",
            version=f"stance {stance.__version__}",
            help="show the version",
        )
    return group


def lazy(module: str, name: str) -> Callable[[argparse.Namespace], int]:
    """Return a command's function that is imported when it is called: help must not wait for numpy.

    Parameters
    ----------
    module : str
        Below ``stance.cli``.
    name : str

    Returns
    -------
    callable
    """

    def action(options: argparse.Namespace) -> int:
        run: Callable[[argparse.Namespace], int] = getattr(import_module(f"stance.cli.{module}"), name)
        return run(options)

    return action
