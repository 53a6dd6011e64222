"""`trackml demo` as its user sees it, with and without a terminal."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys

import pytest

from trackml.demo.runs import RunSettings, read_result
from trackml.demo.show import run_demo
from trackml.demo.sweep import RunError, Sweep

SHORT = (RunSettings(0.1, 4, steps=60), RunSettings(0.1, 8, steps=60), RunSettings(0.2, 8, steps=60))

SHORT_DEMO = f"""
from pathlib import Path
from trackml.demo.runs import RunSettings
from trackml.demo.show import run_demo
import sys
sys.exit(run_demo(Path(sys.argv[1]), {SHORT[:1]!r}))
"""


def read_until(terminal: int, wanted: bytes) -> bytes:
    """What a terminal shows up to the point where `wanted` is in it."""
    seen = b""
    while wanted not in seen:
        seen += os.read(terminal, 65536)
    return seen


def test_without_a_terminal_it_prints_the_table_and_two_commands(tmp_path, capsys):
    status = run_demo(tmp_path, SHORT)
    lines = capsys.readouterr().out.splitlines()
    assert status == 0
    assert [run.name for run in SHORT if sum(line.startswith(run.name) for line in lines) != 1] == []
    assert lines[-2:] == [f"  trackml-tui {tmp_path}", f"  tensorboard --logdir {tmp_path}"]


def test_a_finished_run_is_not_trained_again(tmp_path):
    with Sweep(tmp_path, SHORT[:1]) as sweep:
        first = sweep.results()
    with Sweep(tmp_path, SHORT[:2]) as sweep:
        second = sweep.results()
    assert second[SHORT[0]] == first[SHORT[0]]
    assert set(second) == set(SHORT[:2])


def test_all_steps_are_counted_at_the_end(tmp_path):
    with Sweep(tmp_path, SHORT[:2]) as sweep:
        sweep.results()
        assert (sweep.steps_done, sweep.steps_in_all, sweep.runs_done) == (120, 120, 2)


def test_a_run_that_fails_is_named_with_its_last_words(tmp_path, capsys):
    no_width = RunSettings(0.1, units=-1, steps=60)
    assert run_demo(tmp_path, [no_width]) == 1
    said = capsys.readouterr().err
    assert said.startswith(f"The run {no_width.name} ended without a result. Its last words:")
    assert "Error: " in said.splitlines()[-1]


def test_leaving_the_sweep_stops_its_runs(tmp_path):
    endless = RunSettings(0.1, 4, steps=10**9)
    with Sweep(tmp_path, [endless]) as sweep:
        pass
    with pytest.raises(RunError):
        sweep.results()
    assert read_result(tmp_path / endless.name) is None


def test_ctrl_c_ends_it_cleanly_and_says_how_to_go_on(tmp_path):
    command = [sys.executable, "-m", "trackml.cli", "demo", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as demo:
        assert demo.stdout is not None
        demo.stdout.readline()
        assert demo.stdout.readline().strip().startswith("0% of")
        demo.send_signal(signal.SIGINT)
        _, said = demo.communicate()
    assert demo.returncode == 130
    assert said.strip() == f"Interrupted. The same command goes on with {tmp_path / 'digits-1'}."


def test_in_a_terminal_the_dashboard_is_open_until_its_user_leaves_it(tmp_path):
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "100", "LINES": "30"}
    demo = subprocess.Popen(
        [sys.executable, "-c", SHORT_DEMO, str(tmp_path)], stdin=theirs, stdout=theirs, stderr=theirs, env=environment
    )
    os.close(theirs)
    read_until(ours, b"\x1b[?1049h")  # the dashboard takes the screen
    read_until(ours, b"live")  # and is drawn
    os.write(ours, b"q")
    seen = read_until(ours, b"tensorboard --logdir")
    assert b"accuracy" in seen
    assert demo.wait() == 0
    os.close(ours)
