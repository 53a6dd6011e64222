"""Which directories are meant, and what their runs are called; TensorBoard is the oracle."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from trackml.runs import RunStore
from trackml.runs.logdir import discover
from trackml.runs.logdir_spec import NamedDirectory, parse_logdirs


def tensorboards(spec: str) -> dict[str, str | None]:
    """Directories and their names as TensorBoard takes them; an empty name is none to it."""
    from tensorboard.backend.event_processing import data_ingester

    return {path: name or None for path, name in data_ingester._parse_event_files_spec(spec).items()}


def ours(*logdirs: str) -> dict[str, str | None]:
    return {os.path.realpath(path): name for name, path in parse_logdirs(*logdirs)}


def touch(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current directory, and another as home."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return tmp_path / "here"


@pytest.mark.parametrize(
    "spec",
    [
        "runs",
        "/logs/a",
        "base:/logs/a,new:/logs/b",
        "base:/logs/a,/logs/b,c",
        "a:b:c",
        "/foo:bar/baz",
        "./a:b",
        "group/a:b",
        ":b",
        "C:\\runs",
        "~/runs",
        "home:~/runs",
        "x:a,y:a",
        "x:a,y:./a/",
        "a-b://c",
        " a: b",
    ],
)
def test_text_is_taken_apart_as_by_tensorboard(spec: str, here: Path) -> None:
    assert list(ours(spec).items()) == list(tensorboards(spec).items())


@given(st.text("ab:/,.~ \\", min_size=1, max_size=12))
def test_any_text_is_taken_apart_as_by_tensorboard(spec: str) -> None:
    items = [item.partition(":")[2] if ":" in item and item[0] != "/" else item for item in spec.split(",")]
    assume(all(items) and "://" not in spec and not any(map(os.path.exists, [spec, *spec.split(",")])))
    theirs = tensorboards(spec)
    names = [name for name in theirs.values() if name]
    assume(len(names) == len(set(names)))
    assert list(ours(spec).items()) == list(theirs.items())


def test_a_drive_of_windows_is_no_name(monkeypatch: pytest.MonkeyPatch) -> None:
    import ntpath

    monkeypatch.setattr(os.path, "splitdrive", ntpath.splitdrive)
    assert [(name, path) for name, path in parse_logdirs(r"C:\runs,base:D:\runs")] == [
        (None, r"C:\runs"),
        ("base", r"D:\runs"),
    ]


def test_a_path_that_is_there_wins_over_a_name(here: Path) -> None:
    for name in ("a:b", "c,d:e", "~"):
        (here / name).mkdir()
    assert parse_logdirs("a:b", "c,d:e", "~") == [(None, "a:b"), (None, "c,d:e"), (None, "~")]
    assert parse_logdirs("x:a:b,a:b") == [(None, "a:b")]


def test_path_objects_are_taken_as_they_stand() -> None:
    assert parse_logdirs(Path("base:~/a,b")) == [(None, "base:~/a,b")]


def test_a_mapping_gives_names(here: Path) -> None:
    found = parse_logdirs({"base": "~/a:b", "new": Path("c,d")}, "e")
    assert found == [("base", str(here.parent / "home/a:b")), ("new", "c,d"), (None, "e")]


@pytest.mark.parametrize(
    ("logdirs", "said"),
    [
        ((), "at least one log directory"),
        (({},), "at least one log directory"),
        (("x:/a,x:/b",), "'/a' and '/b' are both named 'x'"),
        (({"x": "/a"}, "x:/b"), "'/a' and '/b' are both named 'x'"),
        (("/a,,/b",), "got an empty one"),
        (("",), "got an empty one"),
        (("x:",), "got an empty one"),
        (({"": "/a"},), "expected a name for each log directory; got ''"),
        (("gs://bucket/runs",), "a directory of this machine; got 'gs://bucket/runs'"),
        (("x:gs://bucket/runs",), "a directory of this machine; got 'gs://bucket/runs'"),
        (("file:///runs",), "a directory of this machine"),
    ],
)
def test_what_cannot_be_meant_is_an_error(logdirs: tuple[str, ...], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        RunStore(*logdirs)


@pytest.mark.parametrize("logdir", [3, None, b"runs", ["a"]])
def test_what_is_no_path_is_an_error(logdir: object) -> None:
    with pytest.raises(TypeError, match="expected a path, text such as 'name:path', or a mapping"):
        parse_logdirs(logdir)  # type: ignore[arg-type]


def test_runs_of_named_directories_are_called_as_by_tensorboard(tmp_path: Path) -> None:
    from tensorboard.backend.event_processing import plugin_event_multiplexer

    for file in ("a/tfevents", "a/r/s/tfevents", "b/r/tfevents"):
        touch(tmp_path / file)
    spec = f"base:{tmp_path}/a,group/new:{tmp_path}/b"
    multiplexer = plugin_event_multiplexer.EventMultiplexer()
    for path, name in tensorboards(spec).items():
        multiplexer.AddRunsFromDirectory(path, name)
    names = [run.name for run in discover(spec).runs]
    assert sorted(names) == sorted(multiplexer.Runs()) == ["base/.", "base/r/s", "group/new/r"]


def test_one_directory_without_a_name_among_named_ones_adds_nothing(tmp_path: Path) -> None:
    for file in ("a/tfevents", "b/r/tfevents"):
        touch(tmp_path / file)
    found = discover({"base": tmp_path / "a"}, tmp_path / "b").runs
    assert [run.name for run in found] == ["base/.", "r"]


def test_runs_whose_names_would_be_the_same_are_both_there(tmp_path: Path) -> None:
    for file in ("a/r/tfevents", "b/base/r/tfevents"):
        touch(tmp_path / file)
    found = discover({"base": tmp_path / "a"}, tmp_path / "b").runs
    assert [(run.name, run.path) for run in found] == [
        ("base/r", tmp_path / "a/r"),
        ("base/r (2)", tmp_path / "b/base/r"),
    ]


def test_an_end_of_a_path_that_is_a_name_already_is_not_taken(tmp_path: Path) -> None:
    for file in ("a/tfevents", "x/base/tfevents", "y/two/tfevents"):
        touch(tmp_path / file)
    found = discover({"base": tmp_path / "a"}, tmp_path / "x/base", tmp_path / "y/two").runs
    assert [run.name for run in found] == ["base/.", "x/base", "two"]


def test_a_store_tells_its_directories() -> None:
    assert RunStore("base:/nowhere/a,/nowhere/b").logdirs == (
        NamedDirectory("base", "/nowhere/a"),
        NamedDirectory(None, "/nowhere/b"),
    )
