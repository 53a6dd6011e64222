"""Writes golden/checkpoint/{mix,saver,blocks}.* and states.json with TensorFlow 2.15.1.

Run with a Python that has it: `python tests/golden/make/checkpoint_tf215.py`.
"""

from __future__ import annotations

import json
import lzma
import pathlib
import tempfile

import numpy as np
import tensorflow as tf
from google.protobuf import text_format

v1 = tf.compat.v1
TARGET = pathlib.Path(__file__).parent.parent / "checkpoint"
RANDOM = np.random.RandomState(7)

# In an order that is not the alphabet's: the data file keeps the order of saving, the index sorts.
MIX = {
    "z/last": np.float32(3.5),
    "a/float32": RANDOM.randn(3, 4).astype(np.float32),
    "a/float64": RANDOM.randn(2, 1, 3),
    "a/float16": RANDOM.randn(5).astype(np.float16),
    "a/int8": np.arange(-3, 3, dtype=np.int8),
    "a/int16": np.arange(-3, 3, dtype=np.int16).reshape(2, 3),
    "a/int32": np.arange(4, dtype=np.int32),
    "a/int64": np.array([-(2**62), 2**62]),
    "a/uint8": np.arange(256, dtype=np.uint8),
    "a/uint16": np.array([65535], np.uint16),
    "a/uint32": np.array([2**32 - 1], np.uint32),
    "a/uint64": np.array([2**64 - 1], np.uint64),
    "a/bool": np.array([True, False, True]),
    "a/complex64": np.array([1 + 2j, -3j], np.complex64),
    "a/complex128": np.array([1 - 2j]),
    "a/scalar_bool": np.array(True),
    "global_step": np.int64(1234),
    "empty/float32": np.zeros([0, 3], np.float32),
    "empty/string": np.zeros([0], object),
    "text/scalar": np.array(b"hello", object),
    "text/vector": np.array([b"", b"a\x00b", "Zürich".encode(), b"x" * 300], object),
    "text/matrix": np.array([[b"a", b"bc"], [b"def", b""]], object),
    "nan": np.array([np.nan, np.inf, -np.inf, -0.0]),
    "dense/bias": np.zeros([10], np.float32),
    "dense/bias/Adagrad": np.full([10], 0.1, np.float32),
    "dense/kernel": RANDOM.randn(4, 10).astype(np.float32),
    "dense/kernel/Adagrad": np.full([4, 10], 0.1, np.float32),
    "dense_1/bias": np.zeros([3], np.float32),
    "dense_1/kernel": RANDOM.randn(10, 3).astype(np.float32),
    "größe": np.arange(7.0),
}
BLOCK_KEYS = [f"tower_{index:04d}/" + f"layer_{index * 7919 % 4001:04d}/" * 12 + "kernel" for index in range(3000)]


def as_json(name, array):
    """One tensor: raw little-endian bytes, or one hexadecimal string an element."""
    array = np.asarray(array)
    if array.dtype == object:
        return {
            "name": name,
            "dtype": "string",
            "shape": array.shape,
            "hex": [x.hex() for x in array.ravel()],
        }
    return {"name": name, "dtype": array.dtype.name, "shape": array.shape, "hex": array.tobytes().hex()}


def write_values(name, tensors):
    rows = [as_json(*item) for item in tensors.items()]
    text = "[\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]\n"
    (TARGET / f"{name}.json").write_text(text)


def save(prefix, tensors):
    values = [np.asarray(value) for value in tensors.values()]
    values = [tf.constant(value, tf.string if value.dtype == object else None) for value in values]
    tf.raw_ops.SaveV2(
        prefix=str(prefix), tensor_names=list(tensors), shape_and_slices=[""] * len(tensors), tensors=values
    )


def mix():
    save(TARGET / "mix", MIX)
    write_values("mix", MIX)


def saver():
    with tf.Graph().as_default(), v1.Session() as session:
        x = v1.get_variable("w", initializer=RANDOM.randn(3, 2).astype(np.float32))
        b = v1.get_variable("b", initializer=np.zeros(2, np.float32))
        step = v1.train.get_or_create_global_step()
        loss = tf.reduce_sum(tf.square(x)) + tf.reduce_sum(tf.square(b - 1.0))
        train = v1.train.AdamOptimizer(0.1).minimize(loss, global_step=step)
        session.run(v1.global_variables_initializer())
        for _ in range(3):
            session.run(train)
        v1.train.Saver().save(session, str(TARGET / "saver"), write_meta_graph=False, write_state=False)
    reader = tf.train.load_checkpoint(str(TARGET / "saver"))
    names = sorted(reader.get_variable_to_shape_map())
    write_values("saver", {name: reader.get_tensor(name) for name in names})


def blocks():
    with tempfile.TemporaryDirectory() as folder:
        prefix = pathlib.Path(folder) / "blocks"
        save(prefix, dict.fromkeys(BLOCK_KEYS, np.float32(0)))
        index = prefix.with_suffix(".index").read_bytes()
    (TARGET / "blocks.index.xz").write_bytes(lzma.compress(index, preset=9))


def slices():
    """One slice each of tensors that are never read whole; "-" takes a dimension whole."""
    specs = {
        "whole_dimension": "7 3 2,2:-",
        "both_given": "7 3 2,2:0,3",
        "one_byte_at_most": "100 63,2",
        "two_bytes": "200 64,2",
        "two_bytes_at_most": "9000 8191,2",
        "three_bytes": "9000 8192,2",
        "many_bytes": "1099511627776 1099511627774,2",
        "größe": "2 2 2 1,1:-:0,1",
    }
    shapes = {"whole_dimension": [2, 3], "both_given": [2, 3], "größe": [1, 2, 1]}
    tf.raw_ops.SaveV2(
        prefix=str(TARGET / "slices"),
        tensor_names=list(specs),
        shape_and_slices=list(specs.values()),
        tensors=[tf.zeros(shapes.get(name, [2])) for name in specs],
    )


def states():
    calls = [
        {"save_dir": "/models/run", "model_checkpoint_path": "model.ckpt-0"},
        {
            "save_dir": "/models/run",
            "model_checkpoint_path": "model.ckpt-20",
            "all_model_checkpoint_paths": ["model.ckpt-0", "model.ckpt-20"],
        },
        {
            "save_dir": "/models/run",
            "model_checkpoint_path": "/models/run/model.ckpt-20",
            "all_model_checkpoint_paths": ["/elsewhere/model.ckpt-0", "/models/run/model.ckpt-20"],
        },
        {
            "save_dir": "models/run",
            "model_checkpoint_path": "models/run/model.ckpt-20",
            "all_model_checkpoint_paths": ["models/run/model.ckpt-0", "models/run/model.ckpt-20"],
        },
        {
            "save_dir": "/models/run",
            "model_checkpoint_path": 'say "hi" \\ größe\n-1',
        },
        {
            "save_dir": "/models/run",
            "model_checkpoint_path": "ckpt-2",
            "all_model_checkpoint_paths": ["ckpt-1", "ckpt-2"],
            "all_model_checkpoint_timestamps": [1700000000.25, 1700000001.123456],
            "last_preserved_timestamp": 1699999999.5,
        },
    ]
    rows = []
    for call in calls:
        given = json.loads(json.dumps(call))  # TensorFlow changes the list that it is given
        text = text_format.MessageToString(v1.train.generate_checkpoint_state_proto(**call))
        rows.append({"call": given, "text": text})
    (TARGET / "states.json").write_text(json.dumps(rows, indent=1) + "\n")


TARGET.mkdir(exist_ok=True)
mix()
saver()
blocks()
slices()
states()
