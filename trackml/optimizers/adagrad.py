"""Adagrad: a rate for each weight, smaller the more it has moved."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from trackml.graph.graph import apply_op
from trackml.graph.operation import Tensor
from trackml.initializers import Constant
from trackml.optimizers.optimizer import Optimizer, as_type_of
from trackml.optimizers.updates import register_update
from trackml.variables import Variable


class AdagradOptimizer(Optimizer):
    """Divides the rate of each weight by the root of the sum of its squared gradients.

        accumulator += grad ** 2
        var -= learning_rate * grad / sqrt(accumulator)

    Args:
        learning_rate: The rate: a number, a scalar tensor, or a function that gives one.
        initial_accumulator_value: The accumulator at first; positive.
        use_locking: Accepted for TensorFlow's sake.
        name: Name of the training operation and of the slot.

    Raises:
        ValueError: `initial_accumulator_value` is not positive.

    Source: Duchi et al., Adaptive Subgradient Methods for Online Learning and Stochastic Optimization (2011).
    """

    def __init__(
        self,
        learning_rate: Any,
        initial_accumulator_value: float = 0.1,
        use_locking: bool = False,
        name: str = "Adagrad",
    ) -> None:
        if initial_accumulator_value <= 0.0:
            raise ValueError(f"initial_accumulator_value must be positive: {initial_accumulator_value}")
        super().__init__(use_locking, name)
        self._learning_rate = learning_rate
        self._initial_accumulator_value = initial_accumulator_value

    def _create_slots(self, var_list: Sequence[Variable]) -> None:
        first = Constant(self._initial_accumulator_value)
        for var in var_list:
            self._get_or_make_slot_with_initializer(var, first, var.shape, var.dtype, "accumulator", self._name)

    def _prepare(self) -> None:
        self._learning_rate_tensor = self._rate(self._learning_rate, "learning_rate")

    def _resource_apply_dense(self, grad: Tensor, handle: Variable) -> Any:
        return self._apply("ResourceApplyAdagrad", handle, grad)

    def _resource_apply_sparse(self, grad: Tensor, handle: Variable, indices: Tensor) -> Any:
        return self._apply("ResourceSparseApplyAdagrad", handle, grad, indices)

    def _apply(self, type: str, var: Variable, grad: Tensor, *indices: Tensor) -> Any:
        return apply_op(
            type,
            var.handle,
            self._slot(var, "accumulator").handle,
            as_type_of(self._learning_rate_tensor, grad),
            grad,
            *indices,
            use_locking=self._use_locking,
            update_slots=True,
        )


def _adagrad(var: Any, accum: Any, lr: Any, grad: Any) -> None:
    accum += grad * grad
    var -= grad * lr / np.sqrt(accum)


register_update("Adagrad", _adagrad, cells=2, grad=3)
