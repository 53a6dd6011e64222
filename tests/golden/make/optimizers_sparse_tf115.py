"""Writes golden/engine/optimizers_sparse.npz with TensorFlow 1.15.0: updates by rows, some of which come twice.

Run with a Python that has it: `python tests/golden/make/optimizers_sparse_tf115.py`.

The variable `table` is changed by IndexedSlices of its rows, a hundred steps with each optimizer. The archive holds
`table`, `indices[step]`, `values[step]`, and under `OPTIMIZER/VARIABLE` every variable after the last step.
"""

import pathlib

import numpy as np
import tensorflow as tf

TARGET = pathlib.Path(__file__).resolve().parent.parent / "engine" / "optimizers_sparse.npz"
OPTIMIZERS = {
    "sgd": ("GradientDescentOptimizer", {"learning_rate": 0.1}),
    "adagrad": ("AdagradOptimizer", {"learning_rate": 0.1}),
    "adam": ("AdamOptimizer", {"learning_rate": 0.1}),
    "momentum": ("MomentumOptimizer", {"learning_rate": 0.05, "momentum": 0.9}),
    "nesterov": ("MomentumOptimizer", {"learning_rate": 0.05, "momentum": 0.9, "use_nesterov": True}),
    "rmsprop": ("RMSPropOptimizer", {"learning_rate": 0.01, "momentum": 0.5}),
    "rmsprop_centered": ("RMSPropOptimizer", {"learning_rate": 0.01, "momentum": 0.5, "centered": True}),
    "ftrl": ("FtrlOptimizer", {"learning_rate": 0.2, "l1_regularization_strength": 0.05}),
    "ftrl_shrinkage": ("FtrlOptimizer", {"learning_rate": 0.2, "l2_shrinkage_regularization_strength": 0.1}),
    "ftrl_power": ("FtrlOptimizer", {"learning_rate": 0.2, "learning_rate_power": -0.3}),
    "adadelta": ("AdadeltaOptimizer", {"learning_rate": 1.0}),
}

random = np.random.RandomState(3)
inputs = {
    "table": random.randn(6, 2).astype(np.float32),
    "indices": random.randint(0, 5, [100, 4]),  # the last row never comes, others come twice in a step
    "values": random.randn(100, 4, 2).astype(np.float32),
}


def run(name):
    kind, arguments = OPTIMIZERS[name]
    with tf.Graph().as_default(), tf.Session() as session:
        table = tf.get_variable("table", initializer=inputs["table"], use_resource=True)
        indices, values = tf.placeholder(tf.int64, [4]), tf.placeholder(tf.float32, [4, 2])
        grad = tf.IndexedSlices(values, indices, tf.constant([6, 2]))
        train = getattr(tf.train, kind)(**arguments).apply_gradients([(grad, table)])
        session.run(tf.global_variables_initializer())
        for step in range(100):
            session.run(train, {indices: inputs["indices"][step], values: inputs["values"][step]})
        variables = tf.global_variables()
        return {"%s/%s" % (name, item.op.name): value for item, value in zip(variables, session.run(variables))}


arrays = dict(inputs)
for name in OPTIMIZERS:
    arrays.update(run(name))
np.savez_compressed(str(TARGET), **arrays)
