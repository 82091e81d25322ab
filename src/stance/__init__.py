"""Stance and sentiment of statements in Arabic news.

>>> import stance
>>> model = stance.load()
>>> [p.stance for p in model.predict(["دعا المبعوث الأممي الأطراف إلى وقف إطلاق النار فورا"])]
['calling_for_ceasefire']
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from stance.errors import DataError, EncodingError, ModelError, StanceError, TrainingError
    from stance.explain import Explanation
    from stance.labels import SENTIMENTS, STANCES
    from stance.predictions import Prediction
    from stance.predictor import Predictor, load
    from stance.statements import Article, Statement, read

__version__ = "0.1.0"

_HOME = {
    "Article": "statements",
    "DataError": "errors",
    "EncodingError": "errors",
    "Explanation": "explain",
    "ModelError": "errors",
    "Prediction": "predictions",
    "Predictor": "predictor",
    "SENTIMENTS": "labels",
    "STANCES": "labels",
    "StanceError": "errors",
    "Statement": "statements",
    "TrainingError": "errors",
    "load": "predictor",
    "read": "statements",
}

__all__ = [
    "SENTIMENTS",
    "STANCES",
    "Article",
    "DataError",
    "EncodingError",
    "Explanation",
    "ModelError",
    "Prediction",
    "Predictor",
    "StanceError",
    "Statement",
    "TrainingError",
    "load",
    "read",
]


def __getattr__(name: str) -> Any:
    """Import public names when they are first used: ``import stance`` alone stays light."""
    if name in _HOME:
        return getattr(import_module(f"stance.{_HOME[name]}"), name)
    raise AttributeError(f"module 'stance' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
