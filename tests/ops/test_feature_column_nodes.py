"""Every node of a model of feature columns is one that TensorFlow defines."""

from __future__ import annotations

from collections.abc import Callable

import trackml as tf

fc = tf.feature_column


def test_nodes_are_what_tensorflow_defines(assert_tensorflow_takes: Callable[[tf.Graph], None]) -> None:
    with tf.Graph().as_default() as graph:
        features = {"w": tf.placeholder(tf.string, [None, 2]), "n": tf.placeholder(tf.float32, [None, 1])}
        words = fc.categorical_column_with_vocabulary_list("w", ["a", "b"], num_oov_buckets=2)
        number = fc.numeric_column("n")
        buckets = fc.bucketized_column(number, [0.0, 1.0])
        crossed = fc.crossed_column(["w", buckets], 20)
        fc.input_layer(features, [number, buckets, fc.embedding_column(crossed, 2), fc.indicator_column(words)])
        logits = fc.linear_model(features, [crossed, words, buckets])
        tf.train.FtrlOptimizer(0.1).minimize(tf.reduce_sum(logits))
    assert_tensorflow_takes(graph)
