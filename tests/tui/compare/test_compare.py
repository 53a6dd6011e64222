from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tensorboard.compat.proto import event_pb2, summary_pb2

from trackml.events import text_value
from trackml.runs import RunManifest
from trackml_tui.board import make_board
from trackml_tui.choices.compare import CompareChoice
from trackml_tui.compare.rows import CompareRow, Comparison, compare, title_of
from trackml_tui.compare.texts import text_rows
from trackml_tui.curves import Curves
from trackml_tui.palette import SlotBook
from trackml_tui.scene import Scene
from trackml_tui.view import View


@pytest.fixture
def pair(logdir: Any) -> Any:
    """Two runs that differ in their rate and results."""
    for run, lr, values in (("a", 0.1, [4.0, 2.0]), ("b", 0.2, [3.0, 1.0])):
        logdir.write_hparams(run, lr=lr, batch_size=32)
        logdir.write(run, values)
        logdir.write(run, [0.5], tag="accuracy")
    return logdir


def comparison(logdir: Any, manifests: Any = None, **choices: Any) -> Comparison:
    snapshot, slots = logdir.snapshot(), SlotBook()
    view = replace(View(tag="loss"), **choices)
    board = make_board(snapshot, view, Curves(), slots, logdir.now)
    return compare(Scene(snapshot=snapshot, view=view, board=board, slots=slots, manifests=manifests or {}))


def row(found: Comparison, key: str) -> CompareRow:
    return next(row for row in found.rows if row.key == key)


def test_what_differs_is_shown_and_what_is_equal_folded(pair: Any) -> None:
    found = comparison(pair)
    assert row(found, "hparam lr").cells == ("0.1", "0.2")
    assert row(found, "equal Hyperparameters").label == "1 equal: batch_size"
    assert not any(line.key == "hparam batch_size" for line in found.rows)
    unfolded = comparison(pair, compare=CompareChoice(equal=True))
    assert row(unfolded, "hparam batch_size").cells == ("32", "32")
    assert not any(line.kind == "folded" for line in unfolded.rows)


def test_metrics_have_difference_ratio_and_the_best(pair: Any) -> None:
    found = row(comparison(pair), "best loss")
    assert (found.label, found.cells) == ("loss min", ("2 @1", "1 @1"))
    assert (found.difference, found.ratios, found.best) == ("-1", ("", "×0.5"), frozenset({1}))
    assert not row(comparison(pair), "best accuracy").differs


def test_another_run_can_be_what_the_others_are_compared_with(pair: Any) -> None:
    found = comparison(pair, compare=CompareChoice().against("b"))
    assert [entry.name for entry in found.entries] == ["b", "a"]
    assert (row(found, "last loss").difference, row(found, "last loss").ratios[1]) == ("+1", "×2")


def test_where_runs_came_from(pair: Any) -> None:
    command = ["train.py", "--lr=\x1b[2J"]
    facts = {"command": command, "git_commit": "0123456789abcdef", "host": "h", "config": {"a": {"b": 1}}}
    other = {**facts, "command": ["train.py"], "config": {"a": {"b": 2}}}
    manifests = {
        name: RunManifest("finished", 0.0, 1.0, 1.0, 15.0, None, said) for name, said in (("a", facts), ("b", other))
    }
    found = comparison(pair, manifests)
    assert row(found, "origin command").cells == ("train.py --lr=\\x1b[2J", "train.py")
    assert row(found, "equal Origin").label == "2 equal: host, git commit"
    assert row(found, "setting a.b").cells == ("1", "2")
    everything = comparison(pair, manifests, compare=CompareChoice(equal=True))
    assert row(everything, "origin git_commit").cells == ("0123456789ab",) * 2


def test_of_many_runs_each_is_related_to_the_first(logdir: Any) -> None:
    for place in range(12):
        logdir.write(f"run{place}", [1.0 + place])
    found = comparison(logdir)
    assert len(found.entries) == 8
    assert title_of(found) == "8 runs side by side; 4 more runs left out"
    assert row(found, "last loss").ratios[:3] == ("", "×2", "×3")


def test_where_there_is_little_room_the_current_run_is_there(logdir: Any) -> None:
    for place in range(5):
        logdir.write(f"run{place}", [1.0])
    snapshot, slots = logdir.snapshot(), SlotBook()
    view = View(tag="loss", current="run4")
    board = make_board(snapshot, view, Curves(), slots, logdir.now)
    found = compare(Scene(snapshot=snapshot, view=view, board=board, slots=slots), most=3)
    assert [entry.name for entry in found.entries] == ["run0", "run1", "run4"]
    assert found.left_out == 2


def test_one_run_is_not_compared(pair: Any) -> None:
    found = comparison(pair, hidden=frozenset({"a"}))
    assert (len(found.entries), found.rows) == (1, ())


def test_nan_is_never_the_best(logdir: Any) -> None:
    logdir.write("a", [float("nan")])
    logdir.write("b", [1.0])
    found = row(comparison(logdir), "last loss")
    assert (found.cells, found.best, found.difference, found.ratios) == (("NaN", "1"), frozenset({1}), "NaN", ("", ""))


def test_texts_differ_line_by_line(logdir: Any) -> None:
    for run, text in (("a", b"lr: 0.1\nsteps: 5\n"), ("b", b"lr: 0.2\nsteps: 5\n\x1b[31m")):
        for tag, said in (("config", text), ("same", b"yes")):
            summary = summary_pb2.Summary(value=[text_value(tag, [said])])
            logdir.append(run, [event_pb2.Event(wall_time=logdir.now, step=1, summary=summary)])
    snapshot = logdir.snapshot()
    rows = [(line.kind, line.label) for line in text_rows(snapshot["a"], snapshot["b"])]
    assert rows == [
        ("place", "config"),
        ("place", "@@ -1,2 +1,3 @@"),
        ("removed", "-lr: 0.1"),
        ("added", "+lr: 0.2"),
        ("same", " steps: 5"),
        ("added", "+\\x1b[31m"),
        ("folded", "same: equal"),
    ]


def test_a_text_that_one_run_lacks_is_all_new(logdir: Any) -> None:
    summary = summary_pb2.Summary(value=[text_value("config", [b"one"])])
    logdir.append("b", [event_pb2.Event(wall_time=logdir.now, step=1, summary=summary)])
    logdir.write("a", [1.0])
    snapshot = logdir.snapshot()
    assert [line.label for line in text_rows(snapshot["a"], snapshot["b"])][-1] == "+one"
