"""The optimizers by the names that TensorFlow 2.11 and later keep them under (`keras.optimizers.legacy`).

They are the same: each takes the settings of both.
"""

from __future__ import annotations

from trackml.keras.optimizers.adagrad import Adadelta, Adagrad
from trackml.keras.optimizers.adam import Adam, Adamax, Nadam
from trackml.keras.optimizers.ftrl import Ftrl
from trackml.keras.optimizers.optimizer import Optimizer
from trackml.keras.optimizers.rmsprop import RMSprop
from trackml.keras.optimizers.sgd import SGD

__all__ = ["SGD", "Adadelta", "Adagrad", "Adam", "Adamax", "Ftrl", "Nadam", "Optimizer", "RMSprop"]
