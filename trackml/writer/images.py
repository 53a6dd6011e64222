"""Pictures: images, grids of them, boxes drawn on them, figures and videos, as PNG and GIF through Pillow."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from tensorboard.compat.proto.summary_pb2 import Summary

from trackml.writer.arrays import Array, as_array

if TYPE_CHECKING:
    from PIL.Image import Image

Pixels = npt.NDArray[np.uint8]

_GRID_COLUMNS = 8
_DRAWN_CHANNELS = (3, 4)
_LINE_WIDTH = 2


def image_value(
    tag: str,
    image: Any,
    dataformats: str,
    *,
    rescale: float = 1,
    boxes: Any = None,
    labels: Sequence[str] | None = None,
) -> Summary.Value:
    """Gives an image, or several in a grid, as PNG.

    Args:
        tag: The tag.
        image: `uint8` from 0 to 255, or other numbers from 0 to 1.
        dataformats: What its dimensions are: `CHW`, `HWC`, `HW`, or with an `N` in front for several images.
        rescale: Factor to the size of the PNG.
        boxes: Corners `xmin, ymin, xmax, ymax` of boxes to draw, `[boxes, 4]`.
        labels: A text for each box.
    """
    from PIL import Image

    pixels = as_pixels(hwc(as_array(image), dataformats))
    picture = Image.fromarray(pixels)
    if boxes is not None:
        _draw_boxes(picture, as_array(boxes), labels)
    height, width, channels = pixels.shape
    if rescale != 1:
        picture = picture.resize((int(width * rescale), int(height * rescale)), Image.Resampling.LANCZOS)
    return _value(tag, (height, width, channels), _encoded(picture, "PNG"))


def video_value(tag: str, video: Any, fps: float, dataformats: str) -> Summary.Value:
    """Gives videos, side by side in a grid, as an animated GIF.

    Args:
        tag: The tag.
        video: `uint8` from 0 to 255, or other numbers from 0 to 1.
        fps: Frames a second. A GIF counts hundredths of a second.
        dataformats: What the five dimensions are: `NTCHW` in any order.
    """
    from PIL import Image

    frames = as_pixels(_tiled(_ordered(as_array(video), dataformats, "NTCHW")))
    shape = frames.shape[1:]
    if shape[2] == 1:
        frames = np.repeat(frames, 3, axis=3)
    pictures = [Image.fromarray(frame) for frame in frames]
    options = {"save_all": True, "append_images": pictures[1:], "duration": round(1000 / fps), "loop": 0}
    return _value(tag, shape, _encoded(pictures[0], "GIF", **options))


def figure_pixels(figure: Any, *, close: bool) -> Pixels:
    """Gives what a matplotlib figure shows, `[height, width, 3]`, drawn by its own canvas."""
    from PIL import Image

    stream = io.BytesIO()
    figure.canvas.print_figure(stream, format="png", dpi=figure.dpi)
    pixels = np.asarray(Image.open(stream).convert("RGB"))
    pyplot = sys.modules.get("matplotlib.pyplot")  # who never imported it has no figure there to close
    if close and pyplot is not None:
        pyplot.close(figure)
    return pixels


def as_pixels(array: Array) -> Pixels:
    """Gives numbers from 0 to 1 as bytes; `uint8` stays. NaN becomes 0."""
    if array.dtype == np.uint8:
        return array
    scaled = np.nan_to_num(array.astype(np.float32) * np.float32(255), nan=0)
    pixels: Pixels = scaled.clip(0, 255).astype(np.uint8)
    return pixels


def hwc(array: Array, dataformats: str) -> Array:
    """Gives one image `[height, width, 3 or 4]`: several as a grid, grey ones as RGB."""
    formats = dataformats.upper()
    if len(formats) == 4:
        image = grid(_ordered(array, formats, "NCHW"), _GRID_COLUMNS).transpose(1, 2, 0)
    elif len(formats) == 3:
        image = _ordered(array, formats, "HWC")
    else:
        image = _ordered(array, formats, "HW")[:, :, np.newaxis]
    if image.shape[2] == 1:
        image = np.repeat(image, 3, axis=2)
    if image.shape[2] not in _DRAWN_CHANNELS:
        raise ValueError(
            f"An image has 1, 3 or 4 channels; got {image.shape[2]}: shape {list(array.shape)} as {dataformats!r}. "
            "Name the dimensions by dataformats."
        )
    checked: Array = image
    return checked


def grid(images: Array, columns: int) -> Array:
    """Gives images, `[count, channels, height, width]`, as one, row by row; empty places are black."""
    if images.shape[1] == 1:
        images = np.repeat(images, 3, axis=1)
    count, channels, height, width = images.shape
    columns = min(count, columns)
    rows = -(-count // columns)
    padded = np.zeros((rows * columns, channels, height, width), images.dtype)
    padded[:count] = images
    tiles = padded.reshape(rows, columns, channels, height, width)
    joined: Array = tiles.transpose(2, 0, 3, 1, 4).reshape(channels, rows * height, columns * width)
    return joined


def _ordered(array: Array, dataformats: str, order: str) -> Array:
    formats = dataformats.upper()
    if sorted(formats) != sorted(order) or array.ndim != len(order):
        raise ValueError(
            f"dataformats must name the {array.ndim} dimensions of shape {list(array.shape)} by the letters of "
            f"{order!r}, each once; got {dataformats!r}."
        )
    ordered: Array = array.transpose([formats.index(letter) for letter in order])
    return ordered


def _tiled(videos: Array) -> Array:
    """Gives `[count, frames, channels, height, width]` as one video, `[frames, height, width, channels]`.

    The grid has a power of two of places and is at least as wide as high; empty places are black.
    """
    count, frames, channels, height, width = videos.shape
    places = 1 << (count - 1).bit_length()
    rows = 1 << ((count.bit_length() - 1) // 2)
    padded = np.zeros((places, *videos.shape[1:]), videos.dtype)
    padded[:count] = videos
    tiles = padded.reshape(rows, places // rows, frames, channels, height, width)
    joined: Array = tiles.transpose(2, 0, 4, 1, 5, 3).reshape(frames, rows * height, places // rows * width, channels)
    return joined


def _draw_boxes(picture: Image, boxes: Array, labels: Sequence[str] | None) -> None:
    from PIL import ImageDraw, ImageFont

    draw, font = ImageDraw.Draw(picture), ImageFont.load_default()
    for index, (left, top, right, bottom) in enumerate(boxes.tolist()):
        corners = [(left, top), (left, bottom), (right, bottom), (right, top), (left, top)]
        draw.line(corners, width=_LINE_WIDTH, fill="Red")
        if labels is not None and labels[index]:
            x0, y0, x1, y1 = font.getbbox(labels[index])
            margin = np.ceil(0.05 * (y1 - y0))
            above = bottom - (y1 - y0) - margin
            draw.rectangle([(left, above - margin), (left + (x1 - x0), bottom)], fill="Red")
            draw.text((left + margin, above), labels[index], fill="black", font=font)


def _encoded(picture: Image, form: str, **options: Any) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, form, **options)
    return stream.getvalue()


def _value(tag: str, shape: tuple[int, ...], encoded: bytes) -> Summary.Value:
    height, width, channels = shape
    image = Summary.Image(height=height, width=width, colorspace=channels, encoded_image_string=encoded)
    return Summary.Value(tag=tag, image=image)
