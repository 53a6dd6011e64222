"""Writes golden/engine/batch_normalization.npz with TensorFlow 1.15.0: outputs, gradients and moving averages.

Run with a Python that has it: `python tests/golden/make/batch_normalization_tf115.py`.

For each `CASE` of `CASES`: `x` (the inputs of two steps), `gamma`, `beta`, `outputs` (while training, of each step),
`x_grad` and `gamma_grad` (of `sum(outputs ** 3)` in the first step), `moving_mean` and `moving_variance` after both
steps, and `inferred` (the outputs for the first step's inputs, from the moving averages).
"""

import pathlib

import numpy as np
import tensorflow as tf

TARGET = pathlib.Path(__file__).resolve().parent.parent / "engine" / "batch_normalization.npz"
CASES = {
    "vectors": ([6, 3], {}),
    "middle_axis": ([4, 3, 5], {"axis": 1}),
    "images": ([2, 3, 3, 2], {}),
    "images_not_fused": ([2, 3, 3, 2], {"fused": False}),
    "two_axes": ([4, 2, 3], {"axis": [1, 2]}),
    "settings": ([6, 3], {"momentum": 0.8, "epsilon": 0.1}),
}
random = np.random.RandomState(11)


def run(shape, arguments):
    x = (2 * random.randn(2, *shape) + 1).astype(np.float32)
    with tf.Graph().as_default(), tf.Session() as session:
        source = tf.placeholder(tf.float32, [None, *shape[1:]])
        layer = tf.layers.BatchNormalization(name="bn", **arguments)
        outputs, inferred = layer(source, training=True), layer(source, training=False)
        gamma, beta, mean, variance = tf.global_variables()
        first = [random.uniform(0.5, 1.5, v.shape).astype(np.float32) for v in (gamma, beta)]
        session.run(tf.global_variables_initializer())
        session.run([tf.assign(gamma, first[0]), tf.assign(beta, first[1])])
        grads = session.run(tf.gradients(tf.reduce_sum(outputs**3), [source, gamma]), {source: x[0]})
        updates = tf.get_collection(tf.GraphKeys.UPDATE_OPS)
        made = {"outputs": np.stack([session.run([outputs, updates], {source: step})[0] for step in x])}
        made.update(zip(["moving_mean", "moving_variance"], session.run([mean, variance])))
        made.update({"x": x, "gamma": first[0], "beta": first[1], "x_grad": grads[0], "gamma_grad": grads[1]})
        made["inferred"] = session.run(inferred, {source: x[0]})
        return made


arrays = {}
for name, (shape, arguments) in CASES.items():
    arrays.update({"%s/%s" % (name, key): value for key, value in run(shape, arguments).items()})
np.savez_compressed(str(TARGET), **arrays)
