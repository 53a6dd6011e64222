"""What an input function may take and return."""

from __future__ import annotations

import functools
from collections import OrderedDict

import numpy as np
import pandas as pd
import pytest

import trackml as tf
from trackml.estimator.input_fn import features_and_labels

X = np.arange(6, dtype=np.float32).reshape(3, 2)
Y = np.array([1, 2, 3], np.int64)


@pytest.fixture
def seen(slope):
    """Evaluates on an input function and gives what the model function was given."""

    def given(input_fn):
        got = {}

        def model_fn(features, labels, mode):
            got.update(features=features, labels=labels)
            return tf.estimator.EstimatorSpec(mode, loss=tf.constant(1.0))

        slope(model_fn).evaluate(input_fn, steps=1)
        return got["features"], got["labels"]

    return given


def sizes(tensor):
    return tensor.dtype, tensor.shape.as_list()


@pytest.mark.parametrize(
    "result",
    [
        lambda: (X, Y),
        lambda: [X, Y],
        lambda: (X.tolist(), Y),
        lambda: (tf.constant(X), tf.constant(Y)),
    ],
)
def test_pairs_of_arrays_lists_and_tensors(seen, result):
    features, labels = seen(result)
    assert (sizes(features), sizes(labels)) == ((tf.float32, [3, 2]), (tf.int64, [3]))


def test_dicts_stay_dicts(seen):
    features, labels = seen(lambda: (OrderedDict(b=X, a={"c": Y}), {"one": Y}))
    assert (type(features), list(features), list(features["a"]), list(labels)) == (
        OrderedDict,
        ["b", "a"],
        ["c"],
        ["one"],
    )
    assert sizes(features["b"]) == (tf.float32, [3, 2])


def test_features_alone_have_no_labels(seen):
    features, labels = seen(lambda: {"x": X})
    assert (sizes(features["x"]), labels) == ((tf.float32, [3, 2]), None)


def test_a_dataset_gives_its_elements(seen):
    features, labels = seen(lambda: tf.data.Dataset.from_tensor_slices(({"x": X}, Y)).batch(2))
    assert (sizes(features["x"]), sizes(labels)) == ((tf.float32, [None, 2]), (tf.int64, [None]))


def test_an_iterators_elements_are_tensors(seen):
    dataset = functools.partial(tf.data.Dataset.from_tensor_slices, (X, Y))
    features, labels = seen(lambda: dataset().make_one_shot_iterator().get_next())
    assert (sizes(features), sizes(labels)) == ((tf.float32, [2]), (tf.int64, []))


def test_an_input_function_gets_what_it_asks_for(slope, slope_input):
    asked = {}

    def input_fn(params, mode, config):
        asked.update(params=params, mode=mode, config=config)
        return slope_input(batches=1)()

    estimator = slope()
    estimator.evaluate(input_fn)
    assert asked == {"params": {}, "mode": "eval", "config": estimator.config}


def test_an_input_function_may_be_a_partial_or_an_object(slope, slope_input):
    class Input:
        def __call__(self, mode, batches=1):
            return slope_input(batches)()

    assert slope().evaluate(functools.partial(Input(), batches=2))["global_step"] == 0


@pytest.mark.parametrize(
    ("result", "kind", "message"),
    [
        (lambda: None, ValueError, "input_fn must return a Dataset or .*; it returned None"),
        (lambda: (X, Y, Y), ValueError, r"should return \(features, labels\) as a len 2 tuple; got 3 items"),
        (lambda: (X,), ValueError, "as a len 2 tuple; got 1 items"),
        ((X, Y), TypeError, "of type tuple. Pass the function itself"),
    ],
)
def test_other_results_are_refused(seen, result, kind, message):
    with pytest.raises(kind, match=message):
        seen(result)


def test_rows_of_unequal_length_are_refused(seen):
    with pytest.raises(ValueError, match="rows of unequal length"):
        seen(lambda: [[[1.0], [1.0, 2.0]], [1.0, 2.0]])


def columns_of(features):
    """What a session makes of features."""
    with tf.Session() as session:
        return session.run(features)


def test_a_data_frame_is_a_dict_of_its_columns():
    frame = pd.DataFrame({"x": [1.0, 2.0], "city": ["Bonn", "Köln"], "n": [3, 4]})
    with tf.Graph().as_default():
        features, labels, hooks = features_and_labels((frame, frame["n"]))
        found = columns_of(features)
        assert columns_of(labels).tolist() == [3, 4]
    assert list(features) == ["x", "city", "n"]
    assert found["x"].tolist() == [1.0, 2.0]
    assert found["city"].tolist() == [b"Bonn", "Köln".encode()]
    assert not hooks


def test_series_are_columns():
    with tf.Graph().as_default():
        features, _, _ = features_and_labels({"x": pd.Series([1.5, 2.5])})
        assert columns_of(features)["x"].tolist() == [1.5, 2.5]


@pytest.mark.parametrize("short", [[1.0], np.zeros(1), pd.Series([1.0])], ids=["list", "array", "series"])
def test_columns_of_one_batch_have_one_length(short):
    message = r"same number of examples; input_fn returned \{'x': 2, 'y': 1\}"
    with tf.Graph().as_default(), pytest.raises(ValueError, match=message):
        features_and_labels(({"x": [1.0, 2.0], "y": short}, [0, 1]))


def test_tensors_and_single_values_have_no_length():
    with tf.Graph().as_default():
        features, _, _ = features_and_labels({"x": [1.0, 2.0], "table": tf.zeros([5]), "rate": np.float32(0.5)})
        assert sorted(features) == ["rate", "table", "x"]
