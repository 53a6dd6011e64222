"""Images in another size.

Every method is linear and takes rows and columns one after the other, so each is a pair of matrices of weights: from
the input's rows to the output's, and the same for columns. The bilinear one and that of the nearest pixel gather in
place of multiplying; all gradients multiply by the matrices the other way.

Source: tensorflow/core/kernels/resize_{bilinear,bicubic,nearest_neighbor,area}_op.cc of TensorFlow 1.15.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from trackml import dtypes
from trackml.graph.conversion import constant_value, constant_value_as_shape, convert_to_tensor
from trackml.graph.graph import apply_op
from trackml.graph.operation import Operation, Tensor
from trackml.graph.registry import NOT_DIFFERENTIABLE, register
from trackml.ops.array import expand_dims, shape, squeeze
from trackml.ops.framework import name_scope
from trackml.ops.joining import stack
from trackml.ops.math import cast, minimum, truediv
from trackml.ops.math import round as rounded
from trackml.shapes import TensorShape

Array = np.ndarray[Any, Any]

_ENTRIES = 1024
"""TensorFlow takes the weights of the cubic from a table of this size."""


class ResizeMethod:
    """What `resize_images` takes as `method`."""

    BILINEAR = 0
    NEAREST_NEIGHBOR = 1
    BICUBIC = 2
    AREA = 3


_TYPES = {0: "ResizeBilinear", 1: "ResizeNearestNeighbor", 2: "ResizeBicubic", 3: "ResizeArea"}
_NAMES = {"bilinear": 0, "nearest": 1, "bicubic": 2, "area": 3}


def resize_images(
    images: Any,
    size: Any,
    method: int | str = ResizeMethod.BILINEAR,
    align_corners: bool = False,
    preserve_aspect_ratio: bool = False,
    name: str | None = None,
) -> Tensor:
    """Images in the size `size`.

    Args:
        images: `[batch, height, width, channels]` or `[height, width, channels]`.
        size: The new height and width, int32 `[2]`.
        method: A `ResizeMethod`, or `"bilinear"`, `"nearest"`, `"bicubic"`, `"area"`.
        align_corners: Whether the centers of the corner pixels stay in place.
        preserve_aspect_ratio: Whether `size` is only a bound that one side reaches.
        name: Name scope.

    Returns:
        float32, or the type of `images` for the nearest neighbor and when the size is the same.

    Raises:
        ValueError: Images are of another rank, or there is no such method.

    Example:
        >>> import trackml as tf
        >>> with tf.Graph().as_default(), tf.Session() as session:
        ...     row = tf.constant([[[0.0], [1.0]]])
        ...     print(session.run(tf.image.resize_images(row, [1, 4]))[0, :, 0].tolist())
        [0.0, 0.5, 1.0, 1.0]
    """
    number = _NAMES.get(method, -1) if isinstance(method, str) else method
    if number not in _TYPES:
        raise ValueError("Resize method is not implemented.")
    with name_scope(name, "resize", [images, size]):
        pixels = convert_to_tensor(images, name="images")
        if pixels.shape.ndims not in (3, 4):
            problem = "contains no shape" if pixels.shape.ndims is None else "must have either 3 or 4 dimensions"
            raise ValueError(f"'images' {problem}.")
        single = pixels.shape.ndims == 3
        batch = expand_dims(pixels, 0) if single else pixels
        wanted = _size(size)
        if preserve_aspect_ratio:
            wanted = _inside(batch, wanted)
        if not _same_size(batch, wanted):
            known = constant_value_as_shape(wanted).as_list()
            batch = _resized(_TYPES[number], batch, wanted, align_corners)
            batch.set_shape([None, *known, None])
        return squeeze(batch, [0]) if single else batch


def _size(size: Any) -> Tensor:
    try:
        wanted = convert_to_tensor(size, dtypes.int32, name="size")
    except (TypeError, ValueError):
        raise ValueError("'size' must be a 1-D int32 Tensor") from None
    if not wanted.shape.is_compatible_with([2]):
        raise ValueError("'size' must be a 1-D Tensor of 2 elements: new_height, new_width")
    return wanted


def _inside(images: Tensor, size: Tensor) -> Tensor:
    """The largest size of the same proportions inside `size`."""
    own = cast(shape(images)[1:3], dtypes.float32)
    ratios = truediv(cast(size, dtypes.float32), own)
    scale = minimum(ratios[0], ratios[1])
    return stack([cast(rounded(scale * own[axis]), dtypes.int32) for axis in (0, 1)])


def _same_size(images: Tensor, size: Tensor) -> bool:
    value = constant_value(size)
    return value is not None and images.shape.as_list()[1:3] == value.tolist()


def _resized(type: str, images: Tensor, size: Tensor, align_corners: bool, name: str | None = None) -> Tensor:
    options = {} if type == "ResizeArea" else {"half_pixel_centers": False}
    result: Tensor = apply_op(type, images, size, name=name, align_corners=align_corners, **options)
    return result


def resize_bilinear(
    images: Any, size: Any, align_corners: bool = False, name: str | None = None, half_pixel_centers: bool = False
) -> Tensor:
    """Images `[batch, height, width, channels]` in another size, float32: each pixel from the four around its place."""
    return _plain("ResizeBilinear", images, size, align_corners, half_pixel_centers, name)


def resize_nearest_neighbor(
    images: Any, size: Any, align_corners: bool = False, name: str | None = None, half_pixel_centers: bool = False
) -> Tensor:
    """Images `[batch, height, width, channels]` in another size: each pixel is one of the input's."""
    return _plain("ResizeNearestNeighbor", images, size, align_corners, half_pixel_centers, name)


