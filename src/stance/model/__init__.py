"""Models on disk: a folder of plain data."""

from stance.model.config import FORMAT, ModelConfig
from stance.model.folder import BLOCKS, Model, default_model_path, read_model, write_model
from stance.model.replacing import check_target

__all__ = [
    "BLOCKS",
    "FORMAT",
    "Model",
    "ModelConfig",
    "check_target",
    "default_model_path",
    "read_model",
    "write_model",
]
