"""Writes tests/golden/parsing/parse_example.json: what TensorFlow 1.15 makes of `Example` messages.

Run with Python 3.7 and tensorflow 1.15.0: `python tests/golden/make/parse_example_tf115.py`. Each case has the messages
(hexadecimal), the features as `[class, arguments]`, and either the parsed tensors, as `[type, shape, values as text]`
(three of them for a sparse tensor), or the class and message of the error.
"""

import json
import pathlib

import numpy as np
import tensorflow as tf

FLOATS, INTS, TEXTS, EMPTY = "float_list", "int64_list", "bytes_list", None
LISTS = {FLOATS: tf.train.FloatList, INTS: tf.train.Int64List, TEXTS: tf.train.BytesList}
FIXED, VAR, SEQUENCE, SPARSE = "FixedLenFeature", "VarLenFeature", "FixedLenSequenceFeature", "SparseFeature"


def message(**features):
    made = {
        key: tf.train.Feature(**({kind: LISTS[kind](value=values)} if kind else {}))
        for key, (kind, values) in features.items()
    }
    features = tf.train.Features(feature=made)
    return tf.train.Example(features=features).SerializeToString(deterministic=True)


def rows(count):
    random = np.random.RandomState(3)
    return [
        message(
            age=(INTS, [int(random.randint(0, 300))]),
            big=(INTS, [int(v) for v in random.randint(-(2**62), 2**62, 2)]),
            height=(FLOATS, random.randn(3)),
            name=(TEXTS, [b"n" * int(random.randint(1, 4))]),
            tags=(TEXTS, [b"t%d" % i for i in range(random.randint(0, 3))]),
            other=(FLOATS, [1.0] * int(random.randint(0, 2))),
        )
        for _ in range(count)
    ]


def alike(count):
    random = np.random.RandomState(4)
    return [
        message(
            a=(INTS, [int(v) for v in random.randint(0, 128, 3)]),
            b=(FLOATS, random.randn(4)),
            c=(TEXTS, [b"%03d" % i, b"x"]),
            d=(INTS, [-i - 1 for i in range(2)]),
            e=(FLOATS, []),
        )
        for i in range(count)
    ]


