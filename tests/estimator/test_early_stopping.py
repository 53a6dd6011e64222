"""Trainings end when evaluations say so, by TensorFlow's rules."""

from __future__ import annotations

import logging

import pytest

import trackml as tf

experimental = tf.estimator.experimental


@pytest.fixture
def evaluated(tmp_path):
    """Writes evaluations to a directory as event files: {step: {metric: value}}."""

    def write(results, name="eval"):
        with tf.summary.FileWriter(str(tmp_path / name)) as writer:
            for step, metrics in results.items():
                values = [tf.Summary.Value(tag=tag, simple_value=value) for tag, value in metrics.items()]
                writer.add_summary(tf.Summary(value=values), step)
        return str(tmp_path / name)

    return write


LOSSES = {100: 8.0, 200: 6.0, 300: 6.5, 400: 7.0, 500: 5.0}
ACCURACIES = {100: 0.5, 200: 0.7, 300: 0.65, 400: 0.6, 500: 0.8}


def results_until(step):
    return {at: {"loss": LOSSES[at], "accuracy": ACCURACIES[at]} for at in LOSSES if at <= step}


def stops(slope, slope_input, make, *args, **options):
    """Whether a training with the hook makes one step and not two."""
    estimator = slope()
    hook = make(estimator, *args, run_every_secs=None, run_every_steps=1, **options)
    estimator.train(slope_input(), hooks=[hook], steps=2)
    return bool(estimator.get_variable_value("global_step") == 1)


# Claims of TensorFlow's early_stopping_test.py, on figures of our own.
@pytest.mark.parametrize(
    ("make", "args", "until", "wanted"),
    [
        ("stop_if_higher_hook", ("accuracy", 0.7), 200, False),
        ("stop_if_higher_hook", ("accuracy", 0.69), 200, True),
        ("stop_if_higher_hook", ("accuracy", 0.69), 100, False),
        ("stop_if_lower_hook", ("loss", 6.0), 400, False),
        ("stop_if_lower_hook", ("loss", 6.1), 400, True),
        ("stop_if_no_increase_hook", ("accuracy", 200), 300, False),
        ("stop_if_no_increase_hook", ("accuracy", 200), 400, True),
        ("stop_if_no_increase_hook", ("accuracy", 300), 500, False),
        ("stop_if_no_decrease_hook", ("loss", 200), 300, False),
        ("stop_if_no_decrease_hook", ("loss", 200), 400, True),
        # Once is enough: what came later does not count.
        ("stop_if_no_decrease_hook", ("loss", 200), 500, True),
    ],
)
def test_evaluations_decide(slope, slope_input, evaluated, make, args, until, wanted):
    directory = evaluated(results_until(until))
    found = stops(slope, slope_input, getattr(experimental, make), *args, eval_dir=directory)
    assert found is wanted


@pytest.mark.parametrize(
    ("make", "args", "min_steps", "wanted"),
    [
        ("stop_if_higher_hook", ("accuracy", 0.69), 300, True),
        ("stop_if_higher_hook", ("accuracy", 0.69), 501, False),
        ("stop_if_no_decrease_hook", ("loss", 200), 300, False),
        ("stop_if_no_decrease_hook", ("loss", 100), 300, True),
    ],
)
def test_evaluations_before_min_steps_do_not_count(slope, slope_input, evaluated, make, args, min_steps, wanted):
    directory = evaluated(results_until(500))
    hook = getattr(experimental, make)
    assert stops(slope, slope_input, hook, *args, eval_dir=directory, min_steps=min_steps) is wanted


def test_reasons_are_logged_as_tensorflow_logs_them(slope, slope_input, evaluated, caplog):
    caplog.set_level(logging.INFO, "tensorflow")
    directory = evaluated(results_until(400))
    stops(slope, slope_input, experimental.stop_if_no_decrease_hook, "loss", 200, eval_dir=directory)
    assert (
        'No decrease in metric "loss" for 200 steps, which is greater than or equal to max steps (200) configured for '
        "early stopping."
    ) in caplog.messages
    assert "Requesting early stopping at global step 0" in caplog.messages
    caplog.clear()
    stops(slope, slope_input, experimental.stop_if_lower_hook, "loss", 7.0, eval_dir=directory)
    assert any(
        'At step 200, metric "loss" has value 6.0 which is less than the configured threshold (7.0) for early stopping.'
        in line
        for line in caplog.messages
    )


