"""What a notebook shows of predictions, explanations, statements and articles.

A notebook that is not trusted is shown without style sheets: then signs, words and numbers say it all.
Paragraphs are no ``p``, for JupyterLab aligns these to the left.
"""

from __future__ import annotations

from stance.pages.article import text_of, who_to_whom
from stance.pages.looks import bars, chip, chips, looks, one_label, sentiment_chip, stances_shown
from stance.pages.markup import both, ltr, mixed, resource, said, scrolling
from stance.pages.shares import shares_table
from stance.pages.views import ArticleView, ExplanationView, LabelledView, StatementView

__all__ = ["article_html", "explanation_html", "prediction_html", "statement_html"]


def prediction_html(prediction: LabelledView) -> str:
    """Show a prediction.

    Parameters
    ----------
    prediction : LabelledView

    Returns
    -------
    str
        A fragment of HTML with its own style sheet.
    """
    return _fragment(_labels(prediction))


def explanation_html(explanation: ExplanationView) -> str:
    """Show an explanation: the text and a table of its words' shares.

    Parameters
    ----------
    explanation : ExplanationView

    Returns
    -------
    str
        A fragment of HTML with its own style sheet.
    """
    names = looks(explanation.labels)
    found = " ".join(chip(shown, f"{explanation.probabilities[x]:.2f}") for x, shown in names.items())
    # all labels stand here, those that hold or not
    about = both("الاحتمالات", "probabilities")
    return _fragment(
        _line(mixed(explanation.text))
        + _line(f"{about}: {found}")
        + scrolling(said("حصص الكلمات", "shares of words"), shares_table(explanation))
    )


def statement_html(statement: StatementView) -> str:
    """Show a statement: its text, who speaks to whom, and its probabilities.

    Parameters
    ----------
    statement : StatementView

    Returns
    -------
    str
        A fragment of HTML with its own style sheet.
    """
    named = who_to_whom(statement)
    return _fragment(_line(mixed(statement.text)) + (_line(named) if named else "") + _labels(statement))


def article_html(article: ArticleView) -> str:
    """Show an article: its text with the statements marked, and a list of those with a stance, or unsure.

    Parameters
    ----------
    article : ArticleView

    Returns
    -------
    str
        A fragment of HTML with its own style sheet.
    """
    rows = "".join(
        f"<tr><td>{ltr(str(number))}</td><td>{chips(s)}</td>"
        f"<td>{sentiment_chip(s)}</td><td>{who_to_whom(s)}</td></tr>"
        for number, s in enumerate(article, 1)
        if stances_shown(s)
    )
    words = (("رقم", "no."), ("الموقف", "stance"), ("النبرة", "sentiment"), ("من إلى من", "who to whom"))
    head = "".join(f'<th scope="col">{both(*pair)}</th>' for pair in words)
    table = (
        f'<table class="found"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>' if rows else ""
    )
    shown = text_of(article) or _line(both("لا جمل", "no statements"))
    return _fragment(shown + (scrolling(said("الجمل", "statements"), table) if table else ""))


def _labels(shown: LabelledView) -> str:
    """Write the labels that hold, and the probabilities of all."""
    tables = bars(shown.probabilities, both("المواقف", "stances")) + bars(
        shown.sentiment_probabilities, both(*one_label(shown))
    )
    return f"{_line(f'{chips(shown)} {sentiment_chip(shown)}')}{tables}"


def _line(inside: str) -> str:
    return f'<div class="p">{inside}</div>'


def _fragment(inside: str) -> str:
    return f'<style>{resource("base.css")}</style><div class="stance-view" dir="rtl" lang="ar">{inside}</div>'
