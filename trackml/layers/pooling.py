"""Pooling layers: the largest or the mean of each window."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from trackml.graph.operation import Tensor
from trackml.layers.arguments import checked_padding, numbers_of, refuse_channels_first
from trackml.layers.base import Layer
from trackml.layers.input_spec import InputSpec
from trackml.ops import array, pooling
from trackml.ops.windows import counts_of
from trackml.shapes import TensorShape, as_shape

_Numbers = int | Sequence[int]


class _Pooling(Layer):
    """What pooling layers share. `_rank` axes have windows; `_pool` makes the operation on images."""

    _rank: ClassVar[int]
    _pool: ClassVar[Callable[..., Tensor]]

    def __init__(
        self,
        pool_size: _Numbers,
        strides: _Numbers | None,
        padding: str = "valid",
        data_format: str | None = "channels_last",
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(name=name, **kwargs)
        self.pool_size = numbers_of(pool_size, self._rank, "pool_size")
        self.strides = self.pool_size if strides is None else numbers_of(strides, self._rank, "strides")
        self.padding = checked_padding(padding)
        self.data_format = refuse_channels_first(data_format)
        self.input_spec = InputSpec(ndim=self._rank + 2)

    def call(self, inputs: Tensor) -> Tensor:
        """The windows' largest or mean."""
        if self._rank == 2:
            return self._pool(inputs, self.pool_size, self.strides, self.padding.upper())
        images = array.expand_dims(inputs, 2)
        return array.squeeze(self._pool(images, [*self.pool_size, 1], [*self.strides, 1], self.padding.upper()), [2])

    def compute_output_shape(self, input_shape: Any) -> TensorShape:
        """The shape with the number of windows along each of their axes."""
        batch, *image, channels = as_shape(input_shape).with_rank(self._rank + 2).as_list()
        sizes, strides = (([*numbers, 1])[:2] for numbers in (self.pool_size, self.strides))
        counts = counts_of([*image, 1][:2], sizes, [1, *strides, 1], self.padding.upper())
        return TensorShape([batch, *counts[: self._rank], channels])


class MaxPooling2D(_Pooling):
    """The largest element of each window of images.

    Args:
        pool_size: Height and width of the window, or one number for both.
        strides: From one window to the next, likewise; None for those of `pool_size`.
        padding: `"valid"` (windows inside the image alone) or `"same"` (each stride has its window).
        data_format: `"channels_last"`.
        name: Name of the scope.

    Raises:
        ValueError: An argument is none of what it may be.
    """

    _rank = 2
    _pool = staticmethod(pooling.max_pool)


class AveragePooling2D(_Pooling):
    """The mean of each window of images; arguments are those of `MaxPooling2D`."""

    _rank = 2
    _pool = staticmethod(pooling.avg_pool)


class MaxPooling1D(_Pooling):
    """The largest element of each window of sequences, `[batch, length, channels]`; arguments as `MaxPooling2D`."""

    _rank = 1
    _pool = staticmethod(pooling.max_pool)


class AveragePooling1D(_Pooling):
    """The mean of each window of sequences, `[batch, length, channels]`; arguments as `MaxPooling2D`."""

    _rank = 1
    _pool = staticmethod(pooling.avg_pool)


def max_pooling2d(
    inputs: Any,
    pool_size: _Numbers,
    strides: _Numbers,
    padding: str = "valid",
    data_format: str | None = "channels_last",
    name: str | None = None,
) -> Tensor:
    """The largest element of each window of images.

    Args:
        inputs: `[batch, height, width, channels]`.
        pool_size: Height and width of the window; the other arguments are those of `MaxPooling2D`.

    Returns:
        `[batch, windows down, windows across, channels]`.

    Example:
        >>> import trackml as tf
        >>> with tf.Graph().as_default():
        ...     images = tf.placeholder(tf.float32, [None, 28, 28, 32])
        ...     print(tf.layers.max_pooling2d(images, 2, 2))
        Tensor("max_pooling2d/MaxPool:0", shape=(?, 14, 14, 32), dtype=float32)
    """
    return _applied(MaxPooling2D(pool_size, strides, padding, data_format, name), inputs)


def average_pooling2d(
    inputs: Any,
    pool_size: _Numbers,
    strides: _Numbers,
    padding: str = "valid",
    data_format: str | None = "channels_last",
    name: str | None = None,
) -> Tensor:
    """The mean of each window of images; arguments are those of `max_pooling2d`."""
    return _applied(AveragePooling2D(pool_size, strides, padding, data_format, name), inputs)


def max_pooling1d(
    inputs: Any,
    pool_size: _Numbers,
    strides: _Numbers,
    padding: str = "valid",
    data_format: str | None = "channels_last",
    name: str | None = None,
) -> Tensor:
    """The largest element of each window of sequences `[batch, length, channels]`."""
    return _applied(MaxPooling1D(pool_size, strides, padding, data_format, name), inputs)


def average_pooling1d(
    inputs: Any,
    pool_size: _Numbers,
    strides: _Numbers,
    padding: str = "valid",
    data_format: str | None = "channels_last",
    name: str | None = None,
) -> Tensor:
    """The mean of each window of sequences `[batch, length, channels]`."""
    return _applied(AveragePooling1D(pool_size, strides, padding, data_format, name), inputs)


def _applied(layer: Layer, inputs: Any) -> Tensor:
    outputs: Tensor = layer.apply(inputs)
    return outputs