def resize_bicubic(
    images: Any, size: Any, align_corners: bool = False, name: str | None = None, half_pixel_centers: bool = False
) -> Tensor:
    """Images `[batch, height, width, channels]` in another size, float32: each pixel from the sixteen around it."""
    return _plain("ResizeBicubic", images, size, align_corners, half_pixel_centers, name)


def resize_area(images: Any, size: Any, align_corners: bool = False, name: str | None = None) -> Tensor:
    """Images `[batch, height, width, channels]` in another size, float32: each pixel is the mean of what it covers."""
    with name_scope(name, "ResizeArea", [images, size]) as scope:
        return _resized("ResizeArea", convert_to_tensor(images, name="images"), _size(size), align_corners, scope)


def _plain(
    type: str, images: Any, size: Any, align_corners: bool, half_pixel_centers: bool, name: str | None
) -> Tensor:
    with name_scope(name, type, [images, size]) as scope:
        pixels = convert_to_tensor(images, name="images")
        attrs = {"align_corners": align_corners, "half_pixel_centers": half_pixel_centers}
        result: Tensor = apply_op(type, pixels, _size(size), name=scope, **attrs)
    return result


def _resized_shape(op: Operation) -> TensorShape:
    images = op.inputs[0].shape.with_rank(4).as_list()
    op.inputs[1].shape.assert_is_compatible_with([2])
    size = constant_value_as_shape(op.inputs[1]).with_rank(2).as_list()
    return TensorShape([images[0], *size, images[3]])


def _scale(count: int, wanted: int, align_corners: bool) -> Any:
    """The step from one pixel's place to the next one's, float32."""
    if align_corners and wanted > 1:
        return np.float32(count - 1) / np.float32(wanted - 1)
    return np.float32(count) / np.float32(wanted)


def _places(count: int, wanted: int, align_corners: bool, half_pixel_centers: bool) -> Array:
    """Where in the input each pixel of the output is, float32."""
    scale, numbers = _scale(count, wanted, align_corners), np.arange(wanted, dtype=np.float32)
    half = np.float32(0.5)
    places: Array = (numbers + half) * scale - half if half_pixel_centers else numbers * scale
    return places


def _neighbors(count: int, wanted: int, align_corners: bool, half_pixel_centers: bool) -> tuple[Array, Array, Array]:
    """The pixels before and after each place, and how far it is from the first to the second."""
    places = _places(count, wanted, align_corners, half_pixel_centers)
    floors = np.floor(places)
    lower = np.maximum(floors.astype(np.int64), 0)
    upper = np.minimum(np.ceil(places).astype(np.int64), count - 1)
    return lower, upper, places - floors


def _checked(images: Array, size: Array) -> list[int]:
    height, width = (int(item) for item in size)
    if height <= 0 or width <= 0:
        raise ValueError("output dimensions must be positive")
    if not images.shape[1] or not images.shape[2]:
        raise ValueError("input image must be of non-zero size")
    return [height, width]


