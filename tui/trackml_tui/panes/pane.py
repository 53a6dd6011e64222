"""What all panes have in common: a scene to show, a notice where there is nothing, and a way to choose."""

from __future__ import annotations

from abc import abstractmethod

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Label

from trackml_tui import facts
from trackml_tui.facts import Notice
from trackml_tui.scene import Scene
from trackml_tui.view import View
from trackml_tui.widgets.saying import say


class Pane(Vertical):
    """The right side of the main screen.

    A pane gets the scene while it is on display, and not otherwise. It reads no file: what is on disk comes from
    `scene.contents`. Its `BINDINGS` hold whatever has the focus, as long as nothing inside takes the key.
    """

    DEFAULT_CSS = """
    Pane {
        width: 1fr;
        padding: 0 1;
        .pane-content { height: 1fr; }
        .pane-notice { height: 1fr; display: none; align: center middle; }
        .pane-notice Label { width: 100%; padding: 0 2; text-align: center; }
        .pane-notice-heading { text-style: bold; margin: 0 0 1 0; }
        .pane-notice-body { color: $foreground 75%; }
        &.-notice .pane-notice { display: block; }
        &.-notice .pane-content { display: none; }
    }
    """

    scene: reactive[Scene] = reactive(Scene, init=False, repaint=False)
    """What is shown."""

    class Chosen(Message):
        """The user chose something: this is the new view."""

        def __init__(self, view: View) -> None:
            super().__init__()
            self.view = view

    def compose(self) -> ComposeResult:
        with Vertical(classes="pane-content"):
            yield from self.compose_content()
        with Vertical(classes="pane-notice"):
            yield Label(classes="pane-notice-heading", markup=False)
            yield Label(classes="pane-notice-body", markup=False)

    @abstractmethod
    def compose_content(self) -> ComposeResult:
        """The widgets of the pane."""

    @abstractmethod
    def show(self, scene: Scene) -> None:
        """Brings the widgets up to date; called whenever anything changed, so it must be cheap when little did."""

    def notice(self, scene: Scene) -> Notice | None:
        """What stands in place of the widgets where there is nothing to show."""
        return facts.nothing_there(scene)

    def choose(self, view: View) -> None:
        """Makes `view` what is shown from now on."""
        self.post_message(self.Chosen(view))

    def on_mount(self) -> None:
        self._show(self.scene)

    def on_resize(self) -> None:
        """What flows from line to line, or is left out for want of room, goes by the width."""
        if self.is_mounted:
            self._show(self.scene)

    def watch_scene(self, scene: Scene) -> None:
        if self.is_mounted:
            self._show(scene)

    def _show(self, scene: Scene) -> None:
        notice = self.notice(scene)
        self.set_class(notice is not None, "-notice")
        if notice is None:
            self.show(scene)
        else:
            say(self.query_one(".pane-notice-heading", Label), notice.heading)
            say(self.query_one(".pane-notice-body", Label), notice.body)
