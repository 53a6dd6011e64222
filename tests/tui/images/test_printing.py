"""Images as a command prints them."""

from __future__ import annotations

import io
import time
from typing import Any

import numpy as np
import pytest
from tensorboard.compat.proto import event_pb2, summary_pb2

from trackml import SummaryWriter
from trackml.runs import RunStore
from trackml_tui.images.printing import write_sixels
from trackml_tui.still import still_scene
from trackml_tui.view import View


@pytest.fixture
def printed(logdir: Any) -> Any:
    def printed(view: View) -> str:
        stream = io.StringIO()
        write_sixels(still_scene(RunStore(logdir.path), [logdir.path], view, time.time()), stream)
        return stream.getvalue()

    return printed


def write(logdir: Any, run: str, tag: str, shape: tuple[int, int]) -> None:
    with SummaryWriter(str(logdir.path / run)) as writer:
        for step in (0, 10):
            writer.add_image(tag, np.full((*shape, 3), 0.5 + step / 20), step, dataformats="HWC")


def test_each_run_has_its_image_under_a_line(logdir: Any, printed: Any) -> None:
    write(logdir, "a", "x", (20, 30))
    write(logdir, "b", "x", (2000, 3000))
    text = printed(View(step=3))
    assert "a · x · step 0" in text
    assert "b · x · step 0" in text
    assert '"1;1;300;200' in text
    assert '"1;1;600;400' in text
    assert text.count("\x1bP") == text.count("\x1b\\") == 2


def test_the_tag_may_be_that_of_the_command_line(logdir: Any, printed: Any) -> None:
    write(logdir, "a", "x", (2, 2))
    write(logdir, "a", "y", (2, 2))
    assert " · y · " in printed(View(tag="y"))
    assert " · x · " in printed(View(tag="loss"))
    assert " · y · " in printed(View(tag="x").with_tag("images", "y"))


def test_without_images_it_says_so(logdir: Any, printed: Any) -> None:
    logdir.write("a", [1.0])
    assert printed(View()) == "No image is there to be shown.\n"


def test_a_broken_image_is_told_of_and_names_are_spelled_out(logdir: Any, printed: Any) -> None:
    image = summary_pb2.Summary.Image(width=2, height=2, encoded_image_string=b"none")
    summary = summary_pb2.Summary(value=[summary_pb2.Summary.Value(tag="x", image=image)])
    logdir.append("a\x1b[31m", [event_pb2.Event(wall_time=logdir.now, step=1, summary=summary)])
    text = printed(View())
    assert "Not an image" in text
    assert "\x1b" not in text
