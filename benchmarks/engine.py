"""How fast the engine trains and reads, beside TensorFlow.

    python benchmarks/engine.py                                  trackml alone
    python benchmarks/engine.py --tensorflow PATH/TO/PYTHON      and TensorFlow 2.15 (or 1.15) of that interpreter
    python benchmarks/engine.py --rows mlp lstm                  some of the rows

Every figure is of a process of its own; the two libraries take turns, and the ratios are of figures of one turn, so
that a machine whose speed drifts does not decide. A "speed ratio" above 1 means that trackml is faster; the ratio "of
processor time", of all threads together, says the same of a machine whose cores other work takes now and then.
The rows `dnn` and `first_step` are those of `estimator.py`, `premade` and `premade_first_step` the same of a
`DNNClassifier`; `dnn_numpy` is the model written by hand in numpy.
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
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from estimator import LIBRARY, dense, library, one_run

BATCH = 128
BEGAN = "TRACKML_BENCHMARK_BEGAN"
STEPS = {"mlp": 100, "lstm": 20, "convnet": 20, "convnet_32": 60}
ROWS_IN_FILE = 20_000
FIELDS = 10


class Rate(NamedTuple):
    """What a row measures."""

    per_second: float
    """Steps, or rows of data, a second, by the median of calls."""
    processor_seconds: float | None = None
    """What one takes on all threads together, by the mean of calls."""


def rate_of(call: Callable[[], Any], calls: int, count: int = 1) -> Rate:
    """How often a second `call` does `count` things; a tenth as many calls come before and do not count."""
    for _ in range(max(calls // 10, 3)):
        call()
    times = []
    processor = time.process_time()
    for _ in range(calls):
        began = time.perf_counter()
        call()
        times.append(time.perf_counter() - began)
    processor = time.process_time() - processor
    return Rate(count / statistics.median(times), processor / calls / count)


def trained(tf: Any, loss: Any, optimizer: Any, feeds: list[dict[Any, Any]], steps: int) -> Rate:
    """How fast a loss is minimized."""
    train_op = optimizer.minimize(loss)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        turns = iter(range(10**9))
        return rate_of(lambda: session.run(train_op, feeds[next(turns) % len(feeds)]), steps)


def classified(tf: Any, logits: Any, x: Any, shape: list[int], batch: int, row: str) -> Rate:
    """How fast a classifier of ten classes is trained, fed with images or sequences."""
    labels = tf.placeholder(tf.int64, [None])
    loss = tf.losses.sparse_softmax_cross_entropy(labels=labels, logits=logits)
    random = np.random.RandomState(0)
    feeds = [
        {x: random.randn(batch, *shape).astype(np.float32), labels: random.randint(0, 10, batch)} for _ in range(4)
    ]
    return trained(tf, loss, tf.train.GradientDescentOptimizer(0.01), feeds, STEPS[row])


def mlp(tf: Any) -> Rate:
    """784-512-512-10, batches of 128."""
    x = tf.placeholder(tf.float32, [None, 784])
    net = x
    for _ in range(2):
        net = dense(tf, net, 512, tf.nn.relu)
    return classified(tf, dense(tf, net, 10), x, [784], BATCH, "mlp")


def lstm(tf: Any) -> Rate:
    """128 units over 64 steps of 64 numbers, batches of 32."""
    import warnings

    x = tf.placeholder(tf.float32, [None, 64, 64])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        cell = tf.nn.rnn_cell.BasicLSTMCell(128)
    _, state = tf.nn.dynamic_rnn(cell, x, dtype=tf.float32)
    return classified(tf, dense(tf, state.h, 10), x, [64, 64], 32, "lstm")


def convnet(tf: Any, batch: int = BATCH, row: str = "convnet") -> Rate:
    """Convolutions 3x3 of 32 and 64 channels, each with ReLU and pooling, on 28x28; batches of 128."""
    x = tf.placeholder(tf.float32, [None, 28, 28, 1])
    net, channels = x, 1
    for number, outputs in enumerate((32, 64)):
        kernel = tf.get_variable(f"kernel_{number}", [3, 3, channels, outputs])
        bias = tf.get_variable(f"bias_{number}", [outputs])
        net = tf.nn.relu(tf.nn.bias_add(tf.nn.conv2d(net, kernel, [1, 1, 1, 1], "SAME"), bias))
        net = tf.nn.max_pool(net, [1, 2, 2, 1], [1, 2, 2, 1], "SAME")
        channels = outputs
    logits = dense(tf, tf.reshape(net, [-1, 7 * 7 * 64]), 10)
    return classified(tf, logits, x, [28, 28, 1], batch, row)


def convnet_32(tf: Any) -> Rate:
    """The same, batches of 32."""
    return convnet(tf, 32, "convnet_32")


def embedding(tf: Any, rows: int = 1_000_000) -> Rate:
    """128 rows of a table of 1,000,000 x 64, Adagrad."""
    ids = tf.placeholder(tf.int64, [None])
    table = tf.get_variable("table", [rows, 64])
    weights = tf.get_variable("weights", [64, 1])
    loss = tf.reduce_mean(tf.square(tf.matmul(tf.nn.embedding_lookup(table, ids), weights) - 1.0))
    random = np.random.RandomState(0)
    feeds = [{ids: random.randint(0, rows, BATCH)} for _ in range(1000)]
    return trained(tf, loss, tf.train.AdagradOptimizer(0.1), feeds, 1000)


def embedding_1k(tf: Any) -> Rate:
    """The same, a table of 1,000 x 64."""
    return embedding(tf, 1000)


def wide(tf: Any) -> Rate:
    """A linear model of 1,000,000 buckets, five ids an example, batches of 128, FTRL."""
    ids = tf.placeholder(tf.int64, [BATCH * 5])
    labels = tf.placeholder(tf.float32, [BATCH])
    table = tf.get_variable("table", [1_000_000, 1], initializer=tf.zeros_initializer())
    bias = tf.get_variable("bias", [1], initializer=tf.zeros_initializer())
    examples = tf.constant([[row, column] for row in range(BATCH) for column in range(5)], tf.int64)
    sparse = tf.SparseTensor(examples, ids, [BATCH, 5])
    logits = tf.reshape(tf.nn.embedding_lookup_sparse(table, sparse, None, combiner="sum") + bias, [-1])
    loss = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=labels, logits=logits))
    random = np.random.RandomState(0)
    feeds = [
        {ids: random.randint(0, 1_000_000, BATCH * 5), labels: random.randint(0, 2, BATCH).astype(np.float32)}
        for _ in range(1000)
    ]
    return trained(tf, loss, tf.train.FtrlOptimizer(0.1, l1_regularization_strength=0.01), feeds, 1000)


def drained(tf: Any, dataset: Any, batches: int) -> Rate:
    """How fast a dataset gives batches."""
    following = tf.data.make_one_shot_iterator(dataset).get_next()
    with tf.Session() as session:
        return rate_of(lambda: session.run(following), batches, BATCH)


def slices(tf: Any) -> Rate:
    """Rows a second of `from_tensor_slices(...).shuffle(1000).repeat().batch(128)`, four features and a label."""
    random = np.random.RandomState(0)
    features = {f"feature_{number}": random.randn(10_000).astype(np.float32) for number in range(4)}
    dataset = tf.data.Dataset.from_tensor_slices((features, random.randint(0, 3, 10_000)))
    return drained(tf, dataset.shuffle(1000).repeat().batch(BATCH), 300)


def csv(tf: Any) -> Rate:
    """Rows a second of `TextLineDataset(...).map(decode_csv).batch(128)`, nine numbers and a label."""
    random = np.random.RandomState(0)

    def parsed(line: Any) -> Any:
        fields = tf.decode_csv(line, [[0.0]] * (FIELDS - 1) + [[0]])
        return tf.stack(fields[:-1]), fields[-1]

    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "table.csv")
        table = np.round(random.randn(ROWS_IN_FILE, FIELDS - 1), 4)
        with open(path, "w", encoding="utf-8") as file:
            for row, label in zip(table.tolist(), random.randint(0, 3, ROWS_IN_FILE)):
                file.write(",".join(map(str, row)) + f",{label}\n")
        return drained(tf, tf.data.TextLineDataset(path).map(parsed).batch(BATCH), 130)


def csv_columns(tf: Any) -> Rate:
    """The same with a dictionary of columns, two of them strings, then shuffled and repeated, as notebooks do."""
    names = [f"column_{number}" for number in range(FIELDS)]

    def parsed(line: Any) -> Any:
        fields = dict(zip(names, tf.decode_csv(line, [[0.0]] * 7 + [[""]] * 2 + [[0]])))
        label = fields.pop(names[-1])
        return fields, tf.equal(label, 1)

    random = np.random.RandomState(0)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "table.csv")
        with open(path, "w", encoding="utf-8") as file:
            for _ in range(ROWS_IN_FILE):
                numbers = ",".join(map(str, np.round(random.randn(7), 3).tolist()))
                file.write(f"{numbers},word{random.randint(9)},other{random.randint(99)},{random.randint(2)}\n")
        dataset = tf.data.TextLineDataset(path).map(parsed).shuffle(1000).repeat().batch(BATCH)
        return drained(tf, dataset, 300)


def dnn_numpy(tf: Any) -> Rate:
    """Steps a second of the model of `estimator.py` written by hand in numpy, with nothing around it.

    A step takes a batch of a shuffled, repeated set, and computes the loss, its gradients and Adagrad's update.
    """
    random = np.random.RandomState(0)
    features = random.randn(120, 4).astype(np.float32)
    labels = random.randint(0, 3, 120)
    sizes = [4, 10, 10, 3]
    weights = [random.randn(a, b).astype(np.float32) for a, b in pairwise(sizes)]
    biases = [np.zeros(b, np.float32) for b in sizes[1:]]
    values = weights + biases
    sums = [np.full_like(value, 0.1) for value in values]
    rows = np.arange(32)

    def batches() -> Iterator[Any]:
        order = random.permutation(120)
        while True:
            if len(order) < 32:
                order = np.concatenate([order, random.permutation(120)])
            yield order[:32]
            order = order[32:]

    def step() -> float:
        batch = next(following)
        nets = [features[batch]]
        for weight, bias in zip(weights[:-1], biases[:-1]):
            nets.append(np.maximum(nets[-1] @ weight + bias, 0))
        logits = nets[-1] @ weights[-1] + biases[-1]
        logits -= logits.max(1, keepdims=True)
        grad = np.exp(logits)
        total = grad.sum(1)
        loss = (np.log(total) - logits[rows, labels[batch]]).sum() / 32
        grad /= total[:, np.newaxis]
        grad[rows, labels[batch]] -= 1
        grad /= 32
        weight_grads: list[Any] = []
        bias_grads: list[Any] = []
        for net, weight in zip(reversed(nets), reversed(weights)):
            weight_grads.insert(0, net.T @ grad)
            bias_grads.insert(0, grad.sum(0))
            grad = (grad @ weight.T) * (net > 0)
        for value, total, change in zip(values, sums, weight_grads + bias_grads):
            total += change * change
            value -= 0.1 * change / np.sqrt(total)
        return float(loss)

    following = batches()
    return rate_of(step, 2000)


def estimator_rate(premade: bool = False) -> Rate:
    """Steps a second of an Estimator."""
    found = one_run(time.time(), premade)
    return Rate(found["steps_per_s"], found["processor_s"])


def premade(tf: Any) -> Rate:
    """Steps a second of a `DNNClassifier`."""
    return estimator_rate(premade=True)


def premade_first_step(tf: Any) -> Rate:
    """From the start of the process to the first step of a `DNNClassifier`."""
    return Rate(1 / one_run(float(os.environ[BEGAN]), premade=True)["first_step_s"])


ROWS: dict[str, tuple[str, Callable[[Any], Rate]]] = {
    "dnn": ("steps/s", lambda tf: estimator_rate()),
    "dnn_numpy": ("steps/s", dnn_numpy),
    "premade": ("steps/s", premade),
    "premade_first_step": ("1/s", premade_first_step),
    "first_step": ("1/s", lambda tf: Rate(1 / one_run(float(os.environ[BEGAN]))["first_step_s"])),
    "mlp": ("steps/s", mlp),
    "lstm": ("steps/s", lstm),
    "convnet": ("steps/s", convnet),
    "convnet_32": ("steps/s", convnet_32),
    "embedding": ("steps/s", embedding),
    "embedding_1k": ("steps/s", embedding_1k),
    "wide": ("steps/s", wide),
    "slices": ("rows/s", slices),
    "csv": ("rows/s", csv),
    "csv_columns": ("rows/s", csv_columns),
}


def measured(python: str, name: str, row: str) -> Rate:
    """The figure of one process."""
    environment = {**os.environ, LIBRARY: name, "PYTHONWARNINGS": "ignore"}
    environment[BEGAN] = repr(time.time())
    command = [python, os.path.abspath(__file__), "--one", row]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stderr}")
    return Rate(*json.loads(done.stdout.splitlines()[-1]))


def report(row: str, turns: int, tensorflow: str | None) -> str:
    """A line of the table."""
    ours, theirs = [], []
    for _ in range(turns):
        ours.append(measured(sys.executable, "trackml", row))
        if tensorflow and row != "dnn_numpy":
            theirs.append(measured(tensorflow, "tensorflow", row))
    line = f"{row:<13} {statistics.median(rate.per_second for rate in ours):>12,.5g} {ROWS[row][0]:<8}"
    if theirs:
        line += f" TensorFlow {statistics.median(rate.per_second for rate in theirs):>10,.5g}   speed ratio "
        line += spread([a.per_second / b.per_second for a, b in zip(ours, theirs)])
    pairs = [(a.processor_seconds, b.processor_seconds) for a, b in zip(ours, theirs)]
    processor = [b / a for a, b in pairs if a is not None and b is not None]
    return f"{line}   of processor time {spread(processor)}" if processor else line


def spread(ratios: list[float]) -> str:
    """The median of ratios, and from where to where they go."""
    return f"{statistics.median(ratios):5.2f} ({min(ratios):.2f} to {max(ratios):.2f})"


def main() -> None:
    """Prints a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--tensorflow", metavar="PYTHON", help="an interpreter that has TensorFlow")
    parser.add_argument("--rows", nargs="+", choices=ROWS, default=list(ROWS))
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--one", choices=ROWS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one is None:
        for row in options.rows:
            print(report(row, options.turns, options.tensorflow), flush=True)
        return
    tf = None if options.one == "dnn_numpy" else library()
    print(json.dumps(ROWS[options.one][1](tf)))


if __name__ == "__main__":
    main()
