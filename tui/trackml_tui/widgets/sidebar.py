"""The side bar: the runs over the tags."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.reactive import reactive
from textual.widgets import Label

from trackml_tui.facts import cursor_label
from trackml_tui.scene import Scene
from trackml_tui.tags import TagRow, tag_key, tag_rows, unfolded_for
from trackml_tui.widgets.filter_bar import FilterBar
from trackml_tui.widgets.run_columns import heading
from trackml_tui.widgets.run_list import RunList
from trackml_tui.widgets.tag_tree import TagTree

_HEADINGS = 3
"""Rows that are neither runs nor tags: two headings and the blank line between."""
_RUNS_PART = 0.6


class Sidebar(Vertical):
    """The run list, its filter, and the tag tree."""

    DEFAULT_CSS = """
    Sidebar {
        background: $surface;
        .heading { height: 1; color: $foreground 55%; text-wrap: nowrap; }
        #tags-heading { margin: 1 0 0 0; }
        TagTree { height: 1fr; }
        &.-no-tags TagTree, &.-no-tags #tags-heading { display: none; }
    }
    """

    scene: reactive[Scene] = reactive(Scene)
    """What is listed."""

    def __init__(self) -> None:
        super().__init__()
        self._folded: frozenset[str] = frozenset()
        self._tag_rows: tuple[TagRow, ...] = ()

    def compose(self) -> ComposeResult:
        yield Label(id="runs-heading", classes="heading", markup=False)
        yield RunList(id="runs")
        yield FilterBar()
        yield Label("   tag", id="tags-heading", classes="heading", markup=False)
        yield TagTree(id="tags")

    def watch_scene(self, old: Scene, new: Scene) -> None:
        tag = _chosen_tag(new)
        self.set_class(new.kind is None, "-no-tags")
        if tag is not None and (new.kind, tag) != (old.kind, _chosen_tag(old)):
            self._folded = unfolded_for(tag, self._folded)
            self.query_one(TagTree).cursor = tag_key(tag)
        if (_tags(old), _chosen_tag(old)) != (_tags(new), tag):
            self._show_tags()
        self._show_runs()

    def on_resize(self) -> None:
        self._show_runs()

    @on(TagTree.Folded)
    def _fold(self, event: TagTree.Folded) -> None:
        event.stop()
        self._folded ^= {event.key}
        self._show_tags()

    def _show_runs(self) -> None:
        runs, view = self.query_one(RunList), self.scene.view
        width = runs.scrollable_content_region.width
        title = heading(
            width,
            order=view.order,
            cursor=cursor_label(self.scene),
            directory=self.scene.board.directory,
        )
        self.query_one("#runs-heading", Label).update(title)
        runs.rows = self.scene.board.rows
        runs.styles.height = runs_height(self.size.height - _HEADINGS, len(runs.rows), len(self._tag_rows))

    def _show_tags(self) -> None:
        self._tag_rows = tag_rows(_tags(self.scene), self._folded)
        self.query_one(TagTree).rows = self._tag_rows


def _tags(scene: Scene) -> frozenset[str]:
    return frozenset() if scene.kind is None else scene.tags_of(scene.kind)


def _chosen_tag(scene: Scene) -> str | None:
    return None if scene.kind is None else scene.view.tag_of(scene.kind)


def runs_height(height: int, runs: int, tags: int) -> int:
    """How many of `height` rows the run list gets.

    What the tags leave, and at least three fifths when there are more runs and tags than rows; never more
    than there are runs.
    """
    return max(1, min(runs, max(height - tags, round(_RUNS_PART * height))))
