"""Writes golden/data/pipelines.json and shuffle.json with TensorFlow 1.15.0.

Run with a Python that has it: `python tests/golden/make/data_tf115.py`.

pipelines.json: expressions over `D` (tf.data.Dataset), `np` and `Point` (a named tuple), each with the types and
shapes of its components, the first elements that a one-shot iterator gives, and how that ended: with
"OutOfRangeError", another error and its message, or null where elements went on.
shuffle.json: how often each element came out at each place, over many passes.
"""

import collections
import json
import pathlib
import warnings

import numpy as np
import tensorflow as tf

TARGET = pathlib.Path(__file__).resolve().parent.parent / "data"
MOST = 12

Point = collections.namedtuple("Point", "x y")

PIPELINES = """
D.range(5)
D.range(2, 5)
D.range(5, 0, -2)
D.range(3, 3)
D.range(5, 0, 0)
D.range(7).batch(3)
D.range(7).batch(3, drop_remainder=True)
D.range(6).batch(2).batch(2)
D.range(3).repeat().batch(2)
D.range(3).batch(2).repeat(2)
D.range(3).repeat(2).batch(2)
D.range(3).repeat(2).batch(2, True)
D.range(3).repeat(None)
D.range(3).repeat(-1)
D.range(3).repeat(-5)
D.range(3).repeat(0)
D.range(0).repeat()
D.range(0).repeat().batch(3)
D.range(0).batch(3)
D.range(0).shuffle(3).repeat().batch(2)
D.range(3).filter(lambda n: n < 0).repeat()
D.range(5).skip(2)
D.range(5).skip(-1)
D.range(5).skip(9)
D.range(5).take(2)
D.range(5).take(-1)
D.range(5).take(0)
D.range(5).take(9)
D.range(9).skip(1).take(5).skip(1).batch(2)
D.range(4).repeat().take(6).repeat(2)
D.range(7).shard(3, 1)
D.range(2).shard(3, 2)
D.range(4).repeat(3).shard(5, 2).batch(2)
D.range(7).shard(3, 3)
D.range(7).shard(0, 0)
D.range(4).enumerate(7)
D.range(4).concatenate(D.range(10, 12)).repeat(2)
D.range(4).concatenate(D.range(10, 12)).batch(3)
D.from_tensors([1.0, 2.0]).concatenate(D.from_tensors([1.0]))
D.from_tensors([1.0, 2.0]).concatenate(D.from_tensors(1.0))
D.zip((D.range(3), D.range(5, 10)))
D.zip((D.range(5), D.range(2).repeat())).batch(3)
D.zip((D.range(2, 9), (D.range(3), D.from_tensors(np.float32(2.5)).repeat())))
D.zip(D.range(3))
D.range(5).map(lambda n: n * 2)
D.range(5).map(lambda n: (n, n + 1))
D.range(5).map(lambda n: (n, n + 1)).map(lambda a, b: a + b)
D.range(5).map(lambda n: [n, n + 1])
D.range(5).batch(2).map(lambda n: n * 2)
D.range(5).map(lambda n: n * 2).shuffle(1).repeat(2).batch(3)
D.range(5).filter(lambda n: n > 2)
D.range(5).filter(lambda n: True)
D.range(9).filter(lambda n: n % 3 > 0).repeat(2).batch(4)
D.range(9).map(lambda n: n * 2).skip(2).take(4).shard(2, 1)
D.range(5).map(lambda n: n * 2).cache().repeat(2)
D.range(5).cache().take(2).repeat(2)
D.range(5).prefetch(1)
D.range(5).prefetch(-1)
D.range(5).apply(lambda d: d.repeat(2))
D.from_tensors([[1, 2], [3, 4]])
D.from_tensors((1, (2.5, "a"))).repeat(2).batch(2)
D.from_tensor_slices([1.0, 2.0, 3.0])
D.from_tensor_slices([[1, 2], [3, 4], [5, 6]]).batch(2)
D.from_tensor_slices(["a", "bc", ""]).batch(2)
D.from_tensor_slices([True, False])
D.from_tensor_slices((np.arange(4.0), np.arange(8, dtype=np.int8).reshape(4, 2))).repeat(2).batch(3)
D.from_tensor_slices(Point([1, 2], [3.0, 4.0]))
D.from_tensor_slices(Point([1, 2], [3.0, 4.0])).map(lambda p: Point(p.y, p.x))
D.from_tensor_slices((np.zeros([0, 2], np.float32), [])).repeat().batch(2)
D.from_generator(lambda: iter([1, 2, 3]), tf.int64)
D.from_generator(lambda: iter([1, 2, 3]), tf.int64).batch(2)
D.from_generator(lambda: iter([(1, [2.0]), (3, [4.0])]), (tf.int64, tf.float32), ([], [1])).repeat(2).batch(3)
D.from_generator(lambda n: iter(range(n)), tf.int64, tf.TensorShape([]), args=(3,))
D.from_generator(lambda: iter([1, 2, "a"]), tf.int64)
D.from_generator(lambda: iter([1, 2, [3]]), tf.int64, tf.TensorShape([]))
D.from_generator(lambda: iter([(1, 2), (2,)]), (tf.int64, tf.int64))
D.from_generator(lambda: iter([[1, 1], [1, 2, 3]]), tf.int64, tf.TensorShape([None])).batch(2)
D.from_generator(lambda: iter([([5], [1]), ([5], [])]), (tf.int64, tf.int64), ([None], [None])).batch(2)
D.range(3).batch(0)
D.range(3).batch(-1)
D.range(3).shuffle(0)
D.range(3).prefetch(-2)
D.from_tensor_slices({"a": [1, 2, 3], "b": [1, 2]})
D.from_tensor_slices(3)
D.from_tensor_slices(([1], None))
D.range(3).map(lambda n: None)
D.range(3).filter(lambda n: n)
D.zip([D.range(3)])
D.zip((3,))
D.range(3).concatenate(D.from_tensors(1.0))
D.from_tensors({"a": 1}).concatenate(D.from_tensors({"b": 1}))
D.range(3).apply(lambda d: 3)
D.from_generator([1, 2], tf.int64)
"""

