"""Layers of several inputs: sums, products, concatenations."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from functools import reduce
from typing import Any, ClassVar

from trackml import dtypes
from trackml.graph.operation import Tensor
from trackml.keras.engine.base_layer import Layer
from trackml.ops import array, comparison, joining, math, matmul, nn, reductions


class _Merge(Layer):
    """Combines inputs element by element; those of lower rank get axes of size 1 after the batch."""

    supports_masking = True
    _combine: ClassVar[Any]

    def call(self, inputs: Any) -> Any:
        """The combination of all inputs."""
        if not isinstance(inputs, (list, tuple)) or len(inputs) < 2:
            raise ValueError(f"A merge layer should be called on a list of at least 2 inputs. Received: {inputs}")
        return self._finished(reduce(type(self)._combine, _of_one_rank(inputs)), len(inputs))

    def _finished(self, value: Any, count: int) -> Any:
        return value

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        """True where all inputs that have masks have True."""
        masks = [item for item in mask or [] if item is not None]
        return reduce(comparison.logical_and, masks) if masks else None


class Add(_Merge):
    """The sum of the inputs."""

    _combine = staticmethod(operator.add)


class Subtract(_Merge):
    """The first input less the second; there are two."""

    _combine = staticmethod(operator.sub)

    def call(self, inputs: Any) -> Any:
        """The difference."""
        if len(inputs) != 2:
            raise ValueError(f"A `Subtract` layer should be called on exactly 2 inputs. Received: {inputs}")
        return super().call(inputs)


class Multiply(_Merge):
    """The product of the inputs."""

    _combine = staticmethod(operator.mul)


class Average(_Merge):
    """The mean of the inputs."""

    _combine = staticmethod(operator.add)

    def _finished(self, value: Any, count: int) -> Any:
        return value / float(count)


class Maximum(_Merge):
    """The largest of the inputs."""

    _combine = staticmethod(math.maximum)


class Minimum(_Merge):
    """The smallest of the inputs."""

    _combine = staticmethod(math.minimum)


class Concatenate(Layer):
    """The inputs side by side.

    Args:
        axis: Along which axis.
        kwargs: What `Layer` takes.

    Raises:
        ValueError: At the call: there are no several inputs, or they differ along another axis.
    """

    supports_masking = True

    def __init__(self, axis: int = -1, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.axis = axis

    def call(self, inputs: Any) -> Tensor:
        """The concatenation."""
        if not isinstance(inputs, (list, tuple)) or not inputs:
            raise ValueError(f"A `Concatenate` layer should be called on a list of inputs. Received: {inputs}")
        return joining.concat(list(inputs), axis=self.axis)

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        """The masks side by side, with True for inputs without one."""
        if all(item is None for item in mask or []):
            return None
        masks = [_as_large_as(item, tensor) for item, tensor in zip(mask, inputs)]
        return reductions.reduce_all(joining.concat(masks, axis=self.axis), axis=-1)


def _as_large_as(mask: Any, tensor: Tensor) -> Tensor:
    if mask is None:
        return array.ones_like(tensor, dtypes.bool_)
    return array.expand_dims(mask, -1) if len(mask.shape) < len(tensor.shape) else mask


class Dot(Layer):
    """The products of two inputs, summed along an axis of each.

    Args:
        axes: The axis, or the axis of each; 0 is the batch.
        normalize: Whether inputs are scaled to length 1 first: the cosine then.
        kwargs: What `Layer` takes.

    Raises:
        TypeError: `axes` is neither a number nor two of them.
        ValueError: At the call: there are not two inputs, an axis is the batch, or sizes do not fit.
    """

    supports_masking = True

    def __init__(self, axes: int | Sequence[int], normalize: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if not isinstance(axes, int) and (not isinstance(axes, (list, tuple)) or len(axes) != 2):
            raise TypeError(f"Invalid type for argument `axes`: it should be a number or two of them. Received: {axes}")
        self.axes = axes
        self.normalize = normalize

    def call(self, inputs: Any) -> Tensor:
        """The sums: the other axes of the first input, then those of the second; one axis at least."""
        if not isinstance(inputs, (list, tuple)) or len(inputs) != 2:
            raise ValueError(f"A `Dot` layer should be called on exactly 2 inputs. Received: inputs={inputs}")
        one, other = inputs
        pair = [self.axes, self.axes] if isinstance(self.axes, int) else list(self.axes)
        places = [axis % len(tensor.shape) for axis, tensor in zip(pair, (one, other))]
        if 0 in places:
            raise ValueError(f"Cannot perform a dot product along the batch axis. Received: axes={self.axes}")
        if self.normalize:
            one, other = (nn.l2_normalize(tensor, axis=axis) for tensor, axis in zip((one, other), places))
        return _batch_dot(one, other, places)

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        """None."""
        return None


def _batch_dot(one: Tensor, other: Tensor, places: Sequence[int]) -> Tensor:
    """The products of each example's tensors, `[batch, others of one, others of other]`, with the batch alone kept."""
    left, right = (_with_axis_last(tensor, place) for tensor, place in zip((one, other), places))
    summed = left.shape.as_list()[-1], right.shape.as_list()[-1]
    if None not in summed and summed[0] != summed[1]:
        raise ValueError(
            f"Dimension incompatibility: a Dot layer sums along axes {tuple(places)} of inputs of shapes "
            f"{one.shape} and {other.shape}, which have sizes {summed[0]} and {summed[1]}."
        )
    product = matmul.matmul(_as_matrices(left), _as_matrices(right), transpose_b=True)
    sizes = [*left.shape.as_list()[:-1], *right.shape.as_list()[1:-1]]
    now = [*_sizes(left)[:-1], *_sizes(right)[1:-1]]
    if len(sizes) == 1:
        sizes, now = [*sizes, 1], [*now, 1]
    outputs = array.reshape(product, joining.stack(now))
    outputs.set_shape(sizes)
    return outputs


