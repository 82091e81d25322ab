"""Models on disk: a folder of plain data."""

from stance.model.config import FORMAT, ModelConfig
from stance.model.folder import BLOCKS, Model, check_target, read_model, write_model

__all__ = ["BLOCKS", "FORMAT", "Model", "ModelConfig", "check_target", "read_model", "write_model"]
