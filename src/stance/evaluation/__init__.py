"""Measuring a model: scores with intervals, calibration, coverage, worst rows, pictures."""

from stance.evaluation.coverage import CoveragePoint, risk_coverage
from stance.evaluation.intervals import Interval, bootstrap
from stance.evaluation.metric import Metric, parse_metric
from stance.evaluation.scores import LabelScore, Report, calibration_error, measure
from stance.evaluation.worst import WorstRow, worst_rows

__all__ = [
    "CoveragePoint",
    "Interval",
    "LabelScore",
    "Metric",
    "Report",
    "WorstRow",
    "bootstrap",
    "calibration_error",
    "measure",
    "parse_metric",
    "risk_coverage",
    "worst_rows",
]
