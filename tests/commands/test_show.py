"""`trackml show`: one run."""

from __future__ import annotations

SHOWN = """\
run            a/train
path           {logdir}/a/train
first written  2023-11-15 12:00:00
last written   2023-11-15 12:00:14
last step      4
graph          no
size           403 B

TAG    KIND     POINTS  FIRST STEP  LAST STEP   LAST      LEAST  GREATEST  SUPERSEDED
loss   scalars       4           1          4  -0.25  -0.333333         1           1
lr     scalars       2           1          2    0.5        0.5       0.5           1
notes  text

STATUS   SIZE  EVENTS  LOST  FILE                                         MESSAGE
ok      403 B       9   0 B  a/train/events.out.tfevents.1700049600.host
"""


def test_shows_the_run_its_tags_and_its_files(sound, says):
    assert says("show", sound, "a/train") == SHOWN.format(logdir=sound)


def test_spells_out_control_characters(sound, says):
    shown = says("show", sound, "b\x1b[2J")
    assert "\x1b" not in shown
    assert r"b\x1b[2J" in shown
    assert r"x\ny" in shown


def test_json(damaged, says_json):
    document = says_json("show", damaged, "a/train")
    assert document["tags"][0] == {
        "tag": "loss",
        "kind": "scalars",
        "points": 4,
        "first_step": 1,
        "last_step": 4,
        "last": -0.25,
        "least": -0.3333333432674408,
        "greatest": 1.0,
        "superseded": 1,
    }
    assert document["tags"][2] == {"tag": "notes", "kind": "text"}
    assert says_json("show", damaged, "flipped")["files"][0]["status"] == "corrupt"


def test_json_spells_what_json_has_no_number_for(sound, says_json):
    tag = says_json("show", sound, "b\x1b[2J")["tags"][0]
    assert (tag["last"], tag["least"], tag["greatest"]) == ("NaN", "NaN", "NaN")


def test_nan_is_neither_least_nor_greatest(tmp_path, events, says_json):
    values = [float("nan"), 2.0, float("-inf"), 1.0]
    events.write(tmp_path, "r", *(events.scalars(step, step, x=value) for step, value in enumerate(values)))
    tag = says_json("show", tmp_path, "r")["tags"][0]
    assert (tag["last"], tag["least"], tag["greatest"]) == (1.0, "-Infinity", 2.0)


def test_a_slash_at_the_end_does_not_matter(sound, says):
    assert says("show", sound, "a/train/") == says("show", sound, "a/train")


def test_an_unknown_run_is_told_with_those_that_are_near(sound, fails):
    said = "trackml show: no run is called 'train'. Did you mean 'a/train'?\n"
    assert fails("show", sound, "train") == said


def test_an_unknown_run_that_none_is_near_is_told_with_those_that_are_there(sound, fails):
    said = "trackml show: no run is called 'zzz'. There are 'a/train', 'b\\x1b[2J'.\n"
    assert fails("show", sound, "zzz") == said
