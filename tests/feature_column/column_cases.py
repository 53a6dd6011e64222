"""Programs with feature columns that TensorFlow 1.15 and this library must agree on.

The script in tests/golden/make runs the same functions under TensorFlow; so no syntax newer than its Python's here.
"""

import os
import tempfile

import numpy as np


def _values(number, shape):
    return (0.1 * np.sin(number + np.arange(int(np.prod(shape))))).astype(np.float32).reshape(shape)


def _outcome(tf, output, feed_dict=None, extra=()):
    """The output when every variable has known values, the gradients of the sum of its squares, and the variables."""
    variables = tf.global_variables()
    grads = tf.gradients(tf.reduce_sum(tf.square(output)), variables) if variables else []
    slices = [isinstance(grad, tf.IndexedSlices) for grad in grads]
    grads = [tf.zeros([]) if grad is None else tf.convert_to_tensor(grad) for grad in grads]
    trainable, model = tf.trainable_variables(), tf.get_collection(tf.GraphKeys.MODEL_VARIABLES)
    with tf.Session() as session:
        session.run([tf.global_variables_initializer(), tf.tables_initializer()])
        for number, variable in enumerate(variables):
            variable.load(_values(number, variable.shape.as_list()), session)
        found, found_grads, more = session.run([output, grads, list(extra)], feed_dict)
    described = [
        [v.name, v.shape.as_list(), any(v is t for t in trainable), any(v is m for m in model)] for v in variables
    ]
    return {
        "output": found,
        "static shape": str(output.shape),
        "variables": described,
        "gradients": found_grads,
        "slices": slices,
        "extra": more,
    }


def _layer(tf, features, columns, **kwargs):
    with tf.Graph().as_default():
        made = features(tf) if callable(features) else features
        return _outcome(tf, tf.feature_column.input_layer(made, columns, **kwargs))


def _linear(tf, features, columns, **kwargs):
    with tf.Graph().as_default():
        made = features(tf) if callable(features) else features
        return _outcome(tf, tf.feature_column.linear_model(made, columns, **kwargs))


def _sparse(tf, rows, dtype=None):
    indices = [[row, at] for row, items in enumerate(rows) for at in range(len(items))]
    values = [item for items in rows for item in items]
    size = [len(rows), max(max(map(len, rows)), 1)]
    values = np.array(values, dtype) if dtype else values
    return tf.SparseTensor(np.array(indices, np.int64).reshape(-1, 2), values, size)


WORDS = [["a", "b", "a"], ["c", "", ""], ["", "", ""], ["zebra", "a", "unknown"]]
RAGGED = [["a", "b"], [], ["zebra", "c", "c"], ["unknown"]]
NUMBERS = [[0, 4, -1], [2, 2, 2], [-1, -1, -1], [3, 1, 0]]
RAGGED_NUMBERS = [[1, 3], [], [0, 0, 2], [4]]


def _word_features(tf):
    return {
        "dense": {"w": WORDS},
        "vector": {"w": ["a", "c", "", "zebra"]},
        "sparse": {"w": _sparse(tf, RAGGED)},
        "unknown rank": {"w": tf.placeholder_with_default(np.array(WORDS, object), None)},
    }


def _number_features(tf):
    return {
        "dense": {"i": NUMBERS},
        "vector": {"i": np.array([0, 4, -1, 2], np.int32)},
        "sparse": {"i": _sparse(tf, RAGGED_NUMBERS, np.int64)},
    }


def _vocabulary_file(lines):
    path = os.path.join(tempfile.mkdtemp(), "words.txt")
    with open(path, "w") as file:
        file.write("".join(line + "\n" for line in lines))
    return path


def _word_columns(tf):
    fc = tf.feature_column
    words = fc.categorical_column_with_vocabulary_list
    path = _vocabulary_file(["a", "b", "c"])
    return {
        "list": words("w", ["a", "b", "c"]),
        "list with default": words("w", ("a", "b", "c"), default_value=2),
        "list with buckets": words("w", ["a", "b", "c"], num_oov_buckets=3),
        "file": fc.categorical_column_with_vocabulary_file("w", path),
        "file with size": fc.categorical_column_with_vocabulary_file("w", path, vocabulary_size=2),
        "file with buckets": fc.categorical_column_with_vocabulary_file("w", path, num_oov_buckets=2),
        "file with default": fc.categorical_column_with_vocabulary_file("w", path, 3, default_value=1),
        "hash": fc.categorical_column_with_hash_bucket("w", 7),
    }


