"""Deep networks: canned/v1/dnn_testing_utils_v1.py, for the three classes that hold a network.

All figures follow from these weights. An input of 10 gives relu(0.6 * 10 + 0.1, 0.5 * 10 - 0.1) = (6.1, 4.9), then
relu(6.1 - 0.8 * 4.9 + 0.2, 0.8 * 6.1 - 4.9 - 0.2) = (2.38, 0), then logits of -2.38 + 0.3 = -2.08, or of
(-2.38 + 0.3, 2.38 - 0.3, 0.5 * 2.38). An input of (10, 8) gives (1.3, 0.9), then (0.78, 0), then -0.48 or
(-0.48, 0.48, 0.39).
"""

from __future__ import annotations

import numpy as np
import pytest

import trackml as tf

SUM = tf.losses.Reduction.SUM
FIRST_1 = ([[0.6, 0.5]], [0.1, -0.1])
FIRST_2 = ([[0.6, 0.5], [-0.6, -0.5]], [0.1, -0.1])
SECOND = ([[1.0, 0.8], [-0.8, -1.0]], [0.2, -0.2])
LOGIT = ([[-1.0], [1.0]], [0.3])
LOGITS = ([[-1.0, 1.0, 0.5], [-1.0, 1.0, 0.5]], [0.3, -0.3, 0.0])
NETS = {(inputs, outputs): (FIRST_1 if inputs == 1 else FIRST_2, SECOND, LOGIT if outputs == 1 else LOGITS)
        for inputs in (1, 2) for outputs in (1, 3)}  # fmt: skip
NAMES = [f"dnn/{layer}/{part}" for layer in ("hiddenlayer_0", "hiddenlayer_1", "logits") for part in ("kernel", "bias")]
EMBEDDING = "dnn/input_from_feature_columns/input_layer/{}_embedding/embedding_weights"
numeric = tf.feature_column.numeric_column


def values_of_net(inputs, outputs):
    return dict(zip(NAMES, [value for layer in NETS[inputs, outputs] for value in layer]))


def combined(kind, hidden_units, columns, optimizer="Adagrad", **settings):
    return kind(dnn_hidden_units=hidden_units, dnn_feature_columns=columns, dnn_optimizer=optimizer, **settings)


def regressor_of_head(hidden_units, columns, label_dimension=1, weight_column=None, **settings):
    head = tf.estimator.RegressionHead(label_dimension, weight_column, SUM)
    return tf.estimator.DNNEstimator(head, hidden_units, columns, **settings)


def classifier_of_head(hidden_units, columns, n_classes=2, weight_column=None, label_vocabulary=None, **settings):
    given = {"weight_column": weight_column, "label_vocabulary": label_vocabulary, "loss_reduction": SUM}
    heads = tf.estimator
    head = heads.BinaryClassHead(**given) if n_classes == 2 else heads.MultiClassHead(n_classes, **given)
    return tf.estimator.DNNEstimator(head, hidden_units, columns, **settings)


REGRESSORS = {
    "DNNRegressor": tf.estimator.DNNRegressor,
    "DNNEstimator": regressor_of_head,
    "DNNLinearCombinedRegressor": lambda hidden_units, columns, **settings: combined(
        tf.estimator.DNNLinearCombinedRegressor, hidden_units, columns, **settings
    ),
}
CLASSIFIERS = {
    "DNNClassifier": tf.estimator.DNNClassifier,
    "DNNEstimator": classifier_of_head,
    "DNNLinearCombinedClassifier": lambda hidden_units, columns, **settings: combined(
        tf.estimator.DNNLinearCombinedClassifier, hidden_units, columns, **settings
    ),
}


@pytest.fixture(params=REGRESSORS)
def regressor(request, tmp_path):
    return lambda columns, hidden_units=(2, 2), **settings: REGRESSORS[request.param](
        hidden_units, columns, model_dir=str(tmp_path), **settings
    )


