"""Learning rates that fall with the steps: tensors to give to an optimizer."""

from __future__ import annotations

import math as pymath
from collections.abc import Callable, Sequence
from typing import Any

from trackml.graph.conversion import convert_to_tensor
from trackml.graph.operation import Tensor
from trackml.ops import comparison, gathering, math, reductions, trigonometry
from trackml.ops.framework import name_scope


def exponential_decay(
    learning_rate: Any,
    global_step: Any,
    decay_steps: Any,
    decay_rate: Any,
    staircase: bool = False,
    name: str | None = None,
) -> Tensor:
    """`learning_rate * decay_rate ** (global_step / decay_steps)`.

    Args:
        learning_rate: The rate at step 0.
        global_step: The current step, an integer scalar.
        decay_steps: After how many steps the rate has fallen by `decay_rate`.
        decay_rate: The factor.
        staircase: Whether the exponent is cut off to an integer, so that the rate falls in jumps.
        name: Name of the scope.

    Returns:
        A scalar in the type of `learning_rate`.

    Raises:
        ValueError: There is no global step.
    """
    with _Scope(name, "ExponentialDecay", learning_rate, global_step) as scope:
        part = scope.part_of(decay_steps, staircase)
        return math.multiply(scope.rate, math.pow(scope.number(decay_rate), part), name=scope.name)


def natural_exp_decay(
    learning_rate: Any,
    global_step: Any,
    decay_steps: Any,
    decay_rate: Any,
    staircase: bool = False,
    name: str | None = None,
) -> Tensor:
    """`learning_rate * exp(-decay_rate * global_step / decay_steps)`; arguments as for `exponential_decay`."""
    factor = math.exp(math.negative(decay_rate))
    return exponential_decay(learning_rate, global_step, decay_steps, factor, staircase, name or "NaturalExpDecay")


def inverse_time_decay(
    learning_rate: Any,
    global_step: Any,
    decay_steps: Any,
    decay_rate: Any,
    staircase: bool = False,
    name: str | None = None,
) -> Tensor:
    """`learning_rate / (1 + decay_rate * global_step / decay_steps)`; arguments as for `exponential_decay`."""
    with _Scope(name, "InverseTimeDecay", learning_rate, global_step) as scope:
        part = scope.part_of(decay_steps, staircase)
        return math.divide(scope.rate, 1 + scope.number(decay_rate) * part, name=scope.name)


def polynomial_decay(
    learning_rate: Any,
    global_step: Any,
    decay_steps: Any,
    end_learning_rate: Any = 0.0001,
    power: Any = 1.0,
    cycle: bool = False,
    name: str | None = None,
) -> Tensor:
    """`(learning_rate - end_learning_rate) * (1 - global_step / decay_steps) ** power + end_learning_rate`.

    Args:
        learning_rate: The rate at step 0.
        global_step: The current step, an integer scalar.
        decay_steps: After how many steps the rate is `end_learning_rate`.
        end_learning_rate: The rate from then on.
        power: The exponent; 1 for a straight line.
        cycle: Whether the rate goes up again after `decay_steps`, to fall over a whole multiple of them, rather than
            to stay.
        name: Name of the scope.

    Returns:
        A scalar in the type of `learning_rate`.

    Raises:
        ValueError: There is no global step.
    """
    with _Scope(name, "PolynomialDecay", learning_rate, global_step) as scope:
        steps, end = scope.number(decay_steps), scope.number(end_learning_rate)
        if cycle:
            part = scope.step / (steps * math.maximum(math.ceil(scope.step / steps), 1))
        else:
            part = math.minimum(scope.step, steps) / steps
        left = math.pow(1 - part, scope.number(power))
        return math.add((scope.rate - end) * left, end, name=scope.name)


def cosine_decay(
    learning_rate: Any, global_step: Any, decay_steps: Any, alpha: Any = 0.0, name: str | None = None
) -> Tensor:
    """`learning_rate * ((1 - alpha) * (1 + cos(pi * global_step / decay_steps)) / 2 + alpha)`.

    Args:
        learning_rate: The rate at step 0.
        global_step: The current step, an integer scalar.
        decay_steps: After how many steps the rate is `alpha * learning_rate`, where it stays.
        alpha: What is left of the rate at the end.
        name: Name of the scope.

    Returns:
        A scalar in the type of `learning_rate`.

    Raises:
        ValueError: There is no global step.

    Source: Loshchilov and Hutter, SGDR: Stochastic Gradient Descent with Warm Restarts (2017), equation 5.
    """
    with _Scope(name, "CosineDecay", learning_rate, global_step) as scope:
        steps = scope.number(decay_steps)
        left = _half_cosine(math.minimum(scope.step, steps) / steps)
        return math.multiply(scope.rate, (1 - scope.number(alpha)) * left + scope.number(alpha))


