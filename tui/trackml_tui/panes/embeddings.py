"""Embeddings of the current run: points on the plane of their largest variance, coloured by a label."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import ClassVar

import numpy as np
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Label

from trackml.runs import Embedding, Projector, RunView
from trackml_tui import facts
from trackml_tui.contents import Loaded
from trackml_tui.embeddings.plane import Plane, read_plane
from trackml_tui.facts import Notice
from trackml_tui.formatting import count, flow, number, printable, shorten
from trackml_tui.palette import SLOTS
from trackml_tui.panes.pane import Pane
from trackml_tui.plotting.grid import Grid, solid
from trackml_tui.plotting.scatter import nearest_point, scatter
from trackml_tui.scene import Scene
from trackml_tui.widgets.grid_view import GridView
from trackml_tui.widgets.inks import ink_style

_NEIGHBOURS = 5
_LONGEST_LABEL = 24


class EmbeddingsPane(Pane):
    """Points of the run under the cursor of the run list."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "point(-1)", "Point", key_display="← →", id="embeddings.previous", tooltip="The point before"),
        Binding("right", "point(1)", "Next point", id="embeddings.next", show=False),
        Binding("e", "embedding", "Embedding", id="embeddings.which", tooltip="The next embedding of the run"),
        Binding("c", "colour", "Colour by", id="embeddings.colour", tooltip="Colours by the next column of labels"),
    ]
    DEFAULT_CSS = """
    EmbeddingsPane {
        #embedding-title { width: 1fr; height: 1; text-wrap: nowrap; text-overflow: ellipsis; }
        GridView { height: 1fr; }
        #embedding-classes { width: 1fr; height: auto; max-height: 3; }
        #embedding-point { width: 1fr; height: auto; min-height: 2; max-height: 4; color: $foreground 85%; }
    }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._plane: Plane | None = None

    def compose_content(self) -> ComposeResult:
        yield Label(id="embedding-title", markup=False)
        yield GridView(id="embedding-picture")
        yield Label(id="embedding-classes", markup=False)
        yield Label(id="embedding-point", markup=False)

    def notice(self, scene: Scene) -> Notice | None:
        nothing = facts.nothing_there(scene)
        if nothing is not None or scene.run is None:
            return nothing or Notice("No run is chosen", "Choose one in the list at the left.")
        projector = self._projector(scene, scene.run)
        name = printable(scene.label(scene.run.name))
        if projector is None:
            return Notice("Reading…", name)
        if projector.error:
            return Notice("The list of embeddings cannot be read", printable(projector.error))
        if projector.value is None or not projector.value.embeddings:
            return Notice("No embeddings", f"{name} has no projector_config.pbtxt with embeddings.")
        return None

    def show(self, scene: Scene) -> None:
        embedding = self._embedding(scene)
        if embedding is None:
            return
        key = ("plane", embedding.directory, embedding.name, embedding.tensor_path)
        loaded = scene.contents.get(key, partial(read_plane, embedding))
        self._plane = loaded.value if loaded is not None else None
        title = Text(f"{printable(embedding.name)}", "bold")
        title.append(f"  {self._title(loaded)}", "not bold")
        self.query_one("#embedding-title", Label).update(title)
        self._show_plane(scene)

    def _projector(self, scene: Scene, run: RunView) -> Loaded[Projector | None] | None:
        return scene.contents.follow(("projector", run.path), int(scene.now // 10.0), run.read_projector)

    def _embedding(self, scene: Scene) -> Embedding | None:
        """The chosen one, or the first."""
        found = self._projector(scene, scene.run) if scene.run is not None else None
        embeddings = found.value.embeddings if found is not None and found.value is not None else ()
        chosen = [each for each in embeddings if each.name == scene.view.embeddings.name]
        return next(iter([*chosen, *embeddings]), None)

    def _title(self, loaded: Loaded[Plane] | None) -> str:
        if loaded is None:
            return "reading…"
        if loaded.value is None:
            return printable(loaded.error)
        plane = loaded.value
        amount, dimensions = plane.points.shape
        shown = f"{100 * sum(plane.variance):.0f} % of the variance"
        note = f" · {printable(plane.note)}" if plane.note else ""
        return f"{count(amount)} points of {count(dimensions)} dimensions · {shown}{note}"

    def _show_plane(self, scene: Scene) -> None:
        plane, choice = self._plane, scene.view.embeddings
        classes, point = self.query_one("#embedding-classes", Label), self.query_one("#embedding-point", Label)
        if plane is None:
            classes.update("")
            point.update("")
            self.query_one(GridView).paint(Grid)
            return
        names, which = plane.classes(plane.column(choice.colour_by), SLOTS)
        inks = np.where(which < len(names), solid(1) * which, solid(1) * (len(names) if names else 0))
        classes.update(self._legend(names))
        point.update(self._point(plane, choice.point))

        def paint(columns: int, rows: int) -> Grid:
            return scatter(plane.places, inks, columns, rows, marked=choice.point)

        self.query_one(GridView).paint(paint)

    def _legend(self, names: tuple[str, ...]) -> Text:
        text = Text()
        for slot, name in enumerate(names):
            text.append("● ", ink_style(self, solid(slot)))
            text.append(f"{shorten(printable(name), _LONGEST_LABEL)}  ")
        return text

    def _point(self, plane: Plane, point: int | None) -> str:
        if point is None or point >= len(plane.points):
            return "click a point, or ← and → for the next one"
        named = zip(plane.header or ("label",), plane.labels[point] if point < len(plane.labels) else (), strict=False)
        said = [f"{printable(name)} {printable(value)}" for name, value in named] or [plane.label(point)]
        near = [f"{printable(plane.label(each))} {number(far)}" for each, far in plane.nearest(point, _NEIGHBOURS)]
        width = max(1, self.content_size.width)
        return "\n".join([*flow([f"◉ {count(point)}", *said], width), *flow([f"near: {', '.join(near)}"], width)])

    @on(GridView.Clicked)
    def _click(self, event: GridView.Clicked) -> None:
        event.stop()
        if self._plane is not None:
            size = self.query_one(GridView).size
            self._choose_point(nearest_point(self._plane.places, size.width, size.height, event.column, event.row))

    def action_point(self, by: int) -> None:
        """Looks at the next or previous point."""
        if self._plane is not None:
            point = self.scene.view.embeddings.point
            self._choose_point(0 if point is None else (point + by) % len(self._plane.points))

    def action_embedding(self) -> None:
        """Shows the next embedding of the run."""
        found = self._projector(self.scene, self.scene.run) if self.scene.run is not None else None
        if found is not None and found.value is not None:
            names = [each.name for each in found.value.embeddings]
            current = self._embedding(self.scene)
            here = names.index(current.name) if current is not None else 0
            choice = replace(self.scene.view.embeddings, name=names[(here + 1) % len(names)], point=None)
            self.choose(replace(self.scene.view, embeddings=choice))

    def action_colour(self) -> None:
        """Colours the points by the next column of labels."""
        if self._plane is not None and self._plane.header:
            header, choice = self._plane.header, self.scene.view.embeddings
            here = self._plane.column(choice.colour_by)
            choice = replace(choice, colour_by=header[(here + 1) % len(header)])
            self.choose(replace(self.scene.view, embeddings=choice))

    def _choose_point(self, point: int | None) -> None:
        choice = replace(self.scene.view.embeddings, point=point)
        self.choose(replace(self.scene.view, embeddings=choice))
