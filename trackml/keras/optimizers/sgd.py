"""Steps down the gradient, with momentum or without."""

from __future__ import annotations

from typing import Any

from trackml.graph.conversion import convert_to_tensor
from trackml.graph.graph import apply_op
from trackml.graph.operation import Tensor
from trackml.keras.optimizers import rules as rules
from trackml.keras.optimizers.optimizer import Optimizer
from trackml.variables import Variable


class SGD(Optimizer):
    """`weight -= learning_rate * grad`, or with momentum `v = momentum * v - learning_rate * grad; weight += v`.

    Args:
        learning_rate: The rate.
        momentum: How much of the last step is added to the next.
        nesterov: Takes the gradient's part twice: `weight += momentum * v - learning_rate * grad`.
        name: Name of the training operation and of the slots.
        kwargs: What `Optimizer` takes.
    """

    _SETTINGS = ("momentum", "nesterov")
    momentum: float
    nesterov: bool

    def __init__(
        self, learning_rate: Any = 0.01, momentum: float = 0.0, nesterov: bool = False, name: str = "SGD", **kwargs: Any
    ) -> None:
        if not 0 <= momentum <= 1:
            raise ValueError(f"`momentum` must be between 0 and 1. Received: {momentum!r}")
        super().__init__(name, learning_rate, momentum=momentum, nesterov=nesterov, **kwargs)

    def _create_slots(self, var_list: Any) -> None:
        for var in var_list if self.momentum else ():
            self.add_slot(var, "momentum")

    def _resource_apply_dense(self, grad: Any, var: Variable) -> Any:
        rate = self._decayed_lr(var.dtype)
        if not self.momentum:
            return apply_op("ResourceApplyGradientDescent", var.handle, rate, grad, use_locking=False)
        return apply_op(
            "ResourceApplyKerasMomentum",
            var.handle,
            self.get_slot(var, "momentum").handle,
            rate,
            grad,
            as_number(self.momentum, var),
            use_locking=False,
            use_nesterov=bool(self.nesterov),
        )

    def _resource_apply_sparse(self, grad: Tensor, var: Variable, indices: Tensor) -> Any:
        if self.momentum:
            return super()._resource_apply_sparse(grad, var, indices)
        return apply_op("ResourceScatterSub", var.handle, indices, self._decayed_lr(var.dtype) * grad)


def as_number(value: Any, var: Variable) -> Tensor:
    """A setting in the type of a variable."""
    return convert_to_tensor(value, var.dtype)