def _with_axis_last(tensor: Tensor, place: int) -> Tensor:
    rank = len(tensor.shape)
    if rank < 2:
        raise ValueError(f"A Dot layer takes inputs of rank 2 at least. Received: {tensor.shape}")
    others = [axis for axis in range(rank) if axis != place]
    return tensor if place == rank - 1 else array.transpose(tensor, [*others, place])


def _as_matrices(tensor: Tensor) -> Tensor:
    """`[batch, others, summed]`, with all other axes as one."""
    if len(tensor.shape) == 3:
        return tensor
    sizes = _sizes(tensor)
    return array.reshape(tensor, joining.stack([sizes[0], -1, sizes[-1]]))


def _sizes(tensor: Tensor) -> list[Any]:
    now = array.shape(tensor)
    return [now[axis] if size is None else size for axis, size in enumerate(tensor.shape.as_list())]


def _of_one_rank(inputs: Sequence[Tensor]) -> list[Tensor]:
    rank = max(len(tensor.shape) for tensor in inputs)
    found = []
    for tensor in inputs:
        for _ in range(rank - len(tensor.shape)):
            tensor = array.expand_dims(tensor, 1)
        found.append(tensor)
    return found


def add(inputs: Any, **kwargs: Any) -> Tensor:
    """The sum of the inputs."""
    result: Tensor = Add(**kwargs)(inputs)
    return result


def average(inputs: Any, **kwargs: Any) -> Tensor:
    """The mean of the inputs."""
    result: Tensor = Average(**kwargs)(inputs)
    return result


def maximum(inputs: Any, **kwargs: Any) -> Tensor:
    """The largest of the inputs."""
    result: Tensor = Maximum(**kwargs)(inputs)
    return result


def minimum(inputs: Any, **kwargs: Any) -> Tensor:
    """The smallest of the inputs."""
    result: Tensor = Minimum(**kwargs)(inputs)
    return result


def multiply(inputs: Any, **kwargs: Any) -> Tensor:
    """The product of the inputs."""
    result: Tensor = Multiply(**kwargs)(inputs)
    return result


def subtract(inputs: Any, **kwargs: Any) -> Tensor:
    """The first input less the second."""
    result: Tensor = Subtract(**kwargs)(inputs)
    return result


def concatenate(inputs: Any, axis: int = -1, **kwargs: Any) -> Tensor:
    """The inputs side by side."""
    result: Tensor = Concatenate(axis, **kwargs)(inputs)
    return result


def dot(inputs: Any, axes: int | Sequence[int], normalize: bool = False, **kwargs: Any) -> Tensor:
    """The products of two inputs, summed along an axis of each."""
    result: Tensor = Dot(axes, normalize, **kwargs)(inputs)
    return result
