"""Images: side by side over runs, over a batch, or over steps; in the terminal's own pixels where it has them."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from trackml_tui.choices.images import ImagesChoice
from trackml_tui.formatting import count, printable
from trackml_tui.gallery.shown import Shown, place_of_current, shown_with
from trackml_tui.gallery.tiles import Tile, tile
from trackml_tui.images.kitty import KittyImages
from trackml_tui.images.picture import LEAST_TILE, Blocks, Canvas, Characters, ImagesPicture, ImageTile, Kitty
from trackml_tui.images.samples import Sample, read_sample, siblings
from trackml_tui.images.terminal import CHARACTERS, KITTY, cell_size, graphics_of, inside_multiplexer
from trackml_tui.panes.gallery import GalleryPane
from trackml_tui.scene import Scene
from trackml_tui.widgets.rgb_view import Drawing, RgbView

_TITLES = {"runs": "runs", "batch": "batch", "steps": "steps"}
_BRIGHTER, _STRONGER = 100, 200
_PAN = 0.1
_LONGEST = 6.0


class ImagesPane(GalleryPane):
    """Images of a tag."""

    KIND = "images"
    NOUN = "image"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("v", "layout", "Beside", id="images.layout", tooltip="Side by side: runs, a batch, steps"),
        Binding("plus,equals_sign", "zoom(1)", "Zoom", key_display="+", id="images.zoom-in", tooltip="- for smaller"),
        Binding("minus", "zoom(-1)", "Smaller", id="images.zoom-out", show=False),
        Binding("full_stop", "sample(1)", "Sample", key_display=".", id="images.next-sample", tooltip="In the batch"),
        Binding("comma", "sample(-1)", "Sample before", id="images.previous-sample", show=False),
        Binding("b", "adjust(1,0)", "Brighter", id="images.brighter", show=False),
        Binding("B", "adjust(-1,0)", "Darker", id="images.darker", show=False),
        Binding("c", "adjust(0,1)", "More contrast", id="images.stronger", show=False),
        Binding("C", "adjust(0,-1)", "Less contrast", id="images.weaker", show=False),
        Binding("R", "plain", "As it is", id="images.plain", show=False, tooltip="No zoom, no adjustment"),
        Binding("ctrl+left", "pan(-1,0)", "Pan left", id="images.pan-left", show=False),
        Binding("ctrl+right", "pan(1,0)", "Pan right", id="images.pan-right", show=False),
        Binding("ctrl+up", "pan(0,-1)", "Pan up", id="images.pan-up", show=False),
        Binding("ctrl+down", "pan(0,1)", "Pan down", id="images.pan-down", show=False),
    ]  # fmt: skip

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._kitty: KittyImages | None = None

    def compose_body(self) -> ComposeResult:
        yield RgbView(id="images-view").add_class("gallery-body")

    def on_unmount(self) -> None:
        if self._kitty is not None:
            self._kitty.clear()

    def facts(self, scene: Scene, shown: list[Shown]) -> str:
        choice = scene.view.images
        facts = [_TITLES[choice.layout]]
        if choice.zoom:
            facts.append(f"zoom {choice.zoom:g}")
        if choice.layout == "steps" and shown:
            facts.insert(0, shown[place_of_current(scene, shown)].label)
        if choice.brightness != 1000:
            facts.append(f"brightness {choice.brightness / 1000:g}")
        if choice.contrast != 1000:
            facts.append(f"contrast {choice.contrast / 10:g} %")
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
        shown = self._shown
        each = self._picture(self.scene, shown).at(*event.cell)
        if each is not None:
            self._pick_tile(each.tile.index, shown)

    @on(RgbView.Dragged)
    def _drag(self, event: RgbView.Dragged) -> None:
        event.stop()
        picture = self._picture(self.scene, self._shown)
        each = picture.at(*event.cell) or next(iter(picture.tiles), None)
        part = None if each is None else picture.part_of(each)
        if part is None or each is None or not isinstance(each.sample, Sample):
            return
        across, down = picture.canvas.cell
        width, height = each.sample.picture.width, each.sample.picture.height
        self._choose(
            self._choice.panned(-event.columns * across / part.scale / width, -event.rows * down / part.scale / height)
        )

    @on(RgbView.Scrolled)
    def _turn(self, event: RgbView.Scrolled) -> None:
        event.stop()
        self.action_zoom(event.by)

    def action_layout(self) -> None:
        """Takes the next choice of what stands side by side."""
        self._choose(self._choice.next_layout())

    def action_zoom(self, by: int) -> None:
        """Larger or smaller."""
        self._choose(self._choice.zoomed(by))

    def action_adjust(self, brightness: int, contrast: int) -> None:
        """Brighter or darker, more or less contrast."""
        self._choose(self._choice.adjusted(_BRIGHTER * brightness, _STRONGER * contrast))

    def action_plain(self) -> None:
        """The whole image as it is."""
        self._choose(self._choice.plain())

    def action_pan(self, across: int, down: int) -> None:
        """Another part of a large image."""
        self._choose(self._choice.panned(_PAN * across, _PAN * down))

    def action_sample(self, by: int) -> None:
        """The next or previous image of the batch."""
        batch = siblings(self.scene.tags_of(self.KIND), self.tag or "")
        if len(batch) > 1 and self.tag in batch:
            tag = batch[(batch.index(self.tag) + by) % len(batch)]
            self.choose(self.scene.view.with_tag(self.KIND, tag))
            return
        amount = self._batch_size(self._shown)
        self._choose(replace(self._choice, sample=(min(self._choice.sample, amount - 1) + by) % amount))

    @property
    def _view(self) -> RgbView:
        return self.query_one(RgbView)

    @property
    def _choice(self) -> ImagesChoice:
        return self.scene.view.images

    @property
    def _shown(self) -> list[Shown]:
        return shown_with(self.scene, self.KIND, self.tag)

    @property
    def _canvas(self) -> Canvas:
        graphics = graphics_of(os.environ, getattr(self.app, "graphics", "auto"))
        if graphics != KITTY or self.app.no_color:
            return Characters() if graphics == CHARACTERS else Blocks()
        if self._kitty is None:
            driver = self.app._driver
            write = driver.write if driver is not None else lambda text: None
            self._kitty = KittyImages(write, tmux=inside_multiplexer(os.environ))
        return Kitty(self._kitty, cell_size())

    def _choose(self, choice: ImagesChoice) -> None:
        self.choose(replace(self.scene.view, images=choice))

    def _pick_tile(self, index: int, shown: list[Shown]) -> None:
        view, choice = self.scene.view, self._choice
        if choice.layout == "runs":
            self.choose(replace(view, current=shown[index].run))
        elif choice.layout == "steps":
            self.choose_step(int(shown[place_of_current(self.scene, shown)].series.step[index]))
        else:
            batch = siblings(self.scene.tags_of(self.KIND), self.tag or "")
            if len(batch) > 1:
                self.choose(view.with_tag(self.KIND, batch[index]))
            else:
                self._choose(replace(choice, sample=index))

    def _batch_size(self, shown: list[Shown]) -> int:
        """How many images the current run's value has; 1 while that is not known."""
        if not shown:
            return 1
        here = shown[place_of_current(self.scene, shown)]
        sample = read_sample(self.scene, here, here.index_at(self.scene.view.step), 0)
        return sample.count if isinstance(sample, Sample) else 1

    def _picture(self, scene: Scene, shown: list[Shown]) -> ImagesPicture:
        make = {"runs": self._over_runs, "batch": self._over_batch, "steps": self._over_steps}
        tiles = tuple(make[scene.view.images.layout](scene, shown)) if shown else ()
        return ImagesPicture(tiles, scene.view.images, self._canvas)

    def _tiles(self, amount: int, first: int, like: Sample | str | None) -> tuple[Tile, ...]:
        """Tiles of about the shape of an image."""
        shape = 1.0
        if isinstance(like, Sample):
            shape = min(max(like.picture.width / like.picture.height, 1 / _LONGEST), _LONGEST)
        return tile(amount, *self._view.size, LEAST_TILE, first, shape).tiles

    def _over_runs(self, scene: Scene, shown: list[Shown]) -> list[ImageTile]:
        first = shown[0]
        like = read_sample(scene, first, first.index_at(scene.view.step), scene.view.images.sample)
        tiles = self._tiles(len(shown), place_of_current(scene, shown), like)
        return [self._tile(scene, each, shown[each.index], scene.view.images.sample) for each in tiles]

    def _over_steps(self, scene: Scene, shown: list[Shown]) -> list[ImageTile]:
        here, sample = shown[place_of_current(scene, shown)], scene.view.images.sample
        index = here.index_at(scene.view.step)
        tiles = self._tiles(len(here.series), 0, read_sample(scene, here, index, sample))
        start = max(0, min(index - len(tiles) // 2, len(here.series) - len(tiles)))
        tiles = tuple(replace(each, index=start + each.index) for each in tiles)
        return [self._moment(scene, each, here, chosen=each.index == index) for each in tiles]

    def _moment(self, scene: Scene, place: Tile, here: Shown, *, chosen: bool) -> ImageTile:
        """A tile with its step in place of the run's name, which is the same in all of them."""
        made = self._tile(scene, place, here, scene.view.images.sample, place.index)
        step, _, time = here.when(place.index).partition(" · ")
        return replace(made, label=step, when=time, chosen=chosen)

    def _over_batch(self, scene: Scene, shown: list[Shown]) -> list[ImageTile]:
        here = shown[place_of_current(scene, shown)]
        like = read_sample(scene, here, here.index_at(scene.view.step), 0)
        tags = siblings(scene.tags_of(self.KIND), here.tag)
        if len(tags) == 1:
            amount, sample = self._batch_size(shown), scene.view.images.sample
            return [
                replace(
                    self._tile(scene, each, here, each.index),
                    when=f"{count(each.index + 1)} of {count(amount)}",
                    chosen=each.index == min(sample, amount - 1),
                )
                for each in self._tiles(amount, sample, like)
            ]
        members = [member for tag in tags for member in shown_with(scene, self.KIND, tag) if member.run == here.run]
        first = next((place for place, member in enumerate(members) if member.tag == here.tag), 0)
        return [
            replace(
                self._tile(scene, each, members[each.index], 0),
                label=printable(members[each.index].tag.rsplit("/", 1)[-1]),
                chosen=each.index == first,
            )
            for each in self._tiles(len(members), first, like)
        ]

    def _tile(self, scene: Scene, place: Tile, shown: Shown, sample: int, index: int | None = None) -> ImageTile:
        index = shown.index_at(scene.view.step) if index is None else index
        image = read_sample(scene, shown, index, sample)
        when = shown.when(index)
        if isinstance(image, Sample) and image.count > 1 and sample:
            when = f"{when} · {min(sample, image.count - 1) + 1} of {image.count}"
        return ImageTile(place, shown.label, shown.slot, when, (shown.identity(index), sample), image)
