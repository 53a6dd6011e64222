"""Optimizers of `tf.train` in models."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

from trackml.graph.operation import Operation
from trackml.keras.optimizers.optimizer import Optimizer
from trackml.optimizers.optimizer import Optimizer as GraphOptimizer
from trackml.variables import Variable


class TFOptimizer(Optimizer):
    """An optimizer of `tf.train`, with its own settings.

    Args:
        optimizer: The optimizer.
    """

    def __init__(self, optimizer: GraphOptimizer) -> None:
        super().__init__(optimizer.get_name(), 0.0)
        self.optimizer = optimizer

    def train_op(self, loss: Any, variables: Sequence[Variable], iterations: Variable | None = None) -> Operation:
        """The operation that the optimizer's `minimize` makes."""
        return self.optimizer.minimize(loss, iterations, list(variables))

    def __deepcopy__(self, memo: Any) -> TFOptimizer:
        """The same settings without slots, so that the copy does not keep the graphs of the original alive."""
        fresh = copy.copy(self.optimizer)
        fresh._slots, fresh._non_slots = {}, {}
        return TFOptimizer(fresh)
