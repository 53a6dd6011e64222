"""Heads of classes: head/binary_class_head_test.py, multi_class_head_test.py, multi_label_head_test.py and
multi_head_test.py, without eager execution. What all heads refuse is in test_head_regression.py."""

from __future__ import annotations

import numpy as np
import pytest

import trackml as tf

Binary, Multi, Label = tf.estimator.BinaryClassHead, tf.estimator.MultiClassHead, tf.estimator.MultiLabelHead
Several, Regression = tf.estimator.MultiHead, tf.estimator.RegressionHead
SUM = tf.losses.Reduction.SUM
F32 = np.float32

pytestmark = pytest.mark.usefixtures("graph")

# A logit of 45 for label 1 costs nothing, one of -41 costs 41, one of 44 for label 0 costs 44.
TWO, ONES = np.array([[45.0], [-41.0]], F32), np.array([[1], [1]], np.int32)
THREE, RANK_1 = np.array([[45.0], [-41.0], [44.0]], F32), np.array([1.0, 1.0, 0.0])
WEIGHTS = {"w": np.array([1.0, 0.1, 1.5])}
TENS, MIDDLE = np.array([[10.0, 0.0, 0.0], [0.0, 10.0, 0.0]], F32), np.array([[1], [1]], np.int64)  # 10 and 0
# Of two classes: (10 + 10) / 2 and (15 + 0) / 2.
LARGE, HOT = np.array([[-10.0, 10.0], [-15.0, 10.0]], F32), np.array([[1, 0], [1, 1]], np.int64)
SMALL = np.array([[-1.0, 1.0], [-1.5, 1.5]], F32)
EXAMPLE_WEIGHTS = {"w": np.array([[1.0], [2.0]], F32)}


def cross_entropy(labels, logits):
    return labels * np.log1p(np.exp(-logits)) + (1 - labels) * np.log1p(np.exp(logits))


SMALL_LOSS = cross_entropy(HOT, SMALL).mean()


def sparse(*values):
    return tf.SparseTensor([[0, 0], [1, 0], [1, 1]], list(values), [2, 2])


def own_losses(labels, logits):
    return tf.constant([[1.0], [2.0]])


