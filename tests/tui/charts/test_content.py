from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from trackml_tui.charts.content import Picture, Pictures, picture_of, shared_facts, values_at
from trackml_tui.charts.drawn import Bands, drawn_lines
from trackml_tui.charts.tables import table_lines
from trackml_tui.charts.title import density_fact, title_spans
from trackml_tui.choices.charts import BANDS, X_AXES, Y_SCALES, ChartsChoice
from trackml_tui.choices.runs import RunsChoice
from trackml_tui.palette import palette_of
from trackml_tui.plotting.axes import Axes
from trackml_tui.plotting.plot import draw
from trackml_tui.plotting.scale import Linear
from trackml_tui.scene import Scene
from trackml_tui.view import View

PALETTE = palette_of("trackml", dark=True)
RAW = ChartsChoice(smoothing=0.0)


def picture(scene: Scene, tag: str = "loss", *, sole: bool = True) -> Picture:
    return picture_of(scene, tag, PALETTE, Bands(), sole=sole)


def facts(shown: Picture) -> list[str]:
    return [fact.text for fact in shown.facts]


@pytest.fixture
def seeds(logdir: Any) -> Any:
    """Two groups of runs that differ in their seed."""
    for group in ("a", "b"):
        for seed in range(3):
            offset = seed + 10.0 * (group == "b")
            logdir.write(f"{group}/seed={seed}", [offset + step for step in range(4)])
            logdir.write(f"{group}/seed={seed}", [1.0 + offset] * 4, tag="acc")
    return logdir


def test_each_run_has_a_line_and_a_raw_one_below(logdir: Any, scene: Callable[[View], Scene]) -> None:
    logdir.write("run", [1.0, 2.0, 4.0])
    strokes = picture(scene(View(tag="loss"))).strokes
    assert [stroke.aux for stroke in strokes] == [True, False]
    assert len(picture(scene(View(tag="loss", charts=RAW))).strokes) == 1


def test_in_a_crowd_only_the_current_run_has_a_raw_line(logdir: Any, scene: Callable[[View], Scene]) -> None:
    for index in range(12):
        logdir.write(f"run{index}", [1.0, 2.0, 4.0])
    strokes = picture(scene(View(tag="loss", current="run3"))).strokes
    assert sum(stroke.aux for stroke in strokes) == 1
    assert max(strokes, key=lambda stroke: stroke.layer).ink % 3 == 0


