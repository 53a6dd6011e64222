"""Input functions of arrays and data frames: inputs/numpy_io_test.py and pandas_io_test.py, without their queues."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import trackml as tf

numpy_input_fn = tf.estimator.inputs.numpy_input_fn
pandas_input_fn = tf.estimator.inputs.pandas_input_fn


def batches(input_fn):
    """All batches of an input function until OutOfRangeError, as lists."""
    found = []
    with tf.Graph().as_default():
        tensors = input_fn()
        with tf.Session() as session:
            try:
                while True:
                    found.append(session.run(tensors))
            except tf.errors.OutOfRangeError:
                return found


def as_lists(value):
    if isinstance(value, dict):
        return {key: as_lists(item) for key, item in value.items()}
    return tuple(as_lists(item) for item in value) if isinstance(value, tuple) else value.tolist()


def rows(start, stop):
    """(x, y) with two features of `stop - start` rows."""
    size = stop - start
    return {"a": np.arange(size) * 1.0, "b": np.arange(start, stop)}, np.arange(-start, size - start)


def pairs(*batches_of_rows):
    """What batches of those rows look like."""
    return [
        ({"a": [float(row) for row in batch], "b": [32 + row for row in batch]}, [row - 32 for row in batch])
        for batch in batches_of_rows
    ]


# (rows, batch size, epochs, the rows of each batch)
ORDERS = {
    "two batches": (4, 2, 1, [[0, 1], [2, 3]]),
    "a batch of all epochs": (2, 128, 2, [[0, 1, 0, 1]]),
    "no epochs": (4, 2, 0, []),
    "a last batch of one": (5, 2, 1, [[0, 1], [2, 3], [4]]),
    "batches across epochs": (3, 2, 3, [[0, 1], [2, 0], [1, 2], [0, 1], [2]]),
    "a batch larger than the data": (4, 10, 1, [[0, 1, 2, 3]]),
    "uneven batches": (4, 3, 1, [[0, 1, 2], [3]]),
}


def numpy_pair(x, y, **settings):
    return numpy_input_fn(x, y, **settings)


def pandas_pair(x, y, **settings):
    index = np.arange(100, 100 + len(y))
    return pandas_input_fn(pd.DataFrame(x, index=index), pd.Series(y, index=index), **settings)


KINDS = {"numpy": numpy_pair, "pandas": pandas_pair}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("claim", ORDERS)
def test_rows_come_in_order(kind, claim):
    size, batch_size, epochs, expected = ORDERS[claim]
    x, y = rows(32, 32 + size)
    input_fn = KINDS[kind](x, y, batch_size=batch_size, shuffle=False, num_epochs=epochs)
    assert [as_lists(batch) for batch in batches(input_fn)] == pairs(*expected)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("settings", "count"),
    [({"batch_size": 4, "num_epochs": 1}, 1), ({"batch_size": 2, "num_epochs": 2, "queue_capacity": 4}, 4)],
)
def test_shuffled_epochs_end(kind, settings, count):
    x, y = rows(32, 36)
    found = batches(KINDS[kind](x, y, shuffle=True, **settings))
    assert len(found) == count
    per_epoch = 4 // settings["batch_size"]
    for epoch in range(0, count, per_epoch):
        part = found[epoch : epoch + per_epoch]
        assert sorted(np.concatenate([labels for _, labels in part])) == list(y)


def test_an_open_queue_is_allowed_for_frames():
    x, y = rows(32, 36)
    found = batches(pandas_pair(x, y, batch_size=2, shuffle=True, queue_capacity=None, num_epochs=2))
    assert len(found) == 4


@pytest.mark.parametrize("shuffle", [False, True])
def test_an_input_function_may_be_made_and_called_again(shuffle):
    x, y = rows(32, 36)
    for _ in range(2):
        assert len(batches(pandas_pair(x, y, batch_size=2, shuffle=shuffle, num_epochs=1))) == 2


A, B = np.arange(4) * 1.0, np.arange(32, 36)
CUBE = np.arange(16).reshape(4, 2, 2)
# (x, y, what the first of two batches is)
STRUCTURES = {
    "features of several dimensions": (
        {"a": np.array([[1, 2], [3, 4], [0, 0], [0, 0]]), "b": np.array([5, 6, 0, 0])}, np.arange(-32, -28),
        ({"a": [[1, 2], [3, 4]], "b": [5, 6]}, [-32, -31]),
    ),
    "no labels": ({"a": A, "b": B}, None, {"a": [0, 1], "b": [32, 33]}),
    "a dict of labels": (
        {"a": A, "b": B}, {"y1": np.arange(-32, -28), "y2": np.arange(32, 28, -1)},
        ({"a": [0, 1], "b": [32, 33]}, {"y1": [-32, -31], "y2": [32, 31]}),
    ),
    "an array": (A, np.arange(-32, -28), ([0, 1], [-32, -31])),
    "an array of three dimensions": (
        CUBE * 1.0, CUBE - 48,
        ([[[0, 1], [2, 3]], [[4, 5], [6, 7]]], [[[-48, -47], [-46, -45]], [[-44, -43], [-42, -41]]]),
    ),
    "an array and a dict of labels": (A, {"y1": np.arange(-32, -28)}, ([0, 1], {"y1": [-32, -31]})),
    "a key that TensorFlow once took for labels": ({"__target_key__": B}, A, ({"__target_key__": [32, 33]}, [0, 1])),
}  # fmt: skip


@pytest.mark.parametrize("claim", STRUCTURES)
def test_features_and_labels_keep_their_structure(claim):
    x, y, expected = STRUCTURES[claim]
    found = batches(numpy_input_fn(x, y, batch_size=2, shuffle=False, num_epochs=1))
    assert len(found) == 2
    assert as_lists(found[0]) == expected


def test_an_array_is_what_a_dict_of_it_is():
    x, y = np.vstack((A, B)), np.arange(-48, -40).reshape(2, 4)
    settings = {"batch_size": 2, "shuffle": False, "num_epochs": 1}
    ((array, labels),) = batches(numpy_input_fn(x, y, **settings))
    ((features, same),) = batches(numpy_input_fn({"feature1": x}, y, **settings))
    np.testing.assert_array_equal(array, features["feature1"])
    np.testing.assert_array_equal(labels, same)


def test_what_was_given_is_not_changed():
    x = {"__target_key__": B}
    numpy_input_fn(x, A, batch_size=2, shuffle=False)
    assert list(x) == ["__target_key__"]


MISMATCH = "Length of tensors in x and y is mismatched"
NO_SHUFFLE = "shuffle must be provided and explicitly set as boolean"


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        ({"x": list(range(32, 36)), "y": A, "shuffle": False}, TypeError, "x must be a dict or array"),
        ({"x": {}, "y": A, "shuffle": False}, ValueError, "x cannot be an empty"),
        ({"x": np.array([[], []]), "y": A, "shuffle": False}, ValueError, "x cannot be an empty"),
        ({"x": B, "y": A}, ValueError, NO_SHUFFLE),
        ({"x": {"a": A, "b": B}, "y": np.arange(10), "shuffle": False}, ValueError, MISMATCH),
        ({"x": {"a": np.arange(1), "b": B}, "shuffle": False}, ValueError, MISMATCH),
        ({"x": {"a": A, "b": B}, "y": {}, "shuffle": False}, ValueError, "y cannot be empty"),
        ({"x": {"a": A, "b": B}, "y": {"y1": B, "a": A, "y2": B, "b": B}, "shuffle": False}, ValueError,
         "2 duplicate keys are found in both x and y"),
    ],
)  # fmt: skip
def test_arrays_that_are_refused(given, error, message):
    with pytest.raises(error, match=message):
        numpy_input_fn(**given)()


# Data frames.

INDEX = np.arange(100, 104)
FRAME = pd.DataFrame({"a": np.arange(4), "b": B}, index=INDEX)
LABELS = pd.DataFrame({"a_target": np.arange(10, 14), "b_target": np.arange(50, 54)}, index=INDEX)


@pytest.mark.parametrize("names", [("a_target", "b_target"), ("a", "b"), ("a", "a_n")])
def test_labels_may_be_a_frame_whose_columns_are_named_as_features(names):
    labels = LABELS.set_axis(list(names), axis=1)
    found = batches(pandas_input_fn(FRAME, labels, batch_size=2, shuffle=False, num_epochs=1))
    assert as_lists(found[0]) == ({"a": [0, 1], "b": [32, 33]}, {names[0]: [10, 11], names[1]: [50, 51]})


def test_the_index_is_no_feature():
    found = batches(pandas_input_fn(FRAME, batch_size=2, shuffle=False, num_epochs=1))
    assert as_lists(found[0]) == {"a": [0, 1], "b": [32, 33]}


@pytest.mark.parametrize(
    ("settings", "error", "message"),
    [
        ({"y": pd.Series(np.arange(4)), "shuffle": False}, ValueError, "Index for x and y are mismatched"),
        ({"y": pd.Series(np.arange(4))}, ValueError, NO_SHUFFLE),
        ({"y": LABELS["a_target"], "shuffle": False, "target_column": ["one", "two"]}, TypeError,
         "target_column must be a string type"),
    ],
)  # fmt: skip
def test_frames_that_are_refused(settings, error, message):
    with pytest.raises(error, match=message):
        pandas_input_fn(FRAME, **settings)


# With feature columns.


def test_a_linear_model_of_a_batch():
    price = tf.feature_column.numeric_column("price")
    with tf.Graph().as_default():
        features, _ = numpy_input_fn({"price": np.array([[1.0], [5.0]])}, np.zeros(2), 2, 1, False)()
        predictions = tf.feature_column.linear_model(features, [price])
        with tf.Session() as session:
            session.run(tf.global_variables_initializer())
            weights, bias = tf.global_variables("linear_model/price")[0], tf.global_variables("linear_model/bias")[0]
            session.run([weights.assign([[10.0]]), bias.assign([5.0])])
            np.testing.assert_allclose(session.run(predictions), [[15.0], [55.0]])
