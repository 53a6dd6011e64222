from __future__ import annotations

from typing import Any

from trackml.events.manifest import ManifestWriter
from trackml.runs import RunStore
from trackml_tui.manifests import ManifestBook


def test_manifests_are_read_on_as_they_grow(logdir: Any) -> None:
    logdir.write("plain", [1.0])
    writer = ManifestWriter(logdir.path / "run")
    writer.record(status="running")
    store, book = RunStore(logdir.path), ManifestBook()
    store.refresh()
    assert book.read(store.snapshot())
    assert {name: manifest.status for name, manifest in book.manifests.items()} == {"run": "running"}
    assert not book.read(store.snapshot())
    writer.record(status="finished")
    store.refresh()
    before = book.manifests
    assert book.read(store.snapshot())
    assert (before["run"].status, book.manifests["run"].status) == ("running", "finished")
    writer.close()


def test_what_takes_too_long_is_left_for_the_next_time(logdir: Any) -> None:
    for run in ("a", "b"):
        ManifestWriter(logdir.path / run).close()
    book, snapshot = ManifestBook(), logdir.snapshot()
    book.read(snapshot, budget=-1.0)
    assert book.is_behind
    assert not book.manifests
    book.read(snapshot)
    assert not book.is_behind
    assert sorted(book.manifests) == ["a", "b"]


def test_a_run_that_is_gone_is_forgotten(logdir: Any) -> None:
    ManifestWriter(logdir.path / "a").close()
    book = ManifestBook()
    book.read(logdir.snapshot())
    logdir.file("a").parent.joinpath("events.out.tfevents.1.x").touch()
    (manifest,) = (logdir.path / "a").glob("*.manifest")
    manifest.unlink()
    (logdir.path / "a" / "events.out.tfevents.1.x").unlink()
    assert book.read(logdir.snapshot())
    assert not book.manifests
