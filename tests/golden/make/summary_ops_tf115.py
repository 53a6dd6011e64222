"""Writes tests/golden/summary/summary_ops.json with TensorFlow 1.15: what `tf.summary`'s functions make of CALLS.

`python tests/golden/make/summary_ops_tf115.py tests/golden/summary/summary_ops.json`

Each call is kept with the names of what it added to the graph, the types and inputs of these nodes, the collections it
was put in, the log lines, and the serialized Summary (base64), or with the error that it raised.
"""

from __future__ import print_function

import base64
import json
import logging
import sys

import numpy as np
import tensorflow as tf

IMAGE = [[[[0.0, 0.25, 0.5], [0.75, 1.0, 0.1]], [[0.2, 0.3, 0.4], [0.5, 0.6, 0.7]]]]

# (scope, function, name, value, dtype, keyword arguments)
CALLS = [
    ("", "scalar", "loss", 1.5, "float32", {}),
    ("", "scalar", "loss", 2, "int32", {}),
    ("train", "scalar", "loss", 2.5, "float64", {}),
    ("train", "scalar", "loss", 2.5, "float32", {}),
    ("", "scalar", "accuracy", 0.25, "float32", {"family": "metrics"}),
    ("train", "scalar", "accuracy", 0.25, "float32", {"family": "metrics"}),
    ("", "scalar", "bad tag:x", 1.0, "float32", {}),
    ("", "scalar", "/leading", 1.0, "float32", {}),
    ("", "scalar", "a/b.c-d_e", 1.0, "float32", {"family": "odd name"}),
    ("", "scalar", "mine", 1.0, "float32", {"collections": ["mine", "others"]}),
    ("", "scalar", "nowhere", 1.0, "float32", {"collections": []}),
    ("", "histogram", "weights", [1.0, -2.0, 3.5, 0.0], "float32", {}),
    ("net", "histogram", "weights", [[1, 2], [3, 4]], "int64", {"family": "all"}),
    ("", "histogram", "empty", [], "float32", {}),
    ("", "image", "picture", IMAGE, "float32", {}),
    ("net", "image", "picture", IMAGE, "float32", {"max_outputs": 1, "family": "seen"}),
    ("", "audio", "sound", [[0.0, 0.5, -0.5, 1.0]], "float32", {"sample_rate": 8000}),
    ("net", "audio", "sound", [[0.0, 0.5]], "float32", {"sample_rate": 8000.0, "max_outputs": 1}),
    ("", "text", "note", "hello *md*", "string", {}),
    ("net", "text", "note", [["a", "b"], ["c", "d"]], "string", {}),
    ("", "tensor_summary", "tensor", [[1.0, 2.0]], "float32", {"display_name": "T", "summary_description": "d"}),
    ("", "tensor_summary", "one", 3, "int64", {"family": "odd"}),
    # What is refused.
    ("", "text", "note", 1.0, "float32", {}),
    ("", "scalar", "flag", True, "bool", {}),
    ("", "scalar", "words", "x", "string", {}),
    ("", "image", "picture", IMAGE, "int32", {}),
    ("", "audio", "sound", [[0.0]], "float64", {"sample_rate": 8000}),
    ("", "scalar", "vector", [1.0, 2.0], "float32", {}),
    ("", "histogram", "nan", [1.0, float("nan")], "float32", {"family": "bad"}),
]


class Lines(logging.Handler):
    def __init__(self):
        logging.Handler.__init__(self)
        self.lines = []

    def emit(self, record):
        self.lines.append("%s:%s" % (record.levelname, record.getMessage()))


def keys_of(graph, summary):
    return sorted(k for k in graph.get_all_collection_keys() if any(x is summary for x in graph.get_collection(k)))


def recorded(graph, session, lines, call):
    scope, function, name, value, dtype, arguments = call
    entry = {"scope": scope, "function": function, "name": name, "value": value, "dtype": dtype}
    entry["arguments"] = arguments
    tensor = tf.constant(np.array(value) if dtype != "string" else value, dtype=dtype)
    before = len(graph.get_operations())
    lines.lines = []
    try:
        with tf.compat.v1.name_scope(scope + "/" if scope else None):
            summary = getattr(tf.compat.v1.summary, function)(name, tensor, **arguments)
        entry["serialized"] = base64.b64encode(session.run(summary)).decode("ascii")
    except (ValueError, TypeError, tf.errors.OpError) as error:
        entry["error"] = [type(error).__name__, str(error).split("\n")[0]]
        return entry
    entry["nodes"] = [[op.name, op.type, [x.name for x in op.inputs]] for op in graph.get_operations()[before:]]
    entry["tensor"] = summary.name
    entry["collections"] = keys_of(graph, summary)
    entry["lines"] = lines.lines
    return entry


def main():
    lines = Lines()
    tf.compat.v1.logging.set_verbosity("INFO")
    logging.getLogger("tensorflow").addHandler(lines)
    with tf.Graph().as_default() as graph, tf.compat.v1.Session() as session:
        calls = [recorded(graph, session, lines, call) for call in CALLS]
    with open(sys.argv[1], "w") as file:
        json.dump({"tensorflow": tf.__version__, "calls": calls}, file, indent=1, sort_keys=True)
        file.write("\n")


main()
