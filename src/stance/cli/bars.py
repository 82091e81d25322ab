"""Bars for a terminal: to the left what speaks against, to the right what speaks in favour."""

from __future__ import annotations

__all__ = ["bar"]

_RIGHT = ("", "\u258f", "\u258e", "\u258d", "\u258c", "\u258b", "\u258a", "\u2589")
_LEFT = ("", "\u2595", "\u2595", "\u2590", "\u2590", "\u2590", "\u2588", "\u2588")
"""By eighths; Unicode has fewer blocks that stand at the right of their cell."""


def bar(value: float, scale: float, half: int, blocks: bool = True) -> tuple[str, str, str]:
    """Draw a number as a bar from the middle.

    Parameters
    ----------
    value : float
    scale : float
        The size that takes a whole half; larger ones are cut.
    half : int
        Cells of each half.
    blocks : bool, default True
        Whether there are block elements, which show eighths of a cell, or ASCII alone.

    Returns
    -------
    left, axis, right : str
        `half` cells, one, and `half`.

    Examples
    --------
    >>> "".join(bar(-1.5, 2, 4, blocks=False)), "".join(bar(2, 2, 4, blocks=False))
    (' ###|    ', '    |####')
    """
    size = min(abs(value) / scale, 1.0) * half if scale > 0 else 0.0
    if blocks:
        whole, part = divmod(round(size * 8), 8)
        drawn = "\u2588" * whole
        ends = (_LEFT if value < 0 else _RIGHT)[part]
    else:
        drawn, ends = "#" * round(size), ""
    if value < 0:
        return (ends + drawn).rjust(half), "\u2502" if blocks else "|", " " * half
    return " " * half, "\u2502" if blocks else "|", (drawn + ends).ljust(half)
