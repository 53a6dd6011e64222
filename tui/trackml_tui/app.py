"""The application: it owns the store's follower and the screens, and passes messages on."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from textual import on
from textual.app import SystemCommand
from textual.binding import Binding, BindingType
from textual.dom import DOMNode
from textual.screen import Screen
from textual.theme import Theme

from trackml.runs import RunStore
from trackml_tui import theme
from trackml_tui.contents import Contents
from trackml_tui.label_keeper import LabelKeeper, LabelsChanged, LabelsRead, LabelTrouble
from trackml_tui.live import Follower
from trackml_tui.messages import ContentsArrived, FollowingStopped, RunsChanged
from trackml_tui.panes.registry import PANES
from trackml_tui.screens.dashboard import DashboardScreen
from trackml_tui.screens.export_actions import ExportActions
from trackml_tui.screens.files import FilesScreen
from trackml_tui.screens.help import HelpScreen, subjects_of
from trackml_tui.screens.jump import JumpScreen
from trackml_tui.settings import Settings
from trackml_tui.view import View
from trackml_tui.view_keeper import ViewKeeper

_KEEP_SECONDS = 2.0
_MOST_COMPLAINTS = 3


class DashboardApp(ExportActions):
    """Shows the runs of log directories while they grow.

    Args:
        store: The runs; the app refreshes it while it is open.
        logdirs: The directories that the store reads, to name them.
        view: What to show at first; None for what was shown the last time.
        settings: What the user set.
        complaints: What was wrong with settings and view, to be told.
        clock: The present time, seconds since the epoch.
        state: The directory for what is to be remembered of this user; None remembers nothing.
    """

    TITLE = "trackml"
    CSS_PATH = "app.tcss"
    # Textual writes `ClassVar[...] | None`, which mypy takes for an instance variable.
    HORIZONTAL_BREAKPOINTS: ClassVar[list[tuple[int, str]] | None] = [  # type: ignore[misc]
        (0, "-tiny"),
        (66, "-narrow"),
        (110, "-normal"),
        (160, "-wide"),
    ]
    VERTICAL_BREAKPOINTS: ClassVar[list[tuple[int, str]] | None] = [  # type: ignore[misc]
        (0, "-short"),
        (20, "-tall"),
    ]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("h", "files", "Files", id="app.files", show=False, tooltip="What was read of each file"),
        Binding("ctrl+o", "jump", "Jump", id="app.jump", show=False, tooltip="Go anywhere by a letter"),
        Binding("ctrl+s", "export", "Save", id="app.export", show=False, tooltip="Save or copy what is seen"),
        Binding("question_mark,f1", "help", "Help", key_display="?", id="app.help", tooltip="All keys"),
        Binding("q,ctrl+q", "quit", "Quit", key_display="q", id="app.quit", tooltip="Leave"),
    ]

    def __init__(
        self,
        store: RunStore,
        logdirs: Sequence[Path],
        *,
        view: View | None = None,
        settings: Settings | None = None,
        complaints: Sequence[str] = (),
        clock: Callable[[], float] = time.time,
        state: Path | None = None,
    ) -> None:
        super().__init__()
        self._store = store
        self._labels = LabelKeeper(logdirs, None if state is None else state / "labels", self.post_message)
        self._settings = settings or Settings()
        self._complaints = list(complaints)
        remembers = state is not None and self._settings.remember
        self._views = ViewKeeper(logdirs, state / "views" if state and remembers else None, self._tell_of_views)
        if view is None:
            view, wrong = self._views.read(self._settings.view)
            self._complaints += wrong
        if view.pane not in PANES:
            self._complaints.append(f"There is no pane {view.pane!r}; there are {', '.join(PANES)}.")
            view = replace(view, pane=View().pane)
        self._contents = Contents(self.post_message)
        self._dashboard = DashboardScreen(logdirs, view, self._contents, clock=clock)
        self._follower = Follower(store, logdirs, self.post_message, interval=self._settings.interval)

    @property
    def has_looked(self) -> bool:
        """Whether the screen shows what the directories hold, and not that it is still to be read."""
        return self._dashboard.scene.snapshot is not None

    @property
    def graphics(self) -> str:
        """How images are to be drawn: what the settings say."""
        return self._settings.graphics

    def get_default_screen(self) -> DashboardScreen:
        """The main screen."""
        return self._dashboard

    def on_mount(self) -> None:
        self._choose_theme()
        self.set_keymap(dict(self._settings.keys))
        self.set_interval(_KEEP_SECONDS, self._keep_view)
        for complaint in self._complaints[:_MOST_COMPLAINTS]:
            self.notify(complaint, title="Settings", severity="warning", timeout=15, markup=False)
        self._follower.start()
        self._labels.start()

    def on_unmount(self) -> None:
        self._follower.stop()
        self._contents.close()
        self._labels.close()
        self._views.close(self._dashboard.view)

    def handle_bindings_clash(self, clashed_bindings: set[Binding], node: DOMNode) -> None:
        """Tells that a key of the settings takes the place of another one."""
        actions = ", ".join(sorted(binding.id or binding.action for binding in clashed_bindings))
        text = f"A key that the settings give to another action was that of {actions}."
        self.notify(text, title="Keys", severity="warning", markup=False)

    @on(RunsChanged)
    def _look(self) -> None:
        began = time.monotonic()
        self._dashboard.look(self._store.snapshot(), self._follower.missing, self._follower.manifests)
        self._dashboard.call_after_refresh(self._tell_drawn, began)

    def _tell_drawn(self, began: float) -> None:
        self._follower.drawn(time.monotonic() - began)

    @on(ContentsArrived)
    def _show_again(self) -> None:
        self._dashboard.show_again()

    @on(LabelsRead)
    def _take_labels(self, event: LabelsRead) -> None:
        self._dashboard.take_labels(event.labels)

    @on(LabelTrouble)
    def _tell_of_labels(self, event: LabelTrouble) -> None:
        self.notify(event.reason, title="Labels", severity="warning", timeout=15, markup=False)

    @on(LabelsChanged)
    def _keep_labels(self, event: LabelsChanged) -> None:
        self._labels.keep(event.before, event.after)

    @on(FollowingStopped)
    def _tell(self, event: FollowingStopped) -> None:
        self.notify(event.reason, title="Reading stopped", severity="error", timeout=float("inf"), markup=False)

    def _choose_theme(self) -> None:
        for each in theme.THEMES.values():
            self.register_theme(each)
        name = theme.full_name(self._dashboard.view.theme or self._settings.theme)
        if name not in self.available_themes:
            self._complaints.append(
                f"There is no theme {name!r}; there are {', '.join(sorted(self.available_themes))}."
            )
            name = theme.DARK.name
        self.theme = name
        self.theme_changed_signal.subscribe(self, self._remember_theme)

    def _remember_theme(self, chosen: Theme) -> None:
        self._dashboard.view = replace(self._dashboard.view, theme=chosen.name)

    def _keep_view(self) -> None:
        self._views.keep(self._dashboard.view)

    def _tell_of_views(self, reason: str) -> None:
        self.call_from_thread(self.notify, reason, title="Views", severity="warning", markup=False)

    def action_help(self) -> None:
        """Shows the keys that hold now."""
        self.push_screen(HelpScreen(subjects_of(self.screen, self)))

    def action_jump(self) -> None:
        """Puts a letter on everything that can be gone to."""
        self.push_screen(JumpScreen(self._dashboard.jump_targets()), self._dashboard.jump)

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """The palette's own commands, the panes, and what else has a key here."""
        yield from super().get_system_commands(screen)
        for key, entry in PANES.items():
            hint = f"Key {entry.digit}" if entry.digit else "Keys [ and ]"
            yield SystemCommand(f"Show {entry.title}", hint, partial(self._show_pane, key))
        yield SystemCommand("Save what is seen", "Picture, report, table, points, view (ctrl+s)", self.action_export)
        yield SystemCommand("Files", "What was read of each file (h)", self.action_files)
        yield SystemCommand("Jump", "A letter on everything that can be gone to (ctrl+o)", self.action_jump)

    def _show_pane(self, key: str) -> None:
        self._dashboard.action_pane(key)

    def action_export(self) -> None:
        """Offers to save what is seen."""
        self.offer_exports(self._dashboard.scene)

    def action_files(self) -> None:
        """Shows what was read of each file."""
        self.push_screen(FilesScreen(self._store.snapshot(), self._follower.polls))
