"""A training process that is killed at any moment leaves a directory that training resumes from and viewers open."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from trackml.checkpoint.reader import load_checkpoint
from trackml.checkpoint.state import latest_checkpoint
from trackml.runs import RunStore

# `train` makes w one larger with each step, and saves and summarises each step.
TRAINING = """
import os, signal, sys
import numpy as np
import trackml as tf

def model_fn(features, mode):
    w = tf.get_variable("w", [], initializer=tf.zeros_initializer())
    loss = -w * features
    tf.summary.histogram("features", features)
    train_op = tf.train.GradientDescentOptimizer(1.0).minimize(loss, tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)

class Telling(tf.train.SessionRunHook):
    def after_run(self, run_context, run_values):
        print("step", flush=True)

def train(directory, steps, hooks=()):
    config = tf.estimator.RunConfig(save_checkpoints_steps=1, save_summary_steps=1, log_step_count_steps=2)
    estimator = tf.estimator.Estimator(model_fn, directory, config)
    estimator.train(lambda: tf.data.Dataset.from_tensors(np.float32(1.0)).repeat(), max_steps=steps, hooks=hooks)
    return estimator
"""

# For each directory: a fork trains 2 steps but kills itself at a file operation, the first one in the first directory,
# the second in the second and so on, until one comes to its end. Then another fork trains on to step 3.
KILLED_AT_EACH_OPERATION = (
    TRAINING
    + """
def kill_at(left):
    def count(event, arguments):
        nonlocal left
        if event in ("open", "os.rename", "os.remove", "os.mkdir") and root in str(arguments[0]):
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
    sys.addaudithook(count)

def forked(work):
    child = os.fork()
    if child == 0:
        work()
        sys.stdout.flush()
        os._exit(0)
    return os.waitpid(child, 0)[1]

def first(directory, operation):
    kill_at(operation)
    train(directory, 2)

root, operation, status = sys.argv[1], 0, None
train(f"{root}/warm", 1)  # so that the forks have everything loaded; and without its thread they may fork
tf.summary.FileWriterCache.clear()
while status != 0:
    operation += 1
    directory = f"{root}/{operation:03d}"
    status = forked(lambda: first(directory, operation))
    print(status, flush=True)
    sys.stdin.readline()  # until the other side has looked at what is left
    assert forked(lambda: print(train(directory, 3).get_variable_value("w"), flush=True)) == 0
    sys.stdin.readline()
"""
)

KILLED_FROM_OUTSIDE = TRAINING + "train(sys.argv[1], 10**9, [Telling()])"
RESUMED = TRAINING + "print(train(sys.argv[1], int(sys.argv[2])).get_variable_value('w'))"


def assert_opens(directory):
    """Everything that reads a run reads this one; gives the step of the newest checkpoint."""
    newest = latest_checkpoint(directory)
    step = 0
    if newest is not None:
        reader = load_checkpoint(newest)
        step = int(reader.get_tensor("global_step"))
        assert newest.endswith(f"model.ckpt-{step}")
        assert reader.get_tensor("w") == step
    if any("tfevents" in name for name in os.listdir(directory)):
        EventAccumulator(str(directory)).Reload()
        store = RunStore(directory)
        store.refresh()
        assert not [health for run in store.snapshot().values() for health in run.health if health.status == "corrupt"]
    return step


@pytest.fixture(scope="module")
def ends(tmp_path_factory) -> Iterator[list[tuple[int, int, float]]]:
    """(exit status, newest step then, `w` after resuming) of each process that was killed at a file operation."""
    root = tmp_path_factory.mktemp("kill")
    command = [
        sys.executable,
        "-W",
        "ignore:This process:DeprecationWarning",
        "-c",
        KILLED_AT_EACH_OPERATION,
        str(root),
    ]
    found = []
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1) as process:
        for line in process.stdout:
            directory = root / f"{len(found) + 1:03d}"
            step = assert_opens(directory) if directory.exists() else 0
            process.stdin.write("\n")
            resumed = float(process.stdout.readline())
            assert assert_opens(directory) == 3
            process.stdin.write("\n")
            found.append((int(line), step, resumed))
    assert process.returncode == 0
    return found


def test_killed_at_each_file_operation_all_readers_open_what_is_left(ends):
    assert [status for status, _, _ in ends] == [signal.SIGKILL] * (len(ends) - 1) + [0]
    assert len(ends) > 30


def test_killed_at_each_file_operation_the_newest_checkpoint_only_moves_on(ends):
    steps = [step for _, step, _ in ends]
    assert steps == sorted(steps)
    assert set(steps) == {0, 1, 2}


def test_killed_at_each_file_operation_training_resumes(ends):
    assert {resumed for _, _, resumed in ends} == {3.0}


def test_killed_at_random_moments_training_resumes_each_time(tmp_path):
    moments = random.Random(5)
    steps = []
    for _ in range(5):
        command = [sys.executable, "-c", KILLED_FROM_OUTSIDE, str(tmp_path)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            for _ in range(moments.randint(1, 30)):
                assert process.stdout.readline() == b"step\n"
            process.kill()
        steps.append(assert_opens(tmp_path))
    assert steps == sorted(steps)
    last = steps[-1] + 2
    finished = subprocess.run(
        [sys.executable, "-c", RESUMED, str(tmp_path), str(last)], check=True, stdout=subprocess.PIPE
    )
    assert float(finished.stdout) == last
    assert assert_opens(tmp_path) == last
