"""The exceptions of stance, one root for all.

::

    StanceError
    ├── DataError            a file or row that cannot be read as data
    │   ├── EmptyError       a file in which there is nothing
    │   └── EncodingError    bytes that are not text in the given encoding
    ├── TrainingError        rows that no model can be trained on
    └── ModelError           a model folder that cannot be used
        ├── ModelNotFoundError
        ├── ModelFormatError     written in a format this version does not read
        └── ModelIntegrityError  missing, truncated or altered files

Every message is one sentence: what was given, what is wanted, how to fix it.
"""

from __future__ import annotations

__all__ = [
    "DataError",
    "EmptyError",
    "EncodingError",
    "ModelError",
    "ModelFormatError",
    "ModelIntegrityError",
    "ModelNotFoundError",
    "StanceError",
    "TrainingError",
]


class StanceError(Exception):
    """Root of all errors that stance raises on purpose."""


class DataError(StanceError, ValueError):
    """A file or a row that cannot be read as data."""


class EmptyError(DataError):
    """A file in which there is nothing."""


class EncodingError(DataError):
    """Bytes that are not text in the given encoding."""


class TrainingError(StanceError, ValueError):
    """Rows that no model can be trained on."""


class ModelError(StanceError):
    """A model folder that cannot be used."""


class ModelNotFoundError(ModelError, FileNotFoundError):
    """There is no model folder at the given place."""


class ModelFormatError(ModelError):
    """The folder is written in a format that this version does not read."""


class ModelIntegrityError(ModelError):
    """A file of the folder is missing, truncated or altered."""
