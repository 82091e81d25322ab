"""``--plots DIR`` of both commands."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stance.cli.parser import Group
from stance.cli.screen import Status
from stance.datasets import LabelledRow
from stance.errors import DataError

if TYPE_CHECKING:
    from stance.evaluation.plots import CurvePoint, Judged
    from stance.explain import Explanation
    from stance.training import Trained

__all__ = ["add_plots_options", "check_plots_options", "plot_training", "write_plots"]


def add_plots_options(group: Group, more: str = "") -> None:
    """Add the options by which plots are asked for."""
    group.add_argument(
        "--plots",
        metavar="DIR",
        help="write plots there: reliability, precision and recall, confusion, top words and cues"
        f"{more} (wants matplotlib)",
    )
    group.add_argument(
        "--plots-format",
        choices=("png", "svg", "pdf"),
        metavar="FORMAT",
        help="png (default), svg or pdf",
    )


def check_plots_options(options: argparse.Namespace, model: str = "") -> None:
    """Refuse plots that cannot be written, before the work.

    Parameters
    ----------
    options : argparse.Namespace
    model : str, optional
        The folder of a model that is written, which holds nothing else.

    Raises
    ------
    DataError
        As :func:`stance.evaluation.plots.check_plots`, or if there is a format without a folder.
    """
    if options.plots:
        place, folder = Path(options.plots).resolve(), Path(model).resolve()
        if model and (place == folder or folder in place.parents):
            raise DataError(
                f"{options.plots} lies in the model's folder, which holds nothing but the model; name another folder by --plots"
            )
        from stance.evaluation.plots import check_plots  # noqa: PLC0415  # scikit-learn takes a second to import

        check_plots(options.plots)
    elif options.plots_format:
        raise DataError("--plots-format is the format of --plots DIR; pass both")


def write_plots(
    options: argparse.Namespace,
    judged: Judged,
    explanations: Iterable[Explanation],
    status: Status,
    curve: Sequence[CurvePoint] = (),
) -> None:
    """Draw and write all plots, and say where they are.

    Parameters
    ----------
    options : argparse.Namespace
    judged : Judged
    explanations : iterable of Explanation
        One for each row of `judged`.
    status : Status
    curve : sequence of CurvePoint
    """
    from stance.contributions import top_cues  # noqa: PLC0415  # see above
    from stance.evaluation.plots import draw, save_plots  # noqa: PLC0415  # matplotlib is an extra

    figures = draw(judged, top_cues(explanations, judged.held, judged.names), curve, options.metric)
    written = save_plots(figures, options.plots, options.plots_format or "png")
    status.note(f"plots in {options.plots}: {', '.join(path.name for path in written)}")


def plot_training(
    rows: list[LabelledRow],
    extra: list[LabelledRow],
    trained: Trained,
    options: argparse.Namespace,
    settings: dict[str, Any],
) -> None:
    """Draw the plots of a training run, with a learning curve.

    Parameters
    ----------
    rows, extra : list of LabelledRow
    trained : Trained
    options : argparse.Namespace
    settings : dict
        What :func:`stance.training.train` was called with.
    """
    from stance.classifiers import indicator  # noqa: PLC0415  # see above
    from stance.evaluation.plots import CurvePoint, Judged  # noqa: PLC0415  # see above
    from stance.learning import learning_curve  # noqa: PLC0415  # see above
    from stance.predictor import Predictor  # noqa: PLC0415  # see above

    labels, found = settings["labels"], trained.out_of_fold
    sentiments = ([r.sentiment for r in rows], found["sentiment"].tolist())
    if labels.stances:
        truth = indicator([r.stances for r in rows], labels.stances)
        main = (truth, found["held"], found["probabilities"])
    else:
        truth, held = (indicator([(s,) for s in part], labels.sentiments) for part in sentiments)
        main = (truth, held, found["sentiment_probabilities"])
    curve = learning_curve(rows, extra, **settings)
    curve.append(CurvePoint(trained.documents, trained.report, trained.metric))
    model = Predictor(trained.model)
    write_plots(
        options,
        Judged(*main, sentiments, labels),
        (model.explain(r.text, r.target) for r in rows),
        settings["progress"],
        curve,
    )
