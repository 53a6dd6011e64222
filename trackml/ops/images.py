"""Images flipped, cropped, padded and adjusted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from trackml import dtypes
from trackml.graph.conversion import convert_to_tensor
from trackml.graph.graph import apply_op
from trackml.graph.operation import Tensor
from trackml.graph.registry import NOT_DIFFERENTIABLE, register
from trackml.graph.shape_rules import same_as_input
from trackml.ops import array, comparison, joining, math, reductions
from trackml.ops.checks import Assert
from trackml.ops.conditional import cond
from trackml.ops.control import with_dependencies
from trackml.ops.framework import name_scope
from trackml.ops.image_types import convert_image_dtype
from trackml.ops.matmul import tensordot
from trackml.ops.padding import pad
from trackml.ops.random import random_uniform
from trackml.ops.slicing import slice as part_of

Array = np.ndarray[Any, Any]

_HEIGHT, _WIDTH = 0, 1


def _image(value: Any) -> Tensor:
    """`value` as a tensor of rank 3 or 4, or of unknown rank."""
    image = convert_to_tensor(value, name="image")
    if image.shape.ndims not in (None, 3, 4):
        raise ValueError("'image' must have either 3 or 4 dimensions.")
    return image


def _is_batch(image: Tensor) -> bool:
    return image.shape.ndims == 4


def flip_left_right(image: Any) -> Tensor:
    """Images `[height, width, channels]`, or a batch of them, with left and right changed."""
    return _flipped(image, _WIDTH, "flip_left_right")


def flip_up_down(image: Any) -> Tensor:
    """Images `[height, width, channels]`, or a batch of them, with top and bottom changed."""
    return _flipped(image, _HEIGHT, "flip_up_down")


def _flipped(image: Any, axis: int, name: str) -> Tensor:
    with name_scope(None, name, [image]):
        pixels = _image(image)
        return joining.reverse(pixels, [axis + 1 if _is_batch(pixels) else axis])


def random_flip_left_right(image: Any, seed: int | None = None) -> Tensor:
    """`flip_left_right` of half of the images, by chance."""
    return _randomly_flipped(image, _WIDTH, seed, "random_flip_left_right")


def random_flip_up_down(image: Any, seed: int | None = None) -> Tensor:
    """`flip_up_down` of half of the images, by chance."""
    return _randomly_flipped(image, _HEIGHT, seed, "random_flip_up_down")


def _randomly_flipped(image: Any, axis: int, seed: int | None, name: str) -> Tensor:
    with name_scope(None, name, [image]) as scope:
        pixels = _image(image)
        if not _is_batch(pixels):
            mirrored = comparison.less(random_uniform([], 0, 1.0, seed=seed), 0.5)
            result: Tensor = cond(mirrored, lambda: joining.reverse(pixels, [axis]), lambda: pixels, name=scope)
            result.set_shape(pixels.shape)
            return result
        count = array.shape(pixels)[0]
        chance = random_uniform(joining.stack([count]), 0, 1.0, seed=seed)
        flips = math.cast(math.round(array.reshape(chance, joining.stack([count, 1, 1, 1]))), pixels.dtype)
        return flips * joining.reverse(pixels, [axis + 1]) + (1 - flips) * pixels


def transpose_image(image: Any, name: str | None = None) -> Tensor:
    """Images `[height, width, channels]`, or a batch of them, with rows and columns changed."""
    with name_scope(name, "transpose", [image]):
        pixels = _image(image)
        return array.transpose(pixels, [0, 2, 1, 3] if _is_batch(pixels) else [1, 0, 2], name=name or "transpose")


def rot90(image: Any, k: int = 1, name: str | None = None) -> Tensor:
    """Images turned counter-clockwise by `k` times 90 degrees; `k` is a Python integer."""
    with name_scope(name, "rot90", [image]):
        pixels = _image(image)
        rows, columns = (1, 2) if _is_batch(pixels) else (0, 1)
        turned = [0, 2, 1, 3] if _is_batch(pixels) else [1, 0, 2]
        return {
            0: lambda: array.identity(pixels),
            1: lambda: array.transpose(joining.reverse(pixels, [columns]), turned),
            2: lambda: joining.reverse(pixels, [rows, columns]),
            3: lambda: joining.reverse(array.transpose(pixels, turned), [columns]),
        }[k % 4]()


def _sizes(image: Tensor) -> list[Any]:
    """Height and width, as numbers where they are known."""
    first = 1 if _is_batch(image) else 0
    known = image.shape.as_list() if image.shape.ndims is not None else [None] * 3
    dynamic = None if None not in known[first : first + 2] else array.shape(image)
    return [dynamic[axis] if known[axis] is None and dynamic is not None else known[axis]
            for axis in (first, first + 1)]  # fmt: skip


def central_crop(image: Any, central_fraction: float) -> Tensor:
    """The middle of images, `central_fraction` of the height and of the width.

    Raises:
        ValueError: The fraction is not within (0, 1], or the rank is not known.
    """
    with name_scope(None, "central_crop", [image]):
        pixels = convert_to_tensor(image, name="image")
        if not 0.0 < central_fraction <= 1.0:
            raise ValueError("central_fraction must be within (0, 1]")
        if central_fraction == 1.0:
            return pixels
        rank = pixels.shape.ndims
        if rank not in (3, 4):
            raise ValueError(f"`image` should either be a Tensor with rank = 3 or rank = 4. Had rank = {rank}.")
        height, width = _sizes(pixels)
        starts = [_margin(size, central_fraction) for size in (height, width)]
        sizes = [size - start * 2 for size, start in zip((height, width), starts)]
        return _part(pixels, starts, sizes)


def _margin(size: Any, fraction: float) -> Any:
    if isinstance(size, Tensor):
        whole = math.cast(size, dtypes.float64)
        return math.cast((whole - whole * fraction) / 2, dtypes.int32)
    return int((size - size * fraction) / 2)


def _part(image: Tensor, starts: list[Any], sizes: list[Any]) -> Tensor:
    first = [0] if _is_batch(image) else []
    begin = joining.stack([*first, *starts, 0])
    part = part_of(image, begin, joining.stack([*([-1] if first else []), *sizes, -1]))
    known = [None if isinstance(size, Tensor) else size for size in sizes]
    axes = image.shape.as_list()
    part.set_shape([*axes[: len(first)], *known, axes[-1]])
    return part


def crop_to_bounding_box(
    image: Any, offset_height: Any, offset_width: Any, target_height: Any, target_width: Any
) -> Tensor:
    """A part of images.

    Args:
        image: `[height, width, channels]`, or a batch of such.
        offset_height: The first row.
        offset_width: The first column.
        target_height: How many rows.
        target_width: How many columns.

    Raises:
        ValueError: The part is not inside the image.
    """
    with name_scope(None, "crop_to_bounding_box", [image]):
        pixels = _known_rank(image)
        height, width = _sizes(pixels)
        checked = _checked(
            pixels,
            (_at_least(offset_width, 0), "offset_width must be >= 0."),
            (_at_least(offset_height, 0), "offset_height must be >= 0."),
            (_at_least(target_width, 1), "target_width must be > 0."),
            (_at_least(target_height, 1), "target_height must be > 0."),
            (_at_least(width, target_width + offset_width), "width must be >= target + offset."),
            (_at_least(height, target_height + offset_height), "height must be >= target + offset."),
        )
        return _part(checked, [offset_height, offset_width], [target_height, target_width])


def _known_rank(image: Any) -> Tensor:
    pixels = _image(image)
    if pixels.shape.ndims is None:
        pixels.set_shape([None, None, None])
    return pixels


def _at_least(value: Any, least: Any) -> Any:
    if isinstance(value, Tensor) or isinstance(least, Tensor):
        return comparison.greater_equal(value, least)
    return value >= least


def _checked(image: Tensor, *conditions: tuple[Any, str]) -> Tensor:
    """The image, after what must hold of it; ValueError for what is known not to."""
    waiting = []
    for condition, message in conditions:
        if isinstance(condition, Tensor):
            waiting.append(Assert(condition, [message]))
        elif not condition:
            raise ValueError(message)
    return with_dependencies(waiting, image) if waiting else image


def pad_to_bounding_box(
    image: Any, offset_height: Any, offset_width: Any, target_height: Any, target_width: Any
) -> Tensor:
    """Images with zeros around.

    Args:
        image: `[height, width, channels]`, or a batch of such.
        offset_height: Rows of zeros above.
        offset_width: Columns of zeros on the left.
        target_height: Rows of the result.
        target_width: Columns of the result.

    Raises:
        ValueError: The image does not fit.
    """
    with name_scope(None, "pad_to_bounding_box", [image]):
        pixels = _known_rank(image)
        height, width = _sizes(pixels)
        below, right = target_height - offset_height - height, target_width - offset_width - width
        checked = _checked(
            pixels,
            (_at_least(offset_height, 0), "offset_height must be >= 0"),
            (_at_least(offset_width, 0), "offset_width must be >= 0"),
            (_at_least(right, 0), "width must be <= target - offset"),
            (_at_least(below, 0), "height must be <= target - offset"),
        )
        none = [0, 0]
        sides = [*(none if _is_batch(pixels) else []), offset_height, below, offset_width, right, *none]
        padded = pad(checked, array.reshape(joining.stack(sides), [-1, 2]))
        axes = pixels.shape.as_list()
        known = [None if isinstance(size, Tensor) else size for size in (target_height, target_width)]
        padded.set_shape([*axes[:-3], *known, axes[-1]])
        return padded


def resize_image_with_crop_or_pad(image: Any, target_height: Any, target_width: Any) -> Tensor:
    """Images in another size: cropped around the middle where they are too large, with zeros where too small.

    Args:
        image: `[height, width, channels]`, or a batch of such.
        target_height: Rows of the result.
        target_width: Columns of the result.
    """
    with name_scope(None, "resize_image_with_crop_or_pad", [image]):
        pixels = _known_rank(image)
        height, width = _sizes(pixels)
        higher, wider = target_height - height, target_width - width
        inner = _least(target_height, height), _least(target_width, width)
        cropped = crop_to_bounding_box(pixels, _most(-higher // 2, 0), _most(-wider // 2, 0), *inner)
        return pad_to_bounding_box(cropped, _most(higher // 2, 0), _most(wider // 2, 0), target_height, target_width)


def _most(x: Any, y: Any) -> Any:
    return math.maximum(x, y) if isinstance(x, Tensor) or isinstance(y, Tensor) else max(x, y)


def _least(x: Any, y: Any) -> Any:
    return math.minimum(x, y) if isinstance(x, Tensor) or isinstance(y, Tensor) else min(x, y)


def per_image_standardization(image: Any) -> Tensor:
    """Each image with mean 0 and variance 1.

    The standard deviation is not taken below `1 / sqrt(pixels)`, so that an image of one color gives zeros. Integers
    are scaled to [0, 1] before, and back afterwards.
    """
    with name_scope(None, "per_image_standardization", [image]) as scope:
        pixels = _image(image)
        own = pixels.dtype
        if own not in (dtypes.float16, dtypes.float32):
            pixels = convert_image_dtype(pixels, dtypes.float32)
        count = reductions.reduce_prod(array.shape(pixels)[-3:])
        mean = reductions.reduce_mean(pixels, axis=[-1, -2, -3], keepdims=True)
        spread = reductions.reduce_std(pixels, axis=[-1, -2, -3], keepdims=True)
        spread = math.maximum(spread, math.rsqrt(math.cast(count, pixels.dtype)))
        return convert_image_dtype(math.div(pixels - mean, spread, name=scope), own, saturate=True)


def _on_floats(image: Any, name: str, values: list[Any], adjust: Callable[[Tensor, str], Tensor]) -> Tensor:
    """What `adjust` makes of the image as floats, in the image's own type."""
    with name_scope(None, name, [image, *values]) as scope:
        pixels = convert_to_tensor(image, name="image")
        own = pixels.dtype
        floats = pixels if own in (dtypes.float16, dtypes.float32) else convert_image_dtype(pixels, dtypes.float32)
        return convert_image_dtype(adjust(floats, scope), own, saturate=True)


