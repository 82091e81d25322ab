"""The installed scripts: they begin before anything is imported, so that Ctrl-C never shows a traceback of imports."""

from __future__ import annotations

import sys
from importlib import import_module

__all__ = ["stance", "stance_train", "stance_train_reader"]


def stance() -> None:
    """Entry point of ``stance``."""
    _run("main")


def stance_train() -> None:
    """Entry point of ``stance-train``."""
    _run("train")


def stance_train_reader() -> None:
    """Entry point of ``stance-train-reader``."""
    _run("train_reader")


def _run(module: str) -> None:
    try:
        import_module(f"stance.cli.{module}").run()
    except KeyboardInterrupt:  # the command itself tells of those that come while it runs
        sys.stderr.write("stance: interrupted\n")
        sys.exit(130)
