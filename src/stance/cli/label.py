"""``stance label``: rows in, the same rows with labels out, however many."""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

from stance.errors import DataError
from stance.labelling import (
    ENVIRONMENT,
    INPUT_FORMATS,
    Job,
    Progress,
    input_kind,
    label_file,
    label_stream,
    output_kind,
)

__all__ = ["add_label_arguments", "label"]

_EVERY = {True: 0.2, False: 10.0}
"""Seconds between two lines of progress, on a terminal and elsewhere."""


def add_label_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``stance label`` but those by which rows are read."""
    parser.add_argument(
        "input",
        metavar="IN",
        help="rows (.csv, .tsv, .jsonl, .txt: one text a line; these also .gz or .zst; .parquet); - for standard input",
    )
    parser.add_argument(
        "-o",
        "--output",
        required=True,
        metavar="OUT",
        help="file to write (.csv, .tsv, .jsonl, also with .gz or .zst behind; .parquet); - for JSONL on standard "
        "output. All columns are kept, predictions stand behind them or take the place of columns of their names; "
        "rows that cannot be labelled go to OUT.rejects.jsonl",
    )
    parser.add_argument(
        "--jobs",
        type=_count,
        metavar="N",
        help="processes; the output is the same (default: 1 for some 20,000 rows, all cores for more)",
    )
    parser.add_argument(
        "--resume",
        action="store_true",
        help="go on with what a run that was ended left in OUT.parts; begin where there is nothing",
    )
    parser.add_argument("--restart", action="store_true", help="throw away what such a run left")
    parser.add_argument("--strict", action="store_true", help="fail at the first row that cannot be labelled")


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"a number of processes from 1 is wanted, got {text!r}")
    return int(text)


def label(options: argparse.Namespace) -> int:
    """``stance label``: rows in, the same rows with labels out."""
    from_stdin, to_stdout = options.input == "-", options.output == "-"
    if from_stdin and options.input_format is None:
        raise DataError(
            f"standard input has no ending; pass --input-format, one of {', '.join(INPUT_FORMATS)}"
        )
    if (options.resume or options.restart) and (from_stdin or to_stdout):
        raise DataError("standard input and output cannot be resumed; name files for both")
    if options.resume and options.restart:
        raise DataError("--resume goes on with what is there and --restart throws it away; pass one of them")
    kind = None if to_stdout else output_kind(options.output)
    for name, value in ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    job = Job(
        "standard input" if from_stdin else options.input,
        input_kind(options.input, options.input_format),
        options.model,
        options.text_column,
        options.target_column,
        options.encoding,
        options.jobs,
        options.strict,
        sys.stdin.buffer if from_stdin else None,
        _start(),
    )
    _check_apart(options)
    screen = _Screen()
    try:
        if kind is None:
            done = label_stream(job, _write, screen.rejected, screen)
        else:
            done = label_file(
                job, options.output, kind, screen, resume=options.resume, restart=options.restart
            )
    except KeyboardInterrupt:
        screen.clear()
        if kind is not None and not from_stdin and Path(f"{options.output}.parts").exists():
            sys.stderr.write("what was labelled is kept; pass --resume to go on behind it\n")
        raise
    finally:
        screen.clear()
    sys.stderr.write(_summary(done, None if to_stdout else f"{options.output}.rejects.jsonl"))
    return 0


def _start() -> str | None:
    """Spawn processes where the main module is the command's own, which they may import."""
    name = getattr(sys.modules["__main__"], "__file__", None)
    own = name is None or "stance" in (Path(name).stem, Path(name).parent.stem)
    return "spawn" if own else None


def _check_apart(options: argparse.Namespace) -> None:
    source, target = Path(options.input), Path(options.output)
    if source.exists() and target.exists() and source.samefile(target):
        raise DataError(f"{target} is the input too; name another file to write to")


def _write(data: bytes) -> None:
    if hasattr(sys.stdout, "buffer"):
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    else:
        sys.stdout.write(data.decode())


def _summary(done: Progress, rejects: str | None) -> str:
    rate = f" in {done.seconds:.1f} s, {_rate(done):,} rows a second" if done.new_rows else ""
    text = f"{done.rows} rows labelled{rate}\n"
    if done.rejects:
        text += f"{done.rejects} rows rejected{f', see {rejects}' if rejects else ''}\n"
    return text


def _rate(progress: Progress) -> int:
    return round(progress.new_rows / max(progress.seconds, 1e-9))


class _Screen:
    """Progress on standard error: one line drawn anew on a terminal, a line now and then elsewhere."""

    def __init__(self) -> None:
        self._terminal = sys.stderr.isatty()
        self._last = time.monotonic()
        self._drawn = False

    def __call__(self, progress: Progress) -> None:
        if time.monotonic() - self._last < _EVERY[self._terminal]:
            return
        self._last = time.monotonic()
        text = f"{progress.rows:,} rows labelled"
        if progress.rejects:
            text += f", {progress.rejects:,} rejected"
        text += f", {_rate(progress):,} a second"
        if progress.part is not None:
            text += f", {progress.part:.0%}"
        if progress.left is not None:
            text += f", {_duration(progress.left)} left"
        self._drawn = self._terminal
        sys.stderr.write(f"\r{text}\x1b[K" if self._terminal else f"{text}\n")
        sys.stderr.flush()

    def rejected(self, lines: bytes) -> None:
        """Show rows that could not be labelled, where there is no file for them."""
        self.clear()
        sys.stderr.write(lines.decode())

    def clear(self) -> None:
        """Take the drawn line away."""
        if self._drawn:
            sys.stderr.write("\r\x1b[K")
            self._drawn = False


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
