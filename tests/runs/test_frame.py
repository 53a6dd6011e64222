"""Scalars as frames and columns: which rows there are, in which order, and what is chosen."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter, defaultdict

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tensorboard.compat.proto import event_pb2, types_pb2

from trackml.runs import RunStore, Series, scalar_columns, scalars, wide_scalar_columns
from trackml.runs.selection import ChosenSeries
from trackml.runs.wide import widen
from trackml.storage import frame

NAN, INF = float("nan"), float("inf")


@pytest.fixture
def runs(logdir):
    """Two runs, one with a step that a tag has twice, and tags that look like patterns."""
    for step in (1, 2):
        logdir.append(logdir.scalars(step, loss=1.0 / step, **{"w[0]": 10.0 * step}), run="a/train")
    logdir.append(logdir.scalars(2, wall_time=2000.0, loss=NAN), run="b")
    logdir.append(logdir.scalars(2, wall_time=2001.0, loss=-INF), run="b")
    logdir.append(logdir.scalars(5, wall_time=2002.0, lr=0.1), run="b")
    return logdir


def rows(table):
    return list(table.itertuples(index=False, name=None))


def test_long_form_has_a_row_a_point_in_the_order_of_writing(runs):
    table = scalars(runs.path)
    assert list(table.columns) == ["run", "tag", "step", "wall_time", "value"]
    assert rows(table.fillna({"value": 99.0})) == [
        ("a/train", "loss", 1, 1001.0, 1.0),
        ("a/train", "loss", 2, 1002.0, 0.5),
        ("a/train", "w[0]", 1, 1001.0, 10.0),
        ("a/train", "w[0]", 2, 1002.0, 20.0),
        ("b", "loss", 2, 2000.0, 99.0),
        ("b", "loss", 2, 2001.0, -INF),
        ("b", "lr", 5, 2002.0, np.float64(np.float32(0.1))),
    ]


def test_long_form_has_small_columns(runs):
    table = scalars(runs.path)
    assert table.dtypes.astype(str).to_dict() == {
        "run": "category",
        "tag": "category",
        "step": "int64",
        "wall_time": "float64",
        "value": "float64",
    }
    assert list(table["run"].cat.categories) == ["a/train", "b"]


def test_wide_form_has_a_row_a_step_and_a_column_a_tag(runs):
    table = scalars(runs.path, runs="a/train", form="wide")
    expected = pd.DataFrame({"loss": [1.0, 0.5], "w[0]": [10.0, 20.0]}, index=[1, 2])
    assert table.index.names == ["run", "step"]
    assert table.columns.name == "tag"
    pd.testing.assert_frame_equal(table.loc["a/train"], expected, check_names=False, check_column_type=False)


def test_wide_form_keeps_every_point_of_a_step_that_comes_twice(runs):
    table = scalars(runs.path, runs="b", form="wide")
    assert table.index.get_level_values("step").tolist() == [2, 2, 5]
    np.testing.assert_array_equal(table["loss"], [NAN, -INF, NAN])
    np.testing.assert_array_equal(table["lr"], [NAN, NAN, np.float32(0.1)])


def test_wide_rows_go_up_by_step_though_the_points_do_not(logdir):
    logdir.append(logdir.version())
    logdir.append(b"".join(logdir.scalars(step, x=step) for step in (5, 3, 5)))
    logdir.append(b"".join(logdir.scalars(step, y=-step) for step in (4, 5)))
    wide = wide_scalar_columns(logdir.path)
    np.testing.assert_array_equal(wide.step, [3, 4, 5, 5])
    np.testing.assert_array_equal(wide.values["x"], [3, NAN, 5, 5])
    np.testing.assert_array_equal(wide.values["y"], [NAN, -4, -5, NAN])
    assert (len(wide), wide.runs) == (4, (".",))


def test_wide_form_takes_the_steps_at_the_ends_of_int64(logdir):
    ends = [-(2**63), 2**63 - 1, -(2**63)]
    logdir.append(logdir.version())
    logdir.append(b"".join(logdir.scalars(step, x=1.0) for step in ends))
    assert wide_scalar_columns(logdir.path).step.tolist() == sorted(ends)


@pytest.fixture
def restarted(logdir):
    """A run that was killed at step 3 and went on, in a second file, from step 2."""
    logdir.append(logdir.version() + logdir.start(0, 1000))
    logdir.append(b"".join(logdir.scalars(step, loss=step) for step in (1, 2, 3)))
    logdir.append(logdir.version(1010) + logdir.start(2, 1010), file="second.tfevents")
    logdir.append(logdir.scalars(2, 1012, loss=20.0) + logdir.scalars(3, 1013, loss=30.0), file="second.tfevents")
    return logdir


def test_superseded_points_come_on_request_in_the_order_of_writing(restarted):
    assert "superseded" not in scalars(restarted.path)
    table = scalars(restarted.path, superseded=True)
    assert list(zip(table["step"], table["value"], table["superseded"])) == [
        (1, 1.0, False),
        (2, 2.0, True),
        (3, 3.0, True),
        (2, 20.0, False),
        (3, 30.0, False),
    ]
    assert table["superseded"].dtype == bool


def test_the_file_of_each_point_comes_on_request(restarted):
    table = scalars(restarted.path, file_name=True)
    names = [(name.split(".")[0], value) for name, value in zip(table["file_name"], table["value"])]
    assert names == [("events", 1.0), ("second", 20.0), ("second", 30.0)]
    assert table["file_name"].dtype == "category"
    columns = scalar_columns(restarted.path, file_name=True, superseded=True)
    assert len(columns.file_name) == len(columns.superseded) == 5


def test_wide_rows_hold_points_of_one_fate_and_file(restarted):
    table = scalars(restarted.path, form="wide", superseded=True, file_name=True)
    assert table.index.names == ["run", "file_name", "superseded", "step"]
    assert list(zip(table.index.get_level_values("superseded"), table.index.get_level_values("step"))) == [
        (False, 1),
        (True, 2),
        (True, 3),
        (False, 2),
        (False, 3),
    ]
    assert table["loss"].tolist() == [1, 2, 3, 20, 30]


def test_wide_form_tells_when_the_first_point_of_a_row_was_written(runs):
    table = scalars(runs.path, runs="a/train", form="wide", wall_time="seconds")
    assert table.index.to_list() == [("a/train", 1, 1001.0), ("a/train", 2, 1002.0)]


@pytest.mark.parametrize("form", ["long", "wide"])
def test_columns_on_request_are_there_without_points_too(form, runs):
    table = scalars(runs.path, "nothing*", form=form, file_name=True, superseded=True).reset_index()
    assert {"file_name", "superseded"} <= set(table)
    assert len(table) == 0


def test_wall_times_are_moments_on_request(logdir):
    for wall_time in (1700000000.123456, -1.5, NAN, INF, 1e12):
        logdir.append(logdir.scalars(1, wall_time, x=1.0))
    moments = scalars(logdir.path, wall_time="datetime")["wall_time"]
    assert str(moments.dtype) == "datetime64[ns, UTC]"
    assert moments[0].round("us").isoformat() == "2023-11-14T22:13:20.123456+00:00"
    assert moments[1].isoformat() == "1969-12-31T23:59:58.500000+00:00"
    assert moments[2:].isna().all()


def test_several_log_directories_are_named(runs, tmp_path):
    both = scalars({"old": runs.path, "new": runs.path / "b"}, "loss")
    assert list(both["run"].cat.categories) == ["new/.", "old/a/train", "old/b"]
    assert len(scalars([runs.path / "a", runs.path / "b"])) == 7


def test_a_store_is_refreshed(runs):
    store = RunStore(runs.path)
    assert len(scalar_columns(store, "lr")) == 1
    runs.append(runs.scalars(6, loss=1.0, lr=0.2), run="b")
    assert scalar_columns(store, "lr").step.tolist() == [5, 6]


def test_columns_are_the_frame_without_pandas(runs):
    table, columns = scalars(runs.path), scalar_columns(runs.path)
    assert len(columns) == len(table) == 7
    for name in table.columns:
        np.testing.assert_array_equal(getattr(columns, name), table[name].to_numpy())


def test_a_snapshot_is_taken_as_it_is(runs):
    store = RunStore(runs.path)
    store.refresh()
    snapshot = store.snapshot()
    runs.append(runs.scalars(9, loss=9.0), run="b")
    assert scalar_columns(snapshot, "loss", "b").step.tolist() == [2, 2]


@pytest.mark.parametrize(
    ("patterns", "tags"),
    [
        ("loss", {"loss"}),
        ("w[0]", {"w[0]"}),
        ("l*", {"loss", "lr"}),
        ("?r", {"lr"}),
        ("w[[]?]", {"w[0]"}),
        ("re:^l", {"loss", "lr"}),
        ("re:0", {"w[0]"}),
        (re.compile("S", re.IGNORECASE), {"loss"}),
        (["lr", "w*"], {"lr", "w[0]"}),
        ("nothing*", set()),
        ([], set()),
        (None, {"loss", "lr", "w[0]"}),
    ],
)
def test_tags_are_chosen_by(patterns, tags, runs):
    assert set(scalar_columns(runs.path, patterns).tags) == tags


@pytest.mark.parametrize(("patterns", "chosen"), [("b", ("b",)), ("*train", ("a/train",)), ("re:.", ("a/train", "b"))])
def test_runs_are_chosen_by(patterns, chosen, runs):
    assert scalar_columns(runs.path, runs=patterns).runs == chosen


@pytest.mark.parametrize(
    ("choice", "said"),
    [
        ({"tags": "los"}, "no scalar tag is called 'los'. Did you mean 'loss'?"),
        ({"tags": "zzz"}, "no scalar tag is called 'zzz'. There are 'loss', 'lr', 'w[0]'."),
        ({"runs": "train"}, "no run is called 'train'. Did you mean 'a/train'?"),
        ({"runs": "re:("}, "'re:(' holds no regular expression after 're:'"),
        ({"form": "tall"}, "form must be 'long' or 'wide'; got 'tall'."),
        ({"wall_time": "utc"}, "wall_time must be None, 'seconds' or 'datetime'; got 'utc'."),
    ],
)
def test_a_wrong_choice_is_told(choice, said, runs):
    with pytest.raises(ValueError, match=re.escape(said)):
        scalars(runs.path, **choice)


def test_a_tag_of_another_kind_is_told(logdir):
    event = event_pb2.Event(step=1, wall_time=1.0)
    value = event.summary.value.add(tag="notes")
    value.metadata.plugin_data.plugin_name = "text"
    value.tensor.dtype = types_pb2.DT_STRING
    value.tensor.string_val.append(b"a note")
    logdir.append(frame(event.SerializeToString()))
    with pytest.raises(ValueError, match="expected a tag with scalars; tag 'notes' holds text"):
        scalars(logdir.path, "notes")


@pytest.mark.parametrize("form", ["long", "wide"])
def test_an_empty_directory_gives_an_empty_frame(form, logdir):
    assert len(scalars(logdir.path, form=form)) == 0


def test_a_missing_directory_is_told(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"there is no log directory '.*missing'"):
        scalars(tmp_path / "missing")


def test_without_pandas_one_sentence_names_the_extra(runs):
    code = """
