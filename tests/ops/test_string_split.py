"""Texts are split, packed as base64 and read as numbers as by TensorFlow 1.15."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import trackml as tf

CASES = json.loads((Path(__file__).parents[1] / "golden/parsing/strings.json").read_text(encoding="utf-8"))


def as_bytes(value: Any) -> Any:
    return [as_bytes(item) for item in value] if isinstance(value, list) else value.encode("latin-1")


def stated(value: Any) -> list[Any]:
    array = np.asarray(value)
    flat = [item.decode("latin-1") if isinstance(item, bytes) else item for item in array.ravel().tolist()]
    return ["string" if array.dtype.kind in "OS" else str(array.dtype), list(array.shape), flat]


def result_of(case: dict[str, Any]) -> Any:
    function: Any = tf
    for part in case["function"].split("."):
        function = getattr(function, part)
    texts = tf.constant(np.array(as_bytes(case["arguments"][0]), object))
    return function(texts, *case["arguments"][1:], **case["keywords"])


def identity(case: dict[str, Any]) -> str:
    return f"{case['function']}-{case['arguments'][1:]}-{case['keywords']}-{str(case['arguments'][0])[:20]}"


@pytest.mark.parametrize("case", [case for case in CASES if "outputs" in case], ids=identity)
def test_values_are_tensorflows(case: dict[str, Any], assert_tensorflow_takes: Any) -> None:
    with tf.Graph().as_default() as graph, tf.Session() as session:
        result = result_of(case)
        value = session.run(result)
    parts = value if isinstance(value, tf.SparseTensorValue) else [value]
    assert [stated(part) for part in parts] == case["outputs"]
    assert_tensorflow_takes(graph)


@pytest.mark.parametrize("case", [case for case in CASES if "error" in case], ids=identity)
def test_what_tensorflow_refuses_is_refused(case: dict[str, Any]) -> None:
    with tf.Graph().as_default(), tf.Session() as session, pytest.raises(getattr(tf.errors, case["error"])):
        session.run(result_of(case))


def test_ragged_results_are_refused() -> None:
    with tf.Graph().as_default(), pytest.raises(ValueError, match="there are no ragged tensors here"):
        tf.strings.split(["a b"], result_type="RaggedTensor")


def test_raw_numbers_of_other_types_are_refused() -> None:
    with tf.Graph().as_default(), pytest.raises(TypeError, match="has DataType string not in list"):
        tf.decode_raw(["a"], tf.string)
