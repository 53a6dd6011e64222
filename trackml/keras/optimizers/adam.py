"""Adam and its kin: steps by running means of gradients and of their squares."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from trackml.graph.graph import apply_op
from trackml.graph.operation import Tensor
from trackml.keras.optimizers import rules as rules
from trackml.keras.optimizers.optimizer import Optimizer
from trackml.keras.optimizers.sgd import as_number
from trackml.keras.optimizers.state import State
from trackml.ops import math
from trackml.variables import Variable


class Adam(Optimizer):
    """Steps by running means of gradients and of their squares, each made up for its start from zero.

        m = beta_1 * m + (1 - beta_1) * grad
        v = beta_2 * v + (1 - beta_2) * grad ** 2
        weight -= learning_rate * sqrt(1 - beta_2 ** t) / (1 - beta_1 ** t) * m / (sqrt(v) + epsilon)

    Args:
        learning_rate: The rate.
        beta_1: How much of the mean of gradients stays at each step.
        beta_2: How much of the mean of squared gradients stays.
        epsilon: Keeps the divisor from zero; the paper's epsilon hat.
        amsgrad: Divides by the largest `v` so far.
        name: Name of the training operation and of the slots.
        kwargs: What `Optimizer` takes.

    Source: Kingma and Ba, Adam: A Method for Stochastic Optimization (2014), algorithm 1 with the order of section 2;
        Reddi et al., On the Convergence of Adam and Beyond (2018), algorithm 2.
    """

    _SETTINGS: Sequence[str] = ("beta_1", "beta_2", "epsilon", "amsgrad")
    beta_1: float
    beta_2: float
    epsilon: float
    amsgrad: bool

    def __init__(
        self,
        learning_rate: Any = 0.001,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float | None = 1e-7,
        amsgrad: bool = False,
        name: str = "Adam",
        **kwargs: Any,
    ) -> None:
        small = 1e-7 if epsilon is None else epsilon
        settings: dict[str, Any] = {"beta_1": beta_1, "beta_2": beta_2, "epsilon": small, "amsgrad": amsgrad}
        super().__init__(name, learning_rate, **settings, **kwargs)

    def _create_slots(self, var_list: Any) -> None:
        for name in ("m", "v", "vhat") if self.amsgrad else ("m", "v"):
            for var in var_list:
                self.add_slot(var, name)

    def _prepare(self, state: State, rate: Tensor) -> None:
        step = math.cast(state.iterations.value() + 1, "float32")
        self._now["powers"] = [math.pow(beta, step) for beta in (self.beta_1, self.beta_2)]

    def _resource_apply_dense(self, grad: Any, var: Variable) -> Any:
        slots = ["m", "v", "vhat"] if self.amsgrad else ["m", "v"]
        attributes: dict[str, Any] = {} if self.amsgrad else {"use_nesterov": False}
        return apply_op(
            "ResourceApplyAdamWithAmsgrad" if self.amsgrad else "ResourceApplyAdam",
            var.handle,
            *[self.get_slot(var, name).handle for name in slots],
            *[math.cast(power, var.dtype) for power in self._now["powers"]],
            self._decayed_lr(var.dtype),
            *[as_number(value, var) for value in (self.beta_1, self.beta_2, self.epsilon)],
            grad,
            use_locking=False,
            **attributes,
        )


class AdamW(Adam):
    """Adam with a decay of the weights themselves, and not of the gradients.

    Args:
        learning_rate: The rate.
        weight_decay: Which share of each weight, times the rate, is taken off at each step.
        beta_1: How much of the mean of gradients stays at each step.
        beta_2: How much of the mean of squared gradients stays.
        epsilon: Keeps the divisor from zero.
        amsgrad: Divides by the largest `v` so far.
        name: Name of the training operation and of the slots.
        kwargs: What `Optimizer` takes.

    Source: Loshchilov and Hutter, Decoupled Weight Decay Regularization (2019), algorithm 2.
    """

    def __init__(
        self,
        learning_rate: Any = 0.001,
        weight_decay: float | None = 0.004,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float | None = 1e-7,
        amsgrad: bool = False,
        name: str = "AdamW",
        **kwargs: Any,
    ) -> None:
        super().__init__(learning_rate, beta_1, beta_2, epsilon, amsgrad, name, weight_decay=weight_decay, **kwargs)


class Adamax(Optimizer):
    """Adam with the largest recent gradient in the place of the root of the mean of squares.

        m = beta_1 * m + (1 - beta_1) * grad
        u = max(beta_2 * u, abs(grad))
        weight -= learning_rate / (1 - beta_1 ** t) * m / (u + epsilon)

    Args:
        learning_rate: The rate.
        beta_1: How much of the mean of gradients stays at each step.
        beta_2: How much of the largest gradient stays.
        epsilon: Keeps the divisor from zero.
        name: Name of the training operation and of the slots.
        kwargs: What `Optimizer` takes.

    Source: Kingma and Ba, Adam: A Method for Stochastic Optimization (2014), algorithm 2.
    """

    _SETTINGS = ("beta_1", "beta_2", "epsilon")
    beta_1: float
    beta_2: float
    epsilon: float

    def __init__(
        self,
        learning_rate: Any = 0.001,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float | None = 1e-7,
        name: str = "Adamax",
        **kwargs: Any,
    ) -> None:
        small = 1e-7 if epsilon is None else epsilon
        super().__init__(name, learning_rate, beta_1=beta_1, beta_2=beta_2, epsilon=small, **kwargs)

    def _create_slots(self, var_list: Any) -> None:
        for name in ("m", "v"):
            for var in var_list:
                self.add_slot(var, name)

    def _prepare(self, state: State, rate: Tensor) -> None:
        self._now["power"] = math.pow(self.beta_1, math.cast(state.iterations.value() + 1, "float32"))

    def _resource_apply_dense(self, grad: Any, var: Variable) -> Any:
        return apply_op(
            "ResourceApplyAdaMax",
            var.handle,
            *[self.get_slot(var, name).handle for name in ("m", "v")],
            math.cast(self._now["power"], var.dtype),
            self._decayed_lr(var.dtype),
            *[as_number(value, var) for value in (self.beta_1, self.beta_2, self.epsilon)],
            grad,
            use_locking=False,
        )


class Nadam(Optimizer):
    """Adam that looks ahead as Nesterov's momentum does.

    Args:
        learning_rate: The rate.
        beta_1: How much of the mean of gradients stays at each step; less of it in the first few hundred.
        beta_2: How much of the mean of squared gradients stays.
        epsilon: Keeps the divisor from zero.
        name: Name of the training operation and of the slots.
        kwargs: What `Optimizer` takes.

    Source: Dozat, Incorporating Nesterov Momentum into Adam (2015), algorithm 2, with the schedule of momenta
        `beta_1 * (1 - 0.96 ** t / 2)` of Sutskever et al.
    """

    _SETTINGS = ("beta_1", "beta_2", "epsilon")
    beta_1: float
    beta_2: float
    epsilon: float

    def __init__(
        self,
        learning_rate: Any = 0.001,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float | None = 1e-7,
        name: str = "Nadam",
        **kwargs: Any,
    ) -> None:
        small = 1e-7 if epsilon is None else epsilon
        super().__init__(name, learning_rate, beta_1=beta_1, beta_2=beta_2, epsilon=small, **kwargs)

    def _create_slots(self, var_list: Any) -> None:
        self._product(self._state())
        for name in ("m", "v"):
            for var in var_list:
                self.add_slot(var, name)

    def _product(self, state: State) -> Variable:
        """The product of the momentums so far, which TensorFlow keeps before the slots."""
        product = state.slots.setdefault("momentum_cache", {})
        if not product:
            product[state.iterations.op] = state.variable("momentum_cache", [], "float32", "ones")
        return product[state.iterations.op]

    def _prepare(self, state: State, rate: Tensor) -> None:
        """The momentum of this step and the next, and the product of all so far."""
        kept = self._product(state)
        step = math.cast(state.iterations.value() + 1, "float32")
        now, ahead = (self.beta_1 * (1.0 - 0.5 * math.pow(0.96, at)) for at in (step, step + 1.0))
        so_far = kept.value() * now
        self._now |= {"momentum": now, "next": ahead, "product": so_far, "power": math.pow(self.beta_2, step)}
        kept.assign(so_far, read_value=False)

    def _resource_apply_dense(self, grad: Any, var: Variable) -> Any:
        m, v, now = self.get_slot(var, "m"), self.get_slot(var, "v"), self._now
        mean = m.value() + (grad - m.value()) * (1.0 - self.beta_1)
        square = v.value() + (math.square(grad) - v.value()) * (1.0 - self.beta_2)
        ahead = now["next"] * mean / (1.0 - now["product"] * now["next"])
        step = ahead + (1.0 - now["momentum"]) * grad / (1.0 - now["product"])
        root = math.sqrt(square / (1.0 - now["power"])) + self.epsilon
        m.assign(mean, read_value=False)
        v.assign(square, read_value=False)
        return var.assign_sub(self._decayed_lr(var.dtype) * step / root, read_value=False)
