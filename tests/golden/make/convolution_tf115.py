"""Writes golden/convolution/values.json with TensorFlow 1.15.0: convolutions and pooling, and their gradients.

Run with a Python that has it: `python tests/golden/make/convolution_tf115.py`.

Each case has `function` (in tf.nn), `shapes` of its tensors, `keywords`, and `outputs` and `gradients`: those of
`sum(output * weights)` by each tensor. Tensors and weights are `distinct(shape)`, which `test_convolution.py` repeats.
"""

import json
import pathlib

import numpy as np
import tensorflow as tf

TARGET = pathlib.Path(__file__).resolve().parent.parent / "convolution" / "values.json"

X, K = [2, 5, 6, 3], [3, 2, 3, 4]
POOLS = ("max_pool", "avg_pool")
CASES = [
    *[
        ("conv2d", [X, K], {"strides": strides, "padding": padding})
        for strides in ([1, 1, 1, 1], [1, 2, 2, 1], 3, [2, 1])
        for padding in ("SAME", "VALID")
    ],
    ("conv2d", [X, K], {"strides": 1, "padding": [[0, 0], [2, 0], [1, 3], [0, 0]]}),
    ("conv2d", [X, [1, 1, 3, 2]], {"strides": 1, "padding": "VALID"}),
    ("conv2d", [X, [1, 1, 3, 2]], {"strides": 2, "padding": "SAME"}),
    ("conv2d", [[2, 6, 6, 1], [3, 3, 1, 8]], {"strides": 1, "padding": "SAME"}),
    ("conv2d", [[2, 4, 4, 2], [4, 4, 2, 3]], {"strides": 1, "padding": "VALID"}),
    ("convolution", [X, [2, 2, 3, 4]], {"padding": "SAME", "dilation_rate": [2, 2]}),
    ("convolution", [X, [2, 2, 3, 4]], {"padding": "VALID", "dilation_rate": [2, 3]}),
    ("convolution", [X, K], {"padding": "SAME", "strides": [2, 2]}),
    ("convolution", [[2, 7, 3], [3, 3, 2]], {"padding": "SAME", "strides": [2]}),
    ("conv1d", [[2, 7, 3], [3, 3, 2]], {"stride": 2, "padding": "VALID"}),
    ("conv1d", [[2, 7, 3], [4, 3, 2]], {"stride": 1, "padding": "SAME"}),
    (
        "conv2d_transpose",
        [[2, 3, 3, 4], [3, 2, 3, 4]],
        {"output_shape": [2, 5, 6, 3], "strides": [1, 2, 2, 1], "padding": "SAME"},
    ),
    (
        "conv2d_transpose",
        [[2, 3, 5, 4], [3, 2, 3, 4]],
        {"output_shape": [2, 5, 6, 3], "strides": [1, 1, 1, 1], "padding": "VALID"},
    ),
    *[
        ("depthwise_conv2d", [X, [3, 2, 3, multiplier]], {"strides": [1, stride, stride, 1], "padding": padding})
        for multiplier, stride, padding in ((1, 1, "SAME"), (2, 1, "VALID"), (2, 2, "SAME"))
    ],
    ("depthwise_conv2d", [X, [2, 2, 3, 2]], {"strides": [1, 1, 1, 1], "padding": "SAME", "rate": [2, 2]}),
    ("separable_conv2d", [X, [3, 2, 3, 2], [1, 1, 6, 4]], {"strides": [1, 1, 1, 1], "padding": "SAME"}),
    *[
        (name, [X], {"ksize": ksize, "strides": strides, "padding": padding})
        for name in POOLS
        for ksize, strides in (([1, 2, 2, 1], [1, 2, 2, 1]), ([3, 2], 1), (2, 3), (3, [2, 1]))
        for padding in ("SAME", "VALID")
    ],
    *[
        (name, [[2, 7, 3]], {"ksize": 3, "strides": 2, "padding": padding})
        for name in ("max_pool1d", "avg_pool1d")
        for padding in ("SAME", "VALID")
    ],
]


def distinct(shape):
    """Numbers of both signs in an order without pattern, many of which come twice, as in images."""
    count = int(np.prod(shape))
    return ((np.arange(count) * 37 % 101 - 50) / 16.0).reshape(shape).astype(np.float32)


def run(name, shapes, keywords):
    with tf.Graph().as_default(), tf.compat.v1.Session() as session:
        tensors = [tf.constant(distinct(shape)) for shape in shapes]
        output = getattr(tf.nn, name)(*tensors, **keywords)
        weights = tf.constant(distinct(output.shape.as_list()))
        grads = tf.gradients(tf.reduce_sum(output * weights), tensors)
        value, slopes = session.run([output, grads])
    return {"output": stated(value), "gradients": [stated(slope) for slope in slopes]}


def stated(value):
    return {"shape": list(value.shape), "values": [float("%.7g" % item) for item in value.ravel()]}


def main():
    lines = []
    for name, shapes, keywords in CASES:
        case = {"function": name, "shapes": shapes, "keywords": keywords}
        try:
            case.update(run(name, shapes, keywords))
        except tf.errors.OpError as error:
            print(name, keywords, type(error).__name__, str(error)[:200])
            continue
        lines.append(json.dumps(case))
    TARGET.write_text("[\n" + ",\n".join(lines) + "\n]\n")


if __name__ == "__main__":
    main()
