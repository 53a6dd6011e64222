"""Windows that slide over images: where they lie, how large a margin they need, and the pixels inside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.lib.stride_tricks import as_strided

from trackml.graph.operation import Operation

Array = np.ndarray[Any, Any]
Padding = str | Sequence[Sequence[int]]

_WORKING_BYTES = 2 << 20
"""Work is done on as many images at once as this holds, so that it stays in a core's cache."""

_PARTS, _PART_BYTES = 4, 1 << 18
"""Parts into which work is cut that would fit in the cache at once, and what a part has at least."""


@dataclass(frozen=True)
class Window:
    """Where a window lies along one axis."""

    size: int
    """Positions in the window."""
    stride: int
    """Positions from one window to the next."""
    dilation: int
    """Positions of the image from one position of the window to the next."""
    before: int
    """Margin before the image."""
    after: int
    """Margin behind it."""
    count: int
    """Number of windows."""

    @property
    def reach(self) -> int:
        """Positions of the image from the first to the last of a window, both counted."""
        return (self.size - 1) * self.dilation + 1

    def turned(self, image_size: int) -> Window:
        """The window with which each position of the image reads all windows (of stride 1) that it lies in."""
        return Window(
            self.size, 1, self.dilation, self.reach - 1 - self.before, self.reach - 1 - self.after, image_size
        )

    def part(self, position: int) -> slice:
        """Where position number `position` of each window lies in the image with its margin."""
        first = position * self.dilation
        return slice(first, first + (self.count - 1) * self.stride + 1 if self.count else first, self.stride)


class Windows(NamedTuple):
    """Windows over the rows and columns of an image."""

    rows: Window
    columns: Window

    def positions(self) -> Iterator[tuple[int, int]]:
        """Row and column of each position in the window."""
        return ((row, column) for row in range(self.rows.size) for column in range(self.columns.size))

    def part(self, images: Array, row: int, column: int) -> Array:
        """The pixel at one position of each window, `[batch, rows, columns, channels]`."""
        return images[:, self.rows.part(row), self.columns.part(column)]

    def patches(self, images: Array) -> Array:
        """A view of all windows, `[batch, rows, columns, window rows, window columns, channels]`."""
        rows, columns = self
        batch, down, right, channel = images.strides
        return as_strided(
            images,
            (len(images), rows.count, columns.count, rows.size, columns.size, images.shape[3]),
            (
                batch,
                down * rows.stride,
                right * columns.stride,
                down * rows.dilation,
                right * columns.dilation,
                channel,
            ),
            writeable=False,
        )

    @property
    def overlap(self) -> bool:
        """Whether a pixel may lie in several windows."""
        return any(window.stride < window.reach for window in self)

    def tile(self, shape: Sequence[int]) -> bool:
        """Whether each pixel of images of that shape lies in just one window, and there is no margin; and any pixel."""
        return (
            0 not in shape
            and not (self.needs_margin or self.overlap)
            and all(
                window.stride == window.reach and window.count * window.stride == size
                for window, size in zip(self, shape[1:3])
            )
        )

    @property
    def reads_each_pixel_once(self) -> bool:
        """Whether a window is one pixel, and each pixel has its window."""
        return not self.needs_margin and all(window.size == window.stride == 1 for window in self)

    @property
    def turnable(self) -> bool:
        """Whether `turned` exists: no stride, and no window that lies in the margin alone."""
        return all(
            window.stride == 1 and window.before < window.reach and window.after < window.reach for window in self
        )

    def turned(self, image: Sequence[int]) -> Windows:
        """The windows with which each pixel of an image of that height and width reads all windows that it lies in."""
        return Windows(self.rows.turned(image[0]), self.columns.turned(image[1]))

    @property
    def needs_margin(self) -> bool:
        """Whether a window reaches beyond the image."""
        return any(window.before or window.after for window in self)

    def with_margin(self, images: Array, fill: Any = 0) -> Array:
        """The images with a margin of `fill` around them, or they themselves where none is needed."""
        if not self.needs_margin:
            return images
        return self.framed(images, np.empty(self.framed_shape(images.shape), images.dtype), fill)

    def framed(self, images: Array, memory: Array, fill: Any = 0) -> Array:
        """The images with a margin of `fill` around them, written into an array of `framed_shape`."""
        rows, columns = self
        memory[:, : rows.before] = fill
        memory[:, memory.shape[1] - rows.after :] = fill
        memory[:, :, : columns.before] = fill
        memory[:, :, memory.shape[2] - columns.after :] = fill
        self.inner(memory)[...] = images
        return memory

    def framed_shape(self, shape: Sequence[int]) -> tuple[int, ...]:
        """The shape of images with their margin."""
        batch, height, width, channels = shape
        rows, columns = self
        return (batch, height + rows.before + rows.after, width + columns.before + columns.after, channels)

    def inner(self, framed: Array) -> Array:
        """The images in their margin."""
        rows, columns = self
        return framed[:, rows.before : framed.shape[1] - rows.after, columns.before : framed.shape[2] - columns.after]


