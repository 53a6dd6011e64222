"""What the panes of histograms, images, text and sound have in common: a title, the values of runs, a step slider."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import replace
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Label

from trackml_tui.facts import Notice, nothing_there
from trackml_tui.formatting import count, printable
from trackml_tui.gallery.shown import Shown, shown_with, stops_of
from trackml_tui.gallery.steps import moved, position_of
from trackml_tui.panes.pane import Pane
from trackml_tui.scene import Scene
from trackml_tui.widgets.step_slider import StepSlider, Stops


class GalleryPane(Pane):
    """Values of one tag, of the runs that are switched on, at the step that the slider chooses."""

    KIND: ClassVar[str]
    """The kind of tags it shows."""
    NOUN: ClassVar[str]
    """What one value is called."""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "step(-1)", "Previous step", id="step.previous", show=False),
        Binding("right", "step(1)", "Next step", id="step.next", show=False),
        Binding("shift+left", "step(-10)", "Ten steps back", id="step.far-previous", show=False),
        Binding("shift+right", "step(10)", "Ten steps on", id="step.far-next", show=False),
        Binding("home", "first_step", "First step", id="step.first", show=False),
        Binding("end", "last_step", "Last step, and what comes", id="step.last", show=False),
    ]
    DEFAULT_CSS = """
    GalleryPane {
        .gallery-title { height: 1; }
        .gallery-tag { width: 1fr; text-style: bold; text-wrap: nowrap; text-overflow: ellipsis; }
        .gallery-facts { width: auto; max-width: 75%; padding: 0 0 0 2; color: $foreground 55%; }
        .gallery-facts { text-wrap: nowrap; text-overflow: ellipsis; }
        .gallery-body { height: 1fr; }
    }
    """

    def compose_content(self) -> ComposeResult:
        with Horizontal(classes="gallery-title"):
            yield Label(classes="gallery-tag", markup=False)
            yield Label(classes="gallery-facts", markup=False)
        yield from self.compose_body()
        yield StepSlider()

    @abstractmethod
    def compose_body(self) -> ComposeResult:
        """The widgets between title and slider."""

    @abstractmethod
    def show_values(self, scene: Scene, shown: list[Shown]) -> None:
        """Brings the widgets between title and slider up to date."""

    @abstractmethod
    def facts(self, scene: Scene, shown: list[Shown]) -> str:
        """How values are shown, for the title."""

    @property
    def tag(self) -> str | None:
        """The chosen tag."""
        return self.scene.view.tag_of(self.KIND)

    def notice(self, scene: Scene) -> Notice | None:
        return nothing_there(scene) or self._nothing_to_show(scene)

    def show(self, scene: Scene) -> None:
        shown = shown_with(scene, self.KIND, self.tag)
        self.query_one(".gallery-tag", Label).update(printable(self.tag or ""))
        self.query_one(".gallery-facts", Label).update(self.facts(scene, shown))
        stops = stops_of(shown)
        position = position_of(stops, scene.view.step)
        step = int(stops[position]) if len(stops) else None
        self.query_one(StepSlider).stops = Stops(len(stops), position, step, scene.view.step is None)
        self.show_values(scene, shown)

    @on(StepSlider.Moved)
    def _slide(self, event: StepSlider.Moved) -> None:
        event.stop()
        stops = stops_of(shown_with(self.scene, self.KIND, self.tag))
        beyond = event.position >= len(stops)
        self.choose_step(None if beyond else int(stops[max(0, event.position)]))

    def choose_step(self, step: int | None) -> None:
        """Looks at a step; None follows the last one."""
        self.choose(replace(self.scene.view, step=step))

    def action_step(self, by: int) -> None:
        """Looks at the values of the next or previous step; after the last one comes following what comes."""
        stops = stops_of(shown_with(self.scene, self.KIND, self.tag))
        self.choose_step(moved(stops, self.scene.view.step, by))

    def action_first_step(self) -> None:
        """Looks at the first values."""
        stops = stops_of(shown_with(self.scene, self.KIND, self.tag))
        if len(stops):
            self.choose_step(int(stops[0]))

    def action_last_step(self) -> None:
        """Looks at the last values, whatever comes."""
        self.choose_step(None)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Hides the keys that do nothing while there is nothing to show."""
        return bool(self.scene.tags_of(self.KIND))

    def _nothing_to_show(self, scene: Scene) -> Notice | None:
        if not scene.tags_of(self.KIND):
            if scene.snapshot is not None and scene.snapshot.loading:
                return Notice("Reading…", f"No {self.NOUN} so far.")
            kinds = ", ".join(f"{count(len(tags))} {kind}" for kind, tags in sorted(scene.tags.items()) if tags)
            found = f"Tags of other kinds: {kinds}.\n\n" if kinds else ""
            return Notice(f"No {self.NOUN} yet", f"{found}It appears here with the first one.")
        if not scene.board.rows:
            return Notice("No run matches", f"{printable(scene.view.pattern)}\n\nPress / to change the filter.")
        if not scene.shown_runs:
            return Notice("No run is shown", "Press space to show the run under the cursor, a to show all.")
        if not shown_with(scene, self.KIND, self.tag):
            return Notice(f"No {self.NOUN} here", f"No shown run has the tag {printable(self.tag or '')}.")
        return None
