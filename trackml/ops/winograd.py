"""Convolutions with a fraction of the products: Winograd's minimal filtering.

A kernel of size `r` slides over tiles of 6 pixels and has `7 - r` outputs on each. Pixels and kernel are polynomials;
their values at six points are multiplied, one by one, and the outputs interpolated from those. In two dimensions, for
all channels at once,

    outputs = A' [(G kernel G') * (B' pixels B)] A

where `*` is a product of matrices `[tiles, channels]` and `[channels, outputs]` for each of 36 pairs of points: for a
kernel of 3x3 that is 36 multiplications in place of 144. `A`, `B` and `G` are applied by products of matrices too,
along one axis after the other. The gradient by the kernel is `G' [(B' pixels B) * (A grad A')] G`.

What it costs is digits, since sums have larger terms than their result: in float32 an output is within about 1e-6 of
the largest one, not 5e-7, a gradient by the kernel within 2e-6, not 3e-7. Where a pixel is infinite, all outputs of its
tiles are NaN.

`TRACKML_WINOGRAD=0` in the environment has all convolutions computed by adding up the products.

Source: Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks" (2015), equations 8 and 12. Interpolation
for any points and their choice: Barabasz et al., "Error Analysis and Improving the Accuracy of Winograd Convolution for
Deep Neural Networks" (2018).
"""

from __future__ import annotations

import functools
import itertools
import math
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import as_strided

from trackml.graph.workers import for_each
from trackml.ops.scratch import scratch
from trackml.ops.windows import Array, Window, Windows

SETTING = "TRACKML_WINOGRAD"
"""The environment variable that switches this off when it is 0."""

_POINTS = np.array([0, 2 / 3, -2 / 3, 3 / 2, -3 / 2])
"""The finite points, those with the smallest errors among fractions of small numbers; the sixth is infinity."""
_TILE = len(_POINTS) + 1
"""Pixels of a tile, along each axis."""
_SIZES = range(2, _TILE)
"""Sizes of kernels."""
_FEWEST_CHANNELS = 8
"""With fewer channels or outputs, windows copied and multiplied are as fast."""
_COPIED, _MOVED, _OF_KERNEL, _STARTED = 16, 18, 60, 3_000_000
"""What a number that is copied into a window costs, one at a point, one of the kernel at a point, and all the rest, in
multiplications, of which a core here does 50,000 in a microsecond."""
_PART_BYTES = 4 << 20
"""What is computed at once, so that it stays in the cache."""
_LARGEST_PART_BYTES = 16 << 20
"""The same where the kernel is so large that smaller parts would cost more than they save."""
_GROUPS = 4
"""Parts of a batch whose gradients by the kernel are summed up each on their own."""
_SMALL_PRODUCT = 1_000_000
"""Multiplications up to which OpenBLAS multiplies without copying the factors first, in half of the time here."""


class Transforms(NamedTuple):
    """The matrices for one size of kernel."""

    outputs: Array
    """`A'`: from values at points to outputs, `[outputs of a tile, points]`."""
    kernel: Array
    """`G`: from the kernel to values at points, `[points, size]`."""
    pixels: Array
    """`B'`: from the pixels of a tile to values at points, `[points, pixels]`."""


@functools.lru_cache(maxsize=len(_SIZES))
def transforms(size: int) -> Transforms:
    """The matrices for kernels of a size from 2 to 5, in float32."""
    outputs, kernel = np.zeros((_TILE + 1 - size, _TILE)), np.zeros((_TILE, size))
    pixels = np.zeros((_TILE, _TILE))
    for place, point in enumerate(_POINTS):
        others = np.delete(_POINTS, place)
        outputs[:, place] = point ** np.arange(len(outputs))
        kernel[place] = point ** np.arange(size) / np.prod(point - others)
        pixels[place, :-1] = np.poly(others)[::-1]
    outputs[-1, -1] = kernel[-1, -1] = 1
    pixels[-1] = np.poly(_POINTS)[::-1]
    return Transforms(*(matrix.astype(np.float32) for matrix in (outputs, kernel, pixels)))


@dataclass(frozen=True)
class _Axis:
    """Tiles along an axis, and what turns the numbers of each into values at points."""

    matrix: Array
    """`[points, numbers of a tile]`."""
    step: int
    """Numbers from one tile to the next."""
    margin: int
    """Numbers of the first tile before the image."""
    count: int
    """Number of tiles."""

    def reach(self, tiles: int) -> int:
        """How many numbers so many tiles lie on."""
        return (tiles - 1) * self.step + int(self.matrix.shape[1])


class _Tiles(NamedTuple):
    """Tiles over images."""

    down: _Axis
    across: _Axis


