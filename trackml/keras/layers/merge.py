"""Layers of several inputs: sums, products, concatenations."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from functools import reduce
from typing import Any, ClassVar

from trackml.graph.operation import Tensor
from trackml.keras.engine.base_layer import Layer
from trackml.ops import array, comparison, joining, math, matmul, nn


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
    """

    supports_masking = True

    def __init__(self, axis: int = -1, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.axis = axis

    def call(self, inputs: Any) -> Tensor:
        """The concatenation."""
        return joining.concat(list(inputs), axis=self.axis)

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        """The masks of inputs that lie side by side in another axis than the steps, all of them."""
        masks = [item for item in mask or [] if item is not None]
        return reduce(comparison.logical_and, masks) if masks else None


class Dot(Layer):
    """The products of two inputs, summed along an axis of each.

    Args:
        axes: The axis, or the axis of each; 0 is the batch.
        normalize: Whether inputs are scaled to length 1 first: the cosine then.
        kwargs: What `Layer` takes.
    """

    def __init__(self, axes: int | Sequence[int], normalize: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.axes = axes
        self.normalize = normalize

    def call(self, inputs: Any) -> Tensor:
        """The sums: the other axes of the first input, then those of the second; one axis at least."""
        one, other = inputs
        pair = [self.axes, self.axes] if isinstance(self.axes, int) else list(self.axes)
        places = [axis % len(tensor.shape) for axis, tensor in zip(pair, (one, other))]
        if self.normalize:
            one, other = (nn.l2_normalize(tensor, axis=axis) for tensor, axis in zip((one, other), places))
        return _batch_dot(one, other, places)


def _batch_dot(one: Tensor, other: Tensor, places: Sequence[int]) -> Tensor:
    """The products of each example's tensors, `[batch, others of one, others of other]`, with the batch alone kept."""
    ranks = len(one.shape), len(other.shape)
    if min(ranks) < 2 or max(ranks) > 3:
        raise ValueError(f"Dot takes inputs of rank 2 and 3; got ranks {ranks}. Reshape or flatten them first.")
    left = array.expand_dims(one, 1) if ranks[0] == 2 else one
    right = array.expand_dims(other, 2) if ranks[1] == 2 else other
    if ranks[0] == 3 and places[0] == 1:
        left = array.transpose(left, [0, 2, 1])
    if ranks[1] == 3 and places[1] == 2:
        right = array.transpose(right, [0, 2, 1])
    product = matmul.matmul(left, right)
    if ranks == (2, 2):
        return array.squeeze(product, [2])
    if ranks[0] == 2:
        return array.squeeze(product, [1])
    return array.squeeze(product, [2]) if ranks[1] == 2 else product


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


def multiply(inputs: Any, **kwargs: Any) -> Tensor:
    """The product of the inputs."""
    result: Tensor = Multiply(**kwargs)(inputs)
    return result


def concatenate(inputs: Any, axis: int = -1, **kwargs: Any) -> Tensor:
    """The inputs side by side."""
    result: Tensor = Concatenate(axis, **kwargs)(inputs)
    return result


def dot(inputs: Any, axes: int | Sequence[int], normalize: bool = False, **kwargs: Any) -> Tensor:
    """The products of two inputs, summed along an axis of each."""
    result: Tensor = Dot(axes, normalize, **kwargs)(inputs)
    return result
