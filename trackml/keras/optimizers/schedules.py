"""Learning rates that fall with the steps (`keras.optimizers.schedules`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from trackml import dtypes
from trackml.graph.operation import Tensor
from trackml.ops import comparison, gathering, math, trigonometry
from trackml.optimizers import schedules

__all__ = [
    "CosineDecay",
    "CosineDecayRestarts",
    "ExponentialDecay",
    "InverseTimeDecay",
    "LearningRateSchedule",
    "PiecewiseConstantDecay",
    "PolynomialDecay",
    "deserialize",
    "serialize",
]


class LearningRateSchedule:
    """A learning rate by the number of steps. A subclass gives it for a step in `__call__`.

    Example:
        >>> import trackml as tf
        >>> rate = tf.keras.optimizers.schedules.ExponentialDecay(0.1, decay_steps=100, decay_rate=0.5)
        >>> with tf.Graph().as_default(), tf.Session() as session:
        ...     round(float(session.run(rate(200))), 6)
        0.025
    """

    def __call__(self, step: Any) -> Any:
        """The rate at a step, a scalar."""
        raise TypeError(f"{type(self).__name__} must define __call__(step).")

    def get_config(self) -> dict[str, Any]:
        """What the constructor takes."""
        raise TypeError(f"{type(self).__name__} must define get_config().")

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Any:
        """A schedule of a configuration."""
        return cls(**config)


class ExponentialDecay(LearningRateSchedule):
    """`initial_learning_rate * decay_rate ** (step / decay_steps)`.

    Args:
        initial_learning_rate: The rate at step 0.
        decay_steps: After how many steps the rate has fallen by `decay_rate`.
        decay_rate: The factor.
        staircase: Whether the rate falls in jumps.
        name: Name of the scope.
    """

    def __init__(
        self,
        initial_learning_rate: Any,
        decay_steps: Any,
        decay_rate: Any,
        staircase: bool = False,
        name: str | None = None,
    ) -> None:
        self.initial_learning_rate, self.decay_steps = initial_learning_rate, decay_steps
        self.decay_rate, self.staircase, self.name = decay_rate, staircase, name

    def __call__(self, step: Any) -> Tensor:
        """The rate at a step."""
        return schedules.exponential_decay(
            self.initial_learning_rate, step, self.decay_steps, self.decay_rate, self.staircase, self.name
        )

    def get_config(self) -> dict[str, Any]:
        """What the constructor takes."""
        return dict(vars(self))


class InverseTimeDecay(ExponentialDecay):
    """`initial_learning_rate / (1 + decay_rate * step / decay_steps)`; arguments as of `ExponentialDecay`."""

    def __call__(self, step: Any) -> Tensor:
        """The rate at a step."""
        return schedules.inverse_time_decay(
            self.initial_learning_rate, step, self.decay_steps, self.decay_rate, self.staircase, self.name
        )


class PiecewiseConstantDecay(LearningRateSchedule):
    """`values[i]` up to the step `boundaries[i]`, the last value beyond the last.

    Args:
        boundaries: Steps.
        values: Rates, one more than steps.
        name: Name of the scope.

    Raises:
        ValueError: There are not one more rates than steps.
    """

    def __init__(self, boundaries: Sequence[Any], values: Sequence[Any], name: str | None = None) -> None:
        if len(boundaries) != len(values) - 1:
            raise ValueError(
                "The length of boundaries should be 1 less than the length of values. Received: "
                f"boundaries={boundaries} of length {len(boundaries)}, and values={values} of length {len(values)}."
            )
        self.boundaries, self.values, self.name = boundaries, values, name

    @property
    def initial_learning_rate(self) -> Any:
        """The rate at the beginning."""
        return self.values[0]

    def __call__(self, step: Any) -> Tensor:
        """The rate at a step."""
        at = math.cast(step, dtypes.float32)
        boundaries = [float(one) for one in self.boundaries]
        return schedules.piecewise_constant(at, boundaries, [float(one) for one in self.values], self.name)

    def get_config(self) -> dict[str, Any]:
        """What the constructor takes."""
        return dict(vars(self))


class PolynomialDecay(LearningRateSchedule):
    """`(initial - end) * (1 - step / decay_steps) ** power + end`.

    Args:
        initial_learning_rate: The rate at step 0.
        decay_steps: After how many steps the rate is at its end.
        end_learning_rate: Its end.
        power: The power.
        cycle: Whether it begins anew, over more steps each time, and does not stay at its end.
        name: Name of the scope.
    """

    def __init__(
        self,
        initial_learning_rate: Any,
        decay_steps: Any,
        end_learning_rate: Any = 0.0001,
        power: Any = 1.0,
        cycle: bool = False,
        name: str | None = None,
    ) -> None:
        self.initial_learning_rate, self.decay_steps = initial_learning_rate, decay_steps
        self.end_learning_rate, self.power, self.cycle, self.name = end_learning_rate, power, cycle, name

    def __call__(self, step: Any) -> Tensor:
        """The rate at a step."""
        return schedules.polynomial_decay(
            self.initial_learning_rate,
            step,
            self.decay_steps,
            self.end_learning_rate,
            self.power,
            self.cycle,
            self.name,
        )

    def get_config(self) -> dict[str, Any]:
        """What the constructor takes."""
        return dict(vars(self))


class CosineDecay(LearningRateSchedule):
    """Falls as half a wave of a cosine; rises along a line before that, if there is a target to rise to.

    Args:
        initial_learning_rate: The rate at step 0.
        decay_steps: How many steps the fall takes.
        alpha: Which share of the rate stays at the end.
        name: Name of the scope.
        warmup_target: To which rate it rises first; it falls from the beginning by default.
        warmup_steps: How many steps the rise takes.

    Source: Loshchilov and Hutter, SGDR: Stochastic Gradient Descent with Warm Restarts (2016), equation 5.
    """

    def __init__(
        self,
        initial_learning_rate: Any,
        decay_steps: Any,
        alpha: Any = 0.0,
        name: str | None = None,
        warmup_target: Any = None,
        warmup_steps: Any = 0,
    ) -> None:
        self.initial_learning_rate, self.decay_steps, self.alpha = initial_learning_rate, decay_steps, alpha
        self.name, self.warmup_target, self.warmup_steps = name, warmup_target, warmup_steps

    def __call__(self, step: Any) -> Tensor:
        """The rate at a step."""
        if self.warmup_target is None:
            return schedules.cosine_decay(self.initial_learning_rate, step, self.decay_steps, self.alpha, self.name)
        at = math.minimum(math.cast(step, dtypes.float32), float(self.decay_steps + self.warmup_steps))
        rise = float(self.warmup_target) - self.initial_learning_rate
        rising = rise * at / float(self.warmup_steps) + self.initial_learning_rate
        part = (at - float(self.warmup_steps)) / float(self.decay_steps)
        wave = 0.5 * (1.0 + trigonometry.cos(3.141592653589793 * part))
        falling = float(self.warmup_target) * ((1.0 - self.alpha) * wave + self.alpha)
        return gathering.where(comparison.less(at, float(self.warmup_steps)), rising, falling)

    def get_config(self) -> dict[str, Any]:
        """What the constructor takes."""
        return dict(vars(self))


class CosineDecayRestarts(LearningRateSchedule):
    """Falls as half a wave of a cosine, and begins anew, again and again.

    Args:
        initial_learning_rate: The rate at step 0.
        first_decay_steps: How many steps the first fall takes.
        t_mul: How many times as long each fall is than the one before.
        m_mul: How many times as high each fall begins than the one before.
        alpha: Which share of the rate stays at the end of a fall.
        name: Name of the scope.

    Source: Loshchilov and Hutter, SGDR: Stochastic Gradient Descent with Warm Restarts (2016), equation 5.
    """

    def __init__(
        self,
        initial_learning_rate: Any,
        first_decay_steps: Any,
        t_mul: Any = 2.0,
        m_mul: Any = 1.0,
        alpha: Any = 0.0,
        name: str | None = None,
    ) -> None:
        self.initial_learning_rate, self.first_decay_steps = initial_learning_rate, first_decay_steps
        self.t_mul, self.m_mul, self.alpha, self.name = t_mul, m_mul, alpha, name

    def __call__(self, step: Any) -> Tensor:
        """The rate at a step."""
        return schedules.cosine_decay_restarts(
            self.initial_learning_rate, step, self.first_decay_steps, self.t_mul, self.m_mul, self.alpha, self.name
        )

    def get_config(self) -> dict[str, Any]:
        """What the constructor takes."""
        return dict(vars(self))


KNOWN: dict[str, Any] = {
    kind.__name__: kind
    for kind in (
        CosineDecay,
        CosineDecayRestarts,
        ExponentialDecay,
        InverseTimeDecay,
        PiecewiseConstantDecay,
        PolynomialDecay,
    )
}


def serialize(learning_rate_schedule: LearningRateSchedule, use_legacy_format: bool = False) -> Any:
    """What stands for a schedule in a configuration.

    Args:
        learning_rate_schedule: The schedule.
        use_legacy_format: Accepted for TensorFlow's sake: the form is the same.
    """
    from trackml.keras.saving.objects import serialize_keras_object

    return serialize_keras_object(learning_rate_schedule)


def deserialize(config: Any, custom_objects: Mapping[str, Any] | None = None, use_legacy_format: bool = False) -> Any:
    """The schedule of a configuration.

    Args:
        config: What `serialize` gave.
        custom_objects: Classes of one's own, by name.
        use_legacy_format: Accepted for TensorFlow's sake: the form is the same.

    Raises:
        ValueError: There is no schedule of that name.
    """
    from trackml.keras.saving.objects import deserialize_keras_object

    return deserialize_keras_object(config, KNOWN, custom_objects, "decay")
