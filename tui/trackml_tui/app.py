"""The application: it owns the store's follower and the screens, and passes messages on."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import App
from textual.binding import Binding, BindingType

from trackml.runs import RunStore
from trackml_tui import theme
from trackml_tui.contents import Contents
from trackml_tui.label_keeper import LabelKeeper, LabelsChanged, LabelsRead, LabelTrouble
from trackml_tui.live import INTERVAL, Follower
from trackml_tui.messages import ContentsArrived, FollowingStopped, RunsChanged
from trackml_tui.screens.dashboard import DashboardScreen
from trackml_tui.screens.files import FilesScreen
from trackml_tui.screens.help import HelpScreen
from trackml_tui.view import View


class DashboardApp(App[None]):
    """Shows the runs of log directories while they grow.

    Args:
        store: The runs; the app refreshes it while it is open.
        logdirs: The directories that the store reads, to name them.
        view: What to show at first.
        interval: Seconds between two looks at the files where the system does not tell of changes.
        dark: Which of the two themes to start with.
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
        Binding("question_mark,f1", "help", "Help", key_display="?", id="app.help", tooltip="All keys"),
        Binding("q,ctrl+q", "quit", "Quit", key_display="q", id="app.quit", tooltip="Leave"),
    ]

    def __init__(
        self,
        store: RunStore,
        logdirs: Sequence[Path],
        *,
        view: View | None = None,
        interval: float = INTERVAL,
        dark: bool = True,
        clock: Callable[[], float] = time.time,
        state: Path | None = None,
    ) -> None:
        super().__init__()
        self._store = store
        self._labels = LabelKeeper(logdirs, None if state is None else state / "labels", self.post_message)
        self._first_theme = theme.DARK if dark else theme.LIGHT
        self._contents = Contents(self.post_message)
        self._dashboard = DashboardScreen(logdirs, view or View(), self._contents, clock=clock)
        self._follower = Follower(store, logdirs, self.post_message, interval=interval)

    @property
    def has_looked(self) -> bool:
        """Whether the screen shows what the directories hold, and not that it is still to be read."""
        return self._dashboard.scene.snapshot is not None

    def get_default_screen(self) -> DashboardScreen:
        """The main screen."""
        return self._dashboard

    def on_mount(self) -> None:
        for each in theme.THEMES.values():
            self.register_theme(each)
        self.theme = self._first_theme.name
        self._follower.start()
        self._labels.start()

    def on_unmount(self) -> None:
        self._follower.stop()
        self._contents.close()
        self._labels.close()

    @on(RunsChanged)
    def _look(self) -> None:
        self._dashboard.look(self._store.snapshot(), self._follower.missing, self._follower.manifests)

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

    def action_help(self) -> None:
        """Shows all keys."""
        self.push_screen(HelpScreen())

    def action_files(self) -> None:
        """Shows what was read of each file."""
        self.push_screen(FilesScreen(self._store.snapshot(), self._follower.polls))
