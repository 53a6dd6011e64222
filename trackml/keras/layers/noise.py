"""Layers that are there for training: dropout, noise, penalties on outputs."""

from __future__ import annotations

import math as pymath
from collections.abc import Sequence
from typing import Any

from trackml.graph.conversion import convert_to_tensor
from trackml.graph.operation import Tensor
from trackml.keras import regularizers
from trackml.keras.engine.base_layer import Layer
from trackml.layers import core
from trackml.layers.core import checked_data_format
from trackml.layers.input_spec import InputSpec
from trackml.ops import array, comparison, math, random


class Dropout(Layer, core.Dropout):
    """While training, sets inputs to zero at random and scales the others up.

    Args:
        rate: The share of inputs that is set to zero.
        noise_shape: The shape of the random choice; None for a size of the inputs.
        seed: Seed of the operation.
        kwargs: What `Layer` takes.

    Raises:
        ValueError: The rate is not between 0 and 1.
    """

    supports_masking = True

    def __init__(
        self, rate: float, noise_shape: Sequence[int | None] | None = None, seed: int | None = None, **kwargs: Any
    ) -> None:
        super().__init__(rate=_checked_rate(rate), noise_shape=noise_shape, seed=seed, **kwargs)


class SpatialDropout1D(Dropout):
    """While training, sets whole features of sequences to zero at random.

    Args:
        rate: The share of features that is set to zero.
        kwargs: What `Layer` takes.
    """

    def __init__(self, rate: float, **kwargs: Any) -> None:
        super().__init__(rate, **kwargs)
        self.input_spec = InputSpec(ndim=3)

    def _noise_shape(self, inputs: Tensor) -> Any:
        sizes = array.shape(inputs)
        return convert_to_tensor([sizes[0], 1, sizes[2]])


class SpatialDropout2D(Dropout):
    """While training, sets whole channels of images to zero at random.

    Args:
        rate: The share of channels that is set to zero.
        data_format: `"channels_last"` or `"channels_first"`.
        kwargs: What `Layer` takes.
    """

    def __init__(self, rate: float, data_format: str | None = None, **kwargs: Any) -> None:
        super().__init__(rate, **kwargs)
        self.data_format = checked_data_format(data_format)
        self.input_spec = InputSpec(ndim=4)

    def _noise_shape(self, inputs: Tensor) -> Any:
        sizes = array.shape(inputs)
        if self.data_format == "channels_first":
            return convert_to_tensor([sizes[0], sizes[1], 1, 1])
        return convert_to_tensor([sizes[0], 1, 1, sizes[3]])


class GaussianNoise(Layer):
    """While training, adds noise of mean 0.

    Args:
        stddev: The noise's standard deviation.
        seed: Seed of the operation.
        kwargs: What `Layer` takes.
    """

    supports_masking = True

    def __init__(self, stddev: float, seed: int | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.stddev = stddev
        self.seed = seed

    def call(self, inputs: Tensor, training: Any = None) -> Tensor:
        """The inputs, with noise when training."""
        if not training:
            return array.identity(inputs)
        noise = random.random_normal(array.shape(inputs), 0.0, self.stddev, inputs.dtype, self.seed)
        return _like(inputs + noise, inputs)


class GaussianDropout(Layer):
    """While training, multiplies with noise of mean 1 and the variance that dropout has.

    Args:
        rate: The rate of the dropout: the standard deviation is `sqrt(rate / (1 - rate))`.
        seed: Seed of the operation.
        kwargs: What `Layer` takes.

    Source: Srivastava et al., Dropout (2014), section 10.
    """

    supports_masking = True

    def __init__(self, rate: float, seed: int | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.rate = _checked_rate(rate)
        self.seed = seed

    def call(self, inputs: Tensor, training: Any = None) -> Tensor:
        """The inputs, times noise when training."""
        if not training or not 0.0 < self.rate < 1.0:
            return array.identity(inputs)
        stddev = pymath.sqrt(self.rate / (1.0 - self.rate))
        return _like(inputs * random.random_normal(array.shape(inputs), 1.0, stddev, inputs.dtype, self.seed), inputs)


class AlphaDropout(Layer):
    """While training, drops inputs so that their mean and variance stay, for networks of `selu`.

    Args:
        rate: The share of inputs that is dropped.
        noise_shape: The shape of the random choice; that of the inputs by default.
        seed: Seed of the operation.
        kwargs: What `Layer` takes.

    Source: Klambauer et al., Self-Normalizing Neural Networks (2017), section "New Dropout Technique".
    """

    supports_masking = True

    def __init__(self, rate: float, noise_shape: Any = None, seed: int | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.rate = _checked_rate(rate)
        self.noise_shape = noise_shape
        self.seed = seed

    def call(self, inputs: Tensor, training: Any = None) -> Tensor:
        """The inputs, some of them at selu's lower bound when training, and all scaled back."""
        if not training or not 0.0 < self.rate < 1.0:
            return array.identity(inputs)
        lowest = -1.6732632423543772 * 1.0507009873554805
        shape = array.shape(inputs) if self.noise_shape is None else self.noise_shape
        drawn = random.random_uniform(shape, 0.0, 1.0, inputs.dtype, self.seed)
        kept = math.cast(comparison.greater_equal(drawn, self.rate), inputs.dtype)
        factor = ((1.0 - self.rate) * (1.0 + self.rate * lowest**2)) ** -0.5
        offset = -factor * lowest * self.rate
        return _like(factor * (inputs * kept + lowest * (1.0 - kept)) + offset, inputs)


class ActivityRegularization(Layer):
    """Gives its input back, which costs `l1 * sum(abs(x)) + l2 * sum(x ** 2)` an example.

    Args:
        l1: What a sum of sizes costs.
        l2: What a sum of squares costs.
        kwargs: What `Layer` takes.
    """

    supports_masking = True

    def __init__(self, l1: float = 0.0, l2: float = 0.0, **kwargs: Any) -> None:
        super().__init__(activity_regularizer=regularizers.L1L2(l1, l2), **kwargs)
        self.l1 = l1
        self.l2 = l2


def _checked_rate(rate: Any) -> Any:
    if isinstance(rate, (int, float)) and not 0 <= rate <= 1:
        raise ValueError(f"Invalid value {rate} received for `rate`, expected a value between 0 and 1.")
    return rate


def _like(outputs: Any, inputs: Tensor) -> Tensor:
    outputs.set_shape(inputs.shape)
    tensor: Tensor = outputs
    return tensor
