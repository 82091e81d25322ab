"""What the commands share: errors in one sentence, exit codes, streams, files of rows."""

from __future__ import annotations

import argparse
import io
import os
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

from stance.datasets import LabelColumns, Row, decode, format_of, read_rows, read_text, target_problem
from stance.errors import DataError, StanceError

__all__ = [
    "call",
    "end_as_interrupted",
    "label_columns",
    "load_rows",
    "read_input",
    "standard_input",
    "targets_of",
]


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
    _prepare_streams()
    try:
        code = _run(main, argv)
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader of a pipe has had enough; nothing more can or need be said to it.
        _mute(sys.stdout)
        return 0
    except (Exception, KeyboardInterrupt) as error:
        if _broken_off(error):
            sys.stderr.write("stance: interrupted\n")
            return 130
        told = _told(error)
        if not told:
            raise
        sys.stderr.write(f"stance: {told}\n")
        return 1
    return code


def end_as_interrupted() -> None:
    """Let the signal to end do what Ctrl-C does, so that worker processes end too and do not finish their work."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)


def _run(main: Callable[[Sequence[str] | None], int], argv: Sequence[str] | None) -> int:
    try:
        return main(argv)
    except SystemExit as stop:  # of --help, --version and wrong usage
        return int(stop.code or 0)  # argparse leaves with a number


def _broken_off(error: BaseException | None) -> bool:
    """Say whether an error is what an interruption left, as where a pool ends that has hardly begun."""
    while error and not isinstance(error, KeyboardInterrupt):
        error = error.__cause__ or error.__context__
    return error is not None


def _told(error: BaseException) -> str:
    """Say in a sentence what went wrong; nothing of what no user can have caused."""
    if isinstance(error, StanceError | OSError):
        _mute(sys.stdout)  # or what a full disk did not take would be tried again at the end
        return _sentence(error)
    return _lack(error)


def _lack(error: BaseException) -> str:
    """Say what the machine lacked, where that is what an error is about."""
    memory = "raise the limit (ulimit -v) or give the command less at once (fewer --jobs, smaller files)"
    if isinstance(error, MemoryError):
        return f"there is not enough memory; {memory}"
    if isinstance(error, ImportError) and "failed to map segment" in str(
        error
    ):  # a library that does not fit into memory
        return f"there is not enough memory to load a library ({_sentence(error)[-200:]}); {memory}"
    if isinstance(error, RuntimeError) and "start new thread" in str(error):
        return f"no thread can be started; {memory}, or allow more processes (ulimit -u)"
    if any(base.__name__ == "BrokenExecutor" for base in type(error).__mro__):
        return f"a worker process was ended from outside, as happens where memory runs out; {memory}"
    return ""


class _Closed(io.TextIOBase):
    """Stands for standard output where the caller closed it."""

    def write(self, text: str) -> int:  # noqa: ARG002  # nothing can be done with it
        raise DataError(
            "standard output is closed; send it to a file, or pass -o where there is such an option"
        )


def _prepare_streams() -> None:
    while (number := os.open(os.devnull, os.O_RDWR)) < 3:  # files of ours must not get a stream's number
        continue
    os.close(number)
    if sys.stdout is None:
        sys.stdout = _Closed()
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115  # open until the end
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # Arabic must not fail in a C locale
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _mute(stream: IO[str]) -> None:
    """Let a stream that cannot be written any more lose what is left."""
    try:
        stream.flush()
    except OSError:
        with suppress(OSError, ValueError):  # there is none with a number
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _sentence(error: Exception) -> str:
    if isinstance(error, OSError) and not isinstance(error, StanceError) and error.strerror:
        return f"{error.filename or 'the output'} cannot be read or written: {error.strerror}"
    return " ".join(str(error).split())


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
    if name != "-":
        return read_text(name, encoding)
    return decode(standard_input().read(), "standard input", encoding)


def standard_input() -> IO[bytes]:
    """Return standard input; where somebody types, say how it ends.

    Returns
    -------
    binary file

    Raises
    ------
    DataError
        If it is closed.
    """
    if sys.stdin is None:
        raise DataError("standard input is closed; name a file, or send something to it")
    if sys.stdin.isatty():
        end = "Ctrl-Z and Enter" if sys.platform == "win32" else "Ctrl-D"
        sys.stderr.write(f"reading what is typed; end it with {end}\n")
    return sys.stdin.buffer


def label_columns(options: argparse.Namespace) -> LabelColumns:
    """Return the columns that the options of :func:`stance.cli.options.add_label_options` name."""
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
    from stance.labelling import check_target_column  # noqa: PLC0415  # --help must not wait for numpy

    check_target_column(column, paired)
    if column is None:
        return None
    for row in rows:
        if problem := target_problem(row.fields, column):
            raise DataError(f"{name}, line {row.line}: {problem}")
    return [str(row.fields[column]) for row in rows]


def load_rows(name: str, options: argparse.Namespace) -> list[Row]:
    """Read the rows of a file, or of standard input for ``-``.

    Parameters
    ----------
    name : str
    options : argparse.Namespace
        As :func:`stance.cli.options.add_rows_options` defines them.

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
