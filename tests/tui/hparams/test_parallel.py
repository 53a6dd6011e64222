"""Parallel axes: where lines cross them, as text; and the axes that a table gives."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest

import trackml as tf
from trackml.runs import RunStore
from trackml_tui.hparams.axes import axes_of
from trackml_tui.hparams.table import make_table, value_at
from trackml_tui.plotting.grid import solid
from trackml_tui.plotting.parallel import ParallelAxis, parallel
from trackml_tui.scene import Scene
from trackml_tui.still import still_scene
from trackml_tui.view import View


def axis(name: str, *places: float) -> ParallelAxis:
    return ParallelAxis(name, np.array(places), "0", "1")


def test_lines_go_from_axis_to_axis() -> None:
    grid = parallel([axis("left", 0.0, 1.0), axis("right", 1.0, 1.0)], [solid(0), solid(1)], 31, 13)
    rows = grid.text()
    assert rows[0].startswith("left")
    assert rows[0].endswith("right")
    assert len(rows[0]) == 31
    assert (rows[1][0], rows[-1][0]) == ("1", "0")
    body, inks = rows[2:-1], grid.inks[2:-1]
    assert 0x2800 < ord(body[-1][0]) < 0x2900
    assert 0x2800 < ord(body[0][-1]) < 0x2900
    assert set(inks[0][5:25].tolist()) == {solid(1)}
    diagonal = [row for row in range(len(body)) if solid(0) in inks[row].tolist()]
    assert diagonal == list(range(1, len(body)))  # in the first row they share cells, and the last one's ink wins


def test_a_missing_value_breaks_the_line() -> None:
    grid = parallel([axis("a", 0.5), axis("b", np.nan), axis("c", 0.5)], [solid(0)], 30, 8)
    assert solid(0) not in grid.inks


def test_the_current_line_hides_the_others() -> None:
    same = [axis("a", 0.5, 0.5), axis("b", 0.5, 0.5)]
    assert solid(1) not in parallel(same, [solid(0), solid(1)], 30, 8, on_top=0).inks
    assert solid(0) not in parallel(same, [solid(0), solid(1)], 30, 8, on_top=1).inks


@pytest.mark.parametrize(("columns", "rows"), [(1, 1), (5, 2), (3, 40)])
def test_where_there_is_no_room_nothing_breaks(columns: int, rows: int) -> None:
    axes = [axis("a", 0.5), axis("b", 0.5), axis("c", 0.5)]
    assert parallel(axes, [solid(0)], columns, rows).codes.shape[1] == columns


@pytest.fixture
def sweep(logdir: Any) -> Any:
    """Three runs with a rate over four decades, a word, and one that all share."""
    for run, rate, kind in (("a", 1e-4, "adam"), ("b", 1e-2, "sgd"), ("c", 1.0, "adam")):
        with tf.SummaryWriter(str(logdir.path / run)) as writer:
            writer.add_hparams({"rate": rate, "kind": kind, "layers": 3}, {}, run_name=".")
            for step in (0, 10, 20):
                writer.add_scalar("loss", rate + 1.0 / (step + 1), step)
    return logdir


def still(logdir: Any, view: View) -> Scene:
    return still_scene(RunStore(logdir.path), [logdir.path], view, time.time())


def test_the_table_has_what_runs_differ_in(sweep: Any) -> None:
    table = make_table(still(sweep, View(tag="loss")))
    assert [column.key for column in table.columns] == ["hparam:kind", "hparam:rate", "best:loss", "last:loss"]
    assert [row.key for row in table.rows] == ["a", "b", "c"]
    assert [row.rank for row in table.rows] == [1, 2, 3]


def test_a_step_has_a_column(sweep: Any) -> None:
    table = make_table(still(sweep, View(tag="loss", step=15)))
    column = table.column("at:loss")
    assert column is not None
    assert column.heading == "loss @15"
    assert value_at(table.rows[0].entry, "loss", 15) == pytest.approx(1e-4 + 1 / 11)
    assert value_at(table.rows[0].entry, "loss", -1) is None
    assert column.text(table.rows[0].entry).strip().startswith("0.091")


def test_axes_of_numbers_words_and_metrics(sweep: Any) -> None:
    kind, rate, best = axes_of(make_table(still(sweep, View(tag="loss"))))
    assert (kind.low, kind.high) == ("sgd", "adam")
    assert kind.places.tolist() == [1.0, 0.0, 1.0]
    assert rate.name == "rate log"
    assert rate.places == pytest.approx([0.0, 0.5, 1.0])
    assert (rate.low, rate.high) == ("1.00e-4", "1")
    assert best.places[0] == 1.0  # the lowest loss is at the top
    assert best.places[2] == 0.0
