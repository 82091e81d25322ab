"""The estimators of a model: fitted together, folded into its weights, handed over as pipelines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.base import clone
from sklearn.pipeline import FeatureUnion, Pipeline, make_pipeline

from stance.classifiers import Given, SentimentClassifier, StanceClassifier, indicator
from stance.features.scorer import ModelWeights
from stance.features.vectorizer import StatementVectorizer
from stance.features.vectors import WordVectors
from stance.labels import SENTIMENTS, STANCES
from stance.lexicon import Lexicon
from stance.network import AttentionNetwork
from stance.settings import TrainingConfig

__all__ = ["Estimators"]

_OUTPUTS = len(STANCES) + len(SENTIMENTS)


@dataclass(eq=False)
class Estimators:
    """The estimators of a model.

    Attributes
    ----------
    vectorizer : StatementVectorizer
    network : AttentionNetwork or None
        None without word vectors, or where the settings leave it out.
    stance : StanceClassifier
    sentiment : SentimentClassifier
    """

    vectorizer: StatementVectorizer
    network: AttentionNetwork | None
    stance: StanceClassifier
    sentiment: SentimentClassifier

    @classmethod
    def from_config(
        cls, config: TrainingConfig, lexicon: Lexicon, vectors: WordVectors | None, seed: int
    ) -> Self:
        """Make unfitted estimators with the settings of a training run."""
        vectorizer = StatementVectorizer(
            ngram_range=config.ngram_range,
            min_df=config.min_df,
            bigrams=config.bigrams,
            lexicon=lexicon,
            vectors=vectors,
            block_weights={
                "ngrams": config.ngram_weight,
                "bigrams": config.bigram_weight,
                "context": config.context_weight,
                "vectors": config.vector_weight,
                "scopes": config.scope_weight,
            },
        )
        network = stance_given = sentiment_given = None
        if vectors is not None and config.attention_weight > 0:
            network = AttentionNetwork(
                vectors, lexicon, len(STANCES), config.attention_heads, config.attention_epochs, seed
            )
            stance_given = Given(_OUTPUTS, 0, config.attention_weight)
            sentiment_given = Given(_OUTPUTS, len(STANCES), config.attention_weight)
        return cls(
            vectorizer,
            network,
            StanceClassifier(C=config.stance_c, balanced=config.balanced, given=stance_given),
            SentimentClassifier(C=config.sentiment_c, given=sentiment_given),
        )

    def copy(self) -> Self:
        """Return unfitted estimators of the same settings."""
        network = clone(self.network) if self.network is not None else None
        return type(self)(clone(self.vectorizer), network, clone(self.stance), clone(self.sentiment))

    def fit(self, texts: Sequence[str], stances: Sequence[Sequence[str]], sentiments: Sequence[str]) -> Self:
        """Fit all of them on labelled texts."""
        X = self.vectorizer.fit_transform(texts)
        truth = indicator(stances)
        if self.network is not None:
            chosen = np.array([[s == name for name in SENTIMENTS] for s in sentiments])
            X = sparse.hstack(
                [X, self.network.fit(texts, np.hstack([truth, chosen])).transform(texts)], format="csr"
            )
        self.stance.fit(X, truth)
        self.sentiment.fit(X, sentiments)
        return self

    def decision_function(self, texts: Sequence[str]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return uncalibrated scores of texts: of the stances, and of the sentiments."""
        X = self.features().transform(texts)
        return self.stance.decision_function(X), self.sentiment.decision_function(X)

    def features(self) -> Any:
        """Return the transformer from texts to the columns that both classifiers use."""
        if self.network is None:
            return self.vectorizer
        return FeatureUnion([("features", self.vectorizer), ("attention", self.network)])

    def pipelines(self) -> tuple[Pipeline, Pipeline]:
        """Return the fitted pipelines from texts to stances, and to sentiments."""
        return make_pipeline(self.features(), self.stance), make_pipeline(self.features(), self.sentiment)

    def fold(self) -> ModelWeights:
        """Fold the fitted estimators into the weights of a model."""
        coef = np.vstack([self.stance.coef_, self.sentiment.coef_])
        intercept = np.concatenate([self.stance.intercept_, self.sentiment.intercept_])
        if self.network is None:
            return self.vectorizer.fold(coef, intercept)
        linear = self.vectorizer.fold(coef[:, :-_OUTPUTS], intercept)
        return replace(linear, attention=self.network.weights_.scaled(np.diag(coef[:, -_OUTPUTS:])))
