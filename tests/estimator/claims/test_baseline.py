"""Baselines: canned/v1/baseline_test_v1.py and baseline_estimator_test_v1.py."""

from __future__ import annotations

import numpy as np
import pytest

import trackml as tf

SUM = tf.losses.Reduction.SUM
BIAS = "baseline/bias"
numeric = tf.feature_column.numeric_column


def of_head(head, **settings):
    return tf.estimator.BaselineEstimator(head, **settings)


def class_head(n_classes=2, weight_column=None, label_vocabulary=None):
    given = {"weight_column": weight_column, "label_vocabulary": label_vocabulary, "loss_reduction": SUM}
    heads = tf.estimator
    return heads.BinaryClassHead(**given) if n_classes == 2 else heads.MultiClassHead(n_classes, **given)


REGRESSORS = {
    "BaselineRegressor": tf.estimator.BaselineRegressor,
    "BaselineEstimator": lambda label_dimension=1, weight_column=None, **settings: of_head(
        tf.estimator.RegressionHead(label_dimension, weight_column, SUM), **settings
    ),
}


@pytest.fixture(params=REGRESSORS)
def regressor(request, tmp_path):
    return lambda **settings: REGRESSORS[request.param](model_dir=str(tmp_path), **settings)


@pytest.fixture
def classifier(tmp_path):
    return lambda **settings: tf.estimator.BaselineClassifier(model_dir=str(tmp_path), **settings)


TWO_TENS = ((10.0,), (10.0,))
REGRESSIONS = {
    "one example": ({"age": ((1,),)}, ((10.0,),), {}, 9.0),
    "the loss is the sum of two": ({"age": ((1,), (1,))}, TWO_TENS, {}, 18.0),
    "weights": ({"age": ((1,), (1,)), "w": ((1.0,), (2.0,))}, TWO_TENS, {"weight_column": "w"}, 27.0),
}


@pytest.mark.parametrize("claim", REGRESSIONS)
def test_evaluation_of_a_regression(regressor, checkpoint, claim):
    features, labels, settings, loss = REGRESSIONS[claim]
    checkpoint({BIAS: [13.0]})  # 3 away from 10
    found = regressor(**settings).evaluate(lambda: (features, labels), steps=1)
    assert found == {"loss": loss, "average_loss": 9.0, "prediction/mean": 13.0, "label/mean": 10.0, "global_step": 100}


def test_evaluation_of_several_numbers(regressor, checkpoint):
    checkpoint({BIAS: [46.0, 58.0]})
    x, y = {"age": np.array([[2.0, 4.0, 5.0]])}, np.array([[46.0, 58.0]])
    found = regressor(label_dimension=2).evaluate(tf.estimator.inputs.numpy_input_fn(x, y, 1, None, False), steps=1)
    assert set(found) == {"loss", "average_loss", "prediction/mean", "label/mean", "global_step"}
    assert found["loss"] == pytest.approx(0, abs=1e-7)


@pytest.mark.parametrize(
    ("bias", "x"), [([0.2], [[2.0]]), ([0.2, 0.4, 0.6], [[1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, 8.0]])]
)
def test_predictions_of_a_regression_are_the_bias(regressor, checkpoint, bias, x):
    checkpoint({BIAS: bias})
    input_fn = tf.estimator.inputs.numpy_input_fn({"x": np.array(x)}, None, len(x), 1, False)
    found = [row["predictions"] for row in regressor(label_dimension=len(bias)).predict(input_fn)]
    np.testing.assert_allclose(found, [bias] * len(x), rtol=1e-6)


def assert_trained(model, step, bias=None, size=1):
    assert model.get_variable_value("global_step") == step
    assert model.get_variable_value(BIAS).shape == (size,)
    if bias is not None:
        np.testing.assert_array_equal(model.get_variable_value(BIAS), np.asarray(bias, np.float32))


REGRESSION_LOSSES = {
    "from scratch": (None, {"age": ((17,),)}, ((5.0,),), 25.0),
    "from a checkpoint": ([7.0], {"age": ((17,),)}, ((5.0,),), 4.0),
    "two": ([5.0], {"age": ((17,), (15,))}, ((5.0,), (3.0,)), 4.0),
}


