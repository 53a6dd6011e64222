"""Ctrl-C: what was saved stays, nothing more is saved on the way out (as in TensorFlow), and training goes on."""

from __future__ import annotations

import signal

import pytest

import trackml as tf


class PressCtrlC(tf.train.SessionRunHook):
    """Sends the signal after a step."""

    def __init__(self, step):
        self._step = step

    def before_run(self, run_context):
        return tf.train.SessionRunArgs(tf.train.get_global_step())

    def after_run(self, run_context, run_values):
        if run_values.results + 1 == self._step:
            signal.raise_signal(signal.SIGINT)


def test_nothing_is_saved_but_what_was_saved_stays(slope, slope_input, checkpoints_in, model_dir):
    estimator = slope(save_checkpoints_steps=2)
    ended = []

    class End(tf.train.SessionRunHook):
        def end(self, session):
            ended.append(True)

    with pytest.raises(KeyboardInterrupt):
        estimator.train(slope_input(), hooks=[PressCtrlC(5), End()])
    assert checkpoints_in(model_dir) == [0, 2, 4]
    assert not ended


def test_training_goes_on_from_the_last_checkpoint(slope, slope_input):
    estimator = slope(save_checkpoints_steps=2)
    with pytest.raises(KeyboardInterrupt):
        estimator.train(slope_input(), hooks=[PressCtrlC(5)])
    estimator.train(slope_input(), max_steps=6)
    assert estimator.get_variable_value("global_step") == 6
    assert estimator.get_variable_value("w") == 3 - 3 * 0.5**6


def test_an_interrupted_evaluation_leaves_no_figures(slope, slope_input):
    estimator = slope()
    estimator.train(slope_input(), steps=1)

    class Press(tf.train.SessionRunHook):
        def after_run(self, run_context, run_values):
            signal.raise_signal(signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        estimator.evaluate(slope_input(), steps=3, hooks=[Press()])
    assert tf.estimator.experimental.read_eval_metrics(estimator.eval_dir()) == {}
