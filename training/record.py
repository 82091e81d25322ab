"""Record the labels of annotated news rows without their texts.

    python training/record.py ROWS.jsonl NAME [--spans]

writes ``training/annotations/NAME.jsonl``: corpus, document id, SHA-256 of the sentence, labels; or, with ``--spans``,
``training/spans/NAME.jsonl``: the same with the places of speaker and recipient.
"""

import sys
from pathlib import Path

from stance.annotations import record, record_spans
from stance.datasets import atomic_writer, read_rows, read_text, write_jsonl

rows, name, *spans = sys.argv[1:]
folder, turn = ("spans", record_spans) if spans == ["--spans"] else ("annotations", record)
with atomic_writer(Path(__file__).parent / folder / f"{name}.jsonl") as file:
    write_jsonl(turn(read_rows(read_text(rows), rows, "jsonl")), file)
