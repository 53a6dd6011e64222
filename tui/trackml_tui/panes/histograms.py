"""Histograms and distributions: density over time, ridges, percentile bands, and one step in detail."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from trackml_tui.choices.histograms import HistogramsChoice
from trackml_tui.formatting import plural
from trackml_tui.gallery.shown import Shown, place_of_current, shown_with
from trackml_tui.gallery.tiles import Tile, Tiling, tile
from trackml_tui.histograms.bins import BINS
from trackml_tui.histograms.picture import LEAST_TILE, HistogramsPicture, RunHistograms
from trackml_tui.histograms.reading import read_history, read_one
from trackml_tui.panes.gallery import GalleryPane
from trackml_tui.plotting.ridges import most_ridges
from trackml_tui.scene import Scene
from trackml_tui.widgets.rgb_view import Drawing, RgbView

_TITLES = {
    "heat": "heat map",
    "ridges": "ridges",
    "overlay": "ridges on one base",
    "distribution": "percentiles",
    "bars": "one step",
}
_SHAPE = 1.6


class HistogramsPane(GalleryPane):
    """How the numbers of a tag are spread, over time."""

    KIND = "histograms"
    NOUN = "histogram"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("v", "mode(1)", "View", id="histograms.mode", tooltip="Heat map, ridges, percentiles, one step"),
        Binding("V", "mode(-1)", "View before", id="histograms.mode-back", show=False),
        Binding("y", "scale", "Scale", id="histograms.scale", tooltip="Brightness: root, linear, logarithm"),
        Binding("u", "clip", "Outliers", id="histograms.clip", tooltip="Leave out a hundredth at either end"),
        Binding("ctrl+left", "bar(-1)", "Bar before", id="histograms.bar-before", show=False),
        Binding("ctrl+right", "bar(1)", "Next bar", id="histograms.bar-next", show=False),
    ]

    def compose_body(self) -> ComposeResult:
        yield RgbView(id="histograms-view").add_class("gallery-body")

    def facts(self, scene: Scene, shown: list[Shown]) -> str:
        choice = scene.view.histograms
        facts = [_TITLES[choice.mode]]
        if choice.mode == "heat":
            facts.append(choice.scale)
        if choice.clip:
            facts.append("1 % cut")
        pages = self._tiling(scene, shown)
        if pages.pages > 1:
            facts.append(f"page {pages.page + 1}/{pages.pages}")
        elif len(shown) > 1:
            facts.append(plural(len(shown), "run"))
        return " · ".join(facts)

    def show_values(self, scene: Scene, shown: list[Shown]) -> None:
        picture = self._picture(scene, shown)
        self._view.drawing = Drawing(picture.key, picture.draw)

    @on(RgbView.Resized)
    def _fit(self, event: RgbView.Resized) -> None:
        event.stop()
        self.watch_scene(self.scene)

    @on(RgbView.Clicked)
    def _pick(self, event: RgbView.Clicked) -> None:
        event.stop()
        self._pick_at(*event.cell)

    @on(RgbView.Dragged)
    def _scrub(self, event: RgbView.Dragged) -> None:
        event.stop()
        self._pick_at(*event.cell)

    @on(RgbView.Scrolled)
    def _turn(self, event: RgbView.Scrolled) -> None:
        event.stop()
        self.action_step(-event.by)

    def action_mode(self, by: int) -> None:
        """Draws them in the next way."""
        self._choose(self._choice.next_mode(by))

    def action_scale(self) -> None:
        """Takes the next scale of brightness."""
        self._choose(self._choice.next_scale())

    def action_clip(self) -> None:
        """Leaves the outermost values out, or shows them again."""
        self._choose(replace(self._choice, clip=not self._choice.clip))

    def action_bar(self, by: int) -> None:
        """Points out the next bar of one step."""
        if self._choice.mode == "bars":
            self._choose(self._choice.next_bin(by, BINS))

    @property
    def _view(self) -> RgbView:
        return self.query_one(RgbView)

    @property
    def _choice(self) -> HistogramsChoice:
        return self.scene.view.histograms

    def _choose(self, choice: HistogramsChoice) -> None:
        self.choose(replace(self.scene.view, histograms=choice))

    def _pick_at(self, column: int, row: int) -> None:
        picture = self._picture(self.scene, shown_with(self.scene, self.KIND, self.tag))
        step, bar = picture.step_at(column, row), picture.bar_at(column, row)
        if step is not None:
            self.choose_step(step)
        elif bar is not None:
            self._choose(replace(self._choice, bin=bar))

    def _tiling(self, scene: Scene, shown: list[Shown]) -> Tiling:
        return tile(len(shown), *self._view.size, LEAST_TILE, place_of_current(scene, shown), _SHAPE)

    def _picture(self, scene: Scene, shown: list[Shown]) -> HistogramsPicture:
        tiles = self._tiling(scene, shown).tiles
        runs = tuple(self._run(scene, shown[each.index], each) for each in tiles)
        return HistogramsPicture(runs, scene.view.histograms, scene.view.step)

    def _run(self, scene: Scene, shown: Shown, place: Tile) -> RunHistograms:
        index = shown.index_at(scene.view.step)
        step = int(shown.series.step[index])
        run = RunHistograms(place, shown.label, shown.slot, shown.when(index), step)
        mode = scene.view.histograms.mode
        if mode == "bars":
            value = read_one(scene, shown, index)
            return replace(run, value=value, key=(shown.identity(index), value is None))
        most = most_ridges(place.rows) if mode in ("ridges", "overlay") else place.columns
        history = read_history(scene, shown, most)
        return replace(run, history=history, key=history.key)
