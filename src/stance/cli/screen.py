"""The terminal: whether it shows colours and blocks, its width, and a line of progress that vanishes."""

from __future__ import annotations

import argparse
import locale
import os
import shutil
import sys
from types import TracebackType
from typing import Self

__all__ = ["Status", "coloured", "counted", "draws_blocks", "screen_width"]

_BLOCKS = "\u2588\u258f\u2590\u2502"


def coloured(choice: str = "auto") -> bool:
    """Tell whether standard output gets colours.

    Parameters
    ----------
    choice : {"auto", "always", "never"}
        What ``--color`` says. For ``auto`` the variables ``NO_COLOR``, then ``FORCE_COLOR`` and
        ``CLICOLOR_FORCE`` decide where they are set, and else whether there is a terminal that has colours.

    Returns
    -------
    bool
    """
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if any(os.environ.get(name, "0") not in ("", "0") for name in ("FORCE_COLOR", "CLICOLOR_FORCE")):
        return True
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb" and _reads_escapes()


def _reads_escapes() -> bool:
    """Tell whether escapes are colours: on Windows only where the terminal says what it is."""
    return sys.platform != "win32" or any(name in os.environ for name in ("WT_SESSION", "TERM", "ANSICON"))


def screen_width() -> int:
    """Return the width of the terminal in cells, at most 200; 110 where there is none and COLUMNS is not set."""
    return max(40, min(shutil.get_terminal_size((110, 24)).columns, 200))


def counted(number: int, noun: str) -> str:
    """Write a number with its noun.

    Parameters
    ----------
    number : int
    noun : str
        Of one; others get an s.

    Returns
    -------
    str

    Examples
    --------
    >>> counted(1, "row"), counted(2000, "row")
    ('1 row', '2,000 rows')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def draws_blocks() -> bool:
    """Tell whether the terminal's encoding has block elements.

    The commands write UTF-8 wherever they are, for Arabic must not fail in a C locale; what the terminal
    draws is told by the locale, or by ``PYTHONIOENCODING``.
    """
    given = os.environ.get("PYTHONIOENCODING", "").partition(":")[0]
    if sys.platform == "win32" and not given:
        return True
    try:
        _BLOCKS.encode(given or locale.getencoding())
    except (UnicodeEncodeError, LookupError):
        return False
    return True


class Status:
    """What is being done, on standard error: one line that is drawn anew and vanishes, and only on a terminal.

    Parameters
    ----------
    options : argparse.Namespace
        With ``quiet``, and ``verbose`` where the command has it: then every text is a line that stays.

    Notes
    -----
    A context manager: the line is gone when the context ends, whatever ends it.
    """

    def __init__(self, options: argparse.Namespace) -> None:
        self._quiet: bool = getattr(options, "quiet", False)
        self._verbose: bool = getattr(options, "verbose", False)
        self._drawn = 0

    @property
    def shown(self) -> bool:
        """Whether texts are drawn at all."""
        return not self._quiet and (self._verbose or sys.stderr.isatty())

    def __call__(self, text: str) -> None:
        """Show a text in place of the one before."""
        if not self.shown:
            return
        if self._verbose:
            sys.stderr.write(f"{text}\n")
        else:
            # a line that breaks could not be taken back; blanks work where escapes do not
            text = text[: screen_width() - 1]
            sys.stderr.write(f"\r{text}{' ' * (self._drawn - len(text))}")
            self._drawn = len(text)
        sys.stderr.flush()

    def note(self, text: str) -> None:
        """Say what stays, such as the sum of what was done."""
        self.clear()
        if not self._quiet:
            sys.stderr.write(f"{text}\n")
            sys.stderr.flush()

    def clear(self) -> None:
        """Take the drawn line away."""
        if self._drawn:
            sys.stderr.write(f"\r{' ' * self._drawn}\r")
            sys.stderr.flush()
            self._drawn = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.clear()
