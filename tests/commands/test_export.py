"""`trackml export`: files for other programs."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from trackml import cli
from trackml.runs.exports import KINDS

CSV = """\
run,tag,step,wall_time,value
a/train,loss,1,1700049601.0,1.0
a/train,loss,2,1700049602.0,0.5
a/train,loss,3,1700049613.0,-0.3333333432674408
a/train,loss,4,1700049614.0,-0.25
"""


def test_csv_goes_to_standard_output(sound, says):
    assert says("export", sound, "--to", "csv", "--tags", "loss") == CSV


def test_csv_keeps_names_as_they_are(sound, says):
    printed = says("export", sound, "--to", "csv", "--runs", "re:^b")
    assert printed == 'run,tag,step,wall_time,value\nb\x1b[2J,"x\ny",7,1700049660.0,nan\n'


def test_json_follows_its_schema(sound, says_json):
    document = says_json("export", sound, "--to", "json", schema="scalars")
    assert [(one["run"], one["tag"], one["value"]) for one in document["series"]] == [
        ("a/train", "loss", [1.0, 0.5, -0.3333333432674408, -0.25]),
        ("a/train", "lr", [0.5, 0.5]),
        ("b\x1b[2J", "x\ny", ["NaN"]),
    ]


def test_parquet_goes_down_a_pipe(sound, command):
    done = subprocess.run(command("export", sound, "--to", "parquet"), capture_output=True, check=True)
    assert len(pd.read_parquet(io.BytesIO(done.stdout))) == 7


def test_a_file_is_written_and_told(sound, tmp_path, says):
    out = tmp_path / "out.csv"
    said = says("export", sound, "--out", out, "--tags", "l*", "--tags", "re:y")
    assert said == f"wrote 7 points of 3 series in 2 runs to {out}\n"
    assert len(pd.read_csv(out)) == 7


def test_a_file_is_told_in_json(sound, tmp_path, says_json):
    document = says_json("export", sound, "--out", tmp_path / "out", "--to", "json", "--json")
    assert document == {
        "schema": "trackml.export/1",
        "logdirs": [str(sound)],
        "out": str(tmp_path / "out"),
        "format": "json",
        "kind": "scalars",
        "runs": 2,
        "series": 3,
        "points": 7,
        "lost": 0,
    }
    assert json.loads((tmp_path / "out").read_text())["schema"] == "trackml.scalars/1"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ([], "give the format with --to csv, json or parquet."),
        (["--json"], "--json reports on a file that was written; give it with --out, or use --to json."),
        (["--out", "x.xlsx"], "expected the format 'csv', 'json', 'parquet'; got 'xlsx' for 'x.xlsx'. Give the format"),
        (["--to", "csv", "--tags", "los"], "no scalar tag is called 'los'. Did you mean 'loss'?"),
        (["--to", "csv", "--tags", "notes"], "expected a tag with scalars; tag 'notes' holds text."),
        (["--to", "csv", "--runs", "a/trian"], "no run is called 'a/trian'. Did you mean 'a/train'?"),
        (["--to", "csv", "--runs", "re:("], "'re:(' holds no regular expression after 're:'"),
        (["--to", "csv", "--tags", "no*"], "match; `trackml ls` and `trackml show` say what is there."),
        (["--out", "/no/such/folder/x.csv"], "No such file or directory: '/no/such/folder/"),
        (["--kind", "images"], "images are written as files; name a directory with --out."),
        (["--kind", "histograms", "--to", "csv"], "no histograms of '"),
        (["--kind", "text", "--to", "csv", "--tags", "loss"], "expected a tag with text; tag 'loss' holds scalars."),
        (["--kind", "text", "--to", "csv", "--wide"], "the wide form is for scalars and hparams; got text."),
        (["--kind", "hparams", "--to", "csv", "--tags", "x"], "no hyperparameter is called 'x'."),
    ],
)
def test_a_wrong_wish_is_told_and_nothing_is_written(options, said, sound, tmp_path, monkeypatch, fails):
    monkeypatch.chdir(tmp_path)
    line = fails("export", sound, *options)
    assert line.startswith("trackml export: ")
    assert said in line
    assert os.listdir(tmp_path) == ["runs"]


def test_without_pyarrow_the_extra_is_named(sound):
    code = "import sys; sys.modules['pyarrow'] = None; from trackml.cli import main; sys.exit(main(sys.argv[1:]))"
    arguments = ["export", str(sound), "--to", "parquet"]
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "trackml-tui[parquet]" in done.stderr


@pytest.fixture
def of_all_kinds(tmp_path, events):
    """A run with a value of every kind that is written."""
    curve = np.arange(12, dtype=np.float32).reshape(6, 2)
    events.write(
        tmp_path / "kinds",
        "r",
        events.hparams(lr=0.5, name="sgd", on=True),
        events.scalars(3, 1, loss=1.0),
        events.tensor(3, "audio", np.array([b"OggS"], object), "audio"),
        events.tensor(3, "histogram", np.array([[0.0, 1.0, 5.0], [1.0, 4.0, 6.0]]), "histograms"),
        events.tensor(3, "images", np.array([b"3", b"2", b"GIF8", b"GIF8"], object), "images"),
        events.tensor(3, "notes", np.array(b"*one*\x1b[2J\ntwo", object), "text"),
        events.tensor(3, "tensor", np.array([[1.0, float("nan")]])),
        events.tensor(3, "curve", curve, "pr_curves"),
    )
    return tmp_path / "kinds"


@pytest.mark.parametrize("kind", ["histograms", "text", "tensors", "pr_curves", "hparams"])
@pytest.mark.parametrize("options", [[], ["--superseded", "--file-name"]])
def test_json_of_every_kind_follows_its_schema(kind, options, of_all_kinds, says_json):
    document = says_json("export", of_all_kinds, "--kind", kind, "--to", "json", *options, schema="rows")
    assert document["kind"] == kind
    assert document["rows"]


@pytest.mark.parametrize("kind", ["scalars", "hparams"])
def test_wide_json_follows_its_schema(kind, of_all_kinds, says_json):
    document = says_json("export", of_all_kinds, "--kind", kind, "--to", "json", "--wide", schema="rows")
    assert [row["values"] for row in document["rows"]] == [
        {"scalars": {"loss": 1.0}, "hparams": {"lr": 0.5, "name": "sgd", "on": True}}[kind]
    ]


@pytest.mark.parametrize("kind", ["images", "audio"])
def test_media_go_into_a_directory_with_an_index(kind, of_all_kinds, tmp_path, says, check_schema):
    out = tmp_path / "out"
    said = says("export", of_all_kinds, "--kind", kind, "--out", out, "--to", "json")
    assert said == f"wrote 1 value of 1 series in 1 run to {out}\n"
    document = json.loads((out / "index.json").read_text())
    check_schema("rows", document)
    assert all((out / row["path"]).read_bytes() for row in document["rows"])


def test_a_directory_that_holds_something_is_told(of_all_kinds, tmp_path, fails):
    said = fails("export", of_all_kinds, "--kind", "images", "--out", tmp_path)
    assert said == f"trackml export: expected a new or an empty directory; '{tmp_path}' holds something.\n"


def test_superseded_points_and_files_are_told_on_request(sound, says):
    printed = says("export", sound, "--to", "csv", "--tags", "lr", "--superseded", "--file-name").splitlines()
    assert printed[0] == "run,tag,step,wall_time,value,file_name,superseded"
    assert [line.rpartition(",")[2] for line in printed[1:]] == ["false", "false", "true"]


@pytest.mark.parametrize("options", [["--superseded"], ["--file-name"], ["--superseded", "--file-name"]])
def test_json_on_request_follows_its_schema(options, sound, says_json):
    document = says_json("export", sound, "--to", "json", *options, schema="scalars")
    names = {option.removeprefix("--").replace("-", "_") for option in options}
    assert all(names <= set(series) for series in document["series"])


def test_the_wide_form_has_a_row_a_step(sound, says):
    assert says("export", sound, "--to", "csv", "--wide", "--runs", "a/train").splitlines() == [
        "run,step,loss,lr",
        "a/train,1,1.0,0.5",
        "a/train,2,0.5,0.5",
        "a/train,3,-0.3333333432674408,",
        "a/train,4,-0.25,",
    ]


def test_several_log_directories_are_written_together(sound, says):
    printed = says("export", f"x:{sound}", f"y:{sound}/a", "--to", "csv", "--tags", "lr")
    assert [line.split(",")[0] for line in printed.splitlines()[1:]] == ["x/a/train", "x/a/train"] + ["y/train"] * 2


def test_values_that_cannot_be_read_are_told_and_the_status_says_damage(tmp_path, events, process):
    bad = events.tensor(1, "h", np.zeros(4), "histograms")
    events.write(tmp_path, "r", bad, events.tensor(2, "h", np.ones((1, 3)), "histograms"))
    done = process("export", tmp_path, "--kind", "histograms", "--to", "csv")
    assert (done.returncode, len(done.stdout.splitlines())) == (1, 2)
    assert done.stderr.startswith("trackml export: one value could not be read and is left out: Tag 'h': expected")


def test_the_command_knows_the_kinds_of_the_library():
    assert cli._KINDS == KINDS
