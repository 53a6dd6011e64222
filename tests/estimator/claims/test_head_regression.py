"""The head of numbers: head/regression_head_test.py, without eager execution."""

from __future__ import annotations

import numpy as np
import pytest

import trackml as tf

Head = tf.estimator.RegressionHead
SUM = tf.losses.Reduction.SUM
F32 = np.float32

LOGITS, LABELS = np.array([[45.0], [41.0]], F32), np.array([[43], [44]], np.int32)  # 2 and 3 away
THREE, THREE_LABELS = np.array([[45], [41], [44]], np.int32), np.array([[35], [42], [45]], np.int32)
WEIGHTS = {"w": np.array([[1.0], [0.1], [1.5]])}  # of 100, 1 and 1: 101.6
CUBE = np.array([[[0, 1, 2], [10, 11, 12]], [[20, 21, 22], [30, 31, 32]]], F32)
AWAY = np.array([[1.0], [2.0], [3.0], [4.0]], F32).reshape(2, 2, 1)
CUBE_WEIGHTS = {"w": np.array([[1.0, 1.5], [2.0, 2.5]])}  # 3 * (1 * 1 + 1.5 * 4 + 2 * 9 + 2.5 * 16) = 195


OWN_LABELS, OWN_LOGITS = np.array([[1.0, 0.0], [2.0, -1.0]], F32), np.array([[-1.0, 1.0], [-2.0, 2.0]], F32)


def losses_of_ones_own(labels, logits):
    same = [tf.reduce_all(tf.equal(labels, OWN_LABELS)), tf.reduce_all(tf.equal(logits, OWN_LOGITS))]
    with tf.control_dependencies([tf.Assert(item, [labels, logits]) for item in same]):
        return tf.constant([[0.0, 1.0], [2.0, 3.0]])


# (settings of the head, logits, labels, features, loss)
LOSSES = {
    "the mean of squares": ({}, LOGITS, LABELS, {}, 6.5),
    "their sum": ({"loss_reduction": SUM}, LOGITS, LABELS, {}, 13.0),
    "weights": ({"weight_column": "w"}, THREE, THREE_LABELS, WEIGHTS, 101.6 / 3),
    "weights that a column makes": (
        {"weight_column": tf.feature_column.numeric_column("w", normalizer_fn=lambda x: x + 1.0)},
        THREE, THREE_LABELS, {"w": np.array([[0.0], [-0.9], [0.5]], F32)}, 101.6 / 3,
    ),
    "labels and weights of one dimension": (
        {"weight_column": "w"}, THREE, THREE_LABELS.ravel() * 1.0, {"w": WEIGHTS["w"].ravel()}, 101.6 / 3
    ),
    "a weight for each number": (
        {"weight_column": "w", "label_dimension": 3},
        THREE.T * 1.0, THREE_LABELS.T * 1.0, {"w": WEIGHTS["w"].T}, 101.6 / 3,
    ),
    "more dimensions": (
        {"weight_column": "w", "label_dimension": 3}, CUBE, CUBE + AWAY, CUBE_WEIGHTS, 195 / 12
    ),
    "losses of one's own": (
        {"label_dimension": 2, "loss_fn": losses_of_ones_own},
        OWN_LOGITS, OWN_LABELS, {}, 6 / 4,
    ),
}  # fmt: skip


pytestmark = pytest.mark.usefixtures("graph")


@pytest.mark.parametrize("mode", ["train", "eval"])
@pytest.mark.parametrize("claim", LOSSES)
def test_losses(evaluated, claim, mode):
    settings, logits, labels, features, loss = LOSSES[claim]
    found = Head(**settings).loss(labels, logits, features, mode)
    assert found.dtype == tf.float32
    assert evaluated(found) == pytest.approx(loss, rel=1e-5)


