"""What both commands share: errors in one sentence, exit codes, files, progress."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import stance
from stance.datasets import FORMATS, LabelColumns, Row, decode, format_of, read_rows, read_text
from stance.errors import DataError, StanceError
from stance.labelling import check_target_column

__all__ = [
    "EPILOG",
    "add_label_options",
    "add_rows_options",
    "add_target_option",
    "call",
    "label_columns",
    "load_rows",
    "progress",
    "read_input",
    "targets_of",
    "version_text",
]

EPILOG = "Exit codes: 0 done, 1 failed with one sentence on standard error, 2 wrong usage."


def version_text() -> str:
    """Return what ``--version`` prints."""
    return f"stance {stance.__version__}"


def call(main: Callable[[Sequence[str] | None], int], argv: Sequence[str] | None = None) -> int:
    """Run a command and turn its errors into one sentence and an exit code.

    Parameters
    ----------
    main : callable
        Takes the arguments, returns the exit code.
    argv : sequence of str, optional
        The arguments; those of the process by default.

    Returns
    -------
    int
    """
    _open_streams()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # Arabic must not fail in a C locale
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        code = main(argv)
        sys.stdout.flush()
    except StanceError as error:
        sys.stderr.write(f"stance: {_one_line(str(error))}\n")
        return 1
    except BrokenPipeError:
        # The reader of a pipe has had enough; nothing more can or need be said to it.
        _give_up_stdout()
        return 0
    except OSError as error:
        sys.stderr.write(f"stance: {_one_line(str(error))}\n")
        _give_up_stdout()  # a full disk would say so again when Python ends, in its own words
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("stance: interrupted\n")
        return 130
    except Exception as error:
        lack = _lack(error)
        if not lack:
            raise
        sys.stderr.write(f"stance: {lack}\n")
        return 1
    return code


def _open_streams() -> None:
    """Open streams that the caller closed: else files of ours get their numbers, and what libraries print."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115  # kept open


def _give_up_stdout() -> None:
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):  # there is none with a number
        return


def _lack(error: Exception) -> str:
    """Say what the machine lacked, where that is what an error is about."""
    memory = "raise the limit (ulimit -v) or give the command less at once (fewer --jobs, smaller files)"
    if isinstance(error, MemoryError):
        return f"there is not enough memory; {memory}"
    if isinstance(error, ImportError) and "map" in str(error):  # a library that does not fit into memory
        return f"there is not enough memory to load a library ({_one_line(str(error))[-200:]}); {memory}"
    if isinstance(error, RuntimeError) and "start new thread" in str(error):
        return f"no thread can be started; {memory}, or allow more processes (ulimit -u)"
    if any(base.__name__ == "BrokenExecutor" for base in type(error).__mro__):
        return f"a worker process was ended from outside, as happens where memory runs out; {memory}"
    return ""


def _one_line(text: str) -> str:
    return " ".join(text.split())


def progress(text: str) -> None:
    """Say on standard error what is being done."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def read_input(name: str, encoding: str) -> str:
    """Read a file, or standard input for ``-``.

    Parameters
    ----------
    name : str
    encoding : str

    Returns
    -------
    str
    """
    if name == "-":
        return decode(sys.stdin.buffer.read(), "standard input", encoding)
    return read_text(name, encoding)


def add_rows_options(parser: argparse.ArgumentParser, formats: Sequence[str] = FORMATS) -> None:
    """Add the options by which rows are read."""
    parser.add_argument(
        "--text-column", default="text", metavar="NAME", help="column of the texts (default: text)"
    )
    parser.add_argument("--encoding", default="utf-8", help="encoding of the input (default: utf-8)")
    parser.add_argument(
        "--input-format", choices=formats, help="format of the input (default: by the ending of its name)"
    )


def add_label_options(parser: argparse.ArgumentParser) -> None:
    """Add the options by which labels are read: this project's, or others."""
    parser.add_argument("--stances-column", default="stances", metavar="NAME", help="default: stances")
    parser.add_argument("--sentiment-column", default="sentiment", metavar="NAME", help="default: sentiment")
    parser.add_argument("--label-column", metavar="NAME", help="column of labels of your own, one a row")
    parser.add_argument(
        "--labels-column", metavar="NAME", help="column of labels of your own, several joined by | or a list"
    )
    add_target_option(parser)
    parser.add_argument(
        "--metric",
        default="macro-f1",
        help="macro-f1 (default), micro-f1, accuracy, or f1:LABEL,LABEL for the mean F1 of some labels; "
        "with few targets the mean over them",
    )


def add_target_option(parser: argparse.ArgumentParser) -> None:
    """Add the option that names the column of targets."""
    parser.add_argument(
        "--target-column",
        metavar="NAME",
        help="column of what the labels are about: a target or a second text",
    )


def label_columns(options: argparse.Namespace) -> LabelColumns:
    """Return the columns that the options of :func:`add_label_options` name."""
    own = not (options.label_column or options.labels_column)
    stances = options.stances_column if own else options.labels_column
    sentiment = options.sentiment_column if own else options.label_column
    weight = getattr(options, "weight_column", None)
    return LabelColumns(stances, sentiment, options.target_column, own, weight)


def targets_of(rows: Sequence[Row], name: str, column: str | None, paired: bool) -> list[str] | None:
    """Return the targets of rows for a model that wants them, None for one that does not.

    Raises
    ------
    DataError
        If the model wants what the options do not give, or the reverse, or the column is missing.
    """
    check_target_column(column, paired)
    if column is None:
        return None
    for row in rows:
        if column not in row.fields:
            raise DataError(
                f"{name}, line {row.line}: there is no column {column!r}; the columns are "
                f"{', '.join(map(repr, row.fields))}; name the right one with --target-column"
            )
    return [str(row.fields[column]) for row in rows]


def load_rows(name: str, options: argparse.Namespace) -> list[Row]:
    """Read the rows of a file, or of standard input for ``-``.

    Parameters
    ----------
    name : str
    options : argparse.Namespace
        As :func:`add_rows_options` defines them.

    Returns
    -------
    list of Row

    Raises
    ------
    DataError
        If there is no row.
    """
    text = read_input(name, options.encoding)
    given = options.input_format or ("jsonl" if name == "-" else None)
    rows = list(read_rows(text, name, format_of(name, given), options.text_column))
    if not rows:
        raise DataError(f"{Path(name).name} holds no rows; give a file with one text a row")
    return rows