# (head, logits, labels, features, loss)
LOSSES = {
    "binary": (lambda: Binary(), TWO, ONES, {}, 20.5),
    "binary, sum": (lambda: Binary(loss_reduction=SUM), TWO, ONES * 1.0, {}, 41.0),
    "binary, names": (lambda: Binary(label_vocabulary=["aang", "iroh"]), TWO, [[b"iroh"], [b"iroh"]], {}, 20.5),
    "binary, own": (lambda: Binary(loss_fn=own_losses), TWO, ONES, {}, 1.5),
    "binary, one dimension": (lambda: Binary(weight_column="w"), THREE, RANK_1, WEIGHTS, (4.1 + 66) / 3),
    "binary, more dimensions": (
        # 10 and 0, 0 and 12, with weights of 1, 1.5, 2 and 2.5.
        lambda: Binary(weight_column="w"), np.array([[[10.0], [-10.0]], [[12.0], [-12.0]]], F32),
        np.array([[[0], [0]], [[1], [1]]]), {"w": np.array([[1.0, 1.5], [2.0, 2.5]])}, (10 + 2.5 * 12) / 4,
    ),
    "multi": (lambda: Multi(3), TENS, MIDDLE, {}, 5.0),
    "multi, sum": (lambda: Multi(3, loss_reduction=SUM), TENS, MIDDLE, {}, 10.0),
    "multi, names": (lambda: Multi(3, label_vocabulary=["aang", "iroh", "zuko"]), TENS, [[b"iroh"]] * 2, {}, 5.0),
    "multi, own": (lambda: Multi(3, loss_fn=own_losses), TENS, MIDDLE, {}, 1.5),
    "multi, weights": (lambda: Multi(3, weight_column="w"), TENS, MIDDLE, EXAMPLE_WEIGHTS, 5.0),
    "multi, one dimension": (
        lambda: Multi(3, weight_column="w"), TENS, MIDDLE.ravel(), {"w": np.array([1.0, 2.0])}, 5.0
    ),
    "label": (lambda: Label(2), SMALL, HOT, {}, SMALL_LOSS),
    "label, large": (lambda: Label(2), LARGE, HOT, {}, 8.75),
    "label, weights": (lambda: Label(2, weight_column="w"), LARGE, HOT, EXAMPLE_WEIGHTS, 12.5),
    "label, weights, sum": (lambda: Label(2, weight_column="w", loss_reduction=SUM), LARGE, HOT, EXAMPLE_WEIGHTS, 25.0),
    "label, own": (lambda: Label(2, loss_fn=own_losses), LARGE, HOT, {}, 1.5),
    "label, numbers": (lambda: Label(2), SMALL, lambda: sparse(0, 0, 1), {}, SMALL_LOSS),
    "label, names": (
        lambda: Label(2, label_vocabulary=["a", "b"]), SMALL, lambda: sparse("a", "a", "b"), {}, SMALL_LOSS
    ),
    "label, names and indicators": (lambda: Label(2, label_vocabulary=["a", "b"]), SMALL, HOT, {}, SMALL_LOSS),
    "label, more dimensions": (
        # (10 + 10) / 2 and (15 + 0) / 2, then (0 + 12) / 2 and (0 + 0) / 2, with weights of 1, 1.5, 2 and 2.5.
        lambda: Label(2, weight_column="w"),
        np.array([[[-10.0, 10.0], [-15.0, 10.0]], [[-12.0, 12.0], [-15.0, 15.0]]], F32),
        np.array([[[1, 0], [1, 1]], [[0, 0], [0, 1]]]), {"w": np.array([[1.0, 1.5], [2.0, 2.5]])},
        (10 + 1.5 * 7.5 + 2 * 6) / 4,
    ),
}  # fmt: skip


def made(labels):
    return labels() if callable(labels) else labels


@pytest.mark.parametrize("mode", ["train", "eval"])
@pytest.mark.parametrize("claim", LOSSES)
def test_losses(evaluated, claim, mode):
    head, logits, labels, features, loss = LOSSES[claim]
    found = head().loss(made(labels), logits, features, mode)
    assert evaluated(found) == pytest.approx(loss, rel=1e-3, abs=1e-4)


BINARY = {"accuracy": 0.5, "precision": 1.0, "recall": 0.5, "prediction/mean": 0.5, "label/mean": 1.0,
          "accuracy_baseline": 1.0, "auc": 0.0, "auc_precision_recall": 1.0}  # fmt: skip
# Figures of four examples by the trapezoidal rule of tf.metrics.auc, as in the heads of TensorFlow 1.
AREAS = {"auc": 0.3333, "auc_precision_recall": 0.7639}
SHARES = (1 / (1 + np.exp(-SMALL))).mean(0)


def at(threshold, accuracy, precision, recall):
    figures = zip(("accuracy", "precision", "recall"), (accuracy, precision, recall))
    return {f"{name}/positive_threshold_{threshold:g}": value for name, value in figures}


def of_classes(*names):
    return {f"{metric}/{name}": value for name, values in zip(names, [(SHARES[0], 0.0, 1.0), (SHARES[1], 1.0, 1.0)])
            for metric, value in zip(("probability_mean", "auc", "auc_precision_recall"), values)}  # fmt: skip