def test_runs_that_share_a_colour_have_different_styles(logdir: Any, scene: Callable[[View], Scene]) -> None:
    for index in range(25):
        logdir.write(f"run{index}", [1.0, 2.0])
    strokes = picture(scene(View(tag="loss", charts=RAW))).strokes
    looks = {(PALETTE[stroke.ink // 3], stroke.style) for stroke in strokes}
    assert len(looks) == 25


def test_without_colours_every_line_has_its_own_style(logdir: Any, scene: Callable[[View], Scene]) -> None:
    for index in range(5):
        logdir.write(f"run{index}", [1.0, 2.0])
    shown = Pictures().picture(scene(View(tag="loss", charts=RAW)), "loss", palette_of("mono", dark=True), sole=True)
    assert len({stroke.style for stroke in shown.strokes}) == 5
    assert len({entry.sample for entry in shown.entries}) == 5


def test_several_tags_in_one_chart_have_different_dashes(seeds: Any, scene: Callable[[View], Scene]) -> None:
    view = View(tag="loss", charts=replace(RAW, together=("acc", "loss")), only=frozenset({"a/seed=0"}))
    shown = picture(scene(view))
    assert shown.title == "loss + acc"
    assert [stroke.style for stroke in shown.strokes] == [0, 1]
    assert [entry.label for entry in shown.entries] == ["a/seed=0 3.00", "a/seed=0 acc 1.00"]
    assert picture(scene(view), "acc").title == "acc"


def test_groups_are_drawn_with_a_band(seeds: Any, scene: Callable[[View], Scene]) -> None:
    shown = picture(scene(View(tag="loss", charts=replace(RAW, band="mean±std"))))
    bands = [stroke for stroke in shown.strokes if stroke.floor is not None]
    main = [stroke for stroke in shown.strokes if not stroke.aux]
    assert len(bands) == len(main) == 2
    assert main[0].curve.pieces[0].y.tolist() == [1.0, 2.0, 3.0, 4.0]
    assert bands[0].curve.pieces[0].y.tolist() == pytest.approx([2.0, 3.0, 4.0, 5.0])
    assert bands[0].floor is not None
    assert bands[0].floor.pieces[0].y.tolist() == pytest.approx([0.0, 1.0, 2.0, 3.0])
    assert [entry.label for entry in shown.entries] == ["a (3) 4.00", "b (3) 14.00"]
    assert "mean±std of seeds" in facts(shown)


def test_groups_that_were_chosen_make_the_bands(seeds: Any, scene: Callable[[View], Scene]) -> None:
    view = View(tag="loss", charts=replace(RAW, band="median min-max"), runs=RunsChoice(group="regex:seed=[01]"))
    shown = picture(scene(view))
    assert "median min-max of regex:seed=[01]" in facts(shown)
    assert [entry.label.split(" (")[0] for entry in shown.entries if "(" in entry.label] == ["seed=0", "seed=1", "–"]


def test_what_the_runs_of_a_group_lost_is_counted(logdir: Any, scene: Callable[[View], Scene]) -> None:
    for seed in range(2):
        logdir.write(f"seed={seed}", [1.0, math.nan])
    assert "2 NaN" in facts(picture(scene(View(tag="loss", charts=replace(RAW, band="mean±std")))))


def test_a_group_of_one_is_a_plain_line(seeds: Any, scene: Callable[[View], Scene]) -> None:
    view = View(tag="loss", charts=replace(RAW, band="mean±std"), only=frozenset({"a/seed=1"}))
    (stroke,) = picture(scene(view)).strokes
    assert stroke.curve.pieces[0].y.tolist() == [1.0, 2.0, 3.0, 4.0]


def test_bands_are_computed_once(seeds: Any, scene: Callable[[View], Scene]) -> None:
    shown, bands = scene(View(tag="loss", charts=replace(RAW, band="mean±std"))), Bands()
    first, second = (drawn_lines(shown, ["loss"], bands) for _ in range(2))
    assert [drawn.line for drawn in first] == [drawn.line for drawn in second]


def test_a_band_on_a_log_axis_stays_above_zero(logdir: Any, scene: Callable[[View], Scene]) -> None:
    for seed, value in enumerate((0.1, 5.0)):
        logdir.write(f"seed={seed}", [value] * 3)
    shown = picture(scene(View(tag="loss", charts=replace(RAW, band="mean±std", y_scale="log"))))
    band = next(stroke for stroke in shown.strokes if stroke.floor is not None)
    assert band.floor is not None
    assert band.floor.points == 3
    assert band.floor.y_low > 0.0


def test_a_band_on_a_log_x_axis_leaves_step_zero_out(seeds: Any, scene: Callable[[View], Scene]) -> None:
    shown = picture(scene(View(tag="loss", charts=replace(RAW, band="mean±std", log_x=True))))
    assert {stroke.curve.x_low for stroke in shown.strokes} == {1.0}
    assert draw(shown.strokes, 40, 10, axes=shown.axes).x_scale.low == 1.0


def test_one_metric_over_another(seeds: Any, scene: Callable[[View], Scene]) -> None:
    view = View(tag="loss", charts=replace(RAW, x_tag="acc"), only=frozenset({"a/seed=1"}))
    shown = picture(scene(view))
    assert shown.strokes[0].curve.trail
    assert shown.strokes[0].curve.pieces[0].x.tolist() == [2.0] * 4
    assert "over acc" in facts(shown)
    assert shown.axes.x_axis == "value"


def test_what_restarts_superseded_is_drawn_and_told(
    logdir: Any, restarted: None, scene: Callable[[View], Scene]
) -> None:
    shown = picture(scene(View(tag="loss", charts=RAW)))
    ghost = next(stroke for stroke in shown.strokes if stroke.restart is not None)
    assert ghost.curve.pieces[0].x.tolist() == [5, 6, 7, 8, 9]
    assert ghost.restart == 5.0
    assert "1 superseded" in facts(shown)
    assert len(picture(scene(View(tag="loss", charts=replace(RAW, ghosts=False)))).strokes) == 1


@pytest.mark.parametrize("x_axis", ["relative", "wall"])
def test_superseded_points_lie_on_the_time_axis_too(
    logdir: Any, restarted: None, scene: Callable[[View], Scene], x_axis: str
) -> None:
    shown = picture(scene(View(tag="loss", charts=replace(RAW, x_axis=x_axis))))
    main = next(stroke for stroke in shown.strokes if not stroke.aux)
    ghost = next(stroke for stroke in shown.strokes if stroke.restart is not None)
    assert main.curve.x_low < ghost.curve.x_low < ghost.curve.x_high < (ghost.restart or 0.0) < main.curve.x_high


def test_what_cannot_be_drawn_is_counted(logdir: Any, scene: Callable[[View], Scene]) -> None:
    logdir.write("run", [1.0, -1.0, math.nan, math.inf])
    log = replace(RAW, y_scale="log", log_x=True, x_axis="relative")
    assert facts(picture(scene(View(tag="loss", charts=RAW)))) == ["step", "1 NaN", "1 inf"]
    told = ["log relative time", "log y", "1 NaN", "1 inf", "1 not positive", "1 not on log x"]
    assert facts(picture(scene(View(tag="loss", charts=log)))) == told


def test_ranges_that_were_chosen_are_told(logdir: Any, scene: Callable[[View], Scene]) -> None:
    logdir.write("run", [1.0, 2.0])
    charts = replace(RAW, x_range=(0.0, 1.0), ignore_outliers=True).with_y_range("loss", (0.0, 1.0))
    shown = picture(scene(View(tag="loss", charts=charts)))
    assert facts(shown) == ["step", "outliers ignored", "x fixed", "y fixed"]
    assert shown.axes == Axes(x_range=(0.0, 1.0), y_range=(0.0, 1.0), ignore_outliers=True)


def test_of_several_charts_each_says_what_is_its_own(seeds: Any, scene: Callable[[View], Scene]) -> None:
    shown = scene(View(tag="loss", current="a/seed=1"))
    assert facts(picture(shown, "acc", sole=False)) == ["2"]
    assert [fact.text for fact in shared_facts(shown)] == ["step", "smoothing 0.6"]


@pytest.mark.parametrize(
    ("x", "values"), [(None, [3.0, 4.0]), (1.0, [1.0, 2.0]), (2.4, [2.0, 3.0]), (9.0, [None, None])]
)
def test_values_are_read_at_the_cursor(
    logdir: Any, scene: Callable[[View], Scene], x: float | None, values: list[float | None]
) -> None:
    for run in range(2):
        logdir.write(f"run{run}", [run + float(step) for step in range(4)])
    shown = scene(View(tag="loss", charts=RAW))
    assert values_at(drawn_lines(shown, ["loss"], Bands()), x) == values


@pytest.mark.parametrize(
    ("sort", "order"), [("list", ["b", "a", "c"]), ("value", ["c", "b", "a"]), ("name", ["a", "b", "c"])]
)
def test_values_are_sorted_as_the_user_likes(
    logdir: Any, scene: Callable[[View], Scene], sort: str, order: list[str]
) -> None:
    for value, run in enumerate("abc"):
        logdir.write(run, [float(value)])
    shown = picture(scene(View(tag="loss", current="b", charts=replace(RAW, sort=sort))))
    assert [entry.label[0] for entry in shown.entries] == order


def test_a_picture_is_kept_until_something_changes(logdir: Any, scene: Callable[[View], Scene]) -> None:
    logdir.write("run", [1.0, 2.0])
    pictures, view = Pictures(), View(tag="loss")
    shown = scene(view)
    first = pictures.picture(shown, "loss", PALETTE, sole=True)
    assert pictures.picture(shown, "loss", PALETTE, sole=True) is first
    assert pictures.picture(shown, "loss", PALETTE, sole=False) is not first
    other = replace(shown, view=replace(view, cursor=1.0))
    assert pictures.picture(other, "loss", PALETTE, sole=True) is not first
    logdir.write("run", [3.0], first_step=2)
    grown = scene(view)
    assert pictures.picture(grown, "loss", PALETTE, sole=True).entries[0].label == "run 3.00"


def test_names_from_files_are_made_harmless(logdir: Any, scene: Callable[[View], Scene]) -> None:
    logdir.write("run", [1.0], tag="loss\x1b[31m")
    assert picture(scene(View(tag="loss\x1b[31m")), "loss\x1b[31m").title == r"loss\x1b[31m"


@pytest.mark.parametrize(
    ("densest", "sampled", "text"),
    [
        (0, False, "all points"),
        (1, False, "all points"),
        (37, False, "1 in 37"),
        (1, True, "sample"),
        (5, True, "sample, 1 in 5"),
    ],
)
def test_the_density_is_said(densest: int, sampled: bool, text: str) -> None:
    assert density_fact(densest, sampled=sampled).text == text


def test_a_title_leaves_out_what_matters_least(logdir: Any, scene: Callable[[View], Scene]) -> None:
    logdir.write("run", [1.0, math.nan])
    shown = picture(scene(View(tag="loss", charts=ChartsChoice(x_axis="wall"))))
    lines = {width: "".join(span.text for span in title_spans(shown, 3, width)) for width in (80, 40, 24, 6)}
    assert lines[80].split("  ")[-1] == "wall time · smoothing 0.6 · 1 NaN · 1 in 3"
    assert lines[40].endswith("wall time · 1 NaN · 1 in 3")
    assert lines[24].endswith("1 NaN · 1 in 3")
    assert lines[6] == "loss  "
    assert all(len(line) == width for width, line in lines.items())


def test_a_chart_can_be_read_as_a_table(logdir: Any, scene: Callable[[View], Scene]) -> None:
    logdir.write("run1", [1.0, 2.0, 3.0])
    logdir.write("run2", [10.0, 20.0, 30.0])
    shown = picture(scene(View(tag="loss", charts=RAW)))
    lines = ["".join(span.text for span in row).rstrip() for row in table_lines(shown, Linear(0.0, 2.0), 40, 12)]
    assert lines == [
        "step                run1           run2",
        "0                      1             10",
        "1                      2             20",
        "2                      3             30",
        "min                    1             10",
        "max                    3             30",
        "last                   3             30",
        "points                 3              3",
    ]


def test_lines_that_find_no_column_are_counted(logdir: Any, scene: Callable[[View], Scene]) -> None:
    for run in range(9):
        logdir.write(f"run{run}", [1.0])
    shown = picture(scene(View(tag="loss", charts=RAW)))
    heading = "".join(span.text for span in table_lines(shown, Linear(0.0, 1.0), 40, 12)[0])
    assert heading.startswith("+6 more")
    assert np.char.count(heading, "run") == 3


@pytest.mark.parametrize("band", BANDS)
@pytest.mark.parametrize("y_scale", Y_SCALES)
@pytest.mark.parametrize("log_x", [False, True])
def test_all_choices_can_be_drawn_together(
    seeds: Any, scene: Callable[[View], Scene], band: str, y_scale: str, log_x: bool
) -> None:
    seeds.write("a/seed=0", [math.nan, math.inf, -1.0, 0.0], first_step=4)
    for x_axis in X_AXES:
        for x_tag in (None, "acc"):
            charts = ChartsChoice(x_axis=x_axis, x_tag=x_tag, log_x=log_x, y_scale=y_scale, band=band)
            shown = picture(scene(View(tag="loss", charts=replace(charts, together=("acc",)))))
            for x_range in (None, (1.5, 2.5), (-5.0, 0.5)):
                plot = draw(shown.strokes, 40, 12, axes=replace(shown.axes, x_range=x_range))
                assert len({len(row) for row in plot.text()}) == 1
                assert table_lines(shown, plot.x_scale, 40, 12)
