"""The input layer: order, shapes, types, names and messages, as TensorFlow 1.15 has them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pytest

from trackml.errors import OpError
from trackml.feature_column import input_layer, numeric_column
from trackml.feature_column.base import FeatureColumn
from trackml.graph import Graph, Session, constant, placeholder


@pytest.fixture(autouse=True)
def graph() -> Iterator[Graph]:
    with Graph().as_default() as graph:
        yield graph


def run(features: Mapping[str, Any], columns: Any) -> list[Any]:
    with Session() as session:
        found: list[Any] = session.run(input_layer(features, columns)).tolist()
        return found


def test_columns_stand_side_by_side_in_the_order_of_their_names():
    features = {"b": [1.0, 2.0], "a": [[3.0], [4.0]], "c": [[5.0, 6.0], [7.0, 8.0]]}
    columns = [numeric_column("c", 2), numeric_column("b"), numeric_column("a")]
    assert run(features, columns) == [[3.0, 1.0, 5.0, 6.0], [4.0, 2.0, 7.0, 8.0]]


def test_normalizer_sees_the_type_of_the_feature_and_the_rest_sees_float32():
    seen = []

    def normalizer(tensor):
        seen.append(tensor.dtype.name)
        return tensor - 1

    net = input_layer({"a": np.array([1, 2])}, numeric_column("a", normalizer_fn=normalizer))
    assert (seen, net.dtype.name) == (["int64"], "float32")
    with Session() as session:
        assert session.run(net).tolist() == [[0.0], [1.0]]


def test_features_of_several_dimensions_are_flattened():
    features = {"a": np.arange(8).reshape(2, 2, 2)}
    assert run(features, [numeric_column("a", (2, 2))]) == [[0.0, 1.0, 2.0, 3.0], [4.0, 5.0, 6.0, 7.0]]


def test_width_is_known_while_the_graph_is_built():
    features = {"a": placeholder("float32", [None]), "b": placeholder("int32", [None, 3])}
    net = input_layer(features, [numeric_column("a"), numeric_column("b", 3)])
    assert net.shape.as_list() == [None, 4]


def test_a_feature_of_unknown_width_is_checked_when_the_graph_runs():
    a = placeholder("float32", None)
    net = input_layer({"a": a}, numeric_column("a", 2))
    assert net.shape.as_list() == [None, 2]
    with Session() as session:
        assert session.run(net, {a: [[1.0, 2.0]]}).tolist() == [[1.0, 2.0]]
        with pytest.raises(OpError, match="input_layer/a/Reshape"):
            session.run(net, {a: [[1.0, 2.0, 3.0]]})


def test_operations_are_named_as_in_tensorflow(graph: Graph):
    features = {"b": placeholder("int64", [None]), "a": placeholder("float32", [None])}
    columns = [numeric_column("a"), numeric_column("b")]
    assert [input_layer(features, columns).name for _ in range(2)] == ["input_layer/concat:0", "input_layer_1/concat:0"]
    assert graph.get_operation_by_name("input_layer/a/ExpandDims").type == "ExpandDims"
    assert graph.get_operation_by_name("input_layer/b/ExpandDims").type == "ExpandDims"
    assert graph.get_operation_by_name("input_layer/b/Cast").type == "Cast"
    assert graph.get_operation_by_name("input_layer_1/b/Cast").type == "Cast"


def test_a_key_that_is_no_scope_works_all_the_same():
    assert run({"sepal length (cm)": [1.0]}, numeric_column("sepal length (cm)")) == [[1.0]]


def test_dicts_are_filled_with_what_each_column_gave():
    tensors: dict[Any, Any] = {}
    variables: dict[Any, Any] = {}
    column = numeric_column("a")
    input_layer({"a": [1.0]}, [column], cols_to_vars=variables, cols_to_output_tensors=tensors)
    assert variables == {column: []}
    assert tensors[column].shape.as_list() == [1, 1]


def test_columns_may_come_from_a_generator():
    assert run({"a": [1.0], "b": [2.0]}, (numeric_column(key) for key in "ab")) == [[1.0, 2.0]]


class Unknown(FeatureColumn):
    """A column that is not dense."""

    @property
    def name(self) -> str:
        """A name."""
        return "unknown"

    def transform_feature(self, transformation_cache: Any, state_manager: Any) -> Any:
        """Nothing."""

    @property
    def parse_example_spec(self) -> dict[str, Any]:
        """Nothing."""
        return {}

    def __repr__(self) -> str:
        return "Unknown()"


TWICE = numeric_column("n")


@pytest.mark.parametrize(
    ("features", "columns", "message"),
    [
        ({"a": [1.0]}, [numeric_column("zz")], "Feature zz is not in features dictionary."),
        ({"a": 1.0}, [numeric_column("a")], "Feature (key: a) cannot have rank 0."),
        ({"a": [1.0]}, [], "feature_columns must not be empty."),
        ({"a": [1.0]}, {"a": numeric_column("a")}, "Expected feature_columns to be iterable, found dict."),
        (
            {"a": [1.0]},
            ["a"],
            "Items of feature_columns must be a _FeatureColumn. Given (type <class 'str'>): a.",
        ),
        (
            {"a": [1.0]},
            [Unknown()],
            "Items of feature_columns must be a _DenseColumn. You can wrap a categorical column with an "
            "embedding_column or indicator_column. Given: Unknown()",
        ),
        (
            {"n": [1.0]},
            [TWICE, TWICE],
            f"Duplicate feature column name found for columns: {TWICE} and {TWICE}. This usually means that these "
            "columns refer to same base feature.",
        ),
        (
            {"a": [1.0], "b": [1.0, 2.0]},
            [numeric_column("a"), numeric_column("b")],
            "Batch size (first dimension) of each feature must be same. Batch size of columns (a, b): (1, 2)",
        ),
        (
            {"v": np.zeros([3, 2])},
            [numeric_column("v")],
            "Cannot reshape a tensor with 6 elements to shape [3, 1] (3 elements)",
        ),
    ],
)
def test_wrong_features_and_columns_are_named(features: Any, columns: Any, message: str):
    with pytest.raises(ValueError, match=re.escape(message)):
        input_layer(features, columns)


def test_text_cannot_be_a_number():
    with pytest.raises(TypeError, match="feature s holds strings, but numeric_column needs numbers"):
        input_layer({"s": constant(["a"])}, numeric_column("s"))
