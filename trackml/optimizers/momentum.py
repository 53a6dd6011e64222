"""Gradient descent with momentum."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from trackml.graph.graph import apply_op
from trackml.graph.operation import Tensor
from trackml.optimizers.optimizer import Optimizer, as_type_of
from trackml.optimizers.updates import register_update
from trackml.variables import Variable


class MomentumOptimizer(Optimizer):
    """Goes on in the direction of the steps before.

        accumulator = momentum * accumulator + grad
        var -= learning_rate * accumulator

    Args:
        learning_rate: The rate: a number, a scalar tensor, or a function that gives one.
        momentum: How much of the accumulator stays at each step.
        use_locking: Accepted for TensorFlow's sake.
        name: Name of the training operation and of the slot.
        use_nesterov: Takes the gradient where the momentum leads:
            `var -= learning_rate * (grad + momentum * accumulator)`.

    Source: Sutskever et al., On the importance of initialization and momentum in deep learning (2013).
    """

    def __init__(
        self,
        learning_rate: Any,
        momentum: Any,
        use_locking: bool = False,
        name: str = "Momentum",
        use_nesterov: bool = False,
    ) -> None:
        super().__init__(use_locking, name)
        self._learning_rate = learning_rate
        self._momentum = momentum
        self._use_nesterov = use_nesterov

    def _create_slots(self, var_list: Sequence[Variable]) -> None:
        for var in var_list:
            self._zeros_slot(var, "momentum", self._name)

    def _prepare(self) -> None:
        self._learning_rate_tensor = self._rate(self._learning_rate, "learning_rate")
        self._momentum_tensor = self._rate(self._momentum, "momentum")

    def _resource_apply_dense(self, grad: Tensor, handle: Variable) -> Any:
        return self._apply("ResourceApplyMomentum", handle, grad)

    def _resource_apply_sparse(self, grad: Tensor, handle: Variable, indices: Tensor) -> Any:
        return self._apply("ResourceSparseApplyMomentum", handle, grad, indices)

    def _apply(self, type: str, var: Variable, grad: Tensor, *indices: Tensor) -> Any:
        return apply_op(
            type,
            var.handle,
            self._slot(var, "momentum").handle,
            as_type_of(self._learning_rate_tensor, grad),
            grad,
            *indices,
            as_type_of(self._momentum_tensor, grad),
            use_locking=self._use_locking,
            use_nesterov=self._use_nesterov,
        )


def _momentum(var: Any, accum: Any, lr: Any, grad: Any, momentum: Any, *, use_nesterov: bool) -> None:
    accum *= momentum
    accum += grad
    var -= grad * lr + accum * momentum * lr if use_nesterov else accum * lr


register_update("Momentum", _momentum, cells=2, grad=3, attributes=["use_nesterov"])
