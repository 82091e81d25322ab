"""``stance completion``: what makes a shell complete the commands, from their parsers, by shtab."""

from __future__ import annotations

import argparse
import sys

from stance.cli import main, train, train_reader
from stance.errors import DataError

__all__ = ["completion"]

_FILES = {"FILE", "IN", "OUT", "DATA", "TOML"}
_FOLDERS = {"DIR", "MODEL"}
"""What arguments are, by the names that the help gives to them."""


def completion(options: argparse.Namespace) -> int:
    """``stance completion``: the script for a shell, of all three commands."""
    try:
        import shtab  # noqa: PLC0415  # only this command wants it
    except ImportError:
        raise DataError("completion wants shtab, which is not installed; run pip install shtab") from None

    for program in (main, train, train_reader):
        parser = program.build_parser()
        for action in parser.actions:
            if action.metavar in _FILES:
                action.complete = shtab.FILE
            elif action.metavar in _FOLDERS:
                action.complete = shtab.DIRECTORY
        sys.stdout.write(shtab.complete(parser, options.shell) + "\n")
    return 0
