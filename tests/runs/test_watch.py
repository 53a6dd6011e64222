"""Waiting for changes: told by the system where it can, by looking now and then where it cannot."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from trackml.runs import RunStore
from trackml.runs.watch import Watcher

DEADLINE = 30.0
"""Seconds after which something that should happen is given up; a busy machine is slow."""
MOMENT = 0.1
"""Seconds in which something that must not happen is waited for."""
FILE = "events.out.tfevents.0000000001.host"


@pytest.fixture
def watch() -> Iterator[Callable[..., Watcher]]:
    """Makes watchers that have begun to watch and that look only when they are told."""
    watchers = []

    def watch(*directories: Path, **options: Any) -> Watcher:
        watchers.append(Watcher(*directories, **{"interval": 3600.0, "longest_rest": 3600.0, **options}))
        assert watchers[-1].wait(0)
        return watchers[-1]

    yield watch
    for watcher in watchers:
        watcher.close()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A log directory with a run, a run in a run, a run behind a link, and links that lead nowhere and in a circle."""
    root = tmp_path / "root"
    for directory in (root / "a", root / "a/b", tmp_path / "elsewhere"):
        directory.mkdir(parents=True)
        (directory / FILE).write_bytes(b"x")
    (root / "link").symlink_to(tmp_path / "elsewhere")
    (root / "a/up").symlink_to("..")
    (root / "self").symlink_to("self")
    (root / "dangling").symlink_to("nowhere")
    return root


def append(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "ab") as stream:
        stream.write(b"x")


def is_quiet(watcher: Watcher) -> bool:
    """Takes what is still coming, and tells whether it ends."""
    return any(not watcher.wait(MOMENT) for _ in range(20))


def test_the_first_wait_is_over_at_once(root: Path) -> None:
    with Watcher(root) as watcher:
        assert watcher.wait(0)
        assert (watcher.method, watcher.reason) == ("inotify", "")


