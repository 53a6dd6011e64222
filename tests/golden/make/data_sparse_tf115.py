"""Writes golden/data/sparse.json with TensorFlow 1.15.0, in the form of pipelines.json and with the components'
classes: datasets whose elements hold sparse tensors.

Run with a Python that has it: `python tests/golden/make/data_sparse_tf115.py`.

`S(indices, values, dense_shape)` is a constant sparse tensor, `messages` are three serialized tf.Example, of which
the second has no tags.
"""

import json
import warnings

import numpy as np
import tensorflow as tf
from data_tf115 import MOST, TARGET, as_json

MATRIX = "S([[0, 0], [0, 2], [2, 1]], [1, 2, 3], [3, 4])"
WORDS = "S([[0, 0], [1, 1]], ['a', 'b'], [3, 2])"
PARSED = "D.from_tensor_slices(messages).map(lambda m: tf.parse_single_example(m, spec))"

EXPRESSIONS = f"""
D.from_tensors({MATRIX})
D.from_tensors((1.5, {MATRIX}))
D.from_tensors(V([[0, 1]], [2.5], [1, 2]))
D.from_tensor_slices({MATRIX})
D.from_tensor_slices({WORDS})
D.from_tensor_slices({{"x": {MATRIX}, "y": [7, 8, 9]}})
D.from_tensor_slices((V([[1, 0], [1, 1]], np.float32([0.5, 1.5]), [3, 2]), [7, 8, 9]))
D.from_tensor_slices({MATRIX}).batch(2)
D.from_tensor_slices({MATRIX}).batch(2, drop_remainder=True)
D.from_tensor_slices({MATRIX}).batch(2).batch(2)
D.from_tensor_slices({WORDS}).repeat(2).skip(1).take(4).prefetch(1)
D.from_tensor_slices({MATRIX}).cache().repeat(2).batch(4)
D.from_tensor_slices({MATRIX}).shard(2, 1)
D.from_tensor_slices(({MATRIX}, [7, 8, 9])).filter(lambda x, y: tf.equal(tf.shape(x.values)[0], 1))
D.from_tensor_slices({MATRIX}).filter(lambda x: tf.reduce_sum(x.values) < 3).batch(9)
D.zip((D.range(3), D.from_tensor_slices({MATRIX}))).batch(2)
D.zip({{"a": D.from_tensor_slices({MATRIX}), "b": D.from_tensor_slices({WORDS})}})
D.from_tensor_slices({MATRIX}).concatenate(D.from_tensor_slices({MATRIX}).take(1))
D.from_tensor_slices({MATRIX}).concatenate(D.from_tensor_slices(np.ones([2, 4], np.int32)))
D.from_tensor_slices({MATRIX}).map(lambda x: x)
D.from_tensor_slices({MATRIX}).map(lambda x: tf.sparse.to_dense(x))
D.from_tensor_slices({MATRIX}).map(lambda x: {{"sum": tf.reduce_sum(x.values), "x": x}})
D.from_tensor_slices({MATRIX}).map(lambda x: tf.SparseTensor(x.indices, x.values * 2, x.dense_shape)).batch(3)
D.from_tensor_slices({MATRIX}).batch(2).map(lambda x: tf.sparse.to_dense(x))
D.from_tensor_slices({{"x": {MATRIX}, "y": [7, 8, 9]}}).map(lambda e: (e["x"], e["y"] + 1))
D.range(1, 4).map(lambda n: tf.SparseTensor([[n - 1]], [n], [n]))
D.range(1, 4).map(lambda n: tf.SparseTensor([[n - 1]], [n], [n])).batch(2)
D.range(1, 4).map(lambda n: tf.SparseTensor([[n - 1]], [n], [4])).batch(2)
D.range(3).map(lambda n: tf.SparseTensor(tf.expand_dims(tf.range(n), 1), tf.range(n), [n])).batch(3)
D.range(1, 4).map(lambda n: (n, [n, n], tf.SparseTensor([[0, 0]], [n], [1, 2]))).batch(2)
D.from_tensors({MATRIX}).apply(tf.data.experimental.unbatch())
D.from_tensor_slices({MATRIX}).batch(2).apply(tf.data.experimental.unbatch())
D.from_tensor_slices(({MATRIX}, [7, 8, 9])).batch(2).apply(tf.data.experimental.unbatch())
D.range(1, 4).map(lambda n: tf.SparseTensor([[n - 1]], [n], [n])).batch(3).apply(tf.data.experimental.unbatch())
D.range(2).flat_map(lambda n: D.from_tensor_slices({MATRIX}).take(n + 1))
D.from_tensor_slices({MATRIX}).window(2).flat_map(lambda w: w.batch(2))
D.from_tensor_slices({MATRIX}).padded_batch(2, [None])
D.from_tensors(({MATRIX}, [1, 2, 3])).padded_batch(2, ([None], [None]))
D.from_tensor_slices(({MATRIX}, [1, 2]))
D.from_tensor_slices({MATRIX}).filter(lambda x: x)
D.range(1).map(lambda _: D.from_tensor_slices({MATRIX}).reduce(0, lambda s, x: s + tf.reduce_sum(x.values)))
{PARSED}
{PARSED}.batch(2)
{PARSED}.map(lambda e: (e, e["n"])).repeat(2).batch(4)
D.from_tensor_slices(messages).batch(2).map(lambda m: tf.parse_example(m, spec))
D.from_tensor_slices(messages).batch(2).map(lambda m: tf.parse_example(m, spec)["tags"])
D.from_tensor_slices(messages).map(lambda m: tf.parse_single_example(m, placed))
D.from_tensor_slices(messages).batch(3).map(lambda m: tf.parse_example(m, placed))
"""