# (head, logits, labels, features, penalties, loss, metrics)
EVALUATIONS = {
    "binary": (lambda: Binary(), TWO, ONES, {}, None, 20.5, {"average_loss": 20.5, **BINARY}),
    "binary, penalties": (lambda: Binary(), TWO, ONES, {}, [1.5, 0.5], 22.5,
                          {"average_loss": 20.5, "regularization_loss": 2.0, **BINARY}),
    "binary, name": (lambda: Binary(name="head"), TWO, ONES, {}, None, 20.5,
                     {f"{key}/head": value for key, value in {"average_loss": 20.5, **BINARY}.items()}),
    "binary, thresholds": (
        # Probabilities of 0.269 and 0.731.
        lambda: Binary(thresholds=[0.25, 0.5, 0.75]), np.array([[-1.0], [1.0]], F32), ONES, {}, None, 1.62652338 / 2,
        {"average_loss": 1.62652338 / 2, **BINARY, **at(0.25, 1.0, 1.0, 1.0), **at(0.5, 0.5, 1.0, 0.5),
         **at(0.75, 0.0, 0.0, 0.0)},
    ),
    "multi": (lambda: Multi(3), TENS, MIDDLE, {}, None, 5.0, {"average_loss": 5.0, "accuracy": 0.5}),
    "multi, penalties": (lambda: Multi(3), TENS, MIDDLE, {}, [1.5, 0.5], 7.0,
                         {"average_loss": 5.0, "regularization_loss": 2.0, "accuracy": 0.5}),
    "multi, name": (lambda: Multi(3, name="head"), TENS, MIDDLE, {}, None, 5.0,
                    {"average_loss/head": 5.0, "accuracy/head": 0.5}),
    "multi, weights": (lambda: Multi(3, weight_column="w"), TENS, MIDDLE, EXAMPLE_WEIGHTS, None, 5.0,
                       {"average_loss": 10 / 3, "accuracy": 2 / 3}),
    "label": (lambda: Label(2), SMALL, HOT, {}, None, SMALL_LOSS, {"average_loss": SMALL_LOSS, **AREAS}),
    "label, penalties": (lambda: Label(2), SMALL, HOT, {}, [1.5, 0.5], SMALL_LOSS + 2,
                         {"average_loss": SMALL_LOSS, "regularization_loss": 2.0, **AREAS}),
    "label, numbers": (lambda: Label(2), SMALL, lambda: sparse(0, 0, 1), {}, None, SMALL_LOSS,
                       {"average_loss": SMALL_LOSS, **AREAS}),
    "label, thresholds": (
        lambda: Label(2, thresholds=[0.25, 0.5, 0.75]), SMALL, HOT, {}, None, SMALL_LOSS,
        {"average_loss": SMALL_LOSS, **AREAS, **at(0.25, 0.5, 2 / 3, 2 / 3), **at(0.5, 0.25, 0.5, 1 / 3),
         **at(0.75, 0.5, 1.0, 1 / 3)},
    ),
    "label, each class": (
        lambda: Label(2, classes_for_class_based_metrics=[0, 1]), SMALL, HOT, {}, None, SMALL_LOSS,
        {"average_loss": SMALL_LOSS, **AREAS, **of_classes("class0", "class1")},
    ),
    "label, each class by name": (
        lambda: Label(2, label_vocabulary=["a", "b"], classes_for_class_based_metrics=["a", "b"]), SMALL,
        lambda: sparse("a", "a", "b"), {}, None, SMALL_LOSS,
        {"average_loss": SMALL_LOSS, **AREAS, **of_classes("a", "b")},
    ),
    "label, weights": (lambda: Label(2, weight_column="w"), LARGE, HOT, EXAMPLE_WEIGHTS, None, 12.5,
                       {"average_loss": 25 / 3, "auc": 0.2, "auc_precision_recall": 0.7833}),
}  # fmt: skip


def assert_no_hooks(spec):
    assert (spec.training_hooks, spec.training_chief_hooks, spec.evaluation_hooks, spec.prediction_hooks) == ((),) * 4


@pytest.mark.parametrize("claim", EVALUATIONS)
def test_evaluations(scores, claim):
    head, logits, labels, features, penalties, loss, metrics = EVALUATIONS[claim]
    spec = head().create_estimator_spec(features, "eval", logits, made(labels), regularization_losses=penalties)
    assert (spec.train_op, spec.export_outputs) == (None, None)
    assert_no_hooks(spec)
    found_loss, found = scores(spec)
    assert found_loss == pytest.approx(loss, rel=1e-3)
    assert found == pytest.approx(metrics, rel=1e-3, abs=1e-3)


