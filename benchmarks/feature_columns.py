"""How long a step of a wide linear model takes, beside TensorFlow.

    python benchmarks/feature_columns.py                                  trackml alone
    python benchmarks/feature_columns.py --tensorflow PATH/TO/PYTHON      and TensorFlow 2.15 (or 1.15) there

Batches of 128 rows are fed, Ftrl trains. `cross`: one cross of two texts into a million buckets. `four`: that, a
hash, a vocabulary of 3,000 words and ids. A figure is the shortest time of ten steps of eighty, of a process of its
own; the two libraries take turns.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from typing import Any

LIBRARY = "TRACKML_BENCHMARK_LIBRARY"
MODELS = ("cross", "four")


def library() -> Any:
    """trackml, or TensorFlow with the names of its first version."""
    if os.environ.get(LIBRARY) != "tensorflow":
        import trackml

        return trackml
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import tensorflow

    if tensorflow.__version__ >= "2":
        tensorflow.compat.v1.disable_eager_execution()
        return tensorflow.compat.v1
    return tensorflow


def batches() -> list[tuple[dict[str, Any], Any]]:
    """Fifty batches of texts, numbers and labels."""
    import numpy as np

    random = np.random.RandomState(0)
    users = np.array([b"user%d" % n for n in range(20000)], object)
    items = np.array([b"item%d" % n for n in range(5000)], object)
    return [
        (
            {
                "user": random.choice(users, (128, 1)),
                "item": random.choice(items, (128, 1)),
                "day": random.randint(0, 50, (128, 1)).astype(np.int64),
            },
            random.rand(128, 1).astype(np.float32),
        )
        for _ in range(50)
    ]


def milliseconds(model: str) -> float:
    """The shortest time of a step."""
    tf = library()
    fc = tf.feature_column
    columns = [fc.crossed_column(["user", "item"], 1000000)]
    if model == "four":
        words = [f"item{n}" for n in range(3000)]
        columns += [
            fc.categorical_column_with_hash_bucket("user", 20000),
            fc.categorical_column_with_identity("day", 50),
            fc.categorical_column_with_vocabulary_list("item", words),
        ]
    types = {"user": tf.string, "item": tf.string, "day": tf.int64}
    with tf.Graph().as_default(), tf.Session() as session:
        features = {key: tf.placeholder(dtype, [None, 1]) for key, dtype in types.items()}
        labels = tf.placeholder(tf.float32, [None, 1])
        loss = tf.reduce_sum(tf.square(fc.linear_model(features, columns) - labels))
        train = tf.train.FtrlOptimizer(0.1).minimize(loss)
        session.run([tf.global_variables_initializer(), tf.tables_initializer()])
        feeds = [{**{features[key]: fed[key] for key in features}, labels: label} for fed, label in batches()]
        best = float("inf")
        for _ in range(80):
            began = time.perf_counter()
            for feed in feeds[:10]:
                session.run([train, loss], feed)
            best = min(best, time.perf_counter() - began)
            feeds = feeds[10:] + feeds[:10]
    return 100 * best


def main() -> None:
    """Measures, in turns."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tensorflow", help="a Python with TensorFlow")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--one", choices=MODELS, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        print(milliseconds(arguments.one))
        return
    for model in MODELS:
        here, there = [], []
        for _ in range(arguments.rounds):
            here.append(measured(sys.executable, "trackml", model))
            if arguments.tensorflow:
                there.append(measured(arguments.tensorflow, "tensorflow", model))
        line = f"{model}: {min(here):.2f} ms a step"
        if there:
            ratio = statistics.median(peer / own for own, peer in zip(here, there))
            line += f", TensorFlow {min(there):.2f} ms, ratio {ratio:.2f}"
        print(line)


def measured(python: str, name: str, model: str) -> float:
    """The figure of a process of its own."""
    command = [python, __file__, "--one", model]
    done = subprocess.run(command, env={**os.environ, LIBRARY: name}, capture_output=True, text=True, check=True)
    return float(done.stdout.split()[-1])


if __name__ == "__main__":
    main()
