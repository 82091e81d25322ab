"""What a notebook shows of predictions, explanations and articles."""

from __future__ import annotations

from stance.pages.article import text_of, who_to_whom
from stance.pages.looks import bars, chip, chips, looks, sentiment_chip
from stance.pages.markup import both, ltr, mixed, resource, said, scrolling
from stance.pages.shares import shares_table
from stance.pages.views import ArticleView, ExplanationView, LabelledView

__all__ = ["article_html", "explanation_html", "prediction_html"]


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
    tables = bars(prediction.probabilities, both("المواقف", "stances")) + bars(
        prediction.sentiment_probabilities, both("النبرة", "sentiment")
    )
    return _fragment(f"<p>{chips(prediction)} {sentiment_chip(prediction)}</p>{tables}")


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
    about = said("حصص الكلمات", "shares of words")
    return _fragment(
        f"<p>{mixed(explanation.text)}</p><p>{found}</p>{scrolling(about, shares_table(explanation))}"
    )


def article_html(article: ArticleView) -> str:
    """Show an article: its text with the statements marked, and a list of those with a stance.

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
        if s.stances
    )
    words = (("رقم", "no."), ("الموقف", "stance"), ("النبرة", "sentiment"), ("من إلى من", "who to whom"))
    head = "".join(f'<th scope="col">{both(*pair)}</th>' for pair in words)
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>" if rows else ""
    return _fragment(text_of(article) + scrolling(said("الجمل", "statements"), table))


def _fragment(inside: str) -> str:
    return f'<style>{resource("base.css")}</style><div class="stance-view" dir="rtl" lang="ar">{inside}</div>'
