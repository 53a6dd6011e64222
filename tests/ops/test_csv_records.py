"""decode_csv takes records apart, and refuses them, as TensorFlow 1.15 does."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import trackml as tf

CASES = json.loads((Path(__file__).parents[1] / "golden/decode_csv/decode_csv.json").read_text(encoding="utf-8"))


def columns_of(case: dict[str, Any]) -> list[tf.Tensor]:
    defaults = [tf.constant(values, dtype, shape=[len(values)]) for dtype, values in case["defaults"]]
    records = tf.placeholder_with_default(tf.constant(case["records"]), None)
    return tf.decode_csv(records, defaults, **case["options"])


@pytest.mark.parametrize("case", [case for case in CASES if "columns" in case], ids=lambda case: str(case["records"]))
def test_columns(case: dict[str, Any], assert_tensorflow_takes: Callable[[tf.Graph], None]) -> None:
    with tf.Graph().as_default() as graph, tf.Session() as session:
        columns = columns_of(case)
        values = session.run(columns)
    for column, value, (dtype, _), (shape, texts) in zip(columns, values, case["defaults"], case["columns"]):
        flat = [item.decode() if isinstance(item, bytes) else repr(item) for item in np.ravel(value).tolist()]
        assert (column.dtype.name, list(np.shape(value)), flat) == (dtype, shape, texts)
    assert_tensorflow_takes(graph)


@pytest.mark.parametrize("case", [case for case in CASES if "error" in case], ids=lambda case: str(case["records"]))
def test_messages(case: dict[str, Any]) -> None:
    with tf.Graph().as_default(), tf.Session() as session, pytest.raises(tf.errors.InvalidArgumentError) as caught:
        session.run(columns_of(case))
    assert caught.value.message.startswith(case["error"])


def test_columns_have_the_shape_of_the_records_and_the_names_of_tensorflow() -> None:
    with tf.Graph().as_default():
        columns = tf.decode_csv(tf.placeholder(tf.string, [None, 3]), [[1], [""]])
        (only,) = tf.decode_csv("1", [[1.0]], name="one")
    assert [column.name for column in [*columns, only]] == ["DecodeCSV:0", "DecodeCSV:1", "one:0"]
    assert [column.shape.as_list() for column in [*columns, only]] == [[None, 3], [None, 3], []]


REFUSED: dict[str, tuple[Callable[[], Any], type[Exception], str]] = {
    "order": (
        lambda: tf.decode_csv(["1"], [[1], [2]], select_cols=[1, 1]),
        ValueError,
        "select_cols is not strictly increasing",
    ),
    "negative": (
        lambda: tf.decode_csv(["1"], [[1]], select_cols=[-1]),
        ValueError,
        "select_cols contains negative values",
    ),
    "lengths": (
        lambda: tf.decode_csv(["1"], [[1], [2]], select_cols=[1]),
        ValueError,
        "Length of select_cols and record_defaults do not match",
    ),
    "no columns": (lambda: tf.decode_csv(["1"], []), ValueError, "record_defaults must have at least one default"),
    "a type": (lambda: tf.decode_csv(["1"], [[True]]), TypeError, "'record_defaults' has DataType bool not in list"),
    "two defaults": (lambda: tf.decode_csv(["1"], [[1, 2]]), ValueError, "length-0 or length-1 vector, or a scalar"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_mistakes_show_while_the_graph_is_built(case: str) -> None:
    make, kind, message = REFUSED[case]
    with tf.Graph().as_default(), pytest.raises(kind, match=message):
        make()
