"""Files and rows: every error names the file, the line and the way out."""

from stance.datasets.annotated import AnnotatedSentence, annotated
from stance.datasets.files import atomic_writer, decode, encodable, read_text
from stance.datasets.labelled import LabelColumns, LabelledRow, check_known, digest_of, find_labels, labelled
from stance.datasets.records import missing_column, target_problem
from stance.datasets.rows import (
    FORMATS,
    INPUT_FORMATS,
    Row,
    flat,
    format_of,
    one_line,
    read_rows,
    write_delimited,
    write_jsonl,
)

__all__ = [
    "FORMATS",
    "INPUT_FORMATS",
    "AnnotatedSentence",
    "LabelColumns",
    "LabelledRow",
    "Row",
    "annotated",
    "atomic_writer",
    "check_known",
    "decode",
    "digest_of",
    "encodable",
    "find_labels",
    "flat",
    "format_of",
    "labelled",
    "missing_column",
    "one_line",
    "read_rows",
    "read_text",
    "target_problem",
    "write_delimited",
    "write_jsonl",
]
