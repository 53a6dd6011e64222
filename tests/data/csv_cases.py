"""Programs with files of comma-separated values that TensorFlow 1.15 and this library must agree on.

The script in tests/golden/make runs the same functions under TensorFlow; so no syntax newer than its Python's here.
"""

import collections
import gzip
import os
import tempfile

import numpy as np


def _file(text, name="rows.csv", compressed=False):
    path = os.path.join(tempfile.mkdtemp(), name)
    with (gzip.open if compressed else open)(path, "wb") as file:
        file.write(text.encode())
    return path


def _elements(tf, dataset, most=20):
    """The elements, and at the end the type and message of an error if there is one."""
    iterator = dataset.make_initializable_iterator()
    element = iterator.get_next()
    found = []
    with tf.Session() as session:
        session.run(iterator.initializer)
        while len(found) < most:
            try:
                found.append(session.run(element))
            except tf.errors.OutOfRangeError:  # noqa: PERF203
                break
            except tf.errors.OpError as error:
                found.append([type(error).__name__, error.message.split(" [")[0].split("\n")[0].strip()])
    return found


def _csv(text, record_defaults, compressed=False, **arguments):
    def case(tf):
        with tf.Graph().as_default():
            defaults = [tf.constant(*value) if isinstance(value, tuple) else value for value in record_defaults(tf)]
            path = _file(text, compressed=compressed)
            return _elements(tf, tf.data.experimental.CsvDataset(path, defaults, **arguments))

    return case


def _numbers(tf):
    return [tf.int32, ([0.5],), ("none",)]


def _made(text, sort=False, **arguments):
    """`make_csv_dataset` of a file, in the order of the file unless the arguments shuffle."""

    def case(tf):
        with tf.Graph().as_default():
            path = _file(text)
            arguments.setdefault("shuffle", False)
            if callable(arguments.get("column_defaults")):
                arguments["column_defaults"] = arguments["column_defaults"](tf)
            dataset = tf.data.experimental.make_csv_dataset(path, num_epochs=1, **arguments)
            found = []
            for element in _elements(tf, dataset):
                features, label = element if isinstance(element, tuple) else (element, None)
                if isinstance(features, dict):
                    named = [[key, str(features[key].dtype), features[key].tolist()] for key in features]
                    features = sorted(named) if sort else named
                found.append([features, label])
            return found

    return case


def several_files(tf):
    with tf.Graph().as_default():
        paths = [_file("a,b\n1,2\n"), _file("a,b\n3,4\n5,6\n")]
        return _elements(tf, tf.data.experimental.CsvDataset(paths, [tf.int64, tf.int64], header=True))


def after_errors(tf):
    with tf.Graph().as_default():
        dataset = tf.data.experimental.CsvDataset(_file("1\nx\n3\n4,5\n6\n"), [tf.int32])
        return _elements(tf, dataset.apply(tf.data.experimental.ignore_errors()))


def shuffled_and_batched(tf):
    with tf.Graph().as_default():
        text = "".join(f"{n},{chr(97 + n)}\n" for n in range(10))
        dataset = tf.data.experimental.CsvDataset(_file(text), [tf.int32, tf.string]).shuffle(10, seed=1).batch(4)
        found = _elements(tf, dataset)
        pairs = sorted(zip(np.concatenate([n for n, _ in found]).tolist(), np.concatenate([t for _, t in found])))
        return [[len(numbers) for numbers, _ in found], pairs]


HOUSES = 'area,kind,rooms,price\n70,house,3,1.5\n35.5,apt,2,\n120,"a, b",5,3\n'

CASES = collections.OrderedDict(
    [
        ("plain", _csv("1,2.5,a\n2,,b\n3,1e3,\n", _numbers)),
        ("header", _csv("x,y,z\n1,2,a\n", _numbers, header=True)),
        ("no line end", _csv("1,2,a\n2,3,b", _numbers)),
        ("line ends of windows", _csv("1,2,a\r\n2,3,b\r\n", _numbers)),
        ("quotes", _csv('"1","2.5","a, ""b"""\n2,3,"two\nlines"\n', _numbers)),
        ("quotes as they are", _csv('1,2,"a"\n', _numbers, use_quote_delim=False)),
        ("blanks", _csv(" 1 , 2 , a \n", _numbers)),
        ("another delimiter", _csv("1;2;a\n", _numbers, field_delim=";")),
        ("values for none", _csv("NA,NA,NA\n", lambda tf: [([7],), ([0.5],), ("x",)], na_value="NA")),
        ("some columns", _csv("1,2,a\n3,4,b\n", lambda tf: [tf.float32, tf.string], select_cols=[1, 2])),
        ("compressed", _csv("1,2,a\n", _numbers, compressed=True, compression_type="GZIP")),
        ("empty file", _csv("", _numbers)),
        ("required", _csv("1,2,a\n,2,b\n", _numbers)),
        ("no integer", _csv("1,2,a\nx,2,b\n", _numbers)),
        ("no number", _csv("1,x,a\n", _numbers)),
        ("too great", _csv("99999999999,2,a\n", _numbers)),
        ("too few", _csv("1,2\n2,3,b\n", _numbers)),
        ("too many", _csv("1,2,a,b\n2,3,b\n", _numbers)),
        ("empty line", _csv("1,2,a\n\n2,3,b\n", _numbers)),
        ("quote within", _csv('1,2,a"b\n', _numbers)),
        ("quote that does not end", _csv('1,2,"ab\n', _numbers)),
        ("quote that is not doubled", _csv('1,2,"a"b"\n', _numbers)),
        ("several files", several_files),
        ("after errors", after_errors),
        ("shuffled", shuffled_and_batched),
        ("made", _made(HOUSES, batch_size=2)),
        ("made with label", _made(HOUSES, batch_size=2, label_name="price")),
        ("made of some columns", _made(HOUSES, batch_size=3, select_columns=["rooms", "area"], label_name="rooms")),
        ("made of numbered columns", _made(HOUSES, batch_size=3, select_columns=[3, 0])),
        (
            "made with names and types",
            _made(
                "1,2,x\n3,,y\n",
                batch_size=2,
                header=False,
                column_names=["p", "q", "r"],
                column_defaults=lambda tf: [tf.int64, tf.constant(9.0), tf.string],
            ),
        ),
        ("made of great integers", _made("a,b,c\n3000000000,0.1,1e400\n1,1e39,2\n", batch_size=2)),
        ("made of few rows", _made("a,b\n1,1\n2.5,x\n", batch_size=2, num_rows_for_inference=1)),
        ("made of blanks", _made("a,b\n,1\n,NA\n", batch_size=2, na_value="NA")),
        ("made without errors", _made("a,b\n1,2\nx,3\n5\n7,8\n", batch_size=2, ignore_errors=True,
                                      num_rows_for_inference=1)),
    ]
)  # fmt: skip
