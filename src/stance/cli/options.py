"""Options that several commands have."""

from __future__ import annotations

import argparse
import math
from collections.abc import Sequence

from stance.cli.parser import Group
from stance.datasets import FORMATS

__all__ = [
    "add_abstain_option",
    "add_color_option",
    "add_label_options",
    "add_model_option",
    "add_progress_options",
    "add_rows_options",
    "add_target_option",
    "count",
    "margin",
    "positive",
    "seed",
]

_HEAVIEST = 1_000_000


def count(text: str) -> int:
    """Read a whole number from 1, as the ``type`` of an argument.

    Raises
    ------
    argparse.ArgumentTypeError
    """
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"a whole number from 1 is wanted, got {text!r}")
    return int(text)


def seed(text: str) -> int:
    """Read a seed, as the ``type`` of an argument.

    Raises
    ------
    argparse.ArgumentTypeError
    """
    if not text.isdecimal() or int(text) >= 2**32:
        raise argparse.ArgumentTypeError(f"a seed is a whole number from 0 to {2**32 - 1}, got {text!r}")
    return int(text)


def positive(text: str) -> float:
    """Read a weight, a positive number of at most a million, as the ``type`` of an argument.

    Raises
    ------
    argparse.ArgumentTypeError
    """
    number = _number(text)
    if not 0 < number <= _HEAVIEST:
        raise argparse.ArgumentTypeError(
            f"a positive number of at most {_HEAVIEST:,} is wanted, got {text!r}"
        )
    return number


def margin(text: str) -> float:
    """Read a margin in probability, as the ``type`` of an argument.

    Raises
    ------
    argparse.ArgumentTypeError
    """
    number = _number(text)
    if not 0 <= number <= 1:
        raise argparse.ArgumentTypeError(
            f"a margin in probability is wanted, a number from 0 to 1 such as 0.2, got {text!r}"
        )
    return number


def _number(text: str) -> float:
    """Read a number; what is none is within no bounds."""
    try:
        return float(text)
    except ValueError:
        return math.nan


def add_abstain_option(group: Group, about: str) -> None:
    """Add the option by which a model abstains; `about` says what comes of it."""
    group.add_argument(
        "--abstain",
        type=margin,
        default=0.0,
        metavar="MARGIN",
        help="answer unsure where a stance is nearer to its threshold than MARGIN, a probability from 0 to 1 "
        f"(default: 0): {about}; stance evaluate tells what a margin buys",
    )


def add_model_option(parser: argparse.ArgumentParser) -> None:
    """Add the option that names the model, in a group of its own."""
    group = parser.add_argument_group("model")
    group.add_argument(
        "--model",
        metavar="DIR",
        help="model folder, or the name of a model that stance models lists (default: the installed model)",
    )


def add_color_option(group: Group) -> None:
    """Add the option that decides about colours."""
    group.add_argument(
        "--color",
        choices=("auto", "always", "never"),
        default="auto",
        metavar="WHEN",
        help="colours: auto (default: on a terminal, unless NO_COLOR is set), always or never",
    )


def add_progress_options(group: Group, verbose: bool = False) -> None:
    """Add the options that say how much is told on standard error."""
    group.add_argument("-q", "--quiet", action="store_true", help="no progress and no summary, only errors")
    if verbose:
        group.add_argument(
            "-v", "--verbose", action="store_true", help="a line for every step, as for a log; they stay"
        )


def add_rows_options(group: Group, formats: Sequence[str] = FORMATS) -> None:
    """Add the options by which rows are read."""
    group.add_argument(
        "--text-column", default="text", metavar="NAME", help="column of the texts (default: text)"
    )
    group.add_argument(
        "--input-format",
        choices=formats,
        metavar="FORMAT",
        help=f"{', '.join(formats)} (default: by the ending of the input's name)",
    )
    group.add_argument("--encoding", default="utf-8", metavar="NAME", help="of the input (default: utf-8)")


def add_label_options(parser: argparse.ArgumentParser) -> None:
    """Add the options by which labels are read: this project's, or others."""
    group = parser.add_argument_group("labels")
    group.add_argument(
        "--stances-column", default="stances", metavar="NAME", help="column of stances (default: stances)"
    )
    group.add_argument(
        "--sentiment-column",
        default="sentiment",
        metavar="NAME",
        help="column of sentiments (default: sentiment)",
    )
    group.add_argument("--label-column", metavar="NAME", help="column of labels of your own, one a row")
    group.add_argument(
        "--labels-column", metavar="NAME", help="column of labels of your own, several joined by | or a list"
    )
    add_target_option(group)
    group.add_argument(
        "--metric",
        default="macro-f1",
        metavar="NAME",
        help="macro-f1 (default), micro-f1, accuracy, or f1:LABEL,LABEL for the mean F1 of some labels; "
        "with few targets the mean over them",
    )


def add_target_option(group: Group) -> None:
    """Add the option that names the column of targets."""
    group.add_argument(
        "--target-column",
        metavar="NAME",
        help="column of what the labels are about: a target or a second text",
    )
