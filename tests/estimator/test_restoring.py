"""Going on from a checkpoint: TensorFlow's, one that does not fit, one whose files are gone."""

from __future__ import annotations

import importlib.util
import json
import re
import shutil

import numpy as np
import pytest

import trackml as tf
from trackml.checkpoint.state import remove_checkpoint


@pytest.fixture
def script(golden):
    """The script with the model whose checkpoint TensorFlow wrote."""
    spec = importlib.util.spec_from_file_location("estimator_run", golden / "make/estimator_run.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def tensorflows(script, golden, model_dir):
    """An Estimator over a directory with a checkpoint of step 55 that TensorFlow 1.15 wrote."""
    shutil.copytree(golden / "estimator/model_tf115", model_dir)
    return script.estimator_of(tf, str(model_dir), script.Lines(str(model_dir)))


@pytest.fixture
def expected(golden):
    return json.loads((golden / "estimator/run_tf115.json").read_text())


def test_tensorflows_checkpoint_is_evaluated(tensorflows, script, expected):
    scores = tensorflows.evaluate(lambda: script.eval_input(tf))
    assert scores == pytest.approx(expected["evaluate"]["scores"], rel=1e-6)


def test_tensorflows_checkpoint_predicts(tensorflows, script, expected):
    predictions = [row["output"] for row in tensorflows.predict(lambda: script.predict_input(tf))]
    np.testing.assert_allclose(predictions, [row["output"] for row in expected["predict"]["predictions"]], rtol=1e-6)


def test_tensorflows_training_is_continued(tensorflows, script, expected):
    tensorflows.train(lambda: script.train_input(tf), max_steps=70)
    for name, value in expected["resume"]["variables"].items():
        np.testing.assert_allclose(tensorflows.get_variable_value(name), value, rtol=1e-5)


def test_tensorflows_state_file_is_continued(tensorflows, script, expected, model_dir):
    tensorflows.train(lambda: script.train_input(tf), max_steps=70)
    assert (model_dir / "checkpoint").read_text() == expected["resume"]["state"]


def changed(shape=(), more=False):
    """A model function whose variable `w` has another shape, or with one variable more."""

    def model_fn(features, labels, mode):
        w = tf.get_variable("w", shape, initializer=tf.zeros_initializer())
        loss = tf.reduce_sum(w)
        if more:
            loss += tf.get_variable("w2", [], initializer=tf.zeros_initializer())
        train_op = tf.train.GradientDescentOptimizer(0.1).minimize(loss, tf.train.get_global_step())
        return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op, predictions=features)

    return model_fn


def test_another_shape_is_an_error_with_both_shapes(slope, slope_input):
    slope().train(slope_input(), steps=1)
    message = (
        "Restoring from checkpoint failed. This is most likely due to a mismatch between the current graph and the "
        "graph from the checkpoint. Please ensure that you have not altered the graph expected based on the "
        "checkpoint. Original error:\n\n"
    )
    with pytest.raises(tf.errors.InvalidArgumentError, match=f"^{re.escape(message)}") as raised:
        slope(changed(shape=[2, 2])).train(slope_input(), steps=1)
    assert "Cannot assign a value of shape () to w of shape (2, 2)" in str(raised.value)


def test_a_variable_that_the_checkpoint_lacks_is_named(slope, slope_input):
    slope().train(slope_input(), steps=1)
    message = (
        "Restoring from checkpoint failed. This is most likely due to a Variable name or other graph key that is "
        "missing from the checkpoint. Please ensure that you have not altered the graph expected based on the "
        "checkpoint. Original error:\n\nKey w2 not found in checkpoint"
    )
    with pytest.raises(tf.errors.NotFoundError, match=f"^{re.escape(message)}"):
        slope(changed(more=True)).train(slope_input(), steps=1)


def test_a_failed_restore_leaves_the_directory_as_it_was(slope, slope_input, model_dir):
    slope().train(slope_input(), steps=1)
    before = {path: path.read_bytes() for path in model_dir.glob("*ckpt*")}
    with pytest.raises(tf.errors.NotFoundError):
        slope(changed(more=True)).train(slope_input(), steps=1)
    assert {path: path.read_bytes() for path in model_dir.glob("*ckpt*")} == before


