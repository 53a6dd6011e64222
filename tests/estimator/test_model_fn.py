"""What an EstimatorSpec takes, by mode."""

from __future__ import annotations

import pytest

import trackml as tf
from trackml.estimator import EstimatorSpec, ModeKeys


@pytest.fixture(autouse=True)
def _graph():
    with tf.Graph().as_default():
        yield


def test_modes_are_tensorflows():
    assert (ModeKeys.TRAIN, ModeKeys.EVAL, ModeKeys.PREDICT) == ("train", "eval", "infer")


def test_an_unknown_mode_is_refused():
    with pytest.raises(ValueError, match="Unknown mode 'training'"):
        EstimatorSpec("training", predictions=tf.constant(1.0))


@pytest.mark.parametrize(
    ("mode", "given", "message"),
    [
        (ModeKeys.TRAIN, (), "Missing train_op."),
        (ModeKeys.TRAIN, ("train_op",), "Missing loss."),
        (ModeKeys.TRAIN, ("loss",), "Missing train_op."),
        (ModeKeys.EVAL, (), "Missing loss."),
        (ModeKeys.PREDICT, (), "Missing predictions."),
        (ModeKeys.PREDICT, ("loss", "train_op"), "Missing predictions."),
    ],
)
def test_what_a_mode_needs_is_asked_for(mode, given, message):
    parts = {"loss": tf.constant(1.0), "train_op": tf.no_op()}
    with pytest.raises(ValueError, match=message):
        EstimatorSpec(mode, **{name: parts[name] for name in given})


@pytest.mark.parametrize("value", [1.0, [1.0], [[1.0]]])
def test_a_loss_of_one_element_becomes_a_scalar(value):
    spec = EstimatorSpec(ModeKeys.EVAL, loss=tf.constant(value))
    assert spec.loss.shape.as_list() == []


def test_a_loss_of_two_elements_is_refused():
    with pytest.raises(ValueError, match="Loss must be scalar, given: Tensor"):
        EstimatorSpec(ModeKeys.EVAL, loss=tf.constant([1.0, 2.0]))


def test_a_loss_of_unknown_shape_is_taken():
    spec = EstimatorSpec(ModeKeys.EVAL, loss=tf.placeholder(tf.float32, [None, None]))
    assert spec.loss.shape.as_list() == []


@pytest.mark.parametrize(
    ("part", "value", "message"),
    [
        ("loss", "operation", "loss must be Tensor"),
        ("predictions", "operation", "predictions must be Tensor"),
        ("predictions", {"a": "operation"}, r"predictions\[a\] must be Tensor"),
        ("train_op", 1.0, "train_op must be Operation or Tensor"),
        ("eval_metric_ops", [], "eval_metric_ops must be a dict"),
        ("eval_metric_ops", {"a": "operation"}, r"must be \(metric_value, update_op\) tuples, given: .* for key: a"),
        ("training_hooks", ["hook"], "All hooks must be `SessionRunHook` instances"),
        ("training_chief_hooks", ["hook"], "All hooks must be `SessionRunHook` instances"),
        ("evaluation_hooks", ["hook"], "All hooks must be `SessionRunHook` instances"),
        ("prediction_hooks", ["hook"], "All hooks must be `SessionRunHook` instances"),
        ("scaffold", "scaffold", "scaffold must be tf.train.Scaffold"),
    ],
)
def test_parts_of_a_wrong_type_are_refused(part, value, message):
    made = {"operation": tf.no_op()}
    value = {key: made.get(item, item) for key, item in value.items()} if isinstance(value, dict) else value
    parts = {"loss": tf.constant(1.0), "predictions": tf.constant(1.0)}
    parts[part] = made[value] if value == "operation" else value
    with pytest.raises(TypeError, match=message):
        EstimatorSpec(ModeKeys.EVAL, **parts)


@pytest.mark.parametrize("part", ["loss", "predictions", "train_op"])
def test_parts_of_another_graph_are_refused(part):
    with tf.Graph().as_default():
        other = tf.constant(1.0, name="other")
    parts = {"loss": tf.constant(1.0), "train_op": tf.no_op(), part: other}
    with pytest.raises(ValueError, match=f'{part} with "other:0" must be from the default graph'):
        EstimatorSpec(ModeKeys.TRAIN, **parts)


def test_a_train_op_may_be_an_operation_a_tensor_or_a_variable():
    made = [tf.no_op(), tf.constant(1.0), tf.get_variable("v", [])]
    taken = [EstimatorSpec(ModeKeys.TRAIN, loss=tf.constant(1.0), train_op=item).train_op for item in made]
    assert [type(item) for item in taken] == [tf.Operation, tf.Tensor, tf.Tensor]
    assert taken[:2] == made[:2]


def test_numbers_may_be_losses_and_predictions():
    spec = EstimatorSpec(ModeKeys.EVAL, loss=0.5, predictions={"a": [1, 2]})
    assert (spec.loss.dtype, spec.predictions["a"].shape.as_list()) == (tf.float32, [2])


def test_what_is_not_given_is_empty():
    spec = EstimatorSpec(ModeKeys.EVAL, loss=tf.constant(1.0))
    assert (spec.predictions, spec.eval_metric_ops, spec.training_hooks, spec.train_op) == ({}, {}, (), None)
    assert isinstance(spec.scaffold, tf.train.Scaffold)


def test_a_part_can_be_replaced_and_is_checked_again():
    spec = EstimatorSpec(ModeKeys.EVAL, loss=tf.constant(1.0), predictions=tf.constant(2.0))
    other = tf.constant(3.0)
    replaced = spec._replace(loss=other)
    assert (replaced.loss, replaced.predictions) == (other, spec.predictions)
    with pytest.raises(ValueError, match="Loss must be scalar"):
        spec._replace(loss=tf.constant([1.0, 2.0]))


@pytest.mark.parametrize(
    ("change", "message"),
    [({"mode": ModeKeys.TRAIN}, "mode of EstimatorSpec cannot be changed."), ({"los": 1.0}, r"\['los'\]")],
)
def test_the_mode_and_unknown_parts_cannot_be_replaced(change, message):
    spec = EstimatorSpec(ModeKeys.EVAL, loss=tf.constant(1.0))
    with pytest.raises(ValueError, match=message):
        spec._replace(**change)
