"""TensorFlow's functions over checkpoints and directories that TensorFlow wrote."""

from __future__ import annotations

import numpy as np
import pytest

from trackml import errors
from trackml.checkpoint.reader import NewCheckpointReader, list_variables, load_checkpoint, load_variable


@pytest.mark.parametrize("prefix", ["linear_two_shards", "linear_two_shards/model.ckpt-50"])
def test_directory_stands_for_its_latest_checkpoint(golden, prefix):
    assert load_checkpoint(golden / prefix).get_tensor("global_step") == 50


def test_variable_may_be_named_by_its_tensor(golden):
    by_tensor = load_variable(golden / "saver", "w:0")
    np.testing.assert_array_equal(by_tensor, load_variable(str(golden / "saver"), "w"))


def test_variables_are_listed_by_name(golden):
    assert list_variables(golden / "parts") == [
        ("columns", [2, 300]),
        ("global_step", []),
        ("one_part", [2, 2]),
        ("rows", [7, 3]),
        ("vector", [5]),
        ("whole", [2, 2]),
    ]


def test_directory_without_a_checkpoint_is_an_error(tmp_path):
    with pytest.raises(ValueError, match="Couldn't find 'checkpoint' file or checkpoints in given directory"):
        load_checkpoint(tmp_path)


@pytest.mark.parametrize("look", [NewCheckpointReader, load_checkpoint, list_variables])
def test_missing_checkpoint_is_an_error(tmp_path, look):
    with pytest.raises(errors.NotFoundError, match="Failed to find any matching files"):
        look(tmp_path / "model.ckpt-1")
