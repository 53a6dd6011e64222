from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tensorboard.compat.proto import event_pb2

from trackml.events import EventFileWriter, scalar_value, summary_iterator
from trackml.events.filenames import event_file_name, has_summaries, is_event_file


def event(step: int, value: float = 0.0) -> event_pb2.Event:
    made = event_pb2.Event(wall_time=1000.0 + step, step=step)
    made.summary.value.append(scalar_value("loss", value))
    return made


def steps(path: Path) -> list[int]:
    return [read.step for read in summary_iterator(path) if read.HasField("summary")]


def run_child(script: str, *arguments: str) -> subprocess.Popen[bytes]:
    """Runs `script` in another interpreter, after the imports and helpers that all scripts here need."""
    preamble = """
import os, resource, sys, threading
from tensorboard.compat.proto import event_pb2
from trackml.events import EventFileWriter
def event(step, size=0):
    made = event_pb2.Event(wall_time=1.0, step=step)
    made.summary.value.add(tag="x" * size, simple_value=1)
    return made
"""
    command = [sys.executable, "-c", preamble + script, *arguments]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def test_opens_with_the_file_version(tmp_path: Path) -> None:
    with EventFileWriter(tmp_path / "new" / "directory") as writer:
        (first,) = summary_iterator(writer.path)
    assert first.file_version == "brain.Event:2"
    assert first.wall_time == int(first.wall_time) > 0
    assert first.step == 0


def test_name_is_tensorflows(tmp_path: Path) -> None:
    with EventFileWriter(tmp_path, filename_suffix=".eval") as writer:
        seconds = writer.path.name.split(".")[3]
    assert writer.path.name == event_file_name(int(seconds), ".eval")
    assert event_file_name(123).startswith("events.out.tfevents.0000000123.")
    assert is_event_file(writer.path.name)
    assert has_summaries(writer.path.name)
    assert is_event_file("events.out.tfevents.1.host.profile-empty")
    assert not has_summaries("events.out.tfevents.1.host.profile-empty")
    assert not is_event_file("checkpoint")


def test_writes_events_in_order(tmp_path: Path) -> None:
    with EventFileWriter(tmp_path) as writer:
        for step in range(100):
            writer.add_event(event(step, step / 2))
    events = list(summary_iterator(writer.path))[1:]
    assert events == [event(step, step / 2) for step in range(100)]


def test_an_event_may_be_changed_after_it_was_added(tmp_path: Path) -> None:
    changing = event(1)
    with EventFileWriter(tmp_path) as writer:
        writer.add_event(changing)
        changing.step = 2
        writer.add_event(changing)
    assert steps(writer.path) == [1, 2]


def test_writers_of_one_second_get_names_in_their_order(tmp_path: Path) -> None:
    writers = [EventFileWriter(tmp_path) for _ in range(4)]
    names = [writer.path.name for writer in writers]
    for step, writer in enumerate(writers):
        writer.add_event(event(step))
        writer.close()
    assert names == sorted(set(names))
    assert [steps(writer.path) for writer in writers] == [[0], [1], [2], [3]]


def test_flush_shows_every_event_to_other_readers(tmp_path: Path) -> None:
    with EventFileWriter(tmp_path, flush_secs=1000, max_queue=1000) as writer:
        for step in range(3):
            writer.add_event(event(step))
        writer.flush()
        assert steps(writer.path) == [0, 1, 2]
        writer.flush()


@pytest.mark.parametrize("max_queue", [0, 1, 2])
def test_any_queue_length_keeps_order_among_threads(tmp_path: Path, max_queue: int) -> None:
    with EventFileWriter(tmp_path, max_queue=max_queue) as writer:
        threads = [
            threading.Thread(target=lambda first=first: [writer.add_event(event(first + i)) for i in range(50)])
            for first in (0, 1000, 2000)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    written = steps(writer.path)
    assert len(written) == 150
    for first in (0, 1000, 2000):
        assert [step for step in written if first <= step < first + 1000] == list(range(first, first + 50))


def test_the_thread_is_named_and_ends_with_close(tmp_path: Path) -> None:
    writer = EventFileWriter(tmp_path)
    name = f"trackml-events:{tmp_path}"
    assert name in [thread.name for thread in threading.enumerate()]
    writer.close()
    writer.close()
    assert writer.closed
    assert name not in [thread.name for thread in threading.enumerate()]


def test_reopen_goes_on_in_a_new_file(tmp_path: Path) -> None:
    writer = EventFileWriter(tmp_path)
    first = writer.path
    writer.reopen()
    assert writer.path == first
    writer.close()
    with pytest.raises(ValueError, match=r"is closed; call reopen\(\)"):
        writer.add_event(event(1))
    writer.reopen()
    writer.add_event(event(2))
    writer.close()
    assert writer.path.name > first.name
    assert (steps(first), steps(writer.path)) == ([], [2])


def test_an_unwritable_directory_is_the_constructors_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OSError, match="file"):
        EventFileWriter(tmp_path / "file" / "logdir")