@pytest.fixture(params=CLASSIFIERS)
def classifier(request, tmp_path):
    return lambda columns, hidden_units=(2, 2), **settings: CLASSIFIERS[request.param](
        hidden_units, columns, model_dir=str(tmp_path), **settings
    )


@pytest.fixture
def given(checkpoint):
    """Writes the checkpoint of a network of so many inputs and logits."""
    return lambda inputs, outputs: checkpoint(values_of_net(inputs, outputs))


# Logits that a head is given, in each mode: (outputs, columns, features, logits).

AGE_1, AGE_2 = [numeric("age", (1,))], [numeric("age", (2,))]
ROWS = {
    "one to one": (1, AGE_1, {"age": [[10.0]]}, [[-2.08]]),
    "one to three": (3, AGE_1, {"age": [[10.0]]}, [[-2.08, 2.08, 1.19]]),
    "two examples": (3, AGE_1, {"age": [[10.0], [5.0]]}, [[-2.08, 2.08, 1.19], [-1.08, 1.08, 0.69]]),
    "two to one": (1, AGE_2, {"age": [[10.0, 8.0]]}, [[-0.48]]),
    "two to three": (3, AGE_2, {"age": [[10.0, 8.0]]}, [[-0.48, 0.48, 0.39]]),
    "two columns": (3, [numeric("age"), numeric("height")], {"age": [[10.0]], "height": [[8.0]]},
                    [[-0.48, 0.48, 0.39]]),
}  # fmt: skip
MODES = ["train", "eval", "infer"]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("claim", ROWS)
def test_logits_in_each_mode(tmp_path, given, claim, mode):
    outputs, columns, features, expected = ROWS[claim]
    given(sum(column.shape[0] for column in columns), outputs)
    with tf.Graph().as_default():
        tf.train.create_global_step()
        tensors = {key: tf.constant(value) for key, value in features.items()}
        with tf.variable_scope("dnn"):
            build = tf.estimator.experimental.dnn_logit_fn_builder(outputs, (2, 2), columns, tf.nn.relu, None, None)
            logits = build(features=tensors, mode=mode)
        with tf.train.MonitoredTrainingSession(checkpoint_dir=str(tmp_path)) as session:
            np.testing.assert_allclose(session.run(logits), expected, rtol=1e-5)


# relu(0.6 x + 1, 0.5 x - 1) of 10 and 20 is (7, 4) and (13, 9). In training they are 1 deviation below and above their
# mean, up to the 0.001 that is added to the variance; otherwise they are divided by sqrt(1 + 0.001).
NORMALIZED = {"train": [[-0.699895571], [1.299895571]], "eval": [[1.299500375], [5.297501873]]}
NORMALIZED["infer"] = NORMALIZED["eval"]


@pytest.mark.parametrize("mode", MODES)
def test_normalized_layers(tmp_path, checkpoint, mode):
    norm = "dnn/hiddenlayer_0/batchnorm_0"
    checkpoint({
        "dnn/hiddenlayer_0/kernel": [[0.6, 0.5]], "dnn/hiddenlayer_0/bias": [1.0, -1.0],
        f"{norm}/beta": [0, 0], f"{norm}/moving_mean": [0, 0],
        f"{norm}/gamma": [1, 1], f"{norm}/moving_variance": [1, 1],
        "dnn/logits/kernel": [[-1.0], [2.0]], "dnn/logits/bias": [0.3],
    })  # fmt: skip
    with tf.Graph().as_default():
        tf.train.create_global_step()
        with tf.variable_scope("dnn"):
            build = tf.estimator.experimental.dnn_logit_fn_builder(1, [2], AGE_1, tf.nn.relu, None, None, True)
            logits = build(features={"age": tf.constant([[10.0], [20.0]])}, mode=mode)
        with tf.train.MonitoredTrainingSession(checkpoint_dir=str(tmp_path)) as session:
            np.testing.assert_allclose(session.run(logits), NORMALIZED[mode], rtol=1e-5)