def adjust_brightness(image: Any, delta: Any) -> Tensor:
    """Images with `delta` added to each sample, on the scale in which the largest is 1."""
    return _on_floats(
        image,
        "adjust_brightness",
        [delta],
        lambda pixels, scope: math.add(pixels, math.cast(delta, pixels.dtype), name=scope),
    )


def random_brightness(image: Any, max_delta: float, seed: int | None = None) -> Tensor:
    """`adjust_brightness` by a number between `-max_delta` and `max_delta`."""
    if max_delta < 0:
        raise ValueError("max_delta must be non-negative.")
    return adjust_brightness(image, random_uniform([], -max_delta, max_delta, seed=seed))


def adjust_contrast(images: Any, contrast_factor: Any) -> Tensor:
    """`(x - mean) * contrast_factor + mean` for each channel of each image, where `mean` is the channel's."""

    def adjust(pixels: Tensor, scope: str) -> Tensor:
        factor = convert_to_tensor(contrast_factor, dtypes.float32, name="contrast_factor")
        adjusted: Tensor = apply_op("AdjustContrastv2", pixels, factor, name=scope)
        return adjusted

    return _on_floats(images, "adjust_contrast", [contrast_factor], adjust)


def _adjust_contrast(images: Array, factor: Array) -> Array:
    pixels = images.astype(np.float32, copy=False)
    mean = pixels.mean(axis=(-3, -2), keepdims=True, dtype=np.float32)
    adjusted: Array = ((pixels - mean) * factor + mean).astype(images.dtype, copy=False)
    return adjusted