def test_a_process_killed_after_flush_loses_nothing(tmp_path: Path) -> None:
    script = """
writer = EventFileWriter(sys.argv[1], max_queue=100000, flush_secs=1000)
for step in range(1000):
    writer.add_event(event(step))
writer.flush()
print("flushed", flush=True)
sys.stdin.read()
"""
    with run_child(script, str(tmp_path)) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"flushed\n"
        child.kill()
    (path,) = tmp_path.iterdir()
    assert steps(path) == list(range(1000))


@pytest.mark.parametrize("ending", ["pass", "sys.exit(3)", "raise RuntimeError", "os.fork() or sys.exit()"])
def test_the_interpreters_exit_closes_the_writer(tmp_path: Path, ending: str) -> None:
    script = f"""
writer = EventFileWriter(sys.argv[1], flush_secs=1000)
for step in range(5):
    writer.add_event(event(step))
{ending}
"""
    with run_child(script, str(tmp_path)) as child:
        child.communicate(timeout=60)
    (path,) = tmp_path.iterdir()
    assert steps(path) == list(range(5))


def test_a_fork_may_not_write(tmp_path: Path) -> None:
    script = """
writer = EventFileWriter(sys.argv[1])
writer.add_event(event(1))
if os.fork():
    os.wait()
else:
    try:
        writer.add_event(event(2))
    except ValueError as error:
        print(error)
    sys.stdout.flush()
    writer.close()
    os._exit(0)
"""
    with run_child(script, str(tmp_path)) as child:
        said, _ = child.communicate(timeout=60)
    assert b"Make another writer in the child process." in said
    (path,) = tmp_path.iterdir()
    assert steps(path) == [1]


@pytest.mark.parametrize("call", ["writer.add_event(event(1))", "writer.flush()", "writer.close()"])
def test_an_error_of_the_thread_reaches_the_next_call(tmp_path: Path, call: str) -> None:
    # A limit on the size of files stands for a full disk.
    script = f"""
writer = EventFileWriter(sys.argv[1], max_queue=1)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
writer.add_event(event(0, 5000))
for thread in threading.enumerate()[1:]:
    thread.join()  # the error ends the writer's
for call in (lambda: {call}, writer.close, writer.close):
    try:
        call()
    except OSError as error:
        print(type(error).__name__, error)
    print("closed", writer.closed)
"""
    with run_child(script, str(tmp_path)) as child:
        said, errors = child.communicate(timeout=60)
    (path,) = tmp_path.iterdir()
    error = f"OSError [Errno 27] File too large: {str(path)!r}"
    once_closed = ["closed True", "closed True"] if "close" in call else ["closed False", error, "closed True"]
    assert said.decode().splitlines() == [error, *once_closed, "closed True"]
    assert errors == b""


def test_scalars_and_events_keep_their_order(tmp_path: Path) -> None:
    with EventFileWriter(tmp_path) as writer:
        for step in range(0, 90, 3):
            writer.add_event(event(step))
            writer.add_scalar("loss", 0.0, step + 1, 1000.0 + step + 1)
            writer.add_scalar("loss", 0.0, step + 2, 1000.0 + step + 2)
    assert list(summary_iterator(writer.path))[1:] == [event(step) for step in range(90)]


MISFITS = [
    (("loss", 1.0, 2**63, 1.0), ValueError, "step must be an integer of 64 bits; got 9223372036854775808"),
    (("loss", 1.0, 1.5, 1.0), TypeError, "float"),
    (("loss", "one", 1, 1.0), ValueError, "one"),
    (("loss", None, 1, 1.0), TypeError, "NoneType"),
    (("loss", 1.0, 1, "now"), ValueError, "now"),
    ((7, 1.0, 1, 1.0), TypeError, "A tag must be a str"),
]


@pytest.mark.parametrize(("arguments", "error", "message"), MISFITS)
def test_what_cannot_be_encoded_is_refused_and_in_nobodys_way(
    tmp_path: Path, arguments: tuple[Any, ...], error: type[Exception], message: str
) -> None:
    with EventFileWriter(tmp_path) as writer:
        writer.add_scalar("loss", 1, np.int64(1), 1)  # numbers of other kinds are taken
        with pytest.raises(error, match=message):
            writer.add_scalar(*arguments)
        writer.add_scalar("loss", np.float32(2), 2, 1.0)
    assert steps(writer.path) == [1, 2]