def test_features_must_be_a_dict(classifier):
    with pytest.raises(ValueError, match="features should be a dict"):
        classifier(AGE_1).train(lambda: (tf.constant([[[10.0]], [[8.0]]]), tf.constant([[1]])), steps=1)


# Evaluation: (inputs, outputs, features, labels, settings, metrics).

TENS, BOTH = {"age": [[10.0], [10.0]]}, {"age": [[10.0, 8.0], [10.0, 8.0]]}
SCORES = {
    "two classes": (
        1, 1, TENS, [[1], [0]], {},
        # log(1 + e^2.08) of the one and log(1 + e^-2.08) of the other; the probability is 1 / (1 + e^2.08).
        {"loss": 2.31544200, "average_loss": 1.15772100, "accuracy": 0.5, "precision": 0.0, "recall": 0.0,
         "prediction/mean": 0.11105597, "label/mean": 0.5, "accuracy_baseline": 0.5, "auc": 0.5,
         "auc_precision_recall": 0.75, "global_step": 100},
    ),
    "three classes": (
        2, 3, BOTH, [[1], [0]], {"n_classes": 3},
        {"loss": 2.62305466, "average_loss": 1.31152733, "accuracy": 0.5, "global_step": 100},
    ),
}  # fmt: skip


@pytest.mark.parametrize("claim", SCORES)
def test_evaluation_of_a_classifier(classifier, given, claim):
    inputs, outputs, features, labels, settings, expected = SCORES[claim]
    given(inputs, outputs)
    model = classifier([numeric("age", (inputs,))], **settings)
    assert model.evaluate(lambda: (features, labels), steps=1) == pytest.approx(expected, rel=1e-5, abs=1e-6)


LOSSES = {
    "labels between 0 and 1": (1, 1, TENS, [[0.8], [0.4]], {}, 2.7314420),
    "weights": (2, 3, {**BOTH, "w": [[10.0], [100.0]]}, [[1], [0]], {"n_classes": 3, "weight_column": "w"}, 187.468007),
}


@pytest.mark.parametrize("claim", LOSSES)
def test_loss_of_a_classifier(classifier, given, claim):
    inputs, outputs, features, labels, settings, loss = LOSSES[claim]
    given(inputs, outputs)
    model = classifier([numeric("age", (inputs,))], **settings)
    assert model.evaluate(lambda: (features, labels), steps=1)["loss"] == pytest.approx(loss, rel=1e-6)


# 3.08 squared; and 1.48, 1.48 and 0.11 squared.
REGRESSIONS = {
    "one number": (
        1, 1, {"age": [[10.0]]}, [[1.0]], {},
        {"loss": 9.4864, "average_loss": 9.4864, "prediction/mean": -2.08, "label/mean": 1.0, "global_step": 100},
    ),
    "three": (
        2, 3, {"age": [[10.0, 8.0]]}, [[1.0, -1.0, 0.5]], {"label_dimension": 3},
        {"loss": 4.3929, "average_loss": 4.3929 / 3, "prediction/mean": 0.13, "label/mean": 0.5 / 3,
         "global_step": 100},
    ),
    "three with a weight": (
        2, 3, {"age": [[10.0, 8.0]], "w": [10.0]}, [[1.0, -1.0, 0.5]], {"label_dimension": 3, "weight_column": "w"},
        {"loss": 43.929, "average_loss": 4.3929 / 3, "prediction/mean": 0.13, "label/mean": 0.5 / 3,
         "global_step": 100},
    ),
}  # fmt: skip


@pytest.mark.parametrize("claim", REGRESSIONS)
def test_evaluation_of_a_regression(regressor, given, claim):
    inputs, outputs, features, labels, settings, expected = REGRESSIONS[claim]
    given(inputs, outputs)
    model = regressor([numeric("age", (inputs,))], **settings)
    assert model.evaluate(lambda: (features, labels), steps=1) == pytest.approx(expected, rel=1e-5)


# Predictions.