class _Part(NamedTuple):
    """What is computed at once."""

    images: slice
    rows: slice
    """Rows of tiles."""

    @property
    def height(self) -> int:
        """Number of rows of tiles."""
        return int(self.rows.stop - self.rows.start)


def pays(x: Array, outputs: int, windows: Windows) -> bool:
    """Whether a convolution can be computed here, and is faster so.

    Args:
        x: The images.
        outputs: Number of outputs of the kernel.
        windows: Where the windows lie.
    """
    channels = x.shape[3]
    if x.dtype != np.float32 or min(channels, outputs) < _FEWEST_CHANNELS or not _enabled():
        return False
    if any(window.size not in _SIZES or window.stride != 1 or window.dilation != 1 for window in windows):
        return False
    rows, columns = windows
    products = len(x) * rows.count * columns.count * rows.size * columns.size * channels
    down, across = _over_pixels(windows)
    values = len(x) * down.count * across.count * _TILE**2
    moved = _MOVED * values * (channels + outputs) + _OF_KERNEL * _TILE**2 * channels * outputs
    return bool(products * (outputs + _COPIED) > values * channels * outputs + moved + _STARTED)


@functools.lru_cache(maxsize=1)
def _enabled() -> bool:
    return os.environ.get(SETTING) != "0"


def correlated(x: Array, kernel: Array, windows: Windows) -> Array:
    """The sum of products at each window, `[batch, rows, columns, outputs]`."""
    tiles = _over_pixels(windows)
    by_point = _at_points(kernel)
    result = np.empty((len(x), windows.rows.count, windows.columns.count, kernel.shape[3]), x.dtype)

    def multiply(part: _Part) -> None:
        pixels = _spread(x, tiles, part, (0, 1))
        products = scratch(1, (*pixels.shape[:2], by_point.shape[2]), x.dtype)
        np.matmul(pixels, by_point, out=products)
        _collect(products, result, windows, part)

    for_each(multiply, _parts(len(x), tiles, by_point.shape, _PART_BYTES))
    return result


def kernel_gradient(x: Array, grad: Array, windows: Windows) -> Array:
    """The gradient by the kernel, from the images and the gradient by the result of the convolution."""
    pixels, outputs = _over_pixels(windows), _over_outputs(windows)
    shape = (_TILE * _TILE, x.shape[3], grad.shape[3])
    # Each part adds a gradient at all points to a sum: parts are not smaller than that.
    most = max(_PART_BYTES, min(4 * math.prod(shape), _LARGEST_PART_BYTES))
    parts = _parts(len(x), pixels, shape, most)
    # Groups, and the order in which their sums are added, do not depend on which thread is first: nor do the digits.
    groups = [parts[first::_GROUPS] for first in range(min(_GROUPS, len(parts)))]
    sums = np.empty((len(groups), *shape), x.dtype)

    def add_up(group: int) -> None:
        for number, part in enumerate(groups[group]):
            images = _spread(x, pixels, part, (0, 1))
            grads = _spread(grad, outputs, part, (1, 2))
            total = scratch(2, shape, x.dtype) if number else sums[group]
            np.matmul(images.transpose(0, 2, 1), grads, out=total)
            if number:
                np.add(sums[group], total, out=sums[group])

    for_each(add_up, range(len(groups)))
    return _from_points(np.add.reduce(sums, axis=0) if len(sums) > 1 else sums[0], windows)


def _over_pixels(windows: Windows) -> _Tiles:
    """The tiles that the windows' pixels are taken in."""
    return _Tiles(*(_axis(window, transforms(window.size).pixels, window.before) for window in windows))


def _over_outputs(windows: Windows) -> _Tiles:
    """The tiles that the results for the windows, or gradients by them, come in."""
    return _Tiles(*(_axis(window, transforms(window.size).outputs.T, 0) for window in windows))


