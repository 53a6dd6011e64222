"""Hyperparameters as frames."""

from __future__ import annotations

import numpy as np
import pytest
from google.protobuf import struct_pb2
from tensorboard.compat.proto import event_pb2, summary_pb2
from tensorboard.plugins.hparams import api_pb2, plugin_data_pb2, summary_v2

from trackml.runs import hparams
from trackml.storage import frame


def declared(values, **session):
    return frame(event_pb2.Event(summary=summary_v2.hparams_pb(values, **session)).SerializeToString())


def told(tag, content):
    value = summary_pb2.Summary.Value(tag=f"_hparams_/{tag}")
    value.metadata.plugin_data.plugin_name = "hparams"
    value.metadata.plugin_data.content = content
    return frame(event_pb2.Event(summary=summary_pb2.Summary(value=[value])).SerializeToString())


def ended(status):
    info = plugin_data_pb2.SessionEndInfo(status=status, end_time_secs=9)
    return told("session_end_info", plugin_data_pb2.HParamsPluginData(session_end_info=info).SerializeToString())


@pytest.fixture
def sweep(logdir):
    """Two runs with hyperparameters and one without."""
    logdir.append(declared({"lr": 0.1, "adam": True, "name": "a"}, trial_id="t", start_time_secs=5), run="a")
    logdir.append(ended(api_pb2.STATUS_SUCCESS), run="a")
    logdir.append(declared({"lr": 0.2, "adam": False, "units": 8}, trial_id="t", start_time_secs=6), run="b")
    logdir.append(logdir.scalars(1, loss=1.0), run="c")
    return logdir


def test_long_form_has_a_row_a_hyperparameter(sweep):
    table = hparams(sweep.path)
    assert list(table.columns) == ["run", "name", "value"]
    assert table.values.tolist() == [
        ["a", "adam", True],
        ["a", "lr", 0.1],
        ["a", "name", "a"],
        ["b", "adam", False],
        ["b", "lr", 0.2],
        ["b", "units", 8.0],
    ]


def test_wide_form_has_a_row_a_run_and_typed_columns(sweep):
    table = hparams(sweep.path, form="wide")
    assert table.dtypes.astype(str).to_dict() == {
        "adam": "bool",
        "lr": "float64",
        "name": "object",
        "units": "float64",
    }
    assert table.index.tolist() == ["a", "b"]
    assert table["lr"].tolist() == [0.1, 0.2]
    np.testing.assert_array_equal(table["units"], [np.nan, 8])


def test_sessions_are_told_on_request(sweep):
    wide = hparams(sweep.path, "lr", form="wide", session=True)
    assert list(wide.columns) == ["session/group", "session/status", "session/started", "session/ended", "lr"]
    assert wide.iloc[0].tolist() == ["t", "SUCCESS", 5, 9, 0.1]
    long = hparams(sweep.path, ["lr", "adam"], session=True)
    assert long["status"].tolist() == ["SUCCESS", "SUCCESS", "RUNNING", "RUNNING"]
    assert long["started"].tolist() == [5, 5, 6, 6]


def test_names_and_runs_are_chosen(sweep):
    assert hparams(sweep.path, "*a*", "b").values.tolist() == [["b", "adam", False]]
    with pytest.raises(ValueError, match=r"no hyperparameter is called 'lrs'\. Did you mean 'lr'"):
        hparams(sweep.path, "lrs")


@pytest.mark.parametrize("form", ["long", "wide"])
def test_without_hyperparameters_the_frame_is_empty(form, logdir):
    logdir.append(logdir.scalars(1, loss=1.0))
    assert len(hparams(logdir.path, form=form, session=True)) == 0


def test_what_is_damaged_is_not_there(logdir):
    logdir.append(told("session_start_info", b"\xff\xff"), run="a")
    logdir.append(declared({"lr": 0.5}, trial_id="t") + told("session_end_info", b"\xff\xff"), run="b")
    logdir.append(declared({"lr": 0.5}, trial_id="t") + ended(77), run="c")
    assert hparams(logdir.path, session=True)["status"].tolist() == ["RUNNING", "UNKNOWN"]


def test_lists_are_json(logdir):
    listed = struct_pb2.Value(list_value=struct_pb2.ListValue(values=[struct_pb2.Value(number_value=1)]))
    start = plugin_data_pb2.SessionStartInfo(hparams={"a": listed, "b": struct_pb2.Value(null_value=0)})
    data = plugin_data_pb2.HParamsPluginData(session_start_info=start)
    logdir.append(told("session_start_info", data.SerializeToString()))
    assert hparams(logdir.path)["value"].tolist() == ["[1.0]", ""]
