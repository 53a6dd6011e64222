"""How long training goes on, what it saves and keeps, and what it refuses."""

from __future__ import annotations

import shutil

import numpy as np
import pytest
from google.protobuf import text_format
from tensorboard.compat.proto.graph_pb2 import GraphDef
from tensorboard.compat.proto.meta_graph_pb2 import MetaGraphDef

import trackml as tf


def loss_steps(events):
    return [event.step for event in events for value in event.summary.value if value.tag == "loss"]


def test_train_gives_the_estimator_back(slope, slope_input):
    estimator = slope()
    assert estimator.train(slope_input(), steps=1) is estimator


def test_steps_are_additional(slope, slope_input):
    estimator = slope()
    estimator.train(slope_input(), steps=3)
    estimator.train(slope_input(), steps=2)
    assert estimator.get_variable_value("global_step") == 5


def test_max_steps_is_absolute(slope, slope_input):
    estimator = slope()
    estimator.train(slope_input(), max_steps=3)
    estimator.train(slope_input(), max_steps=5)
    assert estimator.get_variable_value("global_step") == 5


def test_nothing_is_built_when_max_steps_is_reached(slope, slope_input, log_lines):
    estimator = slope().train(slope_input(), max_steps=3)
    del log_lines[:]
    estimator.train(lambda: pytest.fail("the input function was called"), max_steps=3)
    assert log_lines == ["INFO:Skipping training since max_steps has already saved."]


def test_a_new_estimator_goes_on_from_the_directory(slope, slope_input):
    slope().train(slope_input(), steps=2)
    estimator = slope().train(slope_input(), steps=2)
    # Each step halves the distance to 3.
    assert estimator.get_variable_value("w") == 3 - 3 / 2**4
    assert estimator.get_variable_value("global_step") == 4


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"steps": 1, "max_steps": 1}, "Can not provide both steps and max_steps."),
        ({"steps": 0}, "Must specify steps > 0, given: 0"),
        ({"steps": -1}, "Must specify steps > 0, given: -1"),
        ({"max_steps": 0}, "Must specify max_steps > 0, given: 0"),
    ],
)
def test_impossible_numbers_of_steps_are_refused(slope, slope_input, arguments, message):
    with pytest.raises(ValueError, match=message):
        slope().train(slope_input(), **arguments)


def test_the_end_of_the_input_ends_training_and_saves(slope, slope_input, log_lines):
    estimator = slope().train(slope_input(batches=6))
    assert estimator.latest_checkpoint().endswith("model.ckpt-6")
    assert log_lines[-2].startswith("INFO:Saving checkpoints for 6 into ")
    assert log_lines[-1] == f"INFO:Loss for final step: {(3 - 3 * (1 - 2**-5)) ** 2}."


def test_training_goes_on_over_a_new_pass_of_the_input(slope, slope_input):
    estimator = slope()
    estimator.train(slope_input(batches=6))
    estimator.train(slope_input(batches=6), steps=100)
    assert estimator.get_variable_value("global_step") == 12


def test_empty_input_is_said_and_makes_no_step(slope, slope_input, log_lines, checkpoints_in, model_dir):
    slope().train(slope_input(batches=0), steps=10)
    assert log_lines[-2:] == [
        "WARNING:Training with estimator made no steps. Perhaps input is empty or misspecified.",
        "INFO:Loss for final step: None.",
    ]
    assert checkpoints_in(model_dir) == [0]


def test_each_training_saves_on_entry_and_at_its_end(slope, slope_input, checkpoints_in, model_dir):
    estimator = slope()
    for _ in range(2):
        estimator.train(slope_input(), steps=3)
    assert checkpoints_in(model_dir) == [0, 3, 6]


def test_the_last_step_is_not_saved_twice(slope, slope_input, log_lines):
    slope(save_checkpoints_steps=2).train(slope_input(), steps=4)
    saved = [line.split()[3] for line in log_lines if line.startswith("INFO:Saving checkpoints")]
    assert saved == ["0", "2", "4"]


