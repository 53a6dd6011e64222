"""`trackml export`: files for other programs."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys

import pandas as pd
import pytest

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
        "logdir": str(sound),
        "out": str(tmp_path / "out"),
        "format": "json",
        "runs": 2,
        "series": 3,
        "points": 7,
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
        (["--to", "csv", "--tags", "no*"], "match; `trackml ls` shows what is there."),
        (["--out", "/no/such/folder/x.csv"], "No such file or directory: '/no/such/folder/"),
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