def test_nan_is_no_best_value(slope, slope_input, evaluated):
    nan = float("nan")
    directory = evaluated({100: {"loss": nan}, 200: {"loss": 5.0}, 300: {"loss": 4.0}})
    assert not stops(slope, slope_input, experimental.stop_if_no_decrease_hook, "loss", 150, eval_dir=directory)


def test_a_metric_that_is_not_there_is_named(slope, slope_input, evaluated):
    directory = evaluated(results_until(100))
    with pytest.raises(KeyError, match=r"no metric 'los'; it has \['accuracy', 'loss'\]"):
        stops(slope, slope_input, experimental.stop_if_lower_hook, "los", 1.0, eval_dir=directory)


def test_metrics_are_read_in_the_order_of_steps(evaluated):
    evaluated({200: {"loss": 2.0}})
    directory = evaluated({100: {"loss": 1.0, "accuracy": 0.5}})
    assert list(experimental.read_eval_metrics(directory).items()) == [
        (100, {"loss": 1.0, "accuracy": 0.5}),
        (200, {"loss": 2.0}),
    ]
    assert experimental.read_eval_metrics(directory + "/gone") == {}


def test_train_and_evaluate_ends_with_the_evaluation_that_suffices(slope, slope_input, caplog):
    caplog.set_level(logging.INFO, "tensorflow")
    estimator = slope(save_checkpoints_steps=2)
    hook = experimental.stop_if_lower_hook(estimator, "loss", 5.0, run_every_secs=None, run_every_steps=1)
    results, _ = tf.estimator.train_and_evaluate(
        estimator,
        tf.estimator.TrainSpec(slope_input(), max_steps=100, hooks=[hook]),
        tf.estimator.EvalSpec(slope_input(1), throttle_secs=0),
    )
    assert results["global_step"] == estimator.get_variable_value("global_step") == 2
    assert results["loss"] < 5.0


def test_the_wish_to_stop_is_a_variable_in_the_checkpoint(slope, slope_input):
    estimator = slope()
    hook = experimental.make_early_stopping_hook(estimator, lambda: True, run_every_secs=None, run_every_steps=1)
    estimator.train(slope_input(), hooks=[hook], steps=5)
    assert estimator.get_variable_value("signal_early_stopping/STOP")
    assert estimator.get_variable_value("global_step") == 1


def test_wrong_arguments_are_told(slope):
    estimator = slope()
    with pytest.raises(TypeError, match="must have type"):
        experimental.make_early_stopping_hook(None, lambda: True)
    with pytest.raises(TypeError, match="must be callable"):
        experimental.make_early_stopping_hook(estimator, True)
    with pytest.raises(ValueError, match="Only one of"):
        experimental.make_early_stopping_hook(estimator, lambda: True, run_every_steps=10)


def test_a_stop_at_a_checkpoints_step_is_a_stop_at_that_step(slope, slope_input):
    estimator = slope()
    estimator.train(slope_input(), hooks=[experimental.make_stop_at_checkpoint_step_hook(estimator, 3)])
    assert estimator.get_variable_value("global_step") == 3


@pytest.mark.parametrize(("steps", "threshold", "wanted"), [(200, 1.0, True), (1000, 6.1, True), (1000, 1.0, False)])
def test_of_several_hooks_one_suffices(slope, slope_input, evaluated, steps, threshold, wanted):
    estimator = slope()
    options = {"eval_dir": evaluated(results_until(400)), "run_every_secs": None, "run_every_steps": 1}
    hooks = [
        experimental.stop_if_no_decrease_hook(estimator, "loss", steps, **options),
        experimental.stop_if_lower_hook(estimator, "loss", threshold, **options),
    ]
    estimator.train(slope_input(), hooks=hooks, steps=2)
    assert bool(estimator.get_variable_value("global_step") == 1) is wanted