def _bilinear(images: Array, size: Array, *, align_corners: bool, half_pixel_centers: bool) -> Array:
    pixels = images.astype(np.float32, copy=False)
    for axis, wanted in zip((2, 1), reversed(_checked(images, size))):
        lower, upper, weights = _neighbors(pixels.shape[axis], wanted, align_corners, half_pixel_centers)
        first, second = np.take(pixels, lower, axis), np.take(pixels, upper, axis)
        second -= first
        second *= weights.reshape([-1] + [1] * (3 - axis))
        second += first
        pixels = second
    return pixels


def _bilinear_weights(count: int, wanted: int, align_corners: bool, half_pixel_centers: bool) -> Array:
    lower, upper, share = _neighbors(count, wanted, align_corners, half_pixel_centers)
    weights, rows = np.zeros((wanted, count), np.float32), np.arange(wanted)
    weights[rows, lower] = 1 - share
    weights[rows, upper] += share
    return weights


def _nearest_indices(count: int, wanted: int, align_corners: bool, half_pixel_centers: bool) -> Array:
    scale, numbers = _scale(count, wanted, align_corners), np.arange(wanted, dtype=np.float32)
    places = (numbers + np.float32(0.5)) * scale if half_pixel_centers else numbers * scale
    # Halves go up, not to the even neighbor.
    nearest = np.floor(places + np.float32(0.5)) if align_corners else np.floor(places)
    indices: Array = np.clip(nearest.astype(np.int64), 0, count - 1)
    return indices


def _nearest(images: Array, size: Array, *, align_corners: bool, half_pixel_centers: bool) -> Array:
    pixels = images
    for axis, wanted in zip((2, 1), reversed(_checked(images, size))):
        pixels = np.take(pixels, _nearest_indices(pixels.shape[axis], wanted, align_corners, half_pixel_centers), axis)
    return pixels


def _nearest_weights(count: int, wanted: int, align_corners: bool, half_pixel_centers: bool) -> Array:
    weights = np.zeros((wanted, count), np.float32)
    weights[np.arange(wanted), _nearest_indices(count, wanted, align_corners, half_pixel_centers)] = 1
    return weights


def _cubic_table(a: float) -> Array:
    """The weights of the inner and the outer neighbor at each distance (Keys' kernel with parameter `a`)."""
    x = (np.arange(_ENTRIES + 1) / _ENTRIES).astype(np.float32)
    inner = ((np.float32(a) + 2) * x - (np.float32(a) + 3)) * x * x + 1
    y = x + 1
    outer = ((np.float32(a) * y - 5 * np.float32(a)) * y + 8 * np.float32(a)) * y - 4 * np.float32(a)
    return np.stack([inner, outer])


def _cubic_weights(count: int, wanted: int, align_corners: bool, half_pixel_centers: bool) -> Array:
    inner, outer = _cubic_table(-0.5 if half_pixel_centers else -0.75)
    places = _places(count, wanted, align_corners, half_pixel_centers)
    floors = np.floor(places)
    offset = np.rint((places - floors) * _ENTRIES).astype(np.int64)
    neighbors = floors.astype(np.int64)[:, None] + np.arange(-1, 3)
    shares = np.stack([outer[offset], inner[offset], inner[_ENTRIES - offset], outer[_ENTRIES - offset]], axis=1)
    inside = np.clip(neighbors, 0, count - 1)
    if half_pixel_centers:  # pixels outside have no weight, and the others share it
        shares = np.where(inside == neighbors, shares, np.float32(0))
        sums = shares.sum(axis=1, keepdims=True)
        shares = np.where(np.abs(sums) >= 1000 * np.finfo(np.float32).tiny, shares / sums, shares)
    weights = np.zeros((wanted, count), np.float32)
    np.add.at(weights, (np.arange(wanted)[:, None], inside), shares)
    return weights


def _area_weights(count: int, wanted: int, align_corners: bool, half_pixel_centers: bool) -> Array:
    scale = _scale(count, wanted, align_corners)
    starts = np.arange(wanted, dtype=np.float32) * scale
    ends = np.arange(1, wanted + 1, dtype=np.float32) * scale
    pixels = np.arange(int(np.ceil(ends.max())), dtype=np.float32)
    covered = np.minimum(pixels + 1, ends[:, None]) - np.maximum(pixels, starts[:, None])
    weights = np.zeros((wanted, count), np.float32)
    np.add.at(weights.T, np.minimum(pixels.astype(np.int64), count - 1), np.maximum(covered, 0).T / scale)
    return weights


_Weights = Callable[[int, int, bool, bool], Array]


