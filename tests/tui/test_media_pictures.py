"""Histograms, images and sound as drawings in characters, against those that somebody looked at.

`TRACKML_NEW_PICTURES=1` keeps the new ones.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from trackml.runs import Histogram
from trackml_tui.audio.clips import Clip
from trackml_tui.audio.picture import LEAST_TILE as LEAST_CLIP
from trackml_tui.audio.picture import AudioPicture, ClipTile
from trackml_tui.choices.audio import AudioChoice
from trackml_tui.choices.histograms import MODES, HistogramsChoice
from trackml_tui.choices.images import ImagesChoice
from trackml_tui.gallery.tiles import tile
from trackml_tui.histograms.picture import LEAST_TILE as LEAST_HISTOGRAM
from trackml_tui.histograms.picture import HistogramsPicture, RunHistograms
from trackml_tui.histograms.reading import History
from trackml_tui.images.decoding import Picture
from trackml_tui.images.picture import LEAST_TILE as LEAST_IMAGE
from trackml_tui.images.picture import Blocks, ImagesPicture, ImageTile
from trackml_tui.images.samples import Sample
from trackml_tui.plotting.paint import Paint
from trackml_tui.plotting.rgb import RgbGrid

KEPT = Path(__file__).parent / "snapshots"
NARROW, WIDE = (42, 18), (132, 52)
"""What an 80x24 and a 200x60 terminal leave to a pane."""
BOTH = pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "200x60"])
PLAIN = Paint(colour=False)
WHEN = "step 900 · 12:00:00"


def compare(grid: RgbGrid, name: str) -> None:
    picture = "".join(f"{line.rstrip()}\n" for line in grid.text())
    path = KEPT / f"{name}.txt"
    if os.environ.get("TRACKML_NEW_PICTURES"):
        path.write_text(picture, encoding="utf-8")
    assert picture == path.read_text(encoding="utf-8")


def bell(centre: float, width: float) -> Histogram:
    edges = np.linspace(-4.0, 8.0, 61)
    counts = np.rint(500 * np.exp(-(((edges[:-1] + edges[1:]) / 2 - centre) ** 2) / (2 * width**2)))
    return Histogram(edges[:-1], edges[1:], counts)


def histograms(size: tuple[int, int], choice: HistogramsChoice, marked: int | None) -> HistogramsPicture:
    steps = np.arange(0, 1000, 100)
    runs = []
    for place in tile(2, *size, LEAST_HISTOGRAM, shape=1.6).tiles:
        bells = tuple(bell(place.index + step / 250, 2.0 / (1 + step / 250)) for step in steps)
        history = History(steps, bells, 1, 0, (), 0)
        run = RunHistograms(place, f"run {place.index}", place.index, WHEN, 900 if marked is None else marked, history)
        runs.append(replace(run, value=bells[-1]))
    return HistogramsPicture(tuple(runs), choice, marked)


@BOTH
@pytest.mark.parametrize("mode", MODES)
def test_histograms(mode: str, size: tuple[int, int], request: pytest.FixtureRequest) -> None:
    picture = histograms(size, HistogramsChoice(mode, bin=20 if mode == "bars" else None), 500)
    compare(picture.draw(*size, PLAIN), f"histograms-{mode}-{request.node.callspec.id.split('-')[-1]}")


@BOTH
def test_images(size: tuple[int, int], request: pytest.FixtureRequest) -> None:
    rows, columns = np.mgrid[:48, :64]
    ball = (255 * np.clip(1.2 - np.hypot(rows - 24, columns - 32) / 24, 0, 1)).astype(np.uint8)
    pixels = np.stack([ball, ball, ball, np.full_like(ball, 255)], axis=2)
    sample = Sample(Picture(pixels, 64, 48, "png", 1234, 1, 1), 1)
    tiles = [
        ImageTile(place, f"run {place.index}", place.index, WHEN, place.index, value)
        for place, value in zip(tile(3, *size, LEAST_IMAGE, shape=4 / 3).tiles, (sample, "Not an image.", None))
    ]
    picture = ImagesPicture(tuple(tiles), ImagesChoice(), Blocks())
    compare(picture.draw(*size, PLAIN), f"images-{request.node.callspec.id}")


@BOTH
def test_sound(size: tuple[int, int], request: pytest.FixtureRequest) -> None:
    time = np.arange(8000) / 8000
    sound = np.exp(-3 * time) * np.sin(2 * np.pi * (300 + 1200 * time) * time)
    clip = Clip(sound.astype(np.float32)[:, None], 8000, 1.0, 16, 16044, 1)
    tiles = [
        ClipTile(place, f"run {place.index}", place.index, WHEN, place.index, clip)
        for place in tile(2, *size, LEAST_CLIP, shape=1.8).tiles
    ]
    compare(AudioPicture(tuple(tiles), AudioChoice()).draw(*size, PLAIN), f"audio-{request.node.callspec.id}")


def test_pictures_of_equal_keys_look_alike() -> None:
    one, same, other = (histograms(WIDE, HistogramsChoice(), step) for step in (None, None, 300))
    assert one.key == same.key
    assert one.key != other.key
    assert one.draw(*WIDE, Paint()).text() == same.draw(*WIDE, Paint()).text()
