"""Keras' names over the same engine: layers, models, losses, optimizers, callbacks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trackml._lazy import attach

# Where each public name lives; `./scripts/names` remakes the imports and `__all__` below from it.
_HOMES = {
    "Input": "trackml.keras.engine.input_layer:Input",
    "Model": "trackml.keras.engine.model:Model",
    "Sequential": "trackml.keras.engine.sequential:Sequential",
    "activations": "trackml.keras.activations",
    "backend": "trackml.keras.backend",
    "callbacks": "trackml.keras.callbacks",
    "constraints": "trackml.keras.constraints",
    "estimator": "trackml.keras.estimator",
    "experimental": "trackml.keras.experimental",
    "initializers": "trackml.keras.initializers",
    "layers": "trackml.keras.layers",
    "losses": "trackml.keras.losses",
    "metrics": "trackml.keras.metrics",
    "models": "trackml.keras.models",
    "optimizers": "trackml.keras.optimizers",
    "regularizers": "trackml.keras.regularizers",
    "saving": "trackml.keras.saving",
    "utils": "trackml.keras.utils",
}

if TYPE_CHECKING:
    from trackml.keras import activations as activations
    from trackml.keras import backend as backend
    from trackml.keras import callbacks as callbacks
    from trackml.keras import constraints as constraints
    from trackml.keras import estimator as estimator
    from trackml.keras import experimental as experimental
    from trackml.keras import initializers as initializers
    from trackml.keras import layers as layers
    from trackml.keras import losses as losses
    from trackml.keras import metrics as metrics
    from trackml.keras import models as models
    from trackml.keras import optimizers as optimizers
    from trackml.keras import regularizers as regularizers
    from trackml.keras import saving as saving
    from trackml.keras import utils as utils
    from trackml.keras.engine.input_layer import Input as Input
    from trackml.keras.engine.model import Model as Model
    from trackml.keras.engine.sequential import Sequential as Sequential
else:
    __getattr__, __dir__ = attach(__name__, _HOMES)

__all__ = [
    "Input",
    "Model",
    "Sequential",
    "activations",
    "backend",
    "callbacks",
    "constraints",
    "estimator",
    "experimental",
    "initializers",
    "layers",
    "losses",
    "metrics",
    "models",
    "optimizers",
    "regularizers",
    "saving",
    "utils",
]