def _number_columns(tf):
    fc = tf.feature_column
    words = fc.categorical_column_with_vocabulary_list
    path = _vocabulary_file(["4", "0", "2"])
    return {
        "identity": fc.categorical_column_with_identity("i", 5),
        "identity with default": fc.categorical_column_with_identity("i", 3, default_value=1),
        "list": words("i", [4, 0, 2]),
        "list of int32": words("i", np.array([4, 0, 2], np.int32), dtype=tf.int32, default_value=0),
        "list with buckets": words("i", [4, 0, 2], num_oov_buckets=2),
        "file": fc.categorical_column_with_vocabulary_file("i", path, dtype=tf.int64),
        "file with buckets": fc.categorical_column_with_vocabulary_file("i", path, 3, 4, dtype=tf.int64),
        "hash": fc.categorical_column_with_hash_bucket("i", 7, tf.int64),
    }


def _each(tf, columns, features, use):
    """What `use` makes of each column on each kind of features."""
    results = {}
    for name in sorted(columns(tf)):
        for kind in ("dense", "vector", "sparse"):
            with tf.Graph().as_default():
                results[name + ", " + kind] = use(tf, features(tf)[kind], columns(tf)[name])
    return results


def indicators_of_words(tf):
    def use(tf, features, column):
        return _outcome(tf, tf.feature_column.input_layer(features, tf.feature_column.indicator_column(column)))

    return _each(tf, _word_columns, _word_features, use)


def indicators_of_numbers(tf):
    def use(tf, features, column):
        return _outcome(tf, tf.feature_column.input_layer(features, tf.feature_column.indicator_column(column)))

    return _each(tf, _number_columns, _number_features, use)


def linear_models_of_words(tf):
    return _each(tf, _word_columns, _word_features, lambda tf, f, c: _outcome(tf, tf.feature_column.linear_model(f, c)))


def linear_models_of_numbers(tf):
    return _each(
        tf, _number_columns, _number_features, lambda tf, f, c: _outcome(tf, tf.feature_column.linear_model(f, [c]))
    )


def embeddings(tf):
    results = {}
    for combiner in ("mean", "sqrtn", "sum"):
        for max_norm in (None, 0.12):
            for kind in ("dense", "vector", "sparse", "unknown rank"):
                with tf.Graph().as_default():
                    column = tf.feature_column.embedding_column(
                        _word_columns(tf)["list with buckets"], 3, combiner, max_norm=max_norm
                    )
                    layer = tf.feature_column.input_layer(_word_features(tf)[kind], [column])
                    results[f"{combiner}, {max_norm}, {kind}"] = _outcome(tf, layer)
    return results


def bucketized(tf):
    fc = tf.feature_column
    features = {"x": [[-1.0, 0.0], [0.5, 1.0], [99.0, np.nan]], "n": np.array([1, 5, 9])}
    several = fc.bucketized_column(fc.numeric_column("x", 2), [0.0, 1.0])
    whole = fc.bucketized_column(fc.numeric_column("n", normalizer_fn=lambda n: n - 1), (4, 8))
    return {
        "layer": _layer(tf, features, [several, whole]),
        "linear": _linear(tf, features, [several, whole]),
        "embedding": _layer(tf, features, fc.embedding_column(several, 2)),
        "indicator": _layer(tf, features, fc.indicator_column(several)),
    }


def weighted(tf):
    fc = tf.feature_column
    rows, weights = [["a", "b"], ["c"], ["a", "unknown", "a"]], [[0.5, -1.0], [2.0], [1.0, 3.0, 0.25]]
    results = {}
    for name, key in (("plain", "list"), ("buckets", "list with buckets")):

        def features(tf):
            return {"w": _sparse(tf, rows), "f": _sparse(tf, weights, np.float32)}

        column = fc.weighted_categorical_column(_word_columns(tf)[key], "f")
        results[name + ", indicator"] = _layer(tf, features, [fc.indicator_column(column)])
        for combiner in ("mean", "sqrtn", "sum"):
            results[name + ", embedding, " + combiner] = _layer(
                tf, features, [fc.embedding_column(column, 2, combiner)]
            )
            results[name + ", linear, " + combiner] = _linear(tf, features, column, sparse_combiner=combiner)
    dense = {"w": [["a", "b"], ["c", "a"]], "f": np.array([[1, 2], [3, 4]])}
    column = fc.weighted_categorical_column(_word_columns(tf)["list"], "f", tf.int64)
    results["dense integers"] = _linear(tf, dense, column)
    results["dense integers, indicator"] = _layer(tf, dense, fc.indicator_column(column))
    return results


