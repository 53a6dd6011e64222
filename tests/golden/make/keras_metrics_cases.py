"""Metrics with their settings and streams of batches, told so that either library can compute them."""

import numpy as np


def _streams():
    rng = np.random.RandomState(17)

    def three(make):
        return [tuple(np.asarray(part, np.float32) for part in make()) for _ in range(3)]

    def ties():
        return rng.randint(0, 2, (6, 2)), np.round(rng.rand(6, 2) * 10) / 10

    return {
        "numbers": three(lambda: (rng.randn(5, 3), rng.randn(5, 3))),
        "column": three(lambda: (rng.randn(5), rng.randn(5, 1))),
        "counts": three(lambda: (rng.poisson(2.0, (5, 3)), 0.1 + 3.0 * rng.rand(5, 3))),
        "equal": three(lambda: (rng.randint(0, 3, (5, 2)), rng.randint(0, 3, (5, 2)))),
        "bits": three(lambda: (rng.randint(0, 2, (6, 2)), rng.rand(6, 2))),
        "ties": three(ties),
        "bits_flat": three(lambda: (rng.randint(0, 2, 6), rng.rand(6))),
        "bits_column": three(lambda: (rng.randint(0, 2, (6, 1)), rng.rand(6, 1))),
        "bit_logits": three(lambda: (rng.randint(0, 2, (6, 2)), 2.0 * rng.randn(6, 2))),
        "signs": three(lambda: (rng.choice([-1.0, 1.0], (5, 3)), rng.randn(5, 3))),
        "one_hot": three(lambda: (np.eye(4)[rng.randint(0, 4, 6)], rng.dirichlet(np.ones(4), 6))),
        "one_hot_logits": three(lambda: (np.eye(4)[rng.randint(0, 4, 6)], 2.0 * rng.randn(6, 4))),
        "classes": three(lambda: (rng.randint(0, 4, (6, 1)), rng.dirichlet(np.ones(4), 6))),
        "classes_flat": three(lambda: (rng.randint(0, 4, 6), rng.dirichlet(np.ones(4), 6))),
        "class_steps": three(lambda: (rng.randint(0, 3, (2, 5)), rng.dirichlet(np.ones(3), (2, 5)))),
        "found": three(lambda: (rng.randint(0, 3, 8), rng.randint(0, 3, 8))),
        "values": three(lambda: (rng.randn(4, 2),)),
        "shares": three(lambda: (rng.dirichlet(np.ones(4), 5), rng.dirichlet(np.ones(4), 5))),
    }


STREAMS = _streams()


def weights_of(stream, kind):
    """Weights for each batch of a stream: none, one an example, or one an element less the last axis."""
    rng = np.random.RandomState(19)
    if kind is None:
        return [None] * len(STREAMS[stream])
    axes = {"examples": slice(0, 1), "steps": slice(0, 2)}[kind]
    return [np.round(2.0 * rng.rand(*batch[0].shape[axes]), 2).astype(np.float32) for batch in STREAMS[stream]]


