"""Images for a terminal that has Sixel graphics, one below the other, as of a command that prints once."""

from __future__ import annotations

from typing import TextIO

from trackml_tui.choices.images import ImagesChoice
from trackml_tui.formatting import printable
from trackml_tui.gallery.shown import Shown, shown_with
from trackml_tui.images.decoding import decode
from trackml_tui.images.sixel import sixel
from trackml_tui.images.view import render, seen
from trackml_tui.scene import Scene
from trackml_tui.tags import default_tag

_ROOM = (640, 400)
"""The most pixels beside and above each other, which is what most terminals have room for."""
_PAPER = (255, 255, 255)


def write_sixels(scene: Scene, stream: TextIO) -> None:
    """Writes the image of the chosen tag of each run that is switched on, at the chosen step, under a line about it.

    The tag is that of the view, its scalar tag if that is one of images too, or the first one.
    """
    tags = scene.tags_of("images")
    wanted = (scene.view.tag_of("images"), scene.view.tag)
    tag = next((tag for tag in wanted if tag in tags), default_tag(tags))
    shown = shown_with(scene, "images", tag)
    if not shown:
        stream.write("No image is there to be shown.\n")
    for each in shown:
        _write_one(each, scene, stream)


def _write_one(shown: Shown, scene: Scene, stream: TextIO) -> None:
    index, choice = shown.index_at(scene.view.step), scene.view.images
    stream.write(f"{shown.label} · {printable(shown.tag)} · {shown.when(index)}\n")
    try:
        encoded = shown.series[index].encoded
        picture = decode(encoded[min(choice.sample, len(encoded) - 1)])
    except Exception as error:  # whatever a damaged file makes a decoder raise is for the user to see
        stream.write(f"{printable(str(error))}\n")
        return
    plain = ImagesChoice(brightness=choice.brightness, contrast=choice.contrast)
    height, width = picture.pixels.shape[:2]
    part = seen(width, height, _room(width, height), plain)
    stream.write(f"{sixel(render(picture.pixels, part, plain, _PAPER))}\n")


def _room(width: int, height: int) -> tuple[int, int]:
    """As large as the image is, if that is not too large; a small one is shown at a whole multiple of its size."""
    times = max(1, min(_ROOM[0] // width // 2, _ROOM[1] // height // 2))
    return min(_ROOM[0], times * width), min(_ROOM[1], times * height)
