from __future__ import annotations

from typing import Any

import pytest

from trackml.runs import RunManifest
from trackml_tui.catalog.pace import Goal, goal_of, seconds_left, steps_per_second


def test_the_speed_is_that_of_the_last_points(logdir: Any) -> None:
    logdir.write("run", [1.0] * 20, every=100.0, age=30.0)
    logdir.write("run", [1.0] * 60, first_step=20, every=0.5)
    assert steps_per_second(logdir.snapshot()["run"]) == pytest.approx(2.0)


def test_one_point_has_no_speed(logdir: Any) -> None:
    logdir.write("run", [1.0])
    logdir.write("same", [1.0, 2.0], every=0.0)
    snapshot = logdir.snapshot()
    assert (steps_per_second(snapshot["run"]), steps_per_second(snapshot["same"])) == (None, None)


@pytest.mark.parametrize(
    ("told", "params", "longest", "goal"),
    [
        ({"max_steps": 500}, {"max_steps": 300.0}, 900, Goal(500, told=True)),
        ({"max_steps": None}, {"total_steps": 300.0}, 900, Goal(300, told=True)),
        ({"max_steps": "many"}, {}, 900, Goal(900, told=False)),
        (None, {"max_steps": True}, None, None),
    ],
)
def test_where_a_run_will_end(told: Any, params: Any, longest: int | None, goal: Goal | None) -> None:
    manifest = None if told is None else RunManifest("running", 0.0, None, 0.0, 15.0, None, told)
    assert goal_of(manifest, params, longest) == goal


def test_the_time_left(logdir: Any) -> None:
    logdir.write("run", [1.0] * 11, every=2.0)
    run = logdir.snapshot()["run"]
    assert seconds_left(run, Goal(20, told=True)) == pytest.approx(20.0)
    assert seconds_left(run, Goal(10, told=True)) is None
    assert seconds_left(run, None) is None
