"""The model card: what a model learned from, how well it does, and what it is not for."""

from __future__ import annotations

from typing import Any

from stance.model import ModelConfig

__all__ = ["model_card"]

_LIMITS = """## Limits

It labels what a speaker does with words in Arabic news prose. It does not know whether a
statement is true, sincere or new, reads no irony, and judges each sentence by itself. It was not
made for tweets or dialect, for any other language, or for decisions about persons. Probabilities
hold for texts like the ones it was calibrated on; see the calibration error above.
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
        f"Labels Arabic news statements with stances ({', '.join(config.stances)}; several or none)",
        f"and one sentiment ({', '.join(config.sentiments)}). Linear over additive features; plain data, no code.",
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
        "| label | precision | recall | F1 | rows | calibration error | Brier |",
        "|---|---|---|---|---|---|---|",
        *(_row(name, s) for part in ("stances", "sentiments") for name, s in metrics[part].items()),
        "",
        f"Stance macro-F1 {metrics['stance_macro_f1']:.3f}, micro-F1 {metrics['stance_micro_f1']:.3f},",
        f"exact set {metrics['exact_set']:.3f}; sentiment macro-F1 {metrics['sentiment_macro_f1']:.3f}.",
        "Calibration error is over 15 bins of equal mass.",
        "",
        "## Thresholds",
        "",
        *(f"- {s}: {t:.3f}" for s, t in zip(config.stances, config.thresholds, strict=True)),
        "",
        "## Trained with",
        "",
        ", ".join(f"{k} {v}" for k, v in sorted(config.versions.items())),
        "",
        _LIMITS,
    ]
    return "\n".join(lines)


def _row(name: str, score: dict[str, Any]) -> str:
    def cell(key: str) -> str:
        return f"{score[key]:.3f}" if key in score else ""

    return (
        f"| {name} | {cell('precision')} | {cell('recall')} | {cell('f1')} | {score['support']} | "
        f"{cell('calibration_error')} | {cell('brier')} |"
    )
