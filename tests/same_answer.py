"""The same answer everywhere: what the models say, held against golden files.

    python tests/same_answer.py          checks this interpreter; 1 with the first differences
    python tests/same_answer.py renew    writes the golden files of the shipped models anew

Labels, names and places must be equal, probabilities to 1e-6.  To be renewed after the shipped models were
trained anew or reading was changed, and told in CHANGELOG.md.  The golden files of models of each format are
never renewed: what those models say must not change, whatever version reads them.  No pytest here: the check
also runs in environments that hold the package alone.
"""

from __future__ import annotations

import argparse
import json
import locale
import platform
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

import stance
from stance.features.index import KERNEL
from stance.labelling import Job, input_kind, label_file, output_kind

ROOT = Path(__file__).resolve().parent.parent
GOLDEN = ROOT / "tests" / "golden"
PREDICTIONS, READING = (GOLDEN / f"{name}.jsonl" for name in ("predictions", "reading"))
OLD = tuple(GOLDEN / f"model{kind}-0.1.0.jsonl" for kind in ("", "-gated", "-whole", "-clauses"))
"""Of models of each format, in folders of the same name."""
TOLERANCE = 1e-6
COPIES = 100
"""Of the texts in a labelled file, so that there is work for several processes."""


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def predicted(texts: list[str], folder: Path | None = None) -> list[dict[str, Any]]:
    model = stance.load() if folder is None else stance.load(folder)
    return [
        {
            "text": text,
            "stances": [s for s in found.probabilities if s in found.stances],
            "sentiment": found.sentiment,
            "probabilities": _rounded(found.probabilities),
            "sentiment_probabilities": _rounded(found.sentiment_probabilities),
        }
        for text, found in zip(texts, model.predict(texts), strict=True)
    ]


def read(names: list[str]) -> list[dict[str, Any]]:
    found = []
    for name in names:
        article = stance.read((ROOT / "examples" / name).read_text(encoding="utf-8"))
        statements = [statement.to_dict() for statement in article]
        for statement in statements:
            del statement["text"]  # its place says it
        found.append({"article": name, "statements": statements})
    return found


def label(texts: list[str], folder: Path, jobs: int) -> bytes:
    """Label a file of the texts, many times over, and return the output's bytes."""
    data, output = folder / "rows.jsonl", folder / "labelled.jsonl"
    lines = [json.dumps({"text": text}, ensure_ascii=False) + "\n" for text in texts]
    data.write_text("".join(lines) * COPIES, encoding="utf-8")
    job = Job(str(data), input_kind(str(data)), jobs=jobs)
    label_file(job, str(output), output_kind(str(output)), lambda _: None)
    return output.read_bytes()


def differences(found: Any, wanted: Any, where: str) -> Iterator[str]:
    if isinstance(wanted, dict) and isinstance(found, dict) and list(found) == list(wanted):
        for key in wanted:
            yield from differences(found[key], wanted[key], f"{where}.{key}")
    elif isinstance(wanted, list) and isinstance(found, list) and len(found) == len(wanted):
        for i, (one, other) in enumerate(zip(found, wanted, strict=True)):
            yield from differences(one, other, f"{where}[{i}]")
    elif isinstance(wanted, float) and isinstance(found, float):
        if not abs(found - wanted) <= TOLERANCE:
            yield f"{where}: {found} in place of {wanted}"
    elif found != wanted:
        yield f"{where}: {found!r} in place of {wanted!r}"


def old_differences(path: Path) -> Iterator[str]:
    """What a model of before says otherwise than it said."""
    wanted = rows(path)
    yield from differences(
        predicted([row["text"] for row in wanted], path.with_suffix("")), wanted, path.stem
    )


def check(jobs: int) -> list[str]:
    wanted, reading = rows(PREDICTIONS), rows(READING)
    texts = [row["text"] for row in wanted]
    found = [
        *differences(predicted(texts), wanted, "predictions"),
        *differences(read([row["article"] for row in reading]), reading, "reading"),
        *(line for path in OLD for line in old_differences(path)),
    ]
    if jobs > 1:
        with tempfile.TemporaryDirectory() as scratch:
            several = label(texts, Path(scratch), jobs)
            if several != label(texts, Path(scratch), 1):
                found.append(f"{jobs} jobs and one write different files")
        labelled = [json.loads(line) for line in several.decode().splitlines()[-len(texts) :]]
        same = [[row["text"], row["stances"], row["sentiment"]] for row in wanted]
        kept = [[row["text"], row["predicted_stances"], row["predicted_sentiment"]] for row in labelled]
        found += differences(kept, same, "labelled file")
    return found


def renew() -> None:
    texts = [row["text"] for row in rows(PREDICTIONS)]
    articles = [path.name for path in sorted((ROOT / "examples").glob("*.txt"))]
    write(PREDICTIONS, predicted(texts))
    write(READING, read(articles))


def write(path: Path, lines: list[dict[str, Any]]) -> None:
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    path.write_text(text, encoding="utf-8", newline="\n")


def main() -> int:
    parser = argparse.ArgumentParser(description="Hold what the models say against golden files.")
    parser.add_argument("what", nargs="?", choices=("check", "renew"), default="check")
    parser.add_argument("--jobs", type=int, default=1, help="also label a file with so many processes")
    arguments = parser.parse_args()
    locale.setlocale(locale.LC_ALL, "")  # Python itself takes over no more than the encoding
    if arguments.what == "renew":
        renew()
        return 0
    found = check(arguments.jobs)
    for line in found[:10]:
        print(ascii(line), file=sys.stderr)
    kernel = "the kernel" if KERNEL is not None else "no kernel"
    place = locale.setlocale(locale.LC_ALL)
    print(
        f"{len(found)} differences: Python {platform.python_version()}, numpy {np.__version__}, "
        f"{kernel}, {arguments.jobs} jobs, locale {place}"
    )
    return bool(found)


def _rounded(probabilities: dict[str, float]) -> dict[str, float]:
    return {name: round(float(p), 9) for name, p in probabilities.items()}


if __name__ == "__main__":
    sys.exit(main())