import sys
sys.modules["pandas"] = None
from trackml.runs import scalar_columns, scalars
print(len(scalar_columns(sys.argv[1])))
try:
    scalars(sys.argv[1])
except ImportError as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", code, runs.path], capture_output=True, text=True, check=True)
    assert done.stdout == (
        "7\ntrackml.runs.scalars gives pandas frames, which the extra 'pandas' brings (pip install "
        "'trackml-tui[pandas]'); trackml.runs.scalar_columns gives the same as numpy arrays.\n"
    )


@given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("xyz"), st.integers(0, 4)), max_size=40))
def test_wide_form_holds_every_point_in_the_order_of_writing(points):
    series = {}
    for value, (run, tag, step) in enumerate(points):
        series.setdefault((run, tag), []).append((step, value))
    chosen = [ChosenSeries(run, tag, series_of(series[run, tag])) for run, tag in sorted(series)]
    wide = widen(chosen)
    runs = np.array(wide.runs, object)[wide.run_codes]
    for run, tag, part, *_ in chosen:
        here = (runs == run) & ~np.isnan(wide.values[tag])
        order = np.argsort(part.step, kind="stable")
        np.testing.assert_array_equal(wide.step[here], part.step[order])
        np.testing.assert_array_equal(wide.values[tag][here], part.value[order])
    rows = {(run, step): max(counts.values()) for (run, step), counts in repeats(points).items()}
    assert len(wide) == sum(rows.values())


def series_of(points):
    steps, values = np.array(points).T
    return Series(steps.astype(np.int64), values.astype(float), values.astype(float))


def repeats(points):
    """How many points each tag has for a run's step."""
    counts = defaultdict(Counter)
    for run, tag, step in points:
        counts[run, step][tag] += 1
    return counts
