"""The checkpoints of the current run: under its curve, as a list, with their evaluations and the tensors inside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

import numpy as np
from rich.cells import cell_len
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Label

from trackml.runs import Checkpoint, RunManifest, RunView, Series, find_checkpoints, read_tensors
from trackml_tui import facts
from trackml_tui.catalog.extremes import lower_is_better
from trackml_tui.checkpoints.evaluations import evaluation_runs, evaluations, sentences, training_run
from trackml_tui.checkpoints.picture import picture
from trackml_tui.checkpoints.timeline import Entry, timeline
from trackml_tui.facts import Notice
from trackml_tui.formatting import count, flow, plural, printable, size
from trackml_tui.panes.pane import Pane
from trackml_tui.plotting.grid import Grid
from trackml_tui.scene import Scene
from trackml_tui.widgets.checkpoint_list import CheckpointList, TensorList, TensorRow
from trackml_tui.widgets.grid_view import GridView
from trackml_tui.widgets.row_list import RowList

_LOOK_SECONDS = 5.0
"""The directory is listed again after so long."""
_MOST_EVALUATIONS = 4


class CheckpointsPane(Pane):
    """Checkpoints and evaluations of the run under the cursor of the run list."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "checkpoint(1)", "Older", id="checkpoints.older", tooltip="The checkpoint before"),
        Binding("right", "checkpoint(-1)", "Newer", id="checkpoints.newer", tooltip="The checkpoint after"),
        Binding("i", "tensors", "Inside", id="checkpoints.tensors", tooltip="The tensors inside, with their norms"),
    ]
    DEFAULT_CSS = """
    CheckpointsPane {
        #checkpoints-title { width: 1fr; height: 1; text-style: bold; text-wrap: nowrap; text-overflow: ellipsis; }
        GridView { height: 1fr; min-height: 8; }
        #evaluations { width: 1fr; height: auto; max-height: 4; color: $foreground 85%; }
        .checkpoints-heading { width: 1fr; height: 1; color: $foreground 55%; text-wrap: nowrap; }
        #checkpoint-tables { height: 1fr; }
        #checkpoint-part, #tensor-part { width: 1fr; }
        #tensor-part { display: none; }
        &.-tensors #tensor-part { display: block; }
        &.-tensors.-short-of-room #checkpoint-part { display: none; }
    }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._found: tuple[Checkpoint, ...] | None = None
        self._manifest: RunManifest | None = None
        self._entries: tuple[Entry, ...] = ()

    def compose_content(self) -> ComposeResult:
        yield Label(id="checkpoints-title", markup=False)
        yield GridView()
        yield Label(id="evaluations", markup=False)
        with Horizontal(id="checkpoint-tables"):
            with Vertical(id="checkpoint-part"):
                yield Label(id="checkpoints-heading", classes="checkpoints-heading", markup=False)
                yield CheckpointList(id="checkpoint-list")
            with Vertical(id="tensor-part"):
                yield Label(id="tensors-heading", classes="checkpoints-heading", markup=False)
                yield TensorList(id="tensor-list")

    def notice(self, scene: Scene) -> Notice | None:
        nothing = facts.nothing_there(scene)
        if nothing is not None:
            return nothing
        return None if scene.run is not None else Notice("No run is chosen", "Choose one in the list at the left.")

    def show(self, scene: Scene) -> None:
        if scene.snapshot is None or scene.run is None:
            return
        name = training_run(scene.run.name, scene.snapshot)
        run = scene.snapshot[name]
        self._read(scene, run)
        evaluated = evaluation_runs(name, scene.snapshot)
        self._entries = tuple(reversed(self._timeline(scene, run, evaluated)))
        self.set_class(self.size.width < 110, "-short-of-room")
        self.query_one("#checkpoints-title", Label).update(self._title(scene, run))
        self.query_one("#evaluations", Label).update(self._evaluations(scene, run, evaluated))
        self._show_lists(scene)
        self._show_picture(scene, run, evaluated)

    def _read(self, scene: Scene, run: RunView) -> None:
        """Takes what has been read so far."""
        moment = int(scene.now // _LOOK_SECONDS)
        found = scene.contents.follow(("checkpoints", run.path), moment, lambda: find_checkpoints(run.path))
        self._manifest = scene.manifests.get(run.name)
        self._found = found.value if found is not None else None

    def _timeline(self, scene: Scene, run: RunView, evaluated: dict[str, RunView]) -> tuple[Entry, ...]:
        tag = scene.view.tag or ""
        of_evaluations = [each.scalars[tag] for each in evaluated.values() if tag in each.scalars]
        metric = of_evaluations[0] if of_evaluations else run.scalars.get(tag)
        steps = frozenset(int(step) for each in evaluated.values() for step in _steps(each)) if evaluated else None
        return timeline(
            self._found or (),
            self._manifest,
            steps,
            metric,
            lower_is_better=lower_is_better(tag),
            exactly=bool(of_evaluations),
        )

    def _title(self, scene: Scene, run: RunView) -> str:
        kept = [entry for entry in self._entries if entry.is_on_disk]
        name = printable(scene.label(run.name))
        if self._found is None:
            return f"{name}  looking for checkpoints…"
        if not self._entries:
            return f"{name}  no checkpoints below {printable(str(run.path))}"
        gone = len(self._entries) - len(kept)
        amounts = f"{plural(len(kept), 'checkpoint')} on disk{f', {count(gone)} deleted' if gone else ''}"
        amounts += f", {size(sum(entry.size for entry in kept))}"
        told = "" if self._manifest is not None else " · inferred from files: the run keeps no manifest"
        return f"{name}  {amounts}{told}"

    def _evaluations(self, scene: Scene, run: RunView, evaluated: dict[str, RunView]) -> Text:
        text = Text()
        is_training = self._manifest is None or self._manifest.status == "running"
        for evaluation in evaluations(run, evaluated, self._manifest)[:_MOST_EVALUATIONS]:
            name = f"{printable(evaluation.name)}  "
            said = map(printable, sentences(evaluation, scene.now, is_training=is_training))
            lines = flow(said, self.content_size.width - cell_len(name))
            text.append(name, "bold")
            text.append(("\n" + " " * cell_len(name)).join(lines) + "\n")
        text.rstrip()
        return text

    def _show_lists(self, scene: Scene) -> None:
        checkpoints = self.query_one(CheckpointList)
        checkpoints.now = scene.now
        width = checkpoints.scrollable_content_region.width
        self.query_one("#checkpoints-heading", Label).update(CheckpointList.heading(width, scene.view.tag or "value"))
        checkpoints.rows = self._entries
        choice = scene.view.checkpoints
        if choice.current is not None and choice.current != checkpoints.cursor:
            checkpoints.cursor = choice.current
        self.set_class(choice.tensors, "-tensors")
        if choice.tensors:
            self._show_tensors(scene)

    def _show_tensors(self, scene: Scene) -> None:
        heading, tensors = self.query_one("#tensors-heading", Label), self.query_one(TensorList)
        current = self._current
        rows: Sequence[TensorRow] = ()
        if current is None or current.file is None:
            heading.update(" This checkpoint is not on disk any more.")
        else:
            file = current.file
            inside = scene.contents.get(("tensors", file.path, file.written, file.size), lambda: read_tensors(file))
            if inside is None:
                heading.update(f" {printable(current.key)}: reading…")
            elif inside.error:
                heading.update(f" {printable(inside.error)}")
            else:
                rows = [TensorRow(tensor) for tensor in inside.value or ()]
                elements = sum(int(np.prod(row.tensor.shape, dtype=np.int64)) for row in rows)
                heading.update(f" {printable(current.key)}: {plural(len(rows), 'tensor')}, {count(elements)} values")
        tensors.rows = rows

    def _show_picture(self, scene: Scene, run: RunView, evaluated: dict[str, RunView]) -> None:
        lines = _lines(scene, run, evaluated)
        entries, current = self._entries, self._current

        def paint(columns: int, rows: int) -> Grid:
            return picture(lines, entries, current, columns, rows)

        self.query_one(GridView).paint(paint)

    @property
    def _current(self) -> Entry | None:
        cursor = self.query_one(CheckpointList).cursor
        return next((entry for entry in self._entries if entry.key == cursor), None)

    @on(RowList.Moved, "#checkpoint-list")
    def _choose_checkpoint(self, event: RowList.Moved) -> None:
        event.stop()
        choice = self.scene.view.checkpoints
        if event.key != choice.current:
            self.choose(replace(self.scene.view, checkpoints=replace(choice, current=event.key)))

    def action_checkpoint(self, step: int) -> None:
        """Goes to the next older or newer checkpoint."""
        self.query_one(CheckpointList).action_move(step)

    def action_tensors(self) -> None:
        """Shows the tensors inside the checkpoint, or hides them."""
        choice = self.scene.view.checkpoints
        self.choose(replace(self.scene.view, checkpoints=replace(choice, tensors=not choice.tensors)))


def _steps(run: RunView) -> set[int]:
    return {int(step) for series in run.scalars.values() for step in series.step}


def _lines(scene: Scene, run: RunView, evaluated: dict[str, RunView]) -> list[tuple[int, Series]]:
    """The chosen tag of the run and of its evaluations, with the slots of their colours."""
    tag = scene.view.tag or ""
    return [(scene.slot(each.name), each.scalars[tag]) for each in (run, *evaluated.values()) if tag in each.scalars]
