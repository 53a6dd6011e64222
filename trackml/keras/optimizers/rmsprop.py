"""RMSprop: a rate for each weight, by the size of its recent gradients."""

from __future__ import annotations

from typing import Any

from trackml.graph.graph import apply_op
from trackml.keras.optimizers.optimizer import Optimizer
from trackml.keras.optimizers.sgd import as_number
from trackml.variables import Variable


class RMSprop(Optimizer):
    """Divides the rate of each weight by the root of the running mean of its squared gradients.

        rms = rho * rms + (1 - rho) * grad ** 2
        weight -= learning_rate * grad / sqrt(rms + epsilon)

    Args:
        learning_rate: The rate.
        rho: How much of the running mean stays at each step.
        momentum: How much of the last step is added to the next.
        epsilon: Keeps the divisor from zero; under the root.
        centered: Divides by the variance instead: takes the square of the mean gradient off `rms`.
        name: Name of the training operation and of the slots.
        kwargs: What `Optimizer` takes.

    Source: Hinton, Neural Networks for Machine Learning, lecture 6e (2012); centered: Graves, Generating Sequences
        With Recurrent Neural Networks (2013), equations 38 to 45.
    """

    _SETTINGS = ("rho", "momentum", "epsilon", "centered")
    rho: float
    momentum: float
    epsilon: float
    centered: bool

    def __init__(
        self,
        learning_rate: Any = 0.001,
        rho: float = 0.9,
        momentum: float = 0.0,
        epsilon: float | None = 1e-7,
        centered: bool = False,
        name: str = "RMSprop",
        **kwargs: Any,
    ) -> None:
        small = 1e-7 if epsilon is None else epsilon
        settings: dict[str, Any] = {"rho": rho, "momentum": momentum, "epsilon": small, "centered": centered}
        super().__init__(name, learning_rate, **settings, **kwargs)

    def _create_slots(self, var_list: Any) -> None:
        for name in ("rms", "momentum", "mg") if self.centered else ("rms", "momentum"):
            for var in var_list:
                self.add_slot(var, name)

    def _resource_apply_dense(self, grad: Any, var: Variable) -> Any:
        slots = ["mg", "rms", "momentum"] if self.centered else ["rms", "momentum"]
        return apply_op(
            "ResourceApplyCenteredRMSProp" if self.centered else "ResourceApplyRMSProp",
            var.handle,
            *[self.get_slot(var, name).handle for name in slots],
            self._decayed_lr(var.dtype),
            *[as_number(value, var) for value in (self.rho, self.momentum, self.epsilon)],
            grad,
            use_locking=False,
        )
