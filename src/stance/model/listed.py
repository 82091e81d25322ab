"""Models by name: those of the package, then those in the folders that STANCE_MODELS names."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from stance.errors import ModelNotFoundError
from stance.hints import did_you_mean, near_file
from stance.model.folder import default_model_path

__all__ = ["find_listed", "find_model", "listed_models"]

_PATH = "STANCE_MODELS"
"""A variable with more folders of models."""


def listed_models() -> Iterator[Path]:
    """Yield the folders of models: of the package, then of each folder that STANCE_MODELS names.

    Yields
    ------
    pathlib.Path

    Raises
    ------
    ModelNotFoundError
        If the variable names what is no folder.
    """
    given = [Path(name).expanduser() for name in os.environ.get(_PATH, "").split(os.pathsep) if name]
    for parent in (default_model_path().parent, *given):
        if not parent.is_dir():
            raise ModelNotFoundError(
                f"{_PATH} names {parent}, which is no folder; make it, or take it out of the variable"
            )
        for folder in (parent, *sorted(parent.iterdir())):
            if (folder / "config.json").is_file():
                yield folder


def find_listed(name: str) -> Path:
    """Return the first listed model of a name.

    Parameters
    ----------
    name : str
        Of its folder.

    Returns
    -------
    pathlib.Path

    Raises
    ------
    ModelNotFoundError
        If there is none, or as :func:`listed_models`.
    """
    known = []
    for folder in listed_models():
        if folder.name == name:
            return folder
        known.append(folder.name)
    near = did_you_mean(name, known) or near_file(name, folders=True)
    raise ModelNotFoundError(
        f"{name} is no model folder and no installed model{near}; the installed models are "
        f"{', '.join(known) or 'none'}"
    )


def find_model(given: str | os.PathLike[str] | None = None) -> Path:
    """Return the folder of a model that is given by its path or by its name.

    Parameters
    ----------
    given : path-like, optional
        A path that exists is taken before a name; the model installed with the package by default.

    Returns
    -------
    pathlib.Path

    Raises
    ------
    ModelNotFoundError
        As :func:`find_listed`; a path that leads into other folders is returned as it is.

    Examples
    --------
    >>> find_model("news") == find_model()
    True
    """
    if given is None:
        return default_model_path()
    name = os.fspath(given)
    if Path(name).name != name or os.path.exists(name):  # noqa: PTH110  # Path.exists raises for what is too long
        return Path(name)
    return find_listed(name)