@pytest.mark.parametrize("claim", REGRESSION_LOSSES)
def test_training_of_a_regression_makes_the_sum_of_squares_small(regressor, checkpoint, still, watch, claim):
    bias, features, labels, loss = REGRESSION_LOSSES[claim]
    if bias:
        checkpoint({BIAS: bias})
    losses = watch(lambda: still.loss)
    model = regressor(optimizer=still)
    model.train(lambda: (features, labels), hooks=[losses], steps=10)
    assert (still.calls, still.names, still.loss.shape.ndims) == (1, [f"{BIAS}:0"], 0)
    np.testing.assert_allclose(losses.values, [loss] * 10, rtol=1e-6)
    assert_trained(model, 110 if bias else 10, bias or [0.0])


RANK_1 = np.linspace(0.0, 2.0, 20, dtype=np.float32)


@pytest.mark.parametrize("settings", [{}, {"weight_column": "w"}], ids=["labels", "weights"])
def test_labels_and_weights_of_one_dimension(regressor, settings):
    input_fn = tf.estimator.inputs.numpy_input_fn({"age": RANK_1, "w": RANK_1}, RANK_1, 20, None, True)
    assert_trained(regressor(label_dimension=1, **settings).train(input_fn, steps=200), 200)


def test_the_default_optimizer_trains_from_scratch(regressor):
    assert_trained(regressor().train(lambda: ({"age": ((17,),)}, ((5.0,),)), steps=10), 10)


# Classifiers; all logits of a class are -1: two classes have log(1 + e) or log(1 + 1 / e), four have log 4.


def bias_of(n_classes, value=-1.0):
    return [value] * (1 if n_classes == 2 else n_classes)


def losses_of(bias, labels):
    logits = np.array([0.0, *bias]) if len(bias) == 1 else np.asarray(bias)
    logs = logits - np.log(np.exp(logits).sum())
    shares = [[1 - y, y] if len(bias) == 1 else np.eye(len(bias))[y] for y in labels]
    return [-float(logs @ share) for share in shares]


def test_losses_are_those_that_tensorflow_states():
    found = losses_of([-1.0], [1, 0, 0.8])
    np.testing.assert_allclose(found, [1.3133, 0.3132, 1.1132617], rtol=3e-4)


CLASS_LOSSES = {
    "from scratch": (0.0, [17], [1]),
    "from a checkpoint": (-1.0, [17], [1]),
    "two": (-1.0, [17, 18.5], [1, 0]),
    "labels between 0 and 1": (-1.0, [17], [0.8]),
}
CLASS_CASES = [(claim, n) for claim in CLASS_LOSSES for n in (2, 4) if n == 2 or "between" not in claim]


@pytest.mark.parametrize(("claim", "n_classes"), CLASS_CASES)
def test_training_of_a_classifier_makes_the_sum_of_cross_entropies_small(
    classifier, checkpoint, still, watch, claim, n_classes
):
    value, ages, labels = CLASS_LOSSES[claim]
    bias = bias_of(n_classes, value)
    if value:
        checkpoint({BIAS: bias})
    losses = watch(lambda: still.loss)
    model = classifier(n_classes=n_classes, optimizer=still)
    model.train(lambda: ({"age": ages}, labels), hooks=[losses], steps=10)
    assert (still.calls, still.names) == (1, [f"{BIAS}:0"])
    np.testing.assert_allclose(losses.values, [sum(losses_of(bias, labels))] * 10, rtol=1e-5)
    assert_trained(model, 110 if value else 10, bias, len(bias))


ONE, TWO = np.array([0, 1]), np.array([[0], [1]])
SHAPES = {"labels [n, 1]": ({}, TWO), "labels [n]": ({}, ONE), "weights [n, 1]": ({"w": TWO}, ONE),
          "weights [n]": ({"w": ONE}, ONE)}  # fmt: skip


@pytest.mark.parametrize("n_classes", [2, 4])
@pytest.mark.parametrize("claim", SHAPES)
def test_labels_and_weights_of_a_classifier_have_one_dimension_or_two(classifier, claim, n_classes):
    extra, labels = SHAPES[claim]
    input_fn = tf.estimator.inputs.numpy_input_fn({"age": ONE, **extra}, labels, 20, None, True)
    model = classifier(n_classes=n_classes, weight_column="w" if extra else None)
    assert_trained(model.train(input_fn, steps=200), 200, size=len(bias_of(n_classes)))


