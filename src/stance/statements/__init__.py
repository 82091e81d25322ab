"""From an article to its statements: cutting, speakers, labels."""

from stance.statements.reader import Article, Statement, read
from stance.statements.segment import Span, segment
from stance.statements.speakers import PRONOUN, SpeakerFinder

__all__ = ["PRONOUN", "Article", "Span", "SpeakerFinder", "Statement", "read", "segment"]
