"""What features may be: ragged lists, frames, arrays, sparse values; and where columns may be used."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import trackml as tf

fc = tf.feature_column
WORDS = fc.categorical_column_with_vocabulary_list("w", ["a", "b", "c"])
DAYS = fc.categorical_column_with_identity("d", 4)


def run(net: Any) -> Any:
    with tf.Session() as session:
        session.run([tf.global_variables_initializer(), tf.tables_initializer()])
        return session.run(net).tolist()


def counts(features: Any, column: Any) -> Any:
    with tf.Graph().as_default():
        return run(fc.input_layer(features, [fc.indicator_column(column)]))


@pytest.mark.parametrize(
    "rows",
    [
        [["a", "b"], ["c"], []],
        (("a", "b"), ("c",), ()),
        np.array([np.array(["a", "b"]), np.array(["c"]), np.array([], str)], object),
        tf.SparseTensorValue([[0, 0], [0, 1], [1, 0]], ["a", "b", "c"], [3, 2]),
    ],
    ids=["list", "tuple", "array", "sparse"],
)
def test_rows_of_texts_may_differ_in_length(rows: Any) -> None:
    assert counts({"w": rows}, WORDS) == [[1.0, 1.0, 0.0], [0.0, 0.0, 1.0], [0.0, 0.0, 0.0]]


def test_rows_of_integers_may_differ_in_length() -> None:
    assert counts({"d": [[1, 1, 3], [0]]}, DAYS) == [[0.0, 2.0, 0.0, 1.0], [1.0, 0.0, 0.0, 0.0]]


def test_rows_of_numbers_may_not_differ_in_length() -> None:
    message = "SparseTensor is not supported. key: n"
    with tf.Graph().as_default(), pytest.raises(ValueError, match=message):
        fc.input_layer({"n": [[1.0, 2.0], [3.0]]}, [fc.numeric_column("n")])


@pytest.mark.parametrize("rank", [1, 2])
def test_sparse_features_of_unknown_shape(rank: int) -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        words = tf.sparse_placeholder(tf.string)
        net = fc.input_layer({"w": words}, [fc.indicator_column(WORDS)])
        session.run(tf.tables_initializer())
        indices = [[0], [2]] if rank == 1 else [[0, 0], [2, 0]]
        fed = tf.SparseTensorValue(indices, ["a", "c"], [3] if rank == 1 else [3, 1])
        assert session.run(net, {words: fed}).tolist() == [[1.0, 0.0, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, 1.0]]


def test_a_sparse_vector_has_one_value_a_row() -> None:
    with tf.Graph().as_default():
        words = tf.SparseTensor([[0], [2]], ["a", "c"], [3])
        assert run(fc.linear_model({"w": words}, WORDS)) == [[0.0], [0.0], [0.0]]


def test_a_scalar_that_is_fed_is_refused() -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        number = tf.placeholder(tf.float32)
        net = fc.input_layer({"n": number}, [fc.numeric_column("n")])
        assert session.run(net, {number: [1.0, 2.0]}).tolist() == [[1.0], [2.0]]
        with pytest.raises(tf.errors.InvalidArgumentError, match="cannot have rank 0"):
            session.run(net, {number: 3.0})


@pytest.mark.parametrize(
    ("rows", "error"),
    [(["a", None], TypeError), ([["a"], ["b", 3]], TypeError), ([[["a"], ["b"]], [["c"]]], ValueError)],
)
def test_the_key_of_a_feature_that_is_no_tensor_is_told(rows: Any, error: type[Exception]) -> None:
    with tf.Graph().as_default(), pytest.raises(error, match=r"Feature \(key: w\) is not what a tensor can hold"):
        fc.linear_model({"w": rows}, WORDS)


def test_columns_of_a_frame() -> None:
    frame = pd.DataFrame({"n": [1.5, 2.5], "w": ["a", "c"], "flag": [True, False]})
    columns = [fc.numeric_column("n"), fc.numeric_column("flag"), fc.indicator_column(WORDS)]
    with tf.Graph().as_default():
        assert run(fc.input_layer(dict(frame), columns)) == [[1.0, 1.5, 1.0, 0.0, 0.0], [0.0, 2.5, 0.0, 0.0, 1.0]]


def test_columns_in_a_dataset() -> None:
    def row(features: Any) -> Any:
        columns = [fc.indicator_column(WORDS), fc.bucketized_column(fc.numeric_column("n"), [0.0])]
        return fc.input_layer(features, columns)

    with tf.Graph().as_default(), tf.Session() as session:
        features = {"w": ["b", "c", "x"], "n": [-1.0, 1.0, 2.0]}
        dataset = tf.data.Dataset.from_tensor_slices(features).batch(2).map(row)
        iterator = dataset.make_initializable_iterator()
        session.run([iterator.initializer, tf.tables_initializer()])
        batch = iterator.get_next()
        assert session.run(batch).tolist() == [[1.0, 0.0, 0.0, 1.0, 0.0], [0.0, 1.0, 0.0, 0.0, 1.0]]
        assert session.run(batch).tolist() == [[0.0, 1.0, 0.0, 0.0, 0.0]]


def example(**values: Any) -> bytes:
    message = tf.train.Example()
    for key, items in values.items():
        feature = message.features.feature[key]
        if isinstance(items[0], str):
            feature.bytes_list.value.extend([item.encode() for item in items])
        elif isinstance(items[0], int):
            feature.int64_list.value.extend(items)
        else:
            feature.float_list.value.extend(items)
    serialized: bytes = message.SerializeToString()
    return serialized


def test_columns_after_parsing_examples() -> None:
    number = fc.numeric_column("n", shape=2, default_value=7.0)
    weighted = fc.weighted_categorical_column(WORDS, "f")
    columns = [number, fc.indicator_column(weighted), fc.indicator_column(DAYS)]
    serialized = [example(n=[1.0, 2.0], w=["a", "c"], f=[0.5, 2.0], d=[3]), example(d=[0, 0])]
    with tf.Graph().as_default():
        features = tf.parse_example(serialized, fc.make_parse_example_spec(columns))
        assert run(fc.input_layer(features, columns)) == [
            [0.0, 0.0, 0.0, 1.0, 1.0, 2.0, 0.5, 0.0, 2.0],
            [2.0, 0.0, 0.0, 0.0, 7.0, 7.0, 0.0, 0.0, 0.0],
        ]


def test_a_linear_model_of_columns_trains_on_parsed_examples() -> None:
    crossed = fc.crossed_column([WORDS, DAYS], 50)
    with tf.Graph().as_default(), tf.Session() as session:
        serialized = [example(w=["a"], d=[3]), example(w=["b"], d=[1])]
        features = tf.parse_example(serialized, fc.make_parse_example_spec([crossed, WORDS]))
        logits = fc.linear_model(features, [crossed, WORDS])
        loss = tf.losses.mean_squared_error([[1.0], [-1.0]], logits)
        step = tf.train.FtrlOptimizer(0.5).minimize(loss)
        session.run([tf.global_variables_initializer(), tf.tables_initializer()])
        losses = [session.run([loss, step])[0] for _ in range(30)]
    assert losses[0] == 1.0
    assert losses[-1] < 0.05


def test_gradients_of_embeddings_are_slices() -> None:
    column = fc.embedding_column(fc.categorical_column_with_hash_bucket("w", 1000), 4)
    with tf.Graph().as_default(), tf.Session() as session:
        net = fc.input_layer({"w": ["a", "b", "a"]}, [column])
        (grad,) = tf.gradients(tf.reduce_sum(net), tf.trainable_variables())
        assert isinstance(grad, tf.IndexedSlices)
        session.run(tf.global_variables_initializer())
        found = session.run(grad)
    assert sorted(found.values[:, 0].tolist()) == [1.0, 2.0]
    assert len(found.indices) == 2


def test_sparse_features_are_crossed_before_dense_ones() -> None:
    column = fc.crossed_column(["w", fc.bucketized_column(fc.numeric_column("n"), [0.0])], 1000)
    dense, number = [["a"], ["b"]], [[-1.0], [1.0]]
    sparse = tf.SparseTensorValue([[0, 0], [1, 0]], ["a", "b"], [2, 1])
    ids = [np.argmax(counts({"w": words, "n": number}, column), axis=1).tolist() for words in (dense, sparse)]
    # The same ids as TensorFlow 1.15's: it tells the two apart.
    assert ids == [[95, 257], [44, 983]]
