from collections.abc import Callable
from typing import Any

class Index:
    def __init__(self, page_of: Callable[[int], bytes], seed: int, longest: int) -> None: ...
    def find(self, texts: list[str]) -> tuple[bytes, bytes, list[str]]: ...
    def add(self, word: str) -> int: ...

class Matcher:
    def __init__(
        self,
        forms: list[str],
        form_from: Any,
        form_codes: Any,
        exact: list[str],
        exact_from: Any,
        exact_codes: Any,
        prefixes: list[str],
        prefix_kinds: Any,
        suffixes: list[str],
        seed: int,
    ) -> None: ...
    def match(self, words: list[str]) -> tuple[bytes, bytes]: ...

class Normalizer:
    def __init__(self, page_of: Callable[[int], bytes]) -> None: ...
    def forms(self, words: list[str], longest: int) -> list[str | None]: ...

class Ngrams:
    def __init__(self, names: list[str], seed: int) -> None: ...
    def sums(
        self, words: list[str], shortest: int, longest: bytes, continues: bytes, weights: Any
    ) -> bytes: ...

class Ranker:
    def __init__(
        self, tables: tuple[dict[str, float], ...], others: tuple[dict[str, float], ...] = ...
    ) -> None: ...
    def score(self, description: tuple[str, ...]) -> float: ...
    def scores(self, description: tuple[str, ...]) -> tuple[float, float]: ...

class Scoring:
    def __init__(
        self,
        arrays: tuple[Any, ...],
        n_outputs: int,
        n_classes: int,
        n_scopes: int,
        n_patterns: int,
        n_bigram_words: int,
        n_parts: int,
        n_networks: int,
        n_state: int,
        n_heads: int,
        negation: int,
        void_word: int,
        length_norm: bool,
        clause_weight: float,
        n_clause_outputs: int,
        seed: int,
    ) -> None: ...
    def scores(self, ids: bytes, lengths: bytes, columns: tuple[Any, ...]) -> tuple[bytes, bytes, bytes]: ...
    def add_flags(self, keys: bytes) -> None: ...

def product(left: Any, right: Any) -> bytes: ...
def records(names: tuple[str, ...], values: Any) -> list[dict[str, float]]: ...
