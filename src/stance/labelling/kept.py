"""Parquet to Parquet: worker processes get texts and give labels, the record batches stay in the main process.

So pyarrow is loaded once, which is 40 MB a process, and no other column goes back and forth.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stance.labelling.arrow import strings_of, to_stream, with_columns
from stance.labelling.predicted import Predicted
from stance.labelling.rows import Task
from stance.labelling.sources import Chunk
from stance.labelling.worker import Labelled
from stance.model import ModelConfig

__all__ = ["Kept", "labelled_batches"]


def labelled_batches(
    task: Task,
    config: ModelConfig,
    chunks: Iterable[Chunk],
    work: Callable[[Iterator[Chunk]], Iterable[Labelled]],
) -> Iterable[Labelled]:
    """Label chunks whose contents are record batches.

    Parameters
    ----------
    task : Task
    config : ModelConfig
        Of the model that labels.
    chunks : iterable of Chunk
    work : callable
        Labels chunks as they are sent to workers, in order.

    Returns
    -------
    iterable of Labelled
    """
    if not task.keeps_batches:
        return work(chunk._replace(content=to_stream(chunk.content)) for chunk in chunks)
    kept = Kept(task, config)
    return kept.returned(work(kept.sent(chunks)))


class Kept:
    """The batches whose texts are with the workers.

    Parameters
    ----------
    task : Task
    config : ModelConfig
        Of the model that labels.
    """

    def __init__(self, task: Task, config: ModelConfig) -> None:
        self._columns = [c for c in (task.text_column, task.target_column) if c is not None]
        self._config = config
        self._flagged = task.abstain > 0
        self._waiting: deque[tuple[int, Any]] = deque()

    def sent(self, chunks: Iterable[Chunk]) -> Iterator[Chunk]:
        """Yield what workers get of chunks: their texts and targets."""
        for chunk in chunks:
            self._waiting.append((chunk.line, chunk.content))
            names = chunk.content.schema.names
            columns = dict.fromkeys(c for c in self._columns if c in names)
            yield chunk._replace(content={c: strings_of(chunk.content.column(c)) for c in columns})

    def returned(self, results: Iterable[Labelled]) -> Iterator[Labelled]:
        """Yield chunks with the data that comes of their batches and labels; results come in the order of chunks."""
        for labelled in results:
            first, batch = self._waiting.popleft()
            if labelled.decisions is None or not labelled.rows:
                yield labelled._replace(lines=(), decisions=None)
                continue
            if labelled.rows < batch.num_rows:
                batch = _only(batch, np.array(labelled.lines, np.int64) - first)
            found = Predicted(labelled.decisions, self._config, flagged=self._flagged)
            data = to_stream(with_columns(batch, found.arrays()))
            yield labelled._replace(data=data, added=found.columns, lines=(), decisions=None)


def _only(batch: Any, rows: NDArray[np.int64]) -> Any:
    """Take some rows, ascending, of a record batch: runs of them, as pyarrow cannot take single values of every type."""
    import pyarrow as pa  # noqa: PLC0415  # an extra

    runs = np.split(rows, np.flatnonzero(np.diff(rows) > 1) + 1)
    return pa.concat_batches([batch.slice(run[0], len(run)) for run in runs])
