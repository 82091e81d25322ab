"""Models on disk: a folder of plain data."""

from stance.model.config import FORMAT, ModelConfig
from stance.model.files import enough_memory
from stance.model.folder import BLOCKS, Model, default_model_path, read_model, read_model_config, write_model
from stance.model.listed import find_listed, find_model, listed_models
from stance.model.replacing import check_target

__all__ = [
    "BLOCKS",
    "FORMAT",
    "Model",
    "ModelConfig",
    "check_target",
    "default_model_path",
    "enough_memory",
    "find_listed",
    "find_model",
    "listed_models",
    "read_model",
    "read_model_config",
    "write_model",
]
