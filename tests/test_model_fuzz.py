"""Mutants of model folders by the ten thousand: none crashes, hangs, or raises anything but ModelError.

``STANCE_FUZZ_MUTANTS`` sets how many; more of them, and other seeds, by ``python tests/fuzz_models.py --help``.
"""

import os
from collections import Counter

import pytest

pytest.importorskip("resource", reason="processes are limited and watched as POSIX has it")

from fuzz_models import KINDS, fuzz

MUTANTS = int(os.environ.get("STANCE_FUZZ_MUTANTS", "20000"))


def test_no_mutant_of_a_model_folder_does_harm(record_property):
    counts, (seconds, slowest) = fuzz(MUTANTS, seed=0)
    for (kind, outcome), n in sorted(counts.items()):
        record_property(f"{kind}, {outcome}", n)
    record_property(f"slowest: mutant {slowest}", seconds)
    assert sum(counts.values()) == MUTANTS
    # the fuzzer must reach what it is for: digests made anew, folders that load, folders that do not
    by_outcome = Counter()
    for (kind, outcome), n in counts.items():
        by_outcome[kind, outcome.startswith("signed"), outcome.endswith("loaded")] += n
    for kind in KINDS:
        assert by_outcome[kind, True, True] > MUTANTS / 50
        assert by_outcome[kind, True, False] > MUTANTS / 20
        assert by_outcome[kind, False, False] > MUTANTS / 50
