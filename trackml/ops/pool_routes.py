"""The largest element of each window, and the way back for its gradient.

Where windows tile the images, pixels are first sorted by their place in the window. Then each pass is over a few long
runs, not over one as short as there are channels, and for the way back it is enough to know which pixels are as large
as the largest one: a bit a pixel in place of the images. Whole pixels are moved, as items of one element.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from trackml.graph.workers import for_each
from trackml.ops.scratch import scratch
from trackml.ops.windows import Array, Windows, batches

Route = Callable[[Array], Array]
"""Takes the gradient by the largest elements, gives that by the images."""


def pooled(x: Array, windows: Windows) -> tuple[Array, Route]:
    """The largest element of each window of images that windows tile, and the way back."""
    largest = np.empty((len(x), windows.rows.count, windows.columns.count, x.shape[3]), x.dtype)
    hits = _hits(largest, windows)

    def pool(part: slice) -> None:
        pixels, most = _sorted(x[part], windows), largest[part]
        np.maximum(pixels[0], pixels[-1], out=most)
        for one in pixels[1:-1]:
            np.maximum(most, one, out=most)
        np.equal(pixels[:-1], most, out=hits[:, part])

    for_each(pool, _parts(x))
    return largest, lambda grad: _scattered(x.shape, hits, grad, windows)


def route(x: Array, largest: Array, windows: Windows) -> Route:
    """The way back from the largest elements, which are known already."""
    hits = _hits(largest, windows)

    def compare(part: slice) -> None:
        np.equal(_sorted(x[part], windows)[:-1], largest[part], out=hits[:, part])

    for_each(compare, _parts(x))
    return lambda grad: _scattered(x.shape, hits, grad, windows)


def _hits(largest: Array, windows: Windows) -> Array:
    """Room for whether each pixel but the last of a window is as large as the largest."""
    return np.empty((_places(windows) - 1, *largest.shape), bool)


def _scattered(shape: tuple[int, ...], hits: Array, grad: Array, windows: Windows) -> Array:
    """Each gradient at the first pixel of its window that is as large as the largest one, or at the last pixel."""
    result = np.empty(shape, grad.dtype)

    def scatter(part: slice) -> None:
        left, share = grad[part], scratch(0, grad[part].shape, grad.dtype)
        rest = scratch(1, share.shape, grad.dtype)
        *places, last = (_items(windows.part(result[part], *place)) for place in windows.positions())
        for place, hit in zip(places, hits[:, part]):
            np.multiply(left, hit, out=share)
            left = np.subtract(left, share, out=rest)
            place[...] = _items(share)
        last[...] = _items(left)

    for_each(scatter, _parts(result))
    return result


def _sorted(images: Array, windows: Windows) -> Array:
    """The pixels by their place in the window, `[places, images, rows, columns, channels]`."""
    if images.strides[3] != images.itemsize:
        images = np.ascontiguousarray(images)
    rows, columns = windows
    pixels = scratch(0, (_places(windows), len(images), rows.count, columns.count, images.shape[3]), images.dtype)
    for place, pixel in zip(windows.positions(), pixels):
        _items(pixel)[...] = _items(windows.part(images, *place))
    return pixels


def _items(x: Array) -> Array:
    """A view in which a pixel is one item, which numpy copies whole."""
    items: Array = x.view(np.dtype((np.void, x.shape[-1] * x.itemsize)))[..., 0]
    return items


def _places(windows: Windows) -> int:
    return windows.rows.size * windows.columns.size


def _parts(images: Array) -> list[slice]:
    return list(batches(len(images), 2 * images[:1].nbytes))
