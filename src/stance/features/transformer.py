"""What scikit-learn wants to know of transformers that take texts."""

from __future__ import annotations

from typing import Self, cast

from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils import Tags
from sklearn.utils.metadata_routing import UNUSED

__all__ = ["TextTransformer"]


class TextTransformer(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # sklearn is untyped
    """Base of transformers of texts: their tags, and that ``raw_documents`` is no metadata."""

    __metadata_request__fit = {"raw_documents": UNUSED}  # noqa: RUF012  # read by scikit-learn, never written
    __metadata_request__transform = {"raw_documents": UNUSED}  # noqa: RUF012  # the same

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.one_d_array = True
        tags.input_tags.two_d_array = False
        tags.transformer_tags.preserves_dtype = []
        return tags

    def set_output(self, *, transform: str | None = None) -> Self:
        """Choose the container of :meth:`transform`: ``"default"``, ``"pandas"`` or ``"polars"``.

        Parameters
        ----------
        transform : str, optional
            None changes nothing.

        Returns
        -------
        TextTransformer

        Raises
        ------
        ValueError
            If a table is asked for while the output is sparse.
        """
        if transform in ("pandas", "polars") and getattr(self, "sparse_output", False):
            raise ValueError(
                f"a sparse matrix does not fit into {transform}; make a {type(self).__name__}(sparse_output=False), "
                "best with a higher min_df, as every feature becomes a full column"
            )
        return cast(Self, super().set_output(transform=transform))
