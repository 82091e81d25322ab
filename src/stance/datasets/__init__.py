"""Files and rows: every error names the file, the line and the way out."""

from stance.datasets.annotated import AnnotatedSentence, annotated
from stance.datasets.files import atomic_writer, decode, read_text
from stance.datasets.labelled import LabelColumns, LabelledRow, check_known, find_labels, labelled
from stance.datasets.rows import FORMATS, Row, flat, format_of, read_rows, write_delimited, write_jsonl

__all__ = [
    "FORMATS",
    "AnnotatedSentence",
    "LabelColumns",
    "LabelledRow",
    "Row",
    "annotated",
    "atomic_writer",
    "check_known",
    "decode",
    "find_labels",
    "flat",
    "format_of",
    "labelled",
    "read_rows",
    "read_text",
    "write_delimited",
    "write_jsonl",
]
