"""A graph with conditionals and loops, their gradients and second gradients: written here, run by TensorFlow.

    python tests/golden/make/functions.py write GRAPH.pb      with trackml
    python tests/golden/make/functions.py run GRAPH.pb        with TensorFlow 1.15 or 2.15

The second writes tests/golden/control_flow/functions.npz: for each `fetch/<operation>` what TensorFlow makes of the
graph that was written.
"""

import pathlib
import sys

import numpy as np

TARGET = pathlib.Path(__file__).resolve().parents[1] / "control_flow" / "functions.npz"
FEEDS = {"x:0": np.array([0.3, -0.2, 0.5], np.float32), "rounds:0": np.int32(4)}


def build(tf):
    """The graph in the default graph: tensors by name, and the operation that initializes."""
    x = tf.placeholder(tf.float32, [3], name="x")
    rounds = tf.placeholder(tf.int32, [], name="rounds")
    weights = tf.get_variable("weights", [3], initializer=tf.constant_initializer(1.5))
    other = tf.Variable(weights.initialized_value() * 2.0, name="other")
    chosen = tf.cond(tf.reduce_sum(x) > 0, lambda: tf.tanh(x * weights) * x, lambda: x - other)
    _, looped = tf.while_loop(
        lambda i, value: i < rounds, lambda i, value: (i + 1, tf.tanh(value * weights + chosen) + value), [0, x]
    )
    mapped = tf.map_fn(lambda item: tf.cond(item > 0, lambda: item * item * 2.0, lambda: tf.exp(item)), looped)
    cell = tf.nn.rnn_cell.BasicLSTMCell(2)
    steps, _ = tf.nn.dynamic_rnn(cell, tf.reshape(mapped, [1, 3, 1]), [2], dtype=tf.float32)
    loss = tf.reduce_sum(mapped * looped) + tf.reduce_sum(tf.square(steps))
    first = tf.gradients(loss, [x, weights])
    second = tf.gradients(tf.reduce_sum(tf.square(first[0])), [x, weights])
    fetches = {"chosen": chosen, "looped": looped, "mapped": mapped, "steps": steps, "loss": loss, "other": other}
    fetches.update({"first_%d" % index: grad for index, grad in enumerate(first)})
    fetches.update({"second_%d" % index: grad for index, grad in enumerate(second)})
    named = {name: tf.identity(tensor, name="fetch_" + name) for name, tensor in fetches.items()}
    kernel = next(item for item in tf.trainable_variables() if "lstm" in item.name and "kernel" in item.name)
    set_kernel = tf.assign(kernel, np.linspace(-1, 1, 24, dtype=np.float32).reshape(3, 8), name="set_kernel")
    tf.group(tf.global_variables_initializer(), name="initialize")
    tf.group(set_kernel, name="settle")
    return named


def write(path):
    import trackml as tf

    with tf.Graph().as_default() as graph:
        build(tf)
        pathlib.Path(path).write_bytes(graph.as_graph_def().SerializeToString())


def run(path):
    import tensorflow

    tf = tensorflow.compat.v1
    message = tf.GraphDef.FromString(pathlib.Path(path).read_bytes())
    with tf.Graph().as_default() as graph, tf.Session() as session:
        tf.import_graph_def(message, name="")
        session.run(graph.get_operation_by_name("initialize"))
        session.run(graph.get_operation_by_name("settle"))
        names = [op.name for op in graph.get_operations() if op.name.startswith("fetch_")]
        values = session.run([name + ":0" for name in names], FEEDS)
    arrays = {"fetch/" + name: value for name, value in zip(names, values)}
    np.savez_compressed(str(TARGET), **arrays)
    print(
        "%d functions, %d tensors, TensorFlow %s" % (len(message.library.function), len(names), tensorflow.__version__)
    )


if __name__ == "__main__":
    {"write": write, "run": run}[sys.argv[1]](sys.argv[2])
