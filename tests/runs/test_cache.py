"""The cache of decoded columns: what comes out of it is what decoding gives, or it is not used."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tensorboard.compat.proto import event_pb2, summary_pb2

from trackml.runs import ColumnCache, RunStore, RunView, cache_file
from trackml.runs import cache as cache_module
from trackml.runs.cache_file import NOT_USABLE, CacheFile
from trackml.storage import frame
from trackml.storage.files import FileIdentity

FIRST = "events.out.tfevents.0000000001.host"
SECOND = "events.out.tfevents.0000000002.host"


@pytest.fixture
def cache(tmp_path: Path) -> ColumnCache:
    return ColumnCache(tmp_path / "cache", min_file_bytes=1)


def opened(path: Path, cache: ColumnCache | bool) -> RunStore:
    """A store that has read everything, and written what it would."""
    store = RunStore(path, cache=cache)
    store.refresh()
    if isinstance(cache, ColumnCache):
        cache.flush(wait=True)
    return store


def entries(cache: ColumnCache) -> list[Path]:
    return sorted(cache.directory.glob("*")) if cache.directory.exists() else []


def contents(store: RunStore) -> dict[str, Any]:
    return {name: content(run) for name, run in store.snapshot().items()}


def content(run: RunView) -> list[Any]:
    """All that a run holds, so that it can be compared: NaN by its bytes."""
    return [
        {tag: [column.tobytes() for column in series.columns] for tag, series in run.scalars.items()},
        {tag: [part.step.tolist() for part in parts] for tag, parts in run.superseded.items()},
        {tag: [series.step.tolist(), series.wall_time.tobytes(), places(series)] for tag, series in run.blobs.items()},
        {tag: run.metadata[tag].SerializeToString() for tag in run.metadata},
        list(run.tags.items()),
        [run.has_graph, run.graph_place, run.last_step, run.first_wall_time, run.last_wall_time],
        run.health,
    ]


def places(series: Any) -> list[Any]:
    values: list[Any] = [(value.tag, value.WhichOneof("value")) for value in map(series.read, range(len(series)))]
    return values


def overwrite_the_middle(path: Path) -> None:
    """Damages bytes that nobody compares; size and time of change stay."""
    status = path.stat()
    with open(path, "r+b") as stream:
        stream.seek(status.st_size // 2)
        stream.write(b"\xff" * 40)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def long_run(logdir: Any, count: int = 300, **how: Any) -> Path:
    path: Path = logdir.append(b"".join(logdir.scalars(step, loss=step) for step in range(count)), **how)
    return path


def test_a_file_is_decoded_once(logdir: Any, cache: ColumnCache) -> None:
    path = long_run(logdir)
    first = contents(opened(logdir.path, cache))
    overwrite_the_middle(path)
    assert contents(opened(logdir.path, cache)) == first
    assert contents(opened(logdir.path, False)) != first
    assert os.listdir(logdir.path) == [FIRST]


def test_what_a_file_grew_by_is_read_after_what_the_cache_holds(logdir: Any, cache: ColumnCache) -> None:
    path = long_run(logdir)
    opened(logdir.path, cache)
    overwrite_the_middle(path)
    logdir.append(logdir.scalars(300, loss=300))
    store = opened(logdir.path, cache)
    logdir.append(logdir.scalars(301, loss=301))
    store.refresh()
    assert store.snapshot()["."].scalars["loss"].step.tolist() == list(range(302))


def random_records(logdir: Any) -> st.SearchStrategy[bytes]:
    """Records of all kinds, and bytes that are none."""
    steps = st.integers(-3, 9)
    floats = st.floats(width=32)

    def event(step: int, wall_time: float, value: summary_pb2.Summary.Value) -> bytes:
        return frame(event_pb2.Event(step=step, wall_time=wall_time, summary={"value": [value]}).SerializeToString())

    def double(tag: str, number: float, plugin: str) -> summary_pb2.Summary.Value:
        value = summary_pb2.Summary.Value(tag=tag, metadata={"plugin_data": {"plugin_name": plugin}})
        value.tensor.dtype = 2
        value.tensor.double_val.append(number)
        return value

    graph = frame(event_pb2.Event(graph_def=b"\n\x00", wall_time=3.0).SerializeToString())
    values = st.one_of(
        st.builds(
            lambda tag, number: summary_pb2.Summary.Value(tag=tag, simple_value=number), st.sampled_from("ab"), floats
        ),
        st.builds(double, st.sampled_from("ac"), st.floats(), st.sampled_from(["scalars", "text", "mine", ""])),
        st.builds(lambda tag: summary_pb2.Summary.Value(tag=tag, histo={"num": 3}), st.sampled_from("dé")),
    )
    return st.one_of(
        st.builds(event, steps, st.floats(0, 99), values),
        st.builds(event, steps, floats, values),
        st.builds(logdir.start, steps, st.floats(0, 99)),
        st.builds(lambda number: logdir.version(1.0, number), st.sampled_from("12x")),
        st.sampled_from([graph, frame(b"\xff"), b"junk", bytes(30)]),
    )


@given(st.data())
@settings(max_examples=60)
def test_what_comes_out_is_what_decoding_gives(make_logdir: Any, tmp_path_factory: Any, data: st.DataObject) -> None:
    logdir = make_logdir()
    cache = ColumnCache(tmp_path_factory.mktemp("cache"), min_file_bytes=1)
    records = st.lists(random_records(logdir), max_size=25)
    for _ in range(data.draw(st.integers(1, 3))):
        for file in (FIRST, SECOND):
            logdir.append(b"".join(data.draw(records)), file=file)
        decoded = contents(opened(logdir.path, False))
        assert contents(opened(logdir.path, cache)) == decoded
        assert contents(opened(logdir.path, cache)) == decoded


def rewritten(logdir: Any, path: Path) -> None:
    path.write_bytes(b"".join(logdir.scalars(step, loss=-step) for step in range(300)))


def replaced(logdir: Any, path: Path) -> None:
    other = logdir.append(b"".join(logdir.scalars(step, loss=-step) for step in range(300)), file="other")
    os.replace(other, path)


def shrunk_and_grown(logdir: Any, path: Path) -> None:
    os.truncate(path, 5000)
    logdir.append(b"".join(logdir.scalars(step, loss=-step) for step in range(300)))


def shrunk(logdir: Any, path: Path) -> None:
    os.truncate(path, 5000)


def changed_in_the_middle(logdir: Any, path: Path) -> None:
    overwrite_the_middle(path)
    os.utime(path, ns=(1, 1))


@pytest.mark.parametrize("change", [rewritten, replaced, shrunk_and_grown, shrunk, changed_in_the_middle])
def test_a_file_that_changed_is_decoded_anew(
    logdir: Any, cache: ColumnCache, change: Callable[[Any, Path], None]
) -> None:
    path = long_run(logdir)
    before = contents(opened(logdir.path, cache))
    change(logdir, path)
    decoded = contents(opened(logdir.path, False))
    assert contents(opened(logdir.path, cache)) == decoded != before
    assert contents(opened(logdir.path, cache)) == decoded


def test_kinds_that_another_file_told_must_still_be_told(logdir: Any, cache: ColumnCache) -> None:
    with_kind, without = event_pb2.Event(step=1), event_pb2.Event(step=2)
    for event in (with_kind, without):
        value = event.summary.value.add(tag="loss")
        value.tensor.dtype = 1
        value.tensor.float_val.append(3)
    with_kind.summary.value[0].metadata.plugin_data.plugin_name = "scalars"
    path = logdir.append(frame(with_kind.SerializeToString()), file=FIRST)
    logdir.append(frame(without.SerializeToString()), file=SECOND)
    (before,) = opened(logdir.path, cache).snapshot().values()
    (again,) = opened(logdir.path, cache).snapshot().values()
    path.unlink()
    (after,) = opened(logdir.path, cache).snapshot().values()
    assert [run.tags["loss"] for run in (before, again, after)] == ["scalars", "scalars", "tensors"]


def damage_is_ignored(logdir: Any, cache: ColumnCache, spoilt: list[bytes]) -> None:
    """Opens the log directory with each of `spoilt` in place of the entry; what decoding gives differs from that."""
    (entry,) = entries(cache)
    good = entry.read_bytes()
    (path,) = logdir.path.iterdir()
    overwrite_the_middle(path)
    decoded = contents(opened(logdir.path, False))
    for data in spoilt:
        entry.write_bytes(data)
        assert contents(opened(logdir.path, cache)) == decoded
        entry.write_bytes(data)
    entry.write_bytes(good)
    assert contents(opened(logdir.path, cache)) != decoded


@pytest.fixture
def entry(logdir: Any, cache: ColumnCache) -> bytes:
    """The entry of a file."""
    long_run(logdir)
    opened(logdir.path, cache)
    return entries(cache)[0].read_bytes()


def is_usable(path: Path) -> bool:
    try:
        with open(path, "rb") as stream:
            CacheFile(stream).read_history(0)
    except NOT_USABLE:
        return False
    return True


def test_a_flipped_bit_anywhere_makes_an_entry_useless(tmp_path: Path, entry: bytes) -> None:
    path = tmp_path / "entry"
    for at in range(len(entry)):
        path.write_bytes(entry[:at] + bytes([entry[at] ^ 1 << at % 8]) + entry[at + 1 :])
        assert not is_usable(path)
    path.write_bytes(entry)
    assert is_usable(path)


def test_an_entry_that_was_cut_anywhere_is_useless(tmp_path: Path, entry: bytes) -> None:
    path = tmp_path / "entry"
    for end in range(len(entry)):
        path.write_bytes(entry[:end])
        assert not is_usable(path)


def test_what_is_useless_is_ignored(logdir: Any, cache: ColumnCache, entry: bytes) -> None:
    places = range(0, len(entry) - 64, 211)
    flipped = [entry[:at] + bytes([entry[at] ^ 1]) + entry[at + 1 :] for at in places]
    cut = [entry[:at] for at in places]
    zeroed = [entry[:at] + bytes(64) + entry[at + 64 :] for at in places]
    swapped = np.frombuffer(entry[: len(entry) // 8 * 8], "<u8").byteswap().tobytes()
    damage_is_ignored(logdir, cache, [*flipped, *cut, *zeroed, entry + b"\0", bytes(len(entry)), swapped])


def test_an_entry_of_another_decoder_is_not_used(
    logdir: Any, cache: ColumnCache, entry: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    (path,) = logdir.path.iterdir()
    overwrite_the_middle(path)
    monkeypatch.setattr("trackml.runs.cache_file.DECODER", 0)
    assert contents(opened(logdir.path, cache)) == contents(opened(logdir.path, False))


GOLDEN = Path(__file__).parents[1] / "golden" / "events"


def test_the_decoder_of_this_number_gives_what_it_gave() -> None:
    """When this fails because more or something else is read out of event files: raise DECODER."""
    store = opened(GOLDEN, False)
    digest = hashlib.sha256()
    for name, run in store.snapshot().items():
        digest.update(repr([name, *content(run)[:-1]]).replace(str(GOLDEN), "").encode())
    assert (cache_file.DECODER, digest.hexdigest()[:16]) == (1, "0abae2edf3a2ada2")


DOCUMENTS = {
    "list": b"[]",
    "nothing": b"null",
    "empty": b"{}",
    "no text": b"\xff",
    "deep": b"[" * 100_000,
    "decoder": b'{"decoder": 1}',
}


def with_document(text: bytes, arrays: bytes = b"", checksum: int = 0) -> bytes:
    """An entry whose checksums hold, whatever is in it: anybody could write one."""
    fields = (b"tmlcols\n", cache_file.FORMAT, 0, len(text), len(arrays), checksum)
    head = cache_file._head_checksum(cache_file._HEADER.pack(*fields), text)
    return cache_file._HEADER.pack(*fields[:2], head, *fields[3:]) + text + arrays


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_that_is_something_else_is_useless(tmp_path: Path, name: str) -> None:
    path = tmp_path / "entry"
    path.write_bytes(with_document(DOCUMENTS[name]))
    assert not is_usable(path)


CHANGES: dict[str, Callable[[Any], Any]] = {
    "count": lambda history: history["tags"][0].__setitem__(2, 301),
    "negative": lambda history: history["tags"][0].__setitem__(2, -1),
    "not a count": lambda history: history["tags"][0].__setitem__(2, 300.0),
    "type": lambda history: history["tags"][0].__setitem__(1, "object"),
    "name": lambda history: history["tags"][0].__setitem__(0, 3),
    "session": lambda history: history["tags"][0].__setitem__(5, [1]),
    "positions": lambda history: history["tags"][0].__setitem__(4, [300]),
    "kind": lambda history: history["kinds"].clear(),
    "step": lambda history: history.__setitem__("last_step", 1 << 70),
    "starts": lambda history: history.__setitem__("start_steps", [1]),
    "no tags": lambda history: history.__delitem__("tags"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_document_that_says_what_cannot_be_is_useless(tmp_path: Path, entry: bytes, name: str) -> None:
    path = tmp_path / "entry"
    _, _, _, length, _, checksum = cache_file._HEADER.unpack_from(entry)
    begin, end = cache_file._HEADER.size, cache_file._HEADER.size + length
    document = json.loads(entry[begin:end])
    path.write_bytes(with_document(json.dumps(document).encode(), entry[end:], checksum))
    assert is_usable(path)
    CHANGES[name](document["history"])
    path.write_bytes(with_document(json.dumps(document).encode(), entry[end:], checksum))
    assert not is_usable(path)


def test_a_place_where_nothing_can_be_written_does_not_matter(logdir: Any, tmp_path: Path) -> None:
    long_run(logdir)
    (tmp_path / "file").write_bytes(b"")
    for place in (tmp_path / "file", tmp_path / "file" / "below", Path("/proc/nowhere"), Path("x" * 5000)):
        cache = ColumnCache(place, min_file_bytes=1)
        assert contents(opened(logdir.path, cache)) == contents(opened(logdir.path, False))


SMALL_FILES = """
import resource, sys
from trackml.runs import ColumnCache, RunStore
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), int(sys.argv[3])))
cache = ColumnCache(sys.argv[2], min_file_bytes=1)
store = RunStore(sys.argv[1], cache=cache)
store.refresh()
print(len(store.snapshot()["."].scalars["loss"]))
"""


def run(script: str, *arguments: Any, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", script, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, **environment},
    )


@pytest.mark.parametrize("limit", [0, 100, 3000])
def test_a_full_disk_leaves_nothing_behind(logdir: Any, cache: ColumnCache, limit: int) -> None:
    long_run(logdir)
    done = run(SMALL_FILES, logdir.path, cache.directory, limit)
    assert (done.communicate()[0], done.returncode) == ("300\n", 0)
    assert entries(cache) == []


def test_what_is_not_written_yet_when_a_process_ends_is_written_then(logdir: Any, cache: ColumnCache) -> None:
    path = long_run(logdir, 20_000)
    done = run(SMALL_FILES, logdir.path, cache.directory, 1 << 30)
    assert (done.communicate()[0], done.returncode) == ("20000\n", 0)
    overwrite_the_middle(path)
    assert len(opened(logdir.path, cache).snapshot()["."].scalars["loss"]) == 20_000


OPENING = """
import sys
from trackml.runs import ColumnCache, RunStore
cache = ColumnCache(sys.argv[2], min_file_bytes=1, max_bytes=int(sys.argv[3]))
for _ in range(60):
    store = RunStore(sys.argv[1], cache=cache)
    store.refresh()
    for run in store.snapshot().values():
        assert run.scalars["loss"].step.tolist() == list(range(300)), run.name
    cache.flush(wait=True)
