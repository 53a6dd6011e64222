"""Losses with their settings and data, told so that either library can compute them."""

import numpy as np


def _data():
    rng = np.random.RandomState(11)
    shares = rng.dirichlet(np.ones(4), 6).astype(np.float32)
    one_hot = np.eye(4, dtype=np.float32)[rng.randint(0, 4, 6)]
    chances = rng.dirichlet(np.ones(4), 6).astype(np.float32)
    steps = rng.dirichlet(np.ones(3), (4, 5)).astype(np.float32)
    return {
        "numbers": (rng.randn(6, 4), 2.0 * rng.randn(6, 4)),
        "counts": (rng.poisson(2.0, (6, 4)), 0.1 + 3.0 * rng.rand(6, 4)),
        "signs": (rng.choice([-1.0, 1.0], (6, 4)), rng.randn(6, 4)),
        "bits": (rng.randint(0, 2, (6, 4)), 0.02 + 0.96 * rng.rand(6, 4)),
        "bit_logits": (rng.randint(0, 2, (6, 4)), 3.0 * rng.randn(6, 4)),
        "extremes": (rng.randint(0, 2, (3, 4)), rng.choice([0.0, 1.0, 1e-9, 0.5], (3, 4))),
        "shares": (shares, chances),
        "one_hot": (one_hot, chances),
        "one_hot_logits": (one_hot, 3.0 * rng.randn(6, 4)),
        "one_hot_first": (one_hot.T, 0.05 + rng.rand(4, 6)),
        "classes": (rng.randint(0, 4, (6, 1)), chances),
        "classes_flat": (rng.randint(0, 4, 6), chances),
        "class_logits": (rng.randint(0, 4, (6, 1)), 3.0 * rng.randn(6, 4)),
        "class_steps": (rng.randint(0, 3, (4, 5)), steps),
        "class_steps_first": (rng.randint(0, 3, (4, 5)), np.moveaxis(steps, -1, 1)),
        "number_steps": (rng.randn(4, 5, 2), rng.randn(4, 5, 2)),
        "column": (rng.randn(6, 1), rng.randn(6, 1)),
    }


DATA = {name: tuple(np.asarray(part, np.float32) for part in parts) for name, parts in _data().items()}
_rng = np.random.RandomState(13)
WEIGHTS = {
    "six": _rng.rand(6).astype(np.float32),
    "six_columns": _rng.rand(6, 1).astype(np.float32),
    "four": _rng.rand(4).astype(np.float32),
    "steps": _rng.rand(4, 5).astype(np.float32),
    "one": np.float32(2.5),
}
MASK = np.arange(20).reshape(4, 5) % 3 != 0

