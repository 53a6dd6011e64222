"""Writes tests/golden/events/summary_values.npz: inputs and what the summary ops of TensorFlow 1.15 made of them.

Run with TensorFlow 1.15: `python tests/golden/make/summary_values.py`.

The archive holds, for each case, `<kind>/<case>/in` (the array) and `<kind>/<case>/out` (the serialized Summary proto;
for an input that TensorFlow refuses, `<kind>/<case>/error`, the first line of its message). `max_outputs`,
`sample_rate` and `bad_color` are in the table below and in `<kind>/<case>/<option>`.
"""

from __future__ import annotations

import os

import numpy as np
import tensorflow as tf

OUTPUT = os.path.join(os.path.dirname(__file__), "..", "events", "summary_values.npz")
RANDOM = np.random.RandomState(0)
NAN, INF = np.nan, np.inf
LIMIT = 1e-12 * 1.1  # a bucket limit: a value that equals it belongs above it

SCALARS = {
    "float32": np.float32(0.1),
    "float64": np.float64(0.1),
    "float16": np.float16(0.1),
    "int32": np.int32(-7),
    "int64": np.int64(2**40 + 1),
    "uint8": np.uint8(200),
    "zero": np.float32(0),
    "negative_zero": np.float32(-0.0),
    "nan": np.float32(NAN),
    "infinity": np.float64(-INF),
    "overflow": np.float64(1e300),
    "one_element": np.ones([1, 1], np.float32) * 3,
}
HISTOGRAMS = {
    "normal": RANDOM.normal(size=300).astype(np.float32),
    "matrix": RANDOM.normal(size=[5, 7]) * 1e3,
    "empty": np.zeros([0], np.float32),
    "single": np.array([2.5], np.float32),
    "zeros": np.zeros([4], np.float32),
    "negative_zero": np.array([-0.0], np.float32),
    "signs": np.array([-3, -1e-13, -1e-30, 0, 1e-30, 1e-13, 5], np.float64),
    "limits": np.array([1e-12, LIMIT, -1e-12, -LIMIT, 1e-12 * 1.1 * 1.1], np.float64),
    "huge": np.array([1e19, 1e20, 1e30, -1e25, 3e38], np.float64),
    "int32": np.arange(-5, 6, dtype=np.int32),
    "int64": np.array([2**62, -(2**62)], np.int64),
    "uint8": np.arange(256, dtype=np.uint8),
    "float16": RANDOM.normal(size=20).astype(np.float16),
    "scalar": np.float32(1.5),
    "rounding": np.array([1e16, 1, -1e16, 1, 0.1, 0.2, 0.3] * 20, np.float64),
    "nan": np.array([1, NAN], np.float32),
    "infinity": np.array([1, INF], np.float32),
}
GRADIENT = np.linspace(-1, 1, 2 * 3 * 4 * 3).reshape(2, 3, 4, 3).astype(np.float32)
HOLES = GRADIENT.copy()
HOLES[0, 0, 0, 0] = NAN
HOLES[0, 1, 1, 1] = INF
HOLES[1, 2, 2, 2] = -INF
IMAGES = {
    "signed_rgb": (GRADIENT, {"max_outputs": 3}),
    "positive_rgb": (np.abs(GRADIENT), {"max_outputs": 2}),
    "one_output": (GRADIENT, {"max_outputs": 1}),
    "grey": (RANDOM.rand(4, 5, 3, 1).astype(np.float32), {"max_outputs": 3}),
    "rgba": (RANDOM.normal(size=(1, 3, 3, 4)).astype(np.float32), {"max_outputs": 3}),
    "holes": (HOLES, {"max_outputs": 3}),
    "holes_coloured": (HOLES, {"max_outputs": 3, "bad_color": np.array([1, 2, 3, 4], np.uint8)}),
    "grey_holes": (HOLES[..., :1], {"max_outputs": 3}),
    "rgba_holes": (np.concatenate([HOLES, HOLES[..., :1]], -1), {"max_outputs": 3}),
    "all_nan": (np.full([1, 2, 2, 3], NAN, np.float32), {"max_outputs": 3}),
    "zeros": (np.zeros([1, 2, 2, 1], np.float32), {"max_outputs": 3}),
    "tiny": (np.full([1, 2, 2, 1], 1e-7, np.float32), {"max_outputs": 3}),
    "tiny_negative": (np.full([1, 2, 2, 1], -1e-7, np.float32), {"max_outputs": 3}),
    "float16": (RANDOM.normal(size=(1, 8, 8, 3)).astype(np.float16), {"max_outputs": 3}),
    "float64": (RANDOM.normal(size=(1, 8, 8, 3)), {"max_outputs": 3}),
    "float32": (RANDOM.normal(size=(1, 8, 8, 3)).astype(np.float32), {"max_outputs": 3}),
    "uint8": (RANDOM.randint(0, 256, (2, 4, 6, 3)).astype(np.uint8), {"max_outputs": 3}),
    "uint8_grey": (RANDOM.randint(0, 256, (1, 4, 6, 1)).astype(np.uint8), {"max_outputs": 1}),
    "empty_batch": (np.zeros([0, 4, 4, 1], np.float32), {"max_outputs": 3}),
    "two_channels": (np.zeros([1, 4, 4, 2], np.float32), {"max_outputs": 3}),
}
WAVE = np.sin(np.arange(40) / 3).astype(np.float32)
EDGES = np.array([0.5, 1.5, -0.5, -1.5, 2.5, 32767, 32768, -32768, -32769, 1e6, -1e6], np.float32) / 32768
AUDIO = {
    "mono": (WAVE.reshape(2, 20), {"max_outputs": 3, "sample_rate": 8000.0}),
    "mono_rank_3": (WAVE.reshape(2, 20, 1), {"max_outputs": 3, "sample_rate": 44100.0}),
    "stereo": (WAVE.reshape(2, 10, 2), {"max_outputs": 2, "sample_rate": 22050.5}),
    "one_output": (WAVE.reshape(2, 20), {"max_outputs": 1, "sample_rate": 8000.0}),
    "edges": (EDGES[None], {"max_outputs": 1, "sample_rate": 16000.0}),
    "empty_batch": (np.zeros([0, 5], np.float32), {"max_outputs": 3, "sample_rate": 8000.0}),
    "not_finite": (np.array([[NAN, INF, -INF]], np.float32), {"max_outputs": 3, "sample_rate": 8000.0}),
}
TEXTS = {
    "scalar": np.array(b"a *word*", object),
    "vector": np.array([b"one", b"", "zw\u00f6lf".encode()], object),
    "matrix": np.array([[b"a", b"b"], [b"c", b"\xff\x00"]], object),
    "empty": np.array([], object),
}


