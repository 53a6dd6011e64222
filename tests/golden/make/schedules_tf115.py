"""Writes golden/engine/schedules.json with TensorFlow 1.15.0: learning rates at some steps.

Run with a Python that has it: `python tests/golden/make/schedules_tf115.py`.

A list of cases, each with `function`, `arguments` (by name), `steps` and `rates`.
"""

import json
import pathlib

import tensorflow as tf

TARGET = pathlib.Path(__file__).resolve().parent.parent / "engine" / "schedules.json"
STEPS = [0, 1, 5, 9, 10, 11, 20, 25, 30, 31, 70, 100]
SMOOTH = {"learning_rate": 0.5, "decay_steps": 10}
CASES = [
    ("exponential_decay", dict(SMOOTH, decay_rate=0.9)),
    ("exponential_decay", dict(SMOOTH, decay_rate=0.9, staircase=True)),
    ("natural_exp_decay", dict(SMOOTH, decay_rate=0.3)),
    ("natural_exp_decay", dict(SMOOTH, decay_rate=0.3, staircase=True)),
    ("inverse_time_decay", dict(SMOOTH, decay_rate=0.5)),
    ("inverse_time_decay", dict(SMOOTH, decay_rate=0.5, staircase=True)),
    ("polynomial_decay", dict(SMOOTH)),
    ("polynomial_decay", dict(SMOOTH, end_learning_rate=0.1, power=2.0)),
    ("polynomial_decay", dict(SMOOTH, power=0.5, cycle=True)),
    ("cosine_decay", dict(SMOOTH)),
    ("cosine_decay", dict(SMOOTH, alpha=0.1)),
    ("cosine_decay_restarts", {"learning_rate": 0.5, "first_decay_steps": 10}),
    ("cosine_decay_restarts", {"learning_rate": 0.5, "first_decay_steps": 10, "t_mul": 1.0, "m_mul": 0.5}),
    ("cosine_decay_restarts", {"learning_rate": 0.5, "first_decay_steps": 8, "t_mul": 1.5, "m_mul": 0.9, "alpha": 0.1}),
    ("linear_cosine_decay", dict(SMOOTH)),
    ("linear_cosine_decay", dict(SMOOTH, num_periods=2.0, alpha=0.1, beta=0.01)),
    ("piecewise_constant", {"boundaries": [5, 10, 30], "values": [1.0, 0.5, 0.1, 0.05]}),
]


def rates(function, arguments):
    with tf.Graph().as_default(), tf.Session() as session:
        step = tf.placeholder(tf.int64, [])
        given = {"x" if function == "piecewise_constant" else "global_step": step}
        rate = getattr(tf.train, function)(**dict(arguments, **given))
        return [float(session.run(rate, {step: value})) for value in STEPS]


made = [{"function": name, "arguments": given, "steps": STEPS, "rates": rates(name, given)} for name, given in CASES]
TARGET.write_text(json.dumps(made, indent=1) + "\n")
