"""The type of an image's samples: integers up to their type's largest, floats from 0 to 1."""

from __future__ import annotations

from typing import Any

from trackml.dtypes import as_dtype
from trackml.graph.conversion import convert_to_tensor
from trackml.graph.operation import Tensor
from trackml.ops import array, math
from trackml.ops.framework import name_scope


def convert_image_dtype(image: Any, dtype: Any, saturate: bool = False, name: str | None = None) -> Tensor:
    """An image in another type, scaled so that the largest sample is the largest again.

    Args:
        image: Samples of any shape.
        dtype: The type that is wanted; floats are in [0, 1].
        saturate: Whether what is too large becomes the largest, where it would otherwise wrap around.
        name: Name of the operation.

    Raises:
        AttributeError: `dtype` is neither of floats nor of integers.
    """
    samples, wanted = convert_to_tensor(image, name="image"), as_dtype(dtype)
    if not wanted.is_floating and not wanted.is_integer:
        raise AttributeError("dtype must be either floating point or integer")
    if wanted is samples.dtype:
        return array.identity(samples, name=name)
    cast = math.saturate_cast if saturate else math.cast
    with name_scope(name, "convert_image", [samples]) as scope:
        own = samples.dtype
        if own.is_floating and wanted.is_floating:
            return math.cast(samples, wanted, name=scope)
        if own.is_floating:
            return cast(math.multiply(samples, wanted.max + 0.5), wanted, name=scope)
        if wanted.is_floating:
            return math.multiply(math.cast(samples, wanted), 1.0 / own.max, name=scope)
        if own.max > wanted.max:
            return cast(math.div(samples, (own.max + 1) // (wanted.max + 1)), wanted, name=scope)
        return math.multiply(cast(samples, wanted), (wanted.max + 1) // (own.max + 1), name=scope)
