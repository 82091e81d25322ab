"""The speed benchmark on a few own statements: that it runs, and that what it measures with is right."""

import gzip
import json
import subprocess
import sys
from itertools import chain

import pytest

from stance.lexicon import Lexicon
from stance.text import words


@pytest.fixture(scope="module")
def benchmarks(root):
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(root / "benchmarks"))
        yield


@pytest.fixture(scope="module")
def data(own_rows, tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    (folder / "corpora").mkdir()
    with gzip.open(folder / "corpora" / "news.txt.gz", "wt", encoding="utf-8") as file:
        file.writelines(f"{row.text}\n" for row in own_rows[:60])
    return folder


def run(root, *arguments):
    command = [sys.executable, str(root / "benchmarks" / "speed.py"), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_measures_and_draws_from_a_small_folder(root, data, tmp_path):
    small = "--rivals --rounds 1 --singles 20 --lexicons 1 2 --stream 60 --random 16 --caps 100"
    only = "--only rivals latency growth cap"
    done = run(
        root, "--data", data, *f"{only} {small}".split(), "--json", tmp_path / "speed.json", "--plots", tmp_path
    )  # fmt: skip
    found = json.loads((tmp_path / "speed.json").read_text())
    missed = [b["what"] for b in found["bounds"] if b["verdict"] == "MISSED"]
    assert done.returncode == bool(missed), done.stderr
    assert set(found["parts"]) == {"rivals", "latency", "batch size", "lexicon size", "time running", "cap"}
    # of so few sentences no bound says anything, but those of rivals that were left out must not count
    absent = {b["what"] for b in found["bounds"] if b["verdict"] == "not measured"}
    assert absent == {
        "scikit-learn / decide, cold",
        "scikit-learn / decide, warm",
        "fastText / decide, warm",
    }
    assert found["parts"]["time running"]["statements"][-1] == 60
    assert sorted(p.name for p in tmp_path.glob("*.png")) == [
        f"speed-{name}.png" for name in ("batch", "cap", "lexicon", "time")
    ]


def test_tells_what_is_missing(root, data, tmp_path):
    for folder, what in ((tmp_path, "news.txt.gz is not there"), (data, "statements.jsonl is not there")):
        done = run(root, "--data", folder)
        assert done.returncode == 1
        assert what in done.stderr
        assert "Traceback" not in done.stderr
    assert run(root, "--data", data, "--rounds", "0").returncode == 2


@pytest.mark.usefixtures("benchmarks")
def test_made_up_cues_match_nothing(own_rows):
    from speed_growth import more_cues

    plain = Lexicon.default()
    large = Lexicon(list(more_cues(plain.cues, 3)))
    assert len(large.cues) == 3 * len(plain.cues)
    assert large.classes == plain.classes
    for row in own_rows[::20]:
        assert large.find(row.text) == plain.find(row.text)


@pytest.mark.usefixtures("benchmarks")
def test_streams_do_not_repeat_and_are_cut_into_chunks(own_rows):
    from speed_streams import WORDS, news_stream, random_words

    chunks = list(random_words(250, 100))
    assert [len(c) for c in chunks] == [100, 100, 50]
    found = [w.norm for text in chain(*chunks) for w in words(text)]
    assert len(found) == 250 * WORDS
    assert len(set(found)) > 0.99 * len(found)
    lines = [row.text for row in own_rows[:500]]
    stream = list(chain(*news_stream(lines, 1000, 300)))
    assert len(stream) == 1000
    assert len(set(stream)) > 990
    assert stream == list(chain(*news_stream(lines, 1000, 300)))


@pytest.mark.usefixtures("benchmarks")
def test_figures_spreads_and_bounds():
    from measuring import Bound, Spread, figure, in_turn, later_to_earlier, resident

    assert [figure(v) for v in (0, 0.01234, 1.2345, 98.76, 1234.5)] == [
        "0",
        "0.0123",
        "1.23",
        "98.8",
        "1,234",
    ]
    assert Spread.of([3, 1, 2]) == (2, 1, 3)
    assert [Bound("", v, at_least=4).verdict for v in (None, 3.9, 4)] == ["not measured", "MISSED", "met"]
    assert [Bound("", v, at_most=3).verdict for v in (None, 3.1, 3)] == ["not measured", "MISSED", "met"]
    assert later_to_earlier([9, 9, 1, 1, 1, 1, 3, 3]) == 3
    assert later_to_earlier([5]) == 1
    order = []
    times = in_turn({name: lambda name=name: order.append(name) for name in "ab"}, 2)
    assert order == list("abab")
    assert [len(t) for t in times.values()] == [2, 2]
    held = b"x" * 30_000_000
    assert resident() > len(held) / 1e6


@pytest.mark.usefixtures("benchmarks")
def test_ratios_are_held_against_what_is_wanted():
    from speed_rivals import OURS, Rival, compare

    ours = {name: [1.0, 2.0] for name in OURS}
    rivals = {name: Rival(len, 1) for name in ("str.split", "scikit-learn")}
    times = {
        "cold": {**ours, "str.split": [0.1, 0.2], "scikit-learn": [14.0, 28.0]},
        "warm": {**ours, "str.split": [0.5, 1.0], "scikit-learn": [50.0, 100.0]},
    }
    bounds = {b.what: b for b in compare(times, rivals, ["نص"], [0.1]).bounds}
    assert bounds["decide / str.split, warm"].value == 2
    assert {what: b.verdict for what, b in bounds.items()} == {
        "scikit-learn / decide, cold": "MISSED",
        "decide / str.split, warm": "met",
        "scikit-learn / decide, warm": "met",
        "fastText / decide, warm": "not measured",
    }
