from __future__ import annotations

import pytest

from trackml.train import SecondOrStepTimer


@pytest.mark.parametrize("arguments", [{}, {"every_secs": 1.0, "every_steps": 1}])
def test_takes_exactly_one_interval(arguments):
    with pytest.raises(ValueError, match="exactly one of every_secs and every_steps should be provided"):
        SecondOrStepTimer(**arguments)


def test_triggers_at_the_first_step_it_is_asked_about():
    timer = SecondOrStepTimer(every_steps=100)
    assert timer.should_trigger_for_step(57)
    assert timer.last_triggered_step() is None


def test_triggers_every_so_many_steps_from_the_first():
    timer = SecondOrStepTimer(every_steps=3)
    triggered = []
    for step in range(1, 10):
        if timer.should_trigger_for_step(step):
            timer.update_last_triggered_step(step)
            triggered.append(step)
    assert triggered == [1, 4, 7]


def test_does_not_trigger_twice_for_a_step():
    timer = SecondOrStepTimer(every_secs=0)
    timer.update_last_triggered_step(5)
    assert not timer.should_trigger_for_step(5)
    assert timer.should_trigger_for_step(6)


def test_triggers_when_the_seconds_have_passed(monkeypatch):
    now = [100.0]
    monkeypatch.setattr("time.time", lambda: now[0])
    timer = SecondOrStepTimer(every_secs=2.0)
    timer.update_last_triggered_step(1)
    now[0] = 101.9
    assert not timer.should_trigger_for_step(2)
    now[0] = 102.0
    assert timer.should_trigger_for_step(2)


def test_tells_the_seconds_and_steps_since_the_last_trigger(monkeypatch):
    now = [100.0]
    monkeypatch.setattr("time.time", lambda: now[0])
    timer = SecondOrStepTimer(every_steps=10)
    assert timer.update_last_triggered_step(1) == (None, None)
    now[0] = 104.0
    assert timer.update_last_triggered_step(11) == (4.0, 10)
    assert timer.last_triggered_step() == 11


def test_reset_forgets():
    timer = SecondOrStepTimer(every_steps=10)
    timer.update_last_triggered_step(1)
    timer.reset()
    assert timer.should_trigger_for_step(2)
