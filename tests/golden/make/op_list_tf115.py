"""Writes tests/golden/engine_ops/op_list.pb.xz: what TensorFlow 1.15 knows of each operation type.

Run with TensorFlow 1.15: `python tests/golden/make/op_list_tf115.py`. The file is a serialized `OpList`, sorted by
name and without descriptions.
"""

import lzma
import os

import tensorflow  # noqa: F401  registers the types
from tensorflow.core.framework import op_def_pb2
from tensorflow.python import pywrap_tensorflow

OUTPUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "engine_ops", "op_list.pb.xz")


def main():
    found = op_def_pb2.OpList()
    found.ParseFromString(pywrap_tensorflow.TF_GetBuffer(pywrap_tensorflow.TF_GetAllOpList()))
    kept = op_def_pb2.OpList()
    for op in sorted(found.op, key=lambda op: op.name):
        op.ClearField("summary")
        op.ClearField("description")
        for part in (*op.input_arg, *op.output_arg, *op.attr):
            part.ClearField("description")
        kept.op.add().CopyFrom(op)
    with lzma.open(OUTPUT, "wb", preset=9) as file:
        file.write(kept.SerializeToString())


if __name__ == "__main__":
    main()
