"""What an evaluation finds, from which checkpoint, and what it writes."""

from __future__ import annotations

import numpy as np
import pytest

import trackml as tf
from trackml.checkpoint.state import remove_checkpoint


@pytest.fixture
def trained(slope, slope_input):
    """An Estimator with checkpoints of the steps 0, 1, 2 and 3; at step n `w` is 3 - 3 / 2**n."""
    return slope(save_checkpoints_steps=1).train(slope_input(), steps=3)


@pytest.fixture
def two_batches(slope_input):
    return slope_input(batches=2)


def loss_of(step):
    return (3 / 2**step) ** 2


def test_the_newest_checkpoint_is_evaluated(trained, two_batches):
    scores = trained.evaluate(two_batches)
    assert scores == {"loss": loss_of(3), "mean": 3 - 3 / 2**3, "global_step": 3}


def test_results_have_tensorflows_types(trained, two_batches):
    scores = trained.evaluate(two_batches)
    types = {name: type(value) for name, value in scores.items()}
    assert types == {"loss": np.float32, "mean": np.float32, "global_step": np.int64}


def test_another_checkpoint_may_be_named(trained, two_batches, model_dir):
    scores = trained.evaluate(two_batches, checkpoint_path=model_dir / "model.ckpt-1")
    assert (scores["loss"], scores["global_step"]) == (loss_of(1), 1)


def test_what_is_no_checkpoint_is_refused(trained, two_batches):
    with pytest.raises(ValueError, match="checkpoint_path is not a checkpoint: nowhere"):
        trained.evaluate(two_batches, checkpoint_path="nowhere")


def test_without_a_checkpoint_initial_values_are_evaluated(slope, two_batches, log_lines, model_dir, events_in):
    scores = slope().evaluate(two_batches)
    assert (scores["loss"], scores["global_step"]) == (loss_of(0), 0)
    wanted = f"INFO:Could not find trained model in model_dir: {model_dir}, running initialization to evaluate."
    assert wanted in log_lines
    tags = [value.tag for event in events_in(model_dir / "eval") for value in event.summary.value]
    assert tags == ["loss", "mean"]


def test_when_the_newest_checkpoint_is_gone_the_one_before_is_evaluated(trained, two_batches, log_lines, model_dir):
    remove_checkpoint(model_dir / "model.ckpt-3")
    assert trained.evaluate(two_batches)["global_step"] == 2
    wanted = (
        f"WARNING:The files of the newest checkpoint, {model_dir}/model.ckpt-3, are gone; "
        f"taking the one before, {model_dir}/model.ckpt-2."
    )
    assert wanted in log_lines


def test_when_all_checkpoints_are_gone_initial_values_are_evaluated(trained, two_batches, model_dir, log_lines):
    for step in range(4):
        remove_checkpoint(model_dir / f"model.ckpt-{step}")
    assert trained.evaluate(two_batches)["global_step"] == 0
    assert [line for line in log_lines if "none of those before it is left" in line]


def test_steps_end_the_evaluation(trained, slope_input, log_lines):
    trained.evaluate(slope_input(), steps=3)
    assert [line for line in log_lines if line.startswith("INFO:Evaluation")] == [
        f"INFO:Evaluation [{number}/3]" for number in (1, 2, 3)
    ]


def test_many_steps_are_told_of_ten_times(trained, slope_input, log_lines):
    trained.evaluate(slope_input(), steps=40)
    told = [line for line in log_lines if line.startswith("INFO:Evaluation")]
    assert told == [f"INFO:Evaluation [{number}/40]" for number in range(4, 41, 4)]


def test_more_steps_than_there_are_batches_end_quietly(trained, two_batches):
    assert trained.evaluate(two_batches, steps=10)["loss"] == loss_of(3)


def test_impossible_numbers_of_steps_are_refused(trained, two_batches):
    with pytest.raises(ValueError, match="Must specify steps > 0, given: 0"):
        trained.evaluate(two_batches, steps=0)


def test_empty_input_gives_zeros(trained, slope_input):
    assert trained.evaluate(slope_input(batches=0)) == {"loss": 0.0, "mean": 0.0, "global_step": 3}


