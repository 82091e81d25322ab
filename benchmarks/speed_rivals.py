"""Our prediction path and its rivals in turn: trained on the same rows, timed on the same sentences."""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from measuring import Bound, Figures, Part, Spread, figure, in_turn, seconds

import stance

Predict = Callable[[list[str]], object]
Times = dict[str, list[float]]

JUDGED = "decide"
"""The path that the bounds are for: from str to labels and probabilities as arrays, as scikit-learn gives them."""
OURS: dict[str, Callable[[stance.Predictor, list[str]], object]] = {
    "decide": lambda model, texts: model.decide(texts),
    "predict": lambda model, texts: model.predict(texts),
    "predict_proba": lambda model, texts: model.predict_proba(texts),
}
"""Labels and probabilities as arrays; as objects; probabilities of the stances alone."""


class Rival(NamedTuple):
    """A rival that is ready, and how many sentences it is timed on."""

    predict: Predict
    n_timed: int


def split(texts: list[str]) -> object:
    return [text.split() for text in texts]


def split_away(texts: list[str]) -> None:
    for text in texts:
        text.split()


def training_rows(data: Path) -> list:
    """Return the rows that the shipped model learned from."""
    from accuracy import more_news, own_statements, rows_of, unlabelled  # noqa: PLC0415  # see scikit_learn

    labelled = rows_of(data / "annotation" / "statements.jsonl")
    return [*labelled, *more_news(unlabelled(data)), *own_statements()]


def scikit_learn(rows: Sequence) -> Predict:
    from rivals import targets, vectorizers  # noqa: PLC0415  # what else is measured runs without scikit-learn
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415  # see above
    from sklearn.multiclass import OneVsRestClassifier  # noqa: PLC0415  # see above
    from sklearn.pipeline import make_pipeline, make_union  # noqa: PLC0415  # see above

    one = LogisticRegression(class_weight="balanced", solver="liblinear", random_state=0)
    # without our normalisation before it, which would slow it down
    model = make_pipeline(make_union(*vectorizers(preprocessor=None)), OneVsRestClassifier(one))
    model.fit([r.text for r in rows], targets(rows))

    def predict(texts: list[str]) -> object:
        p = model.predict_proba(texts)
        return p, p >= 0.5

    return predict


def fasttext(rows: Sequence) -> Predict:
    from rivals import fasttext_model  # noqa: PLC0415  # see scikit_learn

    model = fasttext_model(rows, preprocessor=str, minn=2)
    # a list of texts goes through fastText's own loop; all labels with their probabilities
    return lambda texts: model.predict(texts, k=-1)


LEARNERS = {"scikit-learn": scikit_learn, "fastText": fasttext}
WANTED = {
    "str.split": {"warm": 1 / 3},
    "scikit-learn": {"cold": 15, "warm": 40},
    "fastText": {"warm": 4},
}
"""How many times our time each is to take."""


def make_rivals(
    texts: list[str], data: Path, names: Sequence[str], n_slow: int, n_rows: int | None
) -> dict[str, Rival]:
    """Train those of the rivals that are installed."""
    made = {
        "str.split": Rival(split, len(texts)),
        "str.split, lists thrown away": Rival(split_away, len(texts)),
    }
    rows = training_rows(data)[:n_rows] if names else []
    for name in names:
        if name == "fastText" and not find_spec("fasttext"):
            print("fastText is not installed and left out; see benchmarks/rivals.txt")
            continue
        n_timed = min(n_slow, len(texts)) if name == "scikit-learn" else len(texts)

        def learn(name: str = name, n_timed: int = n_timed) -> None:
            made[name] = Rival(LEARNERS[name](rows), n_timed)

        print(f"{name}: trained on {len(rows):,} rows in {figure(seconds(learn))} s", flush=True)
    return made


