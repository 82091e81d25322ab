"""The classifiers: linear, calibrated, with a threshold per stance.

Both keep to scikit-learn's contract, and pass its own checks (``docs/sklearn.md``): state learned
from data ends in ``_``, ``__init__`` only stores.  Coefficients are rounded to float32 after
fitting, so that what is written to disk is exactly what was fitted.
"""

from stance.classifiers.linear import Given
from stance.classifiers.sentiments import SentimentClassifier
from stance.classifiers.stances import StanceClassifier, indicator

__all__ = ["Given", "SentimentClassifier", "StanceClassifier", "indicator"]
