"""Files and rows: every error names the file, the line and the way out."""

from stance.datasets.files import atomic_writer, decode, read_text
from stance.datasets.rows import FORMATS, LabelledRow, Row, format_of, labelled, read_rows, write_jsonl

__all__ = [
    "FORMATS",
    "LabelledRow",
    "Row",
    "atomic_writer",
    "decode",
    "format_of",
    "labelled",
    "read_rows",
    "read_text",
    "write_jsonl",
]
