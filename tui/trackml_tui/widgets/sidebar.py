"""The side bar: the runs over the tags, each with a filter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Label

from trackml_tui.catalog.query import query_error
from trackml_tui.choices.runs import RunsChoice
from trackml_tui.facts import cursor_label
from trackml_tui.formatting import count, printable
from trackml_tui.scene import Scene
from trackml_tui.tags import matching_tags, tag_key, tag_pattern_error, tag_rows, unfolded_for
from trackml_tui.view import View
from trackml_tui.widgets.filter_bar import FilterBar
from trackml_tui.widgets.prompt_line import Check, PromptLine
from trackml_tui.widgets.run_columns import heading
from trackml_tui.widgets.run_list import RunList
from trackml_tui.widgets.saying import say
from trackml_tui.widgets.tag_tree import TagTree

_HEADINGS = 3
"""Rows that are neither runs nor tags: two headings and the blank line between."""
_RUNS_PART = 0.6


class Sidebar(Vertical):
    """The run list, its filter, and the tag tree."""

    DEFAULT_CSS = """
    Sidebar {
        background: $surface;
        .heading { width: 1fr; height: 1; color: $foreground 55%; text-wrap: nowrap; }
        #tags-heading { margin: 1 0 0 0; }
        TagTree { height: 1fr; }
        &.-no-tags TagTree, &.-no-tags #tags-heading, &.-no-tags #tag-filter { display: none; }
    }
    """

    scene: reactive[Scene] = reactive(Scene, repaint=False)
    """What is listed."""

    class Chosen(Message):
        """The user chose something: this is the new view."""

        def __init__(self, view: View) -> None:
            super().__init__()
            self.view = view

    def __init__(self) -> None:
        super().__init__()
        self._told: str | None = None
        """The current run of the last scene."""

    def compose(self) -> ComposeResult:
        yield Label(id="runs-heading", classes="heading", markup=False)
        yield RunList(id="runs")
        yield FilterBar(_query_reason, "lr<0.01 and acc>0.9, or part of a name", id="run-filter")
        yield PromptLine()
        yield Label("   tag", id="tags-heading", classes="heading", markup=False)
        yield TagTree(id="tags")
        yield FilterBar(tag_pattern_error, "part of a tag, regex or *", id="tag-filter")

    def ask(
        self,
        question: str,
        value: str,
        answer: Callable[[str], None],
        check: Check = lambda text: None,
        hint: str = "",
    ) -> None:
        """Asks below the runs: see `PromptLine.ask`."""
        self.query_one(PromptLine).ask(question, value, answer, check, hint)

    def watch_scene(self, old: Scene, new: Scene) -> None:
        tag = _chosen_tag(new)
        self.set_class(new.kind is None, "-no-tags")
        tree = self.query_one(TagTree)
        if tag is not None and (new.kind, tag) != (old.kind, _chosen_tag(old)):
            unfolded = unfolded_for(tag, new.view.runs.tag_folds)
            if unfolded != new.view.runs.tag_folds:
                self._choose(replace(new.view.runs, tag_folds=unfolded))
            tree.cursor = tag_key(tag)
        tree.marked = frozenset(new.view.charts.together)
        if _listed_tags(old) != _listed_tags(new):
            self._show_tags()
        self.query_one("#run-filter", FilterBar).show(new.view.pattern, "; ".join(map(printable, new.board.reasons)))
        self.query_one("#tag-filter", FilterBar).show(new.view.runs.tag_pattern)
        self._show_runs()

    def on_resize(self) -> None:
        self._show_runs()

    @on(TagTree.Folded)
    def _fold(self, event: TagTree.Folded) -> None:
        event.stop()
        self._choose(self.scene.view.runs.tags_folded_or_not(event.key))

    @on(RunList.Folded)
    def _fold_runs(self, event: RunList.Folded) -> None:
        event.stop()
        self._choose(self.scene.view.runs.folded_or_not(event.key))

    @on(TagTree.Chosen)
    def _mark(self, event: TagTree.Chosen) -> None:
        event.stop()
        view = self.scene.view
        if self.scene.kind == "scalars" and event.tag != view.tag:
            self.post_message(self.Chosen(replace(view, charts=view.charts.together_or_not(event.tag))))

    @on(TagTree.FilterAsked)
    def _ask_for_tags(self, event: TagTree.FilterAsked) -> None:
        event.stop()
        self.query_one("#tag-filter", FilterBar).open()

    @on(FilterBar.Filtered, "#tag-filter")
    def _filter_tags(self, event: FilterBar.Filtered) -> None:
        event.stop()
        self._choose(replace(self.scene.view.runs, tag_pattern=event.pattern))

    @on(FilterBar.Filtered, "#run-filter")
    def _filter_runs(self, event: FilterBar.Filtered) -> None:
        event.stop()
        self.post_message(self.Chosen(replace(self.scene.view, pattern=event.pattern)))

    @on(FilterBar.Left, "#tag-filter")
    def _leave_tags(self, event: FilterBar.Left) -> None:
        event.stop()
        self.query_one(TagTree).focus()

    @on(FilterBar.Left, "#run-filter")
    @on(PromptLine.Left)
    def _leave_runs(self, event: Message) -> None:
        event.stop()
        self.query_one(RunList).focus()

    def _choose(self, runs: RunsChoice) -> None:
        self.post_message(self.Chosen(replace(self.scene.view, runs=runs)))

    def _show_runs(self) -> None:
        runs, scene = self.query_one(RunList), self.scene
        rows, tags = scene.board.listed, len(self.query_one(TagTree).rows)
        height = runs_height(self.size.height - _HEADINGS, len(rows), tags)
        width = self.size.width - (len(rows) > height)  # less the scroll bar, which is laid out later
        title = heading(
            width,
            order=scene.view.order,
            cursor=cursor_label(scene),
            where=_where(scene),
        )
        say(self.query_one("#runs-heading", Label), title)
        self._follow_current(runs, scene)
        if runs.rows is not rows:  # the clock alone changes nothing
            runs.rows = rows
        runs.styles.height = height

    def _follow_current(self, runs: RunList, scene: Scene) -> None:
        """Goes to the run that was chosen elsewhere; the user's own moves in the list are told before they are seen.

        A list that gets its first rows, which takes its first one for lack of a choice, goes to the run that was
        chosen before they were there.
        """
        current = scene.view.current
        is_chosen_elsewhere = current != self._told and runs.cursor == self._told
        if (is_chosen_elsewhere or runs.cursor is None) and scene.board.line_of(current) is not None:
            runs.cursor = current
        self._told = current

    def _show_tags(self) -> None:
        tags, pattern, folded = _listed_tags(self.scene)
        self.query_one(TagTree).rows = tag_rows(matching_tags(tags, pattern), folded)


def _where(scene: Scene) -> str:
    """How the runs are grouped, how many are put away, or where all of them are."""
    if scene.view.runs.group:
        return f"by {scene.view.runs.group}"
    if scene.board.archived:
        return f"({count(scene.board.archived)} archived)"
    return f"in {scene.board.directory}" if scene.board.directory else ""


def _query_reason(text: str) -> str | None:
    error = query_error(text)
    return None if error is None else str(error)


def _listed_tags(scene: Scene) -> tuple[frozenset[str], str, frozenset[str]]:
    tags = frozenset() if scene.kind is None else scene.tags_of(scene.kind)
    return tags, scene.view.runs.tag_pattern, scene.view.runs.tag_folds


def _chosen_tag(scene: Scene) -> str | None:
    return None if scene.kind is None else scene.view.tag_of(scene.kind)


def runs_height(height: int, runs: int, tags: int) -> int:
    """How many of `height` rows the run list gets.

    What the tags leave, and at least three fifths when there are more runs and tags than rows; never more
    than there are runs.
    """
    return max(1, min(runs, max(height - tags, round(_RUNS_PART * height))))
