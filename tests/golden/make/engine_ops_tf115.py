"""Writes tests/golden/engine_ops/values.json: what operations of TensorFlow 1.15 give where texts disagree.

Run with TensorFlow 1.15: `python tests/golden/make/engine_ops_tf115.py`.

The file is a list of cases: `function` (its path under `tf`), `arguments` (arrays, plain values or None) with
`keywords`, `moved` (the places of the arguments that gradients were taken by), and either `outputs` and `gradients`
or `error` (the class that running it raised). The gradients are those of the sum of the first output. An array is
`{"dtype", "shape", "values"}`; infinities and NaN are as Python's json module writes them.
"""

import json
import os

import numpy as np
import tensorflow as tf

OUTPUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "engine_ops", "values.json")
NAN, INF = np.nan, np.inf


def f32(*values):
    return np.array(values, np.float32)


def i32(*values):
    return np.array(values, np.int32)


def grid(left, right, dtype):
    """All pairs of two lists."""
    pairs = np.array([(a, b) for a in left for b in right], dtype)
    return pairs[:, 0].copy(), pairs[:, 1].copy()


CORNERS = [-INF, -7.5, -2.0, -0.0, 0.0, 0.5, 2.0, 3.0, INF, NAN]
DIVIDENDS = grid(
    [-7.5, -6.0, -1.0, -0.0, 0.0, 1.0, 6.0, 7.5, INF, -INF, NAN],
    [-INF, -2.0, -0.3, 0.0, 0.1, 3.0, INF, NAN],
    np.float32,
)
DOUBLES = grid([-7.5, -6.0, -1.0, 0.0, 1.0, 6.0, 7.5], [-2.0, -0.3, 0.1, 3.0], np.float64)
INTEGERS = grid([-7, -6, -1, 0, 1, 6, 7], [-3, -2, -1, 1, 2, 3], np.int32)
POWERS = grid(
    [-INF, -2.0, -1.0, -0.0, 0.0, 0.5, 1.0, 3.0, INF, NAN],
    [-INF, -2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0, 3.0, INF, NAN],
    np.float32,
)
SIMPLE_POWERS = grid([0.0, 0.5, 1.0, 3.0], [0.0, 1.0, 2.0, 3.0], np.float32)
LOGITS = np.array([[1.0, 2.0, 3.0], [0.0, 0.0, 0.0], [100.0, -100.0, 0.0], [1e4, 1e4, -1e4]], np.float32)
DISTRIBUTIONS = np.array([[0.0, 0.0, 1.0], [0.2, 0.3, 0.5], [0.0, 1.0, 0.0], [0.5, 0.5, 0.0]], np.float32)
CUBE = (np.arange(12) % 5).astype(np.float32).reshape(2, 2, 3)
EXTREMES = f32(-1000.0, -100.0, -20.0, -1.0, -0.0, 0.0, 1.0, 20.0, 100.0, 1000.0)
TIES = np.array([[1.0, 3.0, 3.0, 2.0], [5.0, 5.0, 5.0, 5.0], [-1.0, -3.0, -3.0, -2.0]], np.float32)
SMALL = np.arange(6, dtype=np.float32).reshape(2, 3)

