"""FTRL-proximal: Adagrad's rates, and weights that are exactly zero."""

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


class FtrlOptimizer(Optimizer):
    """Follows the regularized leader: the weights that would have been best so far, with L1 and L2 penalties.

        sigma = (accumulator_new ** -power - accumulator ** -power) / learning_rate
        linear += grad + 2 * l2_shrinkage * var - sigma * var
        var = (sign(linear) * l1 - linear) / (accumulator_new ** -power / learning_rate + 2 * l2)
        var = 0 where abs(linear) <= l1

    where `accumulator_new = accumulator + grad ** 2` and `power = learning_rate_power`.

    Args:
        learning_rate: The rate: a number, a scalar tensor, or a function that gives one.
        learning_rate_power: How the rate falls with the accumulator; 0 for a fixed one. Not positive.
        initial_accumulator_value: The accumulator at first; not negative.
        l1_regularization_strength: The L1 penalty, which makes weights zero; not negative.
        l2_regularization_strength: The L2 penalty on the weights that follow; not negative.
        use_locking: Accepted for TensorFlow's sake.
        name: Name of the training operation and of the slots.
        accum_name: Name of the accumulator's slot.
        linear_name: Name of the linear term's slot.
        l2_shrinkage_regularization_strength: An L2 penalty on the weights as they are; not negative.

    Raises:
        ValueError: An argument has the wrong sign.

    Source: McMahan et al., Ad Click Prediction: a View from the Trenches (2013), algorithm 1.
    """

    def __init__(
        self,
        learning_rate: Any,
        learning_rate_power: float = -0.5,
        initial_accumulator_value: float = 0.1,
        l1_regularization_strength: float = 0.0,
        l2_regularization_strength: float = 0.0,
        use_locking: bool = False,
        name: str = "Ftrl",
        accum_name: str | None = None,
        linear_name: str | None = None,
        l2_shrinkage_regularization_strength: float = 0.0,
    ) -> None:
        super().__init__(use_locking, name)
        if learning_rate_power > 0.0:
            raise ValueError(f"learning_rate_power {learning_rate_power} needs to be negative or zero")
        _check_not_negative(
            initial_accumulator_value=initial_accumulator_value,
            l1_regularization_strength=l1_regularization_strength,
            l2_regularization_strength=l2_regularization_strength,
            l2_shrinkage_regularization_strength=l2_shrinkage_regularization_strength,
        )
        self._learning_rate = learning_rate
        self._learning_rate_power = learning_rate_power
        self._initial_accumulator_value = initial_accumulator_value
        self._l1 = l1_regularization_strength
        self._l2 = l2_regularization_strength
        self._l2_shrinkage = l2_shrinkage_regularization_strength
        self._slot_names = accum_name or name, linear_name or name

    def _create_slots(self, var_list: Sequence[Variable]) -> None:
        accum_name, linear_name = self._slot_names
        first = Constant(self._initial_accumulator_value)
        for var in var_list:
            self._get_or_make_slot_with_initializer(var, first, var.shape, var.dtype, "accum", accum_name)
            self._zeros_slot(var, "linear", linear_name)

    def _prepare(self) -> None:
        self._learning_rate_tensor = self._rate(self._learning_rate, "learning_rate")
        self._l1_tensor = self._rate(self._l1, "l1_regularization_strength")
        self._l2_tensor = self._rate(self._l2, "l2_regularization_strength")
        self._l2_shrinkage_tensor = self._rate(self._l2_shrinkage, "l2_shrinkage_regularization_strength")
        self._learning_rate_power_tensor = self._rate(self._learning_rate_power, "learning_rate_power")

    def _resource_apply_dense(self, grad: Tensor, handle: Variable) -> Any:
        return self._apply("ResourceApplyFtrl", handle, grad)

    def _resource_apply_sparse(self, grad: Tensor, handle: Variable, indices: Tensor) -> Any:
        return self._apply("ResourceSparseApplyFtrl", handle, grad, indices)

    def _apply(self, type: str, var: Variable, grad: Tensor, *indices: Tensor) -> Any:
        shrinkage = [self._l2_shrinkage_tensor] if self._l2_shrinkage > 0.0 else []
        rates = [
            self._learning_rate_tensor,
            self._l1_tensor,
            self._l2_tensor,
            *shrinkage,
            self._learning_rate_power_tensor,
        ]
        return apply_op(
            type + "V2" if shrinkage else type,
            var.handle,
            self._slot(var, "accum").handle,
            self._slot(var, "linear").handle,
            grad,
            *indices,
            *[as_type_of(rate, grad) for rate in rates],
            use_locking=self._use_locking,
        )


def _check_not_negative(**values: float) -> None:
    for name, value in values.items():
        if value < 0.0:
            raise ValueError(f"{name} {value} needs to be positive or zero")


def _ftrl(var: Any, accum: Any, linear: Any, grad: Any, lr: Any, l1: Any, l2: Any, lr_power: Any) -> None:
    _step(var, accum, linear, grad, grad, lr, l1, l2, lr_power)


def _ftrl_v2(
    var: Any, accum: Any, linear: Any, grad: Any, lr: Any, l1: Any, l2: Any, l2_shrinkage: Any, lr_power: Any
) -> None:
    _step(var, accum, linear, grad, grad + 2 * l2_shrinkage * var, lr, l1, l2, lr_power)


def _step(
    var: Any, accum: Any, linear: Any, grad: Any, shrunk_grad: Any, lr: Any, l1: Any, l2: Any, lr_power: Any
) -> None:
    scale = _power(accum, lr_power)
    accum += grad * grad
    new_scale = _power(accum, lr_power)
    linear += shrunk_grad - (new_scale - scale) / lr * var
    curvature = new_scale / lr
    if l2:
        curvature += 2 * l2
    if not l1:
        np.true_divide(0 - linear, curvature, out=var)
        return
    moved = (np.sign(linear) * l1 - linear) / curvature
    var[...] = np.where(np.abs(linear) > l1, moved, 0 * moved)


def _power(accum: Any, lr_power: Any) -> Any:
    return np.sqrt(accum) if lr_power == -0.5 else np.power(accum, -lr_power)


register_update("Ftrl", _ftrl, cells=3, grad=3)
register_update("FtrlV2", _ftrl_v2, cells=3, grad=3)