def _weighted(pixels: Array, rows: Array, columns: Array) -> Array:
    """`rows @ pixels @ columns.T` for each image and channel."""
    batch, height, width, channels = pixels.shape
    wide = np.matmul(rows, pixels.reshape(batch, height, width * channels))
    result: Array = np.matmul(columns, wide.reshape(batch * len(rows), width, channels))
    return result.reshape(batch, len(rows), len(columns), channels)


def _by_weights(weights: _Weights) -> Callable[..., Array]:
    """The kernel that multiplies by matrices."""

    def resize(images: Array, size: Array, *, align_corners: bool, half_pixel_centers: bool) -> Array:
        sizes = zip(images.shape[1:3], _checked(images, size))
        rows, columns = (weights(own, wanted, align_corners, half_pixel_centers) for own, wanted in sizes)
        return _weighted(images.astype(np.float32, copy=False), rows, columns)

    return resize


def _back_by_weights(weights: _Weights, height: int, width: int, grad: Array, options: dict[str, bool]) -> Array:
    sizes = zip((height, width), grad.shape[1:3])
    rows, columns = (weights(own, wanted, *options.values()) for own, wanted in sizes)
    return _weighted(grad, rows.T, columns.T)


def _back_to_image(weights: _Weights) -> Callable[..., Array]:
    """The kernel of a gradient whose second input is the image."""

    def back(grad: Array, image: Array, *, align_corners: bool, half_pixel_centers: bool) -> Array:
        options = {"align_corners": align_corners, "half_pixel_centers": half_pixel_centers}
        _, height, width, _ = image.shape
        result: Array = _back_by_weights(weights, height, width, grad, options).astype(image.dtype, copy=False)
        return result

    return back


def _nearest_back(grad: Array, size: Array, *, align_corners: bool, half_pixel_centers: bool) -> Array:
    options = {"align_corners": align_corners, "half_pixel_centers": half_pixel_centers}
    back: Array = _back_by_weights(_nearest_weights, int(size[0]), int(size[1]), grad, options)
    return back.astype(grad.dtype, copy=False)


def _options(op: Operation) -> dict[str, Any]:
    return {name: op.attrs.get(name, False) for name in ("align_corners", "half_pixel_centers")}


def _differentiated(type: str) -> Callable[[Operation, Tensor], list[Tensor | None]]:
    """The gradient of a method whose gradient has the operation `type`, with the image as its second input."""

    def gradient(op: Operation, grad: Tensor) -> list[Tensor | None]:
        if not op.inputs[0].dtype.is_floating:
            return [None, None]
        return [apply_op(type, grad, op.inputs[0], **_options(op)), None]

    return gradient


def _differentiated_back(type: str) -> Callable[[Operation, Tensor], list[Tensor | None]]:
    """The gradient of that gradient, which is linear in its first input."""

    def gradient(op: Operation, grad: Tensor) -> list[Tensor | None]:
        return [apply_op(type, grad, shape(op.inputs[0])[1:3], **_options(op)), None]

    return gradient


def _nearest_grad(op: Operation, grad: Tensor) -> list[Tensor | None]:
    size = shape(op.inputs[0])[1:3]
    return [apply_op("ResizeNearestNeighborGrad", grad, size, **_options(op)), None]


_METHODS: dict[str, tuple[Callable[..., Array], _Weights]] = {
    "ResizeBilinear": (_bilinear, _bilinear_weights),
    "ResizeBicubic": (_by_weights(_cubic_weights), _cubic_weights),
}
for _type, (_kernel, _matrix) in _METHODS.items():
    register(_type, _kernel, shape=_resized_shape, dtypes=dtypes.float32, gradient=_differentiated(f"{_type}Grad"))
    register(
        f"{_type}Grad",
        _back_to_image(_matrix),
        shape=lambda op: op.inputs[1].shape,
        dtypes=lambda op: [op.inputs[1].dtype],
        gradient=_differentiated_back(_type),
        types={"T": 1},
    )
register("ResizeNearestNeighbor", _nearest, shape=_resized_shape, gradient=_nearest_grad)
register(
    "ResizeNearestNeighborGrad",
    _nearest_back,
    shape=_resized_shape,
    gradient=_differentiated_back("ResizeNearestNeighbor"),
)
register(
    "ResizeArea",
    lambda images, size, *, align_corners: _by_weights(_area_weights)(
        images, size, align_corners=align_corners, half_pixel_centers=False
    ),
    shape=_resized_shape,
    dtypes=dtypes.float32,
    gradient=NOT_DIFFERENTIABLE,
)
