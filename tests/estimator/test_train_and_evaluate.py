"""train_and_evaluate: which checkpoints are evaluated, what the exporters are told, what the manifest says of it."""

from __future__ import annotations

import json

import numpy as np
import pytest

import trackml as tf
from trackml.events.manifest import is_manifest

X = np.arange(4, dtype=np.float32)


def input_fn():
    return tf.data.Dataset.from_tensor_slices(({"x": X}, 2.0 * X)).repeat().batch(4)


@pytest.fixture
def estimator(tmp_path):
    """A linear model that saves every ten steps."""
    config = tf.estimator.RunConfig(str(tmp_path), save_checkpoints_steps=10)
    return tf.estimator.LinearRegressor([tf.feature_column.numeric_column("x")], config=config)


class Recorder(tf.estimator.Exporter):
    """Takes note of its calls."""

    def __init__(self, name="recorder"):
        self._name = name
        self.calls = []

    @property
    def name(self):
        return self._name

    def export(self, estimator, export_path, checkpoint_path, eval_result, is_the_final_export):
        self.calls.append((export_path, checkpoint_path, int(eval_result["global_step"]), is_the_final_export))
        return len(self.calls)


def decisions(directory):
    """(decision, step, reason) as the manifest has them."""
    (path,) = (path for path in directory.iterdir() if is_manifest(path.name))
    logs = [event.log_message.message for event in tf.train.summary_iterator(str(path))]
    told = [json.loads(log)["trackml"].get("evaluation", {}) for log in logs if log]
    return [(item["decision"], item["step"], item["reason"]) for item in told if "decision" in item], told


def run(estimator, max_steps=30, throttle_secs=0, **arguments):
    return tf.estimator.train_and_evaluate(
        estimator,
        tf.estimator.TrainSpec(input_fn, max_steps=max_steps),
        tf.estimator.EvalSpec(input_fn, steps=1, throttle_secs=throttle_secs, **arguments),
    )


def test_every_checkpoint_but_the_first_is_evaluated_and_exported(tmp_path, estimator):
    recorder = Recorder()
    metrics, exports = run(estimator, exporters=recorder)
    path = str(tmp_path / "export/recorder")
    assert recorder.calls == [
        (path, str(tmp_path / f"model.ckpt-{step}"), step, final)
        for step, final in ((10, False), (20, False), (30, True))
    ]
    assert int(metrics["global_step"]) == 30
    assert exports == [3]


def test_the_manifest_says_what_was_decided_and_why(tmp_path, estimator):
    run(estimator, throttle_secs=3600)
    found, told = decisions(tmp_path)
    assert found == [
        ("skipped", 0, "first checkpoint of the session"),
        ("evaluating", 10, "new checkpoint"),
        ("evaluated", 10, "new checkpoint"),
        ("skipped", 20, "throttle_secs"),
        ("skipped", 30, "throttle_secs"),
        ("evaluating", 30, "end of training"),
        ("evaluated", 30, "end of training"),
    ]
    assert told[[item.get("decision") for item in told].index("evaluated")]["next_due"] > 0
    assert [item["throttle_secs"] for item in told if "throttle_secs" in item] == [3600]


def test_without_max_steps_no_export_is_final(estimator):
    recorder = Recorder()
    finite = lambda: tf.data.Dataset.from_tensor_slices(({"x": X}, 2.0 * X)).repeat(20).batch(4)  # noqa: E731
    tf.estimator.train_and_evaluate(
        estimator,
        tf.estimator.TrainSpec(finite),
        tf.estimator.EvalSpec(input_fn, steps=1, throttle_secs=0, exporters=[recorder]),
    )
    assert [final for *_, final in recorder.calls] == [False, False]


def test_nothing_is_done_when_max_steps_is_reached(estimator):
    run(estimator, max_steps=10)
    assert run(estimator, max_steps=10) == (None, None)


def test_the_name_of_an_evaluation_gives_it_a_directory(tmp_path, estimator):
    run(estimator, max_steps=10, name="test")
    assert (tmp_path / "eval_test").is_dir()


def test_without_checkpoints_there_is_nothing_to_evaluate(tmp_path):
    config = tf.estimator.RunConfig(str(tmp_path), save_checkpoints_steps=None, save_checkpoints_secs=None)
    model = tf.estimator.LinearRegressor([tf.feature_column.numeric_column("x")], config=config)
    with pytest.raises(ValueError, match="There should be a CheckpointSaverHook to use saving_listeners"):
        run(model)


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: tf.estimator.TrainSpec(None), TypeError, "must be callable"),
        (lambda: tf.estimator.TrainSpec(input_fn, max_steps=0), ValueError, "Must specify max_steps > 0, given: 0"),
        (lambda: tf.estimator.TrainSpec(input_fn, hooks=[1]), TypeError, "All hooks must be `SessionRunHook`"),
        (lambda: tf.estimator.EvalSpec(1), TypeError, "must be callable"),
        (lambda: tf.estimator.EvalSpec(input_fn, steps=0), ValueError, "Must specify steps > 0, given: 0"),
        (lambda: tf.estimator.EvalSpec(input_fn, name=3), TypeError, "`name` must be string"),
        (lambda: tf.estimator.EvalSpec(input_fn, start_delay_secs=-1), ValueError, "start_delay_secs >= 0"),
        (lambda: tf.estimator.EvalSpec(input_fn, throttle_secs=-1), ValueError, "throttle_secs >= 0"),
        (lambda: tf.estimator.EvalSpec(input_fn, exporters=3), TypeError, "`exporters` must be an Exporter"),
        (lambda: tf.estimator.EvalSpec(input_fn, exporters=[3]), TypeError, "`exporters` must be an Exporter"),
        (lambda: tf.estimator.EvalSpec(input_fn, exporters=[Recorder(""), Recorder()]), ValueError, "`None` or empty"),
        (lambda: tf.estimator.EvalSpec(input_fn, exporters=[Recorder(1)]), ValueError, "must have a string name"),
        (lambda: tf.estimator.EvalSpec(input_fn, exporters=[Recorder(), Recorder()]), ValueError, "unique names"),
        (lambda: tf.estimator.LatestExporter("x", None, exports_to_keep=0), ValueError, "must be a positive number"),
        (lambda: tf.estimator.BestExporter(compare_fn=None), ValueError, "`compare_fn` must not be None"),
        (lambda: tf.estimator.BestExporter(compare_fn=lambda current_eval_result: 1), ValueError,
         "must include best_eval_result"),
        (lambda: tf.estimator.BestExporter(compare_fn=lambda best_eval_result, current_eval_result, x: 1), ValueError,
         r"not expected args: \['x'\]"),
    ],
)  # fmt: skip
def test_mistakes_are_named(make, error, message):
    with pytest.raises(error, match=message):
        make()


@pytest.mark.parametrize(
    ("position", "message"),
    [
        (0, "`estimator` must have type `tf.estimator.Estimator`"),
        (1, "`train_spec` must have type `tf.estimator.TrainSpec`"),
        (2, "`eval_spec` must have type `tf.estimator.EvalSpec`"),
    ],
)
def test_arguments_of_other_types_are_refused(estimator, position, message):
    arguments = [estimator, tf.estimator.TrainSpec(input_fn), tf.estimator.EvalSpec(input_fn)]
    arguments[position] = "no"
    with pytest.raises(TypeError, match=message):
        tf.estimator.train_and_evaluate(*arguments)
