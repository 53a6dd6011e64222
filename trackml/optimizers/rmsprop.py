"""RMSProp: a rate for each weight, by the size of its recent gradients."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from trackml.graph.graph import apply_op
from trackml.graph.operation import Tensor
from trackml.initializers import Ones
from trackml.optimizers.optimizer import Optimizer, as_type_of
from trackml.optimizers.updates import register_update
from trackml.variables import Variable


class RMSPropOptimizer(Optimizer):
    """Divides the rate of each weight by the root of the running mean of its squared gradients.

        rms += (1 - decay) * (grad ** 2 - rms)
        step = momentum * step + learning_rate * grad / sqrt(rms + epsilon)
        var -= step

    Args:
        learning_rate: The rate: a number, a scalar tensor, or a function that gives one.
        decay: How much of the running mean stays at each step.
        momentum: How much of the last step is added to the next.
        epsilon: Keeps the divisor from zero; under the root, as in TensorFlow 1.
        use_locking: Accepted for TensorFlow's sake.
        centered: Divides by the variance instead: takes the square of the running mean of the gradients off `rms`.
        name: Name of the training operation and of the slots.

    Source: Hinton, Neural Networks for Machine Learning, lecture 6e (2012); centered: Graves, Generating Sequences
        With Recurrent Neural Networks (2013), equations 38 to 45. Unlike both, `rms` starts from ones.
    """

    def __init__(
        self,
        learning_rate: Any,
        decay: Any = 0.9,
        momentum: Any = 0.0,
        epsilon: Any = 1e-10,
        use_locking: bool = False,
        centered: bool = False,
        name: str = "RMSProp",
    ) -> None:
        super().__init__(use_locking, name)
        self._learning_rate = learning_rate
        self._decay = decay
        self._momentum = momentum
        self._epsilon = epsilon
        self._centered = centered

    def _create_slots(self, var_list: Sequence[Variable]) -> None:
        for var in var_list:
            self._get_or_make_slot_with_initializer(var, Ones(), var.shape, var.dtype, "rms", self._name)
            if self._centered:
                self._zeros_slot(var, "mg", self._name)
            self._zeros_slot(var, "momentum", self._name)

    def _prepare(self) -> None:
        self._rates = [
            self._rate(self._learning_rate, "learning_rate"),
            self._rate(self._decay, "decay"),
            self._rate(self._momentum, "momentum"),
            self._rate(self._epsilon, "epsilon"),
        ]

    def _resource_apply_dense(self, grad: Tensor, handle: Variable) -> Any:
        return self._apply("ResourceApply", handle, grad)

    def _resource_apply_sparse(self, grad: Tensor, handle: Variable, indices: Tensor) -> Any:
        return self._apply("ResourceSparseApply", handle, grad, indices)

    def _apply(self, prefix: str, var: Variable, grad: Tensor, *indices: Tensor) -> Any:
        slots = ["mg", "rms", "momentum"] if self._centered else ["rms", "momentum"]
        return apply_op(
            prefix + ("CenteredRMSProp" if self._centered else "RMSProp"),
            var.handle,
            *[self._slot(var, name).handle for name in slots],
            *[as_type_of(rate, grad) for rate in self._rates],
            grad,
            *indices,
            use_locking=self._use_locking,
        )


def _rms_prop(var: Any, ms: Any, mom: Any, lr: Any, rho: Any, momentum: Any, epsilon: Any, grad: Any) -> None:
    ms += (grad * grad - ms) * (1 - rho)
    mom *= momentum
    mom += grad * lr / np.sqrt(ms + epsilon)
    var -= mom


def _centered_rms_prop(
    var: Any, mg: Any, ms: Any, mom: Any, lr: Any, rho: Any, momentum: Any, epsilon: Any, grad: Any
) -> None:
    ms += (grad * grad - ms) * (1 - rho)
    mg += (grad - mg) * (1 - rho)
    mom *= momentum
    mom += grad * lr / np.sqrt(ms - mg * mg + epsilon)
    var -= mom


register_update("RMSProp", _rms_prop, cells=3, grad=7)
register_update("CenteredRMSProp", _centered_rms_prop, cells=4, grad=8)
