"""Linear models: canned/v1/linear_testing_utils_v1.py, for the three classes that hold a linear model."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

import trackml as tf

SUM = tf.losses.Reduction.SUM
AGE = "linear/linear_model/age/weights"
HEIGHT = "linear/linear_model/height/weights"
LANGUAGE = "linear/linear_model/language/weights"
OCCUPATION = "linear/linear_model/occupation/weights"
BIAS = "linear/linear_model/bias_weights"
numeric = tf.feature_column.numeric_column


def of_head(head, columns, **settings):
    return tf.estimator.LinearEstimator(head, columns, **settings)


def combined(kind, columns, optimizer="Ftrl", sparse_combiner="sum", partitioner=None, **settings):
    return kind(linear_feature_columns=columns, linear_optimizer=optimizer, linear_sparse_combiner=sparse_combiner,
                input_layer_partitioner=partitioner, **settings)  # fmt: skip


def class_head(n_classes=2, weight_column=None, label_vocabulary=None):
    given = {"weight_column": weight_column, "label_vocabulary": label_vocabulary, "loss_reduction": SUM}
    heads = tf.estimator
    return heads.BinaryClassHead(**given) if n_classes == 2 else heads.MultiClassHead(n_classes, **given)


def regressor_of_head(columns, label_dimension=1, weight_column=None, **settings):
    return of_head(tf.estimator.RegressionHead(label_dimension, weight_column, SUM), columns, **settings)


def classifier_of_head(columns, n_classes=2, weight_column=None, label_vocabulary=None, **settings):
    return of_head(class_head(n_classes, weight_column, label_vocabulary), columns, **settings)


REGRESSORS = {
    "LinearRegressor": tf.estimator.LinearRegressor,
    "LinearEstimator": regressor_of_head,
    "DNNLinearCombinedRegressor": lambda columns, **settings: combined(
        tf.estimator.DNNLinearCombinedRegressor, columns, **settings
    ),
}
CLASSIFIERS = {
    "LinearClassifier": tf.estimator.LinearClassifier,
    "LinearEstimator": classifier_of_head,
    "DNNLinearCombinedClassifier": lambda columns, **settings: combined(
        tf.estimator.DNNLinearCombinedClassifier, columns, **settings
    ),
}


@pytest.fixture(params=REGRESSORS)
def regressor(request, tmp_path):
    return lambda columns, **settings: REGRESSORS[request.param](columns, model_dir=str(tmp_path), **settings)


@pytest.fixture(params=CLASSIFIERS)
def classifier(request, tmp_path):
    return lambda columns, **settings: CLASSIFIERS[request.param](columns, model_dir=str(tmp_path), **settings)


# Variables.


def two_parts(shape, dtype):
    return [2] + [1] * (len(shape) - 1)


def test_partitioners_are_accepted_and_leave_variables_whole(regressor):
    column = tf.feature_column.categorical_column_with_hash_bucket("language", hash_bucket_size=64)
    model = regressor([column], partitioner=two_parts)
    model.train(lambda: ({"language": [["en"], ["es"]]}, [[10.0], [20.0]]), steps=1)
    assert model.get_variable_value(LANGUAGE).shape == (64, 1)


# Evaluation of regressions: (weights, features, labels, settings, metrics).

AGE_11 = {AGE: [[11.0]], BIAS: [2.0]}  # of age 1: 13, which is 3 away from 10
WEIGHTED = {"age": ((1,), (1,)), "weights": ((1.0,), (2.0,))}
REGRESSIONS = {
    "one example": ({"age": ((1,),)}, ((10.0,),), {}, {"loss": 9.0}),
    "the loss is the sum of two": ({"age": ((1,), (1,))}, ((10.0,), (10.0,)), {}, {"loss": 18.0}),
    "weights": (WEIGHTED, ((10.0,), (10.0,)), {"weight_column": "weights"}, {"loss": 27.0}),
    "weights by a column": (WEIGHTED, ((10.0,), (10.0,)), {"weight_column": numeric("weights")}, {"loss": 27.0}),
}


@pytest.mark.parametrize("claim", REGRESSIONS)
def test_evaluation_of_a_regression(regressor, checkpoint, claim):
    features, labels, settings, expected = REGRESSIONS[claim]
    checkpoint(AGE_11)
    found = regressor([numeric("age")], **settings).evaluate(lambda: (features, labels), steps=1)
    rest = {"average_loss": 9.0, "prediction/mean": 13.0, "label/mean": 10.0, "global_step": 100}
    assert found == {**rest, **expected}


def test_evaluation_of_several_inputs_and_outputs(regressor, checkpoint):
    checkpoint({AGE: [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], BIAS: [7.0, 8.0]})
    # [2 4 5] of these weights is [39 50]; with the bias [46 58].
    input_fn = tf.estimator.inputs.numpy_input_fn(
        {"age": np.array([[2.0, 4.0, 5.0]])}, np.array([[46.0, 58.0]]), 1, None, False
    )
    found = regressor([numeric("age", (3,))], label_dimension=2).evaluate(input_fn, steps=1)
    assert set(found) == {"loss", "average_loss", "prediction/mean", "label/mean", "global_step"}
    assert found["loss"] == pytest.approx(0, abs=1e-7)


@pytest.mark.parametrize("kind", ["arrays", "dataset"])
def test_evaluation_of_two_columns(regressor, checkpoint, kind):
    checkpoint({AGE: [[10.0]], HEIGHT: [[2.0]], BIAS: [5.0]})
    # 20 * 10 + 4 * 2 + 5 = 213, and 40 * 10 + 8 * 2 + 5 = 421.
    x, y = {"age": np.array([20, 40]), "height": np.array([4, 8])}, np.array([[213.0], [421.0]])
    input_fn = {
        "arrays": tf.estimator.inputs.numpy_input_fn(x, y, 2, None, False),
        "dataset": lambda: tf.data.Dataset.from_tensor_slices((x, y)).batch(2).repeat(None),
    }[kind]
    found = regressor([numeric("age"), numeric("height")]).evaluate(input_fn, steps=1)
    assert found["loss"] == pytest.approx(0, abs=1e-7)
    assert found["prediction/mean"] == 317.0


# Predictions of regressions.


def once(**features):
    return tf.estimator.inputs.numpy_input_fn(features, None, 2, 1, False)


PREDICTIONS = {
    "one number": ({AGE: [[10.0]], BIAS: [0.2]}, [numeric("age")], {}, once(age=np.array([[2.0]])), [[20.2]]),
    "several": (
        {AGE: [[1.0, 2.0, 3.0], [2.0, 3.0, 4.0], [3.0, 4.0, 5.0], [4.0, 5.0, 6.0]], BIAS: [0.2, 0.4, 0.6]},
        [numeric("age", (4,))],
        {"label_dimension": 3},
        once(age=np.array([[1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, 8.0]])),
        [[30.2, 40.4, 50.6], [70.2, 96.4, 122.6]],
    ),
    "two columns": (
        {AGE: [[10.0]], HEIGHT: [[20.0]], BIAS: [0.2]},
        [numeric("age"), numeric("height")],
        {},
        once(age=np.array([[2.0]]), height=np.array([[3.0]])),
        [[80.2]],
    ),
    "a dataset": (
        {AGE: [[10.0]], HEIGHT: [[20.0]], BIAS: [0.2]},
        [numeric("age"), numeric("height")],
        {},
        lambda: tf.data.Dataset.from_tensor_slices({"age": np.array([[2.0]]), "height": np.array([[3.0]])}).batch(1),
        [[80.2]],
    ),
}


@pytest.mark.parametrize("claim", PREDICTIONS)
def test_predictions_of_a_regression(regressor, checkpoint, claim):
    weights, columns, settings, input_fn, expected = PREDICTIONS[claim]
    checkpoint(weights)
    found = [row["predictions"] for row in regressor(columns, **settings).predict(input_fn)]
    np.testing.assert_allclose(found, expected, rtol=1e-6)


# Words 'a c' weigh 2 + 5 and 'b c' 3 + 5; the bias is 5.
COMBINED = {
    "sum": [[12.0], [13.0]],
    "mean": [[8.5], [9.0]],
    "sqrtn": [[7 / math.sqrt(2) + 5], [8 / math.sqrt(2) + 5]],
}


def sentences():
    words = tf.SparseTensor([[0, 0], [0, 1], [1, 0], [1, 1]], ["a", "c", "b", "c"], [2, 2])
    return {"language": words}


@pytest.mark.parametrize("combiner", COMBINED)
@pytest.mark.parametrize(("kinds", "key"), [(REGRESSORS, "predictions"), (CLASSIFIERS, "logits")], ids=["r", "c"])
@pytest.mark.parametrize("which", range(3))
def test_several_words_of_an_example_are_combined(tmp_path, checkpoint, combiner, kinds, key, which):
    checkpoint({LANGUAGE: [[2.0], [3.0], [5.0]], BIAS: [5.0]}, 1)
    column = tf.feature_column.categorical_column_with_vocabulary_list("language", ["a", "b", "c"])
    model = list(kinds.values())[which]([column], model_dir=str(tmp_path), sparse_combiner=combiner)
    np.testing.assert_allclose(
        [row[key] for row in itertools.islice(model.predict(sentences), 2)], COMBINED[combiner], rtol=1e-6
    )


# Training of regressions.


def assert_trained(model, step, weights, shape=(1, 1)):
    assert model.get_variable_value("global_step") == step
    assert model.get_variable_value("global_step").shape == ()
    assert model.get_variable_value(AGE).shape == shape
    assert model.get_variable_value(BIAS).shape == shape[1:]
    for name, value in weights.items():
        np.testing.assert_array_equal(model.get_variable_value(name), np.asarray(value, np.float32))


ONE_LOSS = {
    "from scratch": (None, {"age": ((17,),)}, ((5.0,),), 25.0),  # all is 0: (0 - 5)^2
    "from a checkpoint": ({AGE: [[10.0]], BIAS: [5.0]}, {"age": ((17,),)}, ((5.0,),), 28900.0),  # 175 - 5 squared
    # 175 - 5 and 155 - 3, squared
    "two": ({AGE: [[10.0]], BIAS: [5.0]}, {"age": ((17,), (15,))}, ((5.0,), (3.0,)), 52004.0),
}


@pytest.mark.parametrize("claim", ONE_LOSS)
def test_training_of_a_regression_makes_the_sum_of_squares_small(regressor, checkpoint, still, watch, claim):
    weights, features, labels, loss = ONE_LOSS[claim]
    if weights:
        checkpoint(weights)
    losses = watch(lambda: still.loss)
    model = regressor([numeric("age")], optimizer=still)
    assert still.calls == 0
    model.train(lambda: (features, labels), hooks=[losses], steps=10)
    assert still.calls == 1
    assert still.loss.shape.ndims == 0
    assert still.names == [f"{AGE}:0", f"{BIAS}:0"]
    np.testing.assert_allclose(losses.values, [loss] * 10, rtol=1e-6)
    assert_trained(model, 110 if weights else 10, weights or {AGE: [[0.0]], BIAS: [0.0]})


RANK_1 = np.linspace(0.0, 2.0, 20, dtype=np.float32)


@pytest.mark.parametrize("settings", [{}, {"weight_column": "w"}], ids=["labels", "weights"])
def test_labels_and_weights_of_one_dimension(regressor, settings):
    input_fn = tf.estimator.inputs.numpy_input_fn({"age": RANK_1, "w": RANK_1}, RANK_1, 20, None, True)
    model = regressor([numeric("age", (1,))], label_dimension=1, **settings)
    assert_trained(model.train(input_fn, steps=200), 200, {})


def test_the_default_optimizer_trains_from_scratch(regressor):
    model = regressor([numeric("age")])
    assert_trained(model.train(lambda: ({"age": ((17,),)}, ((5.0,),)), steps=10), 10, {})


# Classifiers; of two classes they have one logit, of four they have four.


def weights_of(n_classes, slope, bias):
    """Of each class its number times `slope`."""
    if n_classes == 2:
        return {AGE: [[slope]], BIAS: [bias]}
    return {AGE: [slope * np.arange(n_classes)], BIAS: [bias] * n_classes}


def losses_of(weights, ages, labels):
    """The cross entropy of each example, in 64 bits."""
    logits = np.outer(ages, np.asarray(weights[AGE])) + np.asarray(weights[BIAS])
    if logits.shape[1] == 1:
        logits = np.hstack([np.zeros_like(logits), logits])
    logs = logits - np.log(np.exp(logits).sum(1, keepdims=True))
    return [-(logs[i] @ ([1 - y, y] if logits.shape[1] == 2 else np.eye(logits.shape[1])[y]))
            for i, y in enumerate(labels)]  # fmt: skip


CLASS_LOSSES = {
    "from scratch": (None, [17.0], [1]),
    "from a checkpoint": ((2.0, -35.0), [17.0], [1]),
    "two": ((2.0, -35.0), [17.0, 18.5], [1, 0]),
    "labels between 0 and 1": ((2.0, -35.0), [17.0], [0.8]),
}
CLASS_CASES = [(claim, n) for claim in CLASS_LOSSES for n in (2, 4) if n == 2 or "between" not in claim]


@pytest.mark.parametrize(("claim", "n_classes"), CLASS_CASES)
def test_training_of_a_classifier_makes_the_sum_of_cross_entropies_small(
    classifier, checkpoint, still, watch, claim, n_classes
):
    given, ages, labels = CLASS_LOSSES[claim]
    weights = weights_of(n_classes, *(given or (0.0, 0.0)))
    if given:
        checkpoint(weights)
    losses = watch(lambda: still.loss)
    model = classifier([numeric("age")], n_classes=n_classes, optimizer=still)
    model.train(lambda: ({"age": ages}, labels), hooks=[losses], steps=10)
    assert (still.calls, still.loss.shape.ndims) == (1, 0)
    assert still.names == [f"{AGE}:0", f"{BIAS}:0"]
    np.testing.assert_allclose(losses.values, [sum(losses_of(weights, ages, labels))] * 10, rtol=1e-4)
    assert_trained(model, 110 if given else 10, weights, (1, n_classes if n_classes > 2 else 1))


def test_losses_are_those_that_tensorflow_states():
    weights = weights_of(2, 2.0, -35.0)
    found = [losses_of(weights, [age], [label])[0] for age, label in [(17, 1), (18.5, 0), (17, 0.8)]]
    np.testing.assert_allclose(found, [1.3133, 2.1269, 1.1132617], rtol=1e-4)


ONE, TWO = np.array([0, 1]), np.array([[0], [1]])
SHAPES = {"labels [n, 1]": ({}, TWO), "labels [n]": ({}, ONE), "weights [n, 1]": ({"w": TWO}, ONE),
          "weights [n]": ({"w": ONE}, ONE)}  # fmt: skip


@pytest.mark.parametrize("n_classes", [2, 4])
@pytest.mark.parametrize("claim", SHAPES)
def test_labels_and_weights_of_a_classifier_have_one_dimension_or_two(classifier, claim, n_classes):
    extra, labels = SHAPES[claim]
    input_fn = tf.estimator.inputs.numpy_input_fn({"age": ONE, **extra}, labels, 20, None, True)
    model = classifier([numeric("age")], n_classes=n_classes, weight_column="w" if extra else None)
    assert_trained(model.train(input_fn, steps=200), 200, {}, (1, n_classes if n_classes > 2 else 1))


@pytest.mark.parametrize("n_classes", [2, 4])
def test_the_default_optimizer_trains_a_classifier_from_scratch(classifier, n_classes):
    model = classifier([numeric("age")], n_classes=n_classes)
    model.train(lambda: ({"age": ((17,),)}, ((0,),)), steps=10)
    assert_trained(model, 10, {}, (1, n_classes if n_classes > 2 else 1))


NONE_RIGHT = {"accuracy": 0.0, "precision": 0.0, "recall": 0.0, "auc": 0.0}
# What two classes have besides the losses; areas under curves are TensorFlow's figures.
SCORES = {
    "one": (
        (-11.0, -30.0), [1.0], [1], None,
        {"prediction/mean": 0.0, "label/mean": 1.0, "accuracy_baseline": 1.0, "auc_precision_recall": 1.0},
    ),
    "two": (
        (2.0, -35.0), [17.0, 18.0], [1, 0], None,
        {"prediction/mean": 0.5, "label/mean": 0.5, "accuracy_baseline": 0.5, "auc_precision_recall": 0.25},
    ),
    "weights": (
        (2.0, -35.0), [17.0, 18.0], [1, 0], [1.0, 2.0],
        {"prediction/mean": (1 / (1 + math.e) + 2 / (1 + 1 / math.e)) / 3, "label/mean": 1 / 3,
         "accuracy_baseline": 2 / 3, "auc_precision_recall": 0.1668},
    ),
}  # fmt: skip


@pytest.mark.parametrize("n_classes", [2, 4])
@pytest.mark.parametrize("claim", SCORES)
def test_evaluation_of_a_classifier(classifier, checkpoint, claim, n_classes):
    given, ages, labels, weights, rest = SCORES[claim]
    values = weights_of(n_classes, *given)
    checkpoint(values)
    features = {"age": ages} if weights is None else {"age": ages, "w": weights}
    model = classifier([numeric("age")], n_classes=n_classes, weight_column="w" if weights else None)
    found = model.evaluate(lambda: (features, labels), steps=1)
    losses, importance = losses_of(values, ages, labels), weights or [1.0] * len(labels)
    expected = {"loss": np.dot(losses, importance), "average_loss": np.average(losses, weights=importance),
                "global_step": 100, "accuracy": 0.0}  # fmt: skip
    assert found == pytest.approx(
        {**expected, **({**NONE_RIGHT, **rest} if n_classes == 2 else {})}, rel=1e-3, abs=1e-6
    )


@pytest.mark.parametrize("vocabulary", [False, True])
@pytest.mark.parametrize("n_classes", [2, 4])
def test_predictions_of_a_classifier(classifier, checkpoint, n_classes, vocabulary):
    values = weights_of(n_classes, -11.0, 10.0)
    checkpoint(values)
    names = [f"class_vocab_{i}" if vocabulary else str(i) for i in range(n_classes)]
    model = classifier([numeric("age")], n_classes=n_classes, label_vocabulary=names if vocabulary else None)
    (found,) = model.predict(once(age=np.array([[1.0]])))
    logits = np.asarray(values[AGE]).ravel() + np.asarray(values[BIAS])
    both = np.array([0.0, *logits]) if n_classes == 2 else logits
    expected = {"logits": logits, "probabilities": np.exp(both) / np.exp(both).sum(), "class_ids": [both.argmax()],
                "all_class_ids": np.arange(n_classes)}  # fmt: skip
    if n_classes == 2:
        expected["logistic"] = 1 / (1 + np.exp(-logits))
    assert found.pop("classes") == [names[both.argmax()].encode()]
    assert list(found.pop("all_classes")) == [name.encode() for name in names]
    assert set(found) == set(expected)
    for key, value in expected.items():
        np.testing.assert_allclose(found[key], value, rtol=1e-5, atol=1e-6)


# The whole way, with each kind of input.


def test_a_regressor_goes_the_whole_way(regressor, flow):
    width = flow.width(2)
    data = np.linspace(0.0, 2.0, 10 * width, dtype=np.float32).reshape(10, width)
    model = regressor([numeric("x", (width,))], label_dimension=width)
    assert flow(model, data, data, "predictions").shape == (10, width)


@pytest.mark.parametrize("n_classes", [2, 4])
def test_a_classifier_goes_the_whole_way(classifier, flow, n_classes):
    width = flow.width(4)
    data = np.linspace(0.0, 2.0, 10 * width, dtype=np.float32).reshape(10, width)
    model = classifier([numeric("x", (width,))], n_classes=n_classes)
    assert flow(model, data, np.ones([10, 1], np.int64), "classes").shape == (10, 1)


# Warm starts; the later model learns at a rate of 0, so that its values are those it began with.

PEOPLE = {"age": [[23.0], [31.0]], "age_in_years": [[23.0], [31.0]], "occupation": [["doctor"], ["consultant"]]}


def people():
    return PEOPLE, [0, 1]


def begun(kind, columns, directory, warm_start_from, **settings):
    still = tf.train.GradientDescentOptimizer(0.0)
    model = kind(columns, model_dir=str(directory), optimizer=still, warm_start_from=warm_start_from, **settings)
    return model.train(people, max_steps=1)


def values_of(model):
    return {name: model.get_variable_value(name) for name in model.get_variable_names()}


@pytest.mark.parametrize(
    ("kind", "settings"),
    [(tf.estimator.LinearClassifier, {"n_classes": 4}), (tf.estimator.LinearRegressor, {})],
    ids=["classifier", "regressor"],
)
def test_a_warm_start_takes_all_variables(tmp_path, kind, settings):
    earlier = kind([numeric("age")], str(tmp_path / "a"), optimizer="SGD", **settings).train(people, max_steps=1)
    later = begun(kind, [numeric("age")], tmp_path / "b", earlier.model_dir, **settings)
    np.testing.assert_equal(values_of(later), values_of(earlier))


def classifier_of_4(columns, model_dir, optimizer="SGD", **settings):
    return tf.estimator.LinearClassifier(columns, str(model_dir), n_classes=4, optimizer=optimizer, **settings)


def test_a_warm_start_takes_the_variables_that_are_named(tmp_path):
    earlier = classifier_of_4([numeric("age")], tmp_path / "a").train(people, max_steps=1)
    chosen = tf.estimator.WarmStartSettings(earlier.model_dir, vars_to_warm_start=".*(age).*")
    later = values_of(begun(classifier_of_4, [numeric("age")], tmp_path / "b", chosen))
    np.testing.assert_array_equal(later[AGE], earlier.get_variable_value(AGE))
    np.testing.assert_array_equal(later[BIAS], [0.0] * 4)


def test_a_warm_start_finds_words_in_another_vocabulary(tmp_path):
    files = {"old": ["doctor", "lawyer", "consultant"], "new": ["doctor", "consultant", "engineer"]}
    for name, words in files.items():
        (tmp_path / name).write_text("\n".join(words))
    column, new = (
        tf.feature_column.categorical_column_with_vocabulary_file("occupation", str(tmp_path / name), 3)
        for name in files
    )
    earlier = classifier_of_4([column], tmp_path / "a", partitioner=two_parts).train(people, max_steps=1)
    info = tf.estimator.VocabInfo(
        new_vocab=new.vocabulary_file, new_vocab_size=new.vocabulary_size, num_oov_buckets=new.num_oov_buckets,
        old_vocab=column.vocabulary_file, old_vocab_size=column.vocabulary_size,
        backup_initializer=tf.random_uniform_initializer(0.39, 0.39),
    )  # fmt: skip
    chosen = tf.estimator.WarmStartSettings(
        earlier.model_dir, vars_to_warm_start=None, var_name_to_vocab_info={OCCUPATION: info}
    )
    later = values_of(begun(classifier_of_4, [new], tmp_path / "b", chosen, partitioner=two_parts))
    old = earlier.get_variable_value(OCCUPATION)
    np.testing.assert_allclose(later[OCCUPATION], [old[0], old[2], [0.39] * 4], rtol=1e-6)
    np.testing.assert_array_equal(later[BIAS], [0.0] * 4)


def test_a_warm_start_follows_names_that_changed(tmp_path):
    earlier = classifier_of_4([numeric("age_in_years")], tmp_path / "a").train(people, max_steps=1)
    old_name = AGE.replace("age", "age_in_years")
    chosen = tf.estimator.WarmStartSettings(earlier.model_dir, var_name_to_prev_var_name={AGE: old_name})
    later = values_of(begun(classifier_of_4, [numeric("age")], tmp_path / "b", chosen))
    np.testing.assert_array_equal(later[AGE], earlier.get_variable_value(old_name))
    np.testing.assert_array_equal(later[BIAS], earlier.get_variable_value(BIAS))
