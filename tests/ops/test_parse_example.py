"""parse_example gives, and refuses, what TensorFlow 1.15 does."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import trackml as tf
from trackml.graph.sparse_tensor import SparseTensorValue
from trackml.ops.example_columns import values_of_features

CASES = json.loads((Path(__file__).parents[1] / "golden/parsing/parse_example.json").read_text(encoding="utf-8"))
RESTATED = {
    "Key: a.  Can't parse serialized Example.": "Key: a.  Number of float values",
    "Conflicting type <dtype: 'int64'> vs float32": "Conflicting type tf.int64 vs tf.float32",
}
"""Messages of TensorFlow that say less than ours, or show types in its own way."""


def parsed(case: dict[str, Any]) -> dict[str, Any]:
    features = {key: getattr(tf.io, kind)(*arguments) for key, (kind, arguments) in case["features"].items()}
    messages = [bytes.fromhex(item) for item in case["messages"]]
    if case.get("single"):
        return tf.io.parse_single_example(messages[0], features)
    return tf.io.parse_example(np.array(messages, object), features)


def described(value: Any) -> list[Any]:
    parts = list(value) if isinstance(value, SparseTensorValue) else [value]
    found = []
    for part in parts:
        array = np.asarray(part)
        flat = [item.decode("latin-1") if isinstance(item, bytes) else repr(item) for item in array.ravel().tolist()]
        found.append(["string" if array.dtype.kind in "OS" else str(array.dtype), list(array.shape), flat])
    return found


def identity(case: dict[str, Any]) -> str:
    return f"{'one' if case.get('single') else len(case['messages'])}-{case['features']}"[:80]


@pytest.mark.parametrize("case", [case for case in CASES if "parsed" in case], ids=identity)
def test_tensors_are_tensorflows(case: dict[str, Any], assert_tensorflow_takes: Callable[[tf.Graph], None]) -> None:
    with tf.Graph().as_default() as graph, tf.Session() as session:
        tensors = parsed(case)
        values = session.run(tensors)
    assert {key: described(value) for key, value in values.items()} == case["parsed"]
    assert_tensorflow_takes(graph)


@pytest.mark.parametrize("case", [case for case in CASES if "parsed" in case], ids=identity)
def test_static_shapes_hold(case: dict[str, Any]) -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        tensors = parsed(case)
        values = session.run(tensors)
    for key, tensor in tensors.items():
        dense = tensor.values if isinstance(tensor, tf.SparseTensor) else tensor
        value = values[key].values if isinstance(tensor, tf.SparseTensor) else values[key]
        assert dense.shape.is_compatible_with(np.shape(value))
        assert dense.shape.ndims is not None


@pytest.mark.parametrize("case", [case for case in CASES if "error" in case], ids=identity)
def test_refusals_are_tensorflows(case: dict[str, Any]) -> None:
    name, message = case["error"]
    kind = getattr(tf.errors, name, None) or {"ValueError": ValueError, "TypeError": TypeError}[name]
    with tf.Graph().as_default(), tf.Session() as session, pytest.raises(kind) as caught:
        session.run(parsed(case))
    for theirs, ours in RESTATED.items():
        message = ours if message.startswith(theirs) else message
    assert str(getattr(caught.value, "message", caught.value)).startswith(message)


def example(**features: Any) -> bytes:
    message = tf.train.Example()
    for key, values in features.items():
        feature = message.features.feature[key]
        kind: Any = {int: feature.int64_list, float: feature.float_list, bytes: feature.bytes_list}[type(values[0])]
        kind.value.extend(values)
    return bytes(message.SerializeToString(deterministic=True))


def test_names_of_examples_are_in_messages() -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        features = {"a": tf.FixedLenFeature([], tf.float32)}
        rows = [example(a=[1.5]), example(b=[2.5])]
        missing = tf.parse_example(rows, features, example_names=["one", "two"])
        wrong = tf.parse_single_example(example(a=[1]), features, example_names="three")
        with pytest.raises(tf.errors.InvalidArgumentError, match=r"Name: two, Feature: a \(data type: float\)"):
            session.run(missing)
        with pytest.raises(tf.errors.InvalidArgumentError, match=r"Name: three, Key: a, Index: 0\.  Data types"):
            session.run(wrong)


def test_single_example_with_a_name_has_no_batch_axis() -> None:
    features = {"a": tf.FixedLenFeature([2], tf.float32), "b": tf.VarLenFeature(tf.int64)}
    with tf.Graph().as_default(), tf.Session() as session:
        tensors = tf.parse_single_example(example(a=[1.5, 2.5], b=[7, 8, 9]), features, example_names="one")
        values = session.run(tensors)
    assert values["a"].tolist() == [1.5, 2.5]
    assert values["b"].indices.tolist() == [[0], [1], [2]]
    assert values["b"].dense_shape.tolist() == [3]


def test_operations_have_the_names_of_tensorflow() -> None:
    with tf.Graph().as_default():
        row = tf.placeholder(tf.string, [None], name="rows")
        features = {"a": tf.FixedLenFeature([2], tf.float32), "b": tf.VarLenFeature(tf.string)}
        tensors = tf.parse_example(row, features)
        named = tf.parse_single_example(row[0], features, name="mine")
    assert tensors["a"].name == "ParseExample/ParseExample:3"
    assert tensors["b"].indices.name == "ParseExample/ParseExample:0"
    assert tensors["a"].shape.as_list() == [None, 2]
    assert named["a"].name == "mine/mine:3"


def test_a_dataset_of_records_is_parsed_as_it_is_read() -> None:
    rows = [example(a=[index], b=[b"x" * index]) for index in range(5)]
    features = {"a": tf.FixedLenFeature([], tf.int64), "b": tf.FixedLenFeature([], tf.string)}
    with tf.Graph().as_default(), tf.Session() as session:
        dataset = tf.data.Dataset.from_tensor_slices(rows).batch(3).map(lambda batch: tf.parse_example(batch, features))
        batch = dataset.make_one_shot_iterator().get_next()
        assert session.run(batch)["a"].tolist() == [0, 1, 2]
        assert session.run(batch)["b"].tolist() == [b"xxx", b"xxxx"]


def random_message(random: np.random.Generator) -> bytes:
    features: dict[str, Any] = {
        "ints": [int(value) for value in random.integers(-(2**63), 2**63 - 1, random.integers(1, 4)) >> 40],
        "floats": [float(value) for value in random.normal(size=random.integers(1, 4))],
        "texts": [random.bytes(int(random.integers(0, 3))) for _ in range(random.integers(1, 3))],
    }
    return example(**{key: features[key] for key in features if random.random() < 0.8})


def test_layouts_give_what_protobuf_gives() -> None:
    random = np.random.default_rng(5)
    messages = [random_message(random) for _ in range(600)]
    found = values_of_features(messages, ["ints", "floats", "texts"])
    for key, kind in (("ints", "int64_list"), ("floats", "float_list"), ("texts", "bytes_list")):
        for message, row in zip(messages, found[key].each(), strict=True):
            feature = tf.train.Example.FromString(message).features.feature
            expected = list(getattr(feature[key], kind).value) if key in feature else None
            assert (None if row is None else row.tolist()) == expected


def test_unpacked_numbers_and_repeated_keys_are_read_as_protobuf_reads_them() -> None:
    unpacked = bytes.fromhex("0a0f0a0d0a0161120812060a04") + bytes.fromhex("0000803f")
    twice = example(a=[1.5]) + example(a=[2.5])
    numbers = b"\x0a\x0d\x0a\x0b\x0a\x01a\x12\x06\x1a\x04\x08\x05\x08\x07"
    for message in (unpacked, twice, numbers):
        feature = tf.train.Example.FromString(message).features.feature["a"]
        expected: list[Any] = list(feature.float_list.value) or list(feature.int64_list.value)
        for row in values_of_features([message] * 5, ["a"])["a"].each():
            assert row is not None
            assert row.tolist() == expected
