"""Schedules by the names that TensorFlow 1.15 keeps them under (`keras.experimental`)."""

from __future__ import annotations

from typing import Any

from trackml.graph.operation import Tensor
from trackml.keras.optimizers.schedules import CosineDecay, CosineDecayRestarts, LearningRateSchedule
from trackml.optimizers import schedules

__all__ = ["CosineDecay", "CosineDecayRestarts", "LinearCosineDecay"]


class LinearCosineDecay(LearningRateSchedule):
    """Falls along a line, in waves of a cosine.

    Args:
        initial_learning_rate: The rate at step 0.
        decay_steps: How many steps the fall takes.
        num_periods: How many waves there are.
        alpha: What is added to the line.
        beta: What is added to the product of line and wave.
        name: Name of the scope.

    Source: Bello et al., Neural Optimizer Search with Reinforcement Learning (2017), section 4.2.
    """

    def __init__(
        self,
        initial_learning_rate: Any,
        decay_steps: Any,
        num_periods: Any = 0.5,
        alpha: Any = 0.0,
        beta: Any = 0.001,
        name: str | None = None,
    ) -> None:
        self.initial_learning_rate, self.decay_steps, self.num_periods = initial_learning_rate, decay_steps, num_periods
        self.alpha, self.beta, self.name = alpha, beta, name

    def __call__(self, step: Any) -> Tensor:
        """The rate at a step."""
        rate, steps = self.initial_learning_rate, self.decay_steps
        return schedules.linear_cosine_decay(rate, step, steps, self.num_periods, self.alpha, self.beta, self.name)

    def get_config(self) -> dict[str, Any]:
        """What the constructor takes."""
        return dict(vars(self))