def audio(tag, value, options):
    return tf.summary.audio(tag, value, options["sample_rate"], options["max_outputs"])


def image(tag, value, options):
    if "bad_color" not in options:
        return tf.summary.image(tag, value, options["max_outputs"])
    with tf.name_scope(None):
        op = tf.get_default_graph().create_op(
            "ImageSummary",
            [tf.constant(tag), tf.convert_to_tensor(value)],
            [tf.string],
            attrs={
                "max_images": tf.AttrValue(i=options["max_outputs"]),
                "bad_color": tf.AttrValue(tensor=tf.make_tensor_proto(options["bad_color"])),
            },
        )
    return op.outputs[0]


KINDS = {
    "scalar": (SCALARS, lambda tag, value, options: tf.summary.scalar(tag, value)),
    "histogram": (HISTOGRAMS, lambda tag, value, options: tf.summary.histogram(tag, value)),
    "image": (IMAGES, image),
    "audio": (AUDIO, audio),
    "text": (TEXTS, lambda tag, value, options: tf.summary.text(tag, value)),
}


def run(build, value, options):
    with tf.Graph().as_default(), tf.compat.v1.Session() as session:
        try:
            # A constant first: given an array, the ops convert float64 to their default, float32.
            tensor = tf.constant(value, tf.string if value.dtype == object else None)
            return "out", np.frombuffer(session.run(build("tag", tensor, options)), np.uint8)
        except (tf.errors.OpError, ValueError) as error:
            message = getattr(error, "message", str(error))
            return "error", np.array(message.split("\n")[0])


def main():
    arrays = {}
    for kind, (cases, build) in KINDS.items():
        for case, value in cases.items():
            value, options = value if isinstance(value, tuple) else (value, {})
            stored = np.array(repr(value.tolist())) if value.dtype == object else value
            arrays["%s/%s/in" % (kind, case)] = stored
            for option, setting in options.items():
                arrays["%s/%s/%s" % (kind, case, option)] = np.asarray(setting)
            name, result = run(build, value, options)
            arrays["%s/%s/%s" % (kind, case, name)] = result
    np.savez_compressed(OUTPUT, **arrays)


main()
