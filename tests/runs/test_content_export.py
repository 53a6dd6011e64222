"""What is no scalar as files: histograms, texts, tensors, curves, hyperparameters; images and audio as directories."""

from __future__ import annotations

import csv
import json
import os
import stat

import numpy as np
import pandas as pd
import pyarrow.parquet
import pytest
from tensorboard.compat.proto import event_pb2, summary_pb2
from tensorboard.plugins.hparams import summary_v2
from tensorboard.util import tensor_util

from trackml import runs
from trackml.runs import encoders, export, export_tables
from trackml.storage import frame

PNG = b"\x89PNG\r\n\x1a\nno pixels"
NAN, INF = float("nan"), float("inf")


def event(step, *values):
    message = event_pb2.Event(step=step, wall_time=1.0, summary=summary_pb2.Summary(value=values))
    return frame(message.SerializeToString())


def tensor(tag, array, plugin=""):
    value = summary_pb2.Summary.Value(tag=tag, tensor=tensor_util.make_tensor_proto(array))
    value.metadata.plugin_data.plugin_name = plugin
    return value


def strings(*elements):
    return np.array(elements, object)


@pytest.fixture
def filled(logdir):
    """A value of each kind, among them a tensor that JSON has no numbers for and strings that are no text."""
    logdir.append(
        event(
            1,
            tensor("h", np.array([[0.0, 1.0, 5.0], [1.0, 4.0, 6.0]]), "histograms"),
            tensor("t", strings(b"one,\n", "zwölf".encode()), "text"),
            tensor("x", np.array([[1.5, NAN], [-INF, 2.0]])),
            tensor("bytes", strings(b"\xff\x00")),
            tensor("big", np.array(2**63 - 1)),
            tensor("c", np.arange(12, dtype=np.float32).reshape(6, 2), "pr_curves"),
        )
    )
    logdir.append(
        frame(
            event_pb2.Event(
                summary=summary_v2.hparams_pb({"lr": 0.1, "adam": True}, trial_id="trial", start_time_secs=5)
            ).SerializeToString()
        )
    )
    return logdir