# (function, arguments, keywords, places of the arguments to differentiate by)
CASES = [
    *[(name, DIVIDENDS, {}, ()) for name in ("floordiv", "mod", "truediv", "div_no_nan", "realdiv", "truncatemod")],
    *[(name, DOUBLES, {}, (0, 1)) for name in ("mod", "truediv", "div_no_nan")],
    ("floordiv", DOUBLES, {}, ()),
    *[
        (name, INTEGERS, {}, ())
        for name in ("floordiv", "mod", "truediv", "div", "truncatediv", "truncatemod", "divide")
    ],
    ("truediv", (np.array([1, 2, 3], np.uint8), np.array([2, 2, 2], np.uint8)), {}, ()),
    ("truediv", (np.array([1, 2], np.int64), np.array([3, 4], np.int64)), {}, ()),
    ("div", (f32(7.0, -7.0), f32(2.0, 2.0)), {}, ()),
    ("floordiv", (i32(1, 2), i32(1, 0)), {}, ()),
    ("mod", (i32(1, 2), i32(0, 1)), {}, ()),
    ("pow", POWERS, {}, ()),
    ("pow", SIMPLE_POWERS, {}, (0, 1)),
    ("pow", (f32(-2.0, -1.0, 0.0, 3.0), np.float32(2.0)), {}, (0, 1)),
    ("pow", grid([-3, -1, 0, 1, 2], [0, 1, 2, 5], np.int32), {}, ()),
    ("pow", (i32(2), i32(-1)), {}, ()),
    ("maximum", (f32(1.0, 2.0, 3.0, NAN), f32(2.0, 2.0, 1.0, 0.0)), {}, (0, 1)),
    ("minimum", (f32(1.0, 2.0, 3.0, NAN), f32(2.0, 2.0, 1.0, 0.0)), {}, (0, 1)),
    ("squared_difference", (i32(1, -5), i32(4, 2)), {}, ()),
    ("abs", (f32(-1.5, -0.0, 0.0, 2.0),), {}, (0,)),
    ("sign", (f32(-1.5, -0.0, 0.0, 2.0, INF),), {}, ()),
    ("sign", (i32(-4, 0, 9),), {}, ()),
    ("sqrt", (f32(-1.0, -0.0, 0.0, 4.0, INF),), {}, (0,)),
    ("rsqrt", (f32(0.0, 4.0, INF),), {}, (0,)),
    ("reciprocal", (f32(-2.0, 0.0, INF),), {}, (0,)),
    ("log", (f32(-1.0, 0.0, 1.0, INF),), {}, (0,)),
    ("log1p", (f32(-2.0, -1.0, 0.0, 1e-8),), {}, (0,)),
    ("round", (f32(-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 0.49999997),), {}, ()),
    ("rint", (f32(-2.5, -1.5, -0.5, 0.5, 1.5, 2.5),), {}, ()),
    ("sigmoid", (EXTREMES[1:-1],), {}, (0,)),
    ("tanh", (EXTREMES,), {}, (0,)),
    ("xlogy", (f32(0.0, 0.0, 2.0), f32(0.0, 1.0, 3.0)), {}, (0, 1)),
    ("xdivy", (f32(0.0, 0.0, 2.0), f32(0.0, 1.0, 3.0)), {}, (0, 1)),
    *[("cast", (f32(-2.7, -0.5, 0.0, 0.5, 2.7), kind), {}, ()) for kind in ("int32", "int64", "bool", "float64")],
    ("cast", (i32(-2, 0, 300), "uint8"), {}, ()),
    ("cast", (np.array([True, False]), "float32"), {}, ()),
    ("saturate_cast", (f32(-2.0, 100.0, 300.0), "uint8"), {}, ()),
    *[(name, (TIES,), {"axis": 1}, ()) for name in ("argmax", "argmin")],
    ("argmax", (TIES,), {"axis": 0, "output_type": "int32"}, ()),
    ("argmax", (TIES,), {}, ()),
    *[
        (name, (TIES,), {"axis": 1}, (0,))
        for name in ("reduce_max", "reduce_min", "reduce_prod", "reduce_sum", "reduce_mean", "reduce_logsumexp")
    ],
    *[(name, (TIES,), {}, (0,)) for name in ("reduce_max", "reduce_min")],
    ("reduce_prod", (np.array([[2.0, 0.0, 3.0], [0.0, 0.0, 4.0], [1.0, 2.0, 3.0]], np.float32),), {"axis": 1}, (0,)),
    ("reduce_mean", (np.array([[1, 2, 4], [-1, -2, -2]], np.int32),), {"axis": 1}, ()),
    ("reduce_mean", (i32(-1, -1, -3),), {}, ()),
    ("reduce_sum", (np.array([100, 100, 100], np.uint8),), {}, ()),
    *[
        (name, (np.zeros([0, 3], np.float32),), {"axis": 0}, ())
        for name in ("reduce_sum", "reduce_max", "reduce_min", "reduce_prod", "reduce_mean")
    ],
    *[(name, (np.zeros([0, 3], np.bool_),), {"axis": 0}, ()) for name in ("reduce_all", "reduce_any")],
    ("reduce_max", (np.zeros([0], np.int32),), {}, ()),
    ("reduce_sum", (SMALL,), {"axis": [], "keepdims": True}, (0,)),
    ("reduce_sum", (SMALL,), {"axis": [1], "keep_dims": True}, (0,)),
    ("reduce_mean", (SMALL,), {"reduction_indices": [0]}, (0,)),
    ("reduce_logsumexp", (np.array([[-INF, -INF], [INF, 0.0], [1000.0, 1000.0]], np.float32),), {"axis": 1}, ()),
    ("count_nonzero", (TIES - 3,), {"axis": 1}, ()),
    *[
        (name, (SMALL + 1,), {"axis": 1, "exclusive": exclusive, "reverse": reverse}, (0,))
        for name in ("cumsum", "cumprod")
        for exclusive in (False, True)
        for reverse in (False, True)
    ],
    ("matmul", (np.ones([2, 0], np.float32), np.ones([0, 3], np.float32)), {}, ()),
    ("matmul", (np.array([[1, 2], [3, 4]], np.int32), np.array([[1, 0], [2, -1]], np.int32)), {}, ()),
    ("nn.relu", (f32(-1.0, -0.0, 0.0, 2.0),), {}, (0,)),
    ("nn.relu6", (f32(-1.0, 0.0, 3.0, 6.0, 7.0),), {}, (0,)),
    ("nn.leaky_relu", (f32(-1.0, 0.0, 3.0),), {"alpha": 0.3}, (0,)),
    *[("nn." + name, (EXTREMES,), {}, (0,)) for name in ("elu", "selu", "softplus", "softsign")],
    ("log_sigmoid", (EXTREMES,), {}, (0,)),
    ("nn.softmax", (LOGITS,), {}, (0,)),
    ("nn.softmax", (CUBE,), {"axis": 1}, (0,)),
    ("nn.softmax", (LOGITS,), {"dim": 0}, (0,)),
    ("nn.log_softmax", (LOGITS,), {}, (0,)),
    ("nn.log_softmax", (np.array([[0.0, -INF]], np.float32),), {}, ()),
    ("nn.softmax_cross_entropy_with_logits_v2", (DISTRIBUTIONS, LOGITS), {}, (0, 1)),
    ("nn.softmax_cross_entropy_with_logits_v2", (DISTRIBUTIONS.astype(np.int32), LOGITS), {}, (1,)),
    ("nn.softmax_cross_entropy_with_logits_v2", (CUBE / 4, CUBE), {"axis": 1}, (1,)),
    ("nn.softmax_cross_entropy_with_logits", (None, DISTRIBUTIONS, LOGITS), {}, (2,)),
    ("nn.sparse_softmax_cross_entropy_with_logits", (None, i32(2, 0, 1, 2), LOGITS), {}, (2,)),
    (
        "nn.sparse_softmax_cross_entropy_with_logits",
        (None, np.array([[2, 0], [1, 1]], np.int64), CUBE.astype(np.float64)),
        {},
        (2,),
    ),
    ("nn.sparse_softmax_cross_entropy_with_logits", (None, i32(2, 3, 1, 2), LOGITS), {}, ()),
    ("nn.sparse_softmax_cross_entropy_with_logits", (None, i32(2, -1, 1, 2), LOGITS), {}, ()),
    ("nn.sigmoid_cross_entropy_with_logits", (None, f32(*([0.0, 1.0] * 5)), EXTREMES), {}, (1, 2)),
    ("nn.sigmoid_cross_entropy_with_logits", (None, f32(*([1.0, 0.25] * 5)), EXTREMES), {}, (1, 2)),
    ("nn.weighted_cross_entropy_with_logits", (f32(*([1.0, 0.25] * 5)), EXTREMES, 2.5), {}, (1,)),
    ("nn.log_poisson_loss", (f32(0.0, 1.0, 2.0, 5.0), f32(0.0, 1.0, -1.0, 0.5)), {}, (1,)),
    ("nn.log_poisson_loss", (f32(1.0, 2.0, 5.0), f32(1.0, -1.0, 0.5)), {"compute_full_loss": True}, (1,)),
    ("nn.bias_add", (CUBE, f32(1.0, 2.0)), {"data_format": "NCHW"}, (0, 1)),
    ("nn.l2_loss", (TIES,), {}, (0,)),
    ("nn.l2_normalize", (np.array([[3.0, 4.0], [0.0, 0.0]], np.float32),), {"axis": 1}, (0,)),
    ("nn.zero_fraction", (TIES - 3,), {}, ()),
    ("nn.moments", (TIES, [0]), {}, (0,)),
    ("nn.moments", (TIES, [1]), {"keep_dims": True}, (0,)),
    ("nn.top_k", (TIES,), {"k": 3}, (0,)),
    ("nn.top_k", (f32(1.0, NAN, 3.0),), {"k": 2}, ()),
    ("nn.in_top_k", (TIES, i32(1, 3, 2)), {"k": 1}, ()),
    ("nn.in_top_k", (TIES, i32(1, 3, 2)), {"k": 3}, ()),
    (
        "nn.in_top_k",
        (
            np.array(
                [
                    [INF, 1.0, 0.0],
                    [1.0, NAN, 0.0],
                    [1.0, 2.0, 0.0],
                    [1.0, NAN, 0.0],
                    [-INF, 1.0, 2.0],
                    [0.0, INF, 5.0],
                    [-INF, 5.0, 1.0],
                ],
                np.float32,
            ),
            i32(0, 1, 3, 0, 2, 2, 2),
        ),
        {"k": 2},
        (),
    ),
    ("clip_by_value", (f32(-2.0, -1.0, 0.0, 1.0, 2.0), -1.0, 1.0), {}, (0,)),
    ("clip_by_norm", (f32(3.0, 4.0), 2.0), {}, (0,)),
    ("clip_by_norm", (f32(0.0, 0.0), 2.0), {}, (0,)),
    ("clip_by_norm", (f32(0.3, 0.4), 2.0), {}, (0,)),
    ("clip_by_average_norm", (f32(3.0, 4.0), 2.0), {}, ()),
    ("tensordot", (CUBE, CUBE, [[0, 1], [1, 0]]), {}, (0,)),
]


