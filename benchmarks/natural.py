"""Do the shipped model's probabilities hold at natural rates?

    python benchmarks/natural.py --data FOLDER

Trains on all rows but those at natural rates, and applies the shipped model's sigmoids (fitted
on the rich rows) to the rows at natural rates.  Beside each calibration error stands what a perfectly calibrated
model would show on as many rows, by simulation.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
from accuracy import (
    more_news,
    own_statements,
    rows_of,
    settings,
    unlabelled,
    vectors_of,
    written_statements,
)

import stance
from stance.calibration import stance_probabilities
from stance.classifiers import indicator
from stance.evaluation.scores import calibration_error
from stance.fitting import Estimators
from stance.labels import OWN_LABELS
from stance.lexicon import Lexicon


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    options = parser.parse_args()
    path = options.data / "annotation" / "statements.jsonl"
    if not path.is_file():
        sys.exit(f"{path} is not there; name the folder docs/training.md describes")
    lines = unlabelled(options.data)
    config = settings()
    more = more_news(lines)
    natural = [r for r in more if r.source.startswith("news-natural")]
    unseen = {r.group for r in natural}
    others = [r for r in [*rows_of(path), *more] if r.group not in unseen]
    vectors = vectors_of(lines, config)
    estimators = Estimators.from_config(config, Lexicon.default(), vectors, OWN_LABELS, False, 0)
    estimators.sentiment = None
    own = [*own_statements(), *written_statements()]
    scores = estimators.fit([*others, *own]).decision_function(natural)
    probabilities = stance_probabilities(scores, stance.load().config.calibration)
    truth = indicator([r.stances for r in natural])
    random = np.random.default_rng(0)
    print(f"{len(natural)} rows at natural rates, {len(others)} other news rows learned from")
    for j, name in enumerate(OWN_LABELS.stances):
        p = probabilities[:, j]
        perfect = [calibration_error(p, random.random(len(p)) < p) for _ in range(300)]
        low, high = np.percentile(perfect, [10, 90])
        print(
            f"{name:24} predicted {p.mean():.3f}, holds {truth[:, j].mean():.3f}, calibration error "
            f"{calibration_error(p, truth[:, j]):.3f} (perfect: {low:.3f} to {high:.3f})"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