TRAININGS = {
    "binary": (lambda: Binary(), TWO, ONES * 1.0, 20.5),
    "multi": (lambda: Multi(3), TENS, MIDDLE, 5.0),
    "label": (lambda: Label(2), LARGE, HOT, 8.75),
}


@pytest.mark.parametrize("penalties", [None, [1.5, 0.5]])
@pytest.mark.parametrize("claim", TRAININGS)
def test_training(evaluated, claim, penalties):
    head, logits, labels, loss = TRAININGS[claim]
    spec = head().create_estimator_spec(
        {}, "train", logits, labels, train_op_fn=lambda loss: loss + 1, regularization_losses=penalties
    )
    assert (spec.eval_metric_ops, spec.export_outputs) == ({}, None)
    assert_no_hooks(spec)
    found, trained, text = evaluated([spec.loss, spec.train_op, tf.summary.merge_all()])
    expected = {"loss": loss + 2, "regularization_loss": 2.0} if penalties else {"loss": loss}
    assert (found, trained) == pytest.approx((expected["loss"], expected["loss"] + 1), rel=1e-4)
    values = {value.tag: value.simple_value for value in tf.Summary.FromString(text).value}
    assert values == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize("claim", TRAININGS)
def test_training_by_an_optimizer_and_with_updates(evaluated, still, claim):
    head, logits, labels, _ = TRAININGS[claim]
    updated = tf.Variable(1.0)
    spec = head().create_estimator_spec(
        {}, "train", logits, labels, optimizer=still, update_ops=[updated.assign(2.0).op]
    )
    assert still.calls == 1
    with tf.Session() as session:
        session.run([tf.global_variables_initializer(), tf.tables_initializer()])
        session.run(spec.train_op)
        assert session.run([updated, tf.train.get_global_step()]) == [2.0, 1]


TWO_LOGITS = [[0.3], [-0.4]]
THREE_LOGITS = [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]
PREDICTIONS = {
    "binary": (Binary, {}, TWO_LOGITS, {
        "logits": TWO_LOGITS, "logistic": [[0.574443], [0.401312]],
        "probabilities": [[0.425557, 0.574443], [0.598688, 0.401312]], "class_ids": [[1], [0]],
        "all_class_ids": [[0, 1]] * 2}, [[b"1"], [b"0"]], [[b"0", b"1"]] * 2),
    "binary, names": (Binary, {"label_vocabulary": ["aang", "iroh"]}, [[1.0], [0.0]], {
        "logits": [[1.0], [0.0]]}, [[b"iroh"], [b"aang"]], [[b"aang", b"iroh"]] * 2),
    "multi": (Multi, {"n_classes": 3}, THREE_LOGITS, {
        "logits": THREE_LOGITS, "probabilities": [[0.576117, 0.2119416, 0.2119416], [0.2119416, 0.2119416, 0.576117]],
        "class_ids": [[0], [2]], "all_class_ids": [[0, 1, 2]] * 2}, [[b"0"], [b"2"]], [[b"0", b"1", b"2"]] * 2),
    "multi, names": (Multi, {"n_classes": 3, "label_vocabulary": ["aang", "iroh", "zuko"]}, THREE_LOGITS, {
        "logits": THREE_LOGITS}, [[b"aang"], [b"zuko"]], [[b"aang", b"iroh", b"zuko"]] * 2),
    "label": (Label, {"n_classes": 3}, THREE_LOGITS, {
        "logits": THREE_LOGITS, "probabilities": 1 / (1 + np.exp(-np.array(THREE_LOGITS)))},
        None, [[b"0", b"1", b"2"]] * 2),
}  # fmt: skip