def test_a_resumed_run_deletes_the_checkpoints_of_the_run_before(slope, slope_input, checkpoints_in, model_dir):
    slope(save_checkpoints_steps=1, keep_checkpoint_max=3).train(slope_input(), steps=3)
    slope(save_checkpoints_steps=1, keep_checkpoint_max=3).train(slope_input(), steps=2)
    assert checkpoints_in(model_dir) == [3, 4, 5]


def test_all_checkpoints_are_kept_when_there_is_no_maximum(slope, slope_input, checkpoints_in, model_dir):
    slope(save_checkpoints_steps=1, keep_checkpoint_max=None).train(slope_input(), steps=8)
    assert checkpoints_in(model_dir) == list(range(9))


def test_five_checkpoints_are_kept_by_default(slope, slope_input, checkpoints_in, model_dir):
    slope(save_checkpoints_steps=1).train(slope_input(), steps=8)
    assert checkpoints_in(model_dir) == [4, 5, 6, 7, 8]


def test_without_intervals_nothing_is_saved(slope, slope_input, checkpoints_in, model_dir):
    slope(save_checkpoints_steps=None, save_checkpoints_secs=None).train(slope_input(), steps=3)
    assert checkpoints_in(model_dir) == []


def test_a_saver_hook_of_ones_own_is_the_only_one(slope, slope_input, checkpoints_in, model_dir):
    hook = tf.train.CheckpointSaverHook(str(model_dir), save_steps=2, checkpoint_basename="mine.ckpt")
    slope().train(slope_input(), hooks=[hook], steps=3)
    assert checkpoints_in(model_dir) == []
    assert sorted(path.name for path in model_dir.glob("*.index")) == [f"mine.ckpt-{n}.index" for n in (0, 2, 3)]


def test_a_listener_needs_a_saver(slope, slope_input):
    estimator = slope(save_checkpoints_steps=None, save_checkpoints_secs=None)
    with pytest.raises(ValueError, match="There should be a CheckpointSaverHook to use saving_listeners"):
        estimator.train(slope_input(), steps=1, saving_listeners=[tf.train.CheckpointSaverListener()])


def test_what_is_no_listener_is_refused(slope, slope_input):
    with pytest.raises(TypeError, match="must be a list of CheckpointSaverListener instances"):
        slope().train(slope_input(), steps=1, saving_listeners=["listener"])


def test_a_listener_may_end_the_training(slope, slope_input):
    class Enough(tf.train.CheckpointSaverListener):
        def after_save(self, session, global_step_value):
            return global_step_value >= 4

    estimator = slope(save_checkpoints_steps=2).train(slope_input(), steps=10, saving_listeners=[Enough()])
    assert estimator.get_variable_value("global_step") == 4


def test_a_hook_may_end_the_training(slope, slope_input):
    class Third(tf.train.SessionRunHook):
        runs = 0

        def after_run(self, run_context, run_values):
            self.runs += 1
            if self.runs == 3:
                run_context.request_stop()

    assert slope().train(slope_input(), hooks=[Third()]).get_variable_value("global_step") == 3


@pytest.mark.parametrize("hooks", [["hook"], tf.train.StopAtStepHook(3)])
def test_what_is_no_list_of_hooks_is_refused(slope, slope_input, hooks):
    with pytest.raises(TypeError, match="`SessionRunHook` instances"):
        slope().train(slope_input(), hooks=hooks, steps=1)


def test_an_error_in_a_hook_ends_training_without_a_last_checkpoint(slope, slope_input, checkpoints_in, model_dir):
    class Broken(tf.train.SessionRunHook):
        def after_run(self, run_context, run_values):
            raise RuntimeError("broken")

    with pytest.raises(RuntimeError, match="broken"):
        slope().train(slope_input(), hooks=[Broken()], steps=10)
    assert checkpoints_in(model_dir) == [0]


def test_summaries_are_written_at_the_first_step_and_every_hundred_after_it(slope, slope_input, events_in, model_dir):
    slope().train(slope_input(), steps=250)
    events = events_in(model_dir)
    rates = [event.step for event in events for value in event.summary.value if value.tag == "global_step/sec"]
    assert loss_steps(events) == [1, 101, 201]
    assert rates == [101, 201]


