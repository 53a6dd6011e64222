"""Writes golden/engine/iris_graph_tf115.json.xz or iris_graph_tf215.json.xz: the graphs of a custom Estimator.

Run with a Python that has TensorFlow 1.15 or 2.15: `python tests/golden/make/iris_graph.py`.

A dense classifier with Adagrad, a streaming accuracy and a scalar summary, as in TensorFlow's guide to custom
Estimators, on arrays of the shape of the iris data (120 rows to train on, 30 to test). For each of "train", "eval" and
"infer" the file holds the nodes of the finalized graph in the order of their making: name, op, inputs and attributes.
Of a tensor among the attributes only type and shape are kept.
"""

import json
import lzma
import pathlib
import tempfile

import numpy as np
import tensorflow

tf = tensorflow.compat.v1
VERSION = "tf" + "".join(tensorflow.__version__.split(".")[:2])
TARGET = pathlib.Path(__file__).resolve().parent.parent / "engine" / ("iris_graph_%s.json.xz" % VERSION)
KEYS = ("SepalLength", "SepalWidth", "PetalLength", "PetalWidth")


def arrays(rows):
    return {key: np.linspace(0, 5, rows, dtype=np.float32) for key in KEYS}, np.arange(rows, dtype=np.int64) % 3


def train_input_fn():
    return tf.data.Dataset.from_tensor_slices(arrays(120)).shuffle(1000).repeat().batch(100)


def eval_input_fn():
    return tf.data.Dataset.from_tensor_slices(arrays(30)).batch(100)


def predict_input_fn():
    return tf.data.Dataset.from_tensor_slices(arrays(30)[0]).batch(100)


def through_an_iterator(input_fn):
    return lambda: tf.data.make_one_shot_iterator(input_fn()).get_next()


def model_fn(features, labels, mode, params):
    net = tf.feature_column.input_layer(features, params["feature_columns"])
    for units in params["hidden_units"]:
        net = tf.layers.dense(net, units=units, activation=tf.nn.relu)
    logits = tf.layers.dense(net, params["n_classes"], activation=None)
    predicted_classes = tf.argmax(logits, 1)
    if mode == tf.estimator.ModeKeys.PREDICT:
        predictions = {
            "class_ids": predicted_classes[:, tf.newaxis],
            "probabilities": tf.nn.softmax(logits),
            "logits": logits,
        }
        return tf.estimator.EstimatorSpec(mode, predictions=predictions)
    loss = tf.losses.sparse_softmax_cross_entropy(labels=labels, logits=logits)
    accuracy = tf.metrics.accuracy(labels=labels, predictions=predicted_classes, name="acc_op")
    tf.summary.scalar("accuracy", accuracy[1])
    if mode == tf.estimator.ModeKeys.EVAL:
        return tf.estimator.EstimatorSpec(mode, loss=loss, eval_metric_ops={"accuracy": accuracy})
    optimizer = tf.train.AdagradOptimizer(learning_rate=0.1)
    train_op = optimizer.minimize(loss, global_step=tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)


class KeepGraph(tf.train.SessionRunHook):
    def after_create_session(self, session, coord):
        self.nodes = [described(node) for node in session.graph.as_graph_def().node]


def described(node):
    row = {"name": node.name, "op": node.op}
    if node.input:
        row["input"] = list(node.input)
    attributes = {key: plain(value) for key, value in sorted(node.attr.items())}
    if attributes:
        row["attr"] = attributes
    return row


def plain(value):
    """An AttrValue as JSON: types by name, shapes as lists (null: rank unknown; -1: size unknown)."""
    kind = value.WhichOneof("value")
    content = getattr(value, kind)
    if kind == "s":
        return content.decode("latin-1")
    if kind == "type":
        return tf.DType(content).name
    if kind == "shape":
        return shape_of(content)
    if kind == "tensor":
        return {"dtype": tf.DType(content.dtype).name, "shape": shape_of(content.tensor_shape)}
    if kind == "func":
        return {"func": content.name}
    if kind == "list":
        return plain_list(content)
    return content


def plain_list(content):
    rows = [text.decode("latin-1") for text in content.s] + list(content.i) + list(content.f) + list(content.b)
    return rows + [tf.DType(kind).name for kind in content.type] + [shape_of(shape) for shape in content.shape]


def shape_of(shape):
    return None if shape.unknown_rank else [dim.size for dim in shape.dim]


def graphs():
    columns = [tf.feature_column.numeric_column(key) for key in KEYS]
    params = {"feature_columns": columns, "hidden_units": [10, 10], "n_classes": 3}
    keep = {mode: KeepGraph() for mode in ("train", "eval", "infer")}
    with tempfile.TemporaryDirectory() as model_dir:
        estimator = tf.estimator.Estimator(model_fn, model_dir, params=params)
        estimator.train(through_an_iterator(train_input_fn), steps=1, hooks=[keep["train"]])
        estimator.evaluate(through_an_iterator(eval_input_fn), hooks=[keep["eval"]])
        list(estimator.predict(through_an_iterator(predict_input_fn), hooks=[keep["infer"]]))
    return {mode: hook.nodes for mode, hook in keep.items()}


blocks = []
for mode, nodes in graphs().items():
    lines = ",\n".join(json.dumps(node, separators=(",", ":")) for node in nodes)
    blocks.append('"%s": [\n%s\n]' % (mode, lines))
text = "{\n" + ",\n".join(blocks) + "\n}\n"
TARGET.write_bytes(lzma.compress(text.encode(), preset=9))
