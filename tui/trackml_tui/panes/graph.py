"""The graph of the current run: its scopes with operations and parameters, and one operation in detail."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Label

from trackml.runs import RunView
from trackml_tui import facts
from trackml_tui.checkpoints.evaluations import training_run
from trackml_tui.contents import Loaded
from trackml_tui.facts import Notice
from trackml_tui.formatting import compact, count, flow, plural, printable
from trackml_tui.graphs.tree import Graph, Scope, find, read_graph, rows_of
from trackml_tui.panes.pane import Pane
from trackml_tui.scene import Scene
from trackml_tui.widgets.graph_list import GraphList
from trackml_tui.widgets.row_list import RowList

_MOST_KINDS = 6
_MOST_INPUTS = 6


class GraphPane(Pane):
    """The graph of the run under the cursor of the run list, or of the training that it evaluates."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("K", "move(-1)", "Up", id="graph.up", show=False),
        Binding("J", "move(1)", "Down", id="graph.down", show=False),
        Binding("f", "fold", "Open", id="graph.open", tooltip="Open or close this scope"),
    ]
    DEFAULT_CSS = """
    GraphPane {
        #graph-title { width: 1fr; height: auto; max-height: 2; }
        #graph-heading { width: 1fr; height: 1; color: $foreground 55%; text-wrap: nowrap; }
        GraphList { height: 1fr; }
        #graph-detail { width: 1fr; height: auto; min-height: 2; max-height: 7; color: $foreground 85%; }
    }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._graph: Graph | None = None

    def compose_content(self) -> ComposeResult:
        yield Label(id="graph-title", markup=False)
        yield Label(id="graph-heading", markup=False)
        yield GraphList(id="graph-list")
        yield Label(id="graph-detail", markup=False)

    def notice(self, scene: Scene) -> Notice | None:
        nothing = facts.nothing_there(scene)
        if nothing is not None:
            return nothing
        run = _run(scene)
        if run is None:
            return Notice("No run is chosen", "Choose one in the list at the left.")
        name = printable(scene.label(run.name))
        if not run.has_graph:
            others = sum(each.has_graph for each in (scene.snapshot or {}).values())
            return Notice("No graph", _without(name, others))
        loaded = _read(scene, run)
        if loaded is None:
            return Notice("Reading…", name)
        return Notice("The graph cannot be read", printable(loaded.error)) if loaded.error else None

    def show(self, scene: Scene) -> None:
        run = _run(scene)
        loaded = _read(scene, run) if run is not None else None
        self._graph = loaded.value if loaded is not None else None
        if run is None or self._graph is None:
            return
        self.query_one("#graph-title", Label).update(self._title(scene, run, self._graph))
        tree = self.query_one(GraphList)
        width = tree.scrollable_content_region.width
        self.query_one("#graph-heading", Label).update(GraphList.heading(width))
        tree.rows = rows_of(self._graph, scene.view.graph.unfolded)
        scope = find(self._graph, tree.cursor)
        lines = flow(_detail(scope), max(1, self.content_size.width), "  ") if scope is not None else []
        self.query_one("#graph-detail", Label).update("\n".join(lines))

    def _title(self, scene: Scene, run: RunView, graph: Graph) -> Text:
        parts = [
            plural(graph.nodes, "operation"),
            f"{plural(graph.variables, 'variable')}, {compact(graph.root.parameters)} parameters",
            *([plural(graph.functions, "function")] if graph.functions else []),
            ", ".join(f"{count(amount)} {printable(kind)}" for kind, amount in graph.kinds[:_MOST_KINDS]),
        ]
        text = Text(f"{printable(scene.label(run.name))}\n", "bold")
        text.append("\n".join(flow(parts, max(1, self.content_size.width))[:1]), "not bold")
        return text

    @on(RowList.Moved, "#graph-list")
    def _look_at(self, event: RowList.Moved) -> None:
        event.stop()
        choice = self.scene.view.graph
        if choice.current != event.key:
            self.choose(replace(self.scene.view, graph=replace(choice, current=event.key)))

    @on(GraphList.Folded)
    def _fold(self, event: GraphList.Folded) -> None:
        event.stop()
        self.choose(replace(self.scene.view, graph=self.scene.view.graph.folded_or_not(event.key)))

    def action_move(self, by: int) -> None:
        """Moves the cursor of the tree."""
        self.query_one(GraphList).action_move(by)

    def action_fold(self) -> None:
        """Opens or closes the scope under the cursor of the tree."""
        self.query_one(GraphList).action_fold()


def _run(scene: Scene) -> RunView | None:
    """The current run; of an evaluation without a graph its training."""
    run = scene.run
    if run is None or run.has_graph or scene.snapshot is None:
        return run
    return scene.snapshot[training_run(run.name, scene.snapshot)]


def _read(scene: Scene, run: RunView) -> Loaded[Graph | None] | None:
    return scene.contents.get(("graph", run.path, run.graph_place), partial(read_graph, run))


def _detail(scope: Scope) -> Iterator[str]:
    """What there is to say of one scope or operation."""
    yield printable(scope.name)
    node = scope.node
    if scope.children:
        yield plural(scope.ops, "operation")
    if scope.parameters:
        yield f"{count(scope.parameters)} parameters"
    if node is None:
        return
    yield printable(node.op)
    if node.shapes:
        yield f"gives {', '.join(map(printable, node.shapes))}"
    if node.inputs:
        more = f" and {len(node.inputs) - _MOST_INPUTS} more" if len(node.inputs) > _MOST_INPUTS else ""
        yield f"takes {', '.join(map(printable, node.inputs[:_MOST_INPUTS]))}{more}"
    if node.device:
        yield printable(node.device)
    yield from (f"{printable(name)}={printable(value)}" for name, value in node.attrs)


def _without(name: str, others: int) -> str:
    """That a run has no graph, and whether to look at others."""
    if not others:
        return name
    return f"{name} has none; {plural(others, 'other run')} {'has' if others == 1 else 'have'}."
