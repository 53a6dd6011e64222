"""What is wrong with runs and files, the worst first, and how far reading is."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Label

from trackml_tui.facts import Notice
from trackml_tui.formatting import count, flow, plural, printable, size
from trackml_tui.health.findings import Finding, Severity, findings
from trackml_tui.panes.pane import Pane
from trackml_tui.scene import Scene
from trackml_tui.widgets.finding_list import FindingList
from trackml_tui.widgets.row_list import RowList

_AGAIN_SECONDS = 5.0


class HealthPane(Pane):
    """Findings about runs and files."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "finding(-1)", "Previous", id="health.previous", show=False),
        Binding("right", "finding(1)", "Next", id="health.next", show=False),
        Binding("i", "files", "Files", id="health.files", tooltip="What was read of each file"),
    ]
    DEFAULT_CSS = """
    HealthPane {
        #health-title { width: 1fr; height: 1; text-style: bold; text-wrap: nowrap; text-overflow: ellipsis; }
        #health-reading { width: 1fr; height: auto; max-height: 3; color: $foreground 75%; margin: 0 0 1 0; }
        FindingList { height: 1fr; }
        #health-detail { width: 1fr; height: auto; min-height: 2; max-height: 6; color: $foreground 85%; }
    }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._findings: tuple[Finding, ...] = ()

    def compose_content(self) -> ComposeResult:
        yield Label(id="health-title", markup=False)
        yield Label(id="health-reading", markup=False)
        yield FindingList(id="findings")
        yield Label(id="health-detail", markup=False)

    def notice(self, scene: Scene) -> Notice | None:
        """What cannot be read is what this pane is for."""
        return Notice("Reading…", "") if scene.snapshot is None else None

    def show(self, scene: Scene) -> None:
        # Rules look at every point, so they are asked where nobody waits for them.
        version = (id(scene.snapshot), scene.now // _AGAIN_SECONDS)
        found = scene.contents.follow("findings", version, lambda: findings(scene))
        self._findings = found.value or () if found is not None else ()
        title = _title(self._findings) if found is not None else "Health  looking…"
        self.query_one("#health-title", Label).update(title)
        width = max(1, self.content_size.width)
        self.query_one("#health-reading", Label).update("\n".join(flow(_reading(scene), width)))
        listed = self.query_one(FindingList)
        listed.rows = self._findings
        here = next((each for each in self._findings if each.key == listed.cursor), None)
        self.query_one("#health-detail", Label).update("" if here is None else _detail(here))

    @on(RowList.Moved, "#findings")
    def _look_at(self, event: RowList.Moved) -> None:
        """The run of a finding becomes the current one, so that other panes show it."""
        event.stop()
        here = next((each for each in self._findings if each.key == event.key), None)
        run = here.run if here is not None else None
        listed = {row.key for row in self.scene.board.rows}
        if run in listed and run != self.scene.view.current and self.query_one(FindingList).has_focus:
            self.choose(replace(self.scene.view, current=run))
        elif here is not None:
            self.query_one("#health-detail", Label).update(_detail(here))

    def action_finding(self, by: int) -> None:
        """Goes to the next or previous finding."""
        self.query_one(FindingList).action_move(by)

    async def action_files(self) -> None:
        """Shows what was read of each file."""
        await self.run_action("app.files")


def _title(found: tuple[Finding, ...]) -> str:
    if not found:
        return "Health  nothing is wrong"
    amounts = Counter(each.severity for each in found)
    names = {Severity.BAD: "problem", Severity.WARNING: "warning", Severity.NOTE: "note"}
    return "Health  " + ", ".join(plural(amounts[each], names[each]) for each in Severity if amounts[each])


def _reading(scene: Scene) -> list[str]:
    """What is read so far, in numbers."""
    snapshot = scene.snapshot
    if snapshot is None:
        return []
    files = sum(len(run.health) for run in snapshot.values())
    events = sum(file.events for run in snapshot.values() for file in run.health)
    read = f"{size(snapshot.bytes_read)} of {size(snapshot.bytes_total)} read"
    return [plural(len(snapshot), "run"), plural(files, "file"), f"{count(events)} events", read]


def _detail(here: Finding) -> str:
    where = " · ".join(printable(each) for each in (here.run, here.subject) if each)
    return f"{here.kind}  {where}\n{printable(here.text)}"