def test_a_tag_of_any_length_is_written(tmp_path: Path) -> None:
    tags = ["a", "b" * 5000, "c"]
    with EventFileWriter(tmp_path) as writer:
        for tag in tags:
            writer.add_scalar(tag, 1.0, 2, 3.0)
    assert [read.summary.value[0].tag for read in summary_iterator(writer.path) if read.step == 2] == tags


@pytest.mark.parametrize("max_queue", [0, 1, 7, 1 << 16])
def test_scalars_of_several_threads_keep_each_threads_order(tmp_path: Path, max_queue: int) -> None:
    def add(tag: str) -> None:
        for step in range(1, 3001):
            writer.add_scalar(tag, step / 2, step, 1.0)

    with EventFileWriter(tmp_path, max_queue=max_queue) as writer:
        threads = [threading.Thread(target=add, args=(tag,)) for tag in "abcd"]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    points = [(read.summary.value[0].tag, read.step) for read in summary_iterator(writer.path) if read.step]
    for tag in "abcd":
        assert [step for of, step in points if of == tag] == list(range(1, 3001))


def test_nothing_is_lost_by_errors_that_pass(tmp_path: Path) -> None:
    script = """
unlimited = resource.getrlimit(resource.RLIMIT_FSIZE)
writer = EventFileWriter(sys.argv[1], max_queue=20, flush_secs=0)
resource.setrlimit(resource.RLIMIT_FSIZE, (700, unlimited[1]))
errors = refused = 0
step = 1
while errors < 50:
    try:
        writer.add_scalar("loss", 1.0, step, 1.0)
        step += 1
    except OSError:
        errors += 1
try:
    writer.flush()
except OSError as error:
    print("flush", error.errno)
resource.setrlimit(resource.RLIMIT_FSIZE, unlimited)
writer.flush()
writer.add_scalar("loss", 1.0, step, 1.0)
writer.close()
print("added", step)
"""
    with run_child(script, str(tmp_path)) as child:
        said, errors = child.communicate(timeout=60)
    assert errors == b""
    (path,) = tmp_path.iterdir()
    assert said.decode().splitlines() == ["flush 27", f"added {steps(path)[-1]}"]
    assert steps(path) == list(range(1, steps(path)[-1] + 1))


def test_a_writer_that_reopens_logs_on_in_a_fork_without_the_parents_queue(tmp_path: Path) -> None:
    script = """
writer = EventFileWriter(sys.argv[1], flush_secs=1000, max_queue=100, reopens=True)
writer.add_scalar("loss", 1.0, 1, 1.0)
child = os.fork()
if child:
    os.waitpid(child, 0)
    writer.add_scalar("loss", 1.0, 2, 1.0)
else:
    writer.add_scalar("loss", 1.0, 100, 1.0)
    writer.flush()
    os.kill(os.getpid(), 9)
"""
    with run_child(script, str(tmp_path)) as child:
        child.communicate(timeout=60)
    assert [steps(path) for path in sorted(tmp_path.iterdir())] == [[1, 2], [100]]


def test_the_end_of_a_multiprocessing_child_closes_its_writers(tmp_path: Path) -> None:
    script = """
import multiprocessing
def work(step):
    writer.add_scalar("loss", 1.0, step, 1.0)
if __name__ == "__main__":
    writer = EventFileWriter(sys.argv[1], flush_secs=1000, reopens=True)
    children = [multiprocessing.get_context("fork").Process(target=work, args=(step,)) for step in (1, 2)]
    for child in children:
        child.start()
        child.join()
"""
    with run_child(script, str(tmp_path)) as child:
        child.communicate(timeout=60)
    assert [steps(path) for path in sorted(tmp_path.iterdir())] == [[], [1], [2]]


def test_a_killed_process_loses_no_more_than_the_longest_wait(tmp_path: Path) -> None:
    script = """
import time
writer = EventFileWriter(sys.argv[1], flush_secs=0.05)
for step in range(1, 10**9):
    now = time.time()
    writer.add_scalar("loss", 1.0, step, now)
    if step % 100 == 0:
        print(now, flush=True)
"""
    for round in range(3):
        logdir = tmp_path / str(round)
        with run_child(script, str(logdir)) as child:
            assert child.stdout is not None
            told = [float(child.stdout.readline()) for _ in range(300)][-1]
            child.kill()
        (path,) = logdir.iterdir()
        events = list(summary_iterator(path))[1:]
        assert [read.step for read in events] == list(range(1, len(events) + 1))
        # The wait is 0.05 s; the rest is for a machine that is busy elsewhere.
        assert events[-1].wall_time > told - 5
