from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from trackml.runs import RunStore
from trackml_tui.catalog.labels import NO_LABELS, PLAIN, Label, LabelFiles, Labels, noted, renamed

LABEL = Label("baseline", 3, "said “so”\n\x1b", starred=True, archived=True)


@pytest.fixture
def state(tmp_path_factory: Any) -> Path:
    return Path(tmp_path_factory.mktemp("state"))


def runs_of(path: Path) -> dict[str, Any]:
    store = RunStore(path)
    store.refresh()
    return dict(store.snapshot())


def test_labels_are_kept(logdir: Any, state: Path) -> None:
    logdir.write("a/b", [1.0])
    logdir.write(".", [1.0])
    files, runs = LabelFiles([logdir.path], state), runs_of(logdir.path)
    labels = NO_LABELS.with_changes(runs.values(), lambda label: LABEL)
    files.write(NO_LABELS, labels)
    assert LabelFiles([logdir.path], state).read() == labels
    assert labels.of(runs["."]) == labels.of(runs["a/b"]) == LABEL
    assert files.complaints == []


def test_the_log_directory_is_not_touched(logdir: Any, state: Path) -> None:
    logdir.write("a", [1.0])
    before = sorted(logdir.path.rglob("*"))
    LabelFiles([logdir.path], state).write(NO_LABELS, NO_LABELS.with_changes(runs_of(logdir.path).values(), noted("x")))
    assert sorted(logdir.path.rglob("*")) == before


def test_a_directory_is_known_by_the_place_that_links_lead_to(logdir: Any, state: Path) -> None:
    logdir.write("a", [1.0])
    link = state / "link"
    link.symlink_to(logdir.path)
    files = LabelFiles([logdir.path], state)
    files.write(NO_LABELS, NO_LABELS.with_changes(runs_of(logdir.path).values(), renamed(" first ")))
    linked = LabelFiles([link], state).read()
    assert linked.of(runs_of(link)["a"]).name == "first"


def test_what_others_wrote_meanwhile_stays(logdir: Any, state: Path) -> None:
    for run in ("a", "b"):
        logdir.write(run, [1.0])
    runs, files = runs_of(logdir.path), LabelFiles([logdir.path], state)
    files.write(NO_LABELS, NO_LABELS.with_changes([runs["a"]], noted("one")))
    files.write(NO_LABELS, NO_LABELS.with_changes([runs["b"]], noted("two")))
    assert {label.note for label in files.read().values()} == {"one", "two"}


def test_a_label_that_says_nothing_goes(logdir: Any, state: Path) -> None:
    logdir.write("a", [1.0])
    runs, files = runs_of(logdir.path), LabelFiles([logdir.path], state)
    starred = NO_LABELS.with_changes(runs.values(), lambda label: replace(label, starred=True))
    files.write(NO_LABELS, starred)
    plain = starred.with_changes(runs.values(), lambda label: PLAIN)
    files.write(starred, plain)
    assert json.loads(files.path(logdir.path).read_text())["runs"] == {}
    assert plain == Labels()


@pytest.mark.parametrize("text", ["{", "[]", '{"runs": []}', '{"runs": {"a": 3}}', '{"runs": {"a": {"name": ', "\x00"])
def test_a_damaged_file_is_kept_aside_and_told(logdir: Any, state: Path, text: str) -> None:
    logdir.write("a", [1.0])
    files = LabelFiles([logdir.path], state)
    files.path(logdir.path).write_text(text)
    assert files.read() == NO_LABELS
    (kept,) = state.glob("*.damaged-1")
    assert kept.read_text() == text
    assert str(kept) in files.complaints[0]
    files.write(NO_LABELS, NO_LABELS.with_changes(runs_of(logdir.path).values(), noted("new")))
    assert len(files.read()) == 1


def test_fields_of_the_wrong_kind_count_as_none(logdir: Any, state: Path) -> None:
    files = LabelFiles([logdir.path], state)
    said = {"name": 3, "slot": True, "note": "n", "starred": "yes", "archived": True, "later": 1}
    files.path(logdir.path).write_text(json.dumps({"runs": {"a": said}}))
    assert list(files.read().values()) == [Label(note="n", archived=True)]


def test_a_place_that_cannot_be_written_is_told(logdir: Any, state: Path) -> None:
    logdir.write("a", [1.0])
    (state / "file").write_text("")
    files = LabelFiles([logdir.path], state / "file")
    files.write(NO_LABELS, NO_LABELS.with_changes(runs_of(logdir.path).values(), noted("x")))
    assert any("cannot be" in complaint for complaint in files.complaints)
