"""Adagrad and Adadelta: a rate for each weight, by the size of all or of recent gradients."""

from __future__ import annotations

from typing import Any

from trackml.graph.graph import apply_op
from trackml.graph.operation import Tensor
from trackml.initializers import Constant
from trackml.keras.optimizers.optimizer import Optimizer
from trackml.keras.optimizers.sgd import as_number
from trackml.ops import gathering, math
from trackml.variables import Variable


class Adagrad(Optimizer):
    """Divides the rate of each weight by the root of the sum of its squared gradients.

        accumulator += grad ** 2
        weight -= learning_rate * grad / sqrt(accumulator + epsilon)

    Args:
        learning_rate: The rate.
        initial_accumulator_value: What the sum starts from.
        epsilon: Keeps the divisor from zero.
        name: Name of the training operation and of the slots.
        kwargs: What `Optimizer` takes.

    Raises:
        ValueError: The sum would start below zero.

    Source: Duchi et al., Adaptive Subgradient Methods for Online Learning and Stochastic Optimization (2011), figure 1.
    """

    _SETTINGS = ("initial_accumulator_value", "epsilon")
    initial_accumulator_value: float
    epsilon: float

    def __init__(
        self,
        learning_rate: Any = 0.001,
        initial_accumulator_value: float = 0.1,
        epsilon: float | None = 1e-7,
        name: str = "Adagrad",
        **kwargs: Any,
    ) -> None:
        if initial_accumulator_value < 0.0:
            raise ValueError(f"initial_accumulator_value must be 0 or more. Received: {initial_accumulator_value}")
        small = 1e-7 if epsilon is None else epsilon
        settings: dict[str, Any] = {"initial_accumulator_value": initial_accumulator_value, "epsilon": small}
        super().__init__(name, learning_rate, **settings, **kwargs)

    def _create_slots(self, var_list: Any) -> None:
        for var in var_list:
            self.add_slot(var, "accumulator", Constant(self.initial_accumulator_value))

    def _resource_apply_dense(self, grad: Any, var: Variable) -> Any:
        kept = self.get_slot(var, "accumulator")
        total = kept.value() + math.square(grad)
        kept.assign(total, read_value=False)
        change = self._decayed_lr(var.dtype) * grad / math.sqrt(total + self.epsilon)
        return var.assign_sub(change, read_value=False)

    def _resource_apply_sparse(self, grad: Tensor, var: Variable, indices: Tensor) -> Any:
        kept = self.get_slot(var, "accumulator")
        total = gathering.gather(kept.value(), indices) + math.square(grad)
        apply_op("ResourceScatterUpdate", kept.handle, indices, total)
        change = self._decayed_lr(var.dtype) * grad / math.sqrt(total + self.epsilon)
        return apply_op("ResourceScatterSub", var.handle, indices, change)


class Adadelta(Optimizer):
    """Scales the gradient by the size of recent steps over the size of recent gradients.

    Args:
        learning_rate: The rate; 1 by default as in the paper and in Keras up to TensorFlow 1.13. (Later ones have
            0.001, with which hardly anything learns.)
        rho: How much of the running means stays at each step.
        epsilon: Keeps roots from zero.
        name: Name of the training operation and of the slots.
        kwargs: What `Optimizer` takes.

    Source: Zeiler, ADADELTA: An Adaptive Learning Rate Method (2012), algorithm 1.
    """

    _SETTINGS = ("rho", "epsilon")
    rho: float
    epsilon: float

    def __init__(
        self,
        learning_rate: Any = 1.0,
        rho: float = 0.95,
        epsilon: float | None = 1e-7,
        name: str = "Adadelta",
        **kwargs: Any,
    ) -> None:
        super().__init__(name, learning_rate, rho=rho, epsilon=1e-7 if epsilon is None else epsilon, **kwargs)

    def _create_slots(self, var_list: Any) -> None:
        for name in ("accum_grad", "accum_var"):
            for var in var_list:
                self.add_slot(var, name)

    def _resource_apply_dense(self, grad: Any, var: Variable) -> Any:
        return apply_op(
            "ResourceApplyAdadelta",
            var.handle,
            *[self.get_slot(var, name).handle for name in ("accum_grad", "accum_var")],
            self._decayed_lr(var.dtype),
            *[as_number(value, var) for value in (self.rho, self.epsilon)],
            grad,
            use_locking=False,
        )
