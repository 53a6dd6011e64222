"""Runs a graph that we wrote in TensorFlow, and compares what it gives with what we gave.

    python tests/golden/make/import_graph.py GRAPHDEF.pb [VALUES.npz]

Works with TensorFlow 1.15 and 2.15. VALUES.npz holds `feed/<tensor>` for what is fed and `fetch/<tensor>` for what
each tensor should be; without it the graph is only imported. Prints how many tensors were compared and which differ.
"""

import sys

import numpy as np
import tensorflow as tf

RTOL, ATOL = 2e-5, 1e-6


def main(graph_file, values_file=None):
    graph_def = tf.compat.v1.GraphDef()
    with open(graph_file, "rb") as file:
        graph_def.ParseFromString(file.read())
    with tf.Graph().as_default() as graph:
        tf.compat.v1.import_graph_def(graph_def, name="")
    print(f"{len(graph_def.node)} nodes imported by TensorFlow {tf.__version__}")
    if values_file is not None:
        compare(graph, np.load(values_file))


def compare(graph, values):
    feeds = {name[5:]: values[name] for name in values.files if name.startswith("feed/")}
    wanted = {name[6:]: values[name] for name in values.files if name.startswith("fetch/")}
    different = []
    with tf.compat.v1.Session(graph=graph) as session:
        given = session.run(list(wanted), feeds)
    for (name, value), found in zip(wanted.items(), map(np.asarray, given)):
        same_kind = found.shape == value.shape and found.dtype == value.dtype
        if not same_kind or not np.allclose(found, value, RTOL, ATOL, equal_nan=True):
            different.append(name)
            print(f"{name} ({graph.get_tensor_by_name(name).op.type}): {found!r}, but here {value!r}")
    print(f"{len(wanted)} tensors compared, {len(different)} differ")
    sys.exit(bool(different))


if __name__ == "__main__":
    main(*sys.argv[1:])
