"""Models (`keras.models`)."""

from __future__ import annotations

from trackml.keras.cloning import clone_model
from trackml.keras.engine.model import Model
from trackml.keras.engine.sequential import Sequential

__all__ = ["Model", "Sequential", "clone_model"]