A1 = [message(a=(INTS, [1]))]
SPARSE_ROWS = [message(v=(FLOATS, [0.5, -1]), i=(INTS, [20, 3]), j=(INTS, [1, 0])), message()]
CASES = [
    (rows(40), {"age": (FIXED, [[], "int64"]), "big": (FIXED, [[2], "int64"]), "height": (FIXED, [[3], "float32"]),
                "name": (FIXED, [[], "string"]), "tags": (VAR, ["string"]), "other": (VAR, ["float32"])}),
    (rows(40), {"height": (FIXED, [[3, 1], "float32"]), "tags": (SEQUENCE, [[], "string", True, "-"]),
                "missing": (FIXED, [[2], "float32", [5.0, 6.0]])}),
    (rows(3), {"age": (VAR, ["int64"]), "name": (VAR, ["string"])}),
    (alike(12), {"a": (FIXED, [[3], "int64"]), "b": (FIXED, [[2, 2], "float32"]), "c": (FIXED, [[2], "string"]),
                 "d": (FIXED, [[2], "int64"]), "e": (VAR, ["float32"]), "f": (FIXED, [[], "int64", 7])}),
    (alike(6) + rows(6) + alike(2),
     {"a": (VAR, ["int64"]), "b": (VAR, ["float32"]), "age": (FIXED, [[], "int64", -1])}),
    (A1, {"a": (FIXED, [[], "float32"])}),
    (A1, {"a": (VAR, ["float32"])}),
    (A1, {"a": (SEQUENCE, [[], "float32", True])}),
    (A1, {"b": (FIXED, [[], "float32"])}),
    (A1 * 6, {"b": (FIXED, [[], "string"])}),
    ([message(a=(EMPTY, []))], {"a": (FIXED, [[], "float32"])}),
    ([message(a=(EMPTY, []))], {"a": (FIXED, [[], "float32", 3.0])}),
    ([message(a=(FLOATS, []))], {"a": (FIXED, [[], "float32", 3.0])}),
    ([message(a=(FLOATS, [1, 2]))], {"a": (FIXED, [[], "float32"])}),
    ([message(a=(FLOATS, [1, 2]))], {"a": (FIXED, [[3], "float32"])}),
    ([message(a=(FLOATS, [1, 2]))] * 5, {"a": (FIXED, [[3], "float32"])}),
    ([message(a=(FLOATS, [1, 2, 3]))], {"a": (SEQUENCE, [[2], "float32", True])}),
    ([message(a=(FLOATS, [1, 2, 3, 4])), message()], {"a": (SEQUENCE, [[2], "float32", True, -1.0])}),
    ([message(a=(FLOATS, [1, 2, 3, 4])), message()], {"a": (SEQUENCE, [[2], "float32", True])}),
    ([message(a=(TEXTS, [b"x"])), message()], {"a": (SEQUENCE, [[], "string", True])}),
    ([message(), message()], {"a": (SEQUENCE, [[3], "int64", True])}),
    ([b"garbage"], {"a": (FIXED, [[], "float32"])}),
    ([b"garbage"] * 5, {"a": (FIXED, [[], "float32"])}),
    ([b""], {"a": (FIXED, [[], "float32", 2.0])}),
    ([b""] * 5, {"a": (VAR, ["int64"])}),
    ([], {"a": (VAR, ["int64"]), "b": (FIXED, [[2], "float32"])}),
    ([message(a=(TEXTS, [b"", b"xy\0"]))], {"a": (FIXED, [[2], "string"])}),
    ([message(a=(INTS, [-1, 2**62, 300]))], {"a": (FIXED, [[3], "int64"])}),
    ([message(a=(INTS, [1]))], {"a": (FIXED, [[1, 1], "int64"])}),
    (SPARSE_ROWS, {"s": (SPARSE, ["i", "v", "float32", 100])}),
    (SPARSE_ROWS, {"s": (SPARSE, ["i", "v", "float32", 100, True])}),
    (SPARSE_ROWS, {"s": (SPARSE, [["i", "j"], "v", "float32", [100, 3]]), "j": (VAR, ["int64"])}),
    (SPARSE_ROWS, {"s": (SPARSE, ["i", "i", "float32", 100])}),
    (SPARSE_ROWS, {"i": (FIXED, [[], "int64"]), "s": (SPARSE, ["i", "v", "float32", 100])}),
    (SPARSE_ROWS, {"s": (SPARSE, ["", "v", "float32", 100])}),
    (A1, {"a": (FIXED, [[], "int32"])}),
    (A1, {"a": (VAR, ["int32"])}),
    (A1, {"a": (FIXED, [[None], "int64"])}),
    (A1, {"a": (FIXED, [[2, None], "int64"])}),
    (A1, {"a": (FIXED, [None, "int64"])}),
    (A1, {"a": (FIXED, [[], None])}),
    (A1, {"a": (SEQUENCE, [[], "int64"])}),
    (A1, {}),
    (A1, {"a": (VAR, [None])}),
]  # fmt: skip


def described(value):
    parts = value if isinstance(value, tf.compat.v1.SparseTensorValue) else [value]
    found = []
    for part in parts:
        array = np.asarray(part)
        flat = [item.decode("latin-1") if isinstance(item, bytes) else repr(item) for item in array.ravel().tolist()]
        found.append(["string" if array.dtype.kind in "OS" else str(array.dtype), list(array.shape), flat])
    return found


def run(function, messages, features):
    with tf.Graph().as_default(), tf.compat.v1.Session() as session:
        try:
            made = {key: getattr(tf.io, kind)(*arguments) for key, (kind, arguments) in features.items()}
            parsed = session.run(function(messages, made))
        except Exception as error:
            return {"error": [type(error).__name__, getattr(error, "message", str(error)).split("\n")[0]]}
        return {"parsed": {key: described(value) for key, value in parsed.items()}}


def main():
    cases = []
    for messages, features in CASES:
        case = {"messages": [item.hex() for item in messages], "features": features}
        batch = run(tf.compat.v1.parse_example, np.array(messages, object), features)
        cases.append(dict(case, **batch))
        if len(messages) == 1:
            single = run(tf.compat.v1.parse_single_example, messages[0], features)
            cases.append(dict(case, single=True, **single))
    target = pathlib.Path(__file__).resolve().parents[1] / "parsing" / "parse_example.json"
    target.write_text(json.dumps(cases, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
