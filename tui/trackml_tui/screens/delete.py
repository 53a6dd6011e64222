"""Asks before a run's directory is deleted; the name has to be typed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Label

from trackml_tui.deletion import Deletion, delete, plan_deletion
from trackml_tui.formatting import plural, printable, size


class DeleteScreen(ModalScreen["list[str] | None"]):
    """Gives what went wrong, nothing if all is deleted; None if nothing was to be deleted.

    Args:
        path: The run's directory.
        logdirs: The log directories.
        others: Names of the runs below it, which would go too.
        is_live: Whether it seems to be written still.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "Keep it", id="delete.leave")]
    DEFAULT_CSS = """
    DeleteScreen {
        align: center middle;
        background: $background 60%;
        & > Vertical { width: 78; max-width: 100%; height: auto; background: $surface; padding: 1 2; }
        #delete-title { text-style: bold; color: $text-error; margin: 0 0 1 0; }
        #delete-what { width: 100%; margin: 0 0 1 0; }
        Input { border: none; height: 1; background: $panel; padding: 0 1; display: none; }
        &.-asking Input { display: block; }
    }
    """

    def __init__(self, path: Path, logdirs: Sequence[Path], others: Sequence[str], *, is_live: bool) -> None:
        super().__init__()
        self._path = path
        self._logdirs = logdirs
        self._others = others
        self._is_live = is_live

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Label("Delete this run?", id="delete-title", markup=False)
            yield Label(f"{printable(str(self._path))}\n\nLooking at what is in it…", id="delete-what", markup=False)
            yield Input(placeholder="", compact=True)

    def on_mount(self) -> None:
        self.run_worker(self._look, thread=True)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if event.value == self._path.name:
            event.input.disabled = True
            self.run_worker(self._delete, thread=True)

    def action_leave(self) -> None:
        """Deletes nothing."""
        self.dismiss(None)

    def _look(self) -> None:
        plan = plan_deletion(self._path, self._logdirs)
        self.app.call_from_thread(self._ask, plan)

    def _ask(self, plan: Deletion) -> None:
        self.query_one("#delete-what", Label).update(self._told(plan))
        if not plan.refusal:
            self.add_class("-asking")
            line = self.query_one(Input)
            line.placeholder = f"type {printable(self._path.name)} and press enter; escape keeps it"
            line.focus()

    def _told(self, plan: Deletion) -> Text:
        text = Text(printable(str(plan.path)), "bold")
        if plan.refusal:
            return text.append(f"\n\nIt cannot be deleted. {plan.refusal}\n\nPress escape.", "not bold")
        text.append(f"\n\n{plural(plan.files, 'file')}, {size(plan.size)}. They cannot be had back.", "not bold")
        if self._others:
            names = ", ".join(map(printable, self._others[:5]))
            more = f" and {len(self._others) - 5} more" if len(self._others) > 5 else ""
            text.append(f"\nWith it go the runs below: {names}{more}.", "not bold")
        if self._is_live:
            text.append("\nIt seems to be written still: what writes there may fail, or go on in a new file.", "bold")
        return text

    def _delete(self) -> None:
        errors = delete(self._path, self._logdirs)
        self.app.call_from_thread(self.dismiss, errors)
