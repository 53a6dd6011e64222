"""What is seen as files: each form, read back by what reads such files."""

from __future__ import annotations

import csv
import io
import json
import math
import time
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest

from trackml.runs import RunStore
from trackml_tui.choices.charts import ChartsChoice
from trackml_tui.cli import _FORMS, main
from trackml_tui.exports.formats import FORMATS, PRINTED, shown_tags
from trackml_tui.palette import palette_of
from trackml_tui.scene import Scene
from trackml_tui.still import still_scene
from trackml_tui.view import View

HOSTILE = 'a<b>"&|\x1b[31m'


@pytest.fixture
def scene(logdir: Any) -> Scene:
    """Two runs, one of which has a name that no page and no table must take for its own."""
    logdir.write("plain", [1.0, float("nan"), 0.25, float("inf"), 1e-300])
    logdir.write("plain", [0.5], tag="accuracy")
    logdir.write(HOSTILE, [2.0, 3.0])
    return still(logdir)


def still(logdir: Any, view: View | None = None) -> Scene:
    return still_scene(RunStore(logdir.path), [logdir.path], view or View(), time.time())


def written(scene: Scene, form: str) -> str:
    stream = io.StringIO(newline="")
    FORMATS[form].write(scene, palette_of("trackml", dark=False), stream)
    return stream.getvalue()


def test_the_command_line_has_all_forms() -> None:
    assert set(_FORMS) == set(PRINTED)


def test_csv_has_every_point_exactly(scene: Scene) -> None:
    rows = list(csv.DictReader(io.StringIO(written(scene, "csv"), newline="")))
    assert scene.snapshot is not None
    series = scene.snapshot["plain"].scalars["loss"]
    mine = [row for row in rows if row["run"] == "plain"]
    assert [int(row["step"]) for row in mine] == series.step.tolist()
    assert [float(row["wall_time"]) for row in mine] == series.wall_time.tolist()
    np.testing.assert_array_equal([float(row["value"]) for row in mine], series.value)
    assert {row["run"] for row in rows} == {"plain", HOSTILE}


def test_only_shown_runs_and_charts_are_written(logdir: Any, scene: Scene) -> None:
    view = View(hidden=frozenset({"plain"}), charts=ChartsChoice(grid=(2, 2)))
    rows = list(csv.DictReader(io.StringIO(written(still(logdir, view), "csv"), newline="")))
    assert {row["run"] for row in rows} == {HOSTILE}
    assert shown_tags(scene) == ["loss"]
    assert sorted(shown_tags(still(logdir, view))) == ["accuracy", "loss"]


def test_json_is_strict_and_has_the_ends(scene: Scene) -> None:
    told = json.loads(written(scene, "json"), parse_constant=lambda name: pytest.fail(name))
    runs = {run["name"]: run for run in told["runs"]}
    assert set(runs) == {"plain", HOSTILE}
    loss = runs["plain"]["scalars"]["loss"]
    assert loss["points"] == 5
    assert loss["last"] == {"value": pytest.approx(1e-300, abs=1e-45), "step": 4}
    assert loss["max"] == {"value": 1.0, "step": 0}


def test_values_that_are_not_finite_are_texts_in_json(logdir: Any) -> None:
    logdir.write("run", [math.inf])
    told = json.loads(written(still(logdir), "json"))
    assert told["runs"][0]["scalars"]["loss"]["last"]["value"] == "Infinity"


def test_markdown_is_one_table(scene: Scene) -> None:
    lines = written(scene, "markdown").splitlines()
    assert len(lines) == 4
    assert len({line.replace("\\|", "").count("|") for line in lines}) == 1
    assert "\x1b" not in "".join(lines)
    assert lines[0].split("|")[1].strip() == "run"


@pytest.mark.parametrize("form", ["svg", "html"])
def test_pictures_and_pages_hold_no_markup_of_others(scene: Scene, form: str) -> None:
    text = written(scene, form)
    assert "<b>&quot;" not in text
    assert "a<b>" not in text
    assert "\x1b" not in text
    assert "a&lt;b&gt;&quot;&amp;" in text


def test_the_picture_is_svg(scene: Scene) -> None:
    root = ElementTree.fromstring(written(scene, "svg"))
    assert root.tag.endswith("svg")
    drawn = [path.get("d", "") for path in root.iter("{http://www.w3.org/2000/svg}path") if path.get("stroke-width")]
    assert len(drawn) >= 2
    assert "NaN" not in "".join(drawn)
    assert "nan" not in "".join(drawn)


def test_the_page_needs_nothing_else(scene: Scene) -> None:
    page = written(scene, "html")
    assert "http" not in page.replace("http://www.w3.org/2000/svg", "")
    assert "<script" not in page
    assert page.count("<figure>") == 2
    assert "<td>plain</td>" in page


def test_text_has_chart_and_table(scene: Scene) -> None:
    text = written(scene, "text")
    assert "loss" in text.splitlines()[0]
    assert any(0x2800 < ord(character) < 0x2900 for character in text)
    assert "| plain" in text
    ascii_view = View(charts=ChartsChoice(canvas="ascii"))
    chart = written(still_scene(RunStore(*scene.logdirs), scene.logdirs, ascii_view, 0.0), "text").split("| run")[0]
    assert all(ord(character) < 0x2500 for character in chart)


def test_once_prints_and_leaves(logdir: Any, capsys: pytest.CaptureFixture[str]) -> None:
    logdir.write("run", [1.0, 2.0])
    assert main([str(logdir.path), "--once", "markdown"]) == 0
    assert "| run" in capsys.readouterr().out


def test_once_writes_a_file_that_is_not_there(
    logdir: Any, tmp_path_factory: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    logdir.write("run", [1.0, 2.0])
    path = tmp_path_factory.mktemp("out") / "points.csv"
    assert main([str(logdir.path), "--once", "csv", "--output", str(path)]) == 0
    assert path.read_text().count("\n") == 3
    with pytest.raises(SystemExit):
        main([str(logdir.path), "--once", "csv", "--output", str(path)])
    assert "exists" in capsys.readouterr().err
    assert path.read_text().count("\n") == 3


def test_once_without_runs_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path), "--once"]) == 1
    assert "no runs in" in capsys.readouterr().err
