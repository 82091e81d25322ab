"""How labels look: a colour, a sign and a name in two languages, never the colour alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from stance.labels import NONE, UNSURE
from stance.pages.markup import both, ltr, plain
from stance.pages.views import LabelledView

__all__ = [
    "Look",
    "bars",
    "chip",
    "chips",
    "is_unsure",
    "looks",
    "none_chip",
    "one_label",
    "sentiment_chip",
    "stances_in_order",
    "stances_shown",
]


class Look(NamedTuple):
    """How a label looks.

    Attributes
    ----------
    css : str
        Its class in the style sheets, which give it a colour of Okabe and Ito (2008), a style of line
        and a pattern.
    sign : str
    arabic, english : str
    """

    css: str
    sign: str
    arabic: str
    english: str

    @property
    def names(self) -> str:
        """Its name in both languages, where no markup can tell them apart."""
        return f"{self.arabic} {self.english}".strip()


_KNOWN = {
    "supportive": Look("k1", "+", "داعم", "supportive"),
    "warning": Look("k2", "!", "محذر", "warning"),
    "calling_for_ceasefire": Look("k3", "‖", "داع إلى وقف النار", "calling for ceasefire"),
    "positive": Look("k0", "▲", "إيجابي", "positive"),
    "neutral": Look("k0", "■", "محايد", "neutral"),
    "negative": Look("k0", "▼", "سلبي", "negative"),
    "none": Look("k0", "·", "لا موقف", "no stance"),
    "unsure": Look("k0", "?", "غير محسوم", "unsure"),
}
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_COLOURS = 7


def looks(labels: Iterable[str]) -> dict[str, Look]:
    """Return how each label looks; unknown ones get a letter and the next colour.

    Parameters
    ----------
    labels : iterable of str

    Returns
    -------
    dict of str to Look
        In the order of `labels`.

    Examples
    --------
    >>> looks(["warning", "economy"])["economy"]
    Look(css='k4', sign='A', arabic='economy', english='')
    """
    found: dict[str, Look] = {}
    unknown = 0
    for label in labels:
        if label in found:
            continue
        if label in _KNOWN:
            found[label] = _KNOWN[label]
        else:
            css = f"k{(unknown + 3) % _COLOURS + 1}"
            found[label] = Look(css, _LETTERS[unknown % 26], label.replace("_", " "), "")
            unknown += 1
    return found


def stances_in_order(labels: Iterable[str]) -> list[str]:
    """Sort stances: this project's first, in its order, then the others by name."""
    order = list(_KNOWN)
    return sorted(set(labels), key=lambda s: (order.index(s) if s in _KNOWN else len(order), s))


def chip(shown: Look, value: str = "") -> str:
    """Write a label: sign, names and, if given, a number."""
    words = both(shown.arabic, shown.english) if shown.english else f"<bdi>{plain(shown.arabic)}</bdi>"
    number = f" <b>{ltr(value)}</b>" if value else ""
    return f'<span class="chip {shown.css}"><span class="sign" aria-hidden="true">{plain(shown.sign)}</span> {words}{number}</span>'


def is_unsure(shown: LabelledView) -> bool:
    """Tell whether the model abstained; a stance that holds may have any name."""
    return shown.stance == UNSURE and not shown.stances


def stances_shown(shown: LabelledView) -> dict[str, tuple[Look, str]]:
    """Return the stances that hold, with looks and probabilities, or that it is unsure, which has none."""
    if is_unsure(shown):
        return {UNSURE: (_KNOWN[UNSURE], "")}
    return {
        s: (look, f"{shown.probabilities[s]:.2f}")
        for s, look in looks(shown.probabilities).items()
        if s in shown.stances
    }


def chips(shown: LabelledView) -> str:
    """Write the stances that hold, each with its probability."""
    found = [chip(look, value) for look, value in stances_shown(shown).values()]
    return " ".join(found) or (chip(_KNOWN[NONE]) if shown.probabilities else "")


def sentiment_chip(shown: LabelledView) -> str:
    """Write the sentiment, if the model has any."""
    names = looks(shown.sentiment_probabilities)
    return chip(names[shown.sentiment]) if shown.sentiment in names else ""


def one_label(shown: LabelledView) -> tuple[str, str]:
    """Return what the labels of which one holds are called: the sentiment, or the label where there are no stances."""
    return ("النبرة", "sentiment") if shown.probabilities else ("التسمية", "label")


def none_chip(value: str) -> str:
    """Write that there is no stance, with a number."""
    return chip(_KNOWN[NONE], value)


def bars(probabilities: Mapping[str, float], caption: str) -> str:
    """Write probabilities as a table with bars."""
    if not probabilities:
        return ""
    rows = "".join(
        f'<tr><th scope="row">{chip(shown)}</th>'
        f"<td>{ltr(f'{probabilities[label]:.3f}')} {_bar(shown, probabilities[label])}</td></tr>"
        for label, shown in looks(probabilities).items()
    )
    head = "".join(
        f'<th scope="col">{both(*words)}</th>'
        for words in (("التسمية", "label"), ("الاحتمال", "probability"))
    )
    return f'<table class="bars"><caption>{caption}</caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'


def _bar(shown: Look, value: float) -> str:
    width = round(100 * value, 1)
    return (
        f'<svg class="bar {shown.css}" width="102" height="12" viewBox="0 0 102 12" aria-hidden="true">'
        f'<rect class="frame" x="0.5" y="0.5" width="101" height="11"/>'
        f'<rect class="full" x="{round(101 - width, 1):g}" y="1" width="{width:g}" height="10"/></svg>'
    )
