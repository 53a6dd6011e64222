"""Metrics of one's own, by name, in models, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

import trackml as tf
from trackml import keras

X = np.linspace(-1.0, 1.0, 40).astype(np.float32).reshape(20, 2)
BITS = (X[:, 0] > 0.1).astype(np.float32)


class Largest(keras.metrics.Metric):
    """The largest prediction so far."""

    def __init__(self, name="largest", **kwargs):
        super().__init__(name=name, **kwargs)
        self.found = self.add_weight(name="found", initializer="zeros")

    def update_state(self, y_true, y_pred, sample_weight=None):
        self.found.assign(tf.maximum(self.found, tf.reduce_max(y_pred)))

    def result(self):
        return self.found


def _model(metrics, units=1, activation="sigmoid", loss="binary_crossentropy", **kwargs):
    model = keras.Sequential([keras.layers.Dense(units, activation=activation, input_shape=(2,))])
    model.compile("sgd", loss, metrics=metrics, **kwargs)
    return model


def test_a_metric_of_ones_own_needs_return_nothing():
    model = _model([Largest()])
    _, largest = model.evaluate(X, BITS, batch_size=3, verbose=0)
    assert largest == model.predict(X).max()
    assert model.metrics_names == ["loss", "largest"]


@pytest.mark.parametrize("method", ["reset_state", "reset_states"])
def test_a_metric_says_itself_how_it_starts_anew(method):
    class FromOne(Largest):
        pass

    def start(self):
        keras.backend.set_value(self.found, 1.0)

    setattr(FromOne, method, start)
    model = _model([FromOne()])
    assert model.evaluate(X, BITS, verbose=0)[1] == 1.0


def test_a_start_may_be_an_assignment():
    class FromOne(Largest):
        def reset_states(self):
            self.found.assign(1.0)

    model = _model([FromOne()])
    assert model.evaluate(X, BITS, verbose=0)[1] == 1.0
    assert model.evaluate(X, BITS, verbose=0)[1] == 1.0


def test_metrics_begin_anew_with_each_epoch_and_evaluation():
    model = _model(["acc", keras.metrics.AUC(name="auc")])
    history = model.fit(X, BITS, epochs=2, validation_split=0.5, verbose=0).history
    assert sorted(history) == ["acc", "auc", "loss", "val_acc", "val_auc", "val_loss"]
    first = model.evaluate(X, BITS, verbose=0)
    np.testing.assert_allclose(model.evaluate(X, BITS, verbose=0), first, rtol=1e-6)


def test_several_numbers_of_one_metric_have_names_of_their_own():
    class Both(Largest):
        def result(self):
            return {"once": self.found, "twice": 2.0 * self.found}

    logs = _model([Both()]).evaluate(X, BITS, verbose=0, return_dict=True)
    assert sorted(logs) == ["loss", "once", "twice"]
    assert logs["twice"] == 2.0 * logs["once"]


@pytest.mark.parametrize(
    ("units", "activation", "loss", "labels", "function"),
    [
        (1, "sigmoid", "mse", BITS, "binary_accuracy"),
        (2, "sigmoid", "binary_crossentropy", np.stack([BITS, 1 - BITS], 1), "binary_accuracy"),
        (2, "softmax", "categorical_crossentropy", np.stack([BITS, 1 - BITS], 1), "categorical_accuracy"),
        (2, "softmax", "sparse_categorical_crossentropy", BITS, "sparse_categorical_accuracy"),
        (2, "softmax", keras.losses.SparseCategoricalCrossentropy(), BITS, "sparse_categorical_accuracy"),
    ],
)
@pytest.mark.parametrize("name", ["acc", "accuracy"])
def test_the_accuracy_goes_with_labels_and_loss(units, activation, loss, labels, function, name):
    model = _model([name, function], units, activation, loss)
    logs = model.evaluate(X, labels, verbose=0, return_dict=True)
    assert sorted(logs) == sorted(["loss", "acc", function])
    assert logs["acc"] == logs[function]


def test_the_crossentropy_goes_with_labels_and_loss():
    logs = _model(["ce"]).evaluate(X, BITS, verbose=0, return_dict=True)
    assert logs["ce"] == pytest.approx(logs["loss"], rel=1e-5)


def test_examples_count_by_their_weights_in_weighted_metrics_alone():
    model = _model(["mae"], weighted_metrics=["mae"], activation=None, loss="mse")
    weights = np.where(BITS > 0, 0.0, 1.0)
    logs = model.evaluate(X, BITS, sample_weight=weights, verbose=0, return_dict=True)
    errors = np.abs(model.predict(X)[:, 0] - BITS)
    assert logs["mean_absolute_error"] == pytest.approx(errors.mean(), rel=1e-5)
    assert logs["weighted_mean_absolute_error"] == pytest.approx(errors[BITS == 0].mean(), rel=1e-5)


def test_a_function_of_ones_own_is_called_after_itself():
    def spread(y_true, y_pred):
        return tf.reduce_max(y_pred) - tf.reduce_min(y_pred)

    model = _model([spread, spread])
    model.evaluate(X, BITS, verbose=0)
    assert model.metrics_names == ["loss", "spread", "spread_1"]


def test_each_output_has_metrics_of_its_own():
    x = keras.Input(shape=(2,), name="x")
    outputs = [keras.layers.Dense(1, name=name)(x) for name in "ab"]
    model = keras.Model(x, outputs)
    model.compile("sgd", "mse", metrics={"a": ["mae"], "b": keras.metrics.MeanSquaredError(name="error")})
    model.evaluate(X, [BITS, BITS], verbose=0)
    assert model.metrics_names == ["loss", "a_loss", "b_loss", "a_mean_absolute_error", "b_error"]
    model.compile("sgd", "mse", metrics=[Largest()])
    logs = model.evaluate(X, [BITS, BITS], verbose=0, return_dict=True)
    a, b = model.predict(X)
    np.testing.assert_allclose([logs["a_largest"], logs["b_largest"]], np.maximum([a.max(), b.max()], 0), rtol=1e-6)


def test_an_object_without_a_name_is_numbered():
    assert [keras.metrics.Precision().name for _ in range(3)] == ["precision", "precision_1", "precision_2"]
    assert keras.metrics.MeanIoU(2).name == "mean_io_u"


def test_a_metric_of_ones_own_goes_into_an_estimator(tmp_path):
    model = _model([Largest(), "acc"])
    estimator = keras.estimator.model_to_estimator(model, model_dir=str(tmp_path))
    estimator.train(lambda: ({"dense_input": X}, BITS), steps=1)
    scores = estimator.evaluate(lambda: ({"dense_input": X}, BITS), steps=1)
    assert sorted(scores) == ["acc", "global_step", "largest", "loss"]
    assert 0.0 < scores["largest"] < 1.0


def test_a_model_function_may_give_metrics_of_keras(tmp_path):
    def model_fn(features, labels, mode):
        share = tf.get_variable("share", initializer=0.25)
        accuracy, mean = keras.metrics.BinaryAccuracy(), keras.metrics.Mean()
        accuracy.update_state(labels, features["x"][:, :1] + share)
        mean.update_state(features["x"])
        metrics = {"accuracy": accuracy, "mean": mean}
        step = tf.train.GradientDescentOptimizer(0.0).minimize(share, tf.train.get_global_step())
        return tf.estimator.EstimatorSpec(mode, loss=share, train_op=step, eval_metric_ops=metrics)

    data = tf.data.Dataset.from_tensor_slices(({"x": X}, BITS[:, None])).batch(6)
    estimator = tf.estimator.Estimator(model_fn, str(tmp_path))
    estimator.train(lambda: data, steps=1)
    scores = estimator.evaluate(lambda: data)
    assert scores["accuracy"] == pytest.approx(np.mean((X[:, 0] + 0.25 > 0.5) == BITS))
    assert scores["mean"] == pytest.approx(X.mean(), abs=1e-6)


def test_metrics_of_parts_are_merged():
    parts = [keras.metrics.Mean() for _ in range(2)]
    updates = [part.update_state(tf.constant(values)) for part, values in zip(parts, ([1.0, 2.0], [6.0]))]
    with tf.Session() as session:
        session.run(tf.local_variables_initializer())
        session.run(updates)
        session.run(parts[0].merge_state([parts[1]]))
        assert session.run(parts[0].result()) == 3.0


def test_a_call_takes_in_and_gives():
    mean = keras.metrics.Mean()
    value = mean(tf.constant([1.0, 3.0]), sample_weight=tf.constant([3.0, 1.0]))
    with tf.Session() as session:
        session.run(tf.local_variables_initializer())
        assert session.run(value) == 1.5


@pytest.mark.parametrize(
    ("broken", "kind", "message"),
    [
        (lambda: keras.metrics.get("acuracy"), ValueError, "Unknown metric function: 'acuracy'"),
        (lambda: _model(["acuracy"]), ValueError, "Unknown metric function: 'acuracy'"),
        (lambda: keras.metrics.get(3), ValueError, "Could not interpret metric identifier: 3"),
        (lambda: keras.metrics.AUC(curve="POC"), ValueError, "Invalid AUC curve value: 'POC'"),
        (lambda: keras.metrics.AUC(num_thresholds=1), ValueError, "num_thresholds must be an integer > 1"),
        (lambda: keras.metrics.AUC(num_labels=2), ValueError, "only when `multi_label` is True"),
        (lambda: keras.metrics.AUC(label_weights=[-1.0]), ValueError, "must be non-negative"),
        (lambda: keras.metrics.Precision(thresholds=[0.5, 1.5]), ValueError, r"must be in \[0, 1\]. Received: \[1.5\]"),
        (lambda: keras.metrics.PrecisionAtRecall(1.5), ValueError, r"`recall` must be in the range \[0, 1\]"),
        (lambda: keras.metrics.IoU(2, [2]), ValueError, "Target class id 2 is out of range"),
        (lambda: keras.metrics.F1Score(average="both"), ValueError, "Invalid `average`"),
        (lambda: keras.metrics.FBetaScore(beta=1), ValueError, "Invalid `beta`"),
        (lambda: keras.metrics.R2Score(num_regressors=-1), ValueError, "must be 0 or more"),
        (lambda: keras.metrics.MeanTensor().result(), ValueError, "does not have any value yet"),
        (lambda: keras.metrics.Mean().as_metric_ops(), ValueError, "call its update_state"),
        (lambda: keras.metrics.Metric().result(), TypeError, "must define result"),
        (lambda: keras.metrics.Mean().merge_state([keras.metrics.Sum()]), ValueError, "cannot be merged"),
    ],
)
def test_what_is_wrong_is_said(broken, kind, message):
    with pytest.raises(kind, match=message):
        broken()
