"""The exact shares of words, as a table whose columns add up as they are shown."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor

from stance.pages.looks import Look, looks
from stance.pages.markup import both, mixed, plain
from stance.pages.views import ExplanationView

__all__ = ["rounded", "shares_table"]

_DIGITS = 3
_STEPS = (0.05, 0.25, 1.0)
"""Sizes of shares from which a cell is tinted more strongly."""


def rounded(values: Sequence[float], digits: int = _DIGITS) -> list[float]:
    """Round numbers so that their sum is the rounded sum (the method of largest remainders).

    Parameters
    ----------
    values : sequence of float
    digits : int

    Returns
    -------
    list of float
        Each less than one unit of the last digit away from its value.

    Examples
    --------
    >>> rounded([0.14, 0.14, 0.14], 1)
    [0.2, 0.1, 0.1]
    """
    unit: int = 10**digits
    scaled = [v * unit for v in values]
    whole = [floor(v) for v in scaled]
    missing = round(sum(scaled)) - sum(whole)
    by_rest = sorted(range(len(values)), key=lambda i: (whole[i] - scaled[i], i))
    for i in by_rest[:missing]:
        whole[i] += 1
    return [w / unit for w in whole]


def shares_table(explanation: ExplanationView) -> str:
    """Write what each word adds to each label.

    Parameters
    ----------
    explanation : ExplanationView

    Returns
    -------
    str
        HTML: a row for each word, the base, their sum (the log-odds) and the probability.
    """
    labels = explanation.labels
    columns = [
        rounded([*(w.shares[label] for w in explanation.words), explanation.bias[label]]) for label in labels
    ]
    names = [mixed(w.text.strip()) or "↵" for w in explanation.words]  # line breaks count too
    rows = [
        f'<tr><th scope="row">{name}</th>{"".join(_cell(column[i]) for column in columns)}</tr>'
        for i, name in enumerate([*names, both("الأساس", "base")])
    ]
    sums = "".join(f'<td dir="ltr">{_number(sum(column))}</td>' for column in columns)
    probabilities = "".join(f'<td dir="ltr">{explanation.probabilities[x]:.3f}</td>' for x in labels)
    head = "".join(f'<th scope="col">{_head(shown)}</th>' for shown in looks(labels).values())
    caption = both("ما تضيفه كل كلمة", "what each word adds to the log-odds; columns add up")
    return (
        f'<table class="shares"><caption>{caption}</caption>'
        f'<thead><tr><th scope="col">{both("الكلمة", "word")}</th>{head}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody>"
        f'<tfoot><tr><th scope="row">{both("المجموع", "log-odds")}</th>{sums}</tr>'
        f'<tr><th scope="row">{both("الاحتمال", "probability")}</th>{probabilities}</tr></tfoot></table>'
    )


def _head(shown: Look) -> str:
    english = f'<br><bdi class="en" lang="en" dir="ltr">{plain(shown.english)}</bdi>' if shown.english else ""
    return f'<span class="sign" aria-hidden="true">{plain(shown.sign)}</span><br><bdi>{plain(shown.arabic)}</bdi>{english}'


def _cell(value: float) -> str:
    size = sum(abs(value) >= step for step in _STEPS)
    tint = f' class="{"f" if value > 0 else "g"}{size}"' if size else ""
    return f'<td dir="ltr"{tint}>{_number(value)}</td>'


def _number(value: float) -> str:
    text = f"{value:+.{_DIGITS}f}"
    return "0" if float(text) == 0 else text.replace("-", "\u2212")
