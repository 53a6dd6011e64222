"""Mistakes with feature columns and lookup tables that TensorFlow 1.15 and this library report in the same words.

The script in tests/golden/make runs the same functions under TensorFlow; so no syntax newer than its Python's here.
"""

import numpy as np


def _layer(features, columns):
    def call(tf):
        _run(tf, tf.feature_column.input_layer(features(tf) if callable(features) else features, columns(tf)))

    return call


def _model(features, columns):
    def call(tf):
        _run(tf, tf.feature_column.linear_model(features(tf) if callable(features) else features, columns(tf)))

    return call


def _run(tf, fetches):
    with tf.Session() as session:
        session.run([tf.global_variables_initializer(), tf.tables_initializer()])
        session.run(fetches)


def _made(function, *args, **kwargs):
    return lambda tf: getattr(tf.feature_column, function)(*args, **kwargs)


def _sparse(tf, dtype=None):
    values = np.array([1, 2], dtype) if dtype else ["a", "b"]
    return tf.SparseTensor([[0, 0], [1, 0]], values, [2, 1])


def _words(tf, **kwargs):
    return tf.feature_column.categorical_column_with_vocabulary_list("w", ["a", "b"], **kwargs)


def _number(tf, **kwargs):
    return tf.feature_column.numeric_column("n", **kwargs)


def _written(text):
    import os
    import tempfile

    path = os.path.join(tempfile.mkdtemp(), "words.txt")
    with open(path, "w") as file:
        file.write(text)
    return path


def _with_file(text, features=None, **kwargs):
    def call(tf):
        column = tf.feature_column.categorical_column_with_vocabulary_file("w", _written(text), **kwargs)
        _run(tf, tf.feature_column.linear_model(features or {"w": ["a"]}, column))

    return call


def _table(function, *args, **kwargs):
    def call(tf):
        table = getattr(tf.contrib.lookup, function)(*args, **kwargs)
        _run(tf, table.size())

    return call


def _shared(*columns, **kwargs):
    return lambda tf: tf.feature_column.shared_embedding_columns([column(tf) for column in columns], **kwargs)


def _spec(*columns):
    return lambda tf: tf.feature_column.make_parse_example_spec([column(tf) for column in columns])


def _identity(tf):
    return tf.feature_column.categorical_column_with_identity("i", 5)


def _hash(tf):
    return tf.feature_column.categorical_column_with_hash_bucket("w", 5)


def _fed(ids):
    return lambda tf: {"i": tf.placeholder_with_default(ids, [2])}


def _steps(tf):
    return tf.contrib.feature_column.sequence_categorical_column_with_identity("i", 5)


def _sequence_layer(column):
    def call(tf):
        features = {"i": _sparse(tf, np.int64), "n": [[1.0], [2.0]]}
        tf.contrib.feature_column.sequence_input_layer(features, [column(tf)])

    return call


def _uninitialised(tf):
    with tf.Session() as session:
        session.run(tf.contrib.lookup.index_table_from_tensor(["a"]).lookup(tf.constant(["a"])))