def test_variables_that_the_model_lacks_are_left_out(slope, slope_input):
    slope(changed(more=True)).train(slope_input(), steps=1)
    assert slope(changed()).train(slope_input(), steps=1).get_variable_names() == ["global_step", "w"]


def test_an_unknown_variable_is_asked_for_in_vain(slope, slope_input):
    estimator = slope().train(slope_input(), steps=1)
    with pytest.raises(tf.errors.NotFoundError, match="Key zzz not found in checkpoint"):
        estimator.get_variable_value("zzz")


@pytest.mark.parametrize("ask", [lambda e: e.get_variable_names(), lambda e: e.get_variable_value("w")])
def test_without_a_checkpoint_there_are_no_variables(slope, ask):
    with pytest.raises(ValueError, match="Could not find trained model at"):
        ask(slope())


def test_training_goes_on_from_the_newest_checkpoint_that_is_left(slope, slope_input, model_dir, log_lines):
    estimator = slope(save_checkpoints_steps=1).train(slope_input(), steps=3)
    remove_checkpoint(model_dir / "model.ckpt-3")
    estimator.train(slope_input(), steps=1)
    assert estimator.get_variable_value("global_step") == 3
    assert f"INFO:Restoring parameters from {model_dir}/model.ckpt-2" in log_lines


def test_training_does_not_begin_anew_when_all_checkpoints_are_gone(slope, slope_input, model_dir):
    estimator = slope().train(slope_input(), steps=3)
    for step in (0, 3):
        remove_checkpoint(model_dir / f"model.ckpt-{step}")
    with pytest.raises(ValueError, match=r"None of the checkpoints that .*/checkpoint names is there. Delete that"):
        estimator.train(slope_input(), steps=1)


def test_a_damaged_checkpoint_is_an_error_that_names_the_file(slope, slope_input, model_dir):
    estimator = slope().train(slope_input(), steps=3)
    path = model_dir / "model.ckpt-3.data-00000-of-00001"
    path.write_bytes(b"\xff" * path.stat().st_size)
    with pytest.raises(tf.errors.DataLossError, match=re.escape(path.name)):
        estimator.train(slope_input(), steps=1)


def test_a_checkpoint_without_a_global_step_counts_from_none(slope, slope_input, model_dir):
    model_dir.mkdir()
    with tf.Graph().as_default(), tf.Session() as session:
        tf.get_variable("w", [], initializer=tf.ones_initializer())
        session.run(tf.global_variables_initializer())
        tf.train.Saver().save(session, str(model_dir / "model.ckpt"))
    with pytest.raises(tf.errors.NotFoundError, match="Key global_step not found in checkpoint"):
        slope().train(slope_input(), max_steps=3)


def test_a_moved_directory_is_continued(slope, slope_input, slope_model, model_dir, tmp_path):
    slope().train(slope_input(), steps=2)
    model_dir.rename(tmp_path / "moved")
    moved = tf.estimator.Estimator(slope_model, tmp_path / "moved").train(slope_input(), steps=1)
    assert moved.get_variable_value("global_step") == 3


def test_an_initialisation_of_ones_own_is_for_the_first_start_alone(slope, slope_model, slope_input):
    starts = []

    def model_fn(features, labels, mode):
        spec = slope_model(features, labels, mode)
        return spec._replace(scaffold=tf.train.Scaffold(init_fn=lambda scaffold, session: starts.append(mode)))

    for _ in range(2):
        slope(model_fn).train(slope_input(), steps=1)
    assert starts == ["train"]


def test_a_saver_of_ones_own_keeps_as_many_as_it_is_told(slope, slope_model, slope_input, checkpoints_in, model_dir):
    def model_fn(features, labels, mode):
        spec = slope_model(features, labels, mode)
        return spec._replace(scaffold=tf.train.Scaffold(saver=tf.train.Saver(max_to_keep=2)))

    for _ in range(2):
        slope(model_fn, save_checkpoints_steps=1).train(slope_input(), steps=2)
    assert checkpoints_in(model_dir) == [3, 4]
