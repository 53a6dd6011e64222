"""A graph with the operations on segments, and what TensorFlow 1.15 computes with it.

Run with Python 3.7 and tensorflow 1.15.0:

    python tests/golden/make/sparse_graph.py tests/golden/sparse_ops/sparse_graph.json

`build` is given the module `tensorflow` or `trackml`: both must give the same names and values.
"""

import json
import sys

import numpy as np


def build(tf):
    """Lists of tensors by a key of their own. Inputs may be fed, so that nothing is known before the graph runs."""
    made = {}
    made.update(_segments(tf))
    return made


def _with_grads(tf, y, *xs):
    return [y, *tf.gradients(y * y, list(xs))]


def _segments(tf):
    x = tf.placeholder_with_default(np.arange(12, dtype=np.float32).reshape(6, 2) / 4 - 1, [None, 2], name="x")
    ties = tf.placeholder_with_default(np.array([2, 2, 1, 3, 0, 0], np.float64), [None], name="ties")
    whole = tf.placeholder_with_default(np.array([7, -2, 5, 6, 0, 3], np.int32), [None], name="whole")
    ids = tf.placeholder_with_default(np.array([0, 0, 1, 3, 3, 3], np.int32), [None], name="ids")
    for kind in ("sum", "mean", "prod", "max", "min"):
        segment = getattr(tf, "segment_" + kind)
        for name, values in (("x", x), ("ties", ties)):
            y = segment(values, ids)
            yield "%s_%s" % (kind, name), [y] if kind == "prod" else _with_grads(tf, y, values)
        yield kind + "_whole", [segment(whole, ids)]
    mixed = tf.placeholder_with_default(np.array([4, 0, -1, 0, 2, 2], np.int64), [None], name="mixed")
    pairs = tf.placeholder_with_default(np.array([[1, 0], [1, 1], [-1, 0]], np.int32), [None, 2], name="pairs")
    for kind in ("sum", "prod", "max", "min", "mean", "sqrt_n"):
        segment = getattr(tf, "unsorted_segment_" + kind)
        for name, values in (("x", x), ("ties", ties)):
            yield "unsorted_%s_%s" % (kind, name), _with_grads(tf, segment(values, mixed, 5), values)
        yield "unsorted_%s_pairs" % kind, [segment(tf.reshape(x, [3, 2, 2]), pairs, 3)]
        if kind not in ("mean", "sqrt_n"):
            yield "unsorted_%s_whole" % kind, [segment(whole, mixed, 6)]
    picked = tf.placeholder_with_default(np.array([5, 0, 0, 2], np.int32), [None], name="picked")
    rows = tf.placeholder_with_default(np.array([0, 0, 0, 2], np.int32), [None], name="rows")
    for kind in ("sum", "mean", "sqrt_n"):
        segment = getattr(tf, "sparse_segment_" + kind)
        yield "sparse_" + kind, _with_grads(tf, segment(x, picked, rows), x)
        yield "sparse_%s_sized" % kind, _with_grads(tf, segment(x, picked, rows, num_segments=4), x)
        yield "sparse_%s_vector" % kind, [segment(ties, picked, rows)]


def _value(tensor, array):
    array = np.asarray(array)
    texts = array.dtype.kind in "OSU"
    flat = [item.decode("latin-1") if texts else repr(item.item()) for item in array.ravel()]
    return {
        "name": tensor.name,
        "dtype": "string" if texts else str(array.dtype),
        "shape": list(array.shape),
        "values": flat,
    }


def main():
    import tensorflow.compat.v1 as tf

    tf.disable_eager_execution()
    with tf.Session() as session:
        made = build(tf)
        values = session.run(made)
        result = {
            key: [_value(tensor, value) for tensor, value in zip(tensors, values[key])] for key, tensors in made.items()
        }
    with open(sys.argv[1], "w") as stream:
        json.dump(result, stream, indent=None, separators=(",", ":"))
        stream.write("\n")


if __name__ == "__main__":
    main()
