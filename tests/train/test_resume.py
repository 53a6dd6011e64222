"""Which checkpoint is taken."""

from __future__ import annotations

import pytest

from trackml.checkpoint.state import update_checkpoint_state
from trackml.train.resume import newest_checkpoint


@pytest.fixture
def directory(tmp_path):
    """A directory whose state names the checkpoints of steps 1, 2 and 3, none of which is there."""
    paths = [str(tmp_path / f"model.ckpt-{step}") for step in (1, 2, 3)]
    update_checkpoint_state(tmp_path, paths[-1], paths, save_relative_paths=True)
    return tmp_path


@pytest.mark.parametrize(("there", "taken"), [([1, 2, 3], 3), ([1, 2], 2), ([1], 1), ([1, 3], 3)])
def test_the_newest_that_is_there_is_taken(directory, there, taken):
    for step in there:
        (directory / f"model.ckpt-{step}.index").touch()
    assert newest_checkpoint(directory) == str(directory / f"model.ckpt-{taken}")


def test_none_may_be_left(directory, log_lines):
    assert newest_checkpoint(directory) is None
    assert log_lines == [
        f"WARNING:The files of the newest checkpoint, {directory}/model.ckpt-3, are gone; "
        "none of those before it is left."
    ]


def test_nothing_is_said_of_a_whole_directory(directory, log_lines):
    (directory / "model.ckpt-3.index").touch()
    newest_checkpoint(directory)
    assert log_lines == []


def test_a_directory_without_a_state_has_none(tmp_path):
    assert newest_checkpoint(tmp_path) is None


def test_a_checkpoint_that_the_state_does_not_name_is_not_taken(directory):
    (directory / "model.ckpt-4.index").touch()
    assert newest_checkpoint(directory) is None
