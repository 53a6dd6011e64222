"""The pane of images as a drawing: a tile an image."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from trackml_tui.choices.images import ImagesChoice
from trackml_tui.gallery.lettering import flowed, head, letter
from trackml_tui.gallery.notes import READING, note
from trackml_tui.gallery.tiles import Tile
from trackml_tui.images.kitty import MOST_CELLS, KittyImages
from trackml_tui.images.samples import Sample
from trackml_tui.images.view import Seen, render, seen
from trackml_tui.plotting.colour_map import shades
from trackml_tui.plotting.paint import Paint
from trackml_tui.plotting.rgb import Pixels, RgbGrid, half_blocks

LEAST_TILE = (18, 8)
"""The least columns and rows of an image's tile."""
_LUMA = np.array([0.2126, 0.7152, 0.0722])
_CELL = (1, 2)


class Canvas(Protocol):
    """What puts pixels into cells."""

    cell: tuple[int, int]
    """How many pixels a cell has beside and above each other."""

    def put(self, key: Hashable, pixels: Callable[[], Pixels], columns: int, rows: int, paint: Paint) -> RgbGrid:
        """The cells of a picture."""


class Blocks:
    """Half blocks; characters of more or less ink on a terminal without colours."""

    cell = _CELL

    def put(self, key: Hashable, pixels: Callable[[], Pixels], columns: int, rows: int, paint: Paint) -> RgbGrid:
        """The cells of a picture."""
        if paint.colour:
            return half_blocks(pixels(), paint.text, paint.background)
        light = pixels() @ _LUMA / 255
        light = np.concatenate([light, light[-1:]])[: 2 * rows]
        grid = paint.grid(columns, rows)
        density = (light[0::2] + light[1::2]) / 2
        grid.codes[:] = shades(density if paint.dark else 1 - density)
        return grid


class Characters(Blocks):
    """Characters of more or less ink, whatever the terminal can do."""

    def put(self, key: Hashable, pixels: Callable[[], Pixels], columns: int, rows: int, paint: Paint) -> RgbGrid:
        """The cells of a picture."""
        plain = Paint(paint.background, paint.text, paint.accent, paint.warning, paint.dark, colour=False)
        return super().put(key, pixels, columns, rows, plain)


class Kitty:
    """The terminal's own pixels, by Kitty's protocol.

    Args:
        images: Sends them.
        cell: How many pixels a cell has beside and above each other.
    """

    def __init__(self, images: KittyImages, cell: tuple[int, int]) -> None:
        self.cell = cell
        self._images = images

    def put(self, key: Hashable, pixels: Callable[[], Pixels], columns: int, rows: int, paint: Paint) -> RgbGrid:
        """The cells of a picture."""
        if not paint.colour or max(columns, rows) > MOST_CELLS:
            return note("The terminal cannot draw it at this size.", columns, rows, paint)
        return self._images.place(key, pixels, columns, rows, paint)


@dataclass(frozen=True, slots=True, eq=False)
class ImageTile:
    """What one tile shows."""

    tile: Tile
    label: str
    slot: int
    when: str
    """Step and time, or which one of a batch."""
    identity: Hashable
    """Tells the image from all others."""
    sample: Sample | str | None
    """The image; why there is none; None while it is being read."""
    chosen: bool = False
    """Whether it is pointed out among its neighbours."""


@dataclass(frozen=True, slots=True, eq=False)
class ImagesPicture:
    """All tiles in sight."""

    tiles: tuple[ImageTile, ...]
    choice: ImagesChoice
    canvas: Canvas

    @property
    def key(self) -> Hashable:
        """Tells the picture from all others."""
        tiles = tuple(
            (each.tile, each.label, each.slot, each.when, each.identity, each.sample is None, each.chosen)
            for each in self.tiles
        )
        return self.choice, self.canvas.cell, type(self.canvas).__name__, tiles

    def draw(self, columns: int, rows: int, paint: Paint) -> RgbGrid:
        """The tiles."""
        grid = paint.grid(columns, rows)
        for each in self.tiles:
            self._draw_tile(grid, each, paint)
        return grid

    def part_of(self, each: ImageTile) -> Seen | None:
        """What of a tile's image is on the screen; None if there is no image."""
        if not isinstance(each.sample, Sample):
            return None
        across, down = self.canvas.cell
        columns, rows = _room(each.tile)
        picture = each.sample.picture
        return seen(picture.width, picture.height, (columns * across, rows * down), self.choice)

    def at(self, column: int, row: int) -> ImageTile | None:
        """The tile at a cell."""
        return next((each for each in self.tiles if each.tile.holds(column, row)), None)

    def _draw_tile(self, grid: RgbGrid, each: ImageTile, paint: Paint) -> None:
        tile = each.tile
        head(grid, tile, each.label, each.when, paint.of_slot(each.slot), paint)
        if each.chosen:
            grid.fore[tile.row, tile.column + 2 : tile.column + tile.columns] = paint.accent
        columns, rows = _room(tile)
        part = self.part_of(each)
        if part is None or not isinstance(each.sample, Sample):
            text = READING if each.sample is None else str(each.sample)
            colour = None if each.sample is None else paint.warning
            grid.paste(tile.row + 1, tile.column, note(text, columns, rows, paint, colour))
            return
        body = self._body(each.sample, part, each.identity, paint)
        left = tile.column + (columns - body.columns) // 2
        grid.paste(tile.row + 1, max(tile.column, left), body)
        if rows < tile.rows - 1:
            facts = flowed(each.sample.picture.facts, columns)[0]
            letter(grid, tile.row + 1 + body.rows, tile.column, facts, paint.label, columns)

    def _body(self, sample: Sample, part: Seen, identity: Hashable, paint: Paint) -> RgbGrid:
        across, down = self.canvas.cell
        picture, choice = sample.picture, self.choice
        kept = part._replace(box=_reduced(part, picture.reduced, picture.pixels.shape))
        key = (identity, part, choice.brightness, choice.contrast, paint.background)
        columns, rows = -(-part.width // across), -(-part.height // down)
        return self.canvas.put(
            key, lambda: render(picture.pixels, kept, choice, paint.background), columns, rows, paint
        )


def _room(tile: Tile) -> tuple[int, int]:
    """The columns and rows of the image alone: below the heading, and above the facts where there is room for them."""
    return tile.columns, max(1, tile.rows - (2 if tile.rows >= LEAST_TILE[1] else 1))


def _reduced(part: Seen, by: int, shape: tuple[int, ...]) -> tuple[float, float, float, float]:
    """The box in an image of which only every `by`-th pixel was kept."""
    left, upper, right, lower = (edge / by for edge in part.box)
    return left, upper, min(right, shape[1]), min(lower, shape[0])
