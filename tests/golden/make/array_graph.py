"""A graph with every operation on arrays and strings, and what TensorFlow 1.15 computes with it.

Run with Python 3.7 and tensorflow 1.15.0:

    python tests/golden/make/array_graph.py tests/golden/array_ops/array_graph.json

`build` is given the module `tensorflow` or `trackml`: both must give the same names and values.
"""

import json
import sys

import numpy as np


def build(tf):
    """Tensors by a key of their own. Inputs may be fed, so that nothing is known before the graph runs."""
    x = tf.placeholder_with_default(np.arange(12, dtype=np.float32).reshape(4, 3) / 4 - 1, [None, 3], name="x")
    n = tf.placeholder_with_default(np.int32(1), [], name="n")
    anything = tf.placeholder_with_default(np.arange(24, dtype=np.float64).reshape(2, 3, 4), None, name="anything")
    texts = np.array(["Hello", " wOrld ", "", "gr\u00fc\u00df"], dtype=object)
    words = tf.placeholder_with_default(texts, [None], name="words")
    positive = tf.greater(x, 0.0)
    made = {}
    made.update(_shapes(tf, x, n, anything))
    made.update(_slices(tf, x, n, anything))
    made.update(_joined(tf, x, n))
    made.update(_gathered(tf, x, n, positive))
    made.update(_strings(tf, x, n, words))
    return made


def _shapes(tf, x, n, anything):
    yield "identity", tf.identity(x)
    yield "stop", tf.stop_gradient(x)
    yield "shape", tf.shape(x)
    yield "shape64", tf.shape(x, out_type=tf.int64)
    yield "shape_known", tf.shape(tf.zeros([2, 3]))
    yield "shape_any", tf.shape(anything)
    yield "size", tf.size(x)
    yield "rank", tf.rank(x)
    yield "rank_any", tf.rank(anything)
    yield "reshape", tf.reshape(x, [-1])
    yield "reshape_packed", tf.reshape(x, [tf.shape(x)[0], 3, 1])
    yield "expand", tf.expand_dims(x, -1)
    yield "expand_front", tf.expand_dims(x, 0, name="front")
    yield "squeeze", tf.squeeze(tf.expand_dims(x, 1), 1)
    yield "squeeze_all", tf.squeeze(tf.ones([1, 2, 1]))
    yield "transpose", tf.transpose(x)
    yield "transpose_any", tf.transpose(anything)
    yield "transpose_perm", tf.transpose(anything, [2, 0, 1])
    yield "zeros", tf.zeros([2])
    yield "zeros_large", tf.zeros([50, 30], tf.int64)[:2, :2]
    yield "zeros_bool", tf.zeros([2], tf.bool)
    yield "zeros_string", tf.zeros([2], tf.string)
    yield "ones", tf.ones(tf.shape(x))
    yield "zeros_like", tf.zeros_like(x)
    yield "zeros_like_int", tf.zeros_like(x, dtype=tf.int32)
    yield "ones_like", tf.ones_like(x)
    yield "fill", tf.fill([2, n + 1], 7.0)
    yield "broadcast_to", tf.broadcast_to(x, [2, 4, 3])
    yield "placeholder", tf.placeholder_with_default([1, 2], [None], name="held")
    yield "range", tf.range(3)
    yield "range_bounds", tf.range(1, n + 7, 2)
    yield "range_float", tf.range(0.0, 1.0, 0.1)
    yield "range_down", tf.range(5, -1, -2)
    yield "linspace", tf.linspace(0.0, 1.0, 4)
    yield "sequence_mask", tf.sequence_mask([1, 3], 4)
    yield "sequence_mask_open", tf.sequence_mask([[1], [3]], dtype=tf.float32)
    yield "invert_permutation", tf.invert_permutation([2, 0, 1])
    yield "matrix_transpose", tf.matrix_transpose(tf.zeros([2, 3, 1]))


def _slices(tf, x, n, anything):
    yield "column", x[:, 0]
    yield "row", x[n]
    yield "rows_from", x[n:]
    yield "rows_to", x[: n + 1]
    yield "new_axis", x[:, None]
    yield "ellipsis", anything[..., 0]
    yield "mixed", x[1:, ..., None]
    yield "last", x[-1]
    yield "reversed", x[::-1, ::2]
    yield "negative", x[-3:-1, -1]
    yield "masked", x[x > 0.0]
    yield "int64_bounds", x[tf.constant(1, tf.int64) :]
    yield "slice", tf.slice(x, [0, 1], [2, -1])
    yield "strided", tf.strided_slice(x, [0], [n + 1])
    yield "strided_masks", tf.strided_slice(x, [1, 0], [3, 0], [1, 1], end_mask=2)
    yield "reverse", tf.reverse(x, [0])
    yield "pad", tf.pad(x, [[1, 1], [0, n]])
    yield "pad_value", tf.pad(x, [[0, 1], [0, 0]], constant_values=9.0)
    yield "pad_reflect", tf.pad(x, [[1, 2], [0, 1]], "REFLECT")
    yield "pad_symmetric", tf.pad(x, [[2, 0], [1, 0]], "symmetric")


def _joined(tf, x, n):
    yield "concat", tf.concat([x, x], 0)
    yield "concat_last", tf.concat([x, tf.zeros_like(x)], -1)
    yield "concat_one", tf.concat([x], 0)
    yield "stack", tf.stack([x, x])
    yield "stack_last", tf.stack([x, x], axis=-1)
    yield "stack_numbers", tf.stack([n, 1, 2])
    yield "unstack", tf.unstack(x, axis=1)
    yield "split", tf.split(x, 3, 1)
    yield "split_sizes", tf.split(x, [1, 2], axis=1)
    yield "tile", tf.tile(x, [1, n + 1])


