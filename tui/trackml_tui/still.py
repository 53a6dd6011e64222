"""The dashboard without a terminal: a scene of what the log directories hold now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from textual.message import Message

from trackml.runs import RunStore
from trackml_tui.boards import Boards
from trackml_tui.catalog.labels import NO_LABELS, Labels
from trackml_tui.contents import Contents
from trackml_tui.curves import Curves
from trackml_tui.manifests import ManifestBook
from trackml_tui.palette import SlotBook
from trackml_tui.scene import Scene
from trackml_tui.tags import default_tag, tags_by_kind
from trackml_tui.view import View


def still_scene(store: RunStore, logdirs: Sequence[Path], view: View, now: float, labels: Labels = NO_LABELS) -> Scene:
    """What the dashboard would show of a store that is read whole.

    Args:
        store: The runs; they are read to their present end.
        logdirs: The directories that the store reads.
        view: What is to be shown; without a tag, the one that the dashboard shows first.
        now: Seconds since the epoch.
        labels: What the user says of runs.
    """
    store.refresh()
    snapshot = store.snapshot()
    book = ManifestBook()
    book.read(snapshot, float("inf"))
    tags = tags_by_kind(snapshot)
    if view.tag is None:
        view = replace(view, tag=default_tag(tags.get("scalars", ())))
    curves, slots = Curves(), SlotBook()
    board = Boards(curves, slots).make(snapshot, view, now, labels, book.manifests)
    return Scene(
        logdirs=logdirs,
        missing=[path for path in logdirs if not path.is_dir()],
        snapshot=snapshot,
        view=view,
        board=board,
        tags=tags,
        slots=slots,
        curves=curves,
        contents=Contents(_nobody),
        labels=labels,
        manifests=book.manifests,
        now=now,
    )


def _nobody(message: Message) -> None:
    """Nobody waits for what is read on demand."""
