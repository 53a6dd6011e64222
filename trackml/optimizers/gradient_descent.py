"""Gradient descent."""

from __future__ import annotations

from typing import Any

from trackml.graph.graph import apply_op
from trackml.graph.operation import Tensor
from trackml.optimizers import scatter
from trackml.optimizers.optimizer import Optimizer, as_type_of
from trackml.optimizers.updates import register_update
from trackml.variables import Variable

_ = scatter  # the module registers the operation that rows are changed by


class GradientDescentOptimizer(Optimizer):
    """Changes a variable by its gradient: `var -= learning_rate * grad`.

    Args:
        learning_rate: The rate: a number, a scalar tensor, or a function that gives one.
        use_locking: Accepted for TensorFlow's sake.
        name: Name of the training operation.
    """

    def __init__(self, learning_rate: Any, use_locking: bool = False, name: str = "GradientDescent") -> None:
        super().__init__(use_locking, name)
        self._learning_rate = learning_rate

    def _prepare(self) -> None:
        self._learning_rate_tensor = self._rate(self._learning_rate, "learning_rate")

    def _resource_apply_dense(self, grad: Tensor, handle: Variable) -> Any:
        return apply_op(
            "ResourceApplyGradientDescent",
            handle.handle,
            as_type_of(self._learning_rate_tensor, grad),
            grad,
            use_locking=self._use_locking,
        )

    def _resource_apply_sparse_duplicate_indices(self, grad: Tensor, handle: Variable, indices: Tensor) -> Any:
        change = -grad * as_type_of(self._learning_rate_tensor, grad)
        return apply_op("ResourceScatterAdd", handle.handle, indices, change)


def _gradient_descent(var: Any, alpha: Any, delta: Any) -> None:
    var -= delta * alpha


register_update("GradientDescent", _gradient_descent, cells=1, grad=2, sparse=False)
