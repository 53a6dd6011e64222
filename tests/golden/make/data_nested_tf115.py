"""Writes golden/data/nested.json with TensorFlow 1.15.0, in the form of pipelines.json: datasets within datasets,
and what takes elements apart or makes one thing of many.

Run with a Python that has it: `python tests/golden/make/data_nested_tf115.py`.
"""

import json
import warnings

import tensorflow as tf
from data_tf115 import TARGET, run

EXPRESSIONS = """
D.range(4).flat_map(lambda n: D.range(n))
D.range(3).flat_map(lambda n: D.from_tensors(n).repeat(n)).batch(2)
D.range(3).flat_map(lambda n: D.range(10, 12))
D.range(3).flat_map(lambda n: D.range(3).map(lambda m: m * 10 + n))
D.range(2).flat_map(lambda n: D.range(2).flat_map(lambda m: D.range(2).map(lambda k: (n, m, k))))
D.range(3).flat_map(lambda n: D.range(4).filter(lambda m: m > n).batch(2))
D.from_tensor_slices([[1, 2], [3, 4]]).flat_map(lambda row: D.from_tensor_slices(row)).repeat(2)
D.from_tensor_slices(([1, 2], [3, 4])).flat_map(lambda a, b: D.from_tensor_slices({"a": [a, a], "b": [b, b + 1]}))
D.range(0).flat_map(lambda n: D.range(3))
D.range(3).flat_map(lambda n: D.range(0))
D.range(3).flat_map(lambda n: n)
D.range(1, 5).interleave(lambda n: D.from_tensors(n).repeat(3), cycle_length=2, block_length=1)
D.range(1, 5).interleave(lambda n: D.from_tensors(n).repeat(3), cycle_length=2, block_length=2)
D.range(1, 5).interleave(lambda n: D.from_tensors(n).repeat(n), cycle_length=3, block_length=2)
D.range(1, 4).interleave(lambda n: D.from_tensors(n).repeat(2), cycle_length=5, block_length=4)
D.range(6).interleave(lambda n: D.range(n % 3), 3, 1, num_parallel_calls=2)
D.range(1, 4).interleave(lambda n: D.from_tensors(n).repeat(4), 1, 3)
D.range(3).interleave(lambda n: D.range(3), 0)
D.range(3).interleave(lambda n: D.range(3), 1, 0)
D.range(7).window(3).flat_map(lambda w: w.batch(3))
D.range(7).window(3, drop_remainder=True).flat_map(lambda w: w.batch(3))
D.range(7).window(3, 1).flat_map(lambda w: w.batch(3))
D.range(7).window(3, 1, 1, True).flat_map(lambda w: w.batch(3))
D.range(9).window(2, 1, 3, True).flat_map(lambda w: w.batch(2, True))
D.range(9).window(2, 1, 3).flat_map(lambda w: w.batch(2))
D.range(9).window(2, 4).flat_map(lambda w: w.batch(2))
D.range(9).window(2, 4, 2).flat_map(lambda w: w.batch(2))
D.range(7).window(2, 5, 2, True).flat_map(lambda w: w.batch(9))
D.range(5).window(2).flat_map(lambda w: w)
D.range(5).window(2).flat_map(lambda w: w.map(lambda n: n * 2).skip(1)).repeat(2)
D.zip((D.range(4), D.range(4, 8))).window(2).flat_map(lambda a, b: D.zip((a.batch(2), b.batch(2))))
D.from_tensor_slices({"x": [1, 2, 3], "y": [4, 5, 6]}).window(2, 1).flat_map(lambda w: D.zip((w["x"], w["y"])).batch(2))
D.range(0).window(2).flat_map(lambda w: w)
D.range(5).window(0).flat_map(lambda w: w)
D.range(5).window(2, 0).flat_map(lambda w: w)
D.range(5).window(2, 1, 0).flat_map(lambda w: w)
D.range(5).map(lambda n: tf.fill([n], n)).padded_batch(2, [None])
D.range(5).map(lambda n: tf.fill([n], n)).padded_batch(2, [-1], np.int64(-7), True)
D.range(5).map(lambda n: tf.fill([n], n)).padded_batch(3, [6])
D.range(5).map(lambda n: tf.fill([n], n)).padded_batch(3, tf.TensorShape([3]))
D.range(5).map(lambda n: (tf.fill([n, 2], n), n)).padded_batch(2, ([None, 3], []))
D.range(5).map(lambda n: {"a": tf.fill([n], n), "b": n}).padded_batch(2, {"a": [None], "b": []}, {"a": np.int64(1), "b": np.int64(1)})
D.from_generator(lambda: iter([[b"a"], [], [b"b", b"c"]]), tf.string, [None]).padded_batch(2, [None])
D.from_generator(lambda: iter([[b"a"], [], [b"b", b"c"]]), tf.string, [None]).padded_batch(3, [None], "-")
D.from_generator(lambda: iter([[1.0], [[2.0]]]), tf.float32).padded_batch(2, [None])
D.range(3).padded_batch(2, [])
D.range(3).padded_batch(2, [1])
D.range(3).padded_batch(2, [], 1.0)
D.range(3).padded_batch(2, [], [np.int64(1)])
D.range(3).padded_batch(0, [])
D.range(6).batch(4).apply(tf.data.experimental.unbatch())
D.from_tensor_slices(([[1, 2], [3, 4]], [["a", "b"], ["c", "d"]])).apply(tf.data.experimental.unbatch())
D.range(3).apply(tf.data.experimental.unbatch())
D.from_tensors(([1, 2], [3])).apply(tf.data.experimental.unbatch())
D.from_generator(lambda: iter([[1, 2], [3], []]), tf.int64, [None]).apply(tf.data.experimental.unbatch()).batch(2)
D.range(6).batch(2).apply(tf.data.experimental.unbatch()).repeat(2)
D.range(1).map(lambda _: D.range(5).reduce(np.int64(0), lambda a, b: a + b))
D.range(1).map(lambda _: D.range(5).reduce((np.int64(0), 1.5), lambda s, b: (s[0] + b, s[1] * 2.0)))
D.range(1).map(lambda _: D.zip((D.range(3), D.range(3))).reduce(np.int64(0), lambda s, ab: s + ab[0] * ab[1]))
D.range(1).map(lambda _: D.range(3).reduce({"n": 0}, lambda s, b: {"n": s["n"] + 1}))
D.range(1).map(lambda _: D.range(0).reduce(np.int64(7), lambda a, b: a + b))
D.range(1).map(lambda _: D.range(4).reduce(np.zeros([0], np.int64), lambda s, n: tf.concat([s, [n]], 0)))
D.range(1).map(lambda _: D.range(5).reduce(0, lambda a, b: b))
D.range(1).map(lambda _: tf.data.experimental.get_single_element(D.range(5).batch(9)))
D.range(1).map(lambda _: tf.data.experimental.get_single_element(D.zip((D.range(1), D.range(1)))))
D.range(5).map(lambda n: tf.check_numerics(1.0 / tf.cast(n - 2, tf.float32), "x")).apply(tf.data.experimental.ignore_errors())
D.range(5).window(2).filter(lambda w: True).flat_map(lambda w: w.batch(2))
"""  # noqa: E501


def main():
    warnings.simplefilter("ignore")
    tf.logging.set_verbosity(tf.logging.ERROR)
    rows = [json.dumps(run(expression)) for expression in EXPRESSIONS.split("\n") if expression]
    (TARGET / "nested.json").write_text("[\n" + ",\n".join(rows) + "\n]\n")


if __name__ == "__main__":
    main()
