"""`trackml tail`: the end of a series, and what is added to it."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Callable, Iterator

import pytest

TAIL = """\
         3  2023-11-15 12:00:13  -0.3333333432674408
         4  2023-11-15 12:00:14  -0.25
"""


def test_prints_the_last_points(sound, says):
    assert says("tail", sound, "a/train/loss", "-n", "2") == TAIL


@pytest.mark.parametrize(("lines", "printed"), [("0", 0), ("4", 4), ("99", 4)])
def test_prints_as_many_points_as_there_are(lines, printed, sound, says):
    assert len(says("tail", sound, "a/train/loss", "-n", lines).splitlines()) == printed


def test_run_and_tag_may_be_two_arguments(sound, says):
    assert says("tail", sound, "a/train", "loss", "-n", "2") == TAIL


def test_a_tag_of_the_log_directory_itself_needs_no_run(tmp_path, events, says):
    events.write(tmp_path, ".", events.scalars(1, 0, **{"train/loss": 2.0}))
    line = "         1  2023-11-15 12:00:00  2.0\n"
    assert [says("tail", tmp_path, name) for name in ("train/loss", "./train/loss")] == [line, line]


def test_json_is_a_document_a_line(sound, says, check_schema):
    lines = says("tail", sound, "b\x1b[2J", "x\ny", "--json").splitlines()
    assert [json.loads(line) for line in lines] == [{"step": 7, "wall_time": 1700049660.0, "value": "NaN"}]
    check_schema("tail", json.loads(lines[0]))


@pytest.mark.parametrize(
    ("series", "said"),
    [
        (["a/train/los"], "no series is called 'a/train/los'. Did you mean 'a/train/loss', 'a/train/lr'?"),
        (["a/train", "los"], "no scalar tag is called 'los'. Did you mean 'loss'?"),
        (["a/trian", "loss"], "no run is called 'a/trian'. Did you mean 'a/train'?"),
        (["a/train/notes"], "expected a tag with scalars; tag 'notes' of run 'a/train' holds text."),
    ],
)
def test_an_unknown_series_is_told(series, said, sound, fails):
    assert fails("tail", sound, *series) == f"trackml tail: {said}\n"


def test_a_name_that_can_be_split_in_two_ways_is_told(tmp_path, events, fails, says):
    events.write(tmp_path, "a", events.scalars(1, 0, **{"b/c": 1.0}))
    events.write(tmp_path, "a/b", events.scalars(1, 0, c=2.0))
    assert "'a/b/c' may be tag 'b/c' of run 'a' or tag 'c' of run 'a/b'" in fails("tail", tmp_path, "a/b/c")
    assert says("tail", tmp_path, "a/b", "c").endswith("2.0\n")


Follow = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def follow(command) -> Iterator[Follow]:
    """Starts `trackml tail --follow` in processes that end with the test."""
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: str) -> subprocess.Popen[str]:
        # Whatever comes in time is there because the system told of it.
        line = command("tail", "--follow", "--interval", "3600", *arguments)
        started.append(subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()


def test_goes_on_with_new_points_until_it_is_interrupted(sound, events, follow):
    tail = follow(sound, "a/train/loss", "-n", "1")
    assert tail.stdout.readline().endswith(" -0.25\n")
    for step in (5, 6):
        events.write(sound, "a/train", events.scalars(step, step, loss=step))
        assert tail.stdout.readline().endswith(f" {step}.0\n")
    tail.send_signal(signal.SIGINT)
    assert tail.communicate(timeout=30) == ("", "")
    assert tail.returncode == 130


def test_tells_of_a_restart_and_goes_on(sound, events, follow):
    tail = follow(sound, "a/train/loss", "-n", "1")
    assert tail.stdout.readline().endswith(" -0.25\n")
    events.write(sound, "a/train", events.start(3, 20), events.scalars(3, 21, loss=30.0))
    assert tail.stdout.readline().endswith(" 30.0\n")
    assert tail.stderr.readline() == "trackml tail: a restart superseded the last 2 points.\n"


def test_ends_quietly_when_nobody_reads_any_more_though_nothing_is_written(sound, follow):
    tail = follow(sound, "a/train/loss", "-n", "1")
    tail.stdout.readline()
    tail.stdout.close()
    assert tail.wait(timeout=30) == 141
    assert tail.stderr.read() == ""
