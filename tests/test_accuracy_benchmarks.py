"""The benchmarks of accuracy on a few own statements: that they tell what settings were taken, and draw what was found."""

import gzip
import json
import sys

import numpy as np
import pytest

from stance.labels import SENTIMENTS, STANCES
from stance.validation import folds_of

TUNED, PLAIN = "tf-idf, linear SVM", "keyword rules"


@pytest.fixture
def rivals(root, monkeypatch):
    monkeypatch.syspath_prepend(str(root / "benchmarks"))
    import rivals

    monkeypatch.setattr(rivals, "own_statements", list)
    monkeypatch.setattr(rivals, "more_news", lambda _: [])
    return rivals


def test_the_setting_of_the_first_fold_is_told_and_kept(rivals, labelled_file, tmp_path, monkeypatch, capsys):
    folder, results, picture = tmp_path / "data", tmp_path / "r.json", tmp_path / "rivals.png"
    for name in ("annotation", "corpora"):
        (folder / name).mkdir(parents=True)
    (folder / "annotation" / "statements.jsonl").write_bytes(labelled_file.read_bytes())
    with gzip.open(folder / "corpora" / "news.txt.gz", "wt") as file:
        file.write("text\n")
    options = ["--folds", "2", "--results", results, "--picture", picture, "--only", PLAIN, TUNED]
    monkeypatch.setattr(sys, "argv", ["rivals.py", "--data", str(folder), *map(str, options)])
    assert rivals.main() == 0
    kept = json.loads(results.read_text())
    assert sorted(kept) == sorted(["stance, as shipped", PLAIN, TUNED])
    assert [set(kept[name]) for name in ("stance, as shipped", PLAIN)] == [{"figures"}] * 2
    tuned = kept[TUNED]
    worth = tuned["mAP on the first fold"]
    assert list(worth) == ["0.1", "0.3", "1"]
    assert worth[f"{tuned['C']:g}"] == max(worth.values())
    lines = {line[:30].strip(): line for line in capsys.readouterr().out.splitlines()}
    assert f"  C {tuned['C']:g} (mAP on the first fold: 0.1 {worth['0.1']:.3f}, 0.3 " in lines[TUNED]
    assert "C " not in lines[PLAIN]
    assert picture.stat().st_size > 5000


def test_what_ranks_the_first_fold_best_scores_all_folds(rivals, some_rows):
    fold = folds_of(some_rows, 3, 0)
    truth = rivals.targets(some_rows)
    asked = []

    def score(_, test, settings):
        asked.append(settings)
        here = truth[[some_rows.index(row) for row in test]].astype(float)
        return [here if setting == 2 else 1 - here for setting in settings]

    found = rivals.measure(rivals.Rival(score, (1, 2, 3)), some_rows, [], fold)
    assert found.chosen == 2
    assert found.worth[2] == 1.0 > max(found.worth[1], found.worth[3])
    assert asked == [(1, 2, 3), (2,), (2,)]
    assert np.array(found.figures) == pytest.approx(1)
    assert len(found.figures) == 2 + len(STANCES)
    assert len(SENTIMENTS) == truth.shape[1] - len(STANCES)


def test_the_learning_curve_is_that_of_the_table(root, tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(root / "benchmarks"))
    import ablations

    page = (root / "benchmarks" / "README.md").read_text(encoding="utf-8")
    curve = ablations.curve_of(page)
    assert list(curve) == [0.125, 0.25, 0.5, 1.0]
    assert {len(figures) for figures in curve.values()} == {6}
    every = [line for line in page.splitlines() if line.startswith("| all of it |")]
    assert every == [f"| all of it | {' | '.join(f'{value:.3f}' for value in curve[1.0])} |"]
    monkeypatch.setattr(sys, "argv", ["ablations.py", "--picture", str(tmp_path / "curve.png")])
    assert ablations.main() == 0
    assert (tmp_path / "curve.png").stat().st_size > 5000