def stated(value):
    """A value as json takes it."""
    if not isinstance(value, (np.ndarray, np.generic)):
        return value
    return {"dtype": str(value.dtype), "shape": list(value.shape), "values": np.asarray(value).ravel().tolist()}


def found(path):
    place = tf
    for part in path.split("."):
        place = getattr(place, part) if hasattr(place, part) else getattr(place.math, part)
    return place


def run(function, arguments, keywords, moved):
    with tf.Graph().as_default(), tf.compat.v1.Session() as session:
        tensors = [tf.constant(value) if isinstance(value, (np.ndarray, np.generic)) else value for value in arguments]
        result = found(function)(*tensors, **keywords)
        outputs = list(result) if isinstance(result, tuple) else [result]
        grads = tf.gradients(outputs[0], [tensors[place] for place in moved]) if moved else []
        try:
            values, gradients = session.run([outputs, [0.0 if grad is None else grad for grad in grads]])
        except tf.errors.OpError as error:
            return {"error": type(error).__name__}
    return {
        "outputs": [stated(value) for value in values],
        "gradients": [None if grad is None else stated(value) for grad, value in zip(grads, gradients)],
    }


def main():
    lines = []
    for function, arguments, keywords, moved in CASES:
        case = {
            "function": function,
            "arguments": [stated(value) for value in arguments],
            "keywords": keywords,
            "moved": list(moved),
        }
        case.update(run(function, arguments, keywords, moved))
        lines.append(json.dumps(case))
    with open(OUTPUT, "w") as file:
        file.write("[\n" + ",\n".join(lines) + "\n]\n")


if __name__ == "__main__":
    main()