_COUNTS = [
    (name, settings, stream)
    for name in ("TruePositives", "FalsePositives", "TrueNegatives", "FalseNegatives")
    for settings, stream in [
        ({}, "bits"),
        ({"thresholds": [0.2, 0.7]}, "ties"),
        ({"thresholds": [0.0, 0.5, 1.0]}, "ties"),
        ({"thresholds": 0.3}, "bits_column"),
    ]
]
_SHARES = [
    (name, settings, stream)
    for name in ("Precision", "Recall")
    for settings, stream in [
        ({}, "bits"),
        ({"thresholds": [0.2, 0.5, 0.9]}, "ties"),
        ({"thresholds": [0.0, 0.25, 0.5, 0.75, 1.0]}, "ties"),
        ({"top_k": 2}, "one_hot"),
        ({"top_k": 1, "class_id": 2}, "one_hot"),
        ({"class_id": 1, "thresholds": 0.3}, "one_hot"),
        ({}, "bits_column"),
    ]
]
_AREAS = [
    ("AUC", {"curve": curve, "summation_method": method, "num_thresholds": 20}, stream)
    for curve in ("ROC", "PR")
    for method in ("interpolation", "minoring", "majoring")
    for stream in ("bits", "ties")
] + [
    ("AUC", {}, "bits_column"),
    ("AUC", {"thresholds": [0.1, 0.5, 0.6]}, "ties"),
    ("AUC", {"thresholds": [0.25, 0.5, 0.75]}, "ties"),
    ("AUC", {"from_logits": True}, "bit_logits"),
    ("AUC", {"label_weights": [0.3, 1.5], "num_thresholds": 10}, "bits"),
    ("AUC", {"multi_label": True, "num_thresholds": 10}, "bits"),
    ("AUC", {"multi_label": True, "curve": "PR", "num_labels": 2}, "ties"),
    ("AUC", {"multi_label": True, "label_weights": [0.3, 1.5], "thresholds": [0.3, 0.4]}, "ties"),
    ("AUC", {"multi_label": True, "curve": "PR", "summation_method": "minoring", "label_weights": [2.0, 1.0]}, "bits"),
]
_POINTS = [
    (name, {setting: value, "num_thresholds": count}, stream)
    for name, setting in [
        ("SensitivityAtSpecificity", "specificity"),
        ("SpecificityAtSensitivity", "sensitivity"),
        ("PrecisionAtRecall", "recall"),
        ("RecallAtPrecision", "precision"),
    ]
    for value, count, stream in [(0.4, 200, "bits"), (0.7, 5, "ties"), (0.5, 1, "bits"), (1.0, 20, "ties")]
] + [("RecallAtPrecision", {"precision": 0.3, "class_id": 1}, "one_hot")]
_OVERLAPS = [
    ("IoU", {"num_classes": 3, "target_class_ids": [0, 2]}, "found"),
    ("IoU", {"num_classes": 3, "target_class_ids": [1], "ignore_class": 0}, "found"),
    ("IoU", {"num_classes": 3, "target_class_ids": [0, 1], "sparse_y_pred": False}, "class_steps"),
    ("BinaryIoU", {}, "bits"),
    ("BinaryIoU", {"target_class_ids": [1], "threshold": 0.3}, "ties"),
    ("MeanIoU", {"num_classes": 3}, "found"),
    ("MeanIoU", {"num_classes": 4}, "found"),
    ("OneHotIoU", {"num_classes": 4, "target_class_ids": [1, 3]}, "one_hot"),
    ("OneHotMeanIoU", {"num_classes": 4}, "one_hot"),
]
_SCORES = [
    (name, {**settings, **extra}, stream)
    for name, extra in [("F1Score", {}), ("FBetaScore", {"beta": 2.0})]
    for settings, stream in [
        ({}, "one_hot"),
        ({"average": "micro"}, "one_hot"),
        ({"average": "macro", "threshold": 0.4}, "bits"),
        ({"average": "weighted"}, "one_hot"),
    ]
]
# What is made, with which settings, of which stream.
ROWS = [
    ("Mean", {}, "values"),
    ("Sum", {}, "values"),
    ("MeanTensor", {}, "values"),
    ("MeanTensor", {"shape": [4, 2]}, "values"),
    ("Accuracy", {}, "equal"),
    ("BinaryAccuracy", {}, "bits"),
    ("BinaryAccuracy", {"threshold": 0.3}, "bits_column"),
    ("CategoricalAccuracy", {}, "one_hot"),
    ("SparseCategoricalAccuracy", {}, "classes"),
    ("SparseCategoricalAccuracy", {}, "classes_flat"),
    ("SparseCategoricalAccuracy", {}, "class_steps"),
    ("TopKCategoricalAccuracy", {"k": 2}, "one_hot"),
    ("SparseTopKCategoricalAccuracy", {"k": 2}, "classes"),
    ("SparseTopKCategoricalAccuracy", {"k": 3}, "classes_flat"),
    ("SparseTopKCategoricalAccuracy", {"k": 2}, "class_steps"),
    ("MeanSquaredError", {}, "numbers"),
    ("MeanSquaredError", {}, "column"),
    ("MeanAbsoluteError", {}, "numbers"),
    ("MeanAbsolutePercentageError", {}, "numbers"),
    ("MeanSquaredLogarithmicError", {}, "counts"),
    ("RootMeanSquaredError", {}, "numbers"),
    ("MeanRelativeError", {"normalizer": [1.0, 0.0, 3.0]}, "numbers"),
    ("LogCoshError", {}, "numbers"),
    ("CosineSimilarity", {}, "numbers"),
    ("CosineSimilarity", {"axis": 1}, "numbers"),
    ("KLDivergence", {}, "shares"),
    ("Poisson", {}, "counts"),
    ("Hinge", {}, "signs"),
    ("SquaredHinge", {}, "signs"),
    ("CategoricalHinge", {}, "one_hot_logits"),
    ("BinaryCrossentropy", {}, "bits"),
    ("BinaryCrossentropy", {"from_logits": True, "label_smoothing": 0.1}, "bit_logits"),
    ("CategoricalCrossentropy", {}, "one_hot"),
    ("CategoricalCrossentropy", {"from_logits": True, "label_smoothing": 0.2}, "one_hot_logits"),
    ("SparseCategoricalCrossentropy", {}, "classes"),
    ("SparseCategoricalCrossentropy", {"ignore_class": 1}, "class_steps"),
    ("R2Score", {}, "numbers"),
    ("R2Score", {"class_aggregation": None}, "numbers"),
    ("R2Score", {"class_aggregation": "variance_weighted_average", "num_regressors": 2}, "numbers"),
    *_COUNTS,
    *_SHARES,
    *_AREAS,
    *_POINTS,
    *_OVERLAPS,
    *_SCORES,
]
# Where TensorFlow makes one value of the batch, which it then cannot weigh.
_WITHOUT_WEIGHTS = [("MeanSquaredError", "column")]


def cases():
    """All cases by a name that tells them: metric, settings, stream, weights."""
    found = {}
    for name, settings, stream in ROWS:
        told = ",".join(f"{key}={value}" for key, value in settings.items())
        by_steps = stream == "class_steps" or name in ("BinaryIoU", "MeanTensor")
        kinds = [None] if (name, stream) in _WITHOUT_WEIGHTS else [None, "steps" if by_steps else "examples"]
        for weights in kinds:
            found[f"{name}({told}) {stream} {weights}"] = (name, settings, stream, weights)
    return found


FUNCTIONS = [
    ("accuracy", {}, "equal"),
    ("binary_accuracy", {}, "bits"),
    ("binary_accuracy", {"threshold": 0.2}, "bits"),
    ("categorical_accuracy", {}, "one_hot"),
    ("sparse_categorical_accuracy", {}, "classes_flat"),
    ("top_k_categorical_accuracy", {"k": 2}, "one_hot"),
    ("sparse_top_k_categorical_accuracy", {"k": 2}, "classes_flat"),
]
