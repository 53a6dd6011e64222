"""`trackml ls`: a line a run."""

from __future__ import annotations

LISTED = """\
RUN       SCALARS  OTHER  POINTS  LAST STEP  LAST WRITTEN         HEALTH
a/train         2      1       6          4  2023-11-15 12:00:14  ok
b\\x1b[2J        1      0       1          7  2023-11-15 12:01:00  ok
cut             1      0       1          1  2023-11-15 12:00:01  truncated
flipped         1      0       1          2  2023-11-15 12:00:02  corrupt
"""


def test_lists_runs_with_control_characters_spelled_out(damaged, says):
    assert says("ls", damaged) == LISTED


def test_json(sound, says_json):
    document = says_json("ls", sound)
    assert document["runs"][0] == {
        "run": "a/train",
        "path": f"{sound}/a/train",
        "status": "ok",
        "tags": {"scalars": 2, "text": 1},
        "points": 6,
        "values": {"scalars": 6, "text": 0},
        "last_step": 4,
        "first_wall_time": 1700049600.0,
        "last_wall_time": 1700049614.0,
        "has_graph": False,
        "hparams": None,
        "files": 1,
        "bytes": (sound / "a/train/events.out.tfevents.1700049600.host").stat().st_size,
    }
    assert document["runs"][1]["run"] == "b\x1b[2J"


def test_json_tells_hyperparameters(tmp_path, events, says_json):
    events.write(tmp_path, "r", events.hparams(lr=0.5, name="sgd", bad=float("inf")))
    (run,) = says_json("ls", tmp_path)["runs"]
    assert run["hparams"] == {
        "values": {"bad": "Infinity", "lr": 0.5, "name": "sgd"},
        "group": "trial",
        "status": "RUNNING",
        "started": 5.0,
        "ended": None,
    }


def test_several_log_directories_are_listed_together(sound, damaged, tmp_path, says, says_json):
    listed = says("ls", f"old:{sound}", sound / "cut").splitlines()
    assert [line.split()[0] for line in listed[1:]] == [".", r"old/a/train", r"old/b\x1b[2J", "old/cut", "old/flipped"]
    assert says_json("ls", sound / "a", sound / "cut")["logdirs"] == [f"{sound}/a", f"{sound}/cut"]


def test_a_run_without_events_has_no_times(tmp_path, events, says, says_json):
    events.write(tmp_path, ".")
    assert says("ls", tmp_path).splitlines()[1].split() == [".", "0", "0", "0", "-", "-", "ok"]
    assert says_json("ls", tmp_path)["runs"][0]["last_wall_time"] is None


def test_times_that_no_calendar_has_are_numbers(tmp_path, events, says, says_json):
    events.write(tmp_path, ".", events.scalars(1, float("inf"), x=1.0))
    assert "inf" in says("ls", tmp_path)
    assert says_json("ls", tmp_path)["runs"][0]["last_wall_time"] == "Infinity"


def test_an_event_file_is_a_log_directory_of_one_run(sound, says):
    assert says("ls", sound / "a/train/events.out.tfevents.1700049600.host").splitlines()[1].startswith(".  ")
