"""Runs side by side: the ones that are switched on."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Label

from trackml_tui.compare.rows import CompareRow, Comparison, compare, title_of
from trackml_tui.compare.texts import text_rows, text_tags
from trackml_tui.facts import Notice, nothing_there
from trackml_tui.formatting import printable
from trackml_tui.panes.pane import Pane
from trackml_tui.scene import Scene
from trackml_tui.widgets.compare_list import CompareList
from trackml_tui.widgets.row_list import RowList

_REFRESH_SECONDS = 2.0
_LABELS, _NARROWEST = 16, 11
"""Cells that labels take, and that a run needs."""


class ComparePane(Pane):
    """What differs between runs."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("b", "baseline", "Baseline", id="compare.baseline", tooltip="Compare the others with the current run"),
        Binding("e", "equal", "Equal too", id="compare.equal", tooltip="Show what is equal, or fold it away"),
        Binding("d", "texts", "Texts", id="compare.texts", tooltip="Show how texts differ, or not"),
        Binding("left", "scroll(-1)", "Up", id="compare.up", show=False),
        Binding("right", "scroll(1)", "Down", id="compare.down", show=False),
    ]
    DEFAULT_CSS = """
    ComparePane {
        .compare-line { width: 1fr; height: 1; text-wrap: nowrap; text-overflow: ellipsis; }
        #compare-title { text-style: bold; }
        CompareList { height: 1fr; }
        #compare-detail { height: auto; max-height: 4; color: $foreground 75%; }
    }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._comparison = Comparison()
        self._made_of: Hashable = None

    def compose_content(self) -> ComposeResult:
        yield Label(id="compare-title", classes="compare-line", markup=False)
        yield Label(id="compare-heading", classes="compare-line", markup=False)
        yield CompareList(id="compare")
        yield Label(id="compare-detail", markup=False)

    def notice(self, scene: Scene) -> Notice | None:
        shown = sum(row.shown for row in scene.board.rows)
        if shown < 2 and scene.board.rows:
            return Notice("Two runs are needed", "Press space to show the run under the cursor, a to show all.")
        return nothing_there(scene)

    def show(self, scene: Scene) -> None:
        runs = tuple((row.key, row.shown, row.status) for row in scene.board.rows)
        width = self.query_one(CompareList).scrollable_content_region.width
        parts = (
            width,
            scene.view.current,
            id(scene.snapshot),
            id(scene.labels),
            id(scene.manifests),
            scene.view.compare,
            scene.view.leaderboard,
        )
        made_of = (*parts, runs, scene.now // _REFRESH_SECONDS)
        if made_of != self._made_of:
            self._made_of = made_of
            self._comparison = compare(scene, (width - _LABELS) // _NARROWEST)
        rows = self.query_one(CompareList)
        rows.runs = [(scene.label(entry.name), scene.slot(entry.name)) for entry in self._comparison.entries]
        rows.rows = (*self._comparison.rows, *self._texts(scene))
        self._show_lines()

    def on_resize(self) -> None:
        if self.is_mounted and self._made_of is not None:
            self.show(self.scene)

    def on_row_list_moved(self, event: RowList.Moved) -> None:
        event.stop()
        self._show_lines()

    def action_baseline(self) -> None:
        """Compares the others with the current run."""
        self.choose(replace(self.scene.view, compare=self.scene.view.compare.against(self.scene.view.current)))

    def action_equal(self) -> None:
        """Shows what is equal in all runs, or folds it away."""
        choice = self.scene.view.compare
        self.choose(replace(self.scene.view, compare=replace(choice, equal=not choice.equal)))

    def action_texts(self) -> None:
        """Shows how texts differ, or not."""
        choice = self.scene.view.compare
        self.choose(replace(self.scene.view, compare=replace(choice, texts=not choice.texts)))

    def action_scroll(self, pages: int) -> None:
        """Goes through the rows, wherever the focus is."""
        self.query_one(CompareList).action_page(pages)

    def _texts(self, scene: Scene) -> tuple[CompareRow, ...]:
        """How the texts of the first two runs differ; they are read in a thread."""
        entries = self._comparison.entries
        if len(entries) < 2 or not scene.view.compare.texts:
            return ()
        one, other = entries[0].run, entries[1].run
        tags = text_tags(one, other)
        if not tags:
            return ()
        lengths = tuple((len(run.texts.get(tag, ())), tag) for run in (one, other) for tag in tags)
        loaded = scene.contents.get(("texts", one.name, other.name, lengths), lambda: text_rows(one, other))
        title = "Texts" if len(entries) == 2 else "Texts of the first two runs"
        heading = CompareRow("section texts", title, kind="heading")
        if loaded is None:
            return heading, CompareRow("texts", "reading…", kind="folded")
        if loaded.value is None:
            return heading, CompareRow("texts", printable(loaded.error), kind="removed")
        return heading, *loaded.value

    def _show_lines(self) -> None:
        rows = self.query_one(CompareList)
        self.query_one("#compare-title", Label).update(title_of(self._comparison))
        heading = Text(no_wrap=True)
        for text, style in rows.heading(rows.scrollable_content_region.width):
            heading.append(text, style)
        self.query_one("#compare-heading", Label).update(heading)
        row = next((row for row in rows.rows if row.key == rows.cursor), None)
        self.query_one("#compare-detail", Label).update(
            "" if row is None or row.kind == "heading" else _detail(row, [name for name, _ in rows.runs])
        )


def _detail(row: CompareRow, names: list[str]) -> Text:
    """The row under the cursor in full, since its cells may be cut."""
    text = Text(row.label, "bold")
    for name, cell in zip(names, row.cells, strict=False):
        text.append(f"  {printable(name)}: ", "not bold dim").append(cell, "not bold")
    return text
