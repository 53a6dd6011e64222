"""Writes tests/golden/hashing/hashing.json: fingerprints, buckets and crosses, with TensorFlow 1.15.

Fields:
    fingerprint64: text to FarmHash Fingerprint64, as decimal text (JSON's numbers are too short).
    fast, plain, strong: number of buckets to the bucket of each text, in the order of `fingerprint64`; `strong`
        has the key [11, 22].
    crosses: for each case the keys (lists of texts or numbers, row by row), `hash_key`, `num_buckets`, and the ids.
"""

from __future__ import annotations

import itertools
import json
import pathlib

import numpy as np
import tensorflow.compat.v1 as tf
from tensorflow.python.ops import sparse_ops

tf.disable_eager_execution()

DAYS = ["Sun", "Mon", "Tues", "Wed", "Thurs", "Fri", "Sat"]
WORDS = ["", "a", "ab", "abc", "abcd", "house", "apt", "hello world", "8345", "\u00e9t\u00e9", "\u65e5\u672c"]
LENGTHS = [*range(4, 70), 96, 97, 127, 128, 129, 191, 192, 193, 255, 256, 257, 1000]


def texts():
    letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ,.;"
    runs = ["".join(itertools.islice(itertools.cycle(letters[size % 7 :]), size)) for size in LENGTHS]
    return [*WORDS, *DAYS, *map(str, range(24)), *runs]


def sparse(column):
    rows = [item if isinstance(item, list) else [item] for item in column]
    width = max(map(len, rows))
    indices = [[i, j] for i, row in enumerate(rows) for j in range(len(row))]
    values = [value for row in rows for value in row]
    dtype = tf.string if isinstance(values[0], str) else tf.int64
    return tf.SparseTensor(indices, tf.constant(values, dtype), [len(rows), width])


def cross(keys, num_buckets, hash_key=None):
    crossed = sparse_ops.sparse_cross_hashed([sparse(column) for column in keys], num_buckets, hash_key)
    return {"keys": keys, "num_buckets": num_buckets, "hash_key": hash_key, "crossed": crossed}


def main():
    words = texts()
    pairs = list(itertools.product(range(7), range(24)))
    day, hour = [DAYS[d] for d, _ in pairs], [str(h) for _, h in pairs]
    with tf.Session() as session:
        constant = tf.constant(words)
        prints = session.run(tf.raw_ops.Fingerprint(data=constant, method="farmhash64"))
        fingerprints = np.ascontiguousarray(prints).view("<u8")[:, 0]
        crosses = [
            cross([day, hour], 168),
            cross([[d for d, _ in pairs], [h for _, h in pairs]], 168),
            cross([day, hour], 1000, 7),
            cross([["a", "b"], ["x", "y"], ["1", "2"]], 97),
            cross([[["a", "b"], ["c"]], [[3], [4, 5]]], 20),
            cross([["a"], ["b"]], 0),
        ]
        for case in crosses:
            value = session.run(case.pop("crossed"))
            case["indices"], case["ids"] = value.indices.tolist(), value.values.tolist()
        result = {
            "fingerprint64": {word: str(number) for word, number in zip(words, fingerprints)},
            "fast": {},
            "plain": {},
            "strong": {},
            "crosses": crosses,
        }
        for count in (1, 4, 10, 1000, 2**31 - 1, 2**62 + 1):
            result["fast"][count] = session.run(tf.string_to_hash_bucket_fast(constant, count)).tolist()
            result["plain"][count] = session.run(tf.string_to_hash_bucket(constant, count)).tolist()
            strong = tf.string_to_hash_bucket_strong(constant, count, [11, 22])
            result["strong"][count] = session.run(strong).tolist()
    path = pathlib.Path(__file__).parents[1] / "hashing" / "hashing.json"
    path.write_text(json.dumps(result, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
