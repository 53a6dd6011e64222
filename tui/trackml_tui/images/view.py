"""The part of an image that is seen, at the size at which it is seen.

Screens are counted in pixels. With half blocks these are halves of cells; where the terminal draws images itself they
are as small as its own.
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import numpy as np
from PIL import Image

from trackml_tui.choices.images import ImagesChoice
from trackml_tui.plotting.rgb import Colour, Pixels

Box: TypeAlias = "tuple[float, float, float, float]"

_CHECKS = 8
_CHECKED = 0.12


class Seen(NamedTuple):
    """What of an image is on the screen."""

    box: Box
    """Left, upper, right and lower edge in the image, in its pixels."""
    width: int
    """On the screen, in pixels."""
    height: int
    """On the screen, in pixels."""
    scale: float
    """Pixels of the screen for one of the image."""


def seen(width: int, height: int, room: tuple[int, int], choice: ImagesChoice) -> Seen:
    """The part of an image of `width` by `height` that fits into `room`, by zoom and centre.

    Args:
        width: Of the image.
        height: Of the image.
        room: Width and height of the screen, in its pixels.
        choice: Zoom and centre.
    """
    fitting = min(room[0] / width, room[1] / height)
    scale = choice.zoom or fitting
    across, down = min(width, room[0] / scale), min(height, room[1] / scale)
    left = min(max(choice.centre[0] * width - across / 2, 0.0), width - across)
    upper = min(max(choice.centre[1] * height - down / 2, 0.0), height - down)
    size = max(1, round(across * scale)), max(1, round(down * scale))
    return Seen((left, upper, left + across, upper + down), *size, scale)


def render(pixels: Pixels, part: Seen, choice: ImagesChoice, background: Colour) -> Pixels:
    """That part at that size: averaged over areas where it shrinks, in blocks where it grows.

    Args:
        pixels: With opacity, shape `[rows, columns, 4]`; they may be fewer than `part` counts.
        part: What of it, in pixels of the whole image.
        choice: Brightness and contrast.
        background: What shows through, as a checkerboard.
    """
    opaque = bool((pixels[..., 3] == 255).all())
    image = Image.fromarray(pixels[..., :3] if opaque else _premultiplied(pixels))
    shrinks = part.width < part.box[2] - part.box[0]
    how = Image.Resampling.BOX if shrinks else Image.Resampling.NEAREST
    resized = np.asarray(image.resize((part.width, part.height), how, box=part.box))
    flat = resized if opaque else _over_checks(resized, background)
    return adjusted(flat, choice.brightness, choice.contrast)


def adjusted(pixels: Pixels, brightness: int, contrast: int) -> Pixels:
    """Contrast first, then brightness, in thousandths, as TensorBoard's page asks of the browser.

    Source: tensorboard/webapp/metrics/views/card_renderer/image_card_component.ts (`cssFilter`); the filters `contrast`
    and `brightness` of W3C Filter Effects 1.
    """
    if brightness == contrast == 1000:
        return pixels
    level = np.arange(256) / 255
    level = np.clip((level - 0.5) * (contrast / 1000) + 0.5, 0, 1)
    level = np.clip(level * (brightness / 1000), 0, 1)
    result: Pixels = np.rint(255 * level).astype(np.uint8)[pixels]
    return result


def _premultiplied(pixels: Pixels) -> Pixels:
    """Colours times opacity, so that what cannot be seen does not bleed into averages."""
    result = pixels.astype(np.uint16)
    result[..., :3] = result[..., :3] * result[..., 3:] // 255
    return result.astype(np.uint8)


def _over_checks(pixels: Pixels, background: Colour) -> Pixels:
    rows, columns = np.mgrid[: pixels.shape[0], : pixels.shape[1]]
    odd = ((rows // _CHECKS + columns // _CHECKS) % 2)[..., None]
    ground = np.array(background, np.float64)
    lighter = ground + (255 - ground) * _CHECKED if ground.mean() < 128 else ground * (1 - _CHECKED)
    checks = np.where(odd, lighter, ground)
    mixed = pixels[..., :3] + checks * (1 - pixels[..., 3:] / 255)
    return np.rint(np.clip(mixed, 0, 255)).astype(np.uint8)
