"""The pane of sound as a drawing: a tile a run, with its waveform over its spectrogram."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np

from trackml_tui.audio.clips import Clip
from trackml_tui.choices.audio import AudioChoice
from trackml_tui.gallery.lettering import flowed, head, letter
from trackml_tui.gallery.notes import READING, note
from trackml_tui.gallery.tiles import Tile
from trackml_tui.plotting.braille import DOT_COLUMNS
from trackml_tui.plotting.heatmap import Axes, framed, heat, inner_size
from trackml_tui.plotting.paint import Paint
from trackml_tui.plotting.rgb import RgbGrid
from trackml_tui.plotting.ticks import Tick, duration_ticks, linear_ticks
from trackml_tui.plotting.waves import FLOOR_DB, draw_wave, envelope, spectrogram

LEAST_TILE = (26, 9)
"""The least columns and rows of a clip's tile."""
_LEAST_ROWS_FOR_BOTH = 14
_WAVE_PART = 0.4
_THOUSAND = 1000.0
_GUTTER = 6
"""Room for -0.25 and for 12.5k."""


@dataclass(frozen=True, slots=True, eq=False)
class ClipTile:
    """What one tile shows."""

    tile: Tile
    label: str
    slot: int
    when: str
    identity: Hashable
    """Tells the clip from all others."""
    clip: Clip | str | None
    """The clip; why there is none; None while it is being read."""


@dataclass(frozen=True, slots=True, eq=False)
class AudioPicture:
    """All tiles in sight."""

    tiles: tuple[ClipTile, ...]
    choice: AudioChoice

    @property
    def key(self) -> Hashable:
        """Tells the picture from all others."""
        return self.choice, tuple(
            (each.tile, each.label, each.slot, each.when, each.identity, each.clip is None) for each in self.tiles
        )  # fmt: skip

    def draw(self, columns: int, rows: int, paint: Paint) -> RgbGrid:
        """The tiles."""
        grid = paint.grid(columns, rows)
        for each in self.tiles:
            head(grid, each.tile, each.label, each.when, paint.of_slot(each.slot), paint)
            grid.paste(each.tile.row + 1, each.tile.column, self._body(each, paint))
        return grid

    def _body(self, each: ClipTile, paint: Paint) -> RgbGrid:
        columns, rows = each.tile.columns, each.tile.rows - 1
        if not isinstance(each.clip, Clip):
            colour = None if each.clip is None else paint.warning
            return note(READING if each.clip is None else each.clip, columns, rows, paint, colour)
        facts = flowed(each.clip.facts, columns)[: max(1, rows - 6)]
        grid = paint.grid(columns, rows)
        top = 0
        for part, high in self._parts(rows - len(facts)):
            draw = _wave if part == "wave" else _spectrum
            grid.paste(top, 0, draw(each, columns, high, paint))
            top += high
        for row, fact in enumerate(facts, top):
            letter(grid, row, 0, fact, paint.label)
        return grid

    def _parts(self, rows: int) -> list[tuple[str, int]]:
        if self.choice.form != "both" or rows < _LEAST_ROWS_FOR_BOTH:
            return [("spectrum" if self.choice.form == "spectrum" else "wave", rows)]
        wave = round(_WAVE_PART * rows)
        return [("wave", wave), ("spectrum", rows - wave)]


def _wave(each: ClipTile, columns: int, rows: int, paint: Paint) -> RgbGrid:
    axes = _axes(each, (-1.0, 1.0))
    inner = inner_size(columns, rows, axes)
    samples = each.clip.samples if isinstance(each.clip, Clip) else np.empty((0, 1), np.float32)
    dots = DOT_COLUMNS * inner[0]
    low, high = envelope(samples.min(axis=1), dots)[0], envelope(samples.max(axis=1), dots)[1]
    return framed(draw_wave(low, high, inner[1], paint.of_slot(each.slot), paint), axes, paint)


def _spectrum(each: ClipTile, columns: int, rows: int, paint: Paint) -> RgbGrid:
    rate = each.clip.sample_rate if isinstance(each.clip, Clip) else 0
    axes = _axes(each, (0.0, rate / 2 or 1.0))
    inner = inner_size(columns, rows, axes)
    samples = each.clip.samples.mean(axis=1) if isinstance(each.clip, Clip) else np.empty(0, np.float32)
    loudness = spectrogram(samples, inner[0], 2 * inner[1])
    return framed(heat(1.0 - loudness / FLOOR_DB, paint), axes, paint)


def _axes(each: ClipTile, y: tuple[float, float]) -> Axes:
    """Axes with one left margin for the wave and the spectrum, so that times stand above each other."""
    clip = each.clip
    seconds = len(clip.samples) / max(1, clip.sample_rate) if isinstance(clip, Clip) else 0.0
    ticks = linear_ticks if y[0] < 0 else _hertz_ticks
    return Axes((0.0, seconds or 1.0), y, duration_ticks, ticks, gutter=_GUTTER)


def _hertz_ticks(low: float, high: float, about: int) -> list[Tick]:
    """Frequencies with their unit."""
    return [
        Tick(tick.value, f"{tick.value / _THOUSAND:g}k" if tick.value >= _THOUSAND else f"{tick.value:g}")
        for tick in linear_ticks(low, high, about)
    ]
