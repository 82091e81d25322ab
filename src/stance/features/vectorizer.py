"""The feature module as a scikit-learn transformer: texts in, a sparse matrix out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.utils.validation import check_is_fitted

from stance.errors import TrainingError
from stance.features.counts import Analysed, Counts, count_features, count_words
from stance.features.scopes import SCOPES
from stance.features.transformer import TextTransformer
from stance.features.vectors import VECTOR_STEP, WordVectors
from stance.features.weights import ModelWeights
from stance.labels import check_texts
from stance.lexicon import Lexicon

__all__ = ["StatementVectorizer"]


class StatementVectorizer(TextTransformer):
    """Additive features of Arabic statements: n-grams, cues in their surroundings, word vectors.

    A statement's row is the sum of its words' rows plus a few features of several words.  Counts
    are multiplied by the inverse document frequency; there is no norm per statement, so that a
    linear score is a sum over words.

    Parameters
    ----------
    ngram_range : tuple of (int, int), default (2, 5)
        Lengths of the character n-grams inside words, word edges included.
    min_df : int, default 2
        Features seen in fewer texts are left out.
    bigrams : bool, default True
        Whether pairs of adjacent words are features.
    lexicon : Lexicon, optional
        Cue classes; the installed ones by default.
    vectors : WordVectors, optional
        Adds, for each scope of :data:`stance.features.scopes.SCOPES`, the sum of the vectors of
        its words, weighted by inverse document frequency and divided by the square root of the
        number of its tokens.
    symbols : bool, default False
        Whether punctuation marks and emoji are features.
    length_norm : bool, default False
        Whether counts are divided by the square root of the number of a text's tokens.
    block_weights : dict of str to float, optional
        Factors of the blocks ``ngrams``, ``bigrams``, ``context``, ``vectors`` (the scope of the whole
        text) and ``scopes`` (the others); 1 where not named.
        A larger factor is regularised less.
    analyzer : str, default ""
        ``"camel"`` adds lemmas and segments of words, see :mod:`stance.features.analyzers`.
    sparse_output : bool, default True
        Whether :meth:`transform` gives a sparse matrix; ``set_output(transform="pandas")`` wants a
        dense array.

    Attributes
    ----------
    names_ : dict of str to list of str
        Feature names by block: ``ngrams``, ``bigrams``, ``context``.
    columns_ : dict of str to ndarray of int64
        Which of the columns that were counted they are.
    factors_ : dict of str to ndarray of float64
        Their inverse document frequencies times the block's weight; ``vectors``: by word.

    Examples
    --------
    >>> texts = ["دعا إلى هدنة", "رحب بالهدنة", "دعا إلى وقف القتال"]
    >>> vectorizer = StatementVectorizer(min_df=1)
    >>> vectorizer.fit_transform(texts).shape[0]
    3
    >>> "cue=calling>truce|adjacent" in vectorizer.get_feature_names_out()
    True
    """

    def __init__(
        self,
        ngram_range: tuple[int, int] = (2, 5),
        min_df: int = 2,
        bigrams: bool = True,
        lexicon: Lexicon | None = None,
        vectors: WordVectors | None = None,
        block_weights: dict[str, float] | None = None,
        symbols: bool = False,
        length_norm: bool = False,
        analyzer: str = "",
        sparse_output: bool = True,
    ) -> None:
        self.ngram_range = ngram_range
        self.min_df = min_df
        self.bigrams = bigrams
        self.lexicon = lexicon
        self.vectors = vectors
        self.block_weights = block_weights
        self.symbols = symbols
        self.length_norm = length_norm
        self.analyzer = analyzer
        self.sparse_output = sparse_output

    def fit(self, raw_documents: Iterable[str], y: object = None) -> Self:  # noqa: ARG002  # scikit-learn passes it
        """Learn which features occur.

        Parameters
        ----------
        raw_documents : iterable of str
        y : ignored

        Returns
        -------
        StatementVectorizer

        Raises
        ------
        TypeError
            If a bare str is given instead of a list.
        TrainingError
            If there is no text, or none with a word in it.
        """
        self.fit_transform(raw_documents)
        return self

    def fit_transform(self, raw_documents: Iterable[str], y: object = None) -> sparse.csr_matrix:  # noqa: ARG002  # the same
        """Learn which features occur, and return the matrix of `raw_documents`.

        Parameters
        ----------
        raw_documents : iterable of str
        y : ignored

        Returns
        -------
        csr_matrix of float64, shape (n_texts, n_features)
            An ndarray without `sparse_output`.
        """
        counts = self.count(Analysed.of(check_texts(raw_documents), self.lexicon, self.analyzer))
        return self._output(self.fit_counts(counts))

    def count(self, analysed: Analysed) -> Counts:
        """Count the features of texts, before anything is learned.

        Parameters
        ----------
        analysed : Analysed
            The texts, analysed with this vectorizer's lexicon.

        Returns
        -------
        Counts
        """
        lexicon = analysed.table.lexicon
        blocks = count_features(analysed, self.ngram_range, self.bigrams, self.symbols, self.length_norm)
        if self.vectors is None:
            return Counts(lexicon, blocks, (), np.zeros((0, analysed.found.n_texts)))
        return Counts(lexicon, blocks, *count_words(analysed, self.vectors))

    def fit_counts(self, counts: Counts) -> sparse.csr_matrix:
        """Learn which features occur from counted texts, and return their matrix.

        Parameters
        ----------
        counts : Counts
            By :meth:`count`, or some rows of such.

        Returns
        -------
        csr_matrix of float64, shape (n_texts, n_features)
        """
        self.lexicon_ = counts.lexicon
        self.columns_: dict[str, NDArray[np.int64]] = {}
        self.names_: dict[str, list[str]] = {}
        self.factors_: dict[str, NDArray[np.float64]] = {}
        for block, (matrix, names) in counts.blocks.items():
            kept, idf = _frequent(matrix, self.min_df)
            self.columns_[block], self.names_[block] = kept, names.take(kept)
            self.factors_[block] = idf * self._weight(block)
        if not self.names_["ngrams"]:
            raise TrainingError(
                f"{counts.n_texts} texts hold no feature that {self.min_df} of them share; give more texts"
            )
        if self.vectors is not None:
            self.factors_["vectors"] = self._vector_factors()
        return self.transform_counts(counts)

    def transform_counts(self, counts: Counts) -> sparse.csr_matrix:
        """Return the matrix of texts that were counted together with those of :meth:`fit_counts`.

        Parameters
        ----------
        counts : Counts

        Returns
        -------
        csr_matrix of float64, shape (n_texts, n_features)
        """
        check_is_fitted(self, "names_")
        kept = {block: counts.blocks[block].matrix[:, columns] for block, columns in self.columns_.items()}
        return self._weigh(kept, counts)

    def transform(self, raw_documents: Iterable[str]) -> sparse.csr_matrix:
        """Return the matrix of texts.

        Parameters
        ----------
        raw_documents : iterable of str

        Returns
        -------
        csr_matrix of float64, shape (n_texts, n_features)
            Columns in the order of :meth:`get_feature_names_out`; an ndarray without `sparse_output`.

        Raises
        ------
        sklearn.exceptions.NotFittedError
            Before :meth:`fit`.
        TypeError
            If a bare str is given instead of a list.
        """
        check_is_fitted(self, "names_")
        counts = self.count(Analysed.of(check_texts(raw_documents), self.lexicon_, self.analyzer))
        aligned = {
            block: _align(matrix, names.take(np.arange(len(names))), self.names_[block])
            for block, (matrix, names) in counts.blocks.items()
        }
        return self._output(self._weigh(aligned, counts))

    def _output(self, matrix: sparse.csr_matrix) -> sparse.csr_matrix:
        return matrix if self.sparse_output else matrix.toarray()

    def get_feature_names_out(self, input_features: object = None) -> NDArray[np.object_]:  # noqa: ARG002  # the same
        """Return the names of the columns.

        Parameters
        ----------
        input_features : ignored

        Returns
        -------
        ndarray of str objects, shape (n_features,)
            ``w=`` words, ``c=`` character n-grams, ``l=`` lemmas and ``s=`` segments by an analyzer,
            ``b=`` pairs of words, ``cue=`` context features, ``v@`` vector dimensions of a scope.
        """
        check_is_fitted(self, "names_")
        names = [name for block in self.names_.values() for name in block]
        if self.vectors is not None:
            names += [f"v@{scope}={i}" for scope in SCOPES for i in range(self.vectors.vectors.shape[1])]
        return np.array(names, dtype=object)

    def _weigh(self, blocks: dict[str, sparse.csr_matrix], counts: Counts) -> sparse.csr_matrix:
        """Multiply counts by their factors, in place, and add the sums of vectors."""
        for block, matrix in blocks.items():
            matrix.data *= self.factors_[block][matrix.indices]
        sums = self._vector_sums(counts) if self.vectors is not None else []
        return sparse.hstack([*blocks.values(), *sums], format="csr")

    def _weight(self, block: str) -> float:
        return (self.block_weights or {}).get(block, 1.0)

    def _vector_factors(self) -> NDArray[np.float64]:
        """Weigh the words that have vectors: unseen ones count as the rarest seen."""
        assert self.vectors is not None  # noqa: S101  # for the type checker
        words = self.names_["ngrams"]
        factor = {w: f for w, f in zip(words, self.factors_["ngrams"].tolist(), strict=True) if w[:2] == "w="}
        rarest = max(factor.values(), default=1.0)
        scale = self._weight("vectors") / (self._weight("ngrams") or 1.0)
        return np.array([factor.get("w=" + w, rarest) * scale * VECTOR_STEP for w in self.vectors.words])

    def _vector_sums(self, counts: Counts) -> list[sparse.csr_matrix]:
        """Sum the weighted vectors of the words of each scope."""
        assert self.vectors is not None  # noqa: S101  # for the type checker
        dense = self.vectors.vectors.astype(np.float64) * self.factors_["vectors"][:, None]
        sums = []
        for name, words, scale in zip(SCOPES, counts.scopes, counts.scales, strict=True):
            ratio = 1.0 if name == "text" else self._scope_ratio()
            sums.append(sparse.csr_matrix((words @ dense) * (scale * ratio)[:, None]))
        return sums

    def _scope_ratio(self) -> float:
        """How much more the smaller scopes weigh than the whole text."""
        return self._weight("scopes") / (self._weight("vectors") or 1.0)

    def fold(self, coef: NDArray[np.float64], intercept: NDArray[np.float64]) -> ModelWeights:
        """Fold the features' factors into the weights of a linear model.

        Parameters
        ----------
        coef : ndarray of float64, shape (n_outputs, n_features)
            Weights of the columns of :meth:`transform`.
        intercept : ndarray of float64, shape (n_outputs,)

        Returns
        -------
        ModelWeights
        """
        check_is_fitted(self, "names_")
        names: dict[str, list[str]] = {"bigrams": [], **self.names_, "vectors": []}
        weights = {block: np.zeros((0, len(coef)), np.float32) for block in ("ngrams", "bigrams", "context")}
        first = 0
        for block, columns in self.names_.items():
            part = coef[:, first : first + len(columns)] * self.factors_[block]
            if block == "ngrams":  # those without any weight were left out
                kept = np.flatnonzero(part.any(axis=0))
                names[block] = [columns[i] for i in kept.tolist()]
                part = part[:, kept]
            weights[block] = part.T.astype(np.float32)
            first += len(columns)
        vectors = np.zeros((0, 0), np.int8)
        factors = np.zeros(0, np.float32)
        scopes = np.zeros((len(SCOPES), 0, len(coef)), np.float32)
        if self.vectors is not None:
            names["vectors"] = list(self.vectors.words)
            vectors, factors = self.vectors.vectors, self.factors_["vectors"].astype(np.float32)
            ratio = np.where(np.arange(len(SCOPES)) == 0, 1.0, self._scope_ratio())
            parts = coef[:, first:].reshape(len(coef), len(SCOPES), -1).transpose(1, 2, 0)
            scopes = (parts * ratio[:, None, None]).astype(np.float32)
        return ModelWeights(
            names,
            weights,
            vectors,
            factors,
            scopes,
            intercept,
            self.ngram_range,
            length_norm=self.length_norm,
            analyzer=self.analyzer,
        )


def _frequent(matrix: sparse.csr_matrix, min_df: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Find the columns that enough of the texts have, and work out their idf."""
    if not isinstance(min_df, (int, np.integer)) or min_df < 1:
        raise TrainingError(
            f"min_df must be a number of texts, an int from 1 on, got {min_df!r}; shares are not taken"
        )
    df = np.bincount(matrix.indices, minlength=matrix.shape[1])
    kept = np.flatnonzero(df >= min_df)
    return kept, np.log((1 + matrix.shape[0]) / (1 + df[kept])) + 1


def _align(matrix: sparse.csr_matrix, names: list[str], wanted: list[str]) -> sparse.csr_matrix:
    """Bring counted columns into the order of the fitted ones."""
    number = {name: i for i, name in enumerate(wanted)}
    pairs = [(i, number[n]) for i, n in enumerate(names) if n in number]
    old, new = np.array(pairs, np.int64).reshape(-1, 2).T
    move = sparse.csr_matrix((np.ones(len(old)), (old, new)), shape=(len(names), len(wanted)))
    aligned = matrix @ move
    aligned.sort_indices()
    return aligned
