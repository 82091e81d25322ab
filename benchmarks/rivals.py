"""This library's rivals on the same folds and rows, by the same cross-fitted thresholds.

    python -m venv rivals && rivals/bin/pip install -e . -r benchmarks/rivals.txt
    rivals/bin/python benchmarks/rivals.py --data FOLDER [--seed 0]

Each rival gives a score per stance and per sentiment from the rows that stance itself learns from
(the news rows of the other folds, the other news rows and the own statements).  A rival whose
regularisation can be tuned takes the setting that does best on the first fold, on all of them, which flatters it;
which one, and what the others were worth, is printed beside its scores and kept in the results.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from accuracy import more_news, own_statements, rows_of, split, unlabelled
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, f1_score, precision_recall_curve
from sklearn.svm import LinearSVC

import stance
from stance.classifiers import indicator
from stance.labels import SENTIMENTS, STANCES
from stance.lexicon import Lexicon
from stance.text import words
from stance.validation import folds_of

Scores = np.ndarray


class Rival(NamedTuple):
    """What gives scores, and the values of C to choose from; none where nothing is tuned.

    `score` goes from rows to learn from, rows to score and some of these values to scores of the stances, then of the
    sentiments, once for each value.
    """

    score: Callable[[Sequence, Sequence, Sequence[float | None]], list[Scores]]
    settings: tuple[float | None, ...] = (None,)


class Measured(NamedTuple):
    """The figures of a rival, the C that it took, and what each C was worth on the first fold."""

    figures: list[float]
    chosen: float | None
    worth: dict[float, float]

    def line(self, name: str) -> str:
        """Return its line of the table."""
        first, *rest, last = self.figures
        shown = f"{name:30}{first:10.3f}{''.join(f'{f:9.3f}' for f in rest)}{last:11.3f}"
        if self.chosen is None:
            return shown
        tried = ", ".join(f"{c:g} {worth:.3f}" for c, worth in self.worth.items())
        return f"{shown}  C {self.chosen:g} (mAP on the first fold: {tried})"

    def to_dict(self) -> dict[str, object]:
        """Return what is kept of it."""
        figures = [round(value, 4) for value in self.figures]
        if self.chosen is None:
            return {"figures": figures}
        worth = {f"{c:g}": round(value, 4) for c, value in self.worth.items()}
        return {"figures": figures, "C": self.chosen, "mAP on the first fold": worth}


def targets(rows) -> np.ndarray:
    return np.hstack(
        [indicator([r.stances for r in rows]), indicator([(r.sentiment,) for r in rows], SENTIMENTS)]
    )


def clean(text: str) -> str:
    return " ".join(w.norm for w in words(text))


def one_by_one(features, make, *settings):
    """One binary classifier per label on shared features, for each of several values of C."""

    def score(train, test, values):
        fit, transform = features()
        X, Z, Y = fit([r.text for r in train]), transform([r.text for r in test]), targets(train)
        return [np.stack([make(C)(X, y, Z) for y in Y.T], axis=1) for C in values]

    return Rival(score, settings)


def vectorizers(preprocessor=clean):
    return [
        TfidfVectorizer(preprocessor=preprocessor, token_pattern=r"\S+", ngram_range=(1, 2), min_df=2, sublinear_tf=True),  # noqa: S106  # no password
        TfidfVectorizer(preprocessor=preprocessor, analyzer="char_wb", ngram_range=(2, 5), min_df=3, sublinear_tf=True),
    ]  # fmt: skip


def tfidf():
    both = vectorizers()
    return (
        lambda texts: sparse.hstack([v.fit_transform(texts) for v in both], format="csr"),
        lambda texts: sparse.hstack([v.transform(texts) for v in both], format="csr"),
    )


def logistic(C):
    def make(X, y, Z):
        model = LogisticRegression(C=C, class_weight="balanced", solver="liblinear", random_state=0)
        return model.fit(X, y).decision_function(Z)

    return make


def svm(C):
    return lambda X, y, Z: (
        LinearSVC(C=C, class_weight="balanced", random_state=0).fit(X, y).decision_function(Z)
    )


def nb_svm(C):
    """Features scaled by their log-count ratios (Wang and Manning 2012)."""

    def make(X, y, Z):
        p, q = (1 + np.asarray(X[y == k].sum(axis=0)).ravel() for k in (1, 0))
        ratio = sparse.diags(np.log((p / p.sum()) / (q / q.sum())))
        return svm(C)(X @ ratio, y, Z @ ratio)

    return make


def keywords(_train, test, _settings):
    """Cue classes as a keyword list: any cue of a class decides."""
    lexicon = Lexicon.default()
    wanted = (
        ({"support_verb", "support_noun", "praise", "welcome", "pledge", "readiness"}, set()),
        ({"warning", "alarm", "threat"}, set()),
        ({"calling", "plea"}, {"truce"}),
        ({"negative_word", "condemnation", "violence_event", "danger"}, set()),
        (set(), set()),
        ({"positive_word", "praise", "welcome", "hope"}, set()),
    )
    found = [{m.cue_class for m in lexicon.find(r.text)} for r in test]
    scores = [[float(bool(a & f) and (not b or bool(b & f))) for a, b in wanted] for f in found]
    return [np.array(scores) + np.array([0, 0, 0, 0, 0.5, 0])]


def fasttext_model(train, preprocessor=clean, minn=3):
    import fasttext as library  # noqa: PLC0415  # so that the other rivals run without it

    names = [*STANCES, *SENTIMENTS]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "train.txt"
        lines = []
        for row, held in zip(train, targets(train), strict=True):
            labels = " ".join(f"__label__{n}" for n, h in zip(names, held, strict=True) if h)
            lines.append(f"{labels} {preprocessor(row.text)}")
        path.write_text("\n".join(lines), encoding="utf-8")
        return library.train_supervised(
            str(path), loss="ova", epoch=25, lr=0.5, dim=100, wordNgrams=2, minn=minn, maxn=5, minCount=2,
            bucket=500_000, seed=0, thread=1, verbose=0,
        )  # fmt: skip


def fasttext(train, test, _settings):
    model = fasttext_model(train)
    rows = []
    for row in test:
        # the method behind predict(), which does not pass through numpy's changed copy rules
        found = model.f.predict(clean(row.text) + "\n", -1, 0.0, "strict")
        p = {label.removeprefix("__label__"): value for value, label in found}
        rows.append([p.get(n, 0.0) for n in (*STANCES, *SENTIMENTS)])
    return [np.array(rows)]


def microtc_features():
    from microtc.textmodel import TextModel  # noqa: PLC0415  # see fasttext

    model = TextModel(token_list=[-2, -1, 3, 5], weighting="tfidf", num_option="group", usr_option="delete")
    return lambda texts: _csr(model.fit(texts).transform(texts)), lambda texts: _csr(model.transform(texts))


def b4msa_features():
    from b4msa.textmodel import TextModel  # noqa: PLC0415  # see fasttext

    model = TextModel(lang="ar", token_list=[-2, -1, 3, 5], stopwords="none", stemming=False, negation=False)
    return lambda texts: _csr(model.fit(texts).transform(texts)), lambda texts: _csr(model.transform(texts))


def _csr(matrix):
    return sparse.csr_matrix(matrix)


RIVALS: dict[str, Rival] = {
    "keyword rules": Rival(keywords),
    "tf-idf, logistic regression": one_by_one(tfidf, logistic, 1.0, 5.0),
    "tf-idf, linear SVM": one_by_one(tfidf, svm, 0.1, 0.3, 1.0),
    "NB-SVM": one_by_one(tfidf, nb_svm, 0.03, 0.1, 0.3),
    "fastText supervised": Rival(fasttext),
    "microTC, linear SVM": one_by_one(microtc_features, svm, 0.1, 0.3, 1.0),
    "b4msa, linear SVM": one_by_one(b4msa_features, svm, 0.1, 0.3, 1.0),
}


def threshold(scores, truth) -> float:
    """The threshold of the best F1."""
    precision, recall, thresholds = precision_recall_curve(truth, scores)
    f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-12)
    return float(thresholds[int(f1[:-1].argmax())])


def figures(scores, rows, fold) -> list[float]:
    truth, n = targets(rows), len(STANCES)
    held = np.zeros((len(rows), n), int)
    for k in np.unique(fold):
        for j in range(n):
            at = threshold(scores[fold != k, j], truth[fold != k, j])
            held[fold == k, j] = scores[fold == k, j] >= at
    single = f1_score(truth[:, :n], held, average=None, zero_division=0)
    found = scores[:, n:].argmax(axis=1)
    sentiment = f1_score(truth[:, n:].argmax(axis=1), found, average="macro", zero_division=0)
    return [float(single.mean()), *map(float, single), float(sentiment)]


def shipped() -> Measured:
    """The figures of the installed model's own cross-validation: seed 0, the same folds."""
    metrics = stance.load().config.metrics
    single = [metrics["stances"][name]["f1"] for name in STANCES]
    return Measured([metrics["stance_macro_f1"], *single, metrics["sentiment_macro_f1"]], None, {})


