"""Evaluations within a training, of the values that variables have at the moment."""

from __future__ import annotations

import pytest

import trackml as tf

experimental = tf.estimator.experimental


def test_it_evaluates_at_the_beginning_every_so_many_steps_and_at_the_end(slope, slope_input):
    estimator = slope()
    hook = experimental.InMemoryEvaluatorHook(estimator, slope_input(1), every_n_iter=2)
    estimator.train(slope_input(), hooks=[hook], steps=5)
    found = experimental.read_eval_metrics(estimator.eval_dir())
    # w goes 0, 1.5, 2.25, 2.625, 2.8125, 2.90625; the loss is (3 - w)^2.
    assert {step: metrics["mean"] for step, metrics in found.items()} == {0: 0.0, 2: 2.25, 4: 2.8125, 5: 2.90625}
    assert found[4]["loss"] == 0.03515625


def test_it_gives_what_an_evaluation_of_the_checkpoint_gives(slope, slope_input):
    estimator = slope()
    hook = experimental.InMemoryEvaluatorHook(estimator, slope_input(), steps=2, name="memory")
    estimator.train(slope_input(), hooks=[hook], steps=3)
    wanted = estimator.evaluate(slope_input(), steps=2)
    found = experimental.read_eval_metrics(estimator.eval_dir("memory"))[3]
    assert found == {name: value for name, value in wanted.items() if name != "global_step"}


def test_the_training_goes_on_as_without_it(slope, slope_input, tmp_path):
    plain = tf.estimator.Estimator(slope().model_fn, tmp_path / "plain").train(slope_input(), steps=4)
    estimator = slope()
    hook = experimental.InMemoryEvaluatorHook(estimator, slope_input(1), every_n_iter=1)
    estimator.train(slope_input(), hooks=[hook], steps=4)
    assert estimator.get_variable_value("w") == plain.get_variable_value("w")


def test_intervals_are_positive(slope, slope_input):
    with pytest.raises(ValueError, match="invalid every_n_iter=0"):
        experimental.InMemoryEvaluatorHook(slope(), slope_input(), every_n_iter=0)
