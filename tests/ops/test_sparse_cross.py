"""Crosses have TensorFlow's ids, in TensorFlow's order."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import trackml as tf

CROSSES = json.loads((Path(__file__).parents[1] / "golden/hashing/hashing.json").read_text(encoding="utf-8"))["crosses"]


def sparse(column: list[Any]) -> tf.SparseTensor:
    rows = [item if isinstance(item, list) else [item] for item in column]
    places = [[row, at] for row, items in enumerate(rows) for at in range(len(items))]
    values = [item for items in rows for item in items]
    return tf.SparseTensor(places, values, [len(rows), max(map(len, rows))])


@pytest.mark.parametrize("case", CROSSES, ids=lambda case: f"{len(case['keys'])}-{case['num_buckets']}")
def test_ids(case: dict[str, Any], assert_tensorflow_takes: Callable[[tf.Graph], None]) -> None:
    with tf.Graph().as_default() as graph, tf.Session() as session:
        keys = [sparse(column) for column in case["keys"]]
        crossed = session.run(tf.sparse.cross_hashed(keys, case["num_buckets"], case["hash_key"]))
    assert (crossed.indices.tolist(), crossed.values.tolist()) == (case["indices"], case["ids"])
    assert_tensorflow_takes(graph)


def test_dense_features_count_each_element() -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        letters, numbers = [["a", "b"], ["c", "d"]], [[1], [2]]
        mixed = tf.sparse.cross_hashed([sparse(letters), tf.constant(numbers)], 50)
        both = tf.sparse.cross_hashed([sparse(letters), sparse(numbers)], 50)
        found, expected = session.run([mixed, both])
    assert found.values.tolist() == expected.values.tolist()
    assert found.dense_shape.tolist() == [2, 2]


def test_texts_of_combinations() -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        crossed = session.run(tf.sparse.cross([sparse([["a", "b"], ["c"]]), tf.constant([["x"], ["y"]])]))
    assert crossed.values.tolist() == [b"a_X_x", b"b_X_x", b"c_X_y"]
    assert crossed.indices.tolist() == [[0, 0], [0, 1], [1, 0]]


def test_an_example_without_a_value_has_no_cross() -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        some = tf.SparseTensor([[1, 0]], ["a"], [3, 1])
        crossed = session.run(tf.sparse.cross_hashed([some, tf.constant([["x"], ["y"], ["z"]])], 10))
        none = tf.SparseTensor(np.zeros([0, 2], np.int64), np.zeros([0], np.int64), [3, 1])
        empty = session.run(tf.sparse.cross_hashed([none, some], 10))
    assert (crossed.indices.tolist(), crossed.dense_shape.tolist()) == ([[1, 0]], [3, 1])
    assert (empty.values.shape, empty.dense_shape.tolist()) == ((0,), [3, 0])


@pytest.mark.parametrize(
    ("inputs", "message"), [((), "Inputs must be a list"), ([["a"]], "All inputs must be SparseTensors")]
)
def test_what_cannot_be_crossed(inputs: Any, message: str) -> None:
    with tf.Graph().as_default(), pytest.raises(TypeError, match=message):
        tf.sparse.cross_hashed(inputs)
