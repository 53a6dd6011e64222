"""Adam: momentum, and a rate for each weight."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from trackml.graph.graph import apply_op, get_default_graph
from trackml.graph.operation import Operation, Tensor
from trackml.ops import control, math
from trackml.ops.framework import control_dependencies
from trackml.optimizers import scatter
from trackml.optimizers.optimizer import Optimizer, as_type_of
from trackml.optimizers.updates import register_update
from trackml.variables import Variable

_ = scatter  # the module registers the operation that rows are changed by


class AdamOptimizer(Optimizer):
    """Moves by the mean of the gradients, divided by the root of the mean of their squares.

        m += (1 - beta1) * (grad - m)
        v += (1 - beta2) * (grad ** 2 - v)
        var -= learning_rate * sqrt(1 - beta2 ** t) / (1 - beta1 ** t) * m / (sqrt(v) + epsilon)

    A variable of which only rows were looked up has the means of all its rows decay and all of its rows move, as if
    the gradient were zero elsewhere.

    Args:
        learning_rate: The rate: a number, a scalar tensor, or a function that gives one.
        beta1: How much of the mean of gradients stays at each step.
        beta2: How much of the mean of squares stays at each step.
        epsilon: Keeps the divisor from zero; the "epsilon hat" of the paper's section 2, not that of algorithm 1.
        use_locking: Accepted for TensorFlow's sake.
        name: Name of the training operation and of the slots.

    Source: Kingma and Ba, Adam: A Method for Stochastic Optimization (2015), section 2.
    """

    def __init__(
        self,
        learning_rate: Any = 0.001,
        beta1: Any = 0.9,
        beta2: Any = 0.999,
        epsilon: Any = 1e-8,
        use_locking: bool = False,
        name: str = "Adam",
    ) -> None:
        super().__init__(use_locking, name)
        self._lr = learning_rate
        self._beta1 = beta1
        self._beta2 = beta2
        self._epsilon = epsilon

    def _create_slots(self, var_list: Sequence[Variable]) -> None:
        first = min(var_list, key=lambda var: var.name)
        self._create_non_slot_variable(self._call_if_callable(self._beta1), "beta1_power", first)
        self._create_non_slot_variable(self._call_if_callable(self._beta2), "beta2_power", first)
        for var in var_list:
            self._zeros_slot(var, "m", self._name)
            self._zeros_slot(var, "v", self._name)

    def _get_beta_accumulators(self) -> tuple[Variable, Variable]:
        graph = get_default_graph()
        return self._get_non_slot_variable("beta1_power", graph), self._get_non_slot_variable("beta2_power", graph)

    def _prepare(self) -> None:
        self._lr_t = self._rate(self._lr, "learning_rate")
        self._beta1_t = self._rate(self._beta1, "beta1")
        self._beta2_t = self._rate(self._beta2, "beta2")
        self._epsilon_t = self._rate(self._epsilon, "epsilon")

    def _resource_apply_dense(self, grad: Tensor, handle: Variable) -> Any:
        powers = [power.value() for power in self._get_beta_accumulators()]
        rates = [*powers, self._lr_t, self._beta1_t, self._beta2_t, self._epsilon_t]
        return apply_op(
            "ResourceApplyAdam",
            handle.handle,
            self._slot(handle, "m").handle,
            self._slot(handle, "v").handle,
            *[as_type_of(rate, grad) for rate in rates],
            grad,
            use_locking=self._use_locking,
            use_nesterov=False,
        )

    def _resource_apply_sparse(self, grad: Tensor, handle: Variable, indices: Tensor) -> Any:
        power1, power2 = (as_type_of(power.value(), grad) for power in self._get_beta_accumulators())
        beta1, beta2 = as_type_of(self._beta1_t, grad), as_type_of(self._beta2_t, grad)
        rate = as_type_of(self._lr_t, grad) * math.sqrt(1 - power2) / (1 - power1)
        m = _decayed(self._slot(handle, "m"), beta1, indices, grad * (1 - beta1))
        v = _decayed(self._slot(handle, "v"), beta2, indices, grad * grad * (1 - beta2))
        step = rate * m / (math.sqrt(v) + as_type_of(self._epsilon_t, grad))
        return handle.assign_sub(step, read_value=False)

    def _finish(self, update_ops: list[Any], name_scope: str) -> Operation:
        power1, power2 = self._get_beta_accumulators()
        with control_dependencies(update_ops):
            next1 = power1.assign(power1.value() * self._beta1_t, read_value=False)
            next2 = power2.assign(power2.value() * self._beta2_t, read_value=False)
        return control.group(*update_ops, next1, next2, name=name_scope)


def _decayed(slot: Variable, beta: Tensor, indices: Tensor, addition: Tensor) -> Tensor:
    """The slot after all of its rows were multiplied by `beta` and those of the batch were added to."""
    with control_dependencies([slot.assign(slot.value() * beta, read_value=False)]):
        added = apply_op("ResourceScatterAdd", slot.handle, indices, addition)
    with control_dependencies([added]):
        return slot.value()


def _adam(
    var: Any, m: Any, v: Any, beta1_power: Any, beta2_power: Any, lr: Any, beta1: Any, beta2: Any, epsilon: Any,
    grad: Any, *, use_nesterov: bool,
) -> None:  # fmt: skip
    rate = lr * np.sqrt(1 - beta2_power) / (1 - beta1_power)
    m += (grad - m) * (1 - beta1)
    v += (grad * grad - v) * (1 - beta2)
    direction = grad * (1 - beta1) + m * beta1 if use_nesterov else m
    var -= direction * rate / (np.sqrt(v) + epsilon)


register_update("Adam", _adam, cells=3, grad=9, attributes=["use_nesterov"], sparse=False)
