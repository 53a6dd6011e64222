"""First values of variables.

Each class is called with a shape (and a type) and gives a tensor, under TensorFlow's names.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from trackml import dtypes
from trackml.dtypes import DType, as_dtype
from trackml.graph.conversion import constant
from trackml.graph.operation import Tensor
from trackml.ops import array, random
from trackml.shapes import as_shape


class Initializer:
    """The base of initializers: a callable from a shape to a tensor, that can tell its settings."""

    def __call__(self, shape: Any, dtype: Any = None, partition_info: Any = None) -> Any:
        """A tensor of first values.

        Args:
            shape: The variable's shape.
            dtype: The variable's type.
            partition_info: Accepted for TensorFlow's sake.
        """
        raise TypeError(f"{type(self).__name__} does not say which values it gives: override __call__.")

    def get_config(self) -> dict[str, Any]:
        """The settings that make an equal initializer."""
        return {}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Initializer:
        """The initializer with these settings."""
        return cls(**{key: value for key, value in config.items() if key != "dtype"})


class Zeros(Initializer):
    """Zeros everywhere."""

    def __init__(self, dtype: Any = dtypes.float32) -> None:
        self.dtype = as_dtype(dtype)

    def __call__(self, shape: Any, dtype: Any = None, partition_info: Any = None) -> Tensor:
        """Zeros of `shape`."""
        return array.zeros(shape, as_dtype(dtype) if dtype is not None else self.dtype)


class Ones(Initializer):
    """Ones everywhere."""

    def __init__(self, dtype: Any = dtypes.float32) -> None:
        self.dtype = as_dtype(dtype)

    def __call__(self, shape: Any, dtype: Any = None, partition_info: Any = None) -> Tensor:
        """Ones of `shape`."""
        return array.ones(shape, as_dtype(dtype) if dtype is not None else self.dtype)


class Constant(Initializer):
    """The same value everywhere, or given values.

    Args:
        value: A number, or an array or nested list of as many values as the variable has elements (the last
            one is repeated when there are fewer).
        dtype: Type, unless the variable says another.
        verify_shape: Whether the value must have exactly the variable's shape.
    """

    def __init__(self, value: Any = 0, dtype: Any = dtypes.float32, verify_shape: bool = False) -> None:
        self.value = value
        self.dtype = as_dtype(dtype)
        self._verify_shape = verify_shape

    def __call__(
        self, shape: Any, dtype: Any = None, partition_info: Any = None, verify_shape: bool | None = None
    ) -> Tensor:
        """The value in `shape`; ValueError when it does not fit."""
        wanted = as_dtype(dtype) if dtype is not None else self.dtype
        if self._verify_shape if verify_shape is None else verify_shape:
            as_shape(shape).assert_is_compatible_with(constant(self.value, wanted).shape)
        return constant(self.value, wanted, shape=shape)

    def get_config(self) -> dict[str, Any]:
        """The value."""
        return {"value": self.value}


class RandomUniform(Initializer):
    """Uniform between `minval` and `maxval`."""

    def __init__(
        self, minval: Any = -0.05, maxval: Any = 0.05, seed: int | None = None, dtype: Any = dtypes.float32
    ) -> None:
        self.minval, self.maxval, self.seed, self.dtype = minval, maxval, seed, as_dtype(dtype)

    def __call__(self, shape: Any, dtype: Any = None, partition_info: Any = None) -> Tensor:
        """Random values of `shape`."""
        return random.random_uniform(shape, self.minval, self.maxval, _or(dtype, self.dtype), seed=self.seed)

    def get_config(self) -> dict[str, Any]:
        """The bounds and the seed."""
        return {"minval": self.minval, "maxval": self.maxval, "seed": self.seed}


class RandomNormal(Initializer):
    """Normal with `mean` and `stddev`."""

    def __init__(
        self, mean: Any = 0.0, stddev: Any = 0.05, seed: int | None = None, dtype: Any = dtypes.float32
    ) -> None:
        self.mean, self.stddev, self.seed, self.dtype = mean, stddev, seed, as_dtype(dtype)

    def __call__(self, shape: Any, dtype: Any = None, partition_info: Any = None) -> Tensor:
        """Random values of `shape`."""
        return random.random_normal(shape, self.mean, self.stddev, _or(dtype, self.dtype), seed=self.seed)

    def get_config(self) -> dict[str, Any]:
        """Mean, standard deviation and seed."""
        return {"mean": self.mean, "stddev": self.stddev, "seed": self.seed}


class TruncatedNormal(RandomNormal):
    """Normal with `mean` and `stddev`, values beyond two standard deviations drawn again."""

    def __call__(self, shape: Any, dtype: Any = None, partition_info: Any = None) -> Tensor:
        """Random values of `shape`."""
        return random.truncated_normal(shape, self.mean, self.stddev, _or(dtype, self.dtype), seed=self.seed)


class VarianceScaling(Initializer):
    """Random values whose variance is `scale / n`, where n is the number of inputs, outputs, or their mean.

    Args:
        scale: A positive number.
        mode: `"fan_in"`, `"fan_out"` or `"fan_avg"`: what n is.
        distribution: `"truncated_normal"` (or `"normal"`), `"untruncated_normal"` or `"uniform"`.
        seed: Seed of the random operation.
        dtype: Type, unless the variable says another.

    Source: He et al. 2015 (fan_in, scale 2); Glorot and Bengio 2010, equation 16 (fan_avg, uniform).

    Raises:
        ValueError: `scale` is not positive, or mode or distribution are unknown.
    """

    def __init__(
        self,
        scale: float = 1.0,
        mode: str = "fan_in",
        distribution: str = "truncated_normal",
        seed: int | None = None,
        dtype: Any = dtypes.float32,
    ) -> None:
        if scale <= 0.0:
            raise ValueError(f"`scale` must be positive float; got {scale}.")
        if mode not in ("fan_in", "fan_out", "fan_avg"):
            raise ValueError(f"Invalid `mode` argument: {mode!r}; use 'fan_in', 'fan_out' or 'fan_avg'.")
        distribution = distribution.lower()
        if distribution not in ("normal", "uniform", "truncated_normal", "untruncated_normal"):
            raise ValueError(f"Invalid `distribution` argument: {distribution!r}.")
        self.scale, self.mode, self.distribution = scale, mode, distribution
        self.seed, self.dtype = seed, as_dtype(dtype)

    def __call__(self, shape: Any, dtype: Any = None, partition_info: Any = None) -> Tensor:
        """Random values of `shape`."""
        wanted = _or(dtype, self.dtype)
        fan_in, fan_out = fans([int(size or 0) for size in as_shape(shape).as_list()])
        n = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2.0}[self.mode]
        scale = self.scale / max(1.0, n)
        if self.distribution == "uniform":
            limit = math.sqrt(3.0 * scale)
            return random.random_uniform(shape, -limit, limit, wanted, seed=self.seed)
        if self.distribution == "untruncated_normal":
            return random.random_normal(shape, 0.0, math.sqrt(scale), wanted, seed=self.seed)
        # 0.8796... is the standard deviation of a unit normal truncated at two.
        return random.truncated_normal(shape, 0.0, math.sqrt(scale) / 0.87962566103423978, wanted, seed=self.seed)

    def get_config(self) -> dict[str, Any]:
        """Scale, mode, distribution and seed."""
        return {"scale": self.scale, "mode": self.mode, "distribution": self.distribution, "seed": self.seed}


class GlorotUniform(VarianceScaling):
    """Uniform within `sqrt(6 / (fan_in + fan_out))` of zero: the default of dense layers."""

    def __init__(self, seed: int | None = None, dtype: Any = dtypes.float32) -> None:
        super().__init__(1.0, "fan_avg", "uniform", seed, dtype)

    def get_config(self) -> dict[str, Any]:
        """The seed."""
        return {"seed": self.seed}


class GlorotNormal(VarianceScaling):
    """Truncated normal of variance `2 / (fan_in + fan_out)`."""

    def __init__(self, seed: int | None = None, dtype: Any = dtypes.float32) -> None:
        super().__init__(1.0, "fan_avg", "truncated_normal", seed, dtype)

    def get_config(self) -> dict[str, Any]:
        """The seed."""
        return {"seed": self.seed}


class UniformUnitScaling(Initializer):
    """Uniform within `factor * sqrt(3 / inputs)` of zero, inputs being all sizes but the last."""

    def __init__(self, factor: float = 1.0, seed: int | None = None, dtype: Any = dtypes.float32) -> None:
        self.factor, self.seed, self.dtype = factor, seed, as_dtype(dtype)

    def __call__(self, shape: Any, dtype: Any = None, partition_info: Any = None) -> Tensor:
        """Random values of `shape`."""
        sizes = [int(size or 0) for size in as_shape(shape).as_list()]
        limit = math.sqrt(3.0 / max(1.0, float(math.prod(sizes[:-1])))) * self.factor
        return random.random_uniform(shape, -limit, limit, _or(dtype, self.dtype), seed=self.seed)

    def get_config(self) -> dict[str, Any]:
        """The factor and the seed."""
        return {"factor": self.factor, "seed": self.seed}


def fans(sizes: Sequence[int]) -> tuple[float, float]:
    """How many inputs and outputs a unit of a kernel of that shape has: (fan_in, fan_out).

    The last two sizes are inputs and outputs; those before them are the receptive field.
    """
    if len(sizes) < 2:
        size = float(sizes[0]) if sizes else 1.0
        return size, size
    field = float(math.prod(sizes[:-2]))
    return field * sizes[-2], field * sizes[-1]


def he_normal(seed: int | None = None) -> VarianceScaling:
    """Truncated normal of variance `2 / fan_in`, for layers with relu."""
    return VarianceScaling(2.0, "fan_in", "truncated_normal", seed)


def he_uniform(seed: int | None = None) -> VarianceScaling:
    """Uniform within `sqrt(6 / fan_in)` of zero, for layers with relu."""
    return VarianceScaling(2.0, "fan_in", "uniform", seed)


def lecun_normal(seed: int | None = None) -> VarianceScaling:
    """Truncated normal of variance `1 / fan_in`."""
    return VarianceScaling(1.0, "fan_in", "truncated_normal", seed)


def lecun_uniform(seed: int | None = None) -> VarianceScaling:
    """Uniform within `sqrt(3 / fan_in)` of zero."""
    return VarianceScaling(1.0, "fan_in", "uniform", seed)


def default_initializer(dtype: DType) -> Initializer:
    """What `get_variable` takes when nothing is said: Glorot for floating-point types, zeros for others."""
    return GlorotUniform() if dtype.is_floating else Zeros()


def _or(dtype: Any, default: DType) -> DType:
    return default if dtype is None else as_dtype(dtype)
