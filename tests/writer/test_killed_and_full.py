"""Processes are killed at any moment, disks fill up at any byte: what was flushed stays, and nothing is hidden."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from trackml.runs import RunStore
from trackml.storage import Corrupt, Record, RecordReader


def run_child(script: str, logdir: Path) -> Any:
    """Runs `script` in another interpreter and gives what it printed as JSON."""
    command = [sys.executable, "-c", script, str(logdir)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)


KILLED = """
import json, os, random, signal, sys
from trackml import SummaryWriter

def work(logdir, told, often):
    writer = SummaryWriter(logdir, flush_secs=0.01)
    for step in range(1, 10**9):
        writer.add_scalar("loss", step, step)
        if step % 10 == 0:
            writer.add_text("note", "x" * (step % 300), step)
        if step % often == 0:
            writer.flush()
            os.write(told, b"%d\\n" % step)

flushed = []
for round in range(25):
    logdir = os.path.join(sys.argv[1], str(round))
    chance = random.Random(round)
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            work(logdir, writing, chance.choice([1, 7, 100, 500]))
        finally:
            os._exit(1)
    os.close(writing)
    with open(reading, "rb") as lines:
        told = [lines.readline() for _ in range(chance.randint(1, 10))]
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        told += lines.readlines()
    flushed.append(int(told[-1]))
print(json.dumps(flushed))
"""


def test_what_was_flushed_survives_a_kill_at_any_moment(tmp_path: Path) -> None:
    flushed = run_child(KILLED, tmp_path)
    store = RunStore(tmp_path)
    store.refresh()
    for round, last in enumerate(flushed):
        run = store.snapshot()[str(round)]
        steps = run.scalars["loss"].step.tolist()
        assert steps == list(range(1, len(steps) + 1))
        assert len(steps) >= last
        notes = run.texts["note/text_summary"].step.tolist() if run.texts else []
        assert notes == list(range(10, steps[-1] + 1, 10))[: len(notes)]
        assert len(notes) >= last // 10
        assert {health.status for health in run.health} <= {"ok", "truncated"}


FULL = """
import json, os, resource, sys
from trackml import SummaryWriter

hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
errors = []
for room in range(130):
    logdir = os.path.join(sys.argv[1], str(room))
    writer = SummaryWriter(logdir)
    (name,) = os.listdir(logdir)
    size = os.path.getsize(os.path.join(logdir, name))
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + room, hard))
    failed = 0
    for step in range(1, 4):
        writer.add_scalar("loss", step, step)
        if step == 2:
            writer.add_text("note", "text", step)
        try:
            writer.flush()
        except OSError:
            failed += 1
    errors.append([failed, os.path.getsize(os.path.join(logdir, name)) - size])
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    writer.add_scalar("loss", 4, 4)
    writer.close()
print(json.dumps(errors))
"""


def test_a_disk_that_is_full_at_any_byte_hides_nothing(tmp_path: Path) -> None:
    errors = run_child(FULL, tmp_path)
    ends = set()
    for room, (failed, kept) in enumerate(errors):
        (path,) = (tmp_path / str(room)).iterdir()
        with RecordReader(path) as reader:
            outcomes = list(reader)
        assert not [outcome for outcome in outcomes if isinstance(outcome, Corrupt)]
        assert all(isinstance(outcome, Record) for outcome in outcomes)
        assert len(outcomes) == 1 + 5
        begins = [outcome.offset - outcomes[1].offset for outcome in outcomes[1:]]
        assert failed > 0
        assert kept in begins  # whole records alone, while there was no room
        assert kept <= room
        ends.add(kept)
    assert len(ends) > 2
    store = RunStore(tmp_path)
    store.refresh()
    for run in store.snapshot().values():
        assert run.scalars["loss"].value.tolist() == [1, 2, 3, 4]