register("AdjustContrastv2", _adjust_contrast, shape=same_as_input, gradient=NOT_DIFFERENTIABLE)


def random_contrast(image: Any, lower: float, upper: float, seed: int | None = None) -> Tensor:
    """`adjust_contrast` by a factor between `lower` and `upper`."""
    if upper <= lower:
        raise ValueError("upper must be > lower.")
    if lower < 0:
        raise ValueError("lower must be non-negative.")
    return adjust_contrast(image, random_uniform([], lower, upper, seed=seed))


def rgb_to_grayscale(images: Any, name: str | None = None) -> Tensor:
    """Images whose last axis is RGB as grey ones, whose last axis has size 1."""
    with name_scope(name, "rgb_to_grayscale", [images]) as scope:
        pixels = convert_to_tensor(images, name="images")
        floats = convert_image_dtype(pixels, dtypes.float32)
        grey = array.expand_dims(tensordot(floats, [0.2989, 0.5870, 0.1140], [-1, -1]), -1)
        return convert_image_dtype(grey, pixels.dtype, name=scope)


def grayscale_to_rgb(images: Any, name: str | None = None) -> Tensor:
    """Grey images, whose last axis has size 1, as RGB ones.

    Raises:
        ValueError: The last axis is known to have another size.
    """
    with name_scope(name, "grayscale_to_rgb", [images]) as scope:
        pixels = convert_to_tensor(images, name="images")
        if pixels.shape.ndims and pixels.shape.as_list()[-1] not in (None, 1):
            raise ValueError("Last dimension of a grayscale image should be size 1.")
        ones = array.ones(array.expand_dims(array.rank(pixels) - 1, 0), dtypes.int32)
        rgb = joining.tile(pixels, joining.concat([ones, [3]], 0), name=scope)
        if pixels.shape.ndims:
            rgb.set_shape([*pixels.shape.as_list()[:-1], 3])
        return rgb