CHANGES: dict[str, Callable[[Path], object]] = {
    "a file grows": lambda root: append(root / "a" / FILE),
    "a file deep down grows": lambda root: append(root / "a/b" / FILE),
    "a file behind a link grows": lambda root: append(root / "link" / FILE),
    "a new file": lambda root: append(root / "a/events.out.tfevents.2.host"),
    "a new run": lambda root: append(root / "c/d/e" / FILE),
    "a file is deleted": lambda root: (root / "a" / FILE).unlink(),
    "a file is replaced": lambda root: os.replace(root / "a/b" / FILE, root / "a" / FILE),
    "a run is renamed": lambda root: (root / "a").rename(root / "c"),
    "a run comes from elsewhere": lambda root: (root.parent / "elsewhere").rename(root / "c"),
    "a link to a run": lambda root: (root / "other").symlink_to("a"),
    "a run may be read by others": lambda root: (root / "a").chmod(0o777),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_told(change: str, root: Path, watch: Callable[..., Watcher]) -> None:
    watcher = watch(root)
    CHANGES[change](root)
    assert watcher.wait(DEADLINE)
    assert watcher.method == "inotify"


@pytest.mark.parametrize("place", ["c/d", "other", "link/c"])
def test_what_happens_in_new_directories_is_told(place: str, root: Path, watch: Callable[..., Watcher]) -> None:
    watcher = watch(root)
    (root.parent / "far").mkdir()
    (root / "other").symlink_to(root.parent / "far")
    (root / place).mkdir(parents=True, exist_ok=True)
    assert watcher.wait(DEADLINE)
    assert is_quiet(watcher)
    append(root / place / FILE)
    assert watcher.wait(DEADLINE)


def test_what_happens_between_two_waits_is_told(root: Path, watch: Callable[..., Watcher]) -> None:
    watcher = watch(root)
    append(root / "a" / FILE)
    assert watcher.wait(DEADLINE)
    assert not watcher.wait(MOMENT)


@pytest.mark.parametrize(
    "change",
    [
        lambda root: None,
        lambda root: (root / "a" / FILE).read_bytes(),
        lambda root: append(root / "a/model.ckpt-1.index"),
        lambda root: os.listdir(root),
    ],
)
def test_reading_and_other_files_are_no_news(
    change: Callable[[Path], object], root: Path, watch: Callable[..., Watcher]
) -> None:
    watcher = watch(root)
    change(root)
    assert not watcher.wait(MOMENT)


def test_a_directory_that_comes_later_is_waited_for(tmp_path: Path, watch: Callable[..., Watcher]) -> None:
    root = tmp_path / "later"
    watcher = watch(root)
    assert (watcher.method, watcher.reason) == ("polling", f"'{root}' is not there")
    root.mkdir()
    assert watcher.wait(DEADLINE)
    assert (watcher.method, watcher.reason) == ("inotify", "")
    append(root / "a" / FILE)
    assert watcher.wait(DEADLINE)


def test_a_directory_in_the_place_of_the_old_one_is_watched(root: Path, watch: Callable[..., Watcher]) -> None:
    watcher = watch(root)
    root.rename(root.with_name("old"))
    append(root / "a" / FILE)
    assert watcher.wait(DEADLINE)
    assert is_quiet(watcher)
    append(root / "a" / FILE)
    assert watcher.wait(DEADLINE)


def test_a_link_that_leads_to_another_directory_now_is_followed(root: Path, watch: Callable[..., Watcher]) -> None:
    latest = root.parent / "latest"
    latest.symlink_to(root / "a")
    watcher = watch(latest)
    assert watcher.method == "inotify"
    latest.unlink()
    latest.symlink_to(root.parent / "elsewhere")
    assert watcher.wait(DEADLINE)
    assert is_quiet(watcher)
    append(root.parent / "elsewhere" / FILE)
    assert watcher.wait(DEADLINE)


def test_one_of_several_directories_may_need_polling(root: Path, watch: Callable[..., Watcher]) -> None:
    watcher = watch(root, root / "missing")
    assert (watcher.method, watcher.reason) == ("polling", f"'{root}/missing' is not there")
    append(root / "a" / FILE)
    assert watcher.wait(DEADLINE)


def test_where_the_system_tells_nothing_it_is_time_to_look_again_and_again(tmp_path: Path) -> None:
    with Watcher(tmp_path / "missing", interval=0.001) as watcher:
        assert [watcher.wait(DEADLINE) for _ in range(5)] == [True] * 5
        assert watcher.method == "polling"


def test_after_the_longest_rest_it_is_time_to_look_though_nothing_was_told(root: Path) -> None:
    with Watcher(root, longest_rest=0.001) as watcher:
        assert [watcher.wait(DEADLINE) for _ in range(5)] == [True] * 5
        assert watcher.method == "inotify"


def tangle(root: Path) -> None:
    directories = [root / str(number) for number in range(12)]
    for directory in directories:
        directory.mkdir()
    for one, two in itertools.permutations(directories, 2):
        (one / f"to_{two.name}").symlink_to(two)


def link_a_file(root: Path) -> None:
    (root / "a" / "events.out.tfevents.2.host").symlink_to(root.parent / "elsewhere" / FILE)


@pytest.mark.parametrize(
    ("prepare", "below", "reason"),
    [
        (tangle, "", "directories below '{root}' link to each other"),
        (link_a_file, "", "'{root}/a/events.out.tfevents.2.host' is a link"),
        (lambda root: None, f"a/{FILE}", f"'{{root}}/a/{FILE}' is a single file"),
    ],
)
def test_what_the_system_does_not_tell_of_is_polled(
    prepare: Callable[[Path], None], below: str, reason: str, root: Path, watch: Callable[..., Watcher]
) -> None:
    prepare(root)
    watcher = watch(root / below)
    assert (watcher.method, watcher.reason) == ("polling", reason.format(root=root))


def test_a_file_that_becomes_a_link_is_polled_from_then_on(root: Path, watch: Callable[..., Watcher]) -> None:
    watcher = watch(root)
    link_a_file(root)
    assert watcher.wait(DEADLINE)
    assert is_quiet(watcher)
    assert watcher.method == "polling"


def test_a_shared_file_system_is_polled(root: Path, watch: Callable[..., Watcher]) -> None:
    device = root.stat().st_dev
    table = root.parent / "mountinfo"
    table.write_text(f"22 1 {os.major(device)}:{os.minor(device)} / /far rw - nfs4 server:/logs rw\n")
    watcher = watch(root, mount_table=str(table))
    assert (watcher.method, watcher.reason) == ("polling", f"'{root}' reaches into a shared file system (nfs4)")


@pytest.mark.parametrize(("value", "method"), [("1", "polling"), ("false", "inotify"), ("", "inotify")])
def test_polling_can_be_asked_for(
    value: str, method: str, root: Path, watch: Callable[..., Watcher], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WATCHFILES_FORCE_POLLING", value)
    assert watch(root).method == method


def test_a_directory_that_may_not_be_listed_is_polled(
    public_directory: Path, as_nobody: Callable[[], None], watch: Callable[..., Watcher]
) -> None:
    for name in ("a", "closed", "z"):
        (public_directory / name).mkdir()
    (public_directory / "closed").chmod(0)
    as_nobody()
    watcher = watch(public_directory)
    told = (watcher.method, watcher.reason)
    assert told == ("polling", f"'{public_directory}/closed' cannot be listed (Permission denied)")


LIMITED = """
import os, resource, sys
from watchfiles._rust_notify import RustNotify
from trackml.runs.watch import Watcher
lowest = os.dup(0)
resource.setrlimit(resource.RLIMIT_NOFILE, (lowest + 2, lowest + 2))
with Watcher(sys.argv[1], interval=0.001) as watcher:
    print(watcher.wait(), watcher.wait(), watcher.method, watcher.reason)
"""


def test_where_a_limit_is_reached_it_polls(root: Path) -> None:
    done = subprocess.run([sys.executable, "-c", LIMITED, root], capture_output=True, text=True, timeout=60)
    assert done.stderr == ""
    assert done.stdout.startswith("True True polling ")
    assert "Too many open files" in done.stdout


@pytest.mark.parametrize("below", ["", "missing"])
def test_closing_ends_the_wait_of_another_thread(below: str, root: Path, watch: Callable[..., Watcher]) -> None:
    watcher = watch(root / below)
    told: list[bool] = []
    thread = threading.Thread(target=lambda: told.append(watcher.wait()))
    thread.start()
    watcher.close()
    thread.join(DEADLINE)
    assert told == [False]
    assert not watcher.wait()
    watcher.close()


@pytest.mark.parametrize("option", ["interval", "longest_rest"])
@pytest.mark.parametrize("seconds", [0, -1, float("inf"), float("nan")])
def test_rests_must_be_positive(option: str, seconds: float) -> None:
    with pytest.raises(ValueError, match="a positive number of seconds"):
        Watcher("runs", **{option: seconds})


def test_a_store_that_refreshes_when_told_has_what_was_written(logdir: Any) -> None:
    logdir.append(logdir.scalars(0, loss=0), run="a")
    store = RunStore({"x": logdir.path})
    with store.watch() as watcher:
        for step in range(1, 4):
            logdir.append(logdir.scalars(step, loss=step), run="a")
            while watcher.wait(DEADLINE) and not store.refresh():
                pass
            assert store.snapshot()["x/a"].scalars["loss"].step[-1] == step
