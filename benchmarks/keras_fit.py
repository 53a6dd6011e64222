"""How many steps a second `fit` makes, beside TensorFlow's `keras.fit`.

    python benchmarks/keras_fit.py                                  trackml alone
    python benchmarks/keras_fit.py --tensorflow PATH/TO/PYTHON      and TensorFlow 2.15 of that interpreter

Every figure is of a process of its own; the two libraries take turns, and the ratios are of figures of one turn, so
that a machine whose speed drifts does not decide. TensorFlow is measured as its users find it: eager, with `fit` in a
`tf.function`.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from typing import Any

import numpy as np

LIBRARY = "TRACKML_BENCHMARK_LIBRARY"
# Rows of data and epochs that are timed, after one epoch that is not.
SIZES = {"small": (64_000, 2), "deep": (64_000, 1), "adam, accuracy, AUC": (64_000, 1), "embedding": (64_000, 1)}
EVALUATED = "predict"


def keras_of_the_library() -> Any:
    """Keras of trackml or of TensorFlow."""
    if os.environ.get(LIBRARY) != "tensorflow":
        from trackml import keras

        return keras
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import tensorflow

    return tensorflow.keras


def model_of(keras: Any, case: str) -> tuple[Any, Any, Any]:
    """A compiled model, and rows of inputs and targets."""
    rows, _ = SIZES[case]
    random = np.random.RandomState(0)
    layers = keras.layers
    y = random.randint(0, 2, (rows, 1)).astype(np.float32)
    if case == "embedding":
        x = random.randint(0, 1000, (rows, 4))
        model = keras.Sequential([layers.Embedding(1000, 16, input_length=4), layers.Flatten(), layers.Dense(1)])
        model.compile(optimizer="sgd", loss="mse")
        return model, x, y
    x = random.randn(rows, 8).astype(np.float32)
    if case == "deep":
        stack = [layers.Dense(64, activation="relu", input_shape=(8,)), layers.Dense(64, activation="relu")]
        model = keras.Sequential([*stack, layers.Dense(1)])
        model.compile(optimizer="rmsprop", loss="mse")
        return model, x, y
    model = keras.Sequential([layers.Dense(16, activation="relu", input_shape=(8,)), layers.Dense(1, "sigmoid")])
    if case == "small":
        model.compile(optimizer="sgd", loss="binary_crossentropy")
    else:
        model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy", keras.metrics.AUC()])
    return model, x, y


def one_run() -> dict[str, float]:
    """Steps a second of each case, batches of 32, and rows a second of `predict`."""
    keras = keras_of_the_library()
    found = {}
    for case, (rows, epochs) in SIZES.items():
        model, x, y = model_of(keras, case)
        model.fit(x[:3200], y[:3200], batch_size=32, epochs=1, verbose=0)
        began = time.perf_counter()
        model.fit(x, y, batch_size=32, epochs=epochs, verbose=0)
        found[case] = rows / 32 * epochs / (time.perf_counter() - began)
        if case == "small":
            model.predict(x[:3200], batch_size=32, verbose=0)
            began = time.perf_counter()
            model.predict(x, batch_size=32, verbose=0)
            found[EVALUATED] = rows / 32 / (time.perf_counter() - began)
    return found


def measured(python: str, name: str) -> dict[str, float]:
    """The figures of one process."""
    environment = {**os.environ, LIBRARY: name, "PYTHONWARNINGS": "ignore"}
    command = [python, os.path.abspath(__file__), "--one"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stderr}")
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return figures


def main() -> None:
    """Prints a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--tensorflow", metavar="PYTHON", help="an interpreter that has TensorFlow 2")
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(one_run()))
        return
    ours, theirs = [], []
    for _ in range(options.turns):
        ours.append(measured(sys.executable, "trackml"))
        if options.tensorflow:
            theirs.append(measured(options.tensorflow, "tensorflow"))
    for case in ours[0]:
        line = f"{case}: {statistics.median(figures[case] for figures in ours):,.0f} steps/s"
        if theirs:
            ratios = [a[case] / b[case] for a, b in zip(ours, theirs)]
            line += f", TensorFlow {statistics.median(figures[case] for figures in theirs):,.0f}, "
            line += f"ours/theirs {statistics.median(ratios):.2f} (from {min(ratios):.2f} to {max(ratios):.2f})"
        print(line)


if __name__ == "__main__":
    main()
