"""Asks for the path of a file that is to be written."""

from __future__ import annotations

import os
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Label

from trackml_tui.formatting import printable


class PathPrompt(ModalScreen["Path | None"]):
    """Gives a path at which there is no file yet, in a directory that is there; None if nobody wants one."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "Cancel", id="path.cancel")]
    DEFAULT_CSS = """
    PathPrompt {
        align: center middle;
        background: $background 60%;
        & > Vertical { width: 84; max-width: 100%; height: auto; background: $surface; padding: 1 2; }
        Label { width: 1fr; }
        .path-heading { text-style: bold; margin: 0 0 1 0; }
        Input, Input:focus { width: 1fr; height: 1; border: none; padding: 0 1; background: $panel; }
        #path-error { color: $text-error; height: auto; min-height: 1; }
    }
    """

    def __init__(self, heading: str, path: str) -> None:
        super().__init__()
        self._heading = heading
        self._path = path

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Label(self._heading, classes="path-heading", markup=False)
            yield Input(self._path, compact=True)
            yield Label(id="path-error", markup=False)

    @on(Input.Submitted)
    def _take(self, event: Input.Submitted) -> None:
        event.stop()
        path = Path(os.path.expanduser(event.value.strip()))
        reason = _objection(path) if event.value.strip() else "type a path, or press escape"
        if reason:
            self.query_one("#path-error", Label).update(printable(reason))
        else:
            self.dismiss(path)

    def action_leave(self) -> None:
        """Closes it without a path."""
        self.dismiss(None)


def _objection(path: Path) -> str:
    """Why no file can be made there; empty if one can."""
    if path.is_dir():
        return f"{path} is a directory"
    if os.path.lexists(path):
        return f"{path} is there already"
    if not path.parent.is_dir():
        return f"there is no directory {path.parent}"
    return ""
