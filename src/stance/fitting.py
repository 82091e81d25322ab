"""The estimators of a model: fitted together, folded into its weights, handed over as pipelines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.base import clone
from sklearn.pipeline import FeatureUnion, Pipeline, make_pipeline

from stance.classifiers import Given, SentimentClassifier, StanceClassifier, indicator
from stance.datasets import LabelledRow
from stance.features.counts import Analysed
from stance.features.pairs import PairVectorizer
from stance.features.scorer import Scorer
from stance.features.vectorizer import StatementVectorizer
from stance.features.vectors import WordVectors
from stance.features.weights import WEIGHT_STEP, ModelWeights
from stance.labels import Labels
from stance.lexicon import Lexicon
from stance.network import AttentionNetwork
from stance.settings import TrainingConfig
from stance.timing import Stopwatch

__all__ = ["Estimators", "RowCounts", "samples"]


def samples(rows: Sequence[LabelledRow]) -> list[Any]:
    """Return what the estimators are fitted on: the texts of rows, or pairs where rows have targets."""
    if rows and rows[0].target is not None:
        return [(r.text, r.target or "") for r in rows]
    return [r.text for r in rows]


class RowCounts(NamedTuple):
    """What estimators work out of rows once, whichever of them they are fitted on.

    Attributes
    ----------
    features : Counts or PairCounts
    encoded : Encoded or None
        None without a network.
    """

    features: Any
    encoded: Any

    def take(self, rows: NDArray[np.int64]) -> RowCounts:
        """Return those of some rows."""
        return RowCounts(*(part.take(rows) if part is not None else None for part in self))


@dataclass(eq=False)
class Estimators:
    """The estimators of a model.

    Attributes
    ----------
    labels : Labels
    vectorizer : StatementVectorizer or PairVectorizer
        The latter where rows have targets.
    network : AttentionNetwork or None
        None without word vectors, with targets, or where the settings leave it out.
    stance : StanceClassifier or None
        None where there are no labels of which several may hold.
    sentiment : SentimentClassifier or None
        None where there are no labels of which one holds.
    max_ngrams : int
        Only so many n-grams keep their weights.
    attention_extra_share : float
        Of a stance, how much the rows that the network alone learns from weigh at most beside the others.
    watch : Stopwatch
        How long the stages of fitting took.
    """

    labels: Labels
    vectorizer: StatementVectorizer | PairVectorizer
    network: AttentionNetwork | None
    stance: StanceClassifier | None
    sentiment: SentimentClassifier | None
    max_ngrams: int = TrainingConfig.max_ngrams
    attention_extra_share: float = TrainingConfig.attention_extra_share
    clause_weight: float = 0.0
    watch: Stopwatch = field(default_factory=Stopwatch)

    @classmethod
    def from_config(
        cls,
        config: TrainingConfig,
        lexicon: Lexicon | None,
        vectors: WordVectors | None,
        labels: Labels,
        paired: bool,
        seed: int,
    ) -> Self:
        """Make unfitted estimators with the settings of a training run, and the lexicon that these name if none is given."""
        lexicon = lexicon or Lexicon.installed(config.lexicon)
        vectorizer: StatementVectorizer | PairVectorizer = _vectorizer(config, lexicon, vectors)
        if paired:
            vectorizer = PairVectorizer(vectorizer, config.target_weight)
        n_stances, n_labels = len(labels.stances), len(labels.stances) + len(labels.sentiments)
        network = stance_given = sentiment_given = None
        if vectors is not None and config.attention_weight > 0 and not paired:
            network = AttentionNetwork(
                vectors,
                lexicon,
                n_stances,
                config.attention_heads,
                config.attention_epochs,
                config.attention_networks,
                config.max_pieces,
                seed,
            )
            stance_given = Given(n_labels, 0, config.attention_weight)
            sentiment_given = Given(n_labels, n_stances, config.attention_weight)
        stance = StanceClassifier(config.stance_c, config.balanced, 0, stance_given, labels.stances)
        sentiment = SentimentClassifier(
            config.sentiment_c, sentiment_given, labels.sentiments, config.sentiment_balanced
        )
        return cls(
            labels,
            vectorizer,
            network,
            stance if labels.stances else None,
            sentiment if labels.sentiments else None,
            config.max_ngrams,
            config.attention_extra_share,
            0.0 if paired or not labels.stances else config.clause_weight,
        )

    def copy(self) -> Self:
        """Return unfitted estimators of the same settings."""
        parts = (self.vectorizer, self.network, self.stance, self.sentiment)
        fresh: list[Any] = [clone(p) if p is not None else None for p in parts]
        return replace(
            self,
            vectorizer=fresh[0],
            network=fresh[1],
            stance=fresh[2],
            sentiment=fresh[3],
            watch=Stopwatch(),
        )

    def count(self, rows: Sequence[LabelledRow]) -> RowCounts:
        """Work out once what does not depend on which of the rows are learned from."""
        given = samples(rows)
        if isinstance(self.vectorizer, PairVectorizer):
            return RowCounts(self.vectorizer.count(given), None)
        analysed = Analysed.of(given, self.vectorizer.lexicon, self.vectorizer.analyzer)
        encoded = self.network.encode(analysed) if self.network is not None else None
        return RowCounts(self.vectorizer.count(analysed), encoded)

    def fit(self, rows: Sequence[LabelledRow], counts: RowCounts | None = None) -> Self:
        """Fit all of them on labelled rows, whose counts may be there already.

        The network learns from all rows, the linear part from those that are not `attention_only`.
        """
        stage = self.watch.stage
        alone = np.array([r.attention_only for r in rows], np.bool_)
        linear = np.flatnonzero(~alone)
        with stage("features"):
            counts = counts or self.count(rows)
            apart = len(linear) < len(rows)
            X = self.vectorizer.fit_counts(counts.features.take(linear) if apart else counts.features)
        encoded = counts.encoded
        del counts  # the solvers want the memory
        truth = indicator([r.stances for r in rows], self.labels.stances)
        sentiments = [r.sentiment for r in rows]
        weights = np.array([r.weight for r in rows])
        given_weights = weights if (weights != 1).any() else None
        if self.network is not None:
            chosen = indicator([(s,) for s in sentiments], self.labels.sentiments)
            both = np.hstack([truth, chosen])
            weighed = _limited(weights, truth > 0, alone, self.attention_extra_share)
            with stage("attention"):
                self.network.fit_encoded(encoded, both, weighed if (weighed != 1).any() else None)
            # when the classifiers are fitted they leave the columns of scores that are given to them aside
            X.resize(len(linear), X.shape[1] + both.shape[1])
        if given_weights is not None:
            given_weights = given_weights[linear]
        if self.stance is not None:
            with stage("stances"):
                self.stance.fit(X, truth[linear], given_weights)
        if self.sentiment is not None:
            with stage("sentiments"):
                self.sentiment.fit(X, [sentiments[i] for i in linear], given_weights)
        if isinstance(self.vectorizer, StatementVectorizer):
            fitted = [c for c in (self.stance, self.sentiment) if c is not None]
            self._keep_strongest(self.vectorizer, fitted)
            _round_weights(self.vectorizer, fitted)
        return self

    def _keep_strongest(self, vectorizer: StatementVectorizer, fitted: Sequence[Any]) -> None:
        """Set the weights of all but the strongest n-grams to zero; folding leaves them out."""
        factors = vectorizer.factors_["ngrams"]
        strength = np.max([np.abs(c.coef_[:, : len(factors)]).max(axis=0) for c in fitted], axis=0) * factors
        weakest = np.argsort(-strength, kind="stable")[self.max_ngrams :]
        for classifier in fitted:
            classifier.coef_[:, weakest] = 0

    def decision_function(
        self, rows: Sequence[LabelledRow], counts: RowCounts | None = None
    ) -> NDArray[np.float64]:
        """Return uncalibrated scores of rows: of the stances, then of the sentiments.

        `counts` are given of rows that were counted together with those learned from.
        """
        with self.watch.stage("scores"):
            if self.clause_weight:  # which columns of features do not tell apart
                return Scorer(self.fold(), self.vectorizer.lexicon_).scores([r.text for r in rows])
            X = self._columns(counts) if counts else self.features().transform(samples(rows))
            return np.hstack([c.scores(X) for c in (self.stance, self.sentiment) if c is not None])

    def _columns(self, counts: RowCounts) -> sparse.csr_matrix:
        X = self.vectorizer.transform_counts(counts.features)
        if self.network is None:
            return X
        return sparse.hstack([X, self.network.transform_encoded(counts.encoded)], format="csr")

    def features(self) -> Any:
        """Return the transformer from texts to the columns that both classifiers use."""
        if self.network is None:
            return self.vectorizer
        return FeatureUnion([("features", self.vectorizer), ("attention", self.network)])

    def pipelines(self) -> dict[str, Pipeline]:
        """Return the fitted pipelines from texts to ``stance`` and to ``sentiment``; they know no clauses."""
        found = {"stance": self.stance, "sentiment": self.sentiment}
        return {name: make_pipeline(self.features(), c) for name, c in found.items() if c is not None}

    def fold(self) -> ModelWeights:
        """Fold the fitted estimators into the weights of a model."""
        fitted = [c for c in (self.stance, self.sentiment) if c is not None]
        coef = np.vstack([c.coef_ for c in fitted])
        intercept = np.concatenate([c.intercept_ for c in fitted])
        n_labels, n_clause = len(coef), len(self.labels.stances)
        own = coef if self.network is None else coef[:, :-n_labels]
        linear = replace(
            self.vectorizer.fold(own, intercept), clause_weight=self.clause_weight, n_clause_outputs=n_clause
        )
        if self.network is None:
            return linear
        names = {**linear.names, "pieces": self.network.pieces_}
        return replace(linear, names=names, gated=self.network.weights_.scaled(np.diag(coef[:, -n_labels:])))


def _limited(
    weights: NDArray[np.float64], holds: NDArray[np.bool_], alone: NDArray[np.bool_], share: float
) -> NDArray[np.float64]:
    """Weigh down rows that the network alone learns from where they would drown a rare stance of the others.

    Parameters
    ----------
    weights : ndarray of float64, shape (n_rows,)
    holds : ndarray of bool, shape (n_rows, n_stances)
    alone : ndarray of bool, shape (n_rows,)
        Which rows the network alone learns from.
    share : float
        Of a stance, they weigh at most so much of what the others weigh.
    """
    factor = np.ones(len(weights))
    for held in holds.T:
        these, most = held & alone, share * weights[held & ~alone].sum()
        if weights[these].sum() > most:
            factor[these] = np.minimum(factor[these], most / weights[these].sum())
    return weights * factor


def _round_weights(vectorizer: StatementVectorizer, fitted: Sequence[Any]) -> None:
    """Round what features weigh once their factors are folded in: half as many bytes in a compressed model."""
    first = 0
    for block, columns in vectorizer.names_.items():
        factors = vectorizer.factors_[block]
        used = factors > 0
        part = first + np.flatnonzero(used)
        for classifier in fitted:
            folded = classifier.coef_[:, part] * factors[used]
            classifier.coef_[:, part] = np.rint(folded / WEIGHT_STEP) * WEIGHT_STEP / factors[used]
        first += len(columns)


def _vectorizer(config: TrainingConfig, lexicon: Lexicon, vectors: WordVectors | None) -> StatementVectorizer:
    return StatementVectorizer(
        ngram_range=config.ngram_range,
        min_df=config.min_df,
        bigrams=config.bigrams,
        lexicon=lexicon,
        vectors=vectors,
        symbols=config.symbols,
        length_norm=config.length_norm,
        analyzer=config.analyzer,
        block_weights={
            "ngrams": config.ngram_weight,
            "bigrams": config.bigram_weight,
            "context": config.context_weight,
            "vectors": config.vector_weight,
            "scopes": config.scope_weight,
        },
    )
