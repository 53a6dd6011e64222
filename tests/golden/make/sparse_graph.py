"""A graph with the operations on segments and sparse tensors, and what TensorFlow 1.15 computes with it.

Run with Python 3.7 and tensorflow 1.15.0:

    python tests/golden/make/sparse_graph.py tests/golden/sparse_ops/sparse_graph.json

`build` is given the module `tensorflow` or `trackml`: both must give the same names and values.
"""

import json
import sys

import numpy as np


def build(tf):
    """Lists of tensors by a key of their own. Inputs may be fed, so that nothing is known before the graph runs."""
    made = {}
    made.update(_segments(tf))
    made.update(_sparse(tf))
    made.update(_filled(tf))
    made.update(_embeddings(tf))
    return made


def _with_grads(tf, y, *xs):
    return [y, *tf.gradients(y * y, list(xs))]


def _segments(tf):
    x = tf.placeholder_with_default(np.arange(12, dtype=np.float32).reshape(6, 2) / 4 - 1, [None, 2], name="x")
    ties = tf.placeholder_with_default(np.array([2, 2, 1, 3, 0, 0], np.float64), [None], name="ties")
    whole = tf.placeholder_with_default(np.array([7, -2, 5, 6, 0, 3], np.int32), [None], name="whole")
    ids = tf.placeholder_with_default(np.array([0, 0, 1, 3, 3, 3], np.int32), [None], name="ids")
    for kind in ("sum", "mean", "prod", "max", "min"):
        segment = getattr(tf, "segment_" + kind)
        for name, values in (("x", x), ("ties", ties)):
            y = segment(values, ids)
            yield "%s_%s" % (kind, name), [y] if kind == "prod" else _with_grads(tf, y, values)
        yield kind + "_whole", [segment(whole, ids)]
    mixed = tf.placeholder_with_default(np.array([4, 0, -1, 0, 2, 2], np.int64), [None], name="mixed")
    pairs = tf.placeholder_with_default(np.array([[1, 0], [1, 1], [-1, 0]], np.int32), [None, 2], name="pairs")
    for kind in ("sum", "prod", "max", "min", "mean", "sqrt_n"):
        segment = getattr(tf, "unsorted_segment_" + kind)
        for name, values in (("x", x), ("ties", ties)):
            yield "unsorted_%s_%s" % (kind, name), _with_grads(tf, segment(values, mixed, 5), values)
        yield "unsorted_%s_pairs" % kind, [segment(tf.reshape(x, [3, 2, 2]), pairs, 3)]
        if kind not in ("mean", "sqrt_n"):
            yield "unsorted_%s_whole" % kind, [segment(whole, mixed, 6)]
    picked = tf.placeholder_with_default(np.array([5, 0, 0, 2], np.int32), [None], name="picked")
    rows = tf.placeholder_with_default(np.array([0, 0, 0, 2], np.int32), [None], name="rows")
    for kind in ("sum", "mean", "sqrt_n"):
        segment = getattr(tf, "sparse_segment_" + kind)
        yield "sparse_" + kind, _with_grads(tf, segment(x, picked, rows), x)
        yield "sparse_%s_sized" % kind, _with_grads(tf, segment(x, picked, rows, num_segments=4), x)
        yield "sparse_%s_vector" % kind, [segment(ties, picked, rows)]


def _parts(sparse):
    return [sparse.values, sparse.indices, sparse.dense_shape]


