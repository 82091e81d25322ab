"""Interviews: questions and answers on lines of their own, in which nobody is said to speak.

An answer is what the one who spoke last before says, word for word though no marks stand around it; a question is
the newspaper's own.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable
from typing import NamedTuple

from stance.statements.cutting import NameSpan
from stance.statements.media import is_medium
from stance.statements.quotes import Quotation
from stance.statements.segment import LINE
from stance.statements.tagging import Tagged

__all__ = ["Interview", "guest", "interview", "with_answers"]

_ANSWER = re.compile(r"\s*(?:[-–—ـ]\s*\S|ج\s*[:/-])")
_ASKED = "؟?"
_FEWEST = 2
"""Questions with an answer that make an interview: one may stand in any article."""
_TALKS = frozenset(
    form + word
    for word in ("حوار", "مقابله", "لقاء", "حديث", "دردشه")
    for form in ("", "ال", "ل", "لل", "ب", "بال")
) | {"حوارا", "حديثا", "حوارها", "حواره", "حوارنا", "لقاءها", "لقاءنا", "مقابلتها", "مقابلتنا"}
_BETWEEN = 6
"""Words between "interview" and "with"."""


class Interview(NamedTuple):
    """What an article holds of an interview.

    Attributes
    ----------
    questions : list of (int, int)
        Spans of paragraphs, in characters.
    answers : list of Quotation
        From the end of the line before; without marks.
    """

    questions: list[tuple[int, int]]
    answers: list[Quotation]


def interview(text: str) -> Interview:
    r"""Find the questions and answers of an interview.

    A question is a paragraph that ends with a question mark; its answer is the paragraph behind it, which begins with a
    dash (or with ``ج:``), and whatever else stands before the next question.  Of the last answer only its first paragraph
    is taken: a closing note may stand behind it.  Several dashes behind a question make a list.

    Parameters
    ----------
    text : str
        An article; paragraphs stand on lines of their own.

    Returns
    -------
    Interview
        Empty where there are fewer than two questions with answers.

    Examples
    --------
    >>> text = "* هل انتهت الأزمة؟\n- لا أظن ذلك.\n* ومتى تنتهي؟\n- حين تصل المساعدات."
    >>> found = interview(text)
    >>> [text[a.start : a.end].strip() for a in found.answers]
    ['- لا أظن ذلك.', '- حين تصل المساعدات.']
    """
    if sum(map(text.count, _ASKED)) < _FEWEST:
        return Interview([], [])
    lines = [
        (m.start(), m.start() + len(m.group().rstrip())) for m in LINE.finditer(text) if m.group().strip()
    ]
    asked = [k for k, (_, end) in enumerate(lines) if text[end - 1] in _ASKED]
    dashed = [bool(_ANSWER.match(text, start)) for start, _ in lines] + [False, False]
    pairs = [k for k in asked if dashed[k + 1]]
    if len(pairs) < _FEWEST or any(dashed[k + 2] and text[lines[k + 2][1] - 1] not in _ASKED for k in pairs):
        return Interview([], [])
    answers = []
    for k, following in zip(pairs, [*pairs[1:], -1], strict=True):
        last = following - 1 if following > 0 else k + 1
        answers.append(Quotation(lines[k + 1][0] - 1, lines[last][1], False))
    return Interview([lines[k] for k in pairs], answers)


def guest(tagged: Tagged, name_at: Callable[[int], NameSpan]) -> NameSpan | None:
    """Return with whom a sentence says that an interview was held.

    Parameters
    ----------
    tagged : Tagged
    name_at : callable
        Gives the name that begins at a token.

    Returns
    -------
    NameSpan or None
        None where it says so of nobody, or of the medium.

    Examples
    --------
    >>> from stance.lexicon import Lexicon
    >>> from stance.statements.tagging import Tagger
    >>> tagged = Tagger(Lexicon.default(), {}).tag("أجرت الصحيفة حوارا مع مدير الميناء")
    >>> guest(tagged, lambda first: NameSpan(first, first + 1))
    NameSpan(first=4, last=5, skip=0)
    """
    norms = tagged.norms
    for k in range(1, len(tagged) - 1):
        if norms[k] != "مع" or not tagged.content[k + 1] or is_medium(norms[k + 1]):
            continue
        if not _TALKS.isdisjoint(norms[max(0, k - _BETWEEN) : k]):
            return name_at(k + 1)
    return None


def with_answers(quotes: list[Quotation], answers: list[Quotation]) -> list[Quotation]:
    """Let what is said without marks be quotations, whatever is quoted in it.

    Parameters
    ----------
    quotes : list of Quotation
        In order.
    answers : list of Quotation
        Answers of an interview or lists, in order.

    Returns
    -------
    list of Quotation
        In order.

    Examples
    --------
    >>> with_answers([Quotation(12, 15, True)], [Quotation(9, 20, False)])
    [Quotation(start=9, end=20, closed=False)]
    """
    if not answers:
        return quotes

    def is_apart(quote: Quotation) -> bool:
        k = bisect_left(answers, (quote.end,)) - 1
        return k < 0 or answers[k].end <= quote.start

    return sorted([*filter(is_apart, quotes), *answers])
