"""Optimizers by Keras' names and with Keras' settings (`keras.optimizers`)."""

from __future__ import annotations

from trackml.keras.optimizers import legacy as legacy
from trackml.keras.optimizers import schedules as schedules
from trackml.keras.optimizers.adagrad import Adadelta, Adagrad
from trackml.keras.optimizers.adam import Adam, Adamax, AdamW, Nadam
from trackml.keras.optimizers.ftrl import Ftrl
from trackml.keras.optimizers.lion import Adafactor, Lion
from trackml.keras.optimizers.names import deserialize, get, serialize
from trackml.keras.optimizers.of_train import TFOptimizer
from trackml.keras.optimizers.optimizer import Optimizer
from trackml.keras.optimizers.rmsprop import RMSprop
from trackml.keras.optimizers.sgd import SGD

__all__ = [
    "SGD",
    "Adadelta",
    "Adafactor",
    "Adagrad",
    "Adam",
    "AdamW",
    "Adamax",
    "Ftrl",
    "Lion",
    "Nadam",
    "Optimizer",
    "RMSprop",
    "TFOptimizer",
    "deserialize",
    "get",
    "legacy",
    "schedules",
    "serialize",
]
