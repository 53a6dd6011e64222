"""Scenes of the charts' tests."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rich.style import Style
from tensorboard.compat.proto import event_pb2
from textual.app import App
from textual.geometry import Region

from trackml.runs import Snapshot
from trackml_tui.board import make_board
from trackml_tui.curves import Curves
from trackml_tui.palette import SlotBook
from trackml_tui.scene import Scene
from trackml_tui.tags import tags_by_kind
from trackml_tui.view import View

PICTURES = Path(__file__).parent.parent / "snapshots"
"""What parts of the screen looked like when somebody looked at them."""


def scene_of(snapshot: Snapshot, view: View, now: float) -> Scene:
    """What the screen would show."""
    curves, slots = Curves(), SlotBook()
    board = make_board(snapshot, view, curves, slots, now)
    tags = tags_by_kind(snapshot)
    return Scene(snapshot=snapshot, view=view, board=board, tags=tags, slots=slots, curves=curves, now=now)


@pytest.fixture
def scene(logdir: Any) -> Callable[[View], Scene]:
    """Makes a scene of what the log directory holds now."""
    return lambda view: scene_of(logdir.snapshot(), view, logdir.now)


@pytest.fixture
def restarted(logdir: Any) -> None:
    """A run of steps 0 to 9 that was started again at step 5."""
    for first, values, age in ((0, [float(step) for step in range(10)], 100.0), (5, [50.0] * 10, 10.0)):
        start = event_pb2.SessionLog(status=event_pb2.SessionLog.START)
        logdir.append("run", [event_pb2.Event(wall_time=logdir.now - age - 20.0, step=first, session_log=start)])
        logdir.write("run", values, first_step=first, age=age)


def picture_of(app: App[None], region: Region) -> str:
    """A part of the screen as text: each row, and below it a letter a cell for its style; then what letters mean."""
    lines, letters = [], {}
    for row, strip in enumerate(app.screen._compositor.render_strips(app.size)):
        if not region.y <= row < region.bottom:
            continue
        cells = [(character, segment.style) for segment in strip for character in segment.text]
        cells = cells[region.x : region.right]
        looks = [_look(style) for _, style in cells]
        for look in looks:
            letters.setdefault(look, chr(ord("a") + len(letters)))
        lines.append("".join(character for character, _ in cells).rstrip())
        lines.append("".join(letters[look] for look in looks))
    return "\n".join([*lines, "", *(f"{letter} {look}" for look, letter in letters.items())]) + "\n"


def _look(style: Style | None) -> str:
    if style is None:
        return "none"
    colours = [colour.name if colour else "-" for colour in (style.color, style.bgcolor)]
    return " ".join([*colours, *(word for word in ("bold", "dim", "reverse") if getattr(style, word))])


@pytest.fixture
def same_picture(request: pytest.FixtureRequest) -> Callable[[App[None], Region, str], None]:
    """Compares a part of the screen with the picture that is kept; `TRACKML_NEW_PICTURES=1` keeps the new one."""

    def compare(app: App[None], region: Region, name: str) -> None:
        path = PICTURES / f"{name}.txt"
        picture = picture_of(app, region)
        if os.environ.get("TRACKML_NEW_PICTURES"):
            path.parent.mkdir(exist_ok=True)
            path.write_text(picture, encoding="utf-8")
        assert picture == path.read_text(encoding="utf-8")

    return compare