"""


@pytest.mark.parametrize("room", [1 << 30, 14_000])
def test_several_processes_at_once(logdir: Any, cache: ColumnCache, room: int) -> None:
    for name in "abcd":
        long_run(logdir, run=name)
    processes = [run(OPENING, logdir.path, cache.directory, room) for _ in range(3)]
    assert [(process.communicate()[0], process.returncode) for process in processes] == [("", 0)] * 3
    left = entries(cache)
    assert {path.suffix for path in left} == {".columns"}
    assert (len(left) == 4) == (room > 14_000)
    assert sum(path.stat().st_size for path in left) <= room


def test_what_was_not_used_for_longest_goes_first(logdir: Any, tmp_path: Path) -> None:
    cache = ColumnCache(tmp_path / "cache", min_file_bytes=1, max_bytes=20_000)
    for number, name in enumerate("abc"):
        long_run(logdir, run=name)
        opened(logdir.path / name, cache)
        for path in entries(cache):
            os.utime(path, ns=(0, path.stat().st_mtime_ns - 10**9))
        opened(logdir.path / "a", cache)
        assert len(entries(cache)) == min(2, number + 1)
    overwrite_the_middle(logdir.path / "a" / FIRST)
    overwrite_the_middle(logdir.path / "b" / FIRST)
    lengths = [len(opened(logdir.path / name, cache).snapshot()["."].scalars["loss"]) for name in "ab"]
    assert [length == 300 for length in lengths] == [True, False]


def test_an_entry_larger_than_the_room_is_not_written(logdir: Any, tmp_path: Path) -> None:
    long_run(logdir)
    cache = ColumnCache(tmp_path / "cache", min_file_bytes=1, max_bytes=5000)
    opened(logdir.path, cache)
    assert entries(cache) == []


def test_what_a_killed_process_left_is_deleted_after_a_while(logdir: Any, cache: ColumnCache) -> None:
    cache.directory.mkdir()
    stale, fresh = cache.directory / ".a.columns.1.tmp", cache.directory / ".b.columns.2.tmp"
    stale.write_bytes(b"")
    fresh.write_bytes(b"")
    os.utime(stale, (1, 1))
    long_run(logdir)
    opened(logdir.path, cache)
    assert (stale.exists(), fresh.exists()) == (False, True)


def test_nobody_else_may_read_what_is_kept(logdir: Any, cache: ColumnCache) -> None:
    cache.directory.mkdir(mode=0o755)
    long_run(logdir)
    opened(logdir.path, cache)
    assert [path.stat().st_mode & 0o777 for path in entries(cache)] == [0o600]


def test_small_files_get_no_entry(logdir: Any, tmp_path: Path) -> None:
    size = long_run(logdir).stat().st_size
    for least, count in ((size + 1, 0), (size, 1)):
        cache = ColumnCache(tmp_path / str(least), min_file_bytes=least)
        opened(logdir.path, cache)
        assert len(entries(cache)) == count


@pytest.mark.parametrize(
    ("read", "saved", "seconds_ago", "expected"),
    [
        (99, 0, 0, False),
        (100, 0, 0, True),
        (150, 100, 0, False),
        (200, 100, 0, True),
        (1249, 1000, 0, False),
        (1250, 1000, 0, True),
        (1001, 1000, 100, True),
        (1000, 1000, 100, False),
    ],
)
def test_a_file_that_grows_gets_a_new_entry_now_and_then(
    monkeypatch: pytest.MonkeyPatch, read: int, saved: int, seconds_ago: int, expected: bool
) -> None:
    monkeypatch.setattr(cache_module.time, "time_ns", lambda: 10**18)
    identity = FileIdentity(1, 2, read, 10**18 - seconds_ago * 10**9)
    assert ColumnCache("/nowhere", min_file_bytes=100).is_worth_saving(identity, read, saved) == expected


def test_the_directory_is_the_users_unless_a_variable_says_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKML_CACHE_DIR", "/elsewhere")
    assert ColumnCache().directory == Path("/elsewhere")
    monkeypatch.setenv("TRACKML_CACHE_DIR", "")
    monkeypatch.setenv("XDG_CACHE_HOME", "/users")
    assert ColumnCache().directory == Path("/users/trackml")


def test_a_store_keeps_columns_unless_it_is_told_not_to(
    logdir: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKML_CACHE_DIR", str(tmp_path / "cache"))
    long_run(logdir, 3000)
    opened(logdir.path, False)
    assert not (tmp_path / "cache").exists()
    done = run("import sys; from trackml.runs import RunStore; RunStore(sys.argv[1]).refresh()", logdir.path)
    assert (done.communicate()[0], done.returncode) == ("", 0)
    assert len(list((tmp_path / "cache").iterdir())) == 1


def test_sizes_must_not_be_negative() -> None:
    with pytest.raises(ValueError, match="must not be negative; got -1, 65536"):
        ColumnCache(max_bytes=-1)
