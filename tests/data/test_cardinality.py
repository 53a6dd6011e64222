"""How many elements datasets have without reading them: TensorFlow's numbers, but for sizes that are tensors."""

from __future__ import annotations

import numpy as np
import pytest

import trackml as tf

INFINITE, UNKNOWN = -1, -2


def _range(count=10):
    return tf.data.Dataset.range(count)


CASES = {
    "range": (lambda: tf.data.Dataset.range(3, 10, 2), 4),
    "slices": (lambda: tf.data.Dataset.from_tensor_slices(np.zeros([7, 2])), 7),
    "slices of a tensor": (lambda: tf.data.Dataset.from_tensor_slices(tf.zeros([7, 2])), 7),
    "tensors": (lambda: tf.data.Dataset.from_tensors(np.zeros([7, 2])), 1),
    "generator": (lambda: tf.data.Dataset.from_generator(lambda: iter([1]), tf.int32), UNKNOWN),
    "batch": (lambda: _range().batch(4), 3),
    "batch without the rest": (lambda: _range().batch(4, drop_remainder=True), 2),
    "padded batch": (lambda: _range().padded_batch(4, []), 3),
    "repeat": (lambda: _range().repeat(3), 30),
    "endless": (lambda: _range().repeat(), INFINITE),
    "nothing, endlessly": (lambda: _range(0).repeat(), 0),
    "endless batches": (lambda: _range().repeat().batch(4), INFINITE),
    "take": (lambda: _range().take(3), 3),
    "take all": (lambda: _range().take(-1), 10),
    "take of the endless": (lambda: _range().repeat().take(25), 25),
    "skip": (lambda: _range().skip(3), 7),
    "skip all": (lambda: _range().skip(-1), 0),
    "skip of the endless": (lambda: _range().repeat().skip(3), INFINITE),
    "shard": (lambda: _range().shard(4, 1), 3),
    "last shard": (lambda: _range().shard(4, 3), 2),
    "shuffle, map, cache, prefetch": (lambda: _range().shuffle(5).map(lambda x: x + 1).cache().prefetch(1), 10),
    "zip": (lambda: tf.data.Dataset.zip((_range(), _range(4))), 4),
    "zip with the endless": (lambda: tf.data.Dataset.zip((_range().repeat(), _range(4))), 4),
    "concatenate": (lambda: _range().concatenate(_range(4)), 14),
    "concatenate the endless": (lambda: _range().concatenate(_range(4).repeat()), INFINITE),
    "filter": (lambda: _range().filter(lambda x: x > 3), UNKNOWN),
    "of the unknown": (lambda: _range().filter(lambda x: x > 3).batch(2).repeat(2), UNKNOWN),
    "of the unknown, endlessly": (lambda: _range().filter(lambda x: x > 3).batch(2).repeat(), INFINITE),
    "a size that is a tensor": (lambda: _range().batch(tf.placeholder_with_default(np.int64(4), [])), UNKNOWN),
}


@pytest.mark.parametrize("case", sorted(CASES))
def test_the_number_of_elements_follows_from_the_description(case):
    made, expected = CASES[case]
    with tf.Graph().as_default(), tf.Session() as session:
        assert session.run(tf.data.experimental.cardinality(made())) == expected


def test_the_two_other_answers_have_names():
    experimental = tf.data.experimental
    assert (experimental.INFINITE_CARDINALITY, experimental.UNKNOWN_CARDINALITY) == (INFINITE, UNKNOWN)
