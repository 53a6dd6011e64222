"""Colour maps for densities: from the background to what stands out most, in steps that look equally large.

A map is a path through Oklab on which lightness changes all the way and hue turns from blue over green to yellow (on
dark ground; on light ground the other way). It is cut into pieces of one length, and lengths in Oklab are what eyes
take for differences. It begins at the background, so that nothing looks like nothing.

Source: B. Ottosson, A perceptual color space for image processing (2020), https://bottosson.github.io/posts/oklab/.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from trackml_tui.plotting.rgb import Colour, Pixels

Floats: TypeAlias = NDArray[np.float64]

LEVELS = 256
SHADES = " .:-=+*#%@"
"""Characters of rising density, for terminals without colours."""

_TO_LMS = np.array(
    [[0.4122214708, 0.5363325363, 0.0514459929],
     [0.2119034982, 0.6806995451, 0.1073969566],
     [0.0883024619, 0.2817188376, 0.6299787005]]
)  # fmt: skip
_TO_LAB = np.array(
    [[0.2104542553, 0.7936177850, -0.0040720468],
     [1.9779984951, -2.4285922050, 0.4505937099],
     [0.0259040371, 0.7827717662, -0.8086757660]]
)  # fmt: skip
_DARK_PATH = ((0.34, 0.12, 285), (0.50, 0.12, 255), (0.66, 0.11, 185), (0.80, 0.14, 140), (0.95, 0.12, 105))
_LIGHT_PATH = ((0.90, 0.07, 110), (0.78, 0.10, 150), (0.60, 0.10, 200), (0.42, 0.12, 260), (0.22, 0.11, 290))
"""Lightness, chroma and hue in degrees of what the paths go through after the background."""
_FINE = 2048


@lru_cache(maxsize=8)
def colour_map(background: Colour, *, dark: bool) -> Pixels:
    """The colours of densities from 0 to 1, shape `[LEVELS, 3]`; the first one is the background.

    Args:
        background: What nothing looks like.
        dark: Whether the background is dark, so that more is lighter.
    """
    turns = [(light, chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue)))
             for light, chroma, hue in (_DARK_PATH if dark else _LIGHT_PATH)]  # fmt: skip
    corners = np.array([oklab(np.array([background], np.uint8))[0], *turns])
    path = _along(corners, np.linspace(0.0, len(corners) - 1.0, _FINE))
    path = _oklab_of_linear(_linear(path))  # What the screen cannot show is cut off, which changes distances.
    travelled = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(path, axis=0), axis=1))])
    even = np.linspace(0.0, travelled[-1], LEVELS)
    colours = rgb(np.stack([np.interp(even, travelled, axis) for axis in path.T], axis=1))
    colours[0] = background
    colours.flags.writeable = False
    return colours


def oklab(colours: Pixels) -> Floats:
    """Colours as lightness, green to red, and blue to yellow, in the shape of `colours`."""
    encoded = colours / 255.0
    linear = np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)
    return _oklab_of_linear(linear)


def rgb(lab: Floats) -> Pixels:
    """What `oklab` maps to `lab`; colours that the screen lacks are cut off channel by channel."""
    linear = _linear(lab)
    encoded = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    result: Pixels = np.rint(255.0 * encoded).astype(np.uint8)
    return result


def shades(density: Floats) -> NDArray[np.uint32]:
    """A character for each density from 0 to 1, as its code; only 0 itself is a blank."""
    index = np.clip(np.ceil(np.nan_to_num(density) * (len(SHADES) - 1)), 0, len(SHADES) - 1).astype(np.int64)
    return np.array([ord(shade) for shade in SHADES], np.uint32)[index]


def blend(lower: Colour, upper: Colour, part: float) -> Colour:
    """`upper` laid over `lower`, of which `part` is opaque."""
    mixed = [round(low + (high - low) * part) for low, high in zip(lower, upper)]
    return mixed[0], mixed[1], mixed[2]


def _oklab_of_linear(linear: Floats) -> Floats:
    result: Floats = np.cbrt(linear @ _TO_LMS.T) @ _TO_LAB.T
    return result


def _linear(lab: Floats) -> Floats:
    """Light of the three channels, as much of it as the screen can show."""
    light = (lab @ np.linalg.inv(_TO_LAB).T) ** 3 @ np.linalg.inv(_TO_LMS).T
    result: Floats = np.clip(light, 0.0, 1.0)
    return result


def _along(corners: Floats, places: Floats) -> Floats:
    index = np.arange(len(corners))
    return np.stack([np.interp(places, index, axis) for axis in corners.T], axis=1)
