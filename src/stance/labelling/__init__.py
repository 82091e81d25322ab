"""Labelling of large files: streaming, on all cores, resumable; see ``docs/scale.md``."""

from stance.labelling.formats import INPUT_FORMATS, Kind, input_kind, output_kind
from stance.labelling.run import Job, Progress, check_target_column, label_file, label_stream
from stance.labelling.sources import check_no_folder
from stance.labelling.worker import ENVIRONMENT

__all__ = [
    "ENVIRONMENT",
    "INPUT_FORMATS",
    "Job",
    "Kind",
    "Progress",
    "check_no_folder",
    "check_target_column",
    "input_kind",
    "label_file",
    "label_stream",
    "output_kind",
]
