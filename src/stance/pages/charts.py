"""Charts as inline SVG, from right to left: the course of an article, and stances over time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from math import ceil

from stance.pages.drawing import LABELS, figure, row_head, tile, write
from stance.pages.looks import Look, looks, stances_in_order
from stance.pages.markup import both, ltr
from stance.pages.views import ArticleView

__all__ = ["Periods", "course", "periods", "timeline", "timeline_table"]

_PLOT = 560
_ROW = 56
_BAR = 36
_ARTICLES = Look("k0", "◆", "مقالات", "articles")


def course(article: ArticleView, uid: str) -> str:
    """Draw the probability of each stance statement by statement, from right to left.

    Parameters
    ----------
    article : ArticleView
    uid : str

    Returns
    -------
    str
        SVG; empty without statements or stances.
    """
    statements = list(article)
    names = looks(statements[0].probabilities) if statements else {}
    if not names:
        return ""
    step = min(28.0, _PLOT / len(statements))
    parts = []
    for row, (stance, shown) in enumerate(names.items()):
        floor = (row + 1) * _ROW - 10
        parts.append(f'<path class="axis" d="M0 {floor}H{_PLOT}"/>')
        parts.append(row_head(floor - 18, shown, _PLOT + 8))
        for i, statement in enumerate(statements):
            value = statement.probabilities[stance]
            height = max(1.0, round(_BAR * value, 1))
            x = round(_PLOT - (i + 1) * step + 1, 2)
            about = f"{i + 1}: {shown.names} {value:.2f}"
            held = stance in statement.stances
            parts.append(tile(x, floor - height, round(step - 2, 2), height, shown, about, held))
    below = len(names) * _ROW
    parts.append(_scale([str(i + 1) for i in range(len(statements))], step, below + 8, 24))
    counts = Counter(s for statement in statements for s in statement.stances)
    told = (
        f"{len(statements)} جملة؛ " + "، ".join(f"{n.arabic}: {counts[s]}" for s, n in names.items()),
        f"{len(statements)} statements; "
        + ", ".join(f"{n.english or n.arabic}: {counts[s]}" for s, n in names.items()),
    )
    title = ("المواقف جملة بعد جملة", "stances statement by statement")
    return figure(uid, title, told, _PLOT + LABELS, below + 16, "".join(parts))


Periods = dict[date, "Counter[str]"]


def periods(dated: Iterable[tuple[date, Iterable[str]]]) -> tuple[Periods, str]:
    """Count articles and stances by day, week, month or year, whichever fits a chart.

    Parameters
    ----------
    dated : iterable of (datetime.date, iterable of str)
        Date and stances of each article.

    Returns
    -------
    counts : dict of datetime.date to Counter
        Stances and, under the empty string, articles, by the first day of each period; periods without
        articles too.
    unit : str
        ``"day"``, ``"week"``, ``"month"`` or ``"year"``.

    Examples
    --------
    >>> counts, unit = periods([(date(2026, 3, 1), ["warning"]), (date(2026, 3, 3), [])])
    >>> unit, [dict(c) for c in counts.values()]
    ('day', [{'': 1, 'warning': 1}, {}, {'': 1}])
    """
    found = sorted(dated, key=lambda pair: pair[0])
    if not found:
        return {}, "day"
    days = (found[-1][0] - found[0][0]).days
    unit = "day" if days <= 31 else "week" if days <= 240 else "month" if days <= 1100 else "year"
    counts: Periods = {}
    at, last = _first(found[0][0], unit), _first(found[-1][0], unit)
    while True:
        counts[at] = Counter()
        if at >= last:
            break
        at = _next(at, unit)
    for day, stances in found:
        counts[_first(day, unit)].update(["", *stances])
    return counts, unit


def _first(day: date, unit: str) -> date:
    if unit == "week":
        return date.fromordinal(max(1, day.toordinal() - day.weekday()))
    return day if unit == "day" else day.replace(day=1) if unit == "month" else day.replace(month=1, day=1)


def _next(day: date, unit: str) -> date:
    if unit in ("day", "week"):
        return day + timedelta(days=1 if unit == "day" else 7)
    years, month = divmod(day.month, 12) if unit == "month" else (1, 0)
    return date(day.year + years, month + 1, 1)


def timeline(counts: Periods, unit: str, uid: str) -> str:
    """Draw how many statements have each stance over time, from right to left.

    Parameters
    ----------
    counts, unit
        As :func:`periods` returns them.
    uid : str

    Returns
    -------
    str
    """
    rows = _rows(counts)
    step = min(60.0, _PLOT / len(counts))
    parts = [
        _bars((row + 1) * _ROW, step, shown, [(_period(day, unit), c[key]) for day, c in counts.items()])
        for row, (key, shown) in enumerate(rows.items())
    ]
    below = len(rows) * _ROW
    days = [_period(day, unit) for day in counts]
    parts.append(_scale(days, step, below + 16, 80))
    title = ("المواقف عبر الزمن، من اليمين إلى اليسار", "stances over time, from right to left")
    first, last = days[0], days[-1]
    about = (
        f"من {first} إلى {last}؛ الأرقام في الجدول",
        f"from {first} to {last}; the numbers are in the table",
    )
    return figure(uid, title, about, _PLOT + LABELS, below + 24, "".join(parts))


def _bars(floor: int, step: float, shown: Look, values: Sequence[tuple[str, int]]) -> str:
    """Draw one row of the timeline."""
    top = max(1, *(count for _, count in values))
    parts = [f'<path class="axis" d="M0 {floor}H{_PLOT}"/>', row_head(floor - 18, shown, _PLOT + 8)]
    for i, (day, count) in enumerate(values):
        if count:
            middle, height = _PLOT - (i + 0.5) * step, round(_BAR * count / top, 1)
            x = round(middle - 0.4 * step, 2)
            about = f"{day}: {shown.names} {count}"
            parts.append(tile(x, floor - height, round(0.8 * step, 2), height, shown, about))
            if step > 12:
                parts.append(write(round(middle, 2), floor - height - 3, str(count), css="small"))
    return "".join(parts)


def _scale(names: Sequence[str], step: float, y: float, room: float) -> str:
    """Write names below a plot, as many as there is room for."""
    every = max(1, ceil(room / step))
    return "".join(
        write(round(_PLOT - (i + 0.5) * step, 2), y, names[i], css="small")
        for i in range(0, len(names), every)
    )


def timeline_table(counts: Periods, unit: str) -> str:
    """Write the numbers of :func:`timeline` as a table."""
    rows = _rows(counts)
    head = "".join(f'<th scope="col">{both(shown.arabic, shown.english)}</th>' for shown in rows.values())
    body = "".join(
        f'<tr><th scope="row"><time>{ltr(_period(day, unit))}</time></th>'
        + "".join(f"<td>{ltr(str(count[key]))}</td>" for key in rows)
        + "</tr>"
        for day, count in counts.items()
    )
    return (
        f"<table><caption>{both('المواقف عبر الزمن', 'stances over time')}</caption>"
        f'<thead><tr><th scope="col">{both("الفترة", "period")}</th>{head}</tr></thead><tbody>{body}</tbody></table>'
    )


def _rows(counts: Mapping[date, Mapping[str, int]]) -> dict[str, Look]:
    stances = stances_in_order(s for count in counts.values() for s in count if s)
    return {"": _ARTICLES, **looks(stances)}


def _period(day: date, unit: str) -> str:
    """Name a period: its first day, its month or its year."""
    return day.isoformat()[: {"month": 7, "year": 4}.get(unit, 10)]