BY_KEY = """
D.from_tensor_slices({"b": [1.0, 2.0, 3.0], "a": np.arange(6).reshape(3, 2)}).batch(2)
D.from_tensor_slices(({"b": [1.0, 2.0], "a": [1, 2]}, [5, 6])).repeat(2).batch(3)
D.zip({"b": D.range(3), "a": D.range(2)})
D.range(5).map(lambda n: {"b": n, "a": [n, n + 1]})
D.range(3).map(lambda n: {"b": n, "a": (n, n)}).map(lambda d: (d["a"][1], d["b"]))
"""
"""Dicts: sorted and not sorted keys must not be mixed up."""


def as_json(value):
    if isinstance(value, dict):
        return {key: as_json(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [as_json(item) for item in value]
    if isinstance(value, tf.DType):
        return value.name
    if isinstance(value, tf.TensorShape):
        return None if value.ndims is None else value.as_list()
    if isinstance(value, bytes):
        return value.decode()
    array = np.asarray(value)
    return [as_json(item) for item in array] if array.ndim else array.item()


def run(expression):
    names = {"D": tf.data.Dataset, "np": np, "tf": tf, "Point": Point}
    found = {"expression": expression, "elements": []}
    with tf.Graph().as_default(), tf.Session() as session:
        try:
            dataset = eval(expression, names)
            found["types"], found["shapes"] = as_json(dataset.output_types), as_json(dataset.output_shapes)
            following = dataset.make_one_shot_iterator().get_next()
            for _ in range(MOST):
                found["elements"].append(as_json(session.run(following)))
            found["end"] = None
        except Exception as error:
            found["end"] = type(error).__name__
            found["message"] = str(error).split("\n")[0].replace("[_Derived_]", "")
    return found


def places(size, buffer, passes):
    """How often element i came out at place j."""
    counts = np.zeros([size, size], int)
    with tf.Graph().as_default(), tf.Session() as session:
        dataset = tf.data.Dataset.range(size).shuffle(buffer).repeat(passes).batch(size)
        following = dataset.make_one_shot_iterator().get_next()
        for _ in range(passes):
            counts[session.run(following), np.arange(size)] += 1
    return {"size": size, "buffer": buffer, "passes": passes, "counts": counts.tolist()}


def main():
    warnings.simplefilter("ignore")
    tf.logging.set_verbosity(tf.logging.ERROR)
    TARGET.mkdir(exist_ok=True)
    expressions = [line for line in (PIPELINES + BY_KEY).split("\n") if line]
    rows = [json.dumps(run(expression)) for expression in expressions]
    (TARGET / "pipelines.json").write_text("[\n" + ",\n".join(rows) + "\n]\n")
    rows = [json.dumps(places(6, buffer, 20000)) for buffer in (1, 3, 6)]
    (TARGET / "shuffle.json").write_text("[\n" + ",\n".join(rows) + "\n]\n")


if __name__ == "__main__":
    main()
