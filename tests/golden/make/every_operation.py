"""What TensorFlow 1.15 gives for the row of each operation in tests/ops/operation_table.py.

    python tests/golden/make/every_operation.py write GRAPH.pb     with trackml
    python tests/golden/make/every_operation.py run GRAPH.pb       with TensorFlow 1.15

The second writes tests/golden/engine_ops/every.npz: `<type>/<output>` for each output of each operation.
"""

import pathlib
import sys

import numpy as np

HERE = pathlib.Path(__file__).resolve()
TARGET = HERE.parents[1] / "engine_ops" / "every.npz"


def write(path):
    import importlib.util
    import pkgutil

    import trackml as tf
    from trackml import ops

    for module in pkgutil.iter_modules(ops.__path__):
        importlib.import_module("trackml.ops." + module.name)

    spec = importlib.util.spec_from_file_location(
        "operation_table", str(HERE.parents[2] / "ops" / "operation_table.py")
    )
    table = importlib.util.module_from_spec(spec)
    sys.modules["operation_table"] = table
    spec.loader.exec_module(table)
    with tf.Graph().as_default() as graph:
        for name, row in table.ROWS.items():
            inputs = [tf.constant(value, table.dtype_of(value)) for value in row.inputs]
            graph.create_op(name, inputs, dict(row.attrs), "row_" + name)
        message = graph.as_graph_def()
    pathlib.Path(path).write_bytes(message.SerializeToString())


def run(path):
    import tensorflow

    tf = tensorflow.compat.v1
    message = tf.GraphDef.FromString(pathlib.Path(path).read_bytes())
    arrays = {}
    with tf.Graph().as_default() as graph, tf.Session() as session:
        tf.import_graph_def(message, name="")
        for op in graph.get_operations():
            if op.name.startswith("row_"):
                for index, value in enumerate(session.run(list(op.outputs))):
                    texts = np.asarray(value).dtype == object
                    arrays["%s/%d" % (op.name[4:], index)] = np.asarray(value, "S" if texts else None)
    np.savez_compressed(str(TARGET), **arrays)
    print("%d arrays" % len(arrays))


if __name__ == "__main__":
    {"write": write, "run": run}[sys.argv[1]](sys.argv[2])