CASES = {
    # Making columns.
    "boundaries that fall": lambda tf: tf.feature_column.bucketized_column(_number(tf), [2, 1]),
    "boundaries twice": lambda tf: tf.feature_column.bucketized_column(_number(tf), [1, 1]),
    "no boundaries": lambda tf: tf.feature_column.bucketized_column(_number(tf), []),
    "one boundary": lambda tf: tf.feature_column.bucketized_column(_number(tf), 3),
    "bucketized words": lambda tf: tf.feature_column.bucketized_column(_words(tf), [1]),
    "bucketized key": lambda tf: tf.feature_column.bucketized_column("n", [1]),
    "bucketized matrix": lambda tf: tf.feature_column.bucketized_column(_number(tf, shape=[2, 2]), [1]),
    "empty vocabulary": _made("categorical_column_with_vocabulary_list", "w", []),
    "no vocabulary": _made("categorical_column_with_vocabulary_list", "w", None),
    "word twice": _made("categorical_column_with_vocabulary_list", "w", ["a", "b", "a"]),
    "vocabulary of floats": _made("categorical_column_with_vocabulary_list", "w", [1.0, 2.0]),
    "vocabulary of other type": lambda tf: _words(tf, dtype=tf.int32),
    "floats in a vocabulary": lambda tf: _words(tf, dtype=tf.float32),
    "buckets and default": lambda tf: _words(tf, num_oov_buckets=2, default_value=1),
    "negative buckets": lambda tf: _words(tf, num_oov_buckets=-1),
    "key of a vocabulary": _made("categorical_column_with_vocabulary_list", 7, ["a"]),
    "no file": _made("categorical_column_with_vocabulary_file", "w", ""),
    "missing file": _made("categorical_column_with_vocabulary_file", "w", "/nowhere/words.txt"),
    "size of zero": _made("categorical_column_with_vocabulary_file", "w", "/nowhere/words.txt", 0),
    "file, buckets and default": _made("categorical_column_with_vocabulary_file", "w", "/x", 3, 2, 1),
    "file, negative buckets": _made("categorical_column_with_vocabulary_file", "w", "/x", 3, -2),
    "no ids": _made("categorical_column_with_identity", "i", 0),
    "default that is no id": _made("categorical_column_with_identity", "i", 3, 3),
    "negative default": _made("categorical_column_with_identity", "i", 3, -1),
    "key of ids": _made("categorical_column_with_identity", ("i",), 3),
    "hash without size": _made("categorical_column_with_hash_bucket", "w", None),
    "hash without buckets": _made("categorical_column_with_hash_bucket", "w", 0),
    "hash of floats": lambda tf: tf.feature_column.categorical_column_with_hash_bucket("w", 9, tf.float32),
    "weights of text": lambda tf: tf.feature_column.weighted_categorical_column(_words(tf), "f", tf.string),
    "weights without type": lambda tf: tf.feature_column.weighted_categorical_column(_words(tf), "f", None),
    "cross of one": _made("crossed_column", ["a"], 10),
    "cross of none": _made("crossed_column", [], 10),
    "cross without buckets": _made("crossed_column", ["a", "b"], 0),
    "cross of a hash": lambda tf: tf.feature_column.crossed_column(["a", _hash(tf)], 10),
    "cross of a number": lambda tf: tf.feature_column.crossed_column(["a", _number(tf)], 10),
    "embedding without dimension": lambda tf: tf.feature_column.embedding_column(_words(tf), None),
    "embedding of dimension 0": lambda tf: tf.feature_column.embedding_column(_words(tf), 0),
    "half a checkpoint": lambda tf: tf.feature_column.embedding_column(_words(tf), 2, ckpt_to_load_from="x"),
    "half a name": lambda tf: tf.feature_column.embedding_column(_words(tf), 2, tensor_name_in_ckpt="x"),
    "initializer that is none": lambda tf: tf.feature_column.embedding_column(_words(tf), 2, initializer=3.0),
    "shared by kinds": _shared(_identity, _hash, dimension=2),
    "shared by sizes": _shared(
        _words, lambda tf: tf.feature_column.categorical_column_with_vocabulary_list("v", ["a"]), dimension=2
    ),
    "shared without dimension": _shared(_words, dimension=None),
    "shared, half a checkpoint": _shared(_words, dimension=2, ckpt_to_load_from="x"),
    "shared, initializer": _shared(_words, dimension=2, initializer=1),
    # Features.
    "layer without feature": _layer({"x": [1.0]}, lambda tf: [_number(tf)]),
    "model without feature": _model({"x": [1.0]}, lambda tf: [_words(tf)]),
    "scalar": _model({"w": "a"}, lambda tf: [_words(tf)]),
    "ids in a layer": _layer({"w": ["a"]}, lambda tf: [_words(tf)]),
    "no columns": _model({"w": ["a"]}, lambda tf: []),
    "dict of columns": _model({"w": ["a"]}, lambda tf: {"w": _words(tf)}),
    "key for a column": _model({"w": ["a"]}, lambda tf: ["w"]),
    "column twice": _model({"i": [1]}, lambda tf: [_identity(tf), _identity(tf)]),
    "sparse number": _layer(lambda tf: {"n": _sparse(tf, np.float32)}, lambda tf: [_number(tf)]),
    "words for integers": _model({"w": [1, 2]}, lambda tf: _words(tf)),
    "floats for words": _model({"w": [1.0]}, lambda tf: _words(tf)),
    "integers for words": _model({"i": ["a"]}, lambda tf: _identity(tf)),
    "hash of integers": _model({"w": [1, 2]}, lambda tf: _hash(tf)),
    "hash of floats in features": _model({"w": [1.0]}, lambda tf: _hash(tf)),
    "id that is too great": _model(_fed([1, 5]), lambda tf: _identity(tf)),
    "id that is negative": _model(_fed([1, -2]), lambda tf: _identity(tf)),
    "weights of another type": _model(
        lambda tf: {"w": ["a"], "f": [1]}, lambda tf: tf.feature_column.weighted_categorical_column(_words(tf), "f")
    ),
    "weights that are not there": _model(
        {"w": ["a"]}, lambda tf: tf.feature_column.weighted_categorical_column(_words(tf), "f")
    ),
    "cross of weights": _model(
        {"w": ["a"], "f": [1.0], "v": ["b"]},
        lambda tf: tf.feature_column.crossed_column(
            [tf.feature_column.weighted_categorical_column(_words(tf), "f"), "v"], 9
        ),
    ),
    "batches of two sizes, layer": _layer(
        {"n": [1.0, 2.0], "i": [1, 2, 3]},
        lambda tf: [_number(tf), tf.feature_column.indicator_column(_identity(tf))],
    ),
    "batches of two sizes, model": _model({"n": [1.0, 2.0], "i": [1, 2, 3]}, lambda tf: [_number(tf), _identity(tf)]),
    "number of another width": _layer({"n": [[1.0, 2.0]]}, lambda tf: [_number(tf, shape=3)]),
    # Sequences.
    "sequence in a layer": _layer(
        lambda tf: {"i": _sparse(tf, np.int64)}, lambda tf: tf.feature_column.embedding_column(_steps(tf), 2)
    ),
    "sequence in a layer, indicator": _layer(
        lambda tf: {"i": _sparse(tf, np.int64)}, lambda tf: tf.feature_column.indicator_column(_steps(tf))
    ),
    "ids in a layer of sequences": _sequence_layer(lambda tf: tf.feature_column.embedding_column(_identity(tf), 2)),
    "numbers in a layer of sequences": _sequence_layer(_number),
    "sequence ids in a layer of sequences": _sequence_layer(lambda tf: _steps(tf)),
    "sequence of text": lambda tf: tf.contrib.feature_column.sequence_numeric_column("s", dtype=tf.string),
    "sequence of no shape": lambda tf: tf.contrib.feature_column.sequence_numeric_column("s", shape=[0]),
    "sequence, normalizer": lambda tf: tf.contrib.feature_column.sequence_numeric_column("s", normalizer_fn=3),
    # Descriptions for parsing.
    "two ways to parse": _spec(_words, lambda tf: tf.feature_column.numeric_column("w")),
    "parse a key": _spec(lambda tf: "w"),
    "weights under the key of ids": _spec(lambda tf: tf.feature_column.weighted_categorical_column(_words(tf), "w")),
    # Vocabulary files and tables.
    "file that is shorter": _with_file("a\nb\n", vocabulary_size=5),
    "file without lines": _with_file(""),
    "file with an empty line": _with_file("a\n\nb\n"),
    "file with a word twice": _with_file("a\nb\na\n"),
    "file that went": _model(
        {"w": ["a"]}, lambda tf: tf.feature_column.categorical_column_with_vocabulary_file("w", "/nowhere/words", 3)
    ),
    "table that is empty still": _uninitialised,
    "table of words twice": _table("index_table_from_tensor", ["a", "b", "a"]),
    "table of integers as words": _table("index_table_from_tensor", [1, 2]),
    "table of nothing": _table("index_table_from_tensor", None),
    "table with fewer buckets than none": _table("index_table_from_tensor", ["a"], -1),
    "table without file": _table("index_table_from_file", ""),
    "table of floats": lambda tf: tf.contrib.lookup.index_table_from_tensor([1.0], dtype=tf.float32),
    "keys of another type": lambda tf: tf.contrib.lookup.index_table_from_tensor(["a"]).lookup(tf.constant([1])),
    "buckets without table": lambda tf: tf.contrib.lookup.IdTableWithHashBuckets(None, 0),
    "hasher that is none": lambda tf: tf.contrib.lookup.IdTableWithHashBuckets(None, 3, "fast"),
    "half a key": lambda tf: tf.contrib.lookup.StrongHashSpec([1]),
    "key of text": lambda tf: tf.contrib.lookup.StrongHashSpec(["a", "b"]),
    "line that is no number": lambda tf: _run(
        tf, tf.contrib.lookup.index_table_from_file(_written("1\nx\n"), key_dtype=tf.int64).size()
    ),
}  # fmt: skip