def measure(rival: Rival, rows, extra, fold) -> Measured:
    """Cross-validate a rival, with the setting that ranks the first fold best."""
    scores = np.zeros((len(rows), len(STANCES) + len(SENTIMENTS)))
    tried = rival.score(*split(rows, extra, fold, 0), rival.settings)
    truth = targets(rows)[fold == 0, : len(STANCES)]
    worth = [average_precision_score(truth, t[:, : len(STANCES)]) for t in tried]
    chosen = int(np.argmax(worth))
    scores[fold == 0] = tried[chosen]
    for k in range(1, int(fold.max()) + 1):
        scores[fold == k] = rival.score(*split(rows, extra, fold, k), rival.settings[chosen : chosen + 1])[0]
    tuned = {c: float(w) for c, w in zip(rival.settings, worth, strict=True) if c is not None}
    return Measured(figures(scores, rows, fold), rival.settings[chosen], tuned)


def draw(found: dict[str, list[float]], path: str) -> None:
    """Draw the macro-F1 of stances and of sentiments as bars."""
    import matplotlib as mpl  # noqa: PLC0415  # only for this option

    mpl.use("Agg")
    from matplotlib import pyplot as plt  # noqa: PLC0415  # see above

    names = sorted(found, key=lambda n: found[n][0])
    place = np.arange(len(names))
    figure, axes = plt.subplots(figsize=(8, 0.55 * len(names) + 1.4), layout="constrained")
    for offset, column, label, colour in ((0.2, 0, "stances", "#2b5fa8"), (-0.2, 4, "sentiment", "#c4a15a")):
        bars = axes.barh(place + offset, [found[n][column] for n in names], 0.38, label=label, color=colour)
        axes.bar_label(bars, fmt="%.3f", padding=3, fontsize=8)
    axes.set_yticks(place, names)
    axes.set_xlim(0, 1)
    axes.set_xlabel("macro-F1, five folds grouped by document")
    axes.legend(loc="lower right", frameon=False)
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, dpi=120, metadata={"Software": None})


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--only", nargs="+", choices=RIVALS, default=list(RIVALS))
    parser.add_argument("--results", type=Path, help="JSON file that figures are kept in, run by run")
    parser.add_argument("--picture", help="draw what --results holds (.png)")
    options = parser.parse_args()
    path = options.data / "annotation" / "statements.jsonl"
    if not path.is_file():
        sys.exit(f"{path} is not there; name the folder docs/training.md describes")
    rows = rows_of(path)
    extra = [*more_news(unlabelled(options.data)), *own_statements()]
    fold = folds_of(rows, options.folds, options.seed)
    found = json.loads(options.results.read_text()) if options.results and options.results.exists() else {}
    print(f"{'':30}{'macro-F1':>10}{'support':>9}{'warning':>9}{'ceasef.':>9}{'sentiment':>11}", flush=True)
    for name in ["stance, as shipped", *options.only]:
        measured = measure(RIVALS[name], rows, extra, fold) if name in RIVALS else shipped()
        found[name] = measured.to_dict()
        print(measured.line(name), flush=True)
        if options.results:
            options.results.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n")
    if options.picture:
        draw({name: kept["figures"] for name, kept in found.items()}, options.picture)
    return 0


if __name__ == "__main__":
    sys.exit(main())