def crossed(tf):
    fc = tf.feature_column
    number = fc.bucketized_column(fc.numeric_column("n"), [0.0, 1.0])
    words = fc.categorical_column_with_vocabulary_list("w", ["a", "b", "c"])
    day = fc.categorical_column_with_identity("d", 7)

    def features(tf):
        return {
            "w": _sparse(tf, RAGGED),
            "t": [["x", ""], ["y", "x"], ["z", "z"], ["", "x"]],
            "d": np.array([0, 6, 3, 3]),
            "n": [-1.0, 0.5, 7.0, 0.0],
        }

    crosses = {
        "keys": fc.crossed_column(["w", "t"], 30),
        "key and integers": fc.crossed_column(["t", "d"], 30),
        "columns": fc.crossed_column([words, day], 30),
        "bucketized": fc.crossed_column([number, "t"], 30, hash_key=7),
        "three": fc.crossed_column(["t", number, "d"], 1000),
        "cross of a cross": fc.crossed_column([fc.crossed_column(["t", day], 5), "w"], 30),
    }
    results = {name + ", linear": _linear(tf, features, crosses[name]) for name in sorted(crosses)}
    results.update(
        {name + ", indicator": _layer(tf, features, fc.indicator_column(crosses[name])) for name in sorted(crosses)}
    )
    results["embedding"] = _layer(tf, features, fc.embedding_column(crosses["columns"], 2))
    results["names"] = sorted(column.name for column in crosses.values())
    return results


def shared_embeddings(tf):
    fc = tf.feature_column
    words = fc.categorical_column_with_vocabulary_list
    results = {}
    for name, arguments in (
        ("plain", {}),
        ("named", {"shared_embedding_collection_name": "both", "combiner": "sum", "trainable": False}),
    ):
        columns = fc.shared_embedding_columns(
            [words("w", ["a", "b", "c"]), words("t", ["x", "y", "z"])], 2, **arguments
        )
        features = {"w": [["a", "b"], ["c", ""]], "t": ["y", "unknown"]}
        results[name] = _layer(tf, features, columns)
        with tf.Graph().as_default():
            first = fc.input_layer(features, columns)
            second = fc.input_layer(features, columns)
            results[name + ", twice"] = _outcome(tf, tf.concat([first, second], 1))
    return results


def mixed(tf):
    """Columns of all kinds in one layer and one model, out of order."""
    fc = tf.feature_column
    words = _word_columns(tf)
    number = fc.numeric_column("n", normalizer_fn=lambda n: n / 2.0)
    features = {"w": WORDS, "n": [[1.0], [2.0], [3.0], [4.0]], "m": [[[1, 2], [3, 4]]] * 4, "d": [6, 0, 1, 2]}
    day = fc.categorical_column_with_identity("d", 7)
    matrix = fc.numeric_column("m", [2, 2], dtype=tf.int64)
    buckets = fc.bucketized_column(fc.numeric_column("n"), [1.5, 3.5])
    dense = [number, fc.indicator_column(day), matrix, fc.embedding_column(words["hash"], 2), buckets]
    results = {}
    results["layer"] = _layer(tf, features, dense)
    results["layer, not trainable"] = _layer(tf, features, dense, trainable=False)
    wide = [words["list"], number, day, matrix, fc.crossed_column(["w", buckets], 20)]
    for combiner in ("sum", "mean", "sqrtn"):
        results["linear, " + combiner] = _linear(tf, features, wide, sparse_combiner=combiner)
    results["linear, units"] = _linear(tf, features, wide, units=3)
    results["linear, not trainable"] = _linear(tf, features, wide, trainable=False)
    return results


def collections_and_scopes(tf):
    fc = tf.feature_column
    words = _word_columns(tf)["hash"]
    number = fc.numeric_column("n")
    features = {"w": WORDS, "n": [1.0, 2.0, 3.0, 4.0]}
    columns = [fc.embedding_column(words, 2), number]
    results = {}
    with tf.Graph().as_default():
        cols_to_vars, tensors = {}, {}
        with tf.variable_scope("dnn"):
            fc.input_layer(features, columns, ["mine"], cols_to_vars=cols_to_vars, cols_to_output_tensors=tensors)
        results["layer"] = {
            "collection": [v.name for v in tf.get_collection("mine")],
            "cols_to_vars": {column.name: [v.name for v in found] for column, found in cols_to_vars.items()},
            "tensors": {column.name: str(tensor.shape) for column, tensor in tensors.items()},
        }
    with tf.Graph().as_default():
        cols_to_vars = {}
        with tf.variable_scope("linear"):
            fc.linear_model(features, [words, number], weight_collections=["mine"], cols_to_vars=cols_to_vars)
        results["linear"] = {
            "collection": sorted(v.name for v in tf.get_collection("mine")),
            "cols_to_vars": {
                getattr(column, "name", column): [v.name for v in found] for column, found in cols_to_vars.items()
            },
        }
    with tf.Graph().as_default():
        for _ in range(2):
            fc.input_layer(features, columns)
        results["layers"] = [v.name for v in tf.global_variables()]
    with tf.Graph().as_default():
        for _ in range(2):
            fc.linear_model(features, [words, number])
        results["models"] = [v.name for v in tf.global_variables()]
    with tf.Graph().as_default():
        with tf.variable_scope("a"):
            fc.input_layer(features, columns)
        with tf.variable_scope("a", reuse=True):
            fc.input_layer(features, columns)
        results["reused layer"] = [v.name for v in tf.global_variables()]
    with tf.Graph().as_default():
        with tf.variable_scope("a"):
            fc.linear_model(features, [words, number])
        with tf.variable_scope("a", reuse=tf.AUTO_REUSE):
            fc.linear_model(features, [words, number])
        results["reused model"] = [v.name for v in tf.global_variables()]
    return results