def cosine_decay_restarts(
    learning_rate: Any,
    global_step: Any,
    first_decay_steps: Any,
    t_mul: float = 2.0,
    m_mul: float = 1.0,
    alpha: Any = 0.0,
    name: str | None = None,
) -> Tensor:
    """Cosine decay that starts anew each time it has come to its end.

    Args:
        learning_rate: The rate at step 0.
        global_step: The current step, an integer scalar.
        first_decay_steps: How many steps the first decay takes.
        t_mul: How many times as long each decay is as the one before.
        m_mul: How many times as high each decay starts as the one before.
        alpha: What is left of the rate at the end of each decay.
        name: Name of the scope.

    Returns:
        A scalar in the type of `learning_rate`.

    Raises:
        ValueError: There is no global step.

    Source: Loshchilov and Hutter, SGDR: Stochastic Gradient Descent with Warm Restarts (2017), section 3.
    """
    with _Scope(name, "SGDRDecay", learning_rate, global_step) as scope:
        part = scope.part_of(first_decay_steps, staircase=False)
        if t_mul == 1.0:
            restarts = math.floor(part)
            part = part - restarts
        else:
            restarts = math.floor(math.log(1.0 - part * (1.0 - t_mul)) / pymath.log(t_mul))
            length = math.pow(scope.number(t_mul), restarts)
            part = (part - (1.0 - length) / (1.0 - t_mul)) / length
        left = math.pow(scope.number(m_mul), restarts) * _half_cosine(part)
        return math.multiply(scope.rate, (1 - scope.number(alpha)) * left + scope.number(alpha), name=scope.name)


def linear_cosine_decay(
    learning_rate: Any,
    global_step: Any,
    decay_steps: Any,
    num_periods: Any = 0.5,
    alpha: Any = 0.0,
    beta: Any = 0.001,
    name: str | None = None,
) -> Tensor:
    """`learning_rate * ((alpha + linear) * cosine + beta)`.

    Here `linear = 1 - global_step / decay_steps` and
    `cosine = (1 + cos(2 * pi * num_periods * global_step / decay_steps)) / 2`; the rate stays after `decay_steps`.

    Args:
        learning_rate: The rate at step 0, if `alpha` and `beta` were 0.
        global_step: The current step, an integer scalar.
        decay_steps: After how many steps the decay ends.
        num_periods: Periods of the cosine.
        alpha: Added to the line.
        beta: Added to the product.
        name: Name of the scope.

    Returns:
        A scalar in the type of `learning_rate`.

    Raises:
        ValueError: There is no global step.

    Source: Bello et al., Neural Optimizer Search with Reinforcement Learning (2017), section 4.2.
    """
    with _Scope(name, "LinearCosineDecay", learning_rate, global_step) as scope:
        steps = scope.number(decay_steps)
        part = math.minimum(scope.step, steps) / steps
        cosine = _half_cosine(2.0 * scope.number(num_periods) * part)
        left = (scope.number(alpha) + (1 - part)) * cosine + scope.number(beta)
        return math.multiply(scope.rate, left, name=scope.name)


def piecewise_constant(x: Any, boundaries: Sequence[Any], values: Sequence[Any], name: str | None = None) -> Tensor:
    """`values[0]` up to `boundaries[0]`, `values[1]` up to `boundaries[1]`, and so on; each boundary included.

    Args:
        x: The current step, a scalar.
        boundaries: Steps in increasing order, of the type of `x` (Python ints go with any integer).
        values: One more value than there are boundaries, all of one type.
        name: Name of the scope.

    Returns:
        A scalar in the type of `values`.

    Raises:
        ValueError: There are not as many boundaries as there should be, or the types differ.
    """
    if len(boundaries) != len(values) - 1:
        raise ValueError("The length of boundaries should be 1 less than the length of values")
    with name_scope(name, "PiecewiseConstant", [x, *boundaries, *values]):
        step = convert_to_tensor(x)
        limits = convert_to_tensor(list(boundaries), name="boundaries")
        if limits.dtype is not step.dtype and not (limits.dtype.is_integer and step.dtype.is_integer):
            raise ValueError(f"Boundaries ({limits.dtype!r}) must have the same dtype as x ({step.dtype!r}).")
        choices = [convert_to_tensor(value) for value in values]
        for value in choices[1:]:
            if value.dtype is not choices[0].dtype:
                raise ValueError(
                    f"Values must have elements all with the same dtype ({choices[0].dtype!r} vs {value.dtype!r})."
                )
        passed = math.cast(comparison.greater(step, math.cast(limits, step.dtype)), "int32")
        return gathering.gather(convert_to_tensor(choices), reductions.reduce_sum(passed))


class _Scope:
    """The scope of a schedule, with the rate and the step as tensors of one type."""

    def __init__(self, name: str | None, default_name: str, learning_rate: Any, global_step: Any) -> None:
        if global_step is None:
            raise ValueError(f"global_step is required for {default_name}.")
        self._learning_rate = learning_rate
        self._global_step = global_step
        self._context = name_scope(name, default_name, [learning_rate, global_step])

    def __enter__(self) -> _Scope:
        self.name = self._context.__enter__()
        self.rate = convert_to_tensor(self._learning_rate, name="initial_learning_rate")
        self.step = self.number(self._global_step)
        return self

    def __exit__(self, *exc_info: Any) -> None:
        self._context.__exit__(*exc_info)

    def number(self, value: Any) -> Tensor:
        """A setting in the type of the rate."""
        return math.cast(value, self.rate.dtype)

    def part_of(self, decay_steps: Any, staircase: bool) -> Tensor:
        """How often `decay_steps` have passed, cut off to an integer for a staircase."""
        part = self.step / self.number(decay_steps)
        return math.floor(part) if staircase else part


def _half_cosine(part: Tensor) -> Tensor:
    """1 at part 0, falling to 0 at part 1."""
    cosine: Callable[[Any], Tensor] = trigonometry.cos
    return 0.5 * (1.0 + cosine(pymath.pi * part))
