"""Writes golden/protos/messages.json: messages that TensorFlow 2.15.1 serialised.

Run with a Python that has TensorFlow: `python tests/golden/make/protos_tf215.py`.
"""

from __future__ import annotations

import json
import pathlib

import tensorflow as tf
from tensorflow.core.framework import tensor_slice_pb2
from tensorflow.core.protobuf import saved_model_pb2, tensor_bundle_pb2
from tensorflow.python.training import checkpoint_state_pb2

TARGET = pathlib.Path(__file__).parent.parent / "protos" / "messages.json"


def bundle_header():
    header = tensor_bundle_pb2.BundleHeaderProto(num_shards=3, endianness="BIG")
    header.version.producer = 1
    header.version.min_consumer = 2
    return header


def bundle_entry():
    entry = tensor_bundle_pb2.BundleEntryProto(
        dtype=tf.float64.as_datatype_enum, shard_id=2, offset=2**40, size=48, crc32c=0xDEADBEEF
    )
    entry.shape.dim.add(size=2)
    entry.shape.dim.add(size=3)
    entry.slices.append(tensor_slice())
    return entry


def tensor_slice():
    part = tensor_slice_pb2.TensorSliceProto()
    part.extent.add()
    part.extent.add(start=1, length=0)
    part.extent.add(start=5, length=7)
    return part


def checkpoint_state():
    return checkpoint_state_pb2.CheckpointState(
        model_checkpoint_path="model.ckpt-20",
        all_model_checkpoint_paths=["model.ckpt-0", "model.ckpt-20"],
        all_model_checkpoint_timestamps=[1700000000.25, 1700000001.5],
        last_preserved_timestamp=1699999999.0,
    )


def saved_model():
    saved = saved_model_pb2.SavedModel(saved_model_schema_version=1)
    graph = saved.meta_graphs.add()
    graph.meta_info_def.tags.append("serve")
    graph.graph_def.node.add(name="x", op="Placeholder").attr["dtype"].type = tf.float32.as_datatype_enum
    graph.signature_def["serving_default"].inputs["x"].name = "x:0"
    return saved


def example():
    return tf.train.Example(features=features())


def features():
    return tf.train.Features(
        feature={
            "a": tf.train.Feature(bytes_list=tf.train.BytesList(value=[b"one", b"\xff\x00"])),
            "b": tf.train.Feature(float_list=tf.train.FloatList(value=[1.5, -2.0, float("inf")])),
            "c": tf.train.Feature(int64_list=tf.train.Int64List(value=[-1, 0, 2**62])),
            "d": tf.train.Feature(),
        }
    )


def sequence_example():
    sequence = tf.train.SequenceExample(context=features())
    for value in (3, 4):
        sequence.feature_lists.feature_list["steps"].feature.add().int64_list.value.append(value)
    return sequence


MESSAGES = (
    bundle_header(),
    bundle_entry(),
    tensor_slice(),
    checkpoint_state(),
    saved_model(),
    example(),
    sequence_example(),
)
golden = {}
for message in MESSAGES:
    wire = message.SerializeToString(deterministic=True)
    golden[message.DESCRIPTOR.name] = {"hex": wire.hex(), "text": str(message)}
TARGET.write_text(json.dumps(golden, indent=1) + "\n")
