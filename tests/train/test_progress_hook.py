"""The line that says how far a training is: seen by people, by nobody else, and gone when it is over."""

from __future__ import annotations

import io

import numpy as np
import pytest

import trackml as tf
from trackml.train import progress_hook
from trackml.train.progress_hook import ProgressHook


class Terminal(io.StringIO):
    """A stream that says it is one."""

    def isatty(self):
        return True


class Clock:
    """Goes on by half a second each time it is asked."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        self.now += 0.5
        return self.now


@pytest.fixture
def quiet(monkeypatch):
    """Lines of level INFO are not shown."""
    monkeypatch.delenv("TRACKML_PROGRESS", raising=False)
    monkeypatch.setenv("COLUMNS", "80")
    before = tf.logging.get_verbosity()
    tf.logging.set_verbosity(tf.logging.WARN)
    yield
    tf.logging.set_verbosity(before)


def run(hook, runs):
    """Runs a counter with the hook; gives what was drawn."""
    with tf.Graph().as_default():
        step = tf.train.get_or_create_global_step()
        count = step.assign_add(1)
        with tf.train.MonitoredSession(hooks=[hook]) as session:
            for _ in range(runs):
                session.run(count)


def lines(terminal):
    return [part.rstrip("\r") for part in terminal.getvalue().replace("\x1b[K", "").split("\r") if part.strip("\r")]


def test_it_tells_step_speed_and_time_left(quiet):
    terminal = Terminal()
    run(ProgressHook(last_step=10_000, stream=terminal, clock=Clock()), 4)
    assert lines(terminal) == [
        "step 2 of 10,000   2 steps/s   1 h 23 min left",
        "step 3 of 10,000   2 steps/s   1 h 23 min left",
        "step 4 of 10,000   2 steps/s   1 h 23 min left",
    ]


def test_a_number_of_steps_is_counted_from_where_the_training_begins(quiet):
    terminal = Terminal()
    run(ProgressHook(num_steps=90, stream=terminal, clock=Clock()), 2)
    assert lines(terminal) == ["step 2 of 90   2 steps/s   44 s left"]


def test_without_an_end_there_is_no_time_left(quiet):
    terminal = Terminal()
    run(ProgressHook(stream=terminal, clock=Clock()), 2)
    assert lines(terminal) == ["step 2   2 steps/s"]


def test_it_is_gone_when_the_training_is_over(quiet):
    terminal = Terminal()
    run(ProgressHook(stream=terminal, clock=Clock()), 3)
    assert terminal.getvalue().endswith("\r\x1b[K\r")


def test_a_short_training_has_none(quiet):
    terminal = Terminal()
    run(ProgressHook(stream=terminal, clock=Clock()), 1)
    assert terminal.getvalue() == ""


def test_narrow_terminals_cut_it_off(quiet, monkeypatch):
    monkeypatch.setenv("COLUMNS", "10")
    terminal = Terminal()
    run(ProgressHook(stream=terminal, clock=Clock()), 2)
    assert lines(terminal) == ["step 2   "]


def test_pipes_see_nothing(quiet):
    stream = io.StringIO()
    run(ProgressHook(stream=stream, clock=Clock()), 3)
    assert stream.getvalue() == ""


def test_it_can_be_switched_off(quiet, monkeypatch):
    monkeypatch.setenv("TRACKML_PROGRESS", "0")
    assert not ProgressHook(stream=Terminal()).is_shown


def test_who_sees_log_lines_needs_no_other(quiet, log_lines):
    assert not ProgressHook(stream=Terminal()).is_shown


def test_a_terminal_that_goes_away_does_no_harm(quiet):
    class Gone(Terminal):
        def write(self, text):
            raise OSError("no terminal")

    run(ProgressHook(stream=Gone(), clock=Clock()), 4)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.2, "0 s"),
        (59.4, "59 s"),
        (60, "1 min 00 s"),
        (3599, "59 min 59 s"),
        (3600, "1 h 00 min"),
        (90061, "25 h 01 min"),
    ],
)
def test_durations_have_two_units(seconds, text):
    assert progress_hook._duration(seconds) == text


@pytest.mark.parametrize("show_progress", [True, False])
def test_estimators_show_it_unless_told_not_to(quiet, monkeypatch, tmp_path, show_progress):
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    monkeypatch.setattr(progress_hook, "_WAIT", -1.0)
    x = np.ones(4, np.float32)

    def input_fn():
        return tf.data.Dataset.from_tensor_slices(({"x": x}, x)).repeat().batch(2)

    config = tf.estimator.RunConfig(str(tmp_path), show_progress=show_progress)
    model = tf.estimator.LinearRegressor([tf.feature_column.numeric_column("x")], config=config)
    model.train(input_fn, steps=2)
    assert ("step 1 of 2" in terminal.getvalue()) == show_progress
    assert terminal.getvalue().endswith("\r\x1b[K\r") == show_progress