def test_nothing_is_summarised_without_an_interval(slope, slope_input, events_in, model_dir):
    slope(save_summary_steps=None, log_step_count_steps=None).train(slope_input(), steps=5)
    kinds = [event.WhichOneof("what") for event in events_in(model_dir)]
    assert kinds == ["file_version", *["graph_def", "meta_graph_def"] * 2, "session_log", "session_log"]


def test_nothing_is_logged_of_the_loss_without_an_interval(slope, slope_input, log_lines):
    slope(log_step_count_steps=None).train(slope_input(), steps=5)
    assert not [line for line in log_lines if line.startswith("INFO:loss =")]


def test_a_loss_summary_of_ones_own_is_the_only_one(slope, slope_model, slope_input, events_in, model_dir):
    def model_fn(features, labels, mode):
        spec = slope_model(features, labels, mode)
        tf.summary.scalar("loss", 2 * spec.loss)
        return spec

    slope(model_fn).train(slope_input(), steps=1)
    values = [v for event in events_in(model_dir) for v in event.summary.value]
    assert [(value.tag, value.simple_value) for value in values] == [("loss", 18.0)]


def test_a_model_can_be_trained_again_where_its_directory_was_deleted(slope, slope_input, events_in, model_dir):
    slope().train(slope_input(), steps=2)
    shutil.rmtree(model_dir)
    estimator = slope().train(slope_input(), steps=1)
    assert estimator.get_variable_value("global_step") == 1
    assert loss_steps(events_in(model_dir)) == [1]


def test_the_graph_is_on_disk_as_text_and_with_each_checkpoint(slope, slope_input, model_dir):
    slope().train(slope_input(), steps=1)
    text = text_format.Parse((model_dir / "graph.pbtxt").read_text(), GraphDef())
    meta = MetaGraphDef.FromString((model_dir / "model.ckpt-1.meta").read_bytes())
    assert "ResourceApplyGradientDescent" in {node.op for node in text.node}
    assert meta.graph_def == text
    assert list(meta.collection_def["train_op"].node_list.value) == ["GradientDescent"]


def test_the_seed_of_the_settings_repeats_a_run(tmp_path, slope_input):
    def model_fn(features, labels, mode):
        w = tf.get_variable("w", [4])
        loss = tf.reduce_sum(tf.square(w)) + tf.reduce_mean(features * tf.random_uniform([]))
        train_op = tf.train.GradientDescentOptimizer(0.1).minimize(loss, tf.train.get_global_step())
        return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)

    config = tf.estimator.RunConfig(tf_random_seed=7)
    values = [
        tf.estimator.Estimator(model_fn, tmp_path / name, config)
        .train(lambda: np.ones([2], np.float32), steps=2)
        .get_variable_value("w")
        for name in "ab"
    ]
    np.testing.assert_array_equal(*values)


def test_a_nan_loss_is_an_error_that_keeps_the_checkpoints_before(
    slope, slope_input, checkpoints_in, model_dir, log_lines
):
    def model_fn(features, labels, mode):
        w = tf.get_variable("w", [], initializer=tf.ones_initializer())
        step = tf.train.get_global_step()
        loss = tf.where(tf.equal(step, 7), np.nan, 1.0) * w * tf.reduce_mean(features)
        train_op = tf.train.GradientDescentOptimizer(0.1).minimize(loss, step)
        return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)

    estimator = slope(model_fn, save_checkpoints_steps=3)
    with pytest.raises(tf.train.NanLossDuringTrainingError, match=r"^NaN loss during training\.$") as raised:
        estimator.train(slope_input(), steps=20)
    assert isinstance(raised.value, RuntimeError)
    assert log_lines[-1] == "ERROR:Model diverged with loss = NaN."
    assert checkpoints_in(model_dir) == [0, 3, 6]


def test_a_callers_graph_is_left_alone(slope, slope_input):
    with tf.Graph().as_default() as graph:
        slope().train(slope_input(), steps=1)
        assert tf.get_default_graph() is graph
        assert graph.get_operations() == []
        assert not graph.finalized
