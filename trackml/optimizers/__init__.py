"""Optimizers: they change variables so that a loss gets smaller (`tf.train.*Optimizer`)."""

from __future__ import annotations

from trackml.optimizers.adadelta import AdadeltaOptimizer
from trackml.optimizers.adagrad import AdagradOptimizer
from trackml.optimizers.adam import AdamOptimizer
from trackml.optimizers.ftrl import FtrlOptimizer
from trackml.optimizers.gradient_descent import GradientDescentOptimizer
from trackml.optimizers.momentum import MomentumOptimizer
from trackml.optimizers.optimizer import Optimizer
from trackml.optimizers.rmsprop import RMSPropOptimizer
from trackml.optimizers.schedules import (
    cosine_decay,
    cosine_decay_restarts,
    exponential_decay,
    inverse_time_decay,
    linear_cosine_decay,
    natural_exp_decay,
    piecewise_constant,
    polynomial_decay,
)

__all__ = [
    "AdadeltaOptimizer",
    "AdagradOptimizer",
    "AdamOptimizer",
    "FtrlOptimizer",
    "GradientDescentOptimizer",
    "MomentumOptimizer",
    "Optimizer",
    "RMSPropOptimizer",
    "cosine_decay",
    "cosine_decay_restarts",
    "exponential_decay",
    "inverse_time_decay",
    "linear_cosine_decay",
    "natural_exp_decay",
    "piecewise_constant",
    "polynomial_decay",
]
