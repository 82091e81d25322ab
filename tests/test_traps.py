"""The trap suite (CheckList: Ribeiro et al. 2020): minimal pairs that a keyword list falls for.

Each file of ``tests/traps`` is a family of pairs; the first row of a pair is the plain act, the
second the same sentence with the trap.  What the model learned from is in ``training/traps``: other
pairs of the same families, never these.
"""

import json
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent / "traps"
FAMILIES = sorted(path.stem for path in FOLDER.glob("*.jsonl"))
INVARIANT = {"spelling", "word_order"}
"""Families whose pairs say the same in another way; in the others one turn changes the stances."""
WANTED = 0.9
# Families that fall short of 90 % so far, and the share of rows that are right: docs/accuracy.md
# tells what was tried.  One that reaches it fails here, and is to be taken off the list.
SHORT: dict[str, float] = {
    "condemnation": 0.7,
    "conditional": 0.825,
    "denial": 0.75,
    "homograph": 0.85,
    "hope": 0.75,
    "negation": 0.7,
    "own_offer": 0.5,
    "refusal": 0.825,
    "truce_report": 0.625,
    "word_order": 0.825,
}


def pairs(family):
    lines = (FOLDER / f"{family}.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    return list(zip(rows[::2], rows[1::2], strict=True))


@pytest.fixture(scope="module")
def pass_rates(model):
    rates = {}
    for family in FAMILIES:
        rows = [row for pair in pairs(family) for row in pair]
        found = model.predict([row["text"] for row in rows])
        rates[family] = sum(p.stances == set(r["stances"]) for p, r in zip(found, rows, strict=True)) / len(
            rows
        )
    return rates


@pytest.mark.parametrize("family", FAMILIES)
def test_pairs_are_pairs(family, root):
    for plain, trap in pairs(family):
        assert plain["id"].split(":")[0] == trap["id"].split(":")[0]
        assert plain["text"] != trap["text"]
        assert (plain["stances"] == trap["stances"]) == (family in INVARIANT)
    learned = root / "training" / "traps" / f"{family}.jsonl"
    if learned.exists():
        known = {json.loads(line)["text"] for line in learned.read_text(encoding="utf-8").splitlines()}
        assert not known & {row["text"] for pair in pairs(family) for row in pair}
        assert len(known) >= 2 * len(pairs(family))


@pytest.mark.parametrize("family", [f for f in FAMILIES if f != "spelling"])
def test_family(family, pass_rates):
    if family in SHORT:
        assert SHORT[family] - 0.03 <= pass_rates[family] < WANTED
        pytest.xfail(f"{pass_rates[family]:.0%} of the rows are right, {WANTED:.0%} are wanted")
    assert pass_rates[family] >= WANTED


def test_spelling_changes_nothing(model):
    both = pairs("spelling")
    plain, variant = (model.predict([pair[i]["text"] for pair in both]) for i in (0, 1))
    assert [p.stances for p in plain] == [p.stances for p in variant]
    assert [p.sentiment for p in plain] == [p.sentiment for p in variant]
