"""The columns that courses on feature columns show, as they are written there."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import trackml as tf

fc = tf.feature_column
EMPLOYEES = ["8345", "72345", "87654", "98723", "23451"]


def dense(features: Any, columns: Any) -> Any:
    with tf.Graph().as_default(), tf.Session() as session:
        net = fc.input_layer(features, columns)
        session.run([tf.global_variables_initializer(), tf.tables_initializer()])
        return session.run(net).tolist()


def test_if_you_know_the_keys_beforehand() -> None:
    column = fc.categorical_column_with_vocabulary_list("employeeId", vocabulary_list=EMPLOYEES)
    assert dense({"employeeId": ["72345", "1"]}, [fc.indicator_column(column)]) == [[0, 1, 0, 0, 0], [0, 0, 0, 0, 0]]


def test_if_your_data_is_already_indexed() -> None:
    column = fc.categorical_column_with_identity("employeeId", num_buckets=5)
    assert dense({"employeeId": [4, 0]}, [fc.indicator_column(column)]) == [[0, 0, 0, 0, 1], [1, 0, 0, 0, 0]]


def test_an_argument_that_is_misspelt_is_named() -> None:
    with pytest.raises(TypeError, match="num_bucket"):
        fc.categorical_column_with_identity("employeeId", num_bucket=5)


def test_if_you_do_not_have_a_vocabulary_of_all_possible_values() -> None:
    column = fc.categorical_column_with_hash_bucket("employeeId", hash_bucket_size=500)
    rows = dense({"employeeId": EMPLOYEES}, [fc.indicator_column(column)])
    # TensorFlow 1.15 hashes them to these buckets.
    assert [int(np.argmax(row)) for row in rows] == [278, 473, 430, 275, 394]


def test_the_embedding_of_a_feature_cross() -> None:
    day_hr = fc.crossed_column(["dayofweek", "hourofday"], 24 * 7)
    day_hr_em = fc.embedding_column(day_hr, 2)
    with tf.Graph().as_default():
        net = fc.input_layer({"dayofweek": [0, 6], "hourofday": [8, 20]}, [day_hr_em])
        assert net.shape.as_list() == [2, 2]
        (table,) = tf.global_variables()
        assert (table.op.name, table.shape.as_list()) == (
            "input_layer/dayofweek_X_hourofday_embedding/embedding_weights",
            [168, 2],
        )


def test_embedded_words() -> None:
    words = ["sun", "snow", "ice"]
    sparse_word = fc.categorical_column_with_vocabulary_list("word", vocabulary_list=words)
    embedded_word = fc.embedding_column(sparse_word, 3)
    with tf.Graph().as_default(), tf.Session() as session:
        net = fc.input_layer({"word": [["sun", "ice"], ["snow", ""]]}, [embedded_word])
        session.run([tf.global_variables_initializer(), tf.tables_initializer()])
        table, found = session.run([tf.global_variables()[0], net])
    np.testing.assert_allclose(found, [(table[0] + table[2]) / 2, table[1]], rtol=1e-6)
    assert np.abs(table).max() <= 2 / np.sqrt(3)


def test_columns_of_a_house() -> None:
    featcols = [
        fc.numeric_column("sq_footage"),
        fc.categorical_column_with_vocabulary_list("type", ["house", "apt"]),
    ]
    features = {"sq_footage": [1000, 2000], "type": ["house", "apt"]}
    with tf.Graph().as_default(), tf.Session() as session:
        price = fc.linear_model(features, featcols)
        session.run([tf.global_variables_initializer(), tf.tables_initializer()])
        area, kind, bias = tf.global_variables()
        session.run([area.assign([[0.5]]), kind.assign([[10.0], [-10.0]]), bias.assign([1.0])])
        assert session.run(price).tolist() == [[511.0], [991.0]]


def test_a_normalizer_sees_numbers_as_they_are() -> None:
    mean = 12.5
    column = fc.numeric_column("median_education", normalizer_fn=lambda x: x - mean)
    assert dense({"median_education": [12.0, 16.5]}, [column]) == [[-0.5], [4.0]]
    with pytest.raises(TypeError):
        dense({"median_education": [12, 16]}, [column])