# What is called, with which settings, on which data.
FUNCTIONS = [
    ("mean_squared_error", {}, "numbers"),
    ("mean_absolute_error", {}, "numbers"),
    ("mean_absolute_percentage_error", {}, "numbers"),
    ("mean_squared_logarithmic_error", {}, "counts"),
    ("mean_squared_logarithmic_error", {}, "numbers"),
    ("huber", {}, "numbers"),
    ("huber", {"delta": 0.3}, "numbers"),
    ("log_cosh", {}, "numbers"),
    ("kl_divergence", {}, "shares"),
    ("kl_divergence", {}, "one_hot"),
    ("poisson", {}, "counts"),
    ("cosine_similarity", {}, "numbers"),
    ("cosine_similarity", {"axis": 0}, "numbers"),
    ("hinge", {}, "signs"),
    ("hinge", {}, "bits"),
    ("hinge", {}, "numbers"),
    ("squared_hinge", {}, "signs"),
    ("squared_hinge", {}, "bits"),
    ("categorical_hinge", {}, "one_hot_logits"),
    ("binary_crossentropy", {}, "bits"),
    ("binary_crossentropy", {}, "extremes"),
    ("binary_crossentropy", {"from_logits": True}, "bit_logits"),
    ("binary_crossentropy", {"label_smoothing": 0.2, "axis": 0}, "bits"),
    ("binary_focal_crossentropy", {}, "bits"),
    ("binary_focal_crossentropy", {"gamma": 3.0, "apply_class_balancing": True, "alpha": 0.4}, "bits"),
    ("binary_focal_crossentropy", {"from_logits": True, "label_smoothing": 0.1}, "bit_logits"),
    ("categorical_crossentropy", {}, "one_hot"),
    ("categorical_crossentropy", {}, "shares"),
    ("categorical_crossentropy", {"from_logits": True}, "one_hot_logits"),
    ("categorical_crossentropy", {"label_smoothing": 0.2}, "one_hot"),
    ("categorical_crossentropy", {"axis": 0}, "one_hot_first"),
    ("categorical_crossentropy", {"axis": 0, "from_logits": True}, "one_hot_first"),
    ("categorical_focal_crossentropy", {}, "one_hot"),
    ("categorical_focal_crossentropy", {"alpha": 0.5, "gamma": 1.0, "from_logits": True}, "one_hot_logits"),
    ("categorical_focal_crossentropy", {"label_smoothing": 0.1}, "one_hot"),
    ("sparse_categorical_crossentropy", {}, "classes"),
    ("sparse_categorical_crossentropy", {}, "classes_flat"),
    ("sparse_categorical_crossentropy", {"from_logits": True}, "class_logits"),
    ("sparse_categorical_crossentropy", {}, "class_steps"),
    ("sparse_categorical_crossentropy", {"axis": 1}, "class_steps_first"),
    ("sparse_categorical_crossentropy", {"ignore_class": 1}, "class_steps"),
]
CLASSES = [
    ("MeanSquaredError", {}, "numbers"),
    ("MeanAbsoluteError", {}, "numbers"),
    ("MeanAbsolutePercentageError", {}, "numbers"),
    ("MeanSquaredLogarithmicError", {}, "counts"),
    ("Huber", {"delta": 0.7}, "numbers"),
    ("LogCosh", {}, "numbers"),
    ("KLDivergence", {}, "shares"),
    ("Poisson", {}, "counts"),
    ("CosineSimilarity", {"axis": 1}, "numbers"),
    ("Hinge", {}, "signs"),
    ("SquaredHinge", {}, "signs"),
    ("CategoricalHinge", {}, "one_hot_logits"),
    ("BinaryCrossentropy", {}, "bits"),
    ("BinaryCrossentropy", {"from_logits": True, "label_smoothing": 0.1}, "bit_logits"),
    ("BinaryFocalCrossentropy", {"gamma": 1.5, "apply_class_balancing": True}, "bits"),
    ("CategoricalCrossentropy", {"label_smoothing": 0.3}, "one_hot"),
    ("CategoricalCrossentropy", {"from_logits": True}, "one_hot_logits"),
    ("CategoricalFocalCrossentropy", {"alpha": 0.6}, "one_hot"),
    ("SparseCategoricalCrossentropy", {}, "classes"),
    ("SparseCategoricalCrossentropy", {"from_logits": True}, "class_logits"),
]
# Reductions, weights and masks: what all classes share, shown on a few.
REDUCED = [
    ("MeanSquaredError", {"reduction": reduction}, data, weights)
    for reduction in ("auto", "sum", "none", "sum_over_batch_size")
    for data, weights in [("numbers", None), ("numbers", "six"), ("numbers", "six_columns"), ("numbers", "one")]
] + [
    ("MeanSquaredError", {"reduction": "sum"}, "number_steps", "steps"),
    ("MeanSquaredError", {}, "number_steps", "steps"),
    ("MeanAbsoluteError", {}, "column", "six"),
    ("MeanAbsoluteError", {"reduction": "sum"}, "column", "six_columns"),
    ("SparseCategoricalCrossentropy", {"reduction": "sum"}, "class_steps", "steps"),
    ("SparseCategoricalCrossentropy", {"ignore_class": 1}, "class_steps", None),
    ("SparseCategoricalCrossentropy", {"ignore_class": 1}, "class_steps", "steps"),
    ("SparseCategoricalCrossentropy", {"ignore_class": 2, "reduction": "sum"}, "class_steps", "steps"),
]
MASKED = [
    ("MeanSquaredError", {"reduction": reduction}, "number_steps", weights)
    for reduction in ("auto", "sum", "none")
    for weights in (None, "steps")
] + [("MeanSquaredError", {}, "number_steps", "four")]


def cases():
    """All cases by a name that tells them: family, loss, settings, data, weights."""
    found = {}
    for family, rows in (("function", FUNCTIONS), ("class", CLASSES), ("reduced", REDUCED), ("masked", MASKED)):
        for row in rows:
            name, settings, data, weights = (*row, None)[:4]
            told = ",".join(f"{key}={value}" for key, value in settings.items())
            found[f"{family} {name}({told}) {data} {weights}"] = (family, name, settings, data, weights)
    return found
