"""What can be done with the runs of the side bar: one, a directory or a group of them at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.reactive import reactive
from textual.screen import Screen

from trackml.runs import RunView
from trackml_tui.catalog.groups import grouping_error
from trackml_tui.catalog.labels import NO_LABELS, Label, Labels, noted, renamed
from trackml_tui.catalog.params import params_of
from trackml_tui.choices.runs import RunsChoice
from trackml_tui.label_keeper import LabelsChanged
from trackml_tui.palette import SLOTS
from trackml_tui.scene import Scene
from trackml_tui.screens.delete import DeleteScreen
from trackml_tui.view import View
from trackml_tui.widgets.filter_bar import FilterBar
from trackml_tui.widgets.menu import Choice, Menu
from trackml_tui.widgets.row_list import RowList
from trackml_tui.widgets.run_list import RunList
from trackml_tui.widgets.sidebar import Sidebar

_MOST_PARAMS = 24


class RunActions(Screen[None]):
    """The keys of the run list, which hold on the whole main screen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "show_or_hide", "Toggle", id="run.toggle", tooltip="Show or hide the runs of this line"),
        Binding("enter", "solo", "Only", id="run.solo", tooltip="The runs of this line alone; again: as before"),
        Binding("up,k", "run(-1)", "Previous run", id="run.previous", show=False),
        Binding("down,j", "run(1)", "Next run", id="run.next", show=False),
        Binding("slash", "filter", "Filter", key_display="/", id="run.filter", tooltip="Pick runs by a query"),
        Binding("a", "all_or_none", "All", id="run.all", show=False, tooltip="Show all runs, or none"),
        Binding("o", "order", "Sort", id="run.order", tooltip="Sort by name, value, last event or step"),
        Binding("g", "group", "Group", id="run.group", show=False, tooltip="By seeds, hparam, directory, regex"),
        Binding("t", "flat", "Tree", id="run.flat", show=False, tooltip="Tree of directories, or one line a run"),
        Binding("f", "fold", "Fold", id="run.fold", show=False, tooltip="Fold or unfold this line"),
        Binding("asterisk", "star", "Star", key_display="*", id="run.star", show=False, tooltip="Star these runs"),
        Binding("N", "note", "Note", id="run.note", show=False, tooltip="Write a note on this run"),
        Binding("r", "rename", "Rename", id="run.rename", show=False, tooltip="Another name, here only"),
        Binding("A", "archive", "Archive", id="run.archive", show=False, tooltip="Put these runs away, or back"),
        Binding(
            "full_stop",
            "menu",
            "More",
            key_display=".",
            id="run.menu",
            show=False,
            tooltip="All that can be done with runs",
        ),
        Binding("delete", "delete", "Delete", id="run.delete", show=False, tooltip="Delete the run's directory"),
    ]

    scene: reactive[Scene] = reactive(Scene, repaint=False)
    """What the widgets show."""
    view: reactive[View] = reactive(View, repaint=False)
    """What the user chose."""
    labels: reactive[Labels] = reactive(NO_LABELS, repaint=False)
    """What the user says of runs."""

    def take_labels(self, labels: Labels) -> None:
        """Takes the labels that were read from files."""
        self.labels = labels

    @property
    def members(self) -> tuple[str, ...]:
        """The runs of the line under the cursor."""
        return self.scene.board.members(self.view.current)

    @on(RowList.Moved, "#runs")
    def _choose_run(self) -> None:
        self.view = replace(self.view, current=self.query_one(RunList).cursor)

    @on(RowList.Marked, "#runs")
    def _toggle(self, event: RowList.Marked) -> None:
        self.view = self.view.toggled(*self.scene.board.members(event.key))

    @on(Sidebar.Chosen)
    def _take_choice(self, event: Sidebar.Chosen) -> None:
        self.view = event.view

    def action_run(self, step: int) -> None:
        """Moves the cursor of the run list, whether it is in sight or not."""
        self.query_one(RunList).action_move(step)

    def action_show_or_hide(self) -> None:
        """Shows or hides the runs of the current line."""
        if self.members:
            self.view = self.view.toggled(*self.members)

    def action_solo(self) -> None:
        """Shows the runs of the current line alone."""
        if self.members:
            self.view = self.view.soloed(*self.members)

    def action_filter(self) -> None:
        """Opens the filter."""
        self.remove_class("-full")
        self.query_one("#run-filter", FilterBar).open()

    def action_all_or_none(self) -> None:
        """Shows all runs, or none."""
        self.view = self.view.all_or_none()

    def action_order(self) -> None:
        """Sorts the runs in the next way, and goes to the first: the best, the newest."""
        self.view = self.view.next_order()
        self.query_one(RunList).action_first()

    def action_flat(self) -> None:
        """Lists runs as a tree, or one a line."""
        runs = self.view.runs
        self._list(replace(runs, flat=not runs.flat, group=""))

    def action_fold(self) -> None:
        """Folds or unfolds the current line, or the one that it is in."""
        key = self.scene.board.fold_of(self.view.current)
        if key is not None:
            self._list(self.view.runs.folded_or_not(key))
            self.query_one(RunList).cursor = key

    def action_fold_all(self) -> None:
        """Folds everything, or unfolds everything if nothing is left to fold."""
        lines = [line.node for line in self.scene.board.listed if line.node.folds]
        open_ = [node.key for node in lines if not node.folded]
        changed = frozenset(open_ or [node.key for node in lines])
        self._list(replace(self.view.runs, folds=self.view.runs.folds ^ changed))

    def action_star(self) -> None:
        """Stars the runs of the current line, or takes the stars off if all have one."""
        starred = all(self.labels.of(run).starred for run in self._runs)
        self._label(lambda label: replace(label, starred=not starred))

    def action_archive(self) -> None:
        """Puts the runs of the current line away, or back."""
        archived = all(self.labels.of(run).archived for run in self._runs)
        self._label(lambda label: replace(label, archived=not archived))

    def action_archived(self) -> None:
        """Lists the runs that were put away too, or no more."""
        self._list(replace(self.view.runs, archived=not self.view.runs.archived))

    def action_colour(self) -> None:
        """Gives the current line's runs the next colour."""
        runs = self._runs
        if runs:
            slot = (self.scene.slot(runs[0].name) + 1) % SLOTS
            self._label(lambda label: replace(label, slot=slot))

    def action_own_colour(self) -> None:
        """Gives the current line's runs back the colour that goes with the name."""
        self._label(lambda label: replace(label, slot=None))

    def action_rename(self) -> None:
        """Asks for another name of the current run."""
        run = self.scene.run
        if run is not None:
            self._ask("name", self.labels.of(run).name, lambda text: self._label(renamed(text), run), hint=run.name)

    def action_note(self) -> None:
        """Asks for a note on the current run."""
        run = self.scene.run
        if run is not None:
            self._ask("note", self.labels.of(run).note, lambda text: self._label(noted(text), run), hint="a note")

    def action_group(self) -> None:
        """Asks how to group runs."""
        choices = [
            Choice("", "no groups: the tree of directories"),
            Choice("seeds", "seeds", "all that differ in their seed alone"),
            Choice("folder", "directory"),
            *(Choice(f"hparam:{name}", name, "hyperparameter") for name in self._params()),
            Choice("regex:", "part of the name…", "a regular expression"),
        ]
        self.app.push_screen(Menu("Group runs by", choices), self._group)

    def action_filters(self) -> None:
        """Offers the filters that have a name."""
        choices = [Choice(query, name, query) for name, query in self.view.runs.saved]
        choices.append(Choice("", "no filter"))
        self.app.push_screen(Menu("Filters", choices), self._use_filter)

    def action_save_filter(self) -> None:
        """Asks for a name for the present filter."""
        pattern = self.view.pattern

        def save(name: str) -> None:
            self._list(self.view.runs.with_saved(name.strip() or pattern, pattern))

        self._ask("filter name", "", save)

    def action_delete(self) -> None:
        """Asks whether the current run's directory is to be deleted."""
        run, row = self.scene.run, self.scene.row
        if run is None or row is None or self.scene.snapshot is None:
            return
        prefix = "" if run.name == "." else f"{run.name}/"
        below = [name for name in self.scene.snapshot if name != run.name and name.startswith(prefix)]
        screen = DeleteScreen(run.path, self.scene.logdirs, below, is_live=row.status.is_live)
        self.app.push_screen(screen, self._tell_of_deletion)

    def action_menu(self) -> None:
        """Offers all that can be done with the runs of the current line."""
        count = len(self.members)
        heading = self.scene.label(self.members[0]) if count == 1 else f"{count} runs"
        choices = [Choice(action, text, key) for action, text, key in _MENU if self._is_offered(action)]
        self.app.push_screen(Menu(heading, choices), self._do)

    def _is_offered(self, action: str) -> bool:
        if action in ("rename", "note", "delete"):
            return self.scene.run is not None
        if action == "save_filter":
            return bool(self.view.pattern)
        return bool(self.members) or action in ("filters", "group", "flat", "archived")

    async def _do(self, action: str | None) -> None:
        if action is not None:
            await self.run_action(f"screen.{action}")

    def _group(self, how: str | None) -> None:
        if how == "regex:":
            pattern = self.view.runs.group.removeprefix("regex:") if self.view.runs.group.startswith("regex:") else ""
            self._ask("group by", pattern, self._group_by_pattern, lambda text: grouping_error(f"regex:{text}"))
        elif how is not None:
            self._list(self.view.runs.grouped(how))

    def _group_by_pattern(self, pattern: str) -> None:
        self._list(self.view.runs.grouped(f"regex:{pattern}" if pattern else ""))

    def _use_filter(self, query: str | None) -> None:
        if query is not None:
            self.view = replace(self.view, pattern=query)

    def _tell_of_deletion(self, errors: list[str] | None) -> None:
        if errors:
            more = f"\nand {len(errors) - 3} more" if len(errors) > 3 else ""
            told = "\n".join(errors[:3]) + more
            self.notify(told, title="Not everything is deleted", severity="error", timeout=20, markup=False)
        elif errors is not None:
            self.notify("The run is deleted.", markup=False)

    @property
    def _runs(self) -> list[RunView]:
        snapshot = self.scene.snapshot
        return [] if snapshot is None else [snapshot[name] for name in self.members if name in snapshot]

    def _label(self, change: Callable[[Label], Label], run: RunView | None = None) -> None:
        runs = self._runs if run is None else [run]
        before, after = self.labels, self.labels.with_changes(runs, change)
        if before != after:
            self.labels = after
            self.post_message(LabelsChanged(before, after))

    def _list(self, runs: RunsChoice) -> None:
        self.view = replace(self.view, runs=runs)

    def _ask(
        self,
        question: str,
        value: str,
        answer: Callable[[str], None],
        check: Callable[[str], str | None] = lambda text: None,
        hint: str = "",
    ) -> None:
        self.remove_class("-full")
        self.query_one(Sidebar).ask(question, value, answer, check, hint)

    def _params(self) -> list[str]:
        """The hyperparameters in which the runs differ, those with the fewest values first."""
        values: dict[str, set[object]] = {}
        for row in self.scene.board.rows:
            run = self.scene.snapshot[row.key] if self.scene.snapshot is not None else None
            for name, value in ({} if run is None else params_of(run, self.scene.manifest(row.key))).items():
                values.setdefault(name, set()).add(value)
        differing = [name for name, found in values.items() if len(found) > 1]
        return sorted(differing, key=lambda name: (len(values[name]), name))[:_MOST_PARAMS]


_MENU = (
    ("show_or_hide", "show or hide", "space"),
    ("solo", "show alone, or as before", "enter"),
    ("star", "star, or take the star off", "*"),
    ("rename", "rename (here only)", "r"),
    ("note", "write a note", "N"),
    ("colour", "next colour", ""),
    ("own_colour", "its own colour", ""),
    ("archive", "archive, or take out of the archive", "A"),
    ("archived", "list archived runs, or no more", ""),
    ("fold", "fold or unfold", "f"),
    ("fold_all", "fold or unfold all", ""),
    ("flat", "tree of directories, or one line a run", "t"),
    ("group", "group by…", "g"),
    ("filters", "saved filters…", ""),
    ("save_filter", "save this filter…", ""),
    ("delete", "delete the directory…", "del"),
)
