"""The model card: what a model learned from, how well it does, and what it is not for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from stance.labels import OWN_LABELS, Labels
from stance.model import ModelConfig

__all__ = ["model_card"]

_LIMITS = """## Limits

It labels what a speaker does with words in Arabic news prose. It does not know whether a
statement is true, sincere or new, reads no irony, and judges each sentence by itself. It was not
made for tweets or dialect, for any other language, or for decisions about persons. Probabilities
hold for texts like the ones it was calibrated on; see the calibration error above.
"""
_OTHER_LIMITS = """## Limits

What its labels mean is for the rows it learned from to say. Probabilities hold for texts like those;
see the figures above.
"""


def model_card(config: ModelConfig, sources: str) -> str:
    """Write the card of a model.

    Parameters
    ----------
    config : ModelConfig
        Its metrics and training record are what the card reports.
    sources : str
        Which rows it learned from, under which licences; Markdown.

    Returns
    -------
    str
        Markdown.
    """
    metrics, training = config.metrics, config.training
    rows, extra = training["rows"], training["extra"]
    lines = [
        f"# Model `{config.name}`",
        "",
        *_what(config),
        "",
        "## Learned from",
        "",
        f"- {rows['n']} rows, cross-validated (SHA-256 of texts and labels `{rows['sha256'][:16]}`)",
        f"- {extra['n']} extra rows, learned from but never measured on (`{extra['sha256'][:16]}`)",
        "",
        sources.strip(),
        "",
        f"## Measured: {training['folds']}-fold cross-validation grouped by document, seed {training['seed']}",
        "",
        *_table([*metrics["stances"].items(), *metrics["sentiments"].items()]),
        "",
        *_summary(metrics, Labels(config.stances, config.sentiments) == OWN_LABELS),
        *_chosen(training, bool(config.targets)),
        *(["Calibration error is over 15 bins of equal mass."] if metrics["stances"] else []),
        "",
        *_thresholds(config),
        *_offsets(config),
        "## Trained with",
        "",
        ", ".join(f"{k} {v}" for k, v in sorted(config.versions.items())),
        "",
        _LIMITS if Labels(config.stances, config.sentiments) == OWN_LABELS else _OTHER_LIMITS,
    ]
    return "\n".join(lines)


def _what(config: ModelConfig) -> list[str]:
    if Labels(config.stances, config.sentiments) == OWN_LABELS:
        return [
            f"Labels Arabic news statements with stances ({', '.join(config.stances)}; several or none)",
            f"and one sentiment ({', '.join(config.sentiments)}). Linear over additive features; plain data, no code.",
        ]
    several = [f"any of {', '.join(config.stances)}"] if config.stances else []
    one = [f"one of {', '.join(config.sentiments)}"] if config.sentiments else []
    about = "texts with their targets" if config.paired else "texts"
    closed = f" Targets: {', '.join(config.targets)}." if config.targets else ""
    return [f"Labels {about} with {' and '.join(several + one)}.{closed} Plain data, no code."]


def _summary(metrics: dict[str, Any], own: bool) -> list[str]:
    lines = []
    if metrics["stances"]:
        what = "Stance" if own else "Labels of which several may hold:"
        lines.append(
            f"{what} macro-F1 {metrics['stance_macro_f1']:.3f}, micro-F1 {metrics['stance_micro_f1']:.3f},\n"
            f"exact set {metrics['exact_set']:.3f}."
        )
    if metrics["sentiments"]:
        what = "Sentiment" if own else "Label"
        lines.append(f"{what} macro-F1 {metrics['sentiment_macro_f1']:.3f}.")
    return lines


def _chosen(training: dict[str, Any], targets: bool) -> list[str]:
    """Say by which figure the model was judged, if not by the usual one, and whether its settings were chosen by it."""
    lines, metric = [], training.get("metric", {"name": "macro-f1"})
    if metric["name"] != "macro-f1" or targets:
        mean = ", the mean over the targets" if targets else ""
        lines.append(f"Judged by {metric['name']}{mean}: {metric['value']:.3f}.")
    if search := training.get("search"):
        lines.append(
            f"The settings, `{search['best']}`, are the best of {len(search['settings'])} by this very cross-validation, so that its\n"
            "figures are a little too good; measure on other rows."
        )
    return lines


def _thresholds(config: ModelConfig) -> list[str]:
    if not config.stances:
        return []
    pairs = zip(config.stances, config.thresholds, strict=True)
    return ["## Thresholds", "", *(f"- {s}: {t:.3f}" for s, t in pairs), ""]


def _offsets(config: ModelConfig) -> list[str]:
    """Write what is added to log-probabilities of labels of which one holds; not where each target has its own."""
    if len(config.offsets) != 1 or not any(config.offsets[0]):
        return []
    pairs = zip(config.sentiments, config.offsets[0], strict=True)
    return ["## Offsets of log-probabilities", "", *(f"- {s}: {o:+.1f}" for s, o in pairs), ""]


def _table(scores: Sequence[tuple[str, dict[str, Any]]]) -> list[str]:
    """Write a row for each label; those of which one holds have no calibration, and no columns of it by themselves."""
    columns = {"precision": "precision", "recall": "recall", "F1": "f1", "rows": "support"}
    if any("brier" in score for _, score in scores):
        columns |= {"calibration error": "calibration_error", "Brier": "brier"}

    def cell(score: dict[str, Any], key: str) -> str:
        return str(score[key]) if key == "support" else f"{score[key]:.3f}" if key in score else ""

    cells = [
        [name.replace("|", "\\|"), *(cell(score, key) for key in columns.values())] for name, score in scores
    ]
    head, *rows = (f"| {' | '.join(row)} |" for row in (["label", *columns], *cells))
    return [head, "|---" * (len(columns) + 1) + "|", *rows]