def _gathered(tf, x, n, positive):
    yield "gather", tf.gather(x, [2, 0])
    yield "gather_axis", tf.gather(x, [[0], [n]], axis=1)
    yield "gather_batch", tf.gather(x, [[0, 1], [2, 2], [1, 1], [0, 0]], batch_dims=1)
    yield "gather_nd", tf.gather_nd(x, [[0, 0], [3, 2]])
    yield "gather_nd_rows", tf.gather_nd(x, [[0], [3]])
    yield "scatter_nd", tf.scatter_nd([[1], [1], [3]], [1.0, 2.0, 4.0], [5])
    yield "one_hot", tf.one_hot([1, 2, 5, -1], 3)
    yield "one_hot_values", tf.one_hot([0, n], 3, on_value=2, off_value=-1, axis=0)
    yield "one_hot_bool", tf.one_hot([[0], [1]], 2, True, False, dtype=tf.bool, axis=1)
    yield "where", tf.where(positive)
    yield "where_select", tf.where(positive, x, -x)
    yield "where_rows", tf.where(positive[:, 0], x, tf.zeros_like(x))
    yield "where_scalar", tf.where(n > 0, x, tf.zeros_like(x))
    yield "boolean_mask", tf.boolean_mask(x, positive[:, 0])
    yield "boolean_mask_axis", tf.boolean_mask(x, [True, False, True], axis=1)
    yield "segment_sum", tf.unsorted_segment_sum(x, [0, 2, 0, -1], 3)


def _strings(tf, x, n, words):
    yield "as_string", tf.as_string(x)
    for number, options in enumerate(AS_STRING_OPTIONS):
        yield "as_string_%d" % number, tf.as_string(tf.constant([1 / 3, -1234.5, 1e10, 0.0]), **options)
        yield "as_string_%d_double" % number, tf.as_string(tf.constant([1 / 3, -1e-5], tf.float64), **options)
    for number, options in enumerate(AS_STRING_EXACT_OPTIONS):
        yield "as_string_int_%d" % number, tf.as_string(tf.constant([7, -42, 0]), **options)
        yield "as_string_bool_%d" % number, tf.as_string(tf.constant([True, False]), **options)
    yield "as_string_special", tf.as_string([float("nan"), float("inf"), -float("inf")], width=6, fill="0")
    yield "as_string_int64", tf.as_string(tf.constant(2**40, tf.int64))
    yield "as_string_complex", tf.as_string(tf.constant([1 + 2j], tf.complex64), precision=1)
    yield "join", tf.strings.join(["a", words, tf.as_string(n)], separator="-")
    yield "reduce_join", tf.reduce_join([["a", "b"], ["c", "d"]], 0)
    yield "reduce_join_all", tf.reduce_join([["a", "b"], ["c", "d"]], [0, 1], separator=",", keep_dims=True)
    yield "to_number", tf.string_to_number(["1.5", " -3", "1e3", "inf"])
    yield "to_int", tf.string_to_number(["15", "-3"], tf.int32)
    yield "substr", tf.strings.substr("abcdef", [0, 2, -3], [1, 10, 2])
    yield "substr_utf8", tf.strings.substr(words, 0, 3, unit="UTF8_CHAR")
    yield "replace", tf.regex_replace(words, "([a-z])o", "<\\1\\0>")
    yield "replace_first", tf.strings.regex_replace(words, "l", "L", replace_global=False)
    yield "replace_dynamic", tf.regex_replace(words, tf.constant("l+"), "")
    yield "full_match", tf.strings.regex_full_match(words, "[A-Z].*")
    yield "length", tf.strings.length(words)
    yield "length_utf8", tf.strings.length(words, unit="UTF8_CHAR")
    yield "strip", tf.strings.strip(words)
    yield "lower", tf.strings.lower(words)
    yield "upper", tf.strings.upper(words)
    yield "format", tf.strings.format("{}: {}", [words, tf.range(10)])


AS_STRING_OPTIONS = [
    {},
    {"precision": 2},
    {"scientific": True},
    {"scientific": True, "precision": 1},
    {"shortest": True},
    {"shortest": True, "precision": 3},
    {"width": 14},
    {"width": 14, "fill": "0"},
    {"width": 14, "fill": "-", "precision": 1},
    {"width": 14, "fill": "+"},
    {"width": 14, "fill": " "},
]
AS_STRING_EXACT_OPTIONS = [{}, {"width": 5}, {"width": 5, "fill": "0"}, {"width": 5, "fill": "-"}]


def _described(tensor, value):
    array = np.asarray(value)
    kind = array.dtype.kind
    values = (
        [item.decode("latin-1") for item in array.ravel()]
        if kind in "OS"
        else [repr(item) for item in array.ravel().tolist()]
    )
    return {"name": tensor.name, "dtype": tensor.dtype.name, "shape": list(array.shape), "values": values}


def main(path):
    import tensorflow as tf

    with tf.Graph().as_default(), tf.Session() as session:
        made = build(tf)
        values = session.run(made)
    found = {}
    for key in sorted(made):
        parts = isinstance(made[key], list)
        tensors, arrays = (made[key], values[key]) if parts else ([made[key]], [values[key]])
        found[key] = [_described(*pair) for pair in zip(tensors, arrays)]
    with open(path, "w") as file:
        json.dump(found, file, indent=None, separators=(",", ":"), sort_keys=True)
        file.write("\n")


if __name__ == "__main__":
    main(sys.argv[1])
