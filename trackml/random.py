"""tf.random: random numbers and seeds."""

from __future__ import annotations

from trackml.ops.framework import get_seed, set_random_seed
from trackml.ops.random import categorical, multinomial, truncated_normal
from trackml.ops.random import random_normal as normal
from trackml.ops.random import random_shuffle as shuffle
from trackml.ops.random import random_uniform as uniform

__all__ = [
    "categorical",
    "get_seed",
    "multinomial",
    "normal",
    "set_random_seed",
    "shuffle",
    "truncated_normal",
    "uniform",
]
