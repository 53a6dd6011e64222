"""The top line: which directories, how many runs, whether anything is wrong."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.reactive import reactive
from textual.widgets import Label

from trackml_tui import facts
from trackml_tui.scene import Scene
from trackml_tui.widgets.saying import say


class StatusLine(Horizontal):
    """One line about everything."""

    DEFAULT_CSS = """
    StatusLine {
        height: 1;
        padding: 0 1;
        background: $panel;
        #name { width: auto; color: $accent; text-style: bold; padding: 0 2 0 0; }
        #where { width: 1fr; text-wrap: nowrap; text-overflow: ellipsis; }
        #damage { width: auto; color: $text-warning; padding: 0 0 0 2; }
        #facts { width: auto; color: $foreground 75%; padding: 0 0 0 2; }
    }
    """

    scene: reactive[Scene] = reactive(Scene, repaint=False)
    """What there is."""

    def compose(self) -> ComposeResult:
        yield Label("trackml", id="name")
        yield Label(id="where", markup=False)
        yield Label(id="damage", markup=False)
        yield Label(id="facts", markup=False)

    def watch_scene(self, scene: Scene) -> None:
        say(self.query_one("#where", Label), facts.where(scene))
        say(self.query_one("#damage", Label), facts.damage_fact(scene))
        say(self.query_one("#facts", Label), facts.status_facts(scene))
