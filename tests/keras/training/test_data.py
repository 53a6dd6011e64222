"""What models are fed from, and with which weights."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import trackml as tf
from trackml import keras

X = np.linspace(-1.0, 1.0, 40).astype(np.float32).reshape(20, 2)
Y = (X[:, 0] - 2.0 * X[:, 1] + 0.5).astype(np.float32)


def _linear(**kwargs):
    model = keras.Sequential([keras.layers.Dense(1, input_shape=(2,), kernel_initializer="zeros")])
    model.compile(**{"optimizer": keras.optimizers.SGD(0.1), "loss": "mse", **kwargs})
    return model


def _two(**kwargs):
    """A model of two inputs, `a` and `b`, and two outputs, `sum` and `difference`."""
    a, b = keras.Input(shape=(1,), name="a"), keras.Input(shape=(1,), name="b")
    outputs = [keras.layers.Add(name="sum")([a, b]), keras.layers.Subtract(name="difference")([a, b])]
    model = keras.Model([a, b], outputs)
    model.compile(**{"optimizer": "sgd", "loss": "mse", **kwargs})
    return model


class Rows(keras.utils.Sequence):
    """Batches of five rows, which notes what is asked for."""

    def __init__(self):
        self.asked, self.ends = [], 0

    def __len__(self):
        return 4

    def __getitem__(self, index):
        self.asked.append(index)
        return X[5 * index : 5 * index + 5], Y[5 * index : 5 * index + 5]

    def on_epoch_end(self):
        self.ends += 1


def _forever(x=X, y=Y, size=5):
    while True:
        for start in range(0, len(x), size):
            yield x[start : start + size], y[start : start + size]


def _once():
    for start in range(0, 20, 5):
        yield X[start : start + 5], Y[start : start + 5]


EQUAL = {
    "lists": lambda model: model.fit([X], [Y], batch_size=5, epochs=2, shuffle=False, verbose=0),
    "dict": lambda model: model.fit({"dense_input": X}, {"dense": Y}, batch_size=5, epochs=2, shuffle=False, verbose=0),
    "frame": lambda model: model.fit(
        pd.DataFrame(X, columns=["a", "b"]), pd.Series(Y), batch_size=5, epochs=2, shuffle=False, verbose=0
    ),
    "generator": lambda model: model.fit(_forever(), steps_per_epoch=4, epochs=2, verbose=0),
    "generator of lists": lambda model: model.fit(
        (list(batch) for batch in _forever()), steps_per_epoch=4, epochs=2, verbose=0
    ),
    "fit_generator": lambda model: model.fit_generator(_forever(), 4, 2, verbose=0, workers=2),
    "sequence": lambda model: model.fit(Rows(), epochs=2, shuffle=False, verbose=0),
    "dataset": lambda model: model.fit(tf.data.Dataset.from_tensor_slices((X, Y)).batch(5), epochs=2, verbose=0),
    "endless": lambda model: model.fit(
        tf.data.Dataset.from_tensor_slices((X, Y)).batch(5).repeat(), steps_per_epoch=4, epochs=2, verbose=0
    ),
    "steps": lambda model: model.fit(X, Y, steps_per_epoch=4, epochs=2, shuffle=False, verbose=0),
}


@pytest.mark.parametrize("kind", sorted(EQUAL))
def test_all_kinds_of_data_train_alike(kind):
    expected = _linear().fit(X, Y, batch_size=5, epochs=2, shuffle=False, verbose=0).history["loss"]
    with tf.Graph().as_default():
        assert EQUAL[kind](_linear()).history["loss"] == pytest.approx(expected, rel=1e-5)


def test_inputs_and_targets_go_by_name():
    model = _two(loss={"sum": "mae", "difference": "mse"}, loss_weights={"difference": 0.5})
    one, two, three = (np.full(4, value) for value in (1.0, 2.0, 3.0))
    logs = model.evaluate({"b": two, "a": one}, {"difference": one, "sum": one}, verbose=0, return_dict=True)
    assert logs == {"loss": 4.0, "sum_loss": 2.0, "difference_loss": 4.0}
    frame = pd.DataFrame({"a": one, "other": two, "b": three})
    total, difference = model.predict(frame)
    assert (total[0, 0], difference[0, 0]) == (4.0, -2.0)


def test_an_output_without_a_loss_needs_no_target():
    model = _two(loss={"sum": "mse"})
    one, two = np.ones(4), np.full(4, 2.0)
    assert model.evaluate([one, two], {"sum": one}, verbose=0) == [4.0, 4.0]
    assert model.evaluate([one, two], [one, one], verbose=0) == [4.0, 4.0]
    assert model.metrics_names == ["loss", "sum_loss"]


def test_a_sequence_is_taken_in_another_order_with_each_epoch():
    rows = Rows()
    np.random.seed(1)
    _linear().fit(rows, epochs=3, verbose=0)
    assert rows.ends == 3
    orders = [tuple(rows.asked[start : start + 4]) for start in (0, 4, 8)]
    assert all(sorted(order) == [0, 1, 2, 3] for order in orders)
    assert len(set(orders)) > 1


@pytest.mark.parametrize("shuffle", [True, False, "batch"])
def test_rows_come_in_the_order_that_is_asked_for(shuffle):
    seen = []
    layer = keras.layers.Lambda(
        lambda x: tf.py_func(lambda rows: seen.append(rows[:, 0].tolist()) or rows, [x], tf.float32)
    )
    model = keras.Sequential([layer])
    model.compile("sgd", lambda y_true, y_pred: tf.reduce_sum(tf.reshape(y_pred, [-1, 1]), axis=-1))
    numbers = np.arange(10, dtype=np.float32)[:, None]
    np.random.seed(3)
    model.fit(numbers, numbers, batch_size=4, shuffle=shuffle, verbose=0)
    batches = [batch for batch in seen if batch]
    plain = [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]
    assert sorted(row for batch in batches for row in batch) == list(range(10))
    assert (batches == plain) == (shuffle is False)
    if shuffle == "batch":
        assert sorted(batches) == plain


def test_weights_of_steps_count():
    model = keras.Sequential([keras.layers.Dense(1, kernel_initializer="zeros", input_shape=(3, 2))])
    model.compile("sgd", "mse", sample_weight_mode="temporal", weighted_metrics=["mae"])
    x, y = np.ones([4, 3, 2]), np.arange(12.0).reshape(4, 3, 1)
    weights = np.arange(12.0).reshape(4, 3) % 2
    loss, error = model.evaluate(x, y, sample_weight=weights, verbose=0)
    assert loss == pytest.approx(np.mean(weights * y[..., 0] ** 2))
    assert error == pytest.approx(np.sum(weights * y[..., 0]) / weights.sum())
    with pytest.raises(ValueError, match=r"expects one weight a step: \[batch, steps\]"):
        model.evaluate(x, y, sample_weight=np.ones(4), verbose=0)


def test_weights_come_with_the_batches_of_generators_and_datasets():
    weights = np.linspace(0.0, 2.0, 20).astype(np.float32)
    expected = np.mean(weights * Y**2)
    data = tf.data.Dataset.from_tensor_slices((X, Y, weights)).batch(10)
    assert _linear().evaluate(data, verbose=0) == pytest.approx(expected, rel=1e-5)
    assert _linear().evaluate(iter([(X, Y, weights)]), verbose=0) == pytest.approx(expected, rel=1e-5)


def test_a_graph_does_not_grow_with_each_call():
    model, data = _linear(optimizer=keras.optimizers.SGD(0.0)), tf.data.Dataset.from_tensor_slices((X, Y)).batch(5)
    model.fit(data, validation_data=data, verbose=0)
    first = model.evaluate(data, verbose=0), model.predict(data)[0]
    size = len(tf.get_default_graph().get_operations())
    for _ in range(3):
        assert (model.evaluate(data, verbose=0), model.predict(data)[0]) == first
        model.fit(data, validation_data=data, verbose=0)
    assert len(tf.get_default_graph().get_operations()) == size


def test_classes_count_by_their_weights():
    model = _linear(loss="mae")
    labels = np.arange(20) % 2
    loss = model.train_on_batch(X, labels, class_weight={0: 5.0, 1: 3.0}, sample_weight=np.full(20, 2.0))
    assert loss == pytest.approx(3.0)
    with pytest.raises(ValueError, match=r"The classes \[1\] are not in it"):
        model.fit(X, labels, class_weight={0: 1.0}, verbose=0)


def test_classes_have_no_weights_in_validations():
    labels = np.arange(20) % 2
    model = _linear(loss="mae", optimizer=keras.optimizers.SGD(0.0))
    history = model.fit(X, labels, class_weight={0: 5.0, 1: 3.0}, validation_split=0.5, verbose=0).history
    assert (history["loss"], history["val_loss"]) == ([1.5], [0.5])


def test_classes_of_each_output_have_weights_of_their_own():
    model = _two(loss="mae")
    zero, ones = np.zeros(4), np.ones(4)
    weights = {"sum": {1: 2.0}, "difference": {1: 3.0}}
    logs = model.train_on_batch([zero, zero], [ones, ones], class_weight=weights, return_dict=True)
    assert logs == {"loss": 5.0, "sum_loss": 2.0, "difference_loss": 3.0}


def test_a_model_may_have_no_targets_at_all():
    class Penalized(keras.layers.Layer):
        def call(self, inputs):
            self.add_loss(tf.reduce_mean(inputs))
            return inputs

    model = keras.Sequential([keras.layers.Dense(1, kernel_initializer="ones", input_shape=(2,)), Penalized()])
    model.compile(keras.optimizers.SGD(0.1))
    losses = model.fit(np.ones([4, 2]), epochs=2, verbose=0).history["loss"]
    assert losses == pytest.approx([2.0, 1.7])


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        (lambda: _linear().fit(X, Y[:3]), r"same number of examples. Got inputs: \[20\], targets: \[3\]"),
        (lambda: _linear().fit(X, Y, sample_weight=np.ones(3)), r"sample weights: \[3\]"),
        (lambda: _linear().fit(X[:0], Y[:0]), "There are no examples: the arrays are empty"),
        (lambda: _linear().fit(X, Y, batch_size=0), "batch_size must be a whole number of 1 or more; got 0"),
        (lambda: _linear().fit(X, Y, batch_size=float("nan")), "got nan"),
        (lambda: _linear().fit(X, Y, batch_size=2.5), "got 2.5"),
        (lambda: _linear().fit(X, Y, steps_per_epoch=0), "steps_per_epoch .or steps. must be a whole number"),
        (
            lambda: _linear().fit(X, np.ones([20, 3])),
            r"expected target 'dense' to have shape \(None, 1\) but got array",
        ),
        (
            lambda: _linear().fit(X, Y, sample_weight=np.ones([20, 2])),
            r"\[batch, steps\], beside targets of shape \(20, 1\)",
        ),
        (lambda: _linear().fit(X), r"Expected targets for the outputs \['dense'\]; got 0"),
        (lambda: _linear().fit({"x": X}, Y), 'No data provided for "dense_input"'),
        (lambda: _linear().fit(X, {"y": Y}), r"Unknown entries in target dictionary: \['y'\]. The outputs are"),
        (lambda: _linear().fit([X, X], [Y]), "Expected to see 1 array"),
        (lambda: _linear().fit(iter([]), verbose=0), "The data gave no batch"),
        (lambda: _linear().fit(tf.data.Dataset.from_tensors((X, Y)).repeat()), "The dataset has no end"),
        (lambda: _linear().fit(iter([(X, Y, Y, Y)]), verbose=0), "Found 4 parts"),
        (lambda: _linear().fit(iter([(X, Y)]), Y), "`y` must not be given beside a list_iterator"),
        (lambda: _linear().fit(tf.constant(X), Y), "must be arrays, a Dataset or a generator; got the tensor"),
        (lambda: _linear().fit(X, Y, validation_split=1.5), "validation_split must be between 0 and 1; got 1.5"),
        (lambda: _linear().fit(X[:1], Y[:1], validation_split=0.2), "one of them would be empty"),
        (lambda: _linear().fit(Rows(), validation_split=0.2), "only supported for arrays"),
        (lambda: _linear().fit(X, Y, validation_data=(X,) * 4), "got 4 parts"),
        (lambda: _linear().fit(X, Y, validation_freq=0), "validation_freq must be a number of epochs"),
        (lambda: _linear().fit(X, Y, shuffle="rows"), '`shuffle` must be True, False or "batch"'),
        (lambda: _linear().fit(np.array([["a", "b"]] * 20), Y), "cannot be converted"),
        (lambda: _linear().predict(None), "must be arrays of examples; got None"),
        (lambda: _two().evaluate([X[:, 0]] * 3, [Y, Y]), r"Expected to see 2 array\(s\), for \['a', 'b'\]"),
        (lambda: _two().fit([Y, Y], [Y, Y], class_weight={0: 1.0}), "a dict of dicts by output"),
        (lambda: _two().fit([Y, Y], [Y, Y], sample_weight=[np.ones(20)] * 3), "got 3"),
        (lambda: _two(loss=["mse"]), r"The outputs are \['sum', 'difference'\]; got 1 entries"),
        (lambda: _two(loss={"product": "mse"}), r"Unknown entries in loss dictionary: \['product'\]"),
        (lambda: _two(sample_weight_mode="spatial"), "sample_weight_mode must be"),
        (lambda: _linear(target_tensors=[tf.zeros([1])]), "target_tensors must be None"),
    ],
)
def test_what_is_wrong_is_said(broken, message):
    with pytest.raises(ValueError, match=message):
        broken()


def test_numbers_of_classes_are_none_of_what_a_categorical_loss_takes():
    model = keras.Sequential([keras.layers.Dense(3, activation="softmax", input_shape=(2,))])
    model.compile("sgd", "categorical_crossentropy")
    with pytest.raises(ValueError, match=r"expected target 'dense'.*to_categorical, or use sparse_categorical"):
        model.fit(X, np.arange(20) % 3)


def test_an_argument_that_is_none_of_compile_is_refused():
    with pytest.raises(TypeError, match=r"Invalid keyword argument\(s\) in `compile\(\)`: \['metric'\]"):
        _linear(metric=["acc"])
