"""Adadelta: rates in the unit of the weights themselves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from trackml.graph.graph import apply_op
from trackml.graph.operation import Tensor
from trackml.optimizers.optimizer import Optimizer, as_type_of
from trackml.optimizers.updates import register_update
from trackml.variables import Variable


class AdadeltaOptimizer(Optimizer):
    """Scales the gradient by the size of recent steps over the size of recent gradients.

        accum = rho * accum + (1 - rho) * grad ** 2
        step = sqrt(accum_update + epsilon) / sqrt(accum + epsilon) * grad
        accum_update = rho * accum_update + (1 - rho) * step ** 2
        var -= learning_rate * step

    Args:
        learning_rate: The rate: a number, a scalar tensor, or a function that gives one; 1 in the paper.
        rho: How much of the running means stays at each step.
        epsilon: Keeps roots from zero.
        use_locking: Accepted for TensorFlow's sake.
        name: Name of the training operation and of the slots.

    Source: Zeiler, ADADELTA: An Adaptive Learning Rate Method (2012), algorithm 1.
    """

    def __init__(
        self,
        learning_rate: Any = 0.001,
        rho: Any = 0.95,
        epsilon: Any = 1e-8,
        use_locking: bool = False,
        name: str = "Adadelta",
    ) -> None:
        super().__init__(use_locking, name)
        self._lr = learning_rate
        self._rho = rho
        self._epsilon = epsilon

    def _create_slots(self, var_list: Sequence[Variable]) -> None:
        for var in var_list:
            self._zeros_slot(var, "accum", self._name)
            self._zeros_slot(var, "accum_update", self._name)

    def _prepare(self) -> None:
        self._rates = [self._rate(self._lr, "lr"), self._rate(self._rho, "rho"), self._rate(self._epsilon, "epsilon")]

    def _resource_apply_dense(self, grad: Tensor, handle: Variable) -> Any:
        return self._apply("ResourceApplyAdadelta", handle, grad)

    def _resource_apply_sparse(self, grad: Tensor, handle: Variable, indices: Tensor) -> Any:
        return self._apply("ResourceSparseApplyAdadelta", handle, grad, indices)

    def _apply(self, type: str, var: Variable, grad: Tensor, *indices: Tensor) -> Any:
        return apply_op(
            type,
            var.handle,
            self._slot(var, "accum").handle,
            self._slot(var, "accum_update").handle,
            *[as_type_of(rate, grad) for rate in self._rates],
            grad,
            *indices,
            use_locking=self._use_locking,
        )


def _adadelta(var: Any, accum: Any, accum_update: Any, lr: Any, rho: Any, epsilon: Any, grad: Any) -> None:
    accum *= rho
    accum += grad * grad * (1 - rho)
    step = np.sqrt(accum_update + epsilon) / np.sqrt(accum + epsilon) * grad
    var -= step * lr
    accum_update *= rho
    accum_update += step * step * (1 - rho)


register_update("Adadelta", _adadelta, cells=3, grad=6)