def one_row(*row):
    return tf.estimator.inputs.numpy_input_fn({"x": np.array([row])}, batch_size=1, shuffle=False)


@pytest.mark.parametrize("vocabulary", [False, True])
def test_predictions_of_two_classes(classifier, given, vocabulary):
    given(1, 1)
    names = ["class_vocab_0", "class_vocab_1"] if vocabulary else ["0", "1"]
    model = classifier([numeric("x")], label_vocabulary=names if vocabulary else None)
    found = next(model.predict(one_row(10.0)))
    np.testing.assert_allclose(found["logits"], [-2.08], rtol=1e-5)
    np.testing.assert_allclose(found["logistic"], [0.11105597], rtol=1e-5)
    np.testing.assert_allclose(found["probabilities"], [0.88894403, 0.11105597], rtol=1e-5)
    assert found["class_ids"] == [0]
    assert found["classes"] == [names[0].encode()]
    assert list(found["all_classes"]) == [name.encode() for name in names]


@pytest.mark.parametrize("vocabulary", [False, True])
def test_predictions_of_three_classes(classifier, given, vocabulary):
    given(2, 3)
    names = [f"class_vocab_{i}" if vocabulary else str(i) for i in range(3)]
    model = classifier([numeric("x", (2,))], n_classes=3, label_vocabulary=names if vocabulary else None)
    found = next(model.predict(one_row(10.0, 8.0)))
    assert set(found) == {"logits", "probabilities", "class_ids", "classes", "all_class_ids", "all_classes"}
    np.testing.assert_allclose(found["logits"], [-0.48, 0.48, 0.39], rtol=1e-5)
    np.testing.assert_allclose(found["probabilities"], [0.16670536, 0.43538380, 0.39791084], rtol=1e-5)
    assert found["class_ids"] == [1]
    assert found["classes"] == [names[1].encode()]


@pytest.mark.parametrize(("row", "expected"), [((10.0,), [-2.08]), ((10.0, 8.0), [-0.48, 0.48, 0.39])])
def test_predictions_of_a_regression(regressor, given, row, expected):
    given(len(row), len(expected))
    model = regressor([numeric("x", (len(row),))], label_dimension=len(expected))
    found = next(model.predict(one_row(*row)))
    assert set(found) == {"predictions"}
    np.testing.assert_allclose(found["predictions"], expected, rtol=1e-5)


# Training.


def assert_trained(model, step, inputs, outputs):
    found = {name: model.get_variable_value(name).shape for name in model.get_variable_names()}
    expected = [(inputs, 2), (2,), (2, 2), (2,), (2, outputs), (outputs,)]
    assert {name: found[name] for name in NAMES} == dict(zip(NAMES, expected))
    assert model.get_variable_value("global_step") == step
    assert found["global_step"] == ()


@pytest.mark.parametrize(("label", "n_classes"), [(1, 2), (2, 3)])
def test_the_default_optimizer_trains_a_classifier(classifier, label, n_classes):
    model = classifier([numeric("age")], n_classes=n_classes).train(lambda: ({"age": [[10.0]]}, [[label]]), steps=5)
    assert_trained(model, 5, 1, 1 if n_classes == 2 else 3)


def test_the_default_optimizer_trains_a_regressor(regressor):
    assert_trained(regressor([numeric("age")]).train(lambda: ({"age": ((1,),)}, ((10,),)), steps=5), 5, 1, 1)


class Summaries(tf.train.SessionRunHook):
    """Keeps the numbers that each step summarises."""

    def __init__(self):
        self.steps = []

    def begin(self):
        self._merged = tf.summary.merge_all()

    def before_run(self, run_context):
        return tf.train.SessionRunArgs(self._merged)

    def after_run(self, run_context, run_values):
        found = tf.Summary.FromString(run_values.results)
        self.steps.append({value.tag: value.simple_value for value in found.value if value.HasField("simple_value")})


