"""Models, made again and read (`keras.models`)."""

from __future__ import annotations

from trackml.keras.cloning import clone_model
from trackml.keras.engine.model import Model
from trackml.keras.engine.sequential import Sequential
from trackml.keras.saving.save import load_model, save_model
from trackml.keras.saving.text import model_from_config, model_from_json
from trackml.keras.saving.text import refuse_yaml as model_from_yaml

__all__ = [
    "Model",
    "Sequential",
    "clone_model",
    "load_model",
    "model_from_config",
    "model_from_json",
    "model_from_yaml",
    "save_model",
]
