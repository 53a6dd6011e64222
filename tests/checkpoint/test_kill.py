"""A process killed while it saves leaves a directory that can be resumed from."""

from __future__ import annotations

import pathlib
import signal
import subprocess
import sys

import numpy as np
import pytest

from trackml.checkpoint import state
from trackml.checkpoint.reader import load_checkpoint

# Saves two checkpoints as training does, and the second again as a resumed run does, but kills itself with SIGKILL
# at the file operation whose number it is given: every `open`, `os.replace` and `os.remove` is an audit event.
SAVING = """
import os, signal, sys
import numpy as np
from trackml.checkpoint import BundleWriter, remove_checkpoint, update_checkpoint_state

def save(directory, step, kept):
    with BundleWriter(f"{directory}/model.ckpt-{step}") as writer:
        writer.add("global_step", np.int64(step))
        writer.add("w", np.full(1000, step, np.float32))
        writer.add("names", np.array([b"a", b"b"], object))
    paths = [f"{directory}/model.ckpt-{n}" for n in kept]
    update_checkpoint_state(directory, paths[-1], paths, save_relative_paths=True)

directory, left = sys.argv[1], int(sys.argv[2])
save(directory, 1, [1])

def kill_at_the_last(event, args):
    global left
    if event in ("open", "os.rename", "os.remove"):
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(kill_at_the_last)
save(directory, 2, [1, 2])
save(directory, 2, [1, 2])
save(directory, 3, [2, 3])
remove_checkpoint(f"{directory}/model.ckpt-1")
print(-left)
"""
OPERATIONS = 32  # and a few to spare


def save_and_die(directory, operation):
    command = [sys.executable, "-c", SAVING, str(directory), str(operation)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_operations_below_are_all(tmp_path):
    finished = save_and_die(tmp_path, 0)
    assert (finished.returncode, finished.stderr) == (0, "")
    assert 20 < int(finished.stdout) <= OPERATIONS


@pytest.mark.parametrize("operation", range(1, OPERATIONS + 1))
def test_killed_at_any_file_operation_the_latest_checkpoint_is_whole(tmp_path, operation):
    assert save_and_die(tmp_path, operation).returncode in (0, -signal.SIGKILL)
    step = int(pathlib.Path(state.latest_checkpoint(tmp_path)).suffix.split("-")[1])
    reader = load_checkpoint(tmp_path)
    assert reader.get_tensor("global_step") == step
    np.testing.assert_array_equal(reader.get_tensor("w"), np.full(1000, step, np.float32))
    assert reader.get_tensor("names").tolist() == [b"a", b"b"]


@pytest.mark.parametrize("operation", [2, 4, 9])
def test_what_the_killed_process_left_is_recognised(tmp_path, operation):
    save_and_die(tmp_path, operation)
    state.remove_leftovers(tmp_path)
    left = {path.name.partition(".data")[0].removesuffix(".index") for path in tmp_path.iterdir()}
    assert left <= {"checkpoint", "model.ckpt-1", "model.ckpt-2"}
    assert not [path for path in tmp_path.iterdir() if "temp" in path.name or "tmp" in path.name]
