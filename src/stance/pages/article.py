"""An article as HTML: its text with the statements marked, and a card for each statement."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from stance.pages.looks import Look, bars, chips, looks, one_label, sentiment_chip, stances_shown
from stance.pages.markup import both, mixed, name, plain, said, scrolling
from stance.pages.shares import shares_table
from stance.pages.views import ArticleView, Explainer, ExplanationView, StatementView

__all__ = ["KINDS", "card", "cards", "explained", "text_of", "who_to_whom"]

KINDS = {
    "direct": ("قول مباشر", "direct speech"),
    "indirect": ("قول غير مباشر", "indirect speech"),
    "mixed": ("قول مختلط", "mixed speech"),
    "report": ("خبر عن فعل", "report of an act"),
}
_TOLERANCE = 1e-4


def text_of(article: ArticleView, prefix: str = "") -> str:
    """Write the article's text, its statements marked with their stances.

    Parameters
    ----------
    article : ArticleView
    prefix : str
        Of the ids of the statements' cards, which statements lead to; without one they lead nowhere.

    Returns
    -------
    str
        Paragraphs.
    """
    paragraphs: list[list[str]] = [[]]
    at, paragraph = 0, -1
    for number, statement in enumerate(article, 1):
        if statement.paragraph != paragraph:
            paragraphs.append([])
        between = article.text[at : statement.start].strip("\r\n")
        paragraphs[-1] += [mixed(between), _statement(article.text, statement, number, prefix)]
        at, paragraph = statement.end, statement.paragraph
    paragraphs[-1].append(mixed(article.text[at:].strip()))
    # notebooks align p to the left
    opened, closed = ("<p>", "</p>") if prefix else ('<div class="p">', "</div>")
    return "".join(
        f"{opened}{inside}{closed}\n" for parts in paragraphs if (inside := "".join(parts)).strip()
    )


def _statement(text: str, statement: StatementView, number: int, prefix: str) -> str:
    inside = _inside(text, statement)
    shown = stances_shown(statement)
    card_id = f"{prefix}-{number}" if prefix else ""
    said = _in_words(statement.probabilities or statement.sentiment_probabilities)
    if not shown:
        return f'<span class="s" data-card="{card_id}" title="{said}">{inside}</span>' if prefix else inside
    css = shown.get(statement.stance, next(iter(shown.values())))[0].css
    signs = "".join(look.sign for look, _ in shown.values())
    spoken = "، ".join(f"{_named(look)} {value}".strip() for look, value in shown.values())
    mark = f'<sup class="mark" aria-hidden="true"><bdi dir="ltr">{plain(signs)}{number}</bdi></sup><span class="vh"> ({spoken})</span>'
    if not prefix:
        return f'<span class="s held {css}" title="{said}">{inside}{mark}</span>'
    return (
        f'<a class="s held {css}" href="#{card_id}" data-card="{card_id}" title="{said}">{inside}{mark}</a>'
    )


def _named(look: Look) -> str:
    return both(look.arabic, look.english) if look.english else plain(look.arabic)


def _in_words(probabilities: Mapping[str, float]) -> str:
    names = looks(probabilities)
    return plain(" · ".join(f"{names[s].names} {p:.2f}" for s, p in probabilities.items()))


def _inside(text: str, statement: StatementView) -> str:
    """Mark the names of speaker and recipient in a statement."""
    marked = [("who", statement.speaker_span), ("whom", statement.recipient_span)]
    spans = sorted((span, css) for css, span in marked if span)
    parts, at = [], statement.start
    for (start, end), css in spans:
        if start < at or end > statement.end:  # names may overlap; the first is marked
            continue
        parts += [mixed(text[at:start]), f'<span class="{css}">{mixed(text[start:end])}</span>']
        at = end
    return "".join([*parts, mixed(text[at : statement.end])])


def explained(statement: StatementView, model: Explainer) -> ExplanationView:
    """Explain a statement by the model that labelled it.

    Parameters
    ----------
    statement : StatementView
    model : Explainer

    Returns
    -------
    ExplanationView

    Raises
    ------
    ValueError
        If the model gives other probabilities than the statement has.
    """
    found = model.explain(statement.text)
    for label, value in {**statement.probabilities, **statement.sentiment_probabilities}.items():
        if abs(found.probabilities.get(label, -1.0) - value) > _TOLERANCE:
            raise ValueError(
                f"the model does not give the statement's probability of {label!r}; pass the model that read the article"
            )
    return found


def cards(article: ArticleView, prefix: str, model: Explainer | None = None) -> Iterator[str]:
    """Write a card for each statement that opens on its probabilities and shares of words.

    Parameters
    ----------
    article : ArticleView
    prefix : str
        Of their ids.
    model : Explainer, optional
        The model that read the article; without it cards hold no shares.

    Yields
    ------
    str
        Items of a list.

    Raises
    ------
    ValueError
        If another model read the article.
    """
    for number, statement in enumerate(article, 1):
        summary = f"{chips(statement)} {who_to_whom(statement)}"
        inside = card(statement, explained(statement, model) if model else None)
        yield (
            f'<li value="{number}"><details><summary>{summary} <q>{mixed(statement.text)}</q></summary>'
            f'<div class="card" id="{prefix}-{number}">{inside}</div></details></li>\n'
        )


def card(statement: StatementView, explanation: ExplanationView | None) -> str:
    """Write all that is known of a statement."""
    facts = [who_to_whom(statement)]
    if statement.kind:
        facts.append(both(*KINDS.get(statement.kind, (statement.kind, ""))))
    facts.append(sentiment_chip(statement))
    tables = bars(statement.probabilities, both("احتمالات المواقف", "stances")) + bars(
        statement.sentiment_probabilities,
        both("احتمالات النبرة", "sentiment") if statement.probabilities else both(*one_label(statement)),
    )
    about = said("حصص الكلمات", "shares of words")
    shares = scrolling(about, shares_table(explanation)) if explanation else ""
    known = "".join(f"<span>{fact}</span>" for fact in facts if fact)
    return f'<p class="facts">{known}</p>{tables}{shares}'


def who_to_whom(statement: StatementView) -> str:
    """Write speaker and recipient with an arrow in the direction of reading."""
    ends = [statement.speaker_resolved or "", statement.recipient or ""]
    if not any(ends):
        return ""
    who, whom = (name(" ".join(end.split())) if end else "؟" for end in ends)
    return (
        f'{who} <span aria-hidden="true">←</span> <span class="vh">{both("إلى", "to")}</span> {whom}'
        if ends[1]
        else who
    )
