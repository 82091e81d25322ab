"""The same answer whatever the process: seeds of hashes, locales, kernel, jobs; and from the first model for ever.

Over interpreters and versions of numpy the same check is run by .ci/everywhere.
"""

import hashlib
import json
import locale
import os
import subprocess
import sys

import numpy as np
import pytest
import same_answer
from same_answer import GOLDEN, OLD, READING, differences, old_differences, rows

import stance
from stance.model import read_model
from stance.statements import Reader, read_reader
from stance.statements.network import SpanNetwork
from stance.statements.tagging import Tagger

LOCALES = ("C", "ar_SA.UTF-8", "tr_TR.UTF-8")


def has(name):
    before = locale.setlocale(locale.LC_ALL)
    try:
        locale.setlocale(locale.LC_ALL, name)
    except locale.Error:
        return False
    locale.setlocale(locale.LC_ALL, before)
    return True


def check(root, *arguments, **changes):
    """Run the check in a fresh process and return what it printed."""
    environment = {**os.environ, "PYTHONUTF8": "0", **changes}
    command = [sys.executable, root / "tests" / "same_answer.py", *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("seed", ["0", "4294967295"])
def test_whatever_the_seed_of_hashes(root, seed):
    assert check(root, PYTHONHASHSEED=seed).startswith("0 differences")


@pytest.mark.parametrize("name", LOCALES)
def test_in_any_locale(root, name):
    if not has(name):
        pytest.skip(f"the locale {name} is not installed")
    said = check(root, LC_ALL=name, PYTHONCOERCECLOCALE="0")
    assert said.startswith("0 differences")
    assert said.split("locale ")[1].startswith(name)


def test_without_the_kernel(root):
    assert "no kernel" in check(root, STANCE_KERNEL="0")


def test_with_two_processes(root):
    assert "2 jobs" in check(root, "--jobs", "2")


def test_a_difference_is_found():
    wanted = [{"stances": ["warning"], "probabilities": {"warning": 0.5}}]
    assert not list(
        differences([{"stances": ["warning"], "probabilities": {"warning": 0.5 + 9e-7}}], wanted, "")
    )
    for other in (
        [],
        [{"stances": [], "probabilities": {"warning": 0.5}}],
        [{"stances": ["warning"], "probabilities": {"warning": 0.5 + 2e-6}}],
        [{"stances": ["warning"], "probabilities": {"warning": float("nan")}}],
        [{"stances": ["warning"], "probabilities": {"supportive": 0.5}}],
    ):
        assert list(differences(other, wanted, ""))


def test_the_golden_files_hold_every_label():
    for path in (same_answer.PREDICTIONS, *OLD):
        found = rows(path)
        assert {s for row in found for s in row["stances"]} == set(stance.STANCES)
        assert {row["sentiment"] for row in found} == set(stance.SENTIMENTS)
    speakers = [s["speaker"] for article in rows(READING) for s in article["statements"]]
    assert len(set(speakers)) > 50


def test_the_models_of_each_format_are_as_they_were():
    """Whoever has to change these digests breaks the promise that old models load for ever."""
    digests = {
        name: hashlib.sha256((GOLDEN / name).read_bytes()).hexdigest()[:16]
        for name in (
            "model-0.1.0.jsonl",
            "model-0.1.0/SHA256SUMS",
            "model-gated-0.1.0.jsonl",
            "model-gated-0.1.0/SHA256SUMS",
            "model-whole-0.1.0.jsonl",
            "model-whole-0.1.0/SHA256SUMS",
            "model-clauses-0.1.0.jsonl",
            "model-clauses-0.1.0/SHA256SUMS",
            "reader-0.1.0/SHA256SUMS",
            "reader-network-0.1.0/SHA256SUMS",
            "reader-ends-0.1.0/SHA256SUMS",
        )
    }
    assert digests == {
        "model-0.1.0.jsonl": "df832f61219a5ddd",
        "model-0.1.0/SHA256SUMS": "8c0f7d2e07857d09",
        "model-gated-0.1.0.jsonl": "611440d0e6353480",
        "model-gated-0.1.0/SHA256SUMS": "ca1c1504d646f6a5",
        "model-whole-0.1.0.jsonl": "611440d0e6353480",
        "model-whole-0.1.0/SHA256SUMS": "b8e0e5e3b0f0d433",
        "model-clauses-0.1.0.jsonl": "7d7acf52346d3588",
        "model-clauses-0.1.0/SHA256SUMS": "d03cd5bca4e627bc",
        "reader-0.1.0/SHA256SUMS": "51522468696db116",
        "reader-network-0.1.0/SHA256SUMS": "af6499af2410a8cf",
        "reader-ends-0.1.0/SHA256SUMS": "e450c4b4a2d8e684",
    }


@pytest.mark.parametrize(
    ("path", "number"), list(zip(OLD, (1, 2, 3, 4), strict=True)), ids=["1", "2", "3", "4"]
)
def test_the_model_of_each_format_says_what_it_said(path, number):
    model = read_model(path.with_suffix(""))
    assert (model.config.versions["stance"], model.config.format) == ("0.1.0", number)
    assert not list(old_differences(path))


@pytest.mark.parametrize(
    ("name", "number"), [("reader-0.1.0", 1), ("reader-network-0.1.0", 2), ("reader-ends-0.1.0", 3)]
)
def test_the_reader_of_each_format_reads(name, number):
    assert json.loads((GOLDEN / name / "config.json").read_text(encoding="utf-8"))["format"] == number
    reader = Reader(stance.load(OLD[0].with_suffix("")), read_reader(GOLDEN / name))
    article = reader.read("حذر وزير الخارجية النرويجي من كارثة وشيكة. ثم غادر القاعة.")
    assert [s.speaker for s in article] == ["وزير الخارجية النرويجي", None]
    assert article[0].stances == {"warning"}


def test_the_first_released_network_says_what_it_said():
    model = read_reader(GOLDEN / "reader-network-0.1.0")
    tagged = Tagger(model.lexicon, model.clusters).tag("وأضافت أن المساعدات ستصل", stances="supportive")
    view = SpanNetwork(model.network, sorted(model.clusters)).look([tagged], [{}])
    wanted = [-12.1444, -11.5411, -12.8589, -12.742, 0.1203, -3.6232]
    np.testing.assert_allclose(view.speakers, [wanted], atol=1e-3)
    (heard,) = view.recipients([0], [None], ["supportive"])
    np.testing.assert_allclose(heard, [-11.4291, -11.5912, -11.1298, -11.4248, 1.5705], atol=1e-3)
    article = Reader(stance.load(OLD[0].with_suffix("")), model).read(
        "حذر وزير الخارجية النرويجي من كارثة وشيكة. وأعربت كندا عن دعمها. وأضافت أن المساعدات ستصل غدا."
    )
    assert [s.speaker for s in article] == ["وزير الخارجية النرويجي", "كندا", None]
