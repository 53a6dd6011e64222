"""The golden checkpoints."""

from __future__ import annotations

import pathlib

import pytest


@pytest.fixture
def golden():
    """The directory of files that TensorFlow wrote."""
    return pathlib.Path(__file__).parents[1] / "golden/checkpoint"
