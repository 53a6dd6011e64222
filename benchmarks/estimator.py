"""How soon a custom Estimator makes its first step, and how many it makes a second, beside TensorFlow.

    python benchmarks/estimator.py                                  trackml alone
    python benchmarks/estimator.py --tensorflow PATH/TO/PYTHON      and TensorFlow 2.15 (or 1.15) of that interpreter

The model is the one of the iris flowers: four features, two hidden layers of ten, Adagrad, batches of 32, with the
whole input pipeline and all hooks. Every figure is of a process of its own; the two libraries take turns, and the
ratios are of figures of one turn, so that a machine whose speed drifts does not decide.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from typing import Any

STEPS = 2000
LIBRARY = "TRACKML_BENCHMARK_LIBRARY"


def library() -> Any:
    """trackml, or TensorFlow with the names of its first version."""
    if os.environ.get(LIBRARY) != "tensorflow":
        import trackml

        return trackml
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import tensorflow

    if hasattr(tensorflow, "compat") and tensorflow.__version__ >= "2":
        tensorflow.compat.v1.disable_eager_execution()
        return tensorflow.compat.v1
    return tensorflow


def one_run(began: float, premade: bool = False) -> dict[str, float]:
    """Trains, and gives seconds from `began` to the first step and the steps a second after that.

    Args:
        began: When the process was started, in seconds since the epoch.
        premade: Whether to train a `DNNClassifier` in place of an Estimator with a model function of its own.
    """
    tf = library()
    import numpy as np

    random = np.random.RandomState(0)
    names = ["SepalLength", "SepalWidth", "PetalLength", "PetalWidth"]
    features = {name: random.randn(120).astype(np.float32) for name in names}
    labels = random.randint(0, 3, 120)
    found = {}

    class Clock(tf.train.SessionRunHook):  # type: ignore[misc]
        def __init__(self) -> None:
            self.made = 0

        def after_run(self, run_context: Any, run_values: Any) -> None:
            self.made += 1
            if self.made == 1:
                found["first_step_s"] = time.time() - began
            elif self.made == 100:
                self.began, self.processor = time.perf_counter(), time.process_time()
            elif self.made == 100 + STEPS:
                found["steps_per_s"] = STEPS / (time.perf_counter() - self.began)
                found["processor_s"] = (time.process_time() - self.processor) / STEPS

    def model_fn(features: Any, labels: Any, mode: str) -> Any:
        columns = [tf.feature_column.numeric_column(name) for name in names]
        net = tf.feature_column.input_layer(features, columns)
        for _ in range(2):
            net = dense(tf, net, 10, tf.nn.relu)
        logits = dense(tf, net, 3)
        loss = tf.losses.sparse_softmax_cross_entropy(labels=labels, logits=logits)
        train_op = tf.train.AdagradOptimizer(0.1).minimize(loss, global_step=tf.train.get_global_step())
        return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)

    def input_fn() -> Any:
        return tf.data.Dataset.from_tensor_slices((features, labels)).shuffle(1000).repeat().batch(32)

    with tempfile.TemporaryDirectory() as folder:
        model_dir = os.path.join(folder, "model")
        if premade:
            columns = [tf.feature_column.numeric_column(name) for name in names]
            estimator = tf.estimator.DNNClassifier([10, 10], columns, model_dir=model_dir, n_classes=3)
        else:
            estimator = tf.estimator.Estimator(model_fn, model_dir)
        estimator.train(input_fn, steps=100 + STEPS, hooks=[Clock()])
    return found


def dense(tf: Any, inputs: Any, units: int, activation: Any = None) -> Any:
    """A dense layer; TensorFlow 2.15 says that it is deprecated, which is not what is measured."""
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return tf.layers.dense(inputs, units, activation=activation)


def measured(python: str, name: str) -> dict[str, float]:
    """The figures of one process."""
    environment = {**os.environ, LIBRARY: name, "PYTHONWARNINGS": "ignore"}
    command = [python, os.path.abspath(__file__), "--one", repr(time.time())]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stderr}")
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return figures


def seconds(code: str) -> float:
    """How long a Python process takes that runs `code`; the best of five."""
    times = []
    for _ in range(5):
        began = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True)
        times.append(time.perf_counter() - began)
    return min(times)


def main() -> None:
    """Prints a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--tensorflow", metavar="PYTHON", help="an interpreter that has TensorFlow")
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--one", type=float, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one is not None:
        print(json.dumps(one_run(options.one)))
        return
    ours, theirs = [], []
    for _ in range(options.turns):
        ours.append(measured(sys.executable, "trackml"))
        if options.tensorflow:
            theirs.append(measured(options.tensorflow, "tensorflow"))
    numpy_alone = seconds("import numpy")
    print(f"import trackml, over import numpy: {seconds('import numpy, trackml') - numpy_alone:.3f} s")
    for key, unit, ratio in (("first_step_s", "s", "theirs/ours"), ("steps_per_s", "/s", "ours/theirs")):
        line = f"{key}: {statistics.median(figures[key] for figures in ours):.4g} {unit}"
        if theirs:
            pairs = [(a[key], b[key]) for a, b in zip(ours, theirs)]
            ratios = [b / a if ratio == "theirs/ours" else a / b for a, b in pairs]
            line += f", TensorFlow {statistics.median(b for _, b in pairs):.4g} {unit}, "
            line += f"{ratio} {statistics.median(ratios):.2f} (from {min(ratios):.2f} to {max(ratios):.2f})"
        print(line)


if __name__ == "__main__":
    main()