@pytest.mark.parametrize("weights", [None, "w"])
@pytest.mark.parametrize("claim", PREDICTIONS)
def test_predictions(evaluated, claim, weights):
    kind, settings, logits, expected, classes, exported = PREDICTIONS[claim]
    head = kind(weight_column=weights, **settings)
    spec = head.create_estimator_spec(EXAMPLE_WEIGHTS, "infer", logits)
    assert (spec.loss, spec.eval_metric_ops, spec.train_op) == (None, {}, None)
    outputs = {"serving_default", "predict", "classification"} | ({"regression"} if kind is Binary else set())
    assert set(spec.export_outputs) == outputs
    found = evaluated(spec.predictions)
    for key, value in expected.items():
        np.testing.assert_allclose(found[key], value, rtol=1e-5)
    assert ("classes" in found and found["classes"].tolist()) == (classes or False)
    default = spec.export_outputs["serving_default"]
    scores, names = evaluated([default.scores, default.classes])
    np.testing.assert_array_equal(scores, found["probabilities"])
    assert names.tolist() == exported
    if kind is Binary:
        np.testing.assert_array_equal(evaluated(spec.export_outputs["regression"].value), found["logistic"])
    (alone,) = head.predictions(logits, ["probabilities"]).values()
    np.testing.assert_array_equal(evaluated(alone), found["probabilities"])


def feed_refused(evaluated, head, labels, logits, dtype, message):
    fed_labels, fed_logits = tf.placeholder(dtype), tf.placeholder(tf.float32)
    loss = head.loss(fed_labels, fed_logits, {}, "eval")
    with pytest.raises(tf.errors.InvalidArgumentError, match=message):
        evaluated(loss, {fed_labels: labels, fed_logits: logits})


FED = {
    "binary, labels of two": (lambda: Binary(), [[1.0, 0.0], [0.0, 1.0]], TWO, tf.float32, r"(?s)\[2 1\].*\[2 2\]"),
    "binary, labels of three": (lambda: Binary(), [[0.0], [1.0], [0.0]], TWO, tf.float32, r"(?s)\[2 1\].*\[3 1\]"),
    "binary, logits of two": (lambda: Binary(), [[0.0], [1.0]], LARGE, tf.float32, "logits shape"),
    "binary, range": (lambda: Binary(), [[2.0], [1.0]], TWO, tf.float32, "Labels must <= n_classes - 1"),
    "binary, negative": (lambda: Binary(), [[-1.0], [1.0]], TWO, tf.float32, "Labels must >= 0"),
    "multi, logits of two": (lambda: Multi(3), [[0], [1]], LARGE, tf.int64, "logits shape"),
    "multi, labels of two": (lambda: Multi(3), [[1, 1], [1, 1]], TENS, tf.int64, r"(?s)\[2 1\].*\[2 2\]"),
    "multi, labels of three": (lambda: Multi(3), [[1], [1], [1]], TENS, tf.int64, r"(?s)\[2 1\].*\[3 1\]"),
    "multi, range": (lambda: Multi(3), [[1], [3]], TENS, tf.int64, "Labels must <= n_classes - 1"),
    "multi, negative": (lambda: Multi(3), [[1], [-1]], TENS, tf.int64, "Labels must >= 0"),
    "label, labels of one": (lambda: Label(2), [[1], [1]], LARGE, tf.int64, r"(?s)\[2 2\].*\[2 1\]"),
    "label, labels of rank 1": (lambda: Label(2), [1, 1], LARGE, tf.int64, "labels shape must be"),
    "label, range": (lambda: Label(2), [[2, 0], [1, 1]], LARGE, tf.int64, r"indicator Tensor with values in \[0, 1\]"),
}


@pytest.mark.parametrize("claim", FED)
def test_labels_and_logits_that_are_refused_when_they_come(evaluated, claim):
    head, labels, logits, dtype, message = FED[claim]
    feed_refused(evaluated, head(), labels, logits, dtype, message)


