"""Dropout: random elements set to zero while a model is trained."""

from __future__ import annotations

from typing import Any

import numpy as np

from trackml.graph.conversion import constant_value, convert_to_tensor
from trackml.graph.operation import Tensor
from trackml.ops import array, math
from trackml.ops.framework import name_scope
from trackml.ops.random import random_uniform
from trackml.shapes import TensorShape, as_shape


def dropout(
    x: Any,
    keep_prob: Any = None,
    noise_shape: Any = None,
    seed: int | None = None,
    name: str | None = None,
    rate: Any = None,
) -> Tensor:
    """`x` with each element set to 0 with probability `rate`, and the others divided by `1 - rate`.

    Args:
        x: Floating-point numbers.
        keep_prob: The old way to say `1 - rate`.
        noise_shape: Along an axis that has size 1 here, elements are dropped or kept together.
        seed: Makes the choice repeatable, together with the graph's seed.
        name: Scope of the operations.
        rate: The probability of being dropped, in `[0, 1)`; 0 returns `x` itself.

    Raises:
        ValueError: `rate` is out of range, neither or both of `rate` and `keep_prob` are given, or `x` is not
            floating-point.

    Source:
        Srivastava et al., "Dropout: A Simple Way to Prevent Neural Networks from Overfitting", 2014, scaled
        while training ("inverted").
    """
    if (rate is None) == (keep_prob is None):
        raise ValueError(f"Give one of rate and keep_prob; got rate={rate!r}, keep_prob={keep_prob!r}.")
    wanted = 1 - keep_prob if rate is None else rate
    with name_scope(name, "dropout", [x]):
        tensor = convert_to_tensor(x, name="x")
        if not tensor.dtype.is_floating:
            raise ValueError(
                "x has to be a floating point tensor since it's going to be scaled. "
                f"Got a {tensor.dtype.name} tensor instead."
            )
        if isinstance(wanted, (int, float, np.floating)) and not 0 <= wanted < 1:
            raise ValueError(f"rate must be a scalar tensor or a float in the range [0, 1), got {wanted}")
        return _dropped(tensor, convert_to_tensor(wanted, tensor.dtype, name="rate"), noise_shape, seed)


def _dropped(x: Tensor, rate: Tensor, noise_shape: Any, seed: int | None) -> Tensor:
    if constant_value(rate) == 0:
        return x
    chance = random_uniform(_noise_shape(x, noise_shape), seed=seed, dtype=x.dtype)
    scaled = x * (1.0 / (1.0 - rate))
    result = scaled * math.cast(chance >= rate, x.dtype)
    result.set_shape(x.shape)
    return result


def _noise_shape(x: Tensor, noise_shape: Any) -> Any:
    """The shape of the choice: that of `x` where None is given for it or for one of its sizes."""
    if noise_shape is None:
        return array.shape(x)
    if isinstance(noise_shape, Tensor):
        return noise_shape
    sizes = as_shape(noise_shape).as_list()
    if None in sizes and x.shape.ndims == len(sizes):
        merged = TensorShape([own if size is None else size for size, own in zip(sizes, x.shape.as_list())])
        sizes = merged.as_list()
    return [array.shape(x)[axis] if size is None else size for axis, size in enumerate(sizes)]
