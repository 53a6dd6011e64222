"""`trackml show`: one run."""

from __future__ import annotations

import numpy as np
import pytest

SHOWN = """\
run            a/train
path           {logdir}/a/train
first written  2023-11-15 12:00:00
last written   2023-11-15 12:00:14
last step      4
graph          no
size           403 B

TAG    KIND     POINTS  STEPS   LAST      LEAST  GREATEST  SUPERSEDED
loss   scalars       4   1..4  -0.25  -0.333333         1           1
lr     scalars       2   1..2    0.5        0.5       0.5           1
notes  text          0      -                                       1

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
    assert document["tags"][2] == {
        "tag": "notes",
        "kind": "text",
        "points": 0,
        "first_step": None,
        "last_step": None,
        "superseded": 1,
        "content": None,
    }
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


@pytest.fixture
def of_all_kinds(tmp_path, events):
    """A run with hyperparameters, a value of every kind, a long text and one that is not what its tag promises."""
    strings = [f"line {number}".encode() for number in range(1, 14)]
    events.write(
        tmp_path,
        "r",
        events.hparams(lr=0.5, name="a\x1bb"),
        events.tensor(3, "audio", np.array([b"OggS"], object), "audio"),
        events.tensor(3, "histogram", np.array([[0.0, 1.0, 5.0], [1.0, 4.0, 6.0]]), "histograms"),
        events.tensor(3, "images", np.array([b"3", b"2", b"GIF8", b"GIF8"], object), "images"),
        events.tensor(3, "broken", np.zeros(4), "histograms"),
        events.tensor(3, "notes", np.array(b"*one*\x1b[2J\ntwo", object), "text"),
        events.tensor(3, "pages", np.array(strings, object), "text"),
        events.tensor(3, "tensor", np.zeros((2, 3), np.float32)),
    )
    return tmp_path


ALL_KINDS = r"""
hyperparameters (running, group trial)
  lr    0.5
  name  a\x1bb

TAG                           KIND        POINTS  STEPS             LAST  LEAST  GREATEST
_hparams_/session_start_info  tensors          1      0         no value
audio                         audio            1      3         0 frames
broken                        histograms       1      3       unreadable
histogram                     histograms       1      3        2 buckets      0         4
images                        images           1      3  2 times 3x2 gif
notes                         text             1      3    13 characters
pages                         text             1      3         13 texts
tensor                        tensors          1      3   float32 [2, 3]

notes at step 3
  *one*\x1b[2J
  two

pages at step 3
  line 1
  line 2
  line 3
  line 4
  line 5
  line 6
  line 7
  line 8
  line 9
  line 10
  (3 more lines: trackml export --kind text)

STATUS"""


def test_all_kinds_are_shown_with_hyperparameters_and_texts(of_all_kinds, says):
    assert ALL_KINDS in says("show", of_all_kinds, "r")


def test_json_tells_what_the_last_value_of_each_kind_holds(of_all_kinds, says_json):
    document = says_json("show", of_all_kinds, "r")
    tags = {tag["tag"]: tag for tag in document["tags"]}
    assert document["values"] == {"audio": 1, "histograms": 2, "images": 1, "tensors": 2, "text": 2}
    assert document["hparams"]["values"] == {"lr": 0.5, "name": "a\x1bb"}
    assert tags["histogram"]["content"] == {"buckets": 2, "count": 11, "min": 0, "max": 4} | {
        name: tags["histogram"]["content"][name] for name in ("mean", "std")
    }
    assert tags["images"]["content"] == {"images": 2, "height": 2, "width": 3, "format": "gif"}
    assert tags["audio"]["content"]["sample_rate"] == "NaN"
    assert tags["notes"]["content"] == {"shape": [], "texts": ["*one*\x1b[2J\ntwo"]}
    assert tags["tensor"]["content"] == {"plugin": "", "dtype": "float32", "shape": [2, 3]}
    assert tags["broken"]["content"] is None
    assert "expected a value of kind 'histograms'" in tags["broken"]["problem"]


def test_the_last_value_is_one_that_counts(tmp_path, events, says_json):
    first = [events.text(step, step, "notes") for step in (1, 2)]
    events.write(tmp_path, "r", events.version(), events.start(0, 0), *first, events.start(2, 9))
    (tag,) = says_json("show", tmp_path, "r")["tags"]
    assert (tag["points"], tag["last_step"], tag["superseded"], tag["content"]["texts"]) == (1, 1, 1, ["a note"])


def test_a_run_of_several_log_directories_is_shown(sound, says_json):
    assert says_json("show", f"old:{sound}", sound / "a", "old/a/train")["run"] == "old/a/train"
