"""Bounds on weights, applied after each update: `keras.constraints.MaxNorm(2.0)`, or by name: `"max_norm"`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trackml.graph.conversion import convert_to_tensor
from trackml.graph.operation import Tensor
from trackml.keras import backend
from trackml.keras.identifiers import Identifiers
from trackml.ops import comparison, joining, math, reductions

__all__ = [
    "Constraint",
    "MaxNorm",
    "MinMaxNorm",
    "NonNeg",
    "RadialConstraint",
    "UnitNorm",
    "deserialize",
    "get",
    "max_norm",
    "min_max_norm",
    "non_neg",
    "radial_constraint",
    "serialize",
    "unit_norm",
]

_Axis = int | list[int] | tuple[int, ...]


class Constraint:
    """A function from a weight to what it may be. A subclass has `__call__`, and `get_config` if it has settings.

    Example:
        >>> from trackml import keras
        >>> layer = keras.layers.Dense(2, kernel_constraint=keras.constraints.MaxNorm(1.0))
        >>> keras.constraints.serialize(layer.kernel_constraint)
        {'class_name': 'MaxNorm', 'config': {'max_value': 1.0, 'axis': 0}}
    """

    def __call__(self, w: Any) -> Any:
        """The weight itself."""
        return w

    def get_config(self) -> dict[str, Any]:
        """What the constructor takes."""
        return {}

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Constraint:
        """The constraint of a configuration."""
        return cls(**config)


class MaxNorm(Constraint):
    """Scales vectors that are longer than `max_value` down to that length.

    Args:
        max_value: The largest length.
        axis: Along which axes the vectors lie: 0 for the inputs of a dense kernel, `[0, 1, 2]` for those of an image
            kernel.
    """

    def __init__(self, max_value: float = 2, axis: _Axis = 0) -> None:
        self.max_value = max_value
        self.axis = axis

    def __call__(self, w: Any) -> Tensor:
        """The scaled weight."""
        norms = _norms(w, self.axis)
        tensor: Tensor = w * (_between(norms, 0.0, self.max_value) / (backend.epsilon() + norms))
        return tensor

    def get_config(self) -> dict[str, Any]:
        """The length and the axes."""
        return {"max_value": self.max_value, "axis": self.axis}


class NonNeg(Constraint):
    """Takes zero for what is negative."""

    def __call__(self, w: Any) -> Tensor:
        """The weight without its negative elements."""
        tensor = convert_to_tensor(w)
        return tensor * math.cast(comparison.greater_equal(tensor, 0.0), tensor.dtype)


class UnitNorm(Constraint):
    """Scales vectors to length 1.

    Args:
        axis: Along which axes the vectors lie.
    """

    def __init__(self, axis: _Axis = 0) -> None:
        self.axis = axis

    def __call__(self, w: Any) -> Tensor:
        """The scaled weight."""
        tensor: Tensor = w / (backend.epsilon() + _norms(w, self.axis))
        return tensor

    def get_config(self) -> dict[str, Any]:
        """The axes."""
        return {"axis": self.axis}


class MinMaxNorm(Constraint):
    """Scales vectors to lengths within bounds.

    Args:
        min_value: The smallest length.
        max_value: The largest length.
        rate: How far a vector outside goes: 1 for all the way, less for a part of it at each update.
        axis: Along which axes the vectors lie.
    """

    def __init__(self, min_value: float = 0.0, max_value: float = 1.0, rate: float = 1.0, axis: _Axis = 0) -> None:
        self.min_value = min_value
        self.max_value = max_value
        self.rate = rate
        self.axis = axis

    def __call__(self, w: Any) -> Tensor:
        """The scaled weight."""
        norms = _norms(w, self.axis)
        wanted = self.rate * _between(norms, self.min_value, self.max_value) + (1 - self.rate) * norms
        tensor: Tensor = w * (wanted / (backend.epsilon() + norms))
        return tensor

    def get_config(self) -> dict[str, Any]:
        """The bounds, the rate and the axes."""
        return {"min_value": self.min_value, "max_value": self.max_value, "rate": self.rate, "axis": self.axis}


class RadialConstraint(Constraint):
    """Makes the kernels of images the same all around each square ring about the middle.

    The innermost ring takes the value that lies one up and left of the lower right middle, the others those on the
    diagonal below, as in TensorFlow: a kernel of odd size takes what lies beside its middle.

    Raises:
        ValueError: When it is applied: the weight is not of rank 4, or its window is not square.
    """

    def __call__(self, w: Any) -> Tensor:
        """The weight with one value a ring."""
        tensor = convert_to_tensor(w)
        sizes = tensor.shape.as_list()
        if len(sizes) != 4 or sizes[0] != sizes[1]:
            raise ValueError(f"The weight must be of shape [n, n, inputs, outputs]. Got {tuple(sizes)}.")
        size = int(sizes[0] or 0)
        middle, odd = size // 2, size % 2
        rings = [max(place - middle, middle - 1 + odd - place) for place in range(size)]
        values = [tensor[middle - 1, middle - 1], *(tensor[at - odd, at - odd] for at in range(middle + 1, size + odd))]
        rows = [joining.stack([values[max(down, across)] for across in rings], 0) for down in rings]
        return joining.stack(rows, 0)


max_norm = MaxNorm
non_neg = NonNeg
unit_norm = UnitNorm
min_max_norm = MinMaxNorm
radial_constraint = RadialConstraint


def _norms(w: Any, axis: _Axis) -> Tensor:
    places = axis if isinstance(axis, int) else list(axis)
    return math.sqrt(reductions.reduce_sum(math.square(w), axis=places, keepdims=True))


def _between(norms: Tensor, smallest: float, largest: float) -> Tensor:
    return math.minimum(math.maximum(norms, smallest), largest)


_KNOWN = Identifiers(
    "constraint",
    {
        "max_norm": MaxNorm,
        "maxnorm": MaxNorm,
        "min_max_norm": MinMaxNorm,
        "non_neg": NonNeg,
        "nonneg": NonNeg,
        "radial_constraint": RadialConstraint,
        "unit_norm": UnitNorm,
        "unitnorm": UnitNorm,
        **{kind.__name__: kind for kind in (Constraint, MaxNorm, MinMaxNorm, NonNeg, RadialConstraint, UnitNorm)},
    },
)


def serialize(constraint: Any) -> Any:
    """The configuration of a constraint, `class_name` and `config`; None for None."""
    return _KNOWN.serialize(constraint)


def deserialize(config: Any, custom_objects: Mapping[str, Any] | None = None) -> Any:
    """The constraint of a name or a configuration.

    Args:
        config: A name, or a dict of `class_name` and `config`.
        custom_objects: Constraints of one's own, by their names.

    Raises:
        ValueError: There is no constraint of that name.
    """
    return _KNOWN.deserialize(config, custom_objects)


def get(identifier: Any) -> Any:
    """The constraint that a name, a configuration, a class, a function or None stands for.

    Raises:
        ValueError: There is no constraint of that name.
    """
    return _KNOWN.get(identifier)
