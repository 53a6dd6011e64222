"""Layers that move elements: other shapes, other orders, margins, larger images."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from trackml.graph.operation import Tensor
from trackml.keras.engine.base_layer import Layer
from trackml.layers import core
from trackml.layers.arguments import numbers_of
from trackml.layers.core import checked_data_format
from trackml.layers.input_spec import InputSpec
from trackml.ops import array, gathering, image_resizing, joining, padding
from trackml.ops.ranges import range as number_range

_Margin = int | Sequence[int] | Sequence[Sequence[int]]


class Flatten(Layer, core.Flatten):
    """Makes one vector of each example: `[batch, a, b]` becomes `[batch, a * b]`.

    Args:
        data_format: `"channels_last"`, or `"channels_first"` to take the second dimension as the last.
        kwargs: What `Layer` takes.
    """

    def __init__(self, data_format: str | None = None, **kwargs: Any) -> None:
        super().__init__(data_format=data_format, **kwargs)

    def call(self, inputs: Tensor) -> Tensor:
        """The vectors, `[batch, features]`; numbers become vectors of one element."""
        return array.expand_dims(inputs, -1) if len(inputs.shape) == 1 else super().call(inputs)


class Reshape(Layer):
    """Another shape for each example.

    Args:
        target_shape: The shape, without the batch; -1 for one size that follows from the others.
        kwargs: What `Layer` takes.
    """

    def __init__(self, target_shape: Sequence[int], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.target_shape = tuple(int(size) for size in target_shape)

    def call(self, inputs: Tensor) -> Tensor:
        """The inputs, reshaped; ValueError when that cannot be."""
        sizes = self._sizes(inputs)
        outputs = array.reshape(inputs, [array.shape(inputs)[0], *sizes])
        outputs.set_shape([inputs.shape.as_list()[0], *[None if size == -1 else size for size in sizes]])
        return outputs

    def _sizes(self, inputs: Tensor) -> list[int]:
        sizes = inputs.shape.as_list()[1:]
        known = [size for size in sizes if size is not None]
        if len(known) < len(sizes):
            return list(self.target_shape)
        total, wanted = int(np.prod(known)), int(np.prod(self.target_shape))
        rest = -wanted if -1 in self.target_shape else 1
        if (rest == 0 or total % rest) if -1 in self.target_shape else total != wanted:
            raise ValueError(
                f"total size of new array must be unchanged, input_shape = {tuple(known)}, output_shape = "
                f"{self.target_shape}"
            )
        return [total // rest if size == -1 else size for size in self.target_shape]


class Permute(Layer):
    """The dimensions of each example in another order.

    Args:
        dims: The order, counted from 1.
        kwargs: What `Layer` takes.

    Raises:
        ValueError: These are not the numbers from 1 on.
    """

    def __init__(self, dims: Sequence[int], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.dims = tuple(dims)
        if sorted(self.dims) != list(range(1, len(self.dims) + 1)):
            raise ValueError(f"Invalid permutation `dims`: expected each number from 1 once. Received: dims={dims}")
        self.input_spec = InputSpec(ndim=len(self.dims) + 1)

    def call(self, inputs: Tensor) -> Tensor:
        """The inputs, transposed."""
        return array.transpose(inputs, [0, *self.dims])


class RepeatVector(Layer):
    """Each example `n` times: `[batch, features]` becomes `[batch, n, features]`.

    Args:
        n: How many times.
        kwargs: What `Layer` takes.
    """

    def __init__(self, n: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if not isinstance(n, (int, np.integer)):
            raise TypeError(f"Expected an integer value for `n`, got {type(n)}.")
        self.n = int(n)
        self.input_spec = InputSpec(ndim=2)

    def call(self, inputs: Tensor) -> Tensor:
        """The repeated inputs."""
        return joining.stack([inputs] * self.n, axis=1)


class ZeroPadding1D(Layer):
    """Zeros before and after the steps of sequences.

    Args:
        padding: How many: one number, or `(before, after)`.
        kwargs: What `Layer` takes.
    """

    def __init__(self, padding: int | Sequence[int] = 1, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.padding = _pair(padding, "padding")
        self.input_spec = InputSpec(ndim=3)

    def call(self, inputs: Tensor) -> Tensor:
        """The inputs with zeros around them."""
        return padding.pad(inputs, [[0, 0], list(self.padding), [0, 0]])


class ZeroPadding2D(Layer):
    """Zeros around images.

    Args:
        padding: How many: one number, `(above and below, left and right)`, or `((above, below), (left, right))`.
        data_format: `"channels_last"` or `"channels_first"`.
        kwargs: What `Layer` takes.
    """

    def __init__(self, padding: _Margin = (1, 1), data_format: str | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.padding = _pairs(padding, "padding")
        self.data_format = checked_data_format(data_format)
        self.input_spec = InputSpec(ndim=4)

    def call(self, inputs: Tensor) -> Tensor:
        """The images with zeros around them."""
        return padding.pad(inputs, _over_images([list(pair) for pair in self.padding], self.data_format))


class Cropping1D(Layer):
    """Sequences without their first and last steps.

    Args:
        cropping: How many are taken away: one number, or `(first, last)`.
        kwargs: What `Layer` takes.
    """

    def __init__(self, cropping: int | Sequence[int] = (1, 1), **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.cropping = _pair(cropping, "cropping")
        self.input_spec = InputSpec(ndim=3)

    def call(self, inputs: Tensor) -> Tensor:
        """The steps that are left."""
        _check_left(inputs, [1], [self.cropping])
        return _cropped(inputs, [[0, 0], list(self.cropping), [0, 0]])


class Cropping2D(Layer):
    """Images without their margins.

    Args:
        cropping: How much is taken away: one number, `(above and below, left and right)`, or
            `((above, below), (left, right))`.
        data_format: `"channels_last"` or `"channels_first"`.
        kwargs: What `Layer` takes.
    """

    def __init__(self, cropping: _Margin = ((0, 0), (0, 0)), data_format: str | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.cropping = _pairs(cropping, "cropping")
        self.data_format = checked_data_format(data_format)
        self.input_spec = InputSpec(ndim=4)

    def call(self, inputs: Tensor) -> Tensor:
        """The images that are left."""
        first = 1 if self.data_format == "channels_last" else 2
        _check_left(inputs, [first, first + 1], self.cropping)
        return _cropped(inputs, _over_images([list(pair) for pair in self.cropping], self.data_format))


class UpSampling1D(Layer):
    """Each step of sequences `size` times.

    Args:
        size: How many times.
        kwargs: What `Layer` takes.
    """

    def __init__(self, size: int = 2, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.size = int(size)
        self.input_spec = InputSpec(ndim=3)

    def call(self, inputs: Tensor) -> Tensor:
        """The repeated steps."""
        return _repeated(inputs, 1, self.size)


class UpSampling2D(Layer):
    """Images made larger: each row and column several times, or with values between them.

    Args:
        size: How many times larger: one number, or `(rows, columns)`.
        data_format: `"channels_last"` or `"channels_first"`.
        interpolation: `"nearest"`, `"bilinear"`, `"bicubic"` or `"area"`.
        kwargs: What `Layer` takes.

    Raises:
        ValueError: There is no such interpolation.
    """

    def __init__(
        self,
        size: int | Sequence[int] = (2, 2),
        data_format: str | None = None,
        interpolation: str = "nearest",
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.size = tuple(numbers_of(size, 2, "size"))
        self.data_format = checked_data_format(data_format)
        if interpolation not in _RESIZED:
            raise ValueError(f"`interpolation` must be one of {sorted(_RESIZED)}. Received: {interpolation!r}")
        self.interpolation = interpolation
        self.input_spec = InputSpec(ndim=4)

    def call(self, inputs: Tensor) -> Tensor:
        """The larger images."""
        if self.data_format == "channels_first":
            return array.transpose(self._larger(array.transpose(inputs, [0, 2, 3, 1])), [0, 3, 1, 2])
        return self._larger(inputs)

    def _larger(self, images: Tensor) -> Tensor:
        if self.interpolation == "nearest":
            return _repeated(_repeated(images, 1, self.size[0]), 2, self.size[1])
        sizes = images.shape.as_list()
        now = array.shape(images)
        wanted = joining.stack([now[1] * self.size[0], now[2] * self.size[1]])
        options = {} if self.interpolation == "area" else {"half_pixel_centers": True}
        larger: Tensor = _RESIZED[self.interpolation](images, wanted, **options)
        known = [None if size is None else size * times for size, times in zip(sizes[1:3], self.size)]
        larger.set_shape([sizes[0], *known, sizes[3]])
        return larger


_RESIZED: dict[str, Any] = {
    "area": image_resizing.resize_area,
    "bicubic": image_resizing.resize_bicubic,
    "bilinear": image_resizing.resize_bilinear,
    "nearest": None,
}


def _repeated(inputs: Tensor, axis: int, times: int) -> Tensor:
    """Each slice along an axis several times."""
    rank, sizes = len(inputs.shape), inputs.shape.as_list()
    places = number_range(array.shape(inputs)[axis] * times) // times
    outputs = gathering.gather(inputs, places, axis=axis)
    size = sizes[axis]
    outputs.set_shape([*sizes[:axis], None if size is None else size * times, *sizes[axis + 1 : rank]])
    return outputs


def _cropped(inputs: Tensor, margins: Sequence[Sequence[int]]) -> Tensor:
    places = tuple(slice(first, -last if last else None) for first, last in margins)
    outputs: Tensor = inputs[places]
    return outputs


def _check_left(inputs: Tensor, axes: Sequence[int], margins: Sequence[Sequence[int]]) -> None:
    sizes = inputs.shape.as_list()
    for axis, margin in zip(axes, margins):
        size = sizes[axis]
        if size is not None and sum(margin) >= size:
            raise ValueError(
                f"Value in `cropping` parameter should be smaller than the spatial dimensions of the inputs. Received "
                f"inputs of shape {tuple(sizes)}, and cropping={margin} along axis {axis}."
            )


def _over_images(pairs: list[list[int]], data_format: str) -> list[list[int]]:
    none = [0, 0]
    return [none, *pairs, none] if data_format == "channels_last" else [none, none, *pairs]


def _pair(value: Any, name: str) -> tuple[int, int]:
    """A number for both ends, or one for each; ValueError for anything else."""
    if isinstance(value, (int, np.integer)):
        value = (value, value)
    if not isinstance(value, (list, tuple)) or len(value) != 2 or any(int(number) < 0 for number in value):
        raise ValueError(f"`{name}` must be a number from 0 on, or two of them. Received: {value!r}")
    return int(value[0]), int(value[1])


def _pairs(value: Any, name: str) -> tuple[tuple[int, int], tuple[int, int]]:
    rows, columns = (value, value) if isinstance(value, (int, np.integer)) else _two(value, name)
    return _pair(rows, name), _pair(columns, name)


def _two(value: Any, name: str) -> Any:
    if not isinstance(value, (list, tuple)) or len(value) != 2:
        raise ValueError(f"`{name}` should have two elements. Found: {value!r}")
    return value
