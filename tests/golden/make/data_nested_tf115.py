"""Writes golden/data/nested.json with TensorFlow 1.15.0, in the form of pipelines.json.

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
D.range(5).window(2).filter(lambda w: True).flat_map(lambda w: w.batch(2))
"""


def main():
    warnings.simplefilter("ignore")
    tf.logging.set_verbosity(tf.logging.ERROR)
    rows = [json.dumps(run(expression)) for expression in EXPRESSIONS.split("\n") if expression]
    (TARGET / "nested.json").write_text("[\n" + ",\n".join(rows) + "\n]\n")


if __name__ == "__main__":
    main()