SCORES = {
    "one": ([1.0], [1], None, {"accuracy": 0.0, "auc": 0.0, "auc_precision_recall": 1.0}),
    "two": ([17.0, 18.0], [1, 0], None, {"accuracy": 0.5, "auc": 0.5, "auc_precision_recall": 0.75}),
    "weights": ([17.0, 18.0], [1, 0], [1.0, 2.0], {"accuracy": 2 / 3, "auc": 0.5, "auc_precision_recall": 2 / 3}),
}


@pytest.mark.parametrize("n_classes", [2, 4])
@pytest.mark.parametrize("claim", SCORES)
def test_evaluation_of_a_classifier(classifier, checkpoint, claim, n_classes):
    ages, labels, weights, areas = SCORES[claim]
    checkpoint({BIAS: bias_of(n_classes)})
    features = {"age": ages} if weights is None else {"age": ages, "w": weights}
    found = classifier(n_classes=n_classes, weight_column="w" if weights else None).evaluate(
        lambda: (features, labels), steps=1
    )
    losses, importance = losses_of(bias_of(n_classes), labels), weights or [1.0] * len(labels)
    mean = np.average(labels, weights=importance)
    expected = {"loss": np.dot(losses, importance), "average_loss": np.average(losses, weights=importance),
                "global_step": 100, "accuracy": areas["accuracy"]}  # fmt: skip
    if n_classes == 2:
        expected |= {"precision": 0.0, "recall": 0.0, "prediction/mean": 1 / (1 + np.e), "label/mean": mean,
                     "accuracy_baseline": max(mean, 1 - mean), **areas}  # fmt: skip
    assert found == pytest.approx(expected, rel=1e-3, abs=1e-6)


@pytest.mark.parametrize("vocabulary", [False, True])
@pytest.mark.parametrize("n_classes", [2, 4])
def test_predictions_of_a_classifier(classifier, checkpoint, n_classes, vocabulary):
    bias = bias_of(n_classes, 10.0)
    checkpoint({BIAS: bias})
    names = [f"class_vocab_{i}" if vocabulary else str(i) for i in range(n_classes)]
    model = classifier(n_classes=n_classes, label_vocabulary=names if vocabulary else None)
    input_fn = tf.estimator.inputs.numpy_input_fn({"age": np.array([[1.0]])}, None, 1, 1, False)
    (found,) = model.predict(input_fn)
    both = np.array([0.0, *bias]) if n_classes == 2 else np.array(bias)
    expected = {"logits": bias, "probabilities": np.exp(both) / np.exp(both).sum(), "class_ids": [both.argmax()],
                "all_class_ids": np.arange(n_classes)}  # fmt: skip
    if n_classes == 2:
        expected["logistic"] = [1 / (1 + np.exp(-10.0))]
    assert found.pop("classes") == [names[both.argmax()].encode()]
    assert list(found.pop("all_classes")) == [name.encode() for name in names]
    assert set(found) == set(expected)
    for key, value in expected.items():
        np.testing.assert_allclose(found[key], value, rtol=1e-5)


def test_a_regressor_goes_the_whole_way(regressor, flow):
    width = flow.width(2)
    data = np.linspace(0.0, 2.0, 10 * width, dtype=np.float32).reshape(10, width)
    assert flow(regressor(label_dimension=width), data, data, "predictions").shape == (10, width)


@pytest.mark.parametrize("n_classes", [2, 4])
def test_a_classifier_goes_the_whole_way(classifier, flow, n_classes):
    width = flow.width(4)
    data = np.linspace(0.0, 2.0, 10 * width, dtype=np.float32).reshape(10, width)
    assert flow(classifier(n_classes=n_classes), data, np.ones([10, 1], np.int64), "classes").shape == (10, 1)


# What a baseline makes of the features.


def test_all_features_have_one_number_of_examples(regressor):
    """The batch is that of the features, whichever; the weights do not count."""

    def input_fn():
        return {"age": tf.constant([[1]]), "height": tf.constant([[1], [2]])}, [[5.0]]

    with pytest.raises(tf.errors.InvalidArgumentError):
        regressor().train(input_fn, steps=1)


def test_a_baseline_learns_the_mean(regressor):
    x, y = np.zeros(4, np.float32), np.array([1.0, 2.0, 3.0, 6.0], np.float32)
    model = regressor(optimizer=tf.train.AdamOptimizer(0.1))
    model.train(lambda: tf.data.Dataset.from_tensor_slices(({"x": x}, y)).repeat().batch(4), steps=300)
    assert model.get_variable_value(BIAS) == pytest.approx([3.0], abs=0.05)
