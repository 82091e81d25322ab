"""Labelling the rows of a Spark DataFrame where they are.

::

    from stance.spark import label

    labelled = label(spark.read.parquet("statements"), text_column="text")

Batches go to Python and back as Arrow; each Python worker loads the model once and keeps it for
all the tasks that it runs.  ``docs/clusters.md`` tells how to bring the package, and models of
one's own, to the workers.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from stance.errors import DataError, ModelIntegrityError, ModelNotFoundError
from stance.model import ModelConfig, default_model_path, listed_models, read_model
from stance.predictor import Predictor

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame
    from pyspark.sql.types import StructType

__all__ = ["label"]


def label(
    df: DataFrame,
    text_column: str = "text",
    *,
    target_column: str | None = None,
    model: str | os.PathLike[str] | None = None,
    flat: bool = False,
) -> DataFrame:
    """Add columns of predictions to a Spark DataFrame; all its columns are kept, in their order.

    Everything that can be wrong with the arguments is found here, before a job runs.

    Parameters
    ----------
    df : pyspark.sql.DataFrame
        Classic or Spark Connect, of files or a stream.
    text_column : str, default "text"
        A column of strings.  Rows in which it is null have null labels.
    target_column : str, optional
        The column of what the labels are about, for models that were trained with targets; likewise.
    model : path-like, optional
        A model folder: at this path on every machine, the name under which ``--archives`` or
        ``addFile`` shipped it, or that of an installed model.  The package's own by default.
    flat : bool, default False
        Whether every value has a column of its own, as files such as CSV want it: stances joined by
        ``|`` (``none`` if there are none), and ``p_warning`` and so on for the probabilities.

    Returns
    -------
    pyspark.sql.DataFrame
        With the columns of ``stance label``, for the installed model ``predicted_stances``
        (array<string>), ``predicted_sentiment`` (string), ``probabilities`` and
        ``sentiment_probabilities`` (structs of doubles by label).

    Raises
    ------
    DataError
        If pyspark, pandas or pyarrow is missing, `df` is no DataFrame, a column is missing, stands
        twice or is not of strings, a column that is to be added is there already, targets are
        missing or not wanted, or a column is of a type that Spark does not pass to Python.
    ModelNotFoundError, ModelFormatError, ModelIntegrityError
        If the model cannot be used here; see :mod:`stance.errors`.
    """
    _check_installed(df)
    name = None if model is None else os.fspath(model)
    folder = _folder(name)
    config = read_model(folder).config
    if config.paired != (target_column is not None):
        raise DataError(
            f"the model {config.name!r} was trained with targets; name their column with target_column"
            if config.paired
            else f"the model {config.name!r} was trained without targets; leave target_column out"
        )
    text = _position(df, text_column, "text_column")
    target = None if target_column is None else _position(df, target_column, "target_column")
    work = _Work(text, target, name, str(folder.absolute()), config.to_json(), flat)
    schema = _schema(df, config, flat)
    # Inside, columns go by their places: names may hold dots or, of other columns, stand twice.
    numbered = df.toDF(*(f"_{i}" for i in range(len(df.columns))))
    try:
        return numbered.mapInArrow(functools.partial(_label_batches, work), schema)
    except NotImplementedError:
        raise DataError(
            "a column of the DataFrame is of a type that Spark does not pass to Python, such as interval month; cast it "
            "to string or drop it"
        ) from None


@dataclass(frozen=True)
class _Work:
    """What a worker is told.

    Attributes
    ----------
    text, target : int
        Positions of their columns.
    model : str, optional
        As the caller named it.
    folder : str
        Where the driver found it.
    config : str
        Its configuration there, as JSON.
    flat : bool
    """

    text: int
    target: int | None
    model: str | None
    folder: str
    config: str
    flat: bool


def _check_installed(df: object) -> None:
    for name in ("pyspark", "pyarrow", "pandas"):  # the last is PySpark's own wish; the labels do without
        if find_spec(name) is None:
            raise DataError(
                f"labelling in Spark wants {name}, which is not installed; run pip install 'stance[spark]'"
            )
    from pyspark.sql import DataFrame  # noqa: PLC0415  # an extra, wanted only here

    if not isinstance(df, DataFrame):
        raise DataError(
            f"a Spark DataFrame is wanted, got {type(df).__name__}; make one with spark.createDataFrame or spark.read"
        )


def _position(df: DataFrame, column: str, option: str) -> int:
    """Return the place of a column of strings."""
    from pyspark.sql.types import StringType  # noqa: PLC0415  # an extra

    columns = df.columns
    if columns.count(column) != 1:
        found = "is more than one column" if column in columns else "is no column"
        raise DataError(
            f"there {found} {column!r}; the columns are {', '.join(map(repr, columns))}; name one with {option}"
        )
    place: int = columns.index(column)
    kind = df.schema.fields[place].dataType
    if not isinstance(kind, StringType):
        raise DataError(
            f"the column {column!r} is of type {kind.simpleString()}; {option} wants one of type string, cast it first"
        )
    return place


def _schema(df: DataFrame, config: ModelConfig, flat: bool) -> StructType:
    """Return the schema of the result: that of the DataFrame, then the labels."""
    import pyarrow as pa  # noqa: PLC0415  # an extra
    from pyspark.sql.pandas.types import from_arrow_schema  # noqa: PLC0415
    from pyspark.sql.types import StructType  # noqa: PLC0415

    from stance.columns import label_fields  # noqa: PLC0415  # it imports pyarrow

    added = from_arrow_schema(pa.schema(label_fields(config, flat)))
    _check_names(df.columns, added.names)
    return StructType([*df.schema.fields, *added.fields])


def _check_names(columns: Sequence[str], added: Sequence[str]) -> None:
    """Refuse names that Spark, to which upper and lower case are one, could not tell apart."""
    taken = {column.casefold() for column in columns}
    for name in added:
        if name.casefold() in taken:
            raise DataError(
                f"a column {name!r} is to be added but is there already; rename or drop that one first"
            )
        taken.add(name.casefold())


def _folder(name: str | None, elsewhere: str | None = None) -> Path:
    """Return the folder of a model on this machine: at its path, shipped, where the driver has it, or installed."""
    if name is None:
        return default_model_path()
    installed = (folder for folder in listed_models() if folder.name == name)
    places = [Path(name), *_shipped(name), *([Path(elsewhere)] if elsewhere else []), *installed]
    for place in places:
        if (place / "config.json").is_file():
            return place
    raise ModelNotFoundError(
        f"there is no model {name!r} on the {'worker' if elsewhere else 'driver'}; put the folder at the same path on "
        "every machine, ship it with --archives NAME.tar.gz#NAME or addFile and pass its NAME, or name an installed one"
    )


def _shipped(name: str) -> list[Path]:
    from pyspark import SparkFiles  # noqa: PLC0415  # an extra

    try:
        return [Path(SparkFiles.get(name))]
    except AssertionError:  # a Spark Connect client has no place for shipped files
        return []


@functools.lru_cache(maxsize=2)  # one is in use as a rule; a worker outlives its tasks, not its memory
def _load(name: str | None, folder: str, config: str) -> Predictor:
    """Load the model in a worker, once, and see that it is the driver's."""
    place = _folder(name, folder)
    model = read_model(place)
    if model.config.to_json() != config:
        raise ModelIntegrityError(
            f"the model in {place} on the worker is not the driver's; install the same version on all machines"
        )
    return Predictor(model)


def _label_batches(work: _Work, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    import pyarrow as pa  # noqa: PLC0415  # an extra

    from stance.columns import label_columns, label_fields  # noqa: PLC0415  # it imports pyarrow

    predictor = _load(work.model, work.folder, work.config)
    added = label_fields(predictor.config, work.flat)
    for batch in batches:
        targets = None if work.target is None else batch.column(work.target)
        columns = label_columns(predictor, batch.column(work.text), targets, flat=work.flat)
        yield pa.RecordBatch.from_arrays(
            [*batch.columns, *columns], schema=pa.schema([*batch.schema, *added])
        )
