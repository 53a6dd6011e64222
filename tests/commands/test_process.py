"""What all commands have in common: missing directories, pipes, terminals, and what they load."""

from __future__ import annotations

import contextlib
import errno
import os
import pty
import shutil
import subprocess
import tempfile
from pathlib import Path

import numpy as np
import pytest

from trackml.cli import main

COMMANDS = {
    "ls": ["ls"],
    "show": ["show", "a/train"],
    "export": ["export", "--to", "csv"],
    "check": ["check"],
    "tail": ["tail", "a/train/loss"],
}


def with_logdir(name, logdir):
    """The arguments of a command."""
    first, *others = COMMANDS[name]
    return [first, logdir, *others]


@pytest.mark.parametrize("name", COMMANDS)
def test_a_missing_directory_is_told(name, tmp_path, fails):
    missing = tmp_path / "missing"
    assert fails(*with_logdir(name, missing)) == f"trackml {name}: there is no directory '{missing}'.\n"


@pytest.mark.parametrize("name", COMMANDS)
def test_a_directory_without_runs_is_told(name, tmp_path, fails):
    said = f"trackml {name}: '{tmp_path}' holds no event files (files with 'tfevents' in their names).\n"
    assert fails(*with_logdir(name, tmp_path)) == said


@pytest.mark.parametrize("name", COMMANDS)
def test_the_same_is_printed_into_a_pipe_without_a_word_beside_it(name, sound, says, process):
    done = process(*with_logdir(name, sound))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == says(*with_logdir(name, sound))


@pytest.mark.parametrize("name", COMMANDS)
def test_a_reader_that_leaves_is_no_error(name, sound, command):
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(command(*with_logdir(name, sound)), stdout=write, stderr=subprocess.PIPE, check=False)
    os.close(write)
    assert (done.returncode, done.stderr) == (141, b"")


@pytest.mark.parametrize("name", COMMANDS)
def test_a_full_disk_is_an_error_in_one_line(name, sound, command):
    with open("/dev/full", "wb") as full:
        done = subprocess.run(command(*with_logdir(name, sound)), stdout=full, stderr=subprocess.PIPE, check=False)
    line = f"trackml {name}: cannot write the output: {os.strerror(errno.ENOSPC)}\n"
    assert (done.returncode, done.stderr.decode()) == (2, line)


@pytest.mark.parametrize("name", COMMANDS)
def test_names_that_the_encoding_lacks_are_spelled_out(name, tmp_path, events, process):
    events.write(tmp_path, "a/train", events.scalars(1, 0, loss=1.0, größe=1.0))
    done = process(*with_logdir(name, tmp_path), env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", COMMANDS)
def test_the_graph_engine_and_what_is_heavy_stay_unloaded(name, sound, process):
    done = process(*with_logdir(name, sound), env={**os.environ, "PYTHONPROFILEIMPORTTIME": "1"})
    loaded = {line.rsplit("|", 1)[-1].strip() for line in done.stderr.splitlines()}
    assert "trackml.runs.store" in loaded
    assert loaded.isdisjoint(["trackml.graph", "trackml.ops", "trackml.estimator", "trackml.demo"])
    assert loaded.isdisjoint(["pandas", "pyarrow", "textual", "rich", "PIL", "grpc"])


def test_help_loads_no_numpy(process):
    done = process("--help", env={**os.environ, "PYTHONPROFILEIMPORTTIME": "1"})
    assert "numpy" not in {line.rsplit("|", 1)[-1].strip() for line in done.stderr.splitlines()}


@pytest.mark.parametrize(
    "arguments",
    ["", "ls", "show x", "tail", "nonsense", "tail x y -n -1", "tail x y --interval 0", "export x --to y"],
)
def test_wrong_use_is_status_2_and_shows_the_usage(arguments, process):
    done = process(*arguments.split())
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("usage: trackml")


def in_terminal(line, **environment):
    """What a command prints when its output and its errors go to a terminal."""
    master, slave = pty.openpty()
    done = subprocess.Popen(line, stdout=slave, stderr=slave, env={**os.environ, **environment})
    os.close(slave)
    printed = b""
    with contextlib.suppress(OSError):  # how Linux says that the other end is closed
        while piece := os.read(master, 65536):
            printed += piece
    os.close(master)
    assert done.wait(timeout=60) in (0, 1, 2)
    return printed.decode()


def test_a_terminal_gets_colours(damaged, command):
    printed = in_terminal(command("check", damaged))
    assert "\x1b[31mcorrupt\x1b[0m" in printed
    assert "\x1b[33mtruncated\x1b[0m" in printed


@pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_a_terminal_whose_user_declines_gets_none(environment, damaged, command):
    assert "\x1b" not in in_terminal(command("check", damaged), **environment)


def test_csv_on_a_terminal_has_control_characters_spelled_out(sound, command):
    printed = in_terminal(command("export", sound, "--to", "csv"))
    assert "\x1b" not in printed
    assert r"b\x1b[2J,x\ny,7" in printed


def test_texts_on_a_terminal_have_control_characters_spelled_out(tmp_path, events, command):
    text = np.array(b"\x1b]0;title\x07\nnext", object)
    events.write(tmp_path, "r", events.tensor(1, "notes", text, "text"))
    for arguments in (["export", tmp_path, "--kind", "text", "--to", "csv"], ["show", tmp_path, "r"]):
        printed = in_terminal(command(*arguments))
        assert "\x1b]" not in printed
        assert r"\x1b]0;title\x07" in printed


def test_parquet_is_not_thrown_at_a_terminal(sound, command):
    assert "Parquet is binary" in in_terminal(command("export", sound, "--to", "parquet"))


@pytest.fixture
def forbidden(sound):
    """A log directory with a run that may not be listed, in a process without root's rights."""
    with tempfile.TemporaryDirectory() as public:  # every user may enter it, unlike those of pytest
        logdir = Path(public) / "runs"
        shutil.copytree(sound, logdir)
        os.chmod(public, 0o755)
        (logdir / "b\x1b[2J").chmod(0)
        before = os.geteuid()
        os.seteuid(before or 65534)
        yield logdir
        os.seteuid(before)


def test_a_directory_that_may_not_be_listed_is_told_beside_the_others(forbidden, capsys):
    assert main(["ls", str(forbidden)]) == 0
    captured = capsys.readouterr()
    assert [line.split()[0] for line in captured.out.splitlines()] == ["RUN", "a/train"]
    where = f"'{forbidden}/b\\x1b[2J'"
    told = f"trackml ls: the directory {where} cannot be listed (Permission denied); what is below is missing.\n"
    assert captured.err == told


def test_a_directory_that_may_not_be_listed_is_damage(forbidden, says_json):
    document = says_json("check", forbidden, status=1)
    assert document["unreadable_directories"] == [f"{forbidden}/b\x1b[2J"]
    assert [file["status"] for file in document["files"]] == ["ok"]


def test_a_log_directory_that_may_not_be_listed_is_told(forbidden, fails):
    said = f"trackml ls: {os.strerror(errno.EACCES)}: '{forbidden}/b\\x1b[2J'\n"
    assert fails("ls", forbidden / "b\x1b[2J") == said
