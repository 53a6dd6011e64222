"""Initializers by Keras' names, and by string: `keras.initializers.get("glorot_uniform")`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np

from trackml.dtypes import as_dtype
from trackml.graph.conversion import constant as make_constant
from trackml.graph.operation import Tensor
from trackml.initializers import (
    Constant,
    GlorotNormal,
    GlorotUniform,
    Initializer,
    Ones,
    RandomNormal,
    RandomUniform,
    TruncatedNormal,
    VarianceScaling,
    Zeros,
)
from trackml.keras.identifiers import Identifiers
from trackml.ops.py_function import numpy_function

__all__ = [
    "Constant",
    "GlorotNormal",
    "GlorotUniform",
    "HeNormal",
    "HeUniform",
    "Identity",
    "Initializer",
    "LecunNormal",
    "LecunUniform",
    "Ones",
    "Orthogonal",
    "RandomNormal",
    "RandomUniform",
    "TruncatedNormal",
    "VarianceScaling",
    "Zeros",
    "constant",
    "deserialize",
    "get",
    "glorot_normal",
    "glorot_uniform",
    "he_normal",
    "he_uniform",
    "identity",
    "lecun_normal",
    "lecun_uniform",
    "normal",
    "ones",
    "orthogonal",
    "random_normal",
    "random_uniform",
    "serialize",
    "truncated_normal",
    "uniform",
    "variance_scaling",
    "zeros",
]


class Orthogonal(Initializer):
    """A matrix whose rows, or whose columns if they are fewer, are of length 1 and at right angles.

    Args:
        gain: What the matrix is multiplied with.
        seed: Seed of the operation.
        dtype: Its type.

    Source: Saxe et al., Exact solutions to the nonlinear dynamics of learning in deep linear neural networks (2013).
    """

    def __init__(self, gain: float = 1.0, seed: int | None = None, dtype: Any = "float32") -> None:
        self.gain, self.seed, self.dtype = gain, seed, as_dtype(dtype)

    def __call__(self, shape: Any, dtype: Any = None, partition_info: Any = None) -> Tensor:
        """The matrix; axes but the last count as rows."""
        sizes = [int(size) for size in shape]
        if len(sizes) < 2:
            raise ValueError(f"The tensor to initialize must be at least two-dimensional. Received: shape={sizes}")
        kind = self.dtype if dtype is None else as_dtype(dtype)
        normal = RandomNormal(0.0, 1.0, seed=self.seed)(sizes, kind)
        made: Tensor = numpy_function(lambda values: _orthogonal(values, self.gain), [normal], kind)
        made.set_shape(sizes)
        return made

    def get_config(self) -> dict[str, Any]:
        """Gain and seed."""
        return {"gain": self.gain, "seed": self.seed}


def _orthogonal(values: Any, gain: float) -> Any:
    matrix = values.reshape(-1, values.shape[-1])
    tall = matrix if len(matrix) >= matrix.shape[1] else matrix.T
    q, r = np.linalg.qr(tall)
    q = q * np.sign(np.diag(r))
    return (gain * (q if tall is matrix else q.T)).reshape(values.shape).astype(values.dtype)


class Identity(Initializer):
    """Ones where row and column are the same, zeros elsewhere.

    Args:
        gain: What the matrix is multiplied with.
        dtype: Its type.
    """

    def __init__(self, gain: float = 1.0, dtype: Any = "float32") -> None:
        self.gain, self.dtype = gain, as_dtype(dtype)

    def __call__(self, shape: Any, dtype: Any = None, partition_info: Any = None) -> Tensor:
        """The matrix; ValueError when the shape is not that of one."""
        sizes = [int(size) for size in shape]
        if len(sizes) != 2:
            raise ValueError(f"Identity matrix initializer can only be used for 2D matrices. Received: shape={sizes}")
        kind = self.dtype if dtype is None else as_dtype(dtype)
        return make_constant(self.gain * np.eye(*sizes, dtype=kind.as_numpy_dtype), kind)

    def get_config(self) -> dict[str, Any]:
        """The gain."""
        return {"gain": self.gain}


class _Scaled(VarianceScaling):
    """Variance scaling of a fixed kind: the seed is the only setting."""

    _kind: ClassVar[tuple[float, str]]

    def __init__(self, seed: int | None = None, dtype: Any = "float32") -> None:
        scale, distribution = self._kind
        super().__init__(scale, "fan_in", distribution, seed, dtype)

    def get_config(self) -> dict[str, Any]:
        """The seed."""
        return {"seed": self.seed}


class HeNormal(_Scaled):
    """Truncated normal of variance `2 / fan_in`, for layers with relu."""

    _kind = 2.0, "truncated_normal"


class HeUniform(_Scaled):
    """Uniform within `sqrt(6 / fan_in)` of zero, for layers with relu."""

    _kind = 2.0, "uniform"


class LecunNormal(_Scaled):
    """Truncated normal of variance `1 / fan_in`."""

    _kind = 1.0, "truncated_normal"


class LecunUniform(_Scaled):
    """Uniform within `sqrt(3 / fan_in)` of zero."""

    _kind = 1.0, "uniform"


constant = Constant
glorot_normal = GlorotNormal
glorot_uniform = GlorotUniform
he_normal = HeNormal
he_uniform = HeUniform
identity = Identity
lecun_normal = LecunNormal
lecun_uniform = LecunUniform
normal = RandomNormal
ones = Ones
orthogonal = Orthogonal
random_normal = RandomNormal
random_uniform = RandomUniform
truncated_normal = TruncatedNormal
uniform = RandomUniform
variance_scaling = VarianceScaling
zeros = Zeros

_KNOWN = Identifiers(
    "initializer",
    {
        **{name: globals()[name] for name in __all__ if name not in ("Initializer", "deserialize", "get", "serialize")},
        "one": Ones,
        "zero": Zeros,
    },
)


def serialize(initializer: Any) -> Any:
    """The configuration of an initializer, `class_name` and `config`."""
    return _KNOWN.serialize(initializer)


def deserialize(config: Any, custom_objects: Mapping[str, Any] | None = None) -> Any:
    """The initializer of a name or a configuration; ValueError when there is none of that name."""
    return _KNOWN.deserialize(config, custom_objects)


def get(identifier: Any) -> Any:
    """The initializer that a name, a configuration (`class_name` and `config`), a class or an object stands for.

    Raises:
        ValueError: There is no initializer of that name.
    """
    return _KNOWN.get(identifier)
