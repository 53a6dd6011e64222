"""Hooks that count steps."""

from __future__ import annotations

import pytest

import trackml as tf
from trackml.train import StepCounterHook, StopAtStepHook


@pytest.fixture
def counted(count):
    """Counts in a session until a hook stops it; gives the last step."""

    def run(*hooks, start=0):
        step = tf.train.get_global_step()
        begin = step.assign(start)
        scaffold = tf.train.Scaffold(init_fn=lambda scaffold, session: session.run(begin.op))
        with tf.train.MonitoredSession(tf.train.ChiefSessionCreator(scaffold), hooks) as session:
            while not session.should_stop():
                last = session.run(count)
        return last

    return run


def test_stops_after_so_many_steps(counted):
    assert counted(StopAtStepHook(num_steps=4), start=10) == 14


def test_stops_at_a_step(counted):
    assert counted(StopAtStepHook(last_step=12), start=10) == 12


def test_the_earlier_of_two_stops(counted):
    assert counted(StopAtStepHook(last_step=12), StopAtStepHook(num_steps=1), start=10) == 11


@pytest.mark.parametrize("arguments", [{}, {"num_steps": 1, "last_step": 1}])
def test_takes_exactly_one_end(arguments):
    with pytest.raises(ValueError, match="exactly one of num_steps or last_step must be specified"):
        StopAtStepHook(**arguments)


def test_the_rate_is_written_from_the_second_interval_on(counted, tmp_path, events_in, monkeypatch, log_lines):
    now = [0.0]

    class Half(tf.train.SessionRunHook):
        def before_run(self, run_context):
            now[0] += 0.5

    monkeypatch.setattr("time.time", lambda: now[0])
    counter = StepCounterHook(every_n_steps=10, output_dir=str(tmp_path))
    counted(Half(), counter, StopAtStepHook(last_step=25))
    rates = [(e.step, v.tag, v.simple_value) for e in events_in(tmp_path) for v in e.summary.value]
    assert rates == [(11, "global_step/sec", 2.0), (21, "global_step/sec", 2.0)]
    assert [line for line in log_lines if "sec" in line] == ["INFO:global_step/sec: 2"] * 2


def test_the_rate_is_logged_without_a_directory(counted, log_lines):
    counted(StepCounterHook(every_n_steps=2), StopAtStepHook(last_step=3))
    assert len([line for line in log_lines if line.startswith("INFO:global_step/sec: ")]) == 1


@pytest.mark.parametrize("hook", [StopAtStepHook(num_steps=1), StepCounterHook()])
def test_a_global_step_is_needed(hook):
    with tf.Graph().as_default(), pytest.raises(RuntimeError, match="Global step should be created"):
        tf.train.MonitoredSession(hooks=[hook])
