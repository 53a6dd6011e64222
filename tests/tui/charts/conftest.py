"""Scenes of the charts' tests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tensorboard.compat.proto import event_pb2

from trackml.runs import Snapshot
from trackml_tui.board import make_board
from trackml_tui.curves import Curves
from trackml_tui.palette import SlotBook
from trackml_tui.scene import Scene
from trackml_tui.tags import tags_by_kind
from trackml_tui.view import View


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