STATIC = {
    "binary, labels of two": (lambda: Binary(), LARGE, TWO, "Mismatched label shape"),
    "binary, none": (lambda: Binary(), None, TWO, r"You must provide a labels Tensor\. Given: None\."),
    "multi, none": (lambda: Multi(3), None, TENS, r"You must provide a labels Tensor\. Given: None\."),
    "label, none": (lambda: Label(2), None, LARGE, r"You must provide a labels Tensor\. Given: None\."),
    "multi, numbers that are none": (lambda: Multi(3), [[1.0], [2.0]], TENS, "Labels dtype should be integer"),
    "multi, names": (lambda: Multi(3), [[b"a"], [b"b"]], TENS, "Labels dtype should be integer"),
    "multi, numbers in place of names": (
        lambda: Multi(3, label_vocabulary=["a", "b", "c"]), MIDDLE, TENS, "Labels dtype should be string"
    ),
    "multi, sparse": (lambda: Multi(3), lambda: tf.SparseTensor([[0, 0]], [1], [2, 1]), TENS,
                      "SparseTensor labels are not supported"),
    "multi, logits of two": (lambda: Multi(3), MIDDLE, LARGE, "logits shape"),
}  # fmt: skip


@pytest.mark.parametrize("claim", STATIC)
def test_labels_and_logits_that_are_refused_at_once(claim):
    head, labels, logits, message = STATIC[claim]
    with pytest.raises(ValueError, match=message):
        head().loss(made(labels), logits, {}, "eval")


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Binary(thresholds=[0.0, 0.5]), r"thresholds not in \(0, 1\): \(0\.0, 0\.5\)"),
        (lambda: Binary(thresholds=[0.5, 1.0]), r"thresholds not in \(0, 1\): \(0\.5, 1\.0\)"),
        (lambda: Multi(n_classes=None), "n_classes cannot be None"),
        (lambda: Multi(n_classes=2), "n_classes must be > 2"),
        (lambda: Label(n_classes=None), "n_classes must be > 1"),
        (lambda: Label(n_classes=1), "n_classes must be > 1"),
        (lambda: Label(2, thresholds=[0.0, 0.5]), "threshold"),
        (lambda: Label(2, thresholds=[0.5, 1.0]), "threshold"),
        (lambda: Label(2, label_vocabulary={"foo": "bar"}), "label_vocabulary"),
        (lambda: Label(3, label_vocabulary=["foo", "bar"]), "label_vocabulary"),
        (lambda: Label(3, classes_for_class_based_metrics=[2, -1]), "-1"),
        (lambda: Label(3, label_vocabulary=["a", "b", "c"], classes_for_class_based_metrics=["c", "z"]),
         "'z' of .* is not in list"),
        (lambda: Multi(3).predictions(THREE_LOGITS, ["some_invalid_key"]),
         "Prediction key must be in PredictionKeys, given: some_invalid_key"),
        (lambda: Several([]), r"Must specify heads\. Given: \[\]"),
        (lambda: Several([Label(2, name="head1"), Label(3)]), "All given heads must have name specified"),
        (lambda: Several([Label(2, name="head1"), Label(3, name="head2")], head_weights=[1.0]),
         r"heads and head_weights must have the same size\. Given len\(heads\): 2\. Given len\(head_weights\): 1"),
    ],
)  # fmt: skip
def test_heads_that_are_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()


# Several heads.


def two_heads(**settings):
    return Several([Label(2, name="head1"), Label(3, name="head2")], **settings)


SECOND = np.array([[20.0, -20.0, 20.0], [-30.0, 20.0, -20.0]], F32)  # 20 and 10, the mean over classes
BOTH_LABELS = {"head1": HOT, "head2": np.array([[0, 1, 0], [1, 1, 0]], np.int64)}


def test_the_name_of_several_heads():
    assert (two_heads().name, two_heads().logits_dimension) == ("head1_head2", 5)


