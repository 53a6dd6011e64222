"""The images of a batch: several in one value, or one each under tags that differ in the number at their end."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from trackml.runs import Images
from trackml_tui.gallery.shown import Shown
from trackml_tui.images.decoding import Picture, decode
from trackml_tui.scene import Scene

_NUMBERED = re.compile(r"(?P<batch>.*/)(?P<number>\d+)", re.DOTALL)


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """An image of a batch."""

    picture: Picture
    count: int
    """How many images the batch has."""


def siblings(tags: Iterable[str], tag: str) -> list[str]:
    """The tags of one batch, `tag` among them, by their numbers; `tag` alone if it has no number.

    TensorFlow 1 wrote the images of a batch as `x/image/0`, `x/image/1` ...
    """
    match = _NUMBERED.fullmatch(tag)
    if match is None:
        return [tag]
    others = (_NUMBERED.fullmatch(other) for other in tags)
    found = {int(other["number"]): other.string for other in others if other and other["batch"] == match["batch"]}
    return [found[number] for number in sorted(found)]


def read_sample(scene: Scene, shown: Shown, index: int, sample: int) -> Sample | str | None:
    """An image of a batch, the last one if there are not so many; why there is none; None while it is being read."""
    loaded = shown.read(scene, f"image {sample}", index, lambda images: _sample(images, sample))
    if loaded is None:
        return None
    return loaded.value if loaded.value is not None else loaded.error


def _sample(images: Images, sample: int) -> Sample:
    if not images.encoded:
        raise ValueError("The batch is empty.")
    return Sample(decode(images.encoded[min(sample, len(images.encoded) - 1)]), len(images.encoded))
