"""Records of JSONL, the broken ones among them told apart from the others."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from stance.datasets.records import MAX_FIELDS, Record, Reject

__all__ = ["jsonl_records"]

_SHORTEST = len('"a":1,')
_STRING = re.compile(r'"([^"\\]*+(?:\\.[^"\\]*+)*+)(?:"\s*+(:)?|\\?\Z)', re.DOTALL)
"""A string, which a colon makes a name; one that stays open ends with the row, or each of its marks would begin one."""


def jsonl_records(text: str, line: int = 1) -> Iterator[Record | Reject]:
    """Read JSON objects, one a line; empty lines are passed over.

    A row with more different names of fields than MAX_FIELDS, those of objects inside it counted too, is rejected
    before it is parsed.

    Parameters are those of :func:`stance.datasets.records.plain_records`.

    Yields
    ------
    Record or Reject
    """
    loads = json.loads
    short = MAX_FIELDS * _SHORTEST
    for number, content in enumerate(text.split("\n"), line):
        if not content or content.isspace():
            continue
        if len(content) > short and _has_too_many_names(content):
            yield Reject(
                number, f"more than {MAX_FIELDS} different names of fields, of objects inside it too", content
            )
            continue
        try:
            record = loads(content)
        except (ValueError, RecursionError) as error:
            reason = error.msg if isinstance(error, json.JSONDecodeError) else _plain(error)
            yield Reject(number, f"not a JSON object on one line ({reason})", content)
            continue
        if isinstance(record, dict):
            yield Record(number, record, content)
        else:
            advice = "; jq -c '.[]' makes lines of a list" if isinstance(record, list) else ""
            yield Reject(number, f"a JSON object is wanted, got {type(record).__name__}{advice}", content)


def _plain(error: Exception) -> str:
    return "nested too deeply" if isinstance(error, RecursionError) else str(error)


def _has_too_many_names(content: str) -> bool:
    if content.count(":") <= MAX_FIELDS:
        return False
    names = set()
    for string in _STRING.finditer(content):
        if string[2]:
            names.add(string[1])
            if len(names) > MAX_FIELDS:
                return True
    return False