def _axis(window: Window, matrix: Array, margin: int) -> _Axis:
    step = _TILE + 1 - window.size
    return _Axis(matrix, step, margin, -(-window.count // step))


def _parts(images: int, tiles: _Tiles, shape: Sequence[int], most: int) -> list[_Part]:
    """A batch in parts: of images, and of rows of tiles where one image is too much.

    Args:
        images: Number of images.
        tiles: Over each image.
        shape: Number of points, channels and outputs.
        most: Bytes of a part.
    """
    row_bytes = 4 * shape[0] * (shape[1] + shape[2]) * tiles.across.count
    return [
        _Part(some, rows)
        for some in _even(images, most // (row_bytes * tiles.down.count))
        for rows in _even(tiles.down.count, most // row_bytes)
    ]


def _even(count: int, most: int) -> list[slice]:
    """`count` things in parts of about equal size, of `most` of them at most."""
    number = -(-count // max(most, 1))
    bounds = [count * place // number for place in range(number + 1)] if number else []
    return [slice(first, last) for first, last in itertools.pairwise(bounds)]


def _at_points(kernel: Array) -> Array:
    """The kernel at pairs of points, `[points, channels, outputs]`."""
    down, across, channels, outputs = kernel.shape
    half = np.matmul(transforms(down).kernel, kernel.reshape(down, -1)).reshape(_TILE, across, -1)
    by_point: Array = np.matmul(transforms(across).kernel, half).reshape(-1, channels, outputs)
    return by_point


def _from_points(grads: Array, windows: Windows) -> Array:
    """The gradient by the kernel, from that at pairs of points."""
    down, across = (window.size for window in windows)
    half = np.matmul(transforms(down).kernel.T, grads.reshape(_TILE, -1)).reshape(down, _TILE, -1)
    total: Array = np.matmul(transforms(across).kernel.T, half).reshape(down, across, *grads.shape[1:])
    return total


def _spread(x: Array, tiles: _Tiles, part: _Part, rooms: tuple[int, int]) -> Array:
    """The tiles of a part at pairs of points, `[points, tiles * images, channels]`, in the first of two rooms."""
    down, across = tiles
    framed = _framed(x[part.images], tiles, part, rooms[0])
    height, width, *line = framed.shape
    half = scratch(rooms[1], (_TILE, part.height, width, *line), x.dtype)
    blocks = 1 if _TILE * down.matrix.shape[1] * framed[0].size <= _SMALL_PRODUCT else width
    np.matmul(
        down.matrix,
        _tiled(framed.reshape(height, blocks, -1), 0, down, part.height).transpose(0, 2, 1, 3),
        out=half.reshape(_TILE, part.height, blocks, -1).transpose(1, 2, 0, 3),
    )
    spread = scratch(rooms[0], (_TILE, _TILE, part.height, across.count, framed[0, 0].size), x.dtype)
    half = half.reshape(_TILE, part.height, width, -1)
    np.matmul(across.matrix, _tiled(half, 2, across, across.count), out=spread.transpose(0, 2, 3, 1, 4))
    return spread.reshape(_TILE * _TILE, -1, x.shape[3])


def _framed(images: Array, tiles: _Tiles, part: _Part, room: int) -> Array:
    """What the tiles of a part lie on, zeros outside the images: `[height, width, images, channels]`."""
    down, across = tiles
    count, height, width, channels = images.shape
    framed = scratch(room, (down.reach(part.height), across.reach(across.count), count, channels), images.dtype)
    top = part.rows.start * down.step - down.margin
    first, last = max(-top, 0), max(min(height - top, len(framed)), 0)
    framed[:first] = framed[last:] = 0
    framed[first:last, : across.margin] = framed[first:last, across.margin + width :] = 0
    inner = framed[first:last, across.margin : across.margin + width]
    inner[...] = images[:, first + top : last + top].transpose(1, 2, 0, 3)
    return framed


def _tiled(x: Array, axis: int, along: _Axis, count: int) -> Array:
    """A view with that axis split in tiles, which may overlap, and the numbers of each."""
    return as_strided(
        x,
        (*x.shape[:axis], count, along.matrix.shape[1], *x.shape[axis + 1 :]),
        (*x.strides[:axis], x.strides[axis] * along.step, *x.strides[axis:]),
        writeable=False,
    )


def _collect(products: Array, result: Array, windows: Windows, part: _Part) -> None:
    """Interpolates the outputs of a part from the products at points, and writes them into the result."""
    rows, columns = (transforms(window.size).outputs for window in windows)
    across = -(-windows.columns.count // len(columns))
    images = result[part.images, part.rows.start * len(rows) : part.rows.stop * len(rows)]
    line = len(images) * images.shape[3]
    half = scratch(0, (part.height, len(rows), _TILE, across, line), result.dtype)
    np.matmul(
        rows,
        products.reshape(_TILE, _TILE, part.height, -1).transpose(2, 1, 0, 3),
        out=half.reshape(part.height, len(rows), _TILE, -1).transpose(0, 2, 1, 3),
    )
    tiles = scratch(1, (part.height, len(rows), across, len(columns), line), result.dtype)
    np.matmul(columns, half.transpose(0, 1, 3, 2, 4), out=tiles)
    outputs = tiles.reshape(part.height * len(rows), across * len(columns), len(images), -1)
    images[...] = outputs[: images.shape[1], : images.shape[2]].transpose(2, 0, 1, 3)
