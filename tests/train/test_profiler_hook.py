"""Traces of steps: which operations, how long, what they made."""

from __future__ import annotations

import json

import numpy as np
import pytest

import trackml as tf


@pytest.fixture
def product():
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.placeholder(tf.float32, [None, 3], name="x")
        w = tf.get_variable("w", [3, 2], initializer=tf.ones_initializer())
        y = tf.reduce_sum(tf.matmul(x, w, name="product"), name="total")
        session.run(tf.global_variables_initializer())
        yield session, x, y


def traced(session, fetches, feeds):
    metadata = tf.RunMetadata()
    options = tf.RunOptions(trace_level=tf.RunOptions.FULL_TRACE)
    value = session.run(fetches, feeds, options=options, run_metadata=metadata)
    return value, metadata


def test_a_traced_run_gives_the_same_values_and_tells_of_each_operation(product):
    session, x, y = product
    feeds = {x: np.ones([4, 3], np.float32)}
    value, metadata = traced(session, y, feeds)
    assert value == session.run(y, feeds) == 24
    (device,) = metadata.step_stats.dev_stats
    stats = {node.node_name: node for node in device.node_stats}
    assert stats["product"].timeline_label.startswith("product = MatMul(x, ")
    assert [size.size for size in stats["product"].output[0].tensor_description.shape.dim] == [4, 2]
    assert stats["product"].output[0].tensor_description.allocation_description.requested_bytes == 32
    assert all(node.all_end_rel_micros > 0 for node in device.node_stats)


def test_a_run_that_is_not_traced_leaves_the_metadata_alone(product):
    session, x, y = product
    metadata = tf.RunMetadata()
    session.run(y, {x: np.ones([1, 3])}, options=tf.RunOptions(), run_metadata=metadata)
    assert metadata == tf.RunMetadata()


def steps(hook, count):
    with tf.Graph().as_default():
        update = tf.train.get_or_create_global_step().assign_add(1)
        work = tf.square(tf.cast(update, tf.float32), name="work")
        with tf.train.MonitoredSession(hooks=[hook]) as session:
            for _ in range(count):
                session.run(work)


def test_the_hook_writes_a_timeline_every_so_many_steps(tmp_path):
    steps(tf.train.ProfilerHook(save_steps=2, output_dir=str(tmp_path), show_memory=True), 6)
    assert sorted(path.name for path in tmp_path.glob("*.json")) == [f"timeline-{step}.json" for step in (2, 4, 6)]
    events = json.loads((tmp_path / "timeline-2.json").read_text())["traceEvents"]
    work = next(event for event in events if event["ph"] == "X" and event["args"]["name"] == "work")
    assert (work["name"], work["cat"], work["args"]["op"]) == ("Square", "Op", "Square")
    assert {event["ph"] for event in events} == {"M", "X", "s", "t", "N", "O", "D"}
    starts = [event["id"] for event in events if event["ph"] == "s"]
    assert starts == [event["id"] for event in events if event["ph"] == "t"]


def test_the_trace_goes_to_the_event_file_too(tmp_path):
    steps(tf.train.ProfilerHook(save_steps=1, output_dir=str(tmp_path)), 3)
    tf.summary.FileWriterCache.clear()
    (path,) = tmp_path.glob("events.out.tfevents.*")
    tagged = [event.tagged_run_metadata for event in tf.train.summary_iterator(str(path))]
    names = [item.tag for item in tagged if item.tag]
    assert names == ["step_2", "step_3"]
    metadata = tf.RunMetadata.FromString(next(item.run_metadata for item in tagged if item.tag == "step_2"))
    assert metadata.step_stats.dev_stats[0].node_stats


def test_one_interval_is_needed():
    with pytest.raises(ValueError, match="exactly one"):
        tf.train.ProfilerHook(save_steps=1, save_secs=1)
