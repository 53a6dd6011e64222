"""The largest or the mean of each window, or of everything."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from trackml.graph.operation import Tensor
from trackml.keras.engine.base_layer import Layer
from trackml.layers import pooling
from trackml.layers.core import checked_data_format
from trackml.layers.input_spec import InputSpec
from trackml.ops import array, math, reductions

_Numbers = int | Sequence[int]


class MaxPooling2D(Layer, pooling.MaxPooling2D):
    """The largest element of each window of images.

    Args:
        pool_size: Height and width of the window, or one number for both.
        strides: From one window to the next, likewise; those of `pool_size` by default.
        padding: `"valid"` or `"same"`.
        data_format: `"channels_last"`.
        kwargs: What `Layer` takes.
    """

    def __init__(
        self,
        pool_size: _Numbers = (2, 2),
        strides: _Numbers | None = None,
        padding: str = "valid",
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(pool_size=pool_size, strides=strides, padding=padding, data_format=data_format, **kwargs)


class AveragePooling2D(Layer, pooling.AveragePooling2D):
    """The mean of each window of images; arguments are those of `MaxPooling2D`."""

    def __init__(
        self,
        pool_size: _Numbers = (2, 2),
        strides: _Numbers | None = None,
        padding: str = "valid",
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(pool_size=pool_size, strides=strides, padding=padding, data_format=data_format, **kwargs)


class MaxPooling1D(Layer, pooling.MaxPooling1D):
    """The largest element of each window of sequences, `[batch, steps, features]`; arguments as of `MaxPooling2D`."""

    def __init__(
        self,
        pool_size: _Numbers = 2,
        strides: _Numbers | None = None,
        padding: str = "valid",
        data_format: str | None = "channels_last",
        **kwargs: Any,
    ) -> None:
        super().__init__(pool_size=pool_size, strides=strides, padding=padding, data_format=data_format, **kwargs)


class AveragePooling1D(Layer, pooling.AveragePooling1D):
    """The mean of each window of sequences, `[batch, steps, features]`; arguments are those of `MaxPooling2D`."""

    def __init__(
        self,
        pool_size: _Numbers = 2,
        strides: _Numbers | None = None,
        padding: str = "valid",
        data_format: str | None = "channels_last",
        **kwargs: Any,
    ) -> None:
        super().__init__(pool_size=pool_size, strides=strides, padding=padding, data_format=data_format, **kwargs)


class _Global(Layer):
    """What global pooling shares: the axes that are reduced."""

    _rank: ClassVar[int]

    def __init__(self, data_format: str | None = None, keepdims: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.data_format = checked_data_format(data_format)
        self.keepdims = keepdims
        self.input_spec = InputSpec(ndim=self._rank + 2)

    @property
    def _axes(self) -> list[int]:
        first = 1 if self.data_format == "channels_last" else 2
        return list(range(first, first + self._rank))


class GlobalMaxPooling2D(_Global):
    """The largest element of each channel of an image, `[batch, channels]`.

    Args:
        data_format: `"channels_last"` or `"channels_first"`.
        keepdims: Whether the axes that are reduced stay, with size 1.
        kwargs: What `Layer` takes.
    """

    _rank = 2

    def call(self, inputs: Tensor) -> Tensor:
        """The largest elements."""
        return reductions.reduce_max(inputs, axis=self._axes, keepdims=self.keepdims)


class GlobalAveragePooling2D(_Global):
    """The mean of each channel of an image, `[batch, channels]`; arguments are those of `GlobalMaxPooling2D`."""

    _rank = 2

    def call(self, inputs: Tensor) -> Tensor:
        """The means."""
        return reductions.reduce_mean(inputs, axis=self._axes, keepdims=self.keepdims)


class GlobalMaxPooling1D(_Global):
    """The largest element of each feature of a sequence; arguments are those of `GlobalMaxPooling2D`."""

    _rank = 1

    def call(self, inputs: Tensor) -> Tensor:
        """The largest elements."""
        return reductions.reduce_max(inputs, axis=self._axes, keepdims=self.keepdims)


class GlobalAveragePooling1D(_Global):
    """The mean of each feature over the steps that count; arguments are those of `GlobalMaxPooling2D`."""

    _rank = 1
    supports_masking = True

    def call(self, inputs: Tensor, mask: Any = None) -> Tensor:
        """The means."""
        if mask is None:
            return reductions.reduce_mean(inputs, axis=self._axes, keepdims=self.keepdims)
        last = self.data_format == "channels_last"
        counted = array.expand_dims(math.cast(mask, inputs.dtype), 2 if last else 1)
        total = reductions.reduce_sum(inputs * counted, axis=self._axes, keepdims=self.keepdims)
        means: Tensor = total / reductions.reduce_sum(counted, axis=self._axes, keepdims=self.keepdims)
        return means

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        """None: there are no steps any more."""
        return None
