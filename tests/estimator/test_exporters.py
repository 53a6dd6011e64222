"""What `train_and_evaluate` exports, and when."""

from __future__ import annotations

import logging
import os

import numpy as np
import pytest

import trackml as tf


def receiver():
    x = tf.placeholder(tf.float32, [None], name="x")
    return tf.estimator.export.TensorServingInputReceiver(x, x)


class Model:
    """An Estimator that only notes what it exports."""

    def __init__(self, model_dir):
        self.model_dir = str(model_dir)
        self.exported = []

    def export_saved_model(self, export_dir_base, serving_input_receiver_fn, **options):
        self.exported.append(options["checkpoint_path"])
        directory = f"{export_dir_base}/{1_500_000_000 + len(self.exported)}"
        os.makedirs(directory)
        return directory.encode()


def evaluations(directory, losses):
    """Writes evaluations, as an earlier process left them."""
    with tf.summary.FileWriter(str(directory)) as writer:
        for step, loss in losses.items():
            writer.add_summary(tf.Summary(value=[tf.Summary.Value(tag="loss", simple_value=loss)]), step)


def exported(exporter, model, tmp_path, losses, final=False):
    """The steps whose evaluation is exported."""
    for step, loss in losses:
        exporter.export(model, str(tmp_path / "out"), f"ckpt-{step}", {"loss": loss, "global_step": step}, final)
    return model.exported


@pytest.fixture
def model(tmp_path):
    return Model(tmp_path / "model")


LOSSES = [(10, 5.0), (20, 6.0), (30, 4.0), (40, 4.0), (50, 3.0)]


def test_latest_exports_each_and_keeps_the_newest(model, tmp_path):
    exporter = tf.estimator.LatestExporter("latest", receiver, exports_to_keep=2)
    assert exporter.name == "latest"
    assert len(exported(exporter, model, tmp_path, LOSSES)) == 5
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["1500000004", "1500000005"]


def test_what_is_no_export_is_not_deleted(model, tmp_path):
    for name in ("mine", "temp-1500000000", "150000000"):
        (tmp_path / "out" / name).mkdir(parents=True)
    exported(tf.estimator.LatestExporter("latest", receiver, exports_to_keep=1), model, tmp_path, LOSSES)
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == ["150000000", "1500000005", "mine", "temp-1500000000"]


def test_all_are_kept_if_that_is_wanted(model, tmp_path):
    exported(tf.estimator.LatestExporter("latest", receiver, exports_to_keep=None), model, tmp_path, LOSSES)
    assert len(list((tmp_path / "out").iterdir())) == 5


def test_final_exports_once(model, tmp_path):
    exporter = tf.estimator.FinalExporter("final", receiver)
    assert exported(exporter, model, tmp_path, LOSSES) == []
    assert exported(exporter, model, tmp_path, LOSSES[-1:], final=True) == ["ckpt-50"]


def test_best_exports_when_the_loss_is_smaller(model, tmp_path):
    exporter = tf.estimator.BestExporter("best", receiver)
    assert exported(exporter, model, tmp_path, LOSSES) == ["ckpt-10", "ckpt-30", "ckpt-50"]


def test_best_takes_another_measure(model, tmp_path):
    def higher(best_eval_result, current_eval_result):
        return current_eval_result["loss"] > best_eval_result["loss"]

    exporter = tf.estimator.BestExporter("best", receiver, compare_fn=higher)
    assert exported(exporter, model, tmp_path, LOSSES) == ["ckpt-10", "ckpt-20"]


def test_best_knows_of_earlier_processes_by_their_events(model, tmp_path):
    evaluations(tmp_path / "model" / "eval", {1: 9.0, 2: 4.5, 10: 5.0})
    exporter = tf.estimator.BestExporter("best", receiver)
    assert exported(exporter, model, tmp_path, LOSSES) == ["ckpt-30", "ckpt-50"]


def test_best_looks_at_the_events_that_it_is_told_to(model, tmp_path):
    evaluations(tmp_path / "model" / "eval_mine", {1: 4.5})
    exporter = tf.estimator.BestExporter("best", receiver, event_file_pattern="eval_mine/*.tfevents.*")
    assert exported(exporter, model, tmp_path, LOSSES) == ["ckpt-30", "ckpt-50"]


def test_best_compares_what_has_the_metric(model, tmp_path):
    exporter = tf.estimator.BestExporter("best", receiver)
    exporter.export(model, str(tmp_path), "ckpt-1", {"accuracy": 1.0, "global_step": 1}, False)
    with pytest.raises(ValueError, match="cannot be empty or no loss is found"):
        exporter.export(model, str(tmp_path), "ckpt-2", {"accuracy": 1.0, "global_step": 2}, False)


@pytest.mark.parametrize("kind", [tf.estimator.LatestExporter, tf.estimator.BestExporter])
def test_how_many_are_kept_is_positive(kind):
    with pytest.raises(ValueError, match="must be a positive number"):
        kind("name", receiver, exports_to_keep=0)


def test_a_measure_has_two_arguments_of_these_names():
    with pytest.raises(ValueError, match="must not be None"):
        tf.estimator.BestExporter(serving_input_receiver_fn=receiver, compare_fn=None)
    with pytest.raises(ValueError, match="must include best_eval_result argument"):
        tf.estimator.BestExporter(serving_input_receiver_fn=receiver, compare_fn=lambda current_eval_result: True)
    with pytest.raises(ValueError, match=r"not expected args: \['more'\]"):
        tf.estimator.BestExporter(
            serving_input_receiver_fn=receiver, compare_fn=lambda best_eval_result, current_eval_result, more: True
        )


def slope_with_weights(features, labels, mode):
    w = tf.get_variable("w", [], initializer=tf.zeros_initializer())
    output = w * features
    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, {"y": output}, export_outputs=None)
    loss = tf.reduce_mean(tf.square(output - labels))
    train_op = tf.train.GradientDescentOptimizer(0.25).minimize(loss, tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(mode, output, loss, train_op)


def test_all_kinds_in_a_training(slope, slope_input, tmp_path, caplog):
    caplog.set_level(logging.INFO, "tensorflow")
    estimator = slope(slope_with_weights, save_checkpoints_steps=2)
    exporters = [
        tf.estimator.LatestExporter("latest", receiver, exports_to_keep=1),
        tf.estimator.BestExporter("best", receiver),
        tf.estimator.FinalExporter("final", receiver),
    ]
    _, paths = tf.estimator.train_and_evaluate(
        estimator,
        tf.estimator.TrainSpec(slope_input(), max_steps=4),
        tf.estimator.EvalSpec(slope_input(1), throttle_secs=0, exporters=exporters),
    )
    counts = {path.name: len(list(path.iterdir())) for path in (tmp_path / "model" / "export").iterdir()}
    assert counts == {"latest": 1, "best": 2, "final": 1}
    assert "Performing best model export." in caplog.messages
    assert "Performing the final export in the end of training." in caplog.messages
    for path in paths:
        predict = tf.contrib.predictor.from_saved_model(path)
        np.testing.assert_array_equal(predict({"input": [1.0]})["y"], [2.8125])
