"""Pages: predictions, explanations, articles and graphs as HTML that loads nothing.

Everything here makes text of what it is given and knows no model; the objects show themselves
through it.
"""

from stance.pages.dates import date_of
from stance.pages.graph import graph_page
from stance.pages.looks import looks
from stance.pages.notebook import article_html, explanation_html, prediction_html, statement_html
from stance.pages.report import article_part, report

__all__ = [
    "article_html",
    "article_part",
    "date_of",
    "explanation_html",
    "graph_page",
    "looks",
    "prediction_html",
    "report",
    "statement_html",
]
