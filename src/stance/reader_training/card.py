"""The reader's model card, and the facts that it is made of."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Any

import stance
from stance.datasets import AnnotatedSentence
from stance.reader_training.measure import ReaderScores

__all__ = ["reader_card", "reader_facts"]

_FIGURES = (
    ("speaker named: overlap", "speaker_overlap", "n_named"),
    ("speaker named: exact", "speaker_exact", "n_named"),
    ("nobody speaks: no speaker given", "no_speaker", "n_nobody"),
    ("nobody speaks: no name given", "no_name", "n_nobody"),
    ("speaker a pronoun or left out: `~` given", "pronoun", "n_pronoun"),
    ("stance with a recipient: overlap", "recipient_overlap", "n_recipient"),
    ("stance with a recipient: exact", "recipient_exact", "n_recipient"),
)


def reader_facts(
    rows: Sequence[AnnotatedSentence],
    extra: Sequence[AnnotatedSentence],
    scores: ReaderScores,
    folds: int,
    seed: int,
) -> dict[str, Any]:
    """Collect what a reader was trained on and measured at.

    Parameters
    ----------
    rows, extra : sequence of AnnotatedSentence
    scores : ReaderScores
    folds, seed : int

    Returns
    -------
    dict
        Plain data, the same for the same rows.
    """
    return {
        "stance_version": stance.__version__,
        "rows": len(rows),
        "extra_rows": len(extra),
        "rows_digest": _digest(rows),
        "extra_digest": _digest(extra),
        "folds": folds,
        "seed": seed,
        "measured": scores.to_dict(),
    }


def _digest(rows: Sequence[AnnotatedSentence]) -> str:
    found = sha256()
    for row in rows:
        found.update(repr((row.text, sorted(row.stances), row.speaker, row.recipient)).encode())
    return found.hexdigest()[:16]


def reader_card(facts: dict[str, Any], sources: str) -> str:
    """Write the model card.

    Parameters
    ----------
    facts : dict
        As :func:`reader_facts` gives them.
    sources : str
        Markdown.

    Returns
    -------
    str
    """
    measured = facts["measured"]
    table = "\n".join(f"| {about} | {measured[key]:.3f} | {measured[n]} |" for about, key, n in _FIGURES)
    return f"""# Reader

Finds who speaks in a sentence of Arabic news and, where it takes a stance, to or about whom. Linear rankers over
described places, and a small network over the words around them; plain data, no code.

## Learned from

- {facts["rows"]} rows, cross-validated (SHA-256 of texts and annotations `{facts["rows_digest"]}`)
- {facts["extra_rows"]} extra rows, learned from but never measured on (`{facts["extra_digest"]}`)

{sources.strip()}

## Measured: {facts["folds"]}-fold cross-validation grouped by document, seed {facts["seed"]}

| | share | rows |
|---|---|---|
{table}

## Limits

It reads one sentence at a time; which name a pronoun stands for is decided by rules over the article. Where several
speak in one sentence it names one of them. It was made for news prose, not for dialogue, verse or dialect.
"""
