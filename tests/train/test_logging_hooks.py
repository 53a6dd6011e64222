"""Hooks that look at values."""

from __future__ import annotations

import re
from collections import OrderedDict

import numpy as np
import pytest

import trackml as tf
from trackml.train import FeedFnHook, FinalOpsHook, GlobalStepWaiterHook, LoggingTensorHook, NanTensorHook


@pytest.fixture
def logged(count, run_steps, log_lines):
    """Runs steps with a LoggingTensorHook and gives its lines, seconds left out."""

    def lines(tensors, steps=5, before=(), **arguments):
        hook = LoggingTensorHook(tensors, **arguments)
        del log_lines[:]
        run_steps(steps, *before, hook)
        found = [line for line in log_lines if "=" in line or "values" in line]
        return [re.sub(r"\d\.\d{3} sec", "TIME sec", line.removeprefix("INFO:")) for line in found]

    return lines


def test_logs_the_first_run_and_every_so_many_after_it(logged, count):
    assert logged({"step": count}, every_n_iter=2) == ["step = 1", "step = 3 (TIME sec)", "step = 5 (TIME sec)"]


def test_logs_every_so_many_seconds(logged, count, monkeypatch):
    now = [0.0]

    class Ticking(tf.train.SessionRunHook):
        def before_run(self, run_context):
            now[0] += 1.0

    monkeypatch.setattr("time.time", lambda: now[0])
    lines = logged({"step": count}, steps=9, before=[Ticking()], every_n_secs=4)
    assert lines == ["step = 1", "step = 5 (TIME sec)", "step = 9 (TIME sec)"]


def test_logs_at_the_end_alone(logged):
    assert logged({"one": tf.constant(1.0)}, at_end=True) == ["one = 1.0"]


def test_labels_are_sorted(logged):
    tensors = {"step": tf.constant(3), "loss": tf.constant(0.5)}
    assert logged(tensors, steps=1, every_n_iter=1) == ["loss = 0.5, step = 3"]


def test_an_ordered_dict_and_a_list_keep_their_order(logged):
    b, a = tf.constant(1.0, name="b"), tf.constant(2.0, name="a")
    assert logged(OrderedDict([("b", b), ("a", a)]), steps=1, every_n_iter=1) == ["b = 1.0, a = 2.0"]
    assert logged([b, "a:0"], steps=1, every_n_iter=1) == ["b:0 = 1.0, a:0 = 2.0"]


def test_values_are_texts_and_arrays(logged):
    tensors = {"text": tf.constant("héllo"), "values": tf.constant([1e-7, 2.0])}
    assert logged(tensors, steps=1, every_n_iter=1) == ["text = héllo, values = [0.0000001 2.       ]"]


def test_a_formatter_writes_the_line(logged):
    tensors = {"a": tf.constant(1.0)}
    formatted = logged(tensors, steps=1, every_n_iter=1, formatter=lambda values: f"values {sorted(values.items())}")
    assert formatted == [f"values {[('a', np.float32(1.0))]}"]


@pytest.mark.parametrize(
    "arguments", [{}, {"every_n_iter": 1, "every_n_secs": 1}, {"every_n_iter": 1, "every_n_secs": 1, "at_end": True}]
)
def test_logging_needs_exactly_one_interval(arguments):
    with pytest.raises(ValueError, match="exactly one of every_n_iter and every_n_secs must be provided"):
        LoggingTensorHook({"a": "a:0"}, **arguments)


def test_an_impossible_interval_is_refused():
    with pytest.raises(ValueError, match="invalid every_n_iter=0"):
        LoggingTensorHook({"a": "a:0"}, every_n_iter=0)


def test_a_tensor_that_is_not_there_is_named(run_steps):
    with pytest.raises(KeyError, match="nowhere"):
        run_steps(1, LoggingTensorHook({"a": "nowhere:0"}, every_n_iter=1))


def test_nan_is_an_error(run_steps, log_lines):
    with pytest.raises(tf.train.NanLossDuringTrainingError, match=r"^NaN loss during training\.$"):
        run_steps(1, NanTensorHook(tf.constant(np.nan)))
    assert log_lines[-1] == "ERROR:Model diverged with loss = NaN."


def test_nan_may_end_the_session_with_a_warning(count, log_lines):
    hook = NanTensorHook(tf.constant(np.nan), fail_on_nan_loss=False)
    with tf.train.MonitoredSession(hooks=[hook]) as session:
        session.run(count)
        assert session.should_stop()
    assert log_lines[-1] == "WARNING:Model diverged with loss = NaN."


@pytest.mark.parametrize("value", [0.0, np.inf])
def test_other_losses_are_fine(run_steps, value):
    run_steps(3, NanTensorHook(tf.constant(value)))


def test_final_values_are_read_at_the_end(run_steps, count):
    x = tf.placeholder(tf.float32, [])
    hook = FinalOpsHook({"step": tf.train.get_global_step(), "fed": x}, {x: 2.0})
    assert hook.final_ops_values is None
    run_steps(3, hook)
    assert hook.final_ops_values == {"step": 3, "fed": 2.0}


def test_a_function_feeds_each_run(count):
    x = tf.placeholder(tf.float32, [])
    numbers = iter([1.0, 2.0])
    with tf.train.MonitoredSession(hooks=[FeedFnHook(lambda: {x: next(numbers)})]) as session:
        assert [session.run(x), session.run(x)] == [1.0, 2.0]


def test_waits_for_a_step(count, monkeypatch):
    waits = []

    class Counting(tf.train.SessionRunHook):
        def after_create_session(self, session, coord):
            monkeypatch.setattr("time.sleep", lambda seconds: waits.append(seconds) or session.run(count))

    hooks = [Counting(), GlobalStepWaiterHook(wait_until_step=3, poll_seconds=0.25)]
    with tf.train.MonitoredSession(hooks=hooks) as session:
        assert session.run(count) == 4
    assert waits == [0.25] * 3