def test_the_loss_is_the_mean_over_batches(slope, slope_model):
    def uneven():
        ones = np.ones([3], np.float32)
        return tf.data.Dataset.from_tensor_slices((ones, np.array([1, 1, 4], np.float32))).batch(2)

    assert slope().evaluate(uneven)["loss"] == (1 + 16) / 2


def test_a_name_makes_a_directory_of_its_own(trained, two_batches, model_dir, events_in):
    trained.evaluate(two_batches, name="test")
    assert trained.eval_dir("test") == str(model_dir / "eval_test")
    assert events_in(model_dir / "eval_test")[-1].summary.value[0].tag == "checkpoint_path"


def test_evaluations_of_one_process_share_a_file(trained, two_batches, model_dir, events_in):
    trained.evaluate(two_batches)
    trained.evaluate(two_batches, checkpoint_path=model_dir / "model.ckpt-1")
    kinds = [(event.WhichOneof("what"), event.step) for event in events_in(model_dir / "eval")]
    graph = [("file_version", 0), ("graph_def", 0), ("meta_graph_def", 0)]
    assert kinds == [*graph, ("summary", 3), ("summary", 3), ("summary", 1), ("summary", 1)]


def test_summaries_of_the_model_are_not_written(slope, slope_model, two_batches, events_in, model_dir):
    def model_fn(features, labels, mode):
        tf.summary.scalar("seen", 1.0)
        return slope_model(features, labels, mode)

    slope(model_fn).evaluate(two_batches)
    tags = [value.tag for event in events_in(model_dir / "eval") for value in event.summary.value]
    assert "seen" not in tags


@pytest.mark.parametrize("name", ["loss", "global_step"])
def test_names_of_the_estimators_own_metrics_are_refused(slope, slope_model, two_batches, name):
    def model_fn(features, labels, mode):
        return slope_model(features, labels, mode)._replace(eval_metric_ops={name: tf.metrics.mean(features)})

    with pytest.raises(ValueError, match=f'Metric with name "{name}" is not allowed'):
        slope(model_fn).evaluate(two_batches)


def test_metrics_may_be_arrays_whole_numbers_and_summaries(slope, slope_model, two_batches, events_in, model_dir):
    def model_fn(features, labels, mode):
        nothing = tf.no_op()
        metrics = {
            "array": (tf.constant([1.0, 2.0]), nothing),
            "count": (tf.constant(7, tf.int64), nothing),
            "picture": (tf.summary.text("note", tf.constant("hello")), nothing),
            "words": (tf.constant("no summary at all"), nothing),
        }
        return slope_model(features, labels, mode)._replace(eval_metric_ops=metrics)

    scores = slope(model_fn).evaluate(two_batches)
    values = {value.tag: value for event in events_in(model_dir / "eval") for value in event.summary.value}
    np.testing.assert_array_equal(scores["array"], [1.0, 2.0])
    assert sorted(values) == ["array", "count", "loss", "picture/0"]
    assert values["count"].simple_value == 7
    assert values["picture/0"].tensor.string_val[0] == b"hello"
    assert np.frombuffer(values["array"].tensor.tensor_content, np.float32).tolist() == [1.0, 2.0]


def test_a_scaffold_with_its_own_local_init_op_still_initialises_metrics(slope, slope_model, two_batches):
    def model_fn(features, labels, mode):
        ready = tf.get_variable("ready", [], initializer=tf.zeros_initializer(), trainable=False, collections=["mine"])
        spec = slope_model(features, labels, mode)
        scaffold = tf.train.Scaffold(local_init_op=ready.assign(1.0).op)
        return spec._replace(scaffold=scaffold, eval_metric_ops={"ready": tf.metrics.mean(ready)})

    assert slope(model_fn).evaluate(two_batches)["ready"] == 1.0


def test_hooks_see_the_batches(trained, slope_input):
    class Counting(tf.train.SessionRunHook):
        runs = 0

        def after_run(self, run_context, run_values):
            self.runs += 1

    hook = Counting()
    trained.evaluate(slope_input(batches=5), hooks=[hook])
    assert hook.runs == 5


def test_evaluating_leaves_no_checkpoint(slope, two_batches, checkpoints_in, model_dir):
    slope().evaluate(two_batches)
    assert checkpoints_in(model_dir) == []
