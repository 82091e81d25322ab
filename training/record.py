"""Record the labels of annotated news rows without their texts.

    python training/record.py ROWS.jsonl NAME

writes ``training/annotations/NAME.jsonl``: corpus, document id, SHA-256 of the sentence, labels.
"""

import sys
from pathlib import Path

from stance.annotations import record
from stance.datasets import atomic_writer, read_rows, read_text, write_jsonl

rows, name = sys.argv[1:]
with atomic_writer(Path(__file__).parent / "annotations" / f"{name}.jsonl") as file:
    write_jsonl(record(read_rows(read_text(rows), rows, "jsonl")), file)
