"""What all hooks have in common."""

from __future__ import annotations

import pytest

import trackml as tf

HOOKS = {
    "CheckpointSaverHook": lambda logdir: tf.train.CheckpointSaverHook(logdir, save_steps=1),
    "FeedFnHook": lambda logdir: tf.train.FeedFnHook(dict),
    "FinalOpsHook": lambda logdir: tf.train.FinalOpsHook(tf.train.get_global_step()),
    "GlobalStepWaiterHook": lambda logdir: tf.train.GlobalStepWaiterHook(0),
    "LoggingTensorHook": lambda logdir: tf.train.LoggingTensorHook({"one": "one:0"}, every_n_iter=1),
    "NanTensorHook": lambda logdir: tf.train.NanTensorHook("one:0"),
    "ProfilerHook": lambda logdir: tf.train.ProfilerHook(save_steps=1, output_dir=logdir),
    "SessionRunHook": lambda logdir: tf.train.SessionRunHook(),
    "StepCounterHook": lambda logdir: tf.train.StepCounterHook(every_n_steps=1, output_dir=logdir),
    "StopAtStepHook": lambda logdir: tf.train.StopAtStepHook(num_steps=3),
    "SummarySaverHook": lambda logdir: tf.train.SummarySaverHook(1, output_dir=logdir, summary_op="summary:0"),
}


@pytest.fixture(params=sorted(HOOKS))
def make(request, count, tmp_path):
    """Makes one kind of hook, in a graph with a counter, a number and a summary."""
    tf.summary.scalar("summary", tf.constant(1.0, name="one"))
    return lambda: HOOKS[request.param](str(tmp_path))


def test_all_hooks_are_here():
    assert sorted(HOOKS) == [name for name in tf.train.__all__ if name.endswith("Hook")]
    assert set(HOOKS) <= set(tf.estimator.__all__)


def test_is_a_hook(make):
    assert isinstance(make(), tf.train.SessionRunHook)


def test_leaves_the_callers_values_alone(make, count):
    with tf.train.MonitoredSession(hooks=[make()]) as session:
        assert [session.run(count) for _ in range(3)] == [1, 2, 3]


def test_can_be_used_for_a_second_session(make, count):
    hook = make()
    for _ in range(2):
        with tf.train.MonitoredSession(hooks=[hook]) as session:
            session.run(count)


def test_two_of_a_kind_get_along(make, count):
    with tf.train.MonitoredSession(hooks=[make(), make()]) as session:
        assert session.run(count) == 1


def test_runs_beside_a_run_that_does_not_count(make):
    with tf.train.MonitoredSession(hooks=[make()]) as session:
        assert [session.run("one:0") for _ in range(3)] == [1.0] * 3