# Training from given weights: (classifier or regressor, inputs, outputs, features, labels, settings, loss).
TRAININGS = {
    "two classes": ("c", 1, 1, {"age": [[10.0]]}, [[1]], {}, 2.19772100),
    "labels between 0 and 1": ("c", 1, 1, {"age": [[10.0]]}, [[0.8]], {}, 1.7817210),
    "three classes": ("c", 1, 3, {"age": [[10.0]]}, [[1]], {"n_classes": 3}, 0.35505795),
    "one number": ("r", 1, 1, {"age": [[10.0]]}, [[1.0]], {}, 9.4864),
    "three numbers": ("r", 2, 3, {"age": [[10.0, 8.0]]}, [[1.0, -1.0, 0.5]], {"label_dimension": 3}, 4.3929),
}


@pytest.mark.parametrize("which", range(3))
@pytest.mark.parametrize("claim", TRAININGS)
def test_training_makes_the_loss_small_and_summarises_layers(tmp_path, given, still, watch, which, claim):
    kind, inputs, outputs, features, labels, settings, loss = TRAININGS[claim]
    given(inputs, outputs)
    make = list((CLASSIFIERS if kind == "c" else REGRESSORS).values())[which]
    model = make((2, 2), [numeric("age", (inputs,))], model_dir=str(tmp_path), optimizer=still, **settings)
    losses, summaries = watch(lambda: still.loss), Summaries()
    model.train(lambda: (features, labels), hooks=[losses, summaries], steps=5)
    assert (still.calls, still.loss.shape.ndims) == (1, 0)
    assert still.names == sorted(f"{name}:0" for name in NAMES)
    np.testing.assert_allclose(losses.values, [loss] * 5, rtol=1e-5)
    expected = {"loss": loss, "average_loss": loss / settings.get("label_dimension", 1),
                "dnn/dnn/hiddenlayer_0/fraction_of_zero_values": 0.0,
                "dnn/dnn/hiddenlayer_1/fraction_of_zero_values": 0.5,
                "dnn/dnn/logits/fraction_of_zero_values": 0.0}  # fmt: skip
    assert [{tag: step[tag] for tag in expected} for step in summaries.steps] == [pytest.approx(expected, rel=1e-5)] * 5
    assert_trained(model, 105, inputs, outputs)


def test_training_from_scratch_summarises_the_loss(classifier, still):
    summaries = Summaries()
    model = classifier([numeric("age")], optimizer=still)
    model.train(lambda: ({"age": [[10.0]]}, [[1]]), hooks=[summaries], steps=5)
    assert [{"loss", "average_loss"} <= set(step) for step in summaries.steps] == [True] * 5
    assert_trained(model, 5, 1, 1)


# The whole way, with each kind of input.


def test_a_regressor_goes_the_whole_way(regressor, flow):
    width = flow.width(2)
    data = np.linspace(0.0, 2.0, 10 * width, dtype=np.float32).reshape(10, width)
    model = regressor([numeric("x", (width,))], label_dimension=width)
    assert flow(model, data, data, "predictions", steps=10).shape == (10, width)


def test_a_classifier_goes_the_whole_way(classifier, flow):
    width = flow.width(2)
    n_classes = 3 if width == 2 else 2
    data = np.linspace(0.0, n_classes - 1.0, 10 * width, dtype=np.float32).reshape(10, width)
    labels = np.rint(data[:, :1]).astype(np.int64)
    model = classifier([numeric("x", (width,))], n_classes=n_classes)
    assert flow(model, data, labels, "probabilities", steps=10).shape == (10, n_classes)


# Warm starts; the later model learns at a rate of 0.

PEOPLE = {"city": [["Palo Alto"], ["Mountain View"]], "locality": [["Palo Alto"], ["Mountain View"]],
          "occupation": [["doctor"], ["consultant"]]}  # fmt: skip


def people():
    return PEOPLE, [0, 1]


def embedded(key):
    words = tf.feature_column.categorical_column_with_vocabulary_list(key, ["Mountain View", "Palo Alto"])
    return tf.feature_column.embedding_column(words, dimension=5)


