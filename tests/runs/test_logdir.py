from __future__ import annotations

import itertools
import os
from pathlib import Path

import pytest

from trackml.runs.logdir import Discoverer, Discovery, discover
from trackml.runs.logdir_spec import parse_logdirs


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "root"


def touch(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x")


def names(discovery: Discovery) -> list[str]:
    return sorted(run.name for run in discovery.runs)


def tensorboards(root: Path) -> list[str]:
    from tensorboard.backend.event_processing import plugin_event_multiplexer

    multiplexer = plugin_event_multiplexer.EventMultiplexer()
    multiplexer.AddRunsFromDirectory(str(root))
    return sorted(multiplexer.Runs())


def test_runs_are_directories_with_event_files_named_by_their_path(root: Path) -> None:
    for run in ("", "a", "a/b", "c/d/e"):
        touch(root / run / "events.out.tfevents.1.host")
    touch(root / "f" / "checkpoint")
    touch(root / "g" / "events.out.tfevents.1.host.profile-empty")
    found = discover(root)
    assert names(found) == [".", "a", "a/b", "c/d/e", "g"] == tensorboards(root)
    assert {run.name: run.path for run in found.runs}["a/b"] == root / "a" / "b"


def test_files_are_sorted_and_those_without_events_left_out(root: Path) -> None:
    for file in ("b.tfevents.2", "a.tfevents.1", "c.tfevents.3.profile-empty", "other"):
        touch(root / file)
    (run,) = discover(root).runs
    assert list(run.files) == ["a.tfevents.1", "b.tfevents.2"]
    assert run.files["a.tfevents.1"].size == 1


def test_what_is_no_regular_file_is_no_event_file(root: Path) -> None:
    touch(root / "a" / "kept.tfevents.1")
    (root / "a" / "directory.tfevents.1").mkdir()
    os.mkfifo(root / "a" / "pipe.tfevents.1")
    (root / "a" / "dangling.tfevents.1").symlink_to("nowhere")
    os.mkfifo(root / "pipe.tfevents.1")
    (run,) = discover(root).runs
    assert (run.name, list(run.files)) == ("a", ["kept.tfevents.1"])


def test_a_missing_directory_holds_nothing(root: Path) -> None:
    assert discover(root) == Discovery()


def test_an_event_file_is_a_run_of_its_own(root: Path) -> None:
    touch(root / "a.tfevents.1")
    touch(root / "b.tfevents.1")
    (run,) = discover(root / "a.tfevents.1").runs
    assert (run.name, run.path, list(run.files)) == (".", root, ["a.tfevents.1"])


def test_links_are_followed_and_loops_are_not(root: Path) -> None:
    touch(root / "a" / "tfevents")
    (root / "latest").symlink_to("a")
    (root / "a" / "up").symlink_to("..")
    (root / "self").symlink_to("self")
    assert names(discover(root)) == ["a", "latest"]


def test_directories_that_link_to_each_other_are_walked_in_bounded_time(root: Path) -> None:
    directories = [root / str(number) for number in range(12)]
    for directory in directories:
        touch(directory / "tfevents")
    for one, two in itertools.permutations(directories, 2):
        (one / f"to_{two.name}").symlink_to(two)
    found = names(discover(root))
    assert {directory.name for directory in directories} <= set(found)
    assert len(found) <= 17 * 12


def test_names_may_hold_any_bytes(root: Path) -> None:
    for name in (b"\xff", b"\xfe", "zwölf\n".encode()):
        directory = os.path.join(os.fsencode(root), name)
        os.makedirs(directory)
        with open(os.path.join(directory, b"tfevents"), "wb"):
            pass
    found = discover(root)
    assert names(found) == ["zwölf\n", "\ufffd", "\ufffd (2)"]
    assert {os.fsencode(run.path.name) for run in found.runs} == {b"\xff", b"\xfe", "zwölf\n".encode()}


def test_several_directories_prefix_their_runs(root: Path) -> None:
    for path in ("x/one", "x/one/run", "y/two"):
        touch(root / path / "tfevents")
    assert names(discover(root / "x/one", root / "y/two")) == ["one", "one/run", "two"]


def test_prefixes_grow_until_they_differ(root: Path) -> None:
    for path in ("x/one", "y/one"):
        touch(root / path / "tfevents")
    assert names(discover(root / "x/one", str(root / "y/one/"))) == ["x/one", "y/one"]


def settle(root: Path) -> None:
    """Makes all directories look as if nothing had changed for long."""
    for directory, _, _ in os.walk(root):
        os.utime(directory, (1e9, 1e9))


def test_what_changes_after_a_long_rest_is_seen(root: Path) -> None:
    for run in ("a", "b/c", "d"):
        touch(root / run / "events.out.tfevents.1.h")
    settle(root)
    discoverer = Discoverer(parse_logdirs(root))
    seen = [names(discoverer.discover()), names(discoverer.discover())]
    touch(root / "b" / "e" / "events.out.tfevents.1.h")
    touch(root / "a" / "events.out.tfevents.2.h")
    (root / "d" / "events.out.tfevents.1.h").unlink()
    discovery = discoverer.discover()
    assert seen == [["a", "b/c", "d"]] * 2
    assert names(discovery) == ["a", "b/c", "b/e"]
    assert {run.name: len(run.files) for run in discovery.runs} == {"a": 2, "b/c": 1, "b/e": 1}


def test_a_file_that_grows_in_a_directory_at_rest_is_seen(root: Path) -> None:
    touch(root / "events.out.tfevents.1.h")
    settle(root)
    discoverer = Discoverer(parse_logdirs(root))
    discoverer.discover()
    with open(root / "events.out.tfevents.1.h", "ab") as stream:
        stream.write(b"more")
    (run,) = discoverer.discover().runs
    assert run.files["events.out.tfevents.1.h"].size == 5


def test_a_file_that_vanishes_without_a_trace_is_missed_by_nobody(root: Path) -> None:
    for name in ("events.out.tfevents.1.h", "events.out.tfevents.2.h"):
        touch(root / name)
    settle(root)
    discoverer = Discoverer(parse_logdirs(root))
    discoverer.discover()
    (root / "events.out.tfevents.1.h").unlink()
    settle(root)
    (run,) = discoverer.discover().runs
    assert list(run.files) == ["events.out.tfevents.2.h"]
