"""Sound: waveform and spectrogram of clips, which can be saved as files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input
from textual.worker import get_current_worker

from trackml_tui.audio.clips import Clip, name_for, read_clip, save
from trackml_tui.audio.picture import LEAST_TILE, AudioPicture, ClipTile
from trackml_tui.choices.audio import AudioChoice
from trackml_tui.formatting import printable
from trackml_tui.gallery.shown import Shown, place_of_current, shown_with
from trackml_tui.gallery.tiles import Tile, tile
from trackml_tui.panes.gallery import GalleryPane
from trackml_tui.scene import Scene
from trackml_tui.widgets.prompt import Prompt
from trackml_tui.widgets.rgb_view import Drawing, RgbView

_TITLES = {"both": "wave and spectrum", "wave": "wave", "spectrum": "spectrum"}
_SHAPE = 1.8


class AudioPane(GalleryPane):
    """Clips of a tag."""

    KIND = "audio"
    NOUN = "sound"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("v", "form", "View", id="audio.form", tooltip="Wave and spectrum, wave, spectrum"),
        Binding("full_stop", "sample(1)", "Sample", key_display=".", id="audio.next-sample", tooltip="Next of a batch"),
        Binding("comma", "sample(-1)", "Sample before", id="audio.previous-sample", show=False),
        Binding("w", "save", "Save", id="audio.save", tooltip="Save the current run's clip as a WAVE file"),
    ]

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._refused: str | None = None

    def compose_body(self) -> ComposeResult:
        yield RgbView(id="audio-view").add_class("gallery-body")
        yield Prompt(placeholder="file")

    def facts(self, scene: Scene, shown: list[Shown]) -> str:
        return _TITLES[scene.view.audio.form]

    def show_values(self, scene: Scene, shown: list[Shown]) -> None:
        tiles = tile(len(shown), *self._view.size, LEAST_TILE, place_of_current(scene, shown), _SHAPE).tiles
        picture = AudioPicture(tuple(self._tile(scene, each, shown[each.index]) for each in tiles), scene.view.audio)
        self._view.drawing = Drawing(picture.key, picture.draw)

    @on(RgbView.Resized)
    def _fit(self, event: RgbView.Resized) -> None:
        event.stop()
        self.watch_scene(self.scene)

    @on(RgbView.Scrolled)
    def _turn(self, event: RgbView.Scrolled) -> None:
        event.stop()
        self.action_step(-event.by)

    @on(Input.Submitted)
    def _save(self, event: Input.Submitted) -> None:
        event.stop()
        here = self._here
        if here is not None and event.value.strip():
            path = Path(event.value.strip())
            index, sample = here.index_at(self.scene.view.step), self._choice.sample
            self._write(lambda: save(here.series[index], sample, path, replace=self._refused == str(path)), path)

    @work(thread=True, group="save")
    def _write(self, write: Callable[[], Path], path: Path) -> None:
        try:
            told, refused = f"Saved as {write()}", None
        except FileExistsError:
            told, refused = f"{path} is there already. Enter again writes over it.", str(path)
        except Exception as error:  # whatever a file system or a damaged file has to say is for the user to see
            told, refused = f"Not saved: {error}", None
        if not get_current_worker().is_cancelled:
            self.app.call_from_thread(self._tell, told, refused)

    def _tell(self, told: str, refused: str | None) -> None:
        saved = told.startswith("Saved")
        self._refused = refused
        self.notify(printable(told), severity="information" if saved else "warning", markup=False)
        if saved:
            self._bar.action_leave()

    def action_form(self) -> None:
        """Shows the next of wave and spectrum."""
        self._choose(self._choice.next_form())

    def action_sample(self, by: int) -> None:
        """The next or previous clip of the batch."""
        here = self._here
        if here is None:
            return
        clip = read_clip(self.scene, here, here.index_at(self.scene.view.step), self._choice.sample)
        amount = clip.count if isinstance(clip, Clip) else 1
        self._choose(replace(self._choice, sample=(min(self._choice.sample, amount - 1) + by) % amount))

    def action_save(self) -> None:
        """Asks where to save the current run's clip."""
        here = self._here
        if here is not None:
            step = int(here.series.step[here.index_at(self.scene.view.step)])
            self._refused = None
            self._bar.open(name_for(here.run, here.tag, step))

    @property
    def _view(self) -> RgbView:
        return self.query_one(RgbView)

    @property
    def _bar(self) -> Prompt:
        return self.query_one(Prompt)

    @property
    def _choice(self) -> AudioChoice:
        return self.scene.view.audio

    @property
    def _here(self) -> Shown | None:
        """The current run, if it has clips, else the first that has."""
        shown = shown_with(self.scene, self.KIND, self.tag)
        return shown[place_of_current(self.scene, shown)] if shown else None

    def _choose(self, choice: AudioChoice) -> None:
        self.choose(replace(self.scene.view, audio=choice))

    def _tile(self, scene: Scene, place: Tile, shown: Shown) -> ClipTile:
        index, sample = shown.index_at(scene.view.step), scene.view.audio.sample
        clip = read_clip(scene, shown, index, sample)
        when = shown.when(index)
        if isinstance(clip, Clip) and clip.count > 1:
            when = f"{when} · {min(sample, clip.count - 1) + 1} of {clip.count}"
        return ClipTile(place, shown.label, shown.slot, when, (shown.identity(index), sample), clip)