def classifier_of_4(column, directory, optimizer="SGD", **settings):
    return tf.estimator.DNNClassifier([16, 8], [column], str(directory), 4, optimizer=optimizer, **settings)


def regressor_of_1(column, directory, optimizer="SGD", **settings):
    return tf.estimator.DNNRegressor([16, 8], [column], str(directory), optimizer=optimizer, **settings)


def values_after_a_step(model):
    model.train(people, max_steps=1)
    return {name: model.get_variable_value(name) for name in model.get_variable_names()}


def begun(make, column, directory, start, **settings):
    still = tf.train.GradientDescentOptimizer(0.0)
    return values_after_a_step(make(column, directory, still, warm_start_from=start, **settings))


@pytest.mark.parametrize("make", [classifier_of_4, regressor_of_1])
def test_a_warm_start_takes_all_variables(tmp_path, make):
    earlier = values_after_a_step(make(embedded("city"), tmp_path / "a"))
    later = begun(make, embedded("city"), tmp_path / "b", str(tmp_path / "a"))
    np.testing.assert_equal(later, earlier)


def assert_rest_is_new(later, earlier):
    for name in NAMES:
        if name.endswith("bias"):
            np.testing.assert_array_equal(later[name], np.zeros_like(later[name]))
        else:
            assert (later[name] != earlier[name]).any()


def test_a_warm_start_takes_the_variables_that_are_named(tmp_path):
    earlier = values_after_a_step(classifier_of_4(embedded("city"), tmp_path / "a"))
    chosen = tf.estimator.WarmStartSettings(str(tmp_path / "a"), vars_to_warm_start=".*(city).*")
    later = begun(classifier_of_4, embedded("city"), tmp_path / "b", chosen)
    np.testing.assert_array_equal(later[EMBEDDING.format("city")], earlier[EMBEDDING.format("city")])
    assert_rest_is_new(later, earlier)


def test_a_warm_start_finds_words_in_another_vocabulary(tmp_path):
    def column(name, *words):
        (tmp_path / name).write_text("\n".join(words))
        return tf.feature_column.categorical_column_with_vocabulary_file("occupation", str(tmp_path / name), 3)

    old = column("old", "doctor", "lawyer", "consultant")
    new = column("new", "doctor", "consultant", "engineer")
    earlier = values_after_a_step(classifier_of_4(tf.feature_column.embedding_column(old, 2), tmp_path / "a"))
    info = tf.estimator.VocabInfo(
        new_vocab=new.vocabulary_file, new_vocab_size=new.vocabulary_size, num_oov_buckets=new.num_oov_buckets,
        old_vocab=old.vocabulary_file, old_vocab_size=old.vocabulary_size,
        backup_initializer=tf.random_uniform_initializer(0.39, 0.39),
    )  # fmt: skip
    name = EMBEDDING.format("occupation")
    chosen = tf.estimator.WarmStartSettings(
        str(tmp_path / "a"), vars_to_warm_start=None, var_name_to_vocab_info={name: info}
    )
    later = begun(classifier_of_4, tf.feature_column.embedding_column(new, 2), tmp_path / "b", chosen)
    np.testing.assert_allclose(later[name], [earlier[name][0], earlier[name][2], [0.39] * 2], rtol=1e-6)
    assert_rest_is_new(later, earlier)


def test_a_warm_start_follows_names_that_changed(tmp_path):
    earlier = values_after_a_step(classifier_of_4(embedded("locality"), tmp_path / "a"))
    city, locality = EMBEDDING.format("city"), EMBEDDING.format("locality")
    chosen = tf.estimator.WarmStartSettings(str(tmp_path / "a"), var_name_to_prev_var_name={city: locality})
    later = begun(classifier_of_4, embedded("city"), tmp_path / "b", chosen)
    np.testing.assert_equal({name.replace("city", "locality"): value for name, value in later.items()}, earlier)
