"""Lion and Adafactor: optimizers that keep little."""

from __future__ import annotations

from typing import Any

from trackml.graph.operation import Tensor
from trackml.keras.optimizers import schedules
from trackml.keras.optimizers.optimizer import Optimizer
from trackml.keras.optimizers.state import State
from trackml.ops import array, math, reductions
from trackml.variables import Variable


class Lion(Optimizer):
    """Steps of one size: by the sign of a mean of gradients.

        weight -= learning_rate * sign(beta_1 * m + (1 - beta_1) * grad)
        m = beta_2 * m + (1 - beta_2) * grad

    Args:
        learning_rate: The rate; a tenth of Adam's or less.
        beta_1: How much of the mean there is in a step.
        beta_2: How much of the mean stays at each step.
        name: Name of the training operation and of the slots.
        kwargs: What `Optimizer` takes.

    Raises:
        ValueError: `beta_1` is not above 0 and at most 1.

    Source: Chen et al., Symbolic Discovery of Optimization Algorithms (2023), algorithm 2.
    """

    _SETTINGS = ("beta_1", "beta_2")
    beta_1: float
    beta_2: float

    def __init__(
        self, learning_rate: Any = 0.0001, beta_1: float = 0.9, beta_2: float = 0.99, name: str = "Lion", **kwargs: Any
    ) -> None:
        if not 0 < beta_1 <= 1:
            raise ValueError(f"`beta_1` must be above 0 and at most 1. Received: {beta_1}")
        super().__init__(name, learning_rate, beta_1=beta_1, beta_2=beta_2, **kwargs)

    def _create_slots(self, var_list: Any) -> None:
        for var in var_list:
            self.add_slot(var, "m")

    def _resource_apply_dense(self, grad: Any, var: Variable) -> Any:
        kept = self.get_slot(var, "m")
        mean = kept.value()
        step = math.sign(mean * self.beta_1 + grad * (1.0 - self.beta_1))
        kept.assign(mean * self.beta_2 + grad * (1.0 - self.beta_2), read_value=False)
        return var.assign_sub(self._decayed_lr(var.dtype) * step, read_value=False)


class Adafactor(Optimizer):
    """Adam without its mean of gradients, and with sums of rows and columns for the squares of a matrix.

    Args:
        learning_rate: The rate at its largest.
        beta_2_decay: How the share of a new square falls with the steps: `t ** beta_2_decay`.
        epsilon_1: Keeps squares from zero.
        epsilon_2: Keeps the size of weights, by which steps are scaled, from zero.
        clip_threshold: How large the root of the mean of squares of a step may be.
        relative_step: Whether the rate falls as `1 / sqrt(t)`.
        name: Name of the training operation and of the slots.
        kwargs: What `Optimizer` takes.

    Source: Shazeer and Stern, Adafactor: Adaptive Learning Rates with Sublinear Memory Cost (2018), algorithms 4 and 5.
    """

    _SETTINGS = ("beta_2_decay", "epsilon_1", "epsilon_2", "clip_threshold", "relative_step")
    beta_2_decay: float
    epsilon_1: float
    epsilon_2: float
    clip_threshold: float
    relative_step: bool

    def __init__(
        self,
        learning_rate: Any = 0.001,
        beta_2_decay: float = -0.8,
        epsilon_1: float = 1e-30,
        epsilon_2: float = 1e-3,
        clip_threshold: float = 1.0,
        relative_step: bool = True,
        name: str = "Adafactor",
        **kwargs: Any,
    ) -> None:
        settings: dict[str, Any] = {
            "beta_2_decay": beta_2_decay,
            "epsilon_1": epsilon_1,
            "epsilon_2": epsilon_2,
            "clip_threshold": clip_threshold,
            "relative_step": relative_step,
        }
        super().__init__(name, learning_rate, **settings, **kwargs)

    def _create_slots(self, var_list: Any) -> None:
        for var in var_list:
            sizes = var.shape.as_list()
            if len(sizes) < 2:
                self.add_slot(var, "v")
            else:
                self.add_slot(var, "r", shape=sizes[:-1])
                self.add_slot(var, "c", shape=[*sizes[:-2], sizes[-1]])

    def _prepare(self, state: State, rate: Tensor) -> None:
        step = math.cast(state.iterations.value() + 1, "float32")
        slowed = math.rsqrt(step)
        scheduled = isinstance(self._learning_rate, schedules.LearningRateSchedule)
        at_most = math.minimum(rate, slowed) if self.relative_step and not scheduled else rate
        self._now["size"] = math.minimum(at_most, slowed)
        self._now["stays"] = 1.0 - math.pow(step, self.beta_2_decay)

    def _resource_apply_dense(self, grad: Any, var: Variable) -> Any:
        size = math.maximum(self.epsilon_2, _root_mean_square(var.value())) * self._now["size"]
        step = grad * math.rsqrt(self._squares(var, math.square(grad) + self.epsilon_1))
        step = step / math.maximum(1.0, _root_mean_square(step) / self.clip_threshold)
        return var.assign_sub(size * step, read_value=False)

    def _squares(self, var: Variable, square: Tensor) -> Tensor:
        """The running mean of squared gradients, of a matrix by its rows and columns."""
        if len(var.shape) < 2:
            return self._mean(var, "v", square)
        rows = self._mean(var, "r", reductions.reduce_mean(square, axis=-1))
        columns = self._mean(var, "c", reductions.reduce_mean(square, axis=-2))
        shares = rows / reductions.reduce_mean(rows, axis=-1, keepdims=True)
        return array.expand_dims(shares, -1) * array.expand_dims(columns, -2)

    def _mean(self, var: Variable, name: str, new: Tensor) -> Tensor:
        kept = self.get_slot(var, name)
        stays = self._now["stays"]
        mean: Tensor = stays * kept.value() + (1.0 - stays) * new
        kept.assign(mean, read_value=False)
        return mean


def _root_mean_square(values: Tensor) -> Tensor:
    return math.sqrt(reductions.reduce_mean(math.square(values)))
