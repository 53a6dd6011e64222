"""Scalars as files: every point, every digit, and a file that is whole or not there."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
import threading

import numpy as np
import pandas as pd
import pyarrow.parquet
import pytest
from tensorboard.compat.proto import event_pb2

from trackml.runs import export, export_scalars, exports, scalars
from trackml.runs.content_table import LostValues
from trackml.runs.exports import select
from trackml.runs.selection import snapshot_of
from trackml.storage import frame

NAN, INF = float("nan"), float("inf")

CSV = '''\
run,tag,step,wall_time,value
.,"a, ""b""",1,1001.0,1.0
.,"a, ""b""",4294967297,1002.5,0.10000000149011612
.,"a, ""b""",-3,1000.1,nan
.,"a, ""b""",4,1004.0,inf
.,"a, ""b""",5,1005.0,-inf
'''


@pytest.fixture
def filled(logdir):
    """Steps, times and values that are easily lost on the way."""
    points = [(1, 1001.0, 1.0), (2**32 + 1, 1002.5, 0.1), (-3, 1000.1, NAN), (4, 1004.0, INF), (5, 1005.0, -INF)]
    logdir.append(logdir.version())
    for step, wall_time, value in points:
        logdir.append(logdir.scalars(step, wall_time, **{'a, "b"': value}))
    return logdir


def test_csv(filled, tmp_path):
    assert export_scalars(filled.path, tmp_path / "out.csv") == 5
    assert (tmp_path / "out.csv").read_text(encoding="utf-8") == CSV


def test_csv_brings_back_every_float(filled, tmp_path):
    export_scalars(filled.path, tmp_path / "out.csv")
    with open(tmp_path / "out.csv", encoding="utf-8", newline="") as stream:
        back = list(csv.DictReader(stream))
    table = scalars(filled.path)
    for column in ("step", "wall_time", "value"):
        np.testing.assert_array_equal([float(row[column]) for row in back], table[column])


def test_json(filled, tmp_path):
    assert export_scalars(filled.path, tmp_path / "out.json") == 5
    assert json.loads((tmp_path / "out.json").read_text()) == {
        "schema": "trackml.scalars/1",
        "series": [
            {
                "run": ".",
                "tag": 'a, "b"',
                "step": [1, 2**32 + 1, -3, 4, 5],
                "wall_time": [1001.0, 1002.5, 1000.1, 1004.0, 1005.0],
                "value": [1.0, float(np.float32(0.1)), "NaN", "Infinity", "-Infinity"],
            }
        ],
    }


def test_parquet_is_read_back_as_the_frame(filled, tmp_path):
    assert export_scalars(filled.path, tmp_path / "out.parquet") == 5
    back = pd.read_parquet(tmp_path / "out.parquet")
    pd.testing.assert_frame_equal(
        back.astype({"run": str, "tag": str}), scalars(filled.path).astype({"run": str, "tag": str}), check_exact=True
    )


def test_parquet_columns_have_the_types_that_are_promised(filled, tmp_path):
    export_scalars(filled.path, tmp_path / "out.parquet")
    schema = pyarrow.parquet.read_schema(tmp_path / "out.parquet")
    name = "dictionary<values=string, indices=int32, ordered=0>"
    assert {field.name: str(field.type) for field in schema} == {
        "run": name,
        "tag": name,
        "step": "int64",
        "wall_time": "double",
        "value": "double",
    }


@pytest.mark.parametrize("to", exports.FORMATS)
def test_nothing_chosen_gives_a_file_without_points(to, filled, tmp_path):
    assert export_scalars(filled.path, tmp_path / "out", tags="no*", to=to) == 0
    assert (tmp_path / "out").stat().st_size > 0


@pytest.mark.parametrize("to", exports.FORMATS)
def test_many_points_are_all_written_and_told(to, logdir, monkeypatch):
    monkeypatch.setattr(exports, "_POINTS_AT_ONCE", 7)
    monkeypatch.setattr(exports, "_POINTS_IN_A_ROW_GROUP", 25)
    for step in range(20):
        logdir.append(logdir.scalars(step, a=step, b=-step, c=0.5))
    told: list[int] = []
    stream = io.BytesIO()
    exports.write(select(snapshot_of(logdir.path), "scalars"), stream, to, LostValues(), told.append)
    assert told[-1] == 60
    assert told == sorted(told)
    assert total(stream, to) == 10.0  # a and b cancel out


def total(stream, to):
    """The sum of all values of an export."""
    stream.seek(0)
    if to == "json":
        return sum(sum(series["value"]) for series in json.load(stream)["series"])
    return (pd.read_csv(stream) if to == "csv" else pd.read_parquet(stream))["value"].sum()


def test_the_old_file_stays_when_the_new_one_fails(filled, tmp_path):
    path = tmp_path / "out.csv"
    path.write_text("old")
    with pytest.raises(ValueError, match="no run is called"):
        export_scalars(filled.path, path, runs="missing")
    assert (path.read_text(), os.listdir(tmp_path)) == ("old", ["out.csv"])


def test_a_link_is_kept_and_its_file_replaced(filled, tmp_path):
    (tmp_path / "real.csv").write_text("old")
    (tmp_path / "link.csv").symlink_to("real.csv")
    export_scalars(filled.path, tmp_path / "link.csv")
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "real.csv").read_text(encoding="utf-8") == CSV


def test_a_pipe_is_written_into_and_stays(filled, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append((tmp_path / "pipe").read_text(encoding="utf-8")))
    reader.start()
    export_scalars(filled.path, tmp_path / "pipe", to="csv")
    reader.join()
    assert read == [CSV]
    assert (tmp_path / "pipe").is_fifo()


def test_an_unknown_format_is_told(filled, tmp_path):
    with pytest.raises(ValueError, match="expected the format 'csv', 'json', 'parquet'; got 'xlsx'"):
        export_scalars(filled.path, tmp_path / "out.xlsx")


def test_without_pyarrow_one_sentence_names_the_extra_and_no_file_is_made(filled, tmp_path):
    code = """
import sys
sys.modules["pyarrow"] = None
from trackml.runs import export_scalars
try:
    export_scalars(sys.argv[1], sys.argv[2])
except ImportError as error:
    print(error)
"""
    command = [sys.executable, "-c", code, filled.path, tmp_path / "out.parquet"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == (
        "Parquet is written by pyarrow, which the extra 'parquet' brings: pip install 'trackml-tui[parquet]'.\n"
    )
    assert os.listdir(tmp_path) == []


@pytest.fixture
def restarted(logdir):
    """A run that was killed at step 3 and went on, in a second file, from step 2; the last value is NaN."""
    logdir.append(logdir.version() + logdir.start(0, 1000))
    logdir.append(b"".join(logdir.scalars(step, loss=step, lr=0.5) for step in (1, 2)))
    logdir.append(logdir.version(1010) + logdir.start(2, 1010), file="second.tfevents")
    logdir.append(logdir.scalars(2, 1012, loss=NAN), file="second.tfevents")
    return logdir


def test_csv_tells_files_and_superseded_points_on_request(restarted, tmp_path):
    assert export(restarted.path, tmp_path / "out.csv", tags="loss", superseded=True, file_name=True) == 3
    assert (tmp_path / "out.csv").read_text(encoding="utf-8").splitlines() == [
        "run,tag,step,wall_time,value,file_name,superseded",
        ".,loss,1,1001.0,1.0,events.out.tfevents.0000000001.host,false",
        ".,loss,2,1002.0,2.0,events.out.tfevents.0000000001.host,true",
        ".,loss,2,1012.0,nan,second.tfevents,false",
    ]


def test_json_tells_files_and_superseded_points_on_request(restarted, tmp_path):
    export(restarted.path, tmp_path / "out.json", tags="loss", superseded=True, file_name=True)
    first, second = json.loads((tmp_path / "out.json").read_text())["series"]
    assert (first["file_name"], first["superseded"]) == ("events.out.tfevents.0000000001.host", [False, True])
    assert (second["file_name"], second["value"], second["superseded"]) == ("second.tfevents", ["NaN"], [False])


def test_parquet_tells_files_and_superseded_points_on_request(restarted, tmp_path):
    export(restarted.path, tmp_path / "out.parquet", superseded=True, file_name=True)
    back = pd.read_parquet(tmp_path / "out.parquet")
    expected = scalars(restarted.path, superseded=True, file_name=True)
    names = {"run": str, "tag": str, "file_name": str}
    pd.testing.assert_frame_equal(back.astype(names), expected.astype(names), check_exact=True)


def test_wide_csv_leaves_out_what_is_missing_and_keeps_nan(restarted, tmp_path):
    assert export(restarted.path, tmp_path / "out.csv", form="wide", superseded=True) == 5
    assert (tmp_path / "out.csv").read_text(encoding="utf-8").splitlines() == [
        "run,superseded,step,loss,lr",
        ".,false,1,1.0,0.5",
        ".,false,2,nan,",
        ".,true,2,2.0,0.5",
    ]


def test_wide_json_leaves_out_what_is_missing_and_keeps_nan(restarted, tmp_path):
    export(restarted.path, tmp_path / "out.json", form="wide")
    assert json.loads((tmp_path / "out.json").read_text())["rows"] == [
        {"run": ".", "step": 1, "values": {"loss": 1.0, "lr": 0.5}},
        {"run": ".", "step": 2, "values": {"loss": "NaN"}},
    ]


def test_wide_parquet_tells_missing_from_nan(restarted, tmp_path):
    export(restarted.path, tmp_path / "out.parquet", form="wide")
    columns = pyarrow.parquet.read_table(tmp_path / "out.parquet").to_pydict()
    assert columns["lr"] == [0.5, None]
    np.testing.assert_array_equal(columns["loss"], [1.0, NAN])


def test_tags_that_are_called_like_the_first_columns_keep_their_own(logdir, tmp_path):
    event = event_pb2.Event(step=7)
    for tag, value in {"step": 1.0, "run": 2.0, "tag/run": 3.0}.items():
        event.summary.value.add(tag=tag, simple_value=value)
    logdir.append(frame(event.SerializeToString()))
    export(logdir.path, tmp_path / "out.csv", form="wide")
    header, row = (tmp_path / "out.csv").read_text().splitlines()
    assert (header, row) == ("run,step,tag/tag/run,tag/step,tag/run", ".,7,2.0,1.0,3.0")
    export(logdir.path, tmp_path / "out.parquet", form="wide")
    assert pd.read_parquet(tmp_path / "out.parquet")["tag/step"].tolist() == [1.0]
    export(logdir.path, tmp_path / "out.json", form="wide")
    (document,) = json.loads((tmp_path / "out.json").read_text())["rows"]
    assert document == {"run": ".", "step": 7, "values": {"run": 2.0, "step": 1.0, "tag/run": 3.0}}


def test_a_wide_export_has_the_rows_of_the_wide_frame(logdir, tmp_path, monkeypatch):
    monkeypatch.setattr(exports, "_POINTS_AT_ONCE", 3)
    for run, steps in {"a": range(8), "b": (3, 1, 3)}.items():
        for step in steps:
            logdir.append(logdir.scalars(step, **{f"x{run}": step, "y": -step}), run=run)
    export(logdir.path, tmp_path / "out.csv", form="wide")
    expected = scalars(logdir.path, form="wide").reset_index().astype({"run": str})
    pd.testing.assert_frame_equal(
        pd.read_csv(tmp_path / "out.csv").astype({"run": str}), expected, check_names=False, check_column_type=False
    )


def test_parquet_has_row_groups_of_bounded_size(logdir, tmp_path, monkeypatch):
    monkeypatch.setattr(exports, "_POINTS_IN_A_ROW_GROUP", 10)
    logdir.append(b"".join(logdir.scalars(step, a=step, b=step) for step in range(12)))
    export(logdir.path, tmp_path / "out.parquet")
    written = pyarrow.parquet.ParquetFile(tmp_path / "out.parquet")
    assert [written.metadata.row_group(index).num_rows for index in range(3)] == [10, 10, 4]
    assert written.read().column("value").to_pylist() == [*range(12), *range(12)]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"kind": "histogram"}, "kind must be 'scalars', 'histograms', .* or 'hparams'; got 'histogram'"),
        ({"kind": "text", "form": "wide"}, "the wide form is for scalars and hparams; got text"),
        ({"form": "tall"}, "form must be 'long' or 'wide'; got 'tall'"),
    ],
)
def test_a_wrong_option_is_told(options, said, filled, tmp_path):
    with pytest.raises(ValueError, match=said):
        export(filled.path, tmp_path / "out.csv", **options)
    assert os.listdir(tmp_path) == []
