"""The main screen: runs and tags at the left, one of the panes at the right, the keys at the bottom.

What the user chose is one `View`; what the log directories hold is one `Snapshot`. Whenever either
changes, and once a second, the screen makes a `Scene` of both, which its widgets are bound to.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingsMap, BindingType
from textual.containers import Horizontal
from textual.dom import DOMNode
from textual.widgets import Input

from trackml.runs import RunManifest, Snapshot
from trackml_tui import facts
from trackml_tui.boards import Boards
from trackml_tui.contents import Contents
from trackml_tui.curves import Curves
from trackml_tui.palette import SlotBook
from trackml_tui.panes.pane import Pane
from trackml_tui.panes.registry import PANES
from trackml_tui.reading import ReadingPace
from trackml_tui.scene import Scene
from trackml_tui.screens.jump import LETTERS, Target
from trackml_tui.screens.run_actions import RunActions
from trackml_tui.tags import default_tag, tag_rows, tags_by_kind
from trackml_tui.view import View
from trackml_tui.widgets.inks import choose_palette
from trackml_tui.widgets.key_line import KeyLine
from trackml_tui.widgets.row_list import RowList
from trackml_tui.widgets.run_list import RunList
from trackml_tui.widgets.sidebar import Sidebar
from trackml_tui.widgets.status_line import StatusLine
from trackml_tui.widgets.tab_line import Tab, TabLine
from trackml_tui.widgets.tag_tree import TagTree

_TICK_SECONDS = 1.0
_NO_MANIFESTS: Mapping[str, RunManifest] = MappingProxyType({})
_NEEDS_RUNS = frozenset({"show_or_hide", "solo", "filter", "order", "full"})
_GO_TO_PANES = [
    Binding(entry.digit, f"pane('{key}')", entry.title, id=f"pane.{key}", show=False)
    for key, entry in PANES.items()
    if entry.digit
]


class DashboardScreen(RunActions):
    """Runs, tags and a pane."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "tag(1)", "Next tag", id="tag.next", show=False),
        Binding("p", "tag(-1)", "Previous tag", id="tag.previous", show=False),
        Binding("z", "full", "Full", id="pane.full", tooltip="The pane alone"),
        Binding("left_square_bracket", "next_pane(-1)", "Previous pane", id="pane.previous", show=False),
        Binding("right_square_bracket", "next_pane(1)", "Next pane", id="pane.next", show=False),
        *_GO_TO_PANES,
    ]

    def __init__(
        self, logdirs: Sequence[Path], view: View, contents: Contents, *, clock: Callable[[], float] = time.time
    ) -> None:
        super().__init__()
        self._clock = clock
        self._contents = contents
        self._curves = Curves()
        self._slots = SlotBook()
        self._pace = ReadingPace()
        self._boards = Boards(self._curves, self._slots)
        self._empty = Scene(logdirs)
        self._snapshot: Snapshot | None = None
        self._missing: Sequence[Path] = ()
        self._keys: tuple[tuple[str, str, bool], ...] = ()
        self._manifests: Mapping[str, RunManifest] = _NO_MANIFESTS
        self._tags: Mapping[str, frozenset[str]] = {}
        self.set_reactive(RunActions.view, view)
        self.set_reactive(RunActions.scene, self._empty)

    def compose(self) -> ComposeResult:
        yield StatusLine().data_bind(DashboardScreen.scene)
        yield TabLine()
        with Horizontal(id="body"):
            yield Sidebar().data_bind(DashboardScreen.scene)
            yield PANES[self.view.pane].make()
        yield KeyLine()

    def on_mount(self) -> None:
        self.query_one(RunList).focus()
        self.set_interval(_TICK_SECONDS, self._look)
        self._show(self.scene)

    def look(
        self, snapshot: Snapshot, missing: Sequence[Path], manifests: Mapping[str, RunManifest] = _NO_MANIFESTS
    ) -> None:
        """Shows a new snapshot.

        Args:
            snapshot: What the log directories hold.
            missing: Log directories that are not there.
            manifests: What runs say of themselves, by name.
        """
        self._snapshot, self._missing, self._manifests = snapshot, missing, manifests
        self._tags = tags_by_kind(snapshot)
        self._look()

    @property
    def pane(self) -> Pane | None:
        """The pane in sight; None while it is being made."""
        return next((pane for pane in self._panes if pane.id == f"pane-{self.view.pane}"), None)

    def show_again(self) -> None:
        """Shows what has been read from disk since."""
        self._look()

    def watch_view(self) -> None:
        choose_palette(self.app, self.view.charts.palette)
        self._look()

    def watch_labels(self) -> None:
        self._look()

    def watch_scene(self, scene: Scene) -> None:
        if self.is_mounted:
            self._show(scene)

    def _show(self, scene: Scene) -> None:
        if not self.query("#body"):  # the screen is being taken down
            return
        notice = facts.nothing_there(scene)
        self.set_class(notice is not None and notice.bare, "-bare")
        self._show_pane(scene)
        self._show_keys()

    def _show_keys(self) -> None:
        """Makes the footer anew if other keys hold than before: it lays itself out, which costs more than a chart."""
        active = self.active_bindings
        keys = tuple((key, active[key].binding.action, active[key].enabled) for key in active)
        if keys != self._keys:
            self._keys = keys
            self.refresh_bindings()

    def _show_pane(self, scene: Scene) -> None:
        if self.pane is None:
            self.query_one("#body").mount(PANES[scene.view.pane].make())
        for pane in self._panes:
            pane.display = pane is self.pane
        if self.pane is not None:
            self.pane.scene = scene
        self.query_one(TabLine).tabs = tuple(
            Tab(key, entry.title, entry.digit, key == scene.view.pane, entry.count(scene) == 0)
            for key, entry in PANES.items()
        )

    @on(RowList.Moved, "#tags")
    def _choose_tag(self) -> None:
        tree = self.query_one(TagTree)
        tag = next((row.tag for row in tree.rows if row.key == tree.cursor), None)
        if tag is not None and self._kind is not None and tag in self._tags.get(self._kind, ()):
            self.view = self.view.with_tag(self._kind, tag)

    @on(Pane.Chosen)
    def _choose(self, event: Pane.Chosen) -> None:
        self.view = event.view

    @on(TabLine.Picked)
    def _pick(self, event: TabLine.Picked) -> None:
        self.action_pane(event.key)

    def action_pane(self, key: str) -> None:
        """Shows a pane."""
        self.view = replace(self.view, pane=key)

    def action_next_pane(self, step: int) -> None:
        """Shows the next or previous pane that may have something to show."""
        keys = [key for key, entry in PANES.items() if key == self.view.pane or entry.count(self.scene) != 0]
        self.action_pane(keys[(keys.index(self.view.pane) + step) % len(keys)])

    def action_tag(self, step: int) -> None:
        """Chooses the next or previous tag, folded groups included."""
        if self._kind is None:
            return
        tags = [row.tag for row in tag_rows(self.scene.tags_of(self._kind), frozenset()) if row.tag is not None]
        tag = self.view.tag_of(self._kind)
        if tag in tags:
            self.view = self.view.with_tag(self._kind, tags[(tags.index(tag) + step) % len(tags)])

    def jump_targets(self) -> list[Target]:
        """What can be gone to: panes by their tabs, and whatever can have the focus."""
        line = self.query_one(TabLine)
        places = [(f"pane {key}", offset) for key, offset in line.places()]
        places += [(f"widget {number}", widget.region.offset) for number, widget in enumerate(self.focus_chain)]
        return [Target(letter, offset, key) for letter, (key, offset) in zip(LETTERS, places, strict=False)]

    def jump(self, key: str | None) -> None:
        """Goes to one of the targets."""
        kind, _, name = (key or "").partition(" ")
        if kind == "pane":
            self.action_pane(name)
        elif kind == "widget" and int(name) < len(self.focus_chain):
            self.set_focus(self.focus_chain[int(name)])

    def action_full(self) -> None:
        """Gives the whole width to the pane, or takes it back."""
        self.toggle_class("-full")
        if self.has_class("-full"):
            self.set_focus(None)
        else:
            self.query_one(RunList).focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Hides the keys that do nothing while there are no runs."""
        return not self.has_class("-bare") or action not in _NEEDS_RUNS

    @property
    def _binding_chain(self) -> list[tuple[DOMNode, BindingsMap]]:
        """The keys of the pane in sight hold wherever the focus is: after those of the focused widget."""
        chain = super()._binding_chain
        pane = self.pane
        if pane is None or any(node is pane for node, _ in chain):
            return chain
        bindings = pane._bindings.copy()
        bindings.apply_keymap(self.app._keymap)
        place = next(index for index, (node, _) in enumerate(chain) if node is self)
        typing = [node for node, _ in chain[:place] if isinstance(node, Input)]
        return chain if typing else [*chain[:place], (pane, bindings), *chain[place:]]

    @property
    def _panes(self) -> list[Pane]:
        """Those that were looked at so far."""
        return [node for node in self.query("Pane") if isinstance(node, Pane)]

    @property
    def _kind(self) -> str | None:
        return PANES[self.view.pane].kind

    def _look(self) -> None:
        """Makes the scene of the present moment."""
        if self._snapshot is None:
            return
        self._choose_tag_if_none()
        now = self._clock()
        board = self._boards.make(self._snapshot, self.view, now, self.labels, self._manifests)
        self.scene = Scene(
            logdirs=self._empty.logdirs,
            missing=self._missing,
            snapshot=self._snapshot,
            view=self.view,
            board=board,
            tags=self._tags,
            slots=self._slots,
            curves=self._curves,
            contents=self._contents,
            labels=self.labels,
            manifests=self._manifests,
            kind=self._kind,
            now=now,
            reading=self._pace.told(self._snapshot, now),
        )

    def _choose_tag_if_none(self) -> None:
        view = self.view
        for kind, tags in self._tags.items():
            if view.tag_of(kind) is None and kind in ("scalars", self._kind):
                view = view.with_tag(kind, default_tag(tags))
        self.set_reactive(RunActions.view, view)