@pytest.mark.parametrize("kind", ["dict", "tensor"])
def test_predictions_of_several_heads(evaluated, kind):
    logits = {"head1": SMALL, "head2": SECOND / 10}
    given = logits if kind == "dict" else np.hstack(list(logits.values()))
    spec = two_heads().create_estimator_spec({}, "infer", given)
    each = {f"{head}{part}" for head in logits for part in ("", "/classification", "/predict")}
    assert set(spec.export_outputs) == {"serving_default", "predict", *each}
    outputs = spec.export_outputs
    for head, value in logits.items():
        shares = 1 / (1 + np.exp(-value))
        found = evaluated([spec.predictions[head, "logits"], spec.predictions[head, "probabilities"],
                           outputs[head].scores, outputs[f"{head}/predict"].outputs["probabilities"],
                           outputs["predict"].outputs[f"{head}/probabilities"]])  # fmt: skip
        np.testing.assert_allclose(found[0], value, rtol=1e-6)
        for item in found[1:]:
            np.testing.assert_allclose(item, shares, rtol=1e-5)
    np.testing.assert_allclose(evaluated(outputs["serving_default"].scores), 1 / (1 + np.exp(-SMALL)), rtol=1e-5)


def test_logits_of_more_dimensions_are_split(evaluated):
    head = Several([Regression(2, name="head1"), Regression(3, name="head2")])
    logits = np.arange(20, dtype=F32).reshape(2, 2, 5)
    found = evaluated(head.predictions(logits))
    np.testing.assert_array_equal(found["head1", "predictions"], logits[..., :2])
    np.testing.assert_array_equal(found["head2", "predictions"], logits[..., 2:])


def test_evaluation_of_several_heads(scores):
    logits = {"head1": LARGE, "head2": SECOND}
    spec = two_heads(head_weights=[1.0, 2.0]).create_estimator_spec({}, "eval", logits, BOTH_LABELS)
    loss, found = scores(spec)
    assert loss == pytest.approx(8.75 + 2 * 15, rel=1e-3)
    expected = {"loss/head1": 8.75, "loss/head2": 15.0, "average_loss/head1": 8.75, "average_loss/head2": 15.0,
                "auc/head1": 0.1667, "auc/head2": 0.3333, "auc_precision_recall/head1": 2 / 3,
                "auc_precision_recall/head2": 0.5}  # fmt: skip
    assert found == pytest.approx(expected, rel=1e-3, abs=1e-3)


def test_loss_of_one_of_several_heads(evaluated):
    loss = Several([Label(2, name="head1")]).loss({"head1": HOT}, {"head1": LARGE}, {}, "train")
    assert evaluated(loss) == pytest.approx(8.75, rel=1e-4)


def test_heads_and_examples_have_weights(evaluated):
    heads = [Label(2, name="head1", weight_column="w1"), Label(3, name="head2", weight_column="w2")]
    features = {"w1": np.array([[1.0], [2.0]], F32), "w2": np.array([[2.0], [3.0]])}
    loss = Several(heads, head_weights=[1.0, 2.0]).loss(BOTH_LABELS, {"head1": LARGE, "head2": SECOND}, features)
    # (1 * 10 + 2 * 7.5) / 2 = 12.5, and (2 * 20 + 3 * 10) / 2 = 35.
    assert evaluated(loss) == pytest.approx(12.5 + 2 * 35, rel=1e-4)


def test_training_of_several_heads(evaluated):
    logits = {"head1": LARGE, "head2": SECOND}
    spec = two_heads(head_weights=[1.0, 2.0]).create_estimator_spec(
        {}, "train", logits, BOTH_LABELS, train_op_fn=lambda loss: loss + 1, regularization_losses=[1.5, 0.5]
    )
    loss, trained, text = evaluated([spec.loss, spec.train_op, tf.summary.merge_all()])
    assert (loss, trained) == pytest.approx((40.75, 41.75), rel=1e-4)
    values = {value.tag: value.simple_value for value in tf.Summary.FromString(text).value}
    expected = {"loss": 40.75, "loss/head1": 8.75, "loss/head2": 15.0, "regularization_loss": 2.0}
    assert {tag: values[tag] for tag in expected} == pytest.approx(expected, rel=1e-4)
