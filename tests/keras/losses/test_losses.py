"""Losses of one's own, by name, on outputs of activations, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

import trackml as tf
from trackml import keras

LOGITS = np.array([[60.0, -3.0], [-90.0, 0.5]], np.float32)


def _value(tensor):
    with tf.Session() as session:
        return session.run(tensor)


def test_probabilities_that_ran_into_zero_are_taken_back_to_their_logits():
    labels = tf.constant([[0.0, 1.0], [1.0, 0.0]])
    exact = keras.losses.binary_crossentropy(labels, tf.constant(LOGITS), from_logits=True)
    got = keras.losses.binary_crossentropy(labels, keras.activations.sigmoid(tf.constant(LOGITS)))
    np.testing.assert_allclose(_value(got), _value(exact), rtol=1e-6)
    assert _value(got).max() > 40.0


@pytest.mark.parametrize("loss", ["categorical_crossentropy", "sparse_categorical_crossentropy"])
def test_a_softmax_is_taken_back_to_its_logits(loss):
    labels = tf.constant([[0.0, 1.0], [1.0, 0.0]]) if loss.startswith("cat") else tf.constant([1, 0])
    got = keras.losses.get(loss)(labels, tf.nn.softmax(tf.constant(LOGITS)))
    np.testing.assert_allclose(_value(got), [63.0, 90.5], rtol=1e-6)


def test_logits_that_are_none_are_told_of():
    chances = keras.activations.sigmoid(tf.constant(LOGITS))
    with pytest.warns(UserWarning, match="from_logits=True, but the predictions are the output of a sigmoid"):
        keras.losses.binary_crossentropy(tf.constant([[0.0, 1.0]] * 2), chances, from_logits=True)


def test_labels_of_rank_1_are_a_column_beside_a_column_of_predictions():
    loss = keras.losses.mean_squared_error(tf.constant([1.0, 2.0]), tf.constant([[1.0], [4.0]]))
    np.testing.assert_array_equal(_value(loss), [0.0, 4.0])


@pytest.mark.parametrize(
    ("name", "function"),
    [
        ("mse", "mean_squared_error"),
        ("MAPE", "mean_absolute_percentage_error"),
        ("bce", "binary_crossentropy"),
        ("cosine_proximity", "cosine_similarity"),
        ("kullback_leibler_divergence", "kl_divergence"),
        ("huber_loss", "huber"),
        ("logcosh", "log_cosh"),
    ],
)
def test_a_name_stands_for_a_function(name, function):
    assert keras.losses.get(name) is getattr(keras.losses, function)


def test_a_name_of_a_class_stands_for_an_object():
    assert isinstance(keras.losses.get("BinaryCrossentropy"), keras.losses.BinaryCrossentropy)
    made = keras.losses.get({"class_name": "Huber", "config": {"delta": 3.0}})
    assert made.get_config() == {"reduction": "auto", "name": "huber_loss", "delta": 3.0}


def test_names_of_ones_own_are_found_in_a_scope():
    def doubled(y_true, y_pred):
        return 2.0 * tf.reduce_mean(tf.abs(y_true - y_pred), axis=-1)

    with keras.saving.custom_object_scope({"doubled": doubled}):
        assert keras.losses.get("doubled") is doubled


def test_a_subclass_says_what_an_example_costs():
    class Signed(keras.losses.Loss):
        def call(self, y_true, y_pred):
            return tf.reduce_mean(y_pred - y_true, axis=-1)

    loss = Signed(reduction="sum", name="signed")
    value = loss(tf.zeros([2, 2]), tf.constant([[1.0, 3.0], [5.0, 7.0]]), sample_weight=np.array([1.0, 10.0]))
    assert _value(value) == 62.0
    assert (loss.name, loss.get_config()) == ("signed", {"reduction": "sum", "name": "signed"})


@pytest.mark.parametrize(
    ("broken", "kind", "message"),
    [
        (lambda: keras.losses.Huber(reduction="mean"), ValueError, "Invalid Reduction Key: 'mean'"),
        (lambda: keras.losses.get("mze"), ValueError, "Unknown loss function: 'mze'.*mean_squared_error"),
        (lambda: keras.losses.get(3), ValueError, "Could not interpret loss function identifier: 3"),
        (lambda: keras.losses.Loss()(tf.zeros([1]), tf.zeros([1])), TypeError, "must define call"),
    ],
)
def test_what_is_wrong_is_said(broken, kind, message):
    with pytest.raises(kind, match=message):
        broken()


def test_weights_of_examples_need_values_of_examples():
    class Whole(keras.losses.Loss):
        def call(self, y_true, y_pred):
            return tf.reduce_mean(y_pred)

    with pytest.raises(ValueError, match="one value for the whole batch"):
        Whole()(tf.zeros([2, 1]), tf.zeros([2, 1]), np.ones(2))
