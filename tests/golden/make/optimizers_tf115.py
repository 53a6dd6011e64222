"""Writes golden/engine/optimizers.npz and optimizers.json with TensorFlow 1.15.0.

Run with a Python that has it: `python tests/golden/make/optimizers_tf115.py`.

Two runs of 100 steps for each optimizer, both in float32:
* `fed`: the gradients of the variable `w` are given, so only the update itself is at work.
* `fit`: `loss = reduce_mean(square(tanh(matmul(x, w) + b) - y))`, minimized over `w` and `b`.
The archive holds the inputs (`x`, `y`, `w`, `b`, `gradients[step]`) and under `RUN/OPTIMIZER/VARIABLE` every variable,
the optimizer's slots among them, after the steps in `steps` (1, 10, 20 ... 100), stacked along the first axis.
`fit/OPTIMIZER/loss` is the loss before each step.
"""

import json
import pathlib

import numpy as np
import tensorflow as tf

TARGET = pathlib.Path(__file__).resolve().parent.parent / "engine"
STEPS = 100
RECORDED = [1, *range(10, STEPS + 1, 10)]
OPTIMIZERS = {
    "sgd": ("GradientDescentOptimizer", {"learning_rate": 0.1}),
    "adagrad": ("AdagradOptimizer", {"learning_rate": 0.1}),
    "adagrad_from_1": ("AdagradOptimizer", {"learning_rate": 0.05, "initial_accumulator_value": 1.0}),
    "adam": ("AdamOptimizer", {}),
    "adam_fast": ("AdamOptimizer", {"learning_rate": 0.1, "beta1": 0.8, "beta2": 0.99, "epsilon": 0.1}),
    "momentum": ("MomentumOptimizer", {"learning_rate": 0.05, "momentum": 0.9}),
    "nesterov": ("MomentumOptimizer", {"learning_rate": 0.05, "momentum": 0.9, "use_nesterov": True}),
    "rmsprop": ("RMSPropOptimizer", {"learning_rate": 0.01}),
    "rmsprop_momentum": ("RMSPropOptimizer", {"learning_rate": 0.01, "decay": 0.8, "momentum": 0.9, "epsilon": 1e-6}),
    "rmsprop_centered": ("RMSPropOptimizer", {"learning_rate": 0.01, "momentum": 0.5, "centered": True}),
    "ftrl": ("FtrlOptimizer", {"learning_rate": 0.2}),
    "ftrl_l1_l2": (
        "FtrlOptimizer",
        {"learning_rate": 0.2, "l1_regularization_strength": 0.05, "l2_regularization_strength": 0.1},
    ),
    "ftrl_shrinkage": ("FtrlOptimizer", {"learning_rate": 0.2, "l2_shrinkage_regularization_strength": 0.1}),
    "ftrl_all": (
        "FtrlOptimizer",
        {
            "learning_rate": 0.2,
            "learning_rate_power": -0.4,
            "initial_accumulator_value": 0.3,
            "l1_regularization_strength": 0.03,
            "l2_regularization_strength": 0.05,
            "l2_shrinkage_regularization_strength": 0.1,
        },
    ),
    "adadelta": ("AdadeltaOptimizer", {"learning_rate": 1.0}),
}

random = np.random.RandomState(0)
inputs = {
    "x": random.randn(32, 4).astype(np.float32),
    "y": random.uniform(-1, 1, [32, 3]).astype(np.float32),
    "w": random.randn(4, 3).astype(np.float32),
    "b": np.zeros(3, np.float32),
    "gradients": (random.randn(STEPS, 4, 3) * random.uniform(0, 2, [STEPS, 1, 1])).astype(np.float32),
}


def optimizer_of(name):
    kind, arguments = OPTIMIZERS[name]
    return getattr(tf.train, kind)(**arguments)


def record(run, name, train, feed):
    """Runs the steps; gives the variables after those that are recorded, and their names in order."""
    names = [variable.op.name for variable in tf.global_variables()]
    rows = []
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        for step in range(1, STEPS + 1):
            session.run(train, feed(step))
            if step in RECORDED:
                rows.append(session.run(tf.global_variables()))
    stacked = [np.stack(column) for column in zip(*rows)]
    return {"%s/%s/%s" % (run, name, variable): values for variable, values in zip(names, stacked)}, names


def fed(name):
    with tf.Graph().as_default():
        w = tf.get_variable("w", initializer=inputs["w"])
        gradient = tf.placeholder(tf.float32, [4, 3])
        train = optimizer_of(name).apply_gradients([(gradient, w)])
        return record("fed", name, train, lambda step: {gradient: inputs["gradients"][step - 1]})


def fit(name):
    with tf.Graph().as_default():
        w = tf.get_variable("w", initializer=inputs["w"])
        b = tf.get_variable("b", initializer=inputs["b"])
        loss = tf.reduce_mean(tf.square(tf.tanh(tf.matmul(inputs["x"], w) + b) - inputs["y"]))
        train = optimizer_of(name).minimize(loss)
        arrays, names = record("fit", name, train, lambda step: None)
        arrays["fit/%s/loss" % name] = losses(loss, train)
        return arrays, names


def losses(loss, train):
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        values = []
        for _ in range(STEPS):
            values.append(session.run(loss))
            session.run(train)
        return np.array(values, np.float32)


arrays, described = dict(inputs, steps=np.array(RECORDED)), {}
for name, (kind, arguments) in OPTIMIZERS.items():
    for run, made in (("fed", fed(name)), ("fit", fit(name))):
        arrays.update(made[0])
        described.setdefault(name, {"class": kind, "arguments": arguments})[run + "_variables"] = made[1]
TARGET.mkdir(exist_ok=True)
np.savez_compressed(str(TARGET / "optimizers.npz"), **arrays)
(TARGET / "optimizers.json").write_text(json.dumps(described, indent=1) + "\n")