def read_csv(path):
    with open(path, encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_histograms_are_rows_with_arrays(filled, tmp_path):
    assert export(filled.path, tmp_path / "out.csv", "histograms") == 1
    (row,) = read_csv(tmp_path / "out.csv")
    assert (row["limits"], row["counts"], row["count"]) == ("[0.0, 1.0, 4.0]", "[5.0, 6.0]", "11.0")
    export(filled.path, tmp_path / "out.parquet", "histograms")
    (row,) = pyarrow.parquet.read_table(tmp_path / "out.parquet").to_pylist()
    assert (row["limits"], row["counts"], row["min"], row["max"]) == ([0, 1, 4], [5, 6], 0, 4)


def test_texts_are_rows(filled, tmp_path):
    assert export(filled.path, tmp_path / "out.csv", "text") == 1
    assert [(row["index"], row["shape"], row["value"]) for row in read_csv(tmp_path / "out.csv")] == [
        ("0", "[2]", "one,\n"),
        ("1", "[2]", "zwölf"),
    ]


@pytest.mark.parametrize("to", ["csv", "json", "parquet"])
def test_tensors_are_json_with_every_digit(to, filled, tmp_path):
    assert export(filled.path, tmp_path / "out", "tensors", to=to) == 4
    if to == "json":
        rows = json.loads((tmp_path / "out").read_text())["rows"]
    else:
        table = pd.read_csv if to == "csv" else pd.read_parquet
        rows = [{**row, "value": json.loads(row["value"])} for row in table(tmp_path / "out").to_dict("records")]
    values = {row["tag"]: (row["dtype"], row["value"]) for row in rows if row["tag"] != "c"}
    assert values == {
        "big": ("int64", 2**63 - 1),
        "bytes": ("bytes", ["/wA="]),
        "x": ("float64", [[1.5, "NaN"], ["-Infinity", 2.0]]),
    }


def test_curves_are_arrays_by_threshold(filled, tmp_path):
    export(filled.path, tmp_path / "out.json", "pr_curves")
    (row,) = json.loads((tmp_path / "out.json").read_text())["rows"]
    assert (row["thresholds"], row["true_positives"], row["recall"]) == ([0, 1], [0, 1], [10, 11])


def test_hyperparameters_are_rows_with_their_type(filled, tmp_path):
    assert export(filled.path, tmp_path / "out.csv", "hparams") == 2
    assert [tuple(row.values()) for row in read_csv(tmp_path / "out.csv")] == [
        (".", "adam", "bool", "true"),
        (".", "lr", "float", "0.1"),
    ]


def test_wide_hyperparameters_are_columns_with_their_type(filled, tmp_path):
    export(filled.path, tmp_path / "out.parquet", "hparams", form="wide")
    (row,) = pyarrow.parquet.read_table(tmp_path / "out.parquet").to_pylist()
    assert row == {
        "run": ".",
        "session/group": "trial",
        "session/status": "RUNNING",
        "session/started": 5.0,
        "session/ended": None,
        "adam": True,
        "lr": 0.1,
    }
    export(filled.path, tmp_path / "out.json", "hparams", "lr", form="wide")
    (row,) = json.loads((tmp_path / "out.json").read_text())["rows"]
    assert row["values"] == {"lr": 0.1}


@pytest.mark.parametrize(
    ("array", "spelled"),
    [
        (np.zeros((2, 0, 3)), [[], []]),
        (np.array([1 + 2j, 3j], np.complex64), [[1.0, 2.0], [0.0, 3.0]]),
        (np.array([True, False]), [True, False]),
        (np.array([[255]], np.uint8), [[255]]),
        (np.array(b"text", object), "text"),
        (np.array(0.1, np.float16), float(np.float16(0.1))),
    ],
)
def test_arrays_of_any_shape_and_dtype_are_nested_lists(array, spelled):
    assert encoders.json_array(array) == spelled


def test_values_come_in_pieces_and_none_is_lost(logdir, tmp_path, monkeypatch):
    monkeypatch.setattr(export_tables, "_VALUES_AT_ONCE", 3)
    for step in range(10):
        logdir.append(event(step, *(tensor(tag, np.float32([step, 1])) for tag in "ab")))
    export(logdir.path, tmp_path / "out.parquet", "tensors")
    written = pyarrow.parquet.ParquetFile(tmp_path / "out.parquet")
    assert [written.metadata.row_group(index).num_rows for index in range(7)] == [3] * 6 + [2]
    assert written.read(["tag", "step"]).to_pydict() == {"tag": ["a"] * 10 + ["b"] * 10, "step": [*range(10)] * 2}


def test_large_values_come_few_at_a_time(logdir, tmp_path, monkeypatch):
    monkeypatch.setattr(export_tables, "_BYTES_AT_ONCE", 5000)
    monkeypatch.setattr(export_tables, "_FIRST_VALUES", 4)
    for step in range(60):
        logdir.append(event(step, tensor("a", np.zeros(10 if step < 12 else 500, np.float32))))
    export(logdir.path, tmp_path / "out.parquet", "tensors")
    written = pyarrow.parquet.ParquetFile(tmp_path / "out.parquet")
    rows = [written.metadata.row_group(index).num_rows for index in range(written.num_row_groups)]
    assert rows == [4, 8, 16, *[2] * 16]


def test_what_is_damaged_is_left_out_with_a_warning(logdir, tmp_path):
    logdir.append(event(1, tensor("h", np.zeros(4), "histograms"), tensor("h", np.zeros((1, 3)), "histograms")))
    with pytest.warns(UserWarning, match="one value could not be read and is left out"):
        assert export(logdir.path, tmp_path / "out.csv", "histograms") == 1


def images(tag, *encoded):
    return tensor(tag, strings(b"3", b"2", *encoded), "images")


@pytest.fixture
def pictures(logdir):
    """Images whose tags and runs would lead out of the directory, or into one place, if taken as they are."""
    logdir.append(event(5, images("../../up", PNG + b"1", PNG + b"2"), images("Tag", PNG), images("tag", b"GIF89a")))
    logdir.append(event(5, images("tag", b"???")) + event(-1, images(".", PNG), images("t\x1b/" + "x" * 300, PNG)))
    return logdir


def test_images_are_files_beside_an_index(pictures, tmp_path):
    out = tmp_path / "out"
    assert export(pictures.path, out, "images") == 6
    index = read_csv(out / "index.csv")
    assert list(index[0]) == ["run", "tag", "step", "wall_time", "index", "height", "width", "format", "path"]
    contents = {(row["tag"], row["index"], row["format"]): (out / row["path"]).read_bytes() for row in index}
    assert contents["../../up", "1", "png"] == PNG + b"2"
    assert contents["tag", "0", "gif"] == b"GIF89a"
    assert contents["tag", "0", ""] == b"???"
    assert len({row["path"].lower() for row in index}) == len(index) == 7


def test_names_of_files_stay_in_the_directory_and_are_plain(pictures, tmp_path):
    export(pictures.path, tmp_path / "out", "images", to="json")
    paths = [row["path"] for row in json.loads((tmp_path / "out" / "index.json").read_text())["rows"]]
    assert sorted(paths)[:5] == [
        "files/_/Tag/5.png",
        "files/_/_.._up/5.png",
        "files/_/_.._up/5_1.png",
        "files/_/_/-1.png",
        f"files/_/t__{'x' * 77}/-1.png",
    ]
    assert {"files/_/tag~2/5.gif", "files/_/tag~2/5~2.bin"} <= set(paths)
    assert sorted(os.listdir(tmp_path)) == ["out"]


def test_the_directory_appears_as_a_whole_with_the_usual_rights(pictures, tmp_path):
    (tmp_path / "out").mkdir()
    export(pictures.path, tmp_path / "out", "images", to="parquet", superseded=True, file_name=True)
    (tmp_path / "plain").mkdir()
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == stat.S_IMODE((tmp_path / "plain").stat().st_mode)
    table = pd.read_parquet(tmp_path / "out" / "index.parquet")
    assert list(table.columns)[-3:] == ["path", "file_name", "superseded"]


def test_a_directory_that_holds_something_is_left_alone(pictures, tmp_path):
    (tmp_path / "mine").write_text("kept")
    with pytest.raises(FileExistsError, match="expected a new or an empty directory"):
        export(pictures.path, tmp_path, "images")
    assert os.listdir(tmp_path) == ["mine"]


def test_a_directory_that_fails_leaves_nothing(pictures, tmp_path, monkeypatch):
    def fail(content):
        raise OSError("no space")

    monkeypatch.setattr("trackml.runs.media_files.format_of_media", fail)
    with pytest.raises(OSError, match="no space"):
        export(pictures.path, tmp_path / "out", "images")
    assert os.listdir(tmp_path) == []


def test_audio_is_files_beside_an_index(logdir, tmp_path):
    logdir.append(event(1, tensor("a", strings(b"OggS."), "audio")))
    assert export(runs.RunStore(logdir.path), tmp_path / "out", "audio") == 1
    (row,) = read_csv(tmp_path / "out" / "index.csv")
    assert (row["path"], row["content_type"], row["sample_rate"]) == ("files/_/a/1.ogg", "", "nan")
