"""Columns of one's own, written on the newer bases or on those of TensorFlow before 1.13."""

from __future__ import annotations

from collections import namedtuple
from typing import Any

import pytest

import trackml as tf
from trackml import feature_column as fc

FEATURES = {"x": [[1.0, 2.0], [3.0, 4.0]], "w": ["a", "b"]}


class Squared(fc.DenseColumn):
    """The squares of a feature."""

    def __init__(self, key: str, made: list[str]) -> None:
        self._key = key
        self._made = made

    @property
    def name(self) -> str:
        return f"{self._key}_squared"

    @property
    def parse_example_spec(self) -> dict[str, Any]:
        return {self._key: tf.FixedLenFeature([2], tf.float32)}

    @property
    def variable_shape(self) -> Any:
        return tf.TensorShape([2])

    def transform_feature(self, transformation_cache: Any, state_manager: Any) -> Any:
        self._made.append(self.name)
        return tf.square(transformation_cache.get(self._key, state_manager))

    def get_dense_tensor(self, transformation_cache: Any, state_manager: Any) -> Any:
        return transformation_cache.get(self, state_manager)


class Scaled(fc.DenseColumn):
    """A column with a variable that the state manager makes."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    @property
    def name(self) -> str:
        return f"{self._inner.name}_scaled"

    @property
    def parse_example_spec(self) -> dict[str, Any]:
        spec: dict[str, Any] = self._inner.parse_example_spec
        return spec

    @property
    def variable_shape(self) -> Any:
        return self._inner.variable_shape

    def create_state(self, state_manager: Any) -> None:
        state_manager.create_variable(self, "scale", [], tf.float32, True, initializer=tf.constant_initializer(10.0))

    def transform_feature(self, transformation_cache: Any, state_manager: Any) -> Any:
        return transformation_cache.get(self._inner, state_manager)

    def get_dense_tensor(self, transformation_cache: Any, state_manager: Any) -> Any:
        return transformation_cache.get(self, state_manager) * state_manager.get_variable(self, "scale")


class Lengths(fc._DenseColumn, namedtuple("Lengths", ["key"])):
    """The length of a text, on the older base."""

    @property
    def name(self) -> str:
        return f"{self.key}_length"

    @property
    def _parse_example_spec(self) -> dict[str, Any]:
        return {self.key: tf.FixedLenFeature([1], tf.string)}

    @property
    def _variable_shape(self) -> Any:
        return tf.TensorShape([1])

    def _transform_feature(self, inputs: Any) -> Any:
        return tf.cast(tf.strings.length(inputs.get(self.key)), tf.float32)

    def _get_dense_tensor(self, inputs: Any, weight_collections: Any = None, trainable: Any = None) -> Any:
        weight = tf.get_variable(
            "weight", [], initializer=tf.ones_initializer(), trainable=trainable, collections=weight_collections
        )
        return inputs.get(self) * weight


class Doubled(fc._CategoricalColumn, namedtuple("Doubled", ["inner"])):
    """Each id of another column counted in a second half too, on the older base."""

    @property
    def name(self) -> str:
        return f"{self.inner.name}_doubled"

    @property
    def _parse_example_spec(self) -> dict[str, Any]:
        spec: dict[str, Any] = self.inner._parse_example_spec
        return spec

    @property
    def _num_buckets(self) -> int:
        return int(2 * self.inner._num_buckets)

    def _transform_feature(self, inputs: Any) -> Any:
        ids = self.inner._get_sparse_tensors(inputs).id_tensor
        return tf.SparseTensor(ids.indices, ids.values + self.inner._num_buckets, ids.dense_shape)

    def _get_sparse_tensors(self, inputs: Any, weight_collections: Any = None, trainable: Any = None) -> Any:
        return fc._CategoricalColumn.IdWeightPair(inputs.get(self), None)


def run(fetches: Any) -> Any:
    with tf.Session() as session:
        session.run([tf.global_variables_initializer(), tf.tables_initializer()])
        return session.run(fetches).tolist()


def test_a_dense_column_is_transformed_once() -> None:
    made: list[str] = []
    column = Squared("x", made)
    with tf.Graph().as_default():
        net = fc.input_layer(FEATURES, [column, Scaled(column)])
        assert run(net) == [[1.0, 4.0, 10.0, 40.0], [9.0, 16.0, 90.0, 160.0]]
        assert [variable.name for variable in tf.global_variables()] == ["input_layer/x_squared_scaled/scale:0"]
    assert made == ["x_squared"]


def test_a_dense_column_goes_into_a_linear_model() -> None:
    with tf.Graph().as_default():
        fc.linear_model(FEATURES, Squared("x", []))
        assert [variable.shape.as_list() for variable in tf.global_variables()] == [[2, 1], [1]]


def test_a_dense_column_of_the_older_kind() -> None:
    with tf.Graph().as_default():
        net = fc.input_layer({"w": ["a", "four"]}, [Lengths("w")], weight_collections=["mine"], trainable=False)
        assert run(net) == [[1.0], [4.0]]
        assert [variable.name for variable in tf.get_collection("mine")] == ["input_layer/w_length/weight:0"]
        assert tf.trainable_variables() == []


@pytest.mark.parametrize("outer", [fc.indicator_column, lambda column: column])
def test_a_column_of_ids_of_the_older_kind(outer: Any) -> None:
    column = Doubled(fc.categorical_column_with_vocabulary_list("w", ["a", "b"]))
    with tf.Graph().as_default():
        if outer is fc.indicator_column:
            assert run(fc.input_layer(FEATURES, [outer(column)])) == [[0.0, 0.0, 1.0, 0.0], [0.0, 0.0, 0.0, 1.0]]
        else:
            assert run(fc.linear_model(FEATURES, outer(column))) == [[0.0], [0.0]]
            assert tf.global_variables()[0].shape.as_list() == [4, 1]


def test_older_columns_may_be_crossed_and_parsed() -> None:
    column = Doubled(fc.categorical_column_with_vocabulary_list("w", ["a", "b"]))
    crossed = fc.crossed_column([column, "w"], 10)
    assert crossed.name == "w_X_w_doubled"
    assert fc.make_parse_example_spec([crossed, Lengths("l")]) == {
        "w": tf.VarLenFeature(tf.string),
        "l": tf.FixedLenFeature([1], tf.string),
    }


def test_columns_here_are_instances_of_the_older_kinds() -> None:
    number = fc.numeric_column("n")
    words = fc.categorical_column_with_vocabulary_list("w", ["a"])
    buckets = fc.bucketized_column(number, [0.0])
    assert isinstance(number, fc._DenseColumn)
    assert not isinstance(number, fc._CategoricalColumn)
    assert isinstance(words, fc._CategoricalColumn)
    assert isinstance(buckets, fc._DenseColumn)
    assert isinstance(buckets, fc._CategoricalColumn)
    assert isinstance(fc.embedding_column(words, 2), (fc._DenseColumn, fc._FeatureColumn))


def test_older_ways_to_ask_a_column() -> None:
    words = fc.categorical_column_with_vocabulary_list("w", ["a", "b"])
    column = fc.embedding_column(words, 3)
    assert (words._num_buckets, column._variable_shape.as_list(), column._var_scope_name) == (2, [3], "w_embedding")
    assert column._parse_example_spec == {"w": tf.VarLenFeature(tf.string)}
    assert column.parents == [words]


def test_columns_are_sorted_by_what_they_read_as() -> None:
    columns = [fc.numeric_column("b"), fc.numeric_column("a")]
    assert [column.key for column in sorted(columns)] == ["a", "b"]