def one_transformation_for_all_uses(tf):
    fc = tf.feature_column
    words = _word_columns(tf)["list"]
    buckets = fc.bucketized_column(fc.numeric_column("n"), [0.0])
    features = {"w": WORDS, "n": [1.0, 2.0, 3.0, 4.0]}
    columns = [fc.indicator_column(words), fc.embedding_column(words, 2), buckets]
    columns += [fc.embedding_column(fc.crossed_column([words, buckets], 9), 2)]
    with tf.Graph().as_default() as graph:
        fc.input_layer(features, columns)
        types = [op.type for op in graph.get_operations()]
    return {kind: types.count(kind) for kind in ("HashTableV2", "LookupTableFindV2", "Bucketize", "SparseCross")}


def parse_specs(tf):
    fc = tf.feature_column
    words = _word_columns(tf)
    columns = [
        fc.numeric_column("n", (2,), default_value=1.5),
        fc.indicator_column(words["list"]),
        fc.embedding_column(words["hash"], 2),
        fc.categorical_column_with_identity("i", 5),
        fc.weighted_categorical_column(fc.categorical_column_with_hash_bucket("h", 5, tf.int32), "f"),
        fc.crossed_column(["k", fc.bucketized_column(fc.numeric_column("b"), [0])], 9),
    ]
    spec = fc.make_parse_example_spec(columns)
    return {key: [type(spec[key]).__name__] + [str(item) for item in spec[key]] for key in sorted(spec)}


def sequences(tf):
    fc, contrib = tf.feature_column, tf.contrib.feature_column
    watched = contrib.sequence_categorical_column_with_identity("w", 5)
    seen = contrib.sequence_categorical_column_with_identity("v", 5)
    words = contrib.sequence_categorical_column_with_vocabulary_list("t", ["a", "b"], num_oov_buckets=1)
    hashed = contrib.sequence_categorical_column_with_hash_bucket("h", 4)
    scores = contrib.sequence_numeric_column("s", default_value=-1.0)
    pairs = contrib.sequence_numeric_column("p", [2])

    def features(tf):
        deep = [[0, 0, 0], [0, 0, 1], [0, 1, 0], [2, 0, 0]]
        return {
            "w": _sparse(tf, [[1, 3], [], [0, 0, 2], [4]], np.int64),
            "t": _sparse(tf, [["a", "x"], [], ["b", "b", "a"], ["q"]]),
            "h": tf.SparseTensor(deep, ["a", "b", "c", "d"], [4, 3, 2]),
            "s": _sparse(tf, [[0.5, 1.5], [], [1.0, 2.0, 3.0], [4.0]], np.float32),
            "p": _sparse(tf, [[1.0, 2.0, 3.0, 4.0], [], [1.0] * 6, [5.0, 6.0]], np.float32),
        }

    results = {}
    columns = {
        "mixed": [fc.embedding_column(watched, 2), fc.indicator_column(words), scores, pairs],
        "shared": fc.shared_embedding_columns([watched, seen], 2, shared_embedding_collection_name="c")[:1],
        "deep": [fc.embedding_column(hashed, 2, "sum")],
    }
    for name in sorted(columns):
        with tf.Graph().as_default():
            steps, lengths = contrib.sequence_input_layer(features(tf), columns[name])
            results[name] = _outcome(tf, steps, extra=[lengths])
    return results


CASES = {
    function.__name__: function
    for function in (
        indicators_of_words,
        indicators_of_numbers,
        linear_models_of_words,
        linear_models_of_numbers,
        embeddings,
        bucketized,
        weighted,
        crossed,
        shared_embeddings,
        sequences,
        mixed,
        collections_and_scopes,
        one_transformation_for_all_uses,
        parse_specs,
    )
}