def _sparse(tf):
    floats = tf.placeholder_with_default(np.array([1.5, -2.0, 3.0, 0.5], np.float32), [None], name="floats")
    places = tf.placeholder_with_default(np.array([[0, 1], [0, 3], [2, 0], [4, 2]], np.int64), [None, 2], name="places")
    mixed = tf.placeholder_with_default(
        np.array([[4, 2], [0, 3], [2, 0], [0, 1]], np.int64), [None, 2], name="disorder"
    )
    size = tf.placeholder_with_default(np.array([5, 4], np.int64), [2], name="size")
    sparse = tf.SparseTensor(places, floats, size)
    disorder = tf.SparseTensor(mixed, floats, size)
    texts = tf.SparseTensor([[0, 0], [0, 2], [1, 1]], ["a", "b", "c"], [2, 3])
    yield "made", _parts(sparse)
    yield "to_dense", _with_grads(tf, tf.sparse_tensor_to_dense(sparse), floats)
    yield "to_dense_default", _with_grads(tf, tf.sparse.to_dense(sparse, 9.0), floats)
    yield "to_dense_texts", [tf.sparse_tensor_to_dense(texts)]
    yield "to_dense_texts_default", [tf.sparse_tensor_to_dense(texts, "none")]
    yield "to_dense_disorder", [tf.sparse_tensor_to_dense(disorder, validate_indices=False)]
    yield "to_dense_vector", [tf.sparse_to_dense([1, 2, 4, 5], [7], floats)]
    yield "to_dense_one", [tf.sparse_to_dense([1, 2], [4], 7, -1)]
    yield "to_dense_matrix", [tf.sparse_to_dense([[0, 1], [1, 0]], [2, 2], [1.0, 2.0], 0.5)]
    reordered = tf.sparse_reorder(disorder)
    yield "reorder", _parts(reordered) + tf.gradients(reordered.values * [1.0, 2.0, 3.0, 4.0], floats)
    yield "reorder_known", _parts(tf.sparse.reorder(tf.SparseTensor([[1, 0], [0, 1]], [1, 2], [2, 2])))
    yield "reshape", _parts(tf.sparse_reshape(sparse, [2, -1]))
    yield "reshape_fed", _parts(tf.sparse.reshape(sparse, tf.stack([10, size[0] - 3])))
    yield "reshape_known", _parts(tf.sparse_reshape(texts, [-1]))
    yield "retain", _parts(tf.sparse_retain(sparse, [True, False, False, True]))
    x = tf.placeholder_with_default(np.array([[0, 1.5], [2.5, 0]], np.float32), [None, 2], name="dense")
    yield "from_dense", _parts(tf.sparse.from_dense(x))
    ids = tf.SparseTensor([[0, 0], [0, 1], [2, 0]], np.array([3, 1, 0], np.int64), [3, 2])
    weights = tf.SparseTensor([[0, 0], [0, 1], [2, 0]], [0.5, 2.0, -1.0], [3, 2])
    yield "merge", _parts(tf.sparse_merge(ids, weights, 4))
    yield "merge_several", _parts(tf.sparse_merge([ids, ids], weights, [4, 5]))
    yield "indicator", [tf.sparse_to_indicator(ids, 4)]
    b = tf.placeholder_with_default(np.arange(20, dtype=np.float32).reshape(4, 5) / 7 - 1, [None, None], name="b")
    c = tf.placeholder_with_default(np.arange(20, dtype=np.float32).reshape(5, 4) / 7 - 1, [None, None], name="c")
    for key, dense, adjoint_a, adjoint_b in (
        ("", b, False, False),
        ("_a", c, True, False),
        ("_b", c, False, True),
        ("_ab", b, True, True),
    ):
        product = tf.sparse_tensor_dense_matmul(disorder, dense, adjoint_a, adjoint_b)
        yield "matmul" + key, _with_grads(tf, product, floats, dense)


def _filled(tf):
    floats = tf.placeholder_with_default(np.array([1.5, -2.0, 3.0], np.float32), [None], name="fill_values")
    places = tf.placeholder_with_default(np.array([[1, 0], [3, 1], [1, 2]], np.int64), [None, 2], name="fill_places")
    default = tf.placeholder_with_default(np.float32(7), [], name="fill_default")
    filled, empty = tf.sparse_fill_empty_rows(tf.SparseTensor(places, floats, [5, 4]), default)
    yield "fill", [*_parts(filled), empty, *tf.gradients(filled.values * filled.values, [floats, default])]
    filled, empty = tf.sparse.fill_empty_rows(tf.SparseTensor([[0, 0], [1, 1]], ["a", "b"], [2, 3]), "")
    yield "fill_nothing", [*_parts(filled), empty]
    nothing = tf.SparseTensor(tf.zeros([0, 2], tf.int64), tf.zeros([0], tf.int64), [2, 3])
    filled, empty = tf.sparse_fill_empty_rows(nothing, np.int64(3))
    yield "fill_all", [*_parts(filled), empty]


