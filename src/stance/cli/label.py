"""``stance label``: rows in, the same rows with labels out, however many."""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

from stance.cli.screen import Status, counted
from stance.cli.shell import standard_input
from stance.errors import DataError
from stance.labelling import (
    ENVIRONMENT,
    INPUT_FORMATS,
    Job,
    Kind,
    Progress,
    check_no_folder,
    input_kind,
    label_file,
    label_stream,
    output_kind,
)
from stance.labelling.parts import rejects_path
from stance.writing import check_apart, place_of

__all__ = ["label"]

_EVERY = 0.2
"""Seconds from one line of progress to the next."""


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
    check_no_folder(options.input)  # whose name need not end as a file's
    kind = None if to_stdout else output_kind(options.output)
    for name, value in ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    job = Job(
        "standard input" if from_stdin else options.input,
        _source(options),
        options.model,
        options.text_column,
        options.target_column,
        options.encoding,
        options.jobs,
        options.strict,
        standard_input() if from_stdin else None,
        _start(),
        options.abstain,
    )
    if kind is not None:
        _check_places(options)
    with Status(options) as status:
        report = _Report(status)
        try:
            if kind is None:
                done = label_stream(job, _write, report.rejected, report)
            else:
                done = label_file(
                    job, options.output, kind, report, resume=options.resume, restart=options.restart
                )
        except KeyboardInterrupt:
            if kind is not None and not from_stdin and Path(f"{options.output}.parts").exists():
                status.note("what was labelled is kept; pass --resume to go on behind it")
            raise
        if not done.rows:  # or the run would have failed
            status.note(f"{job.name} holds no rows, so the output holds none")
        status.note(_summary(done, None if to_stdout else f"{options.output}.rejects.jsonl"))
    return 0


def _check_places(options: argparse.Namespace) -> None:
    """Follow a link to where is written; refuse an input that this, the rejects or the parts would take the place of."""
    options.output = str(place_of(options.output))
    for place in (options.output, rejects_path(options.output), f"{options.output}.parts"):
        check_apart(place, [options.input])


def _start() -> str | None:
    """Spawn processes where the main module is the command's own, which they may import."""
    name = getattr(sys.modules["__main__"], "__file__", None)
    own = name is None or "stance" in (Path(name).stem, Path(name).parent.stem)
    return "spawn" if own else None


def _source(options: argparse.Namespace) -> Kind:
    kind = input_kind(options.input, options.input_format)
    if kind.format == "txt" and options.text_column != "text":
        raise DataError(f"{options.input} holds a text a line and has no columns; leave --text-column out")
    return kind


def _write(data: bytes) -> None:
    if hasattr(sys.stdout, "buffer"):
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    else:
        sys.stdout.write(data.decode())


def _summary(done: Progress, rejects: str | None) -> str:
    rate = f" in {done.seconds:.1f} s, {_rate(done):,} rows a second" if done.new_rows else ""
    text = f"{counted(done.rows, 'row')} labelled{rate}"
    if done.rejects:
        text += f"\n{counted(done.rejects, 'row')} rejected{f', see {rejects}' if rejects else ''}"
    if done.blank:
        text += f"\n{counted(done.blank, 'row')} without text labelled like any other"
    return text


def _rate(progress: Progress) -> int:
    return round(progress.new_rows / max(progress.seconds, 1e-9))


class _Report:
    """Shows how far a run is."""

    def __init__(self, status: Status) -> None:
        self._status = status
        self._last = time.monotonic()

    def __call__(self, progress: Progress) -> None:
        if time.monotonic() - self._last < _EVERY:
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
        self._status(text)

    def rejected(self, lines: bytes) -> None:
        """Show rows that could not be labelled, where there is no file for them."""
        self._status.clear()
        sys.stderr.write(lines.decode())


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