def batches(count: int, image_bytes: int) -> Iterator[slice]:
    """Parts of a batch of `count` images that fit in the cache when one needs `image_bytes`; some for each thread."""
    fitting, least = (size // max(image_bytes, 1) for size in (_WORKING_BYTES, _PART_BYTES))
    step = max(1, min(fitting, max(-(-count // _PARTS), least)))
    return (slice(first, first + step) for first in range(0, count, step))


def windows_of(
    image: Sequence[int],
    window: Sequence[int],
    strides: Sequence[int],
    padding: str,
    dilations: Sequence[int] = (1, 1, 1, 1),
    explicit_paddings: Sequence[int] = (),
) -> Windows:
    """The windows of an operation over images of that height and width.

    Args:
        image: Height and width.
        window: Height and width of the window.
        strides: For each axis of NHWC.
        padding: `"SAME"`, `"VALID"` or `"EXPLICIT"`.
        dilations: For each axis of NHWC.
        explicit_paddings: Margin before and behind each axis of NHWC.

    Raises:
        ValueError: The window is larger than the image with its margin.
    """
    along = []
    for axis in (0, 1):
        size, stride, dilation = window[axis], strides[axis + 1], dilations[axis + 1]
        reach = (size - 1) * dilation + 1
        count, before, after = _placed(image[axis], reach, stride, padding, explicit_paddings[2 * axis + 2 :][:2])
        along.append(Window(size, stride, dilation, before, after, count))
    return Windows(*along)


def _placed(size: int, reach: int, stride: int, padding: str, margin: Sequence[int]) -> tuple[int, int, int]:
    """How many windows there are, and the margins."""
    if padding == "SAME":
        count = -(-size // stride)
        missing = max((count - 1) * stride + reach - size, 0)
        return count, missing // 2, missing - missing // 2
    before, after = margin if padding == "EXPLICIT" else (0, 0)
    if size + before + after < reach:
        raise ValueError(f"Negative dimension size caused by subtracting {reach} from {size + before + after}")
    return (size + before + after - reach) // stride + 1, before, after


def counts_of(
    image: Sequence[int | None],
    window: Sequence[int | None],
    strides: Sequence[int],
    padding: str,
    dilations: Sequence[int] = (1, 1, 1, 1),
    explicit_paddings: Sequence[int] = (),
) -> list[int | None]:
    """How many windows there are down and across, None where a size that matters is not known."""
    counts: list[int | None] = []
    for axis in (0, 1):
        size, inside = image[axis], window[axis]
        if size is None or (inside is None and padding != "SAME"):
            counts.append(None)
            continue
        reach = ((inside or 1) - 1) * dilations[axis + 1] + 1
        margin = explicit_paddings[2 * axis + 2 :][:2]
        counts.append(_placed(size, reach, strides[axis + 1], padding, margin)[0])
    return counts


def of_op(op: Operation, *names: str) -> dict[str, Any]:
    """The attributes of `op` with these names."""
    return {name: op.get_attr(name) for name in names}


def four(value: Any, name: str) -> list[int]:
    """A number or numbers for height and width, or one for each axis of NHWC, as the latter.

    Raises:
        ValueError: There are neither one, two nor four of them, or not all are positive.
    """
    numbers = [int(value)] if isinstance(value, (int, np.integer)) else [int(item) for item in value]
    if len(numbers) not in (1, 2, 4):
        raise ValueError(f"{name} should be of length 1, 2 or 4 but was {len(numbers)}")
    if min(numbers) < 1:
        raise ValueError(f"{name} must be positive; got {numbers}.")
    if len(numbers) == 4:
        return numbers
    return [1, *(numbers * 2 if len(numbers) == 1 else numbers), 1]


def over_images_alone(numbers: Sequence[int], name: str) -> list[int]:
    """`numbers`; ValueError when those for batch and channels are not 1."""
    if numbers[0] != 1 or numbers[3] != 1:
        raise ValueError(f"{name} must be 1 in the batch and depth dimensions; got {list(numbers)}.")
    return list(numbers)


def padding_attrs(padding: Padding | None) -> tuple[str, list[int]]:
    """The attributes `padding` and `explicit_paddings`.

    Raises:
        ValueError: It is neither `"SAME"` nor `"VALID"` nor a margin for each axis of NHWC, of which only height and
            width may have one.
    """
    if isinstance(padding, str):
        if padding.upper() not in ("SAME", "VALID"):
            raise ValueError(f'padding must be "SAME", "VALID" or a list of four pairs; got {padding!r}.')
        return padding.upper(), []
    margins = [] if padding is None else [[int(number) for number in pair] for pair in padding]
    if len(margins) != 4 or any(len(pair) != 2 or min(pair) < 0 for pair in margins):
        raise ValueError(f'padding must be "SAME", "VALID" or a list of four pairs of sizes; got {padding!r}.')
    if any(margins[0] + margins[3]):
        raise ValueError(f"Explicit padding must be zero in the batch and depth dimensions; got {margins}.")
    return "EXPLICIT", [number for pair in margins for number in pair]


def checked_format(data_format: str | None, channels_last: str = "NHWC") -> str:
    """`data_format`; ValueError unless channels are last."""
    if data_format not in (None, channels_last):
        raise ValueError(
            f"data_format must be {channels_last!r} (channels last), the one that runs on CPUs; got {data_format!r}. "
            "Transpose the inputs."
        )
    return channels_last
