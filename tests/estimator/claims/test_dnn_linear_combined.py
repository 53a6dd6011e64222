"""Both at once: canned/v1/dnn_linear_combined_test_v1.py; each part alone is in test_linear.py and test_dnn.py."""

from __future__ import annotations

import numpy as np
import pytest

import trackml as tf

numeric = tf.feature_column.numeric_column
COLUMN = numeric("x")


class Called(tf.train.Optimizer):
    """Trains with gradient descent, notes by which variables and with which counter, and that its step was made."""

    def __init__(self, prefix):
        super().__init__(use_locking=False, name="called")
        self._prefix = prefix

    def minimize(self, loss, global_step=None, var_list=None):
        self.global_step = global_step
        self.names = [variable.name for variable in var_list or tf.trainable_variables()]
        with tf.name_scope(""):
            called = tf.Variable(0.0, name=f"{self._prefix}_called")
        with tf.control_dependencies([called.assign(100.0)]):
            return tf.train.GradientDescentOptimizer(1.0).minimize(loss, global_step, var_list)


def test_a_step_trains_both_parts_each_with_its_optimizer(tmp_path):
    linear, dnn = Called("linear"), Called("dnn")
    model = tf.estimator.DNNLinearCombinedClassifier(
        str(tmp_path), [COLUMN], linear, [COLUMN], dnn, dnn_hidden_units=(2, 2)
    )
    x, y = np.array([[0.0], [1.0]]), np.array([[0.0], [1.0]])
    model.train(tf.estimator.inputs.numpy_input_fn({"x": x}, y, 1, shuffle=False), steps=1)
    for optimizer, prefix in ((linear, "linear"), (dnn, "dnn")):
        assert optimizer.global_step is None  # it is counted once, after both
        assert all(name.startswith(prefix) for name in optimizer.names)
        assert tf.train.load_variable(str(tmp_path), f"{prefix}_called") == 100.0
    assert model.get_variable_value("global_step") == 1


def test_the_logits_of_both_parts_are_added(tmp_path, checkpoint):
    checkpoint({
        "linear/linear_model/x/weights": [[1.0]], "linear/linear_model/bias_weights": [2.0],
        "dnn/hiddenlayer_0/kernel": [[3.0]], "dnn/hiddenlayer_0/bias": [4.0],
        "dnn/logits/kernel": [[5.0]], "dnn/logits/bias": [6.0],
    }, 1)  # fmt: skip
    model = tf.estimator.DNNLinearCombinedRegressor(str(tmp_path), [COLUMN], "Ftrl", [COLUMN], dnn_hidden_units=[1])
    input_fn = tf.estimator.inputs.numpy_input_fn({"x": np.array([[10.0]])}, batch_size=1, shuffle=False)
    # 10 * 1 + 2 = 12, and (10 * 3 + 4) * 5 + 6 = 176.
    assert next(model.predict(input_fn)) == {"predictions": [188.0]}


def test_a_regressor_goes_the_whole_way(tmp_path, flow):
    width = flow.width(2)
    columns = [numeric("x", (width,))]
    data = np.linspace(0.0, 2.0, 10 * width, dtype=np.float32).reshape(10, width)
    model = tf.estimator.DNNLinearCombinedRegressor(
        str(tmp_path), columns, dnn_feature_columns=columns, dnn_hidden_units=(2, 2), label_dimension=width
    )
    assert flow(model, data, data, "predictions", steps=10).shape == (10, width)


def test_a_classifier_goes_the_whole_way(tmp_path, flow):
    width = flow.width(2)
    n_classes = 3 if width == 2 else 2
    columns = [numeric("x", (width,))]
    data = np.linspace(0.0, n_classes - 1.0, 10 * width, dtype=np.float32).reshape(10, width)
    model = tf.estimator.DNNLinearCombinedClassifier(
        str(tmp_path), columns, dnn_feature_columns=columns, dnn_hidden_units=(2, 2), n_classes=n_classes
    )
    labels = np.rint(data[:, :1]).astype(np.int64)
    assert flow(model, data, labels, "probabilities", steps=10).shape == (10, n_classes)


# Warm starts; the later model learns at a rate of 0.


def people():
    return {"age": [[23.0], [31.0]], "city": [["Palo Alto"], ["Mountain View"]]}, [0, 1]


CITY = tf.feature_column.embedding_column(
    tf.feature_column.categorical_column_with_vocabulary_list("city", ["Mountain View", "Palo Alto"]), dimension=5
)
KINDS = {
    "classifier": (tf.estimator.DNNLinearCombinedClassifier, {"n_classes": 4}),
    "regressor": (tf.estimator.DNNLinearCombinedRegressor, {}),
}


def values_after_a_step(kind, directory, optimizer, start=None):
    make, settings = KINDS[kind]
    model = make(
        str(directory), [numeric("age")], optimizer, [CITY], optimizer, [16, 8], warm_start_from=start, **settings
    )
    model.train(people, max_steps=1)
    return {name: model.get_variable_value(name) for name in model.get_variable_names()}


@pytest.mark.parametrize("kind", KINDS)
def test_a_warm_start_takes_all_variables(tmp_path, kind):
    earlier = values_after_a_step(kind, tmp_path / "a", "SGD")
    still = tf.train.GradientDescentOptimizer(0.0)
    later = values_after_a_step(kind, tmp_path / "b", still, str(tmp_path / "a"))
    np.testing.assert_equal(later, earlier)


def test_a_warm_start_takes_the_part_that_is_named(tmp_path):
    earlier = values_after_a_step("classifier", tmp_path / "a", "SGD")
    chosen = tf.estimator.WarmStartSettings(str(tmp_path / "a"), vars_to_warm_start=".*(dnn).*")
    later = values_after_a_step("classifier", tmp_path / "b", tf.train.GradientDescentOptimizer(0.0), chosen)
    expected = {name: np.zeros_like(value) if "linear" in name else value for name, value in earlier.items()}
    np.testing.assert_equal(later, expected)
