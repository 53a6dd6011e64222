"""Numeric columns: how they are made, and what they refuse."""

from __future__ import annotations

import copy
import pickle
import re

import numpy as np
import pytest

from trackml import dtypes
from trackml.feature_column import numeric_column


def test_column_reads_as_in_tensorflow():
    assert repr(numeric_column("SepalLength")) == (
        "NumericColumn(key='SepalLength', shape=(1,), default_value=None, dtype=tf.float32, normalizer_fn=None)"
    )


def test_column_is_a_value():
    column = numeric_column("a", shape=[2], default_value=[1, 2])
    assert column == numeric_column("a", shape=(2,), default_value=(1, 2))
    assert column != numeric_column("a")
    assert len({column, numeric_column("a", 2, [1, 2])}) == 1
    assert copy.deepcopy(column) == pickle.loads(pickle.dumps(column)) == column


@pytest.mark.parametrize(
    ("shape", "default_value", "kept"),
    [
        (1, None, None),
        (1, 3, (3,)),
        (1, [3], (3,)),
        (2, 0.5, (0.5, 0.5)),
        ((2, 1), [[1.0], [2.0]], ((1.0,), (2.0,))),
        (2, np.array([1.0, 2.0]), (1.0, 2.0)),
        ((2, 2), 7, ((7, 7), (7, 7))),
    ],
)
def test_default_value_is_kept_as_tuples_in_the_shape(shape, default_value, kept):
    assert numeric_column("a", shape, default_value).default_value == kept


@pytest.mark.parametrize("dtype", [dtypes.int32, "float64", np.int64])
def test_type_may_be_any_number(dtype):
    assert numeric_column("a", dtype=dtype).dtype is dtypes.as_dtype(dtype)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"shape": 1.5}, TypeError, "shape dimensions must be integer. shape: (1.5,), key: a"),
        ({"shape": [0]}, ValueError, "shape dimensions must be greater than 0. shape: (0,), key: a"),
        ({"dtype": dtypes.string}, ValueError, "dtype must be convertible to float. dtype: <dtype: 'string'>, key: a"),
        ({"default_value": "x"}, TypeError, "default_value must be compatible with dtype. default_value: x"),
        ({"default_value": 0.5, "dtype": dtypes.int32}, TypeError, "default_value must be compatible with dtype"),
        ({"default_value": [1, 2]}, ValueError, "The shape of default_value must be equal to given shape."),
        ({"normalizer_fn": 3}, TypeError, "normalizer_fn must be a callable. Given: 3"),
        ({"key": 3}, ValueError, "key must be a string. Got: type <class 'int'>. Given key: 3."),
    ],
)
def test_wrong_arguments_are_named(arguments, error, message: str):
    with pytest.raises(error, match=re.escape(message)):
        numeric_column(**{"key": "a", **arguments})