def _embeddings(tf):
    table = tf.placeholder_with_default(np.arange(14, dtype=np.float32).reshape(7, 2) / 3 - 2, [7, 2], name="table")
    ids = tf.placeholder_with_default(np.array([[1, 6], [1, 0]], np.int64), [None, 2], name="lookup_ids")
    first, second = table[:4], table[4:]
    odd, even = table[1::2], table[::2]

    def grads(y):
        return [y, tf.convert_to_tensor(tf.gradients(y * y, table)[0])]

    yield "embedding", grads(tf.nn.embedding_lookup(table, ids))
    yield "embedding_norm", grads(tf.nn.embedding_lookup(table, ids, max_norm=1.0))
    yield "embedding_mod", grads(tf.nn.embedding_lookup([even, odd], ids))
    yield "embedding_div", grads(tf.nn.embedding_lookup([first, second], ids, "div"))
    yield "embedding_parts_norm", grads(tf.nn.embedding_lookup([first, second], ids, "div", max_norm=1.5))
    places = [[0, 0], [0, 2], [1, 0], [2, 0], [2, 1], [2, 2]]
    sparse_ids = tf.SparseTensor(places, np.array([1, 3, 1, 0, 6, 0], np.int64), [3, 3])
    weights = tf.SparseTensor(places, np.array([2.0, 0.5, 3.0, 1.0, 0.25, -1.0], np.float32), [3, 3])
    for combiner in ("sum", "mean", "sqrtn"):
        for key, own in (("", None), ("_weighted", weights)):
            y = tf.nn.embedding_lookup_sparse(table, sparse_ids, own, combiner=combiner)
            yield "embedding_%s%s" % (combiner, key), grads(y)
    y = tf.nn.embedding_lookup_sparse([first, second], sparse_ids, weights, "div", combiner="mean", max_norm=2.0)
    yield "embedding_sparse_parts", grads(y)
    bad_ids = tf.SparseTensor([[0, 0], [0, 1], [1, 0], [3, 1]], np.array([4, 1, -1, 6], np.int64), [5, 2])
    bad_weights = tf.SparseTensor([[0, 0], [0, 1], [1, 0], [3, 1]], np.array([-1.0, 2.0, 1.0, 0.5], np.float32), [5, 2])
    for combiner in ("sum", "mean", "sqrtn"):
        for key, own in (("", None), ("_weighted", bad_weights)):
            y = tf.nn.safe_embedding_lookup_sparse(table, bad_ids, own, combiner)
            yield "safe_%s%s" % (combiner, key), grads(y)
    yield "safe_default", grads(tf.nn.safe_embedding_lookup_sparse(table, bad_ids, default_id=5))
    deep = tf.SparseTensor([[0, 0, 0], [0, 1, 1], [1, 1, 0]], np.array([4, 1, 6], np.int64), [2, 2, 2])
    yield "safe_deep", grads(tf.nn.safe_embedding_lookup_sparse(table, deep))


def _value(tensor, array):
    array = np.asarray(array)
    texts = array.dtype.kind in "OSU"
    flat = [item.decode("latin-1") if texts else repr(item.item()) for item in array.ravel()]
    return {
        "name": tensor.name,
        "dtype": "string" if texts else str(array.dtype),
        "shape": list(array.shape),
        "values": flat,
    }


def main():
    import tensorflow.compat.v1 as tf

    tf.disable_eager_execution()
    with tf.Session() as session:
        made = build(tf)
        values = session.run(made)
        result = {
            key: [_value(tensor, value) for tensor, value in zip(tensors, values[key])] for key, tensors in made.items()
        }
    with open(sys.argv[1], "w") as stream:
        json.dump(result, stream, indent=None, separators=(",", ":"))
        stream.write("\n")


if __name__ == "__main__":
    main()
