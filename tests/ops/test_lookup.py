"""Lookup tables: what they give, from what they are filled, and when."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import trackml as tf

lookup = tf.contrib.lookup


def looked_up(table: Any, keys: Any) -> Any:
    with tf.Session() as session:
        session.run(tf.tables_initializer())
        return session.run(table.lookup(keys)).tolist()


@pytest.fixture
def words(tmp_path: Path) -> str:
    path = tmp_path / "words.txt"
    path.write_bytes(b"emerson\t10\r\nlake\t20\npalmer\t30")
    return str(path)


@pytest.mark.parametrize("kind", ["contrib", "lookup"])
def test_pairs_of_keys_and_values(kind: str) -> None:
    with tf.Graph().as_default():
        table_type = tf.contrib.lookup.HashTable if kind == "contrib" else tf.lookup.StaticHashTable
        table = table_type(tf.lookup.KeyValueTensorInitializer(["a", "b"], [1.5, 2.5]), -1.0)
        assert looked_up(table, tf.constant([["b", "zebra"], ["a", "b"]])) == [[2.5, -1.0], [1.5, 2.5]]


def test_numbers_to_texts() -> None:
    with tf.Graph().as_default():
        table = lookup.index_to_string_table_from_tensor(["x", "y"], default_value="?")
        assert looked_up(table, tf.constant([1, 7, 0, -1], tf.int64)) == [b"y", b"?", b"x", b"?"]


@pytest.mark.parametrize("count", [1, 5, 400])
def test_numbers_are_found_wherever_they_are(count: int) -> None:
    keys = np.random.RandomState(3).permutation(10 * count)[:count].astype(np.int64)
    with tf.Graph().as_default():
        table = lookup.index_table_from_tensor(keys, dtype=tf.int64)
        expected = [{key: place for place, key in enumerate(keys.tolist())}.get(key, -1) for key in range(10 * count)]
        assert looked_up(table, tf.range(10 * count, dtype=tf.int64)) == expected


def test_a_sparse_tensor_gives_a_sparse_tensor() -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        table = lookup.index_table_from_tensor(["a", "b"], num_oov_buckets=1)
        ids = table.lookup(tf.SparseTensor([[0, 1], [2, 0]], ["b", "c"], [3, 2]))
        session.run(tf.tables_initializer())
        found = session.run(ids)
    assert (found.indices.tolist(), found.values.tolist(), found.dense_shape.tolist()) == (
        [[0, 1], [2, 0]],
        [1, 2],
        [3, 2],
    )


def test_lines_of_a_file(words: str) -> None:
    with tf.Graph().as_default():
        table = lookup.index_to_string_table_from_file(words, vocab_size=2)
        assert looked_up(table, tf.constant([0, 1, 2], tf.int64)) == [b"emerson\t10", b"lake\t20", b"UNK"]


def test_fields_of_a_file(words: str) -> None:
    with tf.Graph().as_default():
        entries = tf.lookup.TextFileInitializer(words, tf.string, 0, tf.int64, 1)
        assert looked_up(tf.lookup.StaticHashTable(entries, -1), tf.constant(["lake", "king"])) == [20, -1]


def test_fields_of_a_file_as_numbers(words: str) -> None:
    index = tf.lookup.TextFileIndex
    with tf.Graph().as_default():
        entries = tf.lookup.TextFileInitializer(words, tf.int64, index.LINE_NUMBER, tf.float32, 1)
        assert looked_up(tf.lookup.StaticHashTable(entries, 0.0), tf.constant([2, 9], tf.int64)) == [30.0, 0.0]


def test_a_line_with_too_few_fields_is_named(words: str) -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        entries = tf.lookup.TextFileInitializer(words, tf.string, 2, tf.int64, 1)
        table = tf.lookup.StaticHashTable(entries, -1)
        with pytest.raises(tf.errors.InvalidArgumentError, match=r"line 0 \(emerson\t10\) : expected 3 got 2"):
            session.run(table.initializer)


def test_a_file_may_be_chosen_when_the_graph_runs(words: str) -> None:
    with tf.Graph().as_default() as graph, tf.Session() as session:
        path = tf.placeholder(tf.string, [])
        table = lookup.index_table_from_file(path, key_column_index=0)
        assert graph.get_collection(tf.GraphKeys.ASSET_FILEPATHS) == []
        session.run(tf.tables_initializer(), {path: words})
        assert session.run(table.lookup(tf.constant(["palmer"]))).tolist() == [2]


def test_a_file_is_an_asset_of_the_graph(words: str) -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        lookup.index_table_from_file(words)
        (path,) = tf.get_collection(tf.GraphKeys.ASSET_FILEPATHS)
        assert session.run(path).decode() == words


def test_tables_of_one_file_are_one(words: str) -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        first, second = (lookup.index_table_from_file(words, key_column_index=0) for _ in range(2))
        session.run(first.init)
        assert session.run(second.lookup(tf.constant(["lake"]))).tolist() == [1]


def test_a_vocabulary_with_buckets() -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        ids = tf.lookup.KeyValueTensorInitializer(["a", "b"], tf.constant([0, 1], tf.int64))
        table = tf.lookup.StaticVocabularyTable(ids, 2)
        session.run(table.initializer)
        # TensorFlow 1.15 deals these words so.
        assert session.run(table.lookup(tf.constant(["a", "q", "r"]))).tolist() == [0, 3, 3]
        assert session.run(table.size()) == 4


@pytest.mark.parametrize(
    ("spec", "function"),
    [
        (lookup.FastHashSpec, tf.string_to_hash_bucket_fast),
        (lookup.HasherSpec("legacy", None), tf.string_to_hash_bucket),
        (lookup.StrongHashSpec([3, 4]), lambda texts, count: tf.string_to_hash_bucket_strong(texts, count, [3, 4])),
    ],
    ids=["fast", "legacy", "strong"],
)
def test_buckets_without_a_vocabulary(spec: Any, function: Callable[..., Any]) -> None:
    texts = ["a", "house", "zebra"]
    with tf.Graph().as_default(), tf.Session() as session:
        table = lookup.IdTableWithHashBuckets(None, 50, spec)
        session.run(table.initializer)
        found, expected = session.run([table.lookup(tf.constant(texts)), function(texts, 50)])
    assert found.tolist() == expected.tolist()


def test_all_entries() -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        table = lookup.index_table_from_tensor(["b", "a"])
        session.run(tf.tables_initializer())
        keys, values = session.run(table.export())
    assert (keys.tolist(), values.tolist()) == ([b"b", b"a"], [0, 1])


def test_a_table_is_filled_once() -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        words = tf.placeholder(tf.string, [2])
        table = lookup.HashTable(lookup.KeyValueTensorInitializer(words, [0, 1]), -1)
        session.run(table.init, {words: ["a", "b"]})
        session.run(table.init, {words: ["c", "d"]})
        assert session.run(table.lookup(tf.constant(["a", "c"]))).tolist() == [0, -1]


def test_each_session_has_its_own_table() -> None:
    with tf.Graph().as_default():
        table = lookup.index_table_from_tensor(["a"])
        assert looked_up(table, tf.constant(["a"])) == [0]
        with tf.Session() as session, pytest.raises(tf.errors.FailedPreconditionError, match="Table not initialized"):
            session.run(table.size())


def test_keys_may_be_none() -> None:
    with tf.Graph().as_default():
        table = lookup.index_table_from_tensor(["a"])
        assert looked_up(table, tf.constant([], tf.string)) == []


@pytest.mark.parametrize("keys", [[], ["a", "a"]])
def test_no_entries_and_equal_entries(keys: list[str]) -> None:
    with tf.Graph().as_default():
        ids = tf.lookup.KeyValueTensorInitializer(tf.constant(keys, tf.string), tf.constant([7] * len(keys), tf.int64))
        assert looked_up(tf.lookup.StaticHashTable(ids, -1), tf.constant(["a"])) == [7 if keys else -1]


def test_a_dataset_looks_up() -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        table = lookup.index_table_from_tensor(["a", "b"])
        dataset = tf.data.Dataset.from_tensor_slices(["b", "x", "a"]).map(table.lookup)
        iterator = dataset.make_initializable_iterator()
        session.run([tf.tables_initializer(), iterator.initializer])
        element = iterator.get_next()
        assert [int(session.run(element)) for _ in range(3)] == [1, -1, 0]


def test_an_estimator_fills_its_tables(tmp_path: Path) -> None:
    def model_fn(features: Any, labels: Any, mode: str) -> Any:
        table = lookup.index_table_from_tensor(["a", "b"])
        ids = table.lookup(features["w"])
        loss = tf.reduce_sum(tf.cast(ids, tf.float32) - tf.get_variable("v", []))
        step = tf.train.GradientDescentOptimizer(0.1).minimize(loss, tf.train.get_global_step())
        return tf.estimator.EstimatorSpec(mode, {"ids": ids}, loss, step)

    estimator = tf.estimator.Estimator(model_fn, str(tmp_path))
    inputs = lambda: tf.data.Dataset.from_tensors(({"w": ["b", "a", "c"]}, [0]))  # noqa: E731
    estimator.train(inputs, steps=1)
    assert [int(found["ids"]) for found in estimator.predict(inputs)] == [1, 0, -1]


def test_nodes_are_what_tensorflow_defines(assert_tensorflow_takes: Callable[[tf.Graph], None], words: str) -> None:
    with tf.Graph().as_default() as graph:
        for table in (
            lookup.index_table_from_file(words, num_oov_buckets=2, vocab_size=2, key_column_index=0),
            lookup.index_table_from_tensor(["a"]),
        ):
            table.lookup(tf.constant(["a"]))
            table.size()
        table.export()
    assert_tensorflow_takes(graph)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("", tf.string, -2, tf.int64, -1), "Filename required for"),
        (("x", tf.string, -3, tf.int64, -1), "Invalid key index -3."),
        (("x", tf.string, -1, tf.int64, -1), "Keys must be dtype <dtype: 'int64'>, got <dtype: 'string'>."),
        (("x", tf.float32, -2, tf.int64, -1), "Keys must be integer or string, got <dtype: 'float32'>."),
        (("x", tf.string, -2, tf.int64, -3), "Invalid value index -3."),
        (("x", tf.string, -2, tf.int32, -1), "Values must be dtype <dtype: 'int64'>, got <dtype: 'int32'>."),
        (("x", tf.string, -2, tf.int64, -2), "Values must be dtype <dtype: 'string'>, got <dtype: 'int64'>."),
        (("x", tf.string, -2, tf.int64, -1, 0), "Invalid vocab_size 0."),
    ],
)
def test_what_a_file_cannot_give(arguments: Any, message: str) -> None:
    with tf.Graph().as_default(), pytest.raises(ValueError, match=message):
        tf.lookup.TextFileInitializer(*arguments)


def test_tables_of_one_name_are_one() -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        first, second = (
            lookup.HashTable(tf.lookup.KeyValueTensorInitializer(["a"], [n]), -1, shared_name="both") for n in (1, 2)
        )
        session.run(first.init)
        assert session.run(second.lookup(tf.constant(["a"]))).tolist() == [1]


def test_older_names() -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        ids = lookup.string_to_index(tf.constant(["b", "x"]), ["a", "b"])
        texts = lookup.index_to_string(tf.constant([1, 5], tf.int64), ["a", "b"])
        buckets = lookup.string_to_index_table_from_tensor(["a"], num_oov_buckets=1).lookup(tf.constant(["x"]))
        session.run(tf.tables_initializer())
        found = [item.tolist() for item in session.run([ids, texts, buckets])]
    assert found == [[1, -1], [b"b", b"UNK"], [1]]


def test_the_older_name_of_a_table_of_lines(words: str) -> None:
    with tf.Graph().as_default():
        table = lookup.string_to_index_table_from_file(words, vocab_size=2)
        assert looked_up(table, tf.constant(["lake\t20", "palmer\t30"])) == [1, -1]