def first_passes(texts: list[str], model: str | None, rounds: int) -> tuple[list[float], Times]:
    """Time each of our paths on a model just loaded; return the times of loading too."""
    loading: list[float] = []
    passes: Times = {name: [] for name in OURS}
    for _ in range(rounds):
        for name, path in OURS.items():
            held: list[stance.Predictor] = []
            loading.append(seconds(lambda held=held: held.append(stance.load(model))))
            passes[name].append(seconds(lambda held=held, path=path: path(held[0], texts)))
    return loading, passes


def measure_rivals(
    texts: list[str],
    data: Path,
    names: Sequence[str],
    *,
    model: str | None,
    rounds: int,
    n_slow: int,
    n_rows: int | None,
) -> Part:
    """Time our paths and the rivals, cold and warm; ratios are of times per letter, round by round."""
    rivals = make_rivals(texts, data, names, n_slow, n_rows)
    gc.collect()
    gc.freeze()  # so that nobody's collections go through the vocabularies of the others
    letters = {n: sum(map(len, texts[:n])) for n in {r.n_timed for r in rivals.values()}}
    scale = {name: letters[len(texts)] / letters[r.n_timed] for name, r in rivals.items()}
    cold: Times = {
        name: [seconds(lambda r=r: r.predict(texts[: r.n_timed])) * scale[name]] for name, r in rivals.items()
    }
    loading, ours_cold = first_passes(texts, model, rounds)
    predictor = stance.load(model)
    predictor.predict(texts)
    calls = {name: lambda path=path: path(predictor, texts) for name, path in OURS.items()}
    calls |= {name: lambda r=r: r.predict(texts[: r.n_timed]) for name, r in rivals.items()}
    warm = in_turn(calls, rounds)
    warm |= {name: [t * scale[name] for t in warm[name]] for name in rivals}
    cold = {name: times * rounds for name, times in cold.items()} | ours_cold
    gc.unfreeze()
    print(f"loading: {Spread.of(loading)} s")
    return compare({"cold": cold, "warm": warm}, rivals, texts, loading)


def compare(
    times: dict[str, Times], rivals: dict[str, Rival], texts: list[str], loading: list[float]
) -> Part:
    """Tabulate rates and ratios, and hold the ratios against what is wanted."""
    megabytes = sum(len(t.encode()) for t in texts) / 1e6
    figures: Figures = {"loading_seconds": Spread.of(loading)._asdict(), "megabytes": megabytes}
    bounds: list[Bound] = []
    for state, found in times.items():
        print(
            f"\n{state}: {len(texts):,} sentences, {figure(megabytes)} MB; ratios: its time to that of our path"
        )
        head = f"{JUDGED} (range of the rounds)", *(path for path in OURS if path != JUDGED)
        print(f"{'':30}{'sentences/s':>12}{'MB/s':>8}{head[0]:>34}" + "".join(f"{h:>15}" for h in head[1:]))
        for name, took in found.items():
            middle = Spread.of(took).median
            ratio = {path: Spread.of(t / o for t, o in zip(took, found[path], strict=True)) for path in OURS}
            others = "".join(f"{figure(r.median):>15}" for path, r in ratio.items() if path != JUDGED)
            rates = f"{figure(len(texts) / middle):>12}{figure(megabytes / middle):>8}"
            print(f"{name:30}{rates}{ratio[JUDGED]!s:>34}{others}")
            figures[f"{state}: {name}"] = {
                "seconds": took,
                "sentences_timed": rivals[name].n_timed if name in rivals else len(texts),
                "ratio": {path: r._asdict() for path, r in ratio.items()},
            }
            if name in WANTED and state in WANTED[name]:
                bounds.append(wanted(name, state, ratio[JUDGED].median))
    absent = [name for name in WANTED if name not in rivals]
    bounds += [wanted(name, state, None) for name in absent for state in WANTED[name]]
    return Part(figures, bounds)


def wanted(name: str, state: str, ratio: float | None) -> Bound:
    least = WANTED[name][state]
    if least < 1:
        return Bound(f"{JUDGED} / {name}, {state}", ratio and 1 / ratio, at_most=1 / least)
    return Bound(f"{name} / {JUDGED}, {state}", ratio, at_least=least)
