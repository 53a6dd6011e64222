"""Optimizers with their settings, gradients and schedules, told so that either library can compute them."""

import numpy as np

STEPS = 10
SHARED = [
    {"weight_decay": 0.1},
    {"clipnorm": 0.5},
    {"clipvalue": 0.2},
    {"global_clipnorm": 0.7},
    {"use_ema": True, "ema_momentum": 0.6},
    {"use_ema": True, "ema_momentum": 0.5, "ema_overwrite_frequency": 3},
]
SCHEDULES = [
    ("ExponentialDecay", {"initial_learning_rate": 0.1, "decay_steps": 4, "decay_rate": 0.5}),
    ("ExponentialDecay", {"initial_learning_rate": 0.1, "decay_steps": 4, "decay_rate": 0.5, "staircase": True}),
    ("InverseTimeDecay", {"initial_learning_rate": 0.1, "decay_steps": 4, "decay_rate": 0.5}),
    ("InverseTimeDecay", {"initial_learning_rate": 0.1, "decay_steps": 4, "decay_rate": 0.5, "staircase": True}),
    ("PiecewiseConstantDecay", {"boundaries": [2, 5], "values": [0.1, 0.05, 0.01]}),
    ("PolynomialDecay", {"initial_learning_rate": 0.1, "decay_steps": 6}),
    ("PolynomialDecay", {"initial_learning_rate": 0.1, "decay_steps": 6, "power": 2.0, "end_learning_rate": 0.02}),
    ("PolynomialDecay", {"initial_learning_rate": 0.1, "decay_steps": 3, "cycle": True}),
    ("CosineDecay", {"initial_learning_rate": 0.1, "decay_steps": 7}),
    ("CosineDecay", {"initial_learning_rate": 0.1, "decay_steps": 7, "alpha": 0.2}),
    ("CosineDecay", {"initial_learning_rate": 0.02, "decay_steps": 5, "warmup_target": 0.1, "warmup_steps": 3}),
    ("CosineDecayRestarts", {"initial_learning_rate": 0.1, "first_decay_steps": 3}),
    (
        "CosineDecayRestarts",
        {"initial_learning_rate": 0.1, "first_decay_steps": 2, "t_mul": 1.0, "m_mul": 0.8, "alpha": 0.1},
    ),
]
ROWS = [
    ("SGD", {"learning_rate": 0.1}),
    ("SGD", {"learning_rate": 0.1, "momentum": 0.8}),
    ("SGD", {"learning_rate": 0.1, "momentum": 0.8, "nesterov": True}),
    ("RMSprop", {"learning_rate": 0.05}),
    ("RMSprop", {"learning_rate": 0.05, "rho": 0.7, "epsilon": 1e-3}),
    ("RMSprop", {"learning_rate": 0.05, "momentum": 0.6}),
    ("RMSprop", {"learning_rate": 0.05, "centered": True}),
    ("RMSprop", {"learning_rate": 0.05, "centered": True, "momentum": 0.6}),
    ("Adagrad", {"learning_rate": 0.3}),
    ("Adagrad", {"learning_rate": 0.3, "initial_accumulator_value": 0.0, "epsilon": 0.01}),
    ("Adadelta", {"learning_rate": 1.0}),
    ("Adadelta", {"learning_rate": 0.7, "rho": 0.8, "epsilon": 1e-3}),
    ("Adam", {"learning_rate": 0.05}),
    ("Adam", {"learning_rate": 0.05, "beta_1": 0.5, "beta_2": 0.9, "epsilon": 1e-3}),
    ("Adam", {"learning_rate": 0.05, "amsgrad": True, "beta_2": 0.5}),
    ("AdamW", {"learning_rate": 0.05}),
    ("AdamW", {"learning_rate": 0.05, "weight_decay": 0.3, "amsgrad": True}),
    ("Adamax", {"learning_rate": 0.05}),
    ("Adamax", {"learning_rate": 0.05, "beta_1": 0.6, "beta_2": 0.8, "epsilon": 1e-3}),
    ("Nadam", {"learning_rate": 0.05}),
    ("Nadam", {"learning_rate": 0.05, "beta_1": 0.6, "beta_2": 0.8, "epsilon": 1e-3}),
    ("Ftrl", {"learning_rate": 0.3}),
    ("Ftrl", {"learning_rate": 0.3, "learning_rate_power": -0.7, "initial_accumulator_value": 0.5}),
    ("Ftrl", {"learning_rate": 0.3, "l1_regularization_strength": 0.3, "l2_regularization_strength": 0.1}),
    ("Ftrl", {"learning_rate": 0.3, "l2_shrinkage_regularization_strength": 0.2, "beta": 0.4}),
    ("Lion", {"learning_rate": 0.03}),
    ("Lion", {"learning_rate": 0.03, "beta_1": 0.7, "beta_2": 0.8}),
    ("Adafactor", {"learning_rate": 0.5}),
    ("Adafactor", {"learning_rate": 0.05, "relative_step": False, "beta_2_decay": -0.5, "clip_threshold": 0.7}),
    *[("Adam", {"learning_rate": 0.05, **settings}) for settings in SHARED],
    *[("SGD", {"learning_rate": 0.1, "momentum": 0.5, **settings}) for settings in SHARED],
    *[("RMSprop", {"learning_rate": schedule}) for schedule in SCHEDULES[:2]],
]
WITHOUT_ROWS = ("Adafactor",)
"""Optimizers that TensorFlow has no gradients of rows for: what they divide by is that of a whole tensor."""


def cases():
    """All cases by a name that tells them."""
    found = {}
    for name, settings in ROWS:
        told = ",".join(f"{key}={value[0] if isinstance(value, tuple) else value}" for key, value in settings.items())
        found[f"{name}({told})"] = (name, settings)
    return {f"{number} {case}": row for number, (case, row) in enumerate(found.items())}


def settled(schedules, settings):
    """Settings with schedules made."""
    return {
        key: getattr(schedules, value[0])(**value[1]) if isinstance(value, tuple) else value
        for key, value in settings.items()
    }


def starts():
    """What the two variables start from: a matrix, and a table whose rows are looked up."""
    rng = np.random.RandomState(23)
    return rng.randn(2, 3).astype(np.float32), rng.randn(4, 2).astype(np.float32)


def gradients():
    """For each step the gradient of the matrix, and values and numbers of rows for the table; a row may come twice."""
    rng = np.random.RandomState(29)
    for step in range(STEPS):
        rows = np.array([[1, 3, 1], [0, 0, 0], [2, 1, 3], [3, 2, 3]][step % 4])
        yield rng.randn(2, 3).astype(np.float32), rng.randn(3, 2).astype(np.float32), rows
