"""Commands on several log directories, named and not."""

from __future__ import annotations

import pytest


@pytest.fixture
def spec(tmp_path, events) -> str:
    """A directory called base and one without a name."""
    events.write(tmp_path / "a", "r", events.scalars(1, 1, loss=1.0))
    events.write(tmp_path / "a", ".", events.scalars(1, 1, loss=2.0))
    events.write(tmp_path / "b", "s", events.scalars(1, 1, loss=3.0)[:-1])
    return f"base:{tmp_path}/a,{tmp_path}/b"


def test_runs_are_named_as_by_tensorboard(spec, says_json):
    assert [run["run"] for run in says_json("ls", spec)["runs"]] == ["base/.", "base/r", "s"]


def test_files_are_shown_below_their_directory(spec, tmp_path, says):
    lines = says("check", spec, status=1).splitlines()
    files = [line.split()[6] for line in lines[1:4]]
    assert [file.rpartition("/")[0] for file in files] == ["base", "base/r", f"{tmp_path}/b/s"]


def test_a_run_is_chosen_by_its_whole_name(spec, says, says_json):
    assert says_json("show", spec, "base/r")["run"] == "base/r"
    assert says("tail", spec, "base/r/loss").endswith("  1.0\n")
    assert says("tail", spec, "base/.", "loss").endswith("  2.0\n")


@pytest.mark.parametrize(
    ("logdir", "said"),
    [
        ("base:{0}/a,{0}/missing", "there is no directory '{0}/missing'."),
        ("x:{0}/a,x:{0}/b", "'{0}/a' and '{0}/b' are both named 'x'; give each its own name."),
        ("gs://b", "expected a directory of this machine; got 'gs://b'. Mount it, or copy it here."),
    ],
)
def test_what_cannot_be_meant_is_told(logdir, said, spec, tmp_path, fails):
    assert fails("ls", logdir.format(tmp_path)) == f"trackml ls: {said.format(tmp_path)}\n"