# (settings, logits, labels, features, penalties, loss, metrics)
EVALUATIONS = {
    "no weights": ({}, LOGITS, LABELS, {}, None, 6.5,
                   {"average_loss": 6.5, "prediction/mean": 43.0, "label/mean": 43.5}),
    "penalties": ({}, LOGITS, LABELS, {}, [1.5, 0.5], 8.5,
                  {"average_loss": 6.5, "regularization_loss": 2.0, "prediction/mean": 43.0, "label/mean": 43.5}),
    "a name": ({"name": "some_regression_head"}, LOGITS, LABELS, {}, None, 6.5,
               {"average_loss/some_regression_head": 6.5, "prediction/mean/some_regression_head": 43.0,
                "label/mean/some_regression_head": 43.5}),
    "weights": ({"weight_column": "w"}, THREE, THREE_LABELS, WEIGHTS, None, 101.6 / 3,
                {"average_loss": 101.6 / 2.6, "prediction/mean": (45 + 4.1 + 66) / 2.6,
                 "label/mean": (35 + 4.2 + 67.5) / 2.6}),
    "a weight for each number": (
        {"weight_column": "w", "label_dimension": 3}, THREE.T * 1.0, THREE_LABELS.T * 1.0, {"w": WEIGHTS["w"].T}, None,
        101.6 / 3, {"average_loss": 101.6 / 2.6, "prediction/mean": (45 + 4.1 + 66) / 2.6,
                    "label/mean": (35 + 4.2 + 67.5) / 2.6}),
}  # fmt: skip


def assert_no_hooks(spec):
    assert (spec.training_hooks, spec.training_chief_hooks, spec.evaluation_hooks, spec.prediction_hooks) == ((),) * 4


@pytest.mark.parametrize("claim", EVALUATIONS)
def test_evaluations(scores, claim):
    settings, logits, labels, features, penalties, loss, metrics = EVALUATIONS[claim]
    spec = Head(**settings).create_estimator_spec(features, "eval", logits, labels, regularization_losses=penalties)
    assert (spec.train_op, spec.export_outputs) == (None, None)
    assert_no_hooks(spec)
    found_loss, found = scores(spec)
    assert found_loss == pytest.approx(loss, rel=1e-5)
    assert found == pytest.approx(metrics, rel=1e-5)


@pytest.mark.parametrize("penalties", [None, [1.5, 0.5]])
def test_training(evaluated, penalties):
    seen = []

    def train_op_fn(loss):
        seen.append(loss)
        return tf.constant(b"my_train_op")

    spec = Head().create_estimator_spec(
        {}, "train", LOGITS, LABELS * 1.0, train_op_fn=train_op_fn, regularization_losses=penalties
    )
    assert (spec.eval_metric_ops, spec.export_outputs) == ({}, None)
    assert_no_hooks(spec)
    predictions, loss, given, result, text = evaluated(
        [spec.predictions["predictions"], spec.loss, seen[0], spec.train_op, tf.summary.merge_all()]
    )
    expected = {"loss": 8.5, "regularization_loss": 2.0} if penalties else {"loss": 6.5}
    np.testing.assert_array_equal(predictions, LOGITS)
    assert (loss, given, result) == (expected["loss"], expected["loss"], b"my_train_op")
    assert {value.tag: value.simple_value for value in tf.Summary.FromString(text).value} == expected


@pytest.mark.parametrize("link", [False, True])
def test_predictions(evaluated, link):
    head = Head(inverse_link_fn=(lambda logits: logits - 10.0) if link else None)
    assert head.logits_dimension == 1
    logits = np.array([[45], [41]], np.int32)
    expected = logits - 10 if link else logits
    found = head.predictions(logits)
    assert {key: value.dtype for key, value in found.items()} == dict.fromkeys(
        ["predictions", "logits"] if link else ["predictions"], tf.float32
    )
    spec = head.create_estimator_spec({}, "infer", logits)
    assert (spec.loss, spec.eval_metric_ops, spec.train_op) == (None, {}, None)
    assert set(spec.export_outputs) == {"serving_default", "predict", "regression"}
    outputs = [spec.export_outputs["serving_default"].value, spec.export_outputs["regression"].value,
               spec.export_outputs["predict"].outputs["predictions"], found["predictions"]]  # fmt: skip
    for value in evaluated(outputs):
        np.testing.assert_array_equal(value, expected)
    if link:
        np.testing.assert_array_equal(evaluated(spec.export_outputs["predict"].outputs["logits"]), logits)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"label_dimension": -1}, "Invalid label_dimension -1"),
        ({"label_dimension": 0}, "Invalid label_dimension 0"),
        ({"loss_reduction": "invalid_loss_reduction"}, "Invalid loss_reduction: invalid_loss_reduction"),
        ({"loss_reduction": tf.losses.Reduction.NONE}, "Invalid loss_reduction: none"),
        ({"loss_fn": lambda logits: None}, r"loss_fn must contain argument: labels. Given arguments: \('logits',\)"),
        ({"loss_fn": lambda labels: None}, r"loss_fn must contain argument: logits. Given arguments: \('labels',\)"),
        ({"loss_fn": lambda labels, logits, name=None: None}, r"loss_fn has unexpected args: \['name'\]"),
    ],
)
@pytest.mark.parametrize("kind", ["RegressionHead", "BinaryClassHead", "MultiClassHead", "MultiLabelHead"])
def test_heads_that_are_refused(kind, settings, message):
    """What all heads refuse, each of them."""
    required = {"n_classes": 3} if kind.startswith("Multi") else {}
    if "label_dimension" in settings:
        kind, required = "RegressionHead", {}
    with pytest.raises(ValueError, match=message):
        getattr(tf.estimator, kind)(**required, **settings)


