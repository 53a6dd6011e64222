"""Summary operations against what TensorFlow 1.15 made of the same calls."""

from __future__ import annotations

import base64
import io
import json
import pathlib
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

import trackml as tf
from trackml.summary import Summary

GOLDEN = pathlib.Path(__file__).parents[1] / "golden/summary/summary_ops.json"
CALLS = json.loads(GOLDEN.read_text())["calls"]
MADE = [index for index, call in enumerate(CALLS) if "serialized" in call]
REFUSED = [index for index, call in enumerate(CALLS) if "error" in call]


@pytest.fixture
def replay(log_lines):
    """Makes the first calls of the golden file in one graph, up to that of a number, and tells of the last."""

    def made(number):
        with tf.Graph().as_default() as graph, tf.Session() as session:
            for call in CALLS[:number]:
                _call(call)
            before = len(graph.get_operations())
            del log_lines[:]
            summary = _call(CALLS[number])
            added = graph.get_operations()[before + 1 :]
            return summary, added, session.run(summary)

    return made


def _call(call):
    """The summary of a call; None where it is refused."""
    tensor = tf.constant(_value(call), dtype=getattr(tf, call["dtype"]))
    with tf.name_scope(f"{call['scope']}/" if call["scope"] else None):
        try:
            return getattr(tf.summary, call["function"])(call["name"], tensor, **call["arguments"])
        except (ValueError, TypeError):
            return None


def _value(call):
    return call["value"] if call["dtype"] == "string" else np.array(call["value"])


def _with_pixels(summary):
    """A summary's values, PNG replaced by its pixels: two encoders compress differently."""
    pixels = []
    for value in summary.value:
        if value.HasField("image"):
            pixels.append(np.asarray(Image.open(io.BytesIO(value.image.encoded_image_string))).tolist())
            value.image.ClearField("encoded_image_string")
    return summary, pixels


@pytest.mark.parametrize("number", MADE)
def test_the_summary_is_tensorflows(replay, number):
    _, _, serialized = replay(number)
    expected = Summary.FromString(base64.b64decode(CALLS[number]["serialized"]))
    assert _with_pixels(Summary.FromString(serialized)) == _with_pixels(expected)


@pytest.mark.parametrize("number", MADE)
def test_nodes_and_names_are_tensorflows(replay, number):
    summary, added, _ = replay(number)
    assert [[op.name, op.type, [item.name for item in op.inputs]] for op in added] == CALLS[number]["nodes"]
    assert summary.name == CALLS[number]["tensor"]
    assert summary.dtype is tf.string
    assert summary.shape.as_list() == []


@pytest.mark.parametrize("number", MADE)
def test_collections_are_tensorflows(replay, number):
    summary, _, _ = replay(number)
    graph = summary.graph
    found = [key for key in graph.get_all_collection_keys() if summary in graph.get_collection(key)]
    assert sorted(found) == CALLS[number]["collections"]


@pytest.mark.parametrize("number", MADE)
def test_an_illegal_name_is_said(replay, log_lines, number):
    replay(number)
    assert log_lines == CALLS[number]["lines"]


@pytest.mark.parametrize("number", REFUSED)
def test_what_tensorflow_refuses_is_refused(number):
    call = CALLS[number]
    kind, message = call["error"]
    with tf.Graph().as_default(), tf.Session() as session:
        tensor = tf.constant(_value(call), getattr(tf, call["dtype"]))
        with pytest.raises((ValueError, TypeError, tf.errors.OpError)) as raised:
            session.run(getattr(tf.summary, call["function"])(call["name"], tensor, **call["arguments"]))
    assert type(raised.value).__name__ == kind
    # TensorFlow has one type more than numpy, and numbered its constants on.
    assert message.replace(" bfloat16,", "").replace("Const_22", "Const") in str(raised.value)


def test_an_error_names_the_users_line():
    with tf.Graph().as_default(), tf.Session() as session:
        summary = tf.summary.histogram("weights", tf.constant([np.nan]))
        with pytest.raises(tf.errors.InvalidArgumentError, match=r"test_summary_ops\.py:\d+ in test_an_error_names"):
            session.run(summary)


def test_python_values_are_summarised_too():
    with tf.Graph().as_default(), tf.Session() as session:
        serialized = session.run(tf.summary.merge([tf.summary.scalar("a", 1), tf.summary.text("b", "note")]))
    first, second = Summary.FromString(serialized).value
    assert (first.tag, first.simple_value, second.tag, second.tensor.string_val[0]) == ("a", 1.0, "b", b"note")


def test_a_summary_costs_nothing_when_it_is_not_fetched():
    calls = []
    with tf.Graph().as_default(), tf.Session() as session:
        loss = tf.constant(1.0)
        counted = tf.py_func(lambda value: calls.append(value) or value, [loss], tf.float32)
        tf.summary.histogram("costly", counted)
        session.run(loss)
    assert calls == []


def test_merge_all_keeps_the_order_of_the_collection():
    with tf.Graph().as_default(), tf.Session() as session:
        for name in "cab":
            tf.summary.scalar(name, 1.0)
        merged = tf.summary.merge_all()
        values = Summary.FromString(session.run(merged)).value
    assert merged.name == "Merge/MergeSummary:0"
    assert [value.tag for value in values] == ["c", "a", "b"]


def test_merge_all_without_summaries_is_none():
    with tf.Graph().as_default():
        assert tf.summary.merge_all() is None


def test_merge_all_takes_the_summaries_of_a_scope():
    with tf.Graph().as_default(), tf.Session() as session:
        tf.summary.scalar("a", 1.0)
        with tf.name_scope("train"):
            tf.summary.scalar("b", 1.0)
        values = Summary.FromString(session.run(tf.summary.merge_all(scope="train"))).value
    assert [value.tag for value in values] == ["train/b"]


def test_merge_is_in_the_collections_that_are_named_and_no_others():
    with tf.Graph().as_default() as graph:
        parts = [tf.summary.scalar("a", 1.0), tf.summary.scalar("b", 1.0)]
        merged = tf.summary.merge(parts, collections=["mine"], name="both")
        assert graph.get_collection("mine") == [merged]
        assert graph.get_collection(tf.GraphKeys.SUMMARIES) == parts
    assert merged.name == "both/both:0"


def test_merging_a_tag_twice_is_an_error():
    with tf.Graph().as_default(), tf.Session() as session:
        part = tf.summary.scalar("a", 1.0)
        merged = tf.summary.merge([part, part])
        with pytest.raises(tf.errors.InvalidArgumentError, match="Duplicate tag a found in summary inputs"):
            session.run(merged)


def test_merging_nothing_is_an_error():
    with tf.Graph().as_default(), pytest.raises(ValueError, match="shorter than minimum length 1"):
        tf.summary.merge([])


def test_merging_numbers_is_an_error():
    with tf.Graph().as_default(), pytest.raises(TypeError, match="do not match expected type string"):
        tf.summary.merge([tf.constant(1.0)])


def test_summaries_load_pillow_only_for_images():
    script = "import sys, trackml.summary; sys.exit('PIL' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
