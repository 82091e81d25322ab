"""From an article to its statements: cutting, quotations, speakers, recipients, labels, events."""

from stance.statements.article import PRONOUN, Article, Statement
from stance.statements.content import KINDS
from stance.statements.events import CAMEO, PLOVER, Event, check_stances, events_of
from stance.statements.graph import Edge, Graph, graphml
from stance.statements.model import (
    ReaderModel,
    default_reader_path,
    read_reader,
    read_reader_facts,
    write_reader,
)
from stance.statements.quotes import Quotation, quotations
from stance.statements.reader import Reader, read
from stance.statements.segment import Span, segment
from stance.statements.writing import ROW_FORMATS, article_document, article_rows, write_articles

__all__ = [
    "CAMEO",
    "KINDS",
    "PLOVER",
    "PRONOUN",
    "ROW_FORMATS",
    "Article",
    "Edge",
    "Event",
    "Graph",
    "Quotation",
    "Reader",
    "ReaderModel",
    "Span",
    "Statement",
    "article_document",
    "article_rows",
    "check_stances",
    "default_reader_path",
    "events_of",
    "graphml",
    "quotations",
    "read",
    "read_reader",
    "read_reader_facts",
    "segment",
    "write_articles",
    "write_reader",
]