@pytest.mark.parametrize("kind", ["RegressionHead", "BinaryClassHead", "MultiClassHead", "MultiLabelHead"])
def test_losses_of_ones_own_may_look_at_features(evaluated, kind):
    def loss_fn(labels, logits, features):
        return tf.reduce_sum(logits, -1, keepdims=True) + features["x"]

    required = {"n_classes": 3} if kind.startswith("Multi") else {}
    head = getattr(tf.estimator, kind)(**required, loss_fn=loss_fn)
    logits = np.ones([1, head.logits_dimension], F32)
    labels = np.ones([1, 3], np.int64) if kind == "MultiLabelHead" else np.ones([1, 1], np.int64)
    loss = head.loss(labels, logits, {"x": np.array([[2.0]], F32)})
    assert evaluated(loss) == head.logits_dimension + 2


THREE_3, THREE_1 = np.array([[45.0, 46.0, 47.0], [41.0, 42.0, 43.0]], F32), np.array([[43.0], [44.0]], F32)


@pytest.mark.parametrize("mode", ["train", "eval"])
def test_logits_of_another_size(evaluated, mode):
    head = Head(label_dimension=3)
    with pytest.raises(ValueError, match="logits shape"):
        head.create_estimator_spec({}, mode, THREE_1, THREE_3, train_op_fn=lambda loss: loss)
    with pytest.raises(ValueError, match="logits shape"):
        head.predictions(THREE_1)
    logits = tf.placeholder(tf.float32)
    with pytest.raises(tf.errors.InvalidArgumentError, match="logits shape"):
        evaluated(head.predictions(logits)["predictions"], {logits: THREE_1})


@pytest.mark.parametrize("mode", ["train", "eval"])
def test_labels_of_another_size(evaluated, mode):
    head = Head(label_dimension=3)
    with pytest.raises(ValueError, match="Mismatched label shape"):
        head.loss(THREE_1, THREE_3, {}, mode)
    labels, logits = tf.placeholder(tf.float32), tf.placeholder(tf.float32)
    loss = head.loss(labels, logits, {}, mode)
    with pytest.raises(
        tf.errors.InvalidArgumentError, match=r"(?s)expected_labels_shape.*\[2 3\].*labels_shape.*\[2 1\]"
    ):
        evaluated(loss, {labels: THREE_1, logits: THREE_3})


@pytest.mark.parametrize("mode", ["train", "eval"])
def test_labels_must_be_there(mode):
    with pytest.raises(ValueError, match=r"You must provide a labels Tensor\. Given: None\."):
        Head().create_estimator_spec({}, mode, LOGITS, None, train_op_fn=lambda loss: loss)


def test_losses_of_ones_own_have_the_shape_of_the_labels(evaluated):
    head = Head(label_dimension=2, loss_fn=lambda labels, logits: tf.constant([[1.0], [2.0]]))
    loss = head.loss(np.ones([2, 2], F32), np.ones([2, 2], F32), {})
    with pytest.raises(
        tf.errors.InvalidArgumentError, match=r"(?s)loss_fn must return Tensor of shape.*\[2 2\].*\[2 1\]"
    ):
        evaluated(loss)
