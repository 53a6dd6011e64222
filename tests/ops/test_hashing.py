"""Hashes and buckets are TensorFlow's, for texts of every length, one by one and in columns."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import trackml as tf
from trackml.ops.fingerprint import fingerprint64, fingerprint_cat64, fingerprints

GOLDEN = json.loads((Path(__file__).parents[1] / "golden/hashing/hashing.json").read_text(encoding="utf-8"))
WORDS = list(GOLDEN["fingerprint64"])
EXPECTED = [int(number) for number in GOLDEN["fingerprint64"].values()]
FUNCTIONS = {
    "fast": tf.strings.to_hash_bucket_fast,
    "plain": tf.strings.to_hash_bucket,
    "strong": lambda words, count: tf.strings.to_hash_bucket_strong(words, count, [11, 22]),
}


def test_fingerprints_of_single_texts():
    assert [fingerprint64(word.encode()) for word in WORDS] == EXPECTED


def test_fingerprints_in_columns():
    many = np.array([[word.encode()] * 30 for word in WORDS], dtype=object)
    np.testing.assert_array_equal(fingerprints(many), np.tile(np.array(EXPECTED, np.uint64)[:, None], 30))


def test_texts_of_one_length_are_kept_apart():
    words = np.array([f"word {number:03}".encode() for number in range(100)], dtype=object)
    assert fingerprints(words).tolist() == [fingerprint64(word) for word in words]


@pytest.mark.parametrize("count", GOLDEN["fast"])
@pytest.mark.parametrize("function", FUNCTIONS)
def test_buckets(function, count, assert_tensorflow_takes):
    with tf.Graph().as_default() as graph, tf.Session() as session:
        buckets = FUNCTIONS[function](tf.constant(WORDS), int(count))
        assert session.run(buckets).tolist() == GOLDEN[function][count]
        assert (buckets.dtype, buckets.shape.as_list()) == (tf.int64, [len(WORDS)])
    assert_tensorflow_takes(graph)


def test_buckets_of_a_matrix_a_scalar_and_nothing():
    with tf.Graph().as_default(), tf.Session() as session:
        matrix, scalar, nothing = session.run(
            [
                tf.string_to_hash_bucket_fast([["a", "house"], ["apt", ""]], 10),
                tf.string_to_hash_bucket_fast("a", 10),
                tf.string_to_hash_bucket_fast(tf.zeros([0, 3], tf.string), 10),
            ]
        )
    assert matrix.tolist() == [[9, 5], [9, 3]]
    assert (scalar, nothing.shape) == (9, (0, 3))


@pytest.mark.parametrize("case", range(3))
def test_the_chain_of_a_crossed_column(case):
    cross = GOLDEN["crosses"][case]
    chain = np.full(len(cross["keys"][0]), cross["hash_key"] or 0xDECAFCAFFE, np.uint64)
    for column in cross["keys"]:
        texts = isinstance(column[0], str)
        prints = fingerprints(np.array([text.encode() for text in column], object)) if texts else np.array(column)
        chain = fingerprint_cat64(chain, prints)
    assert (chain % np.uint64(cross["num_buckets"])).tolist() == cross["ids"]


def test_there_is_at_least_one_bucket():
    with tf.Graph().as_default(), pytest.raises(ValueError, match="num_buckets must be at least 1; got 0"):
        tf.string_to_hash_bucket_fast(["a"], 0)


def test_a_strong_key_has_two_parts():
    with tf.Graph().as_default(), pytest.raises(ValueError, match=r"Key must have 2 elements; got \[1\]"):
        tf.string_to_hash_bucket_strong(["a"], 3, [1])
