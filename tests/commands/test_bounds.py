"""Commands on large log directories: the cache, and a bound on what is held."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture
def large(tmp_path: Path, events, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A log directory with one long series, and a cache of its own."""
    monkeypatch.setenv("TRACKML_CACHE_DIR", str(tmp_path / "cache"))
    logdir = tmp_path / "runs"
    events.write(logdir, "a", events.version(), *(events.scalars(step, step, loss=step) for step in range(3000)))
    return logdir


def damage_unseen(logdir: Path) -> None:
    """Damages bytes in the middle of the file; size and time of change stay."""
    (path,) = (logdir / "a").iterdir()
    status = path.stat()
    with open(path, "r+b") as stream:
        stream.seek(status.st_size // 2)
        stream.write(b"\xff" * 40)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def test_the_cache_serves_every_command_but_check(large, process, says_json):
    assert process("ls", large).returncode == 0
    damage_unseen(large)
    assert says_json("ls", large)["runs"][0]["points"] == 3000
    assert says_json("check", large, status=1)["damaged"]
    assert says_json("ls", large, "--no-cache")["runs"][0]["points"] < 3000


def test_without_a_cache_nothing_is_kept(large, tmp_path, process):
    assert process("ls", large, "--no-cache").returncode == 0
    assert not (tmp_path / "cache").exists()


@pytest.mark.parametrize("arguments", [["ls"], ["show", "a"]])
def test_a_bound_is_told_on_standard_error(large, process, arguments):
    name, *rest = arguments
    done = process(name, large, *rest, "--max-points", "1000")
    assert done.returncode == 0
    assert done.stderr.startswith(f"trackml {name}: 1 of 1 series are samples: ")
    assert done.stderr.endswith(" of 3000 points are held.\n")


def test_a_bound_that_is_wide_enough_is_not_told_of(large, process):
    assert process("ls", large, "--max-points", "3000").stderr == ""


@pytest.mark.parametrize("amount", ["0", "-1", "many"])
def test_a_bound_must_be_positive(large, process, amount):
    done = process("ls", large, "--max-points", amount)
    assert done.returncode == 2
    assert "--max-points" in done.stderr