def classes(value):
    if isinstance(value, dict):
        return {key: classes(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [classes(item) for item in value]
    return value.__name__


def message(tags, n):
    features = {
        "n": tf.train.Feature(int64_list=tf.train.Int64List(value=[n])),
        "at": tf.train.Feature(int64_list=tf.train.Int64List(value=range(len(tags)))),
    }
    if tags:
        features["tags"] = tf.train.Feature(bytes_list=tf.train.BytesList(value=tags))
    return tf.train.Example(features=tf.train.Features(feature=features)).SerializeToString()


NAMES = {
    "D": tf.data.Dataset,
    "S": tf.SparseTensor,
    "V": tf.SparseTensorValue,
    "np": np,
    "tf": tf,
    "messages": [message([b"a", b"b"], 1), message([], 2), message([b"c"], 3)],
    "spec": {"n": tf.FixedLenFeature([], tf.int64), "tags": tf.VarLenFeature(tf.string)},
    "placed": {"tags": tf.SparseFeature("at", "tags", tf.string, 5)},
}


def run(expression):
    found = {"expression": expression, "elements": []}
    with tf.Graph().as_default(), tf.Session() as session:
        try:
            dataset = eval(expression, NAMES)
            found["types"], found["shapes"] = as_json(dataset.output_types), as_json(dataset.output_shapes)
            found["classes"] = classes(dataset.output_classes)
            following = dataset.make_one_shot_iterator().get_next()
            for _ in range(MOST):
                found["elements"].append(as_json(session.run(following)))
            found["end"] = None
        except Exception as error:
            found["end"], found["message"] = type(error).__name__, str(error).split("\n")[0].split(" [")[0]
    return found


def main():
    warnings.simplefilter("ignore")
    tf.logging.set_verbosity(tf.logging.ERROR)
    rows = [json.dumps(run(expression)) for expression in EXPRESSIONS.split("\n") if expression]
    (TARGET / "sparse.json").write_text("[\n" + ",\n".join(rows) + "\n]\n")


if __name__ == "__main__":
    main()
