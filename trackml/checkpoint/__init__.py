"""Checkpoints in TensorFlow's own format: named arrays on disk, and the file that says which ones a directory has."""

from __future__ import annotations

from trackml.bundle.bundle import BundleReader, BundleWriter
from trackml.checkpoint.reader import NewCheckpointReader, list_variables, load_checkpoint, load_variable
from trackml.checkpoint.state import (
    checkpoint_exists,
    generate_checkpoint_state_proto,
    get_checkpoint_mtimes,
    get_checkpoint_state,
    latest_checkpoint,
    remove_checkpoint,
    remove_leftovers,
    update_checkpoint_state,
)
from trackml.protos.checkpoint_state_pb2 import CheckpointState

__all__ = [
    "BundleReader",
    "BundleWriter",
    "CheckpointState",
    "NewCheckpointReader",
    "checkpoint_exists",
    "generate_checkpoint_state_proto",
    "get_checkpoint_mtimes",
    "get_checkpoint_state",
    "latest_checkpoint",
    "list_variables",
    "load_checkpoint",
    "load_variable",
    "remove_checkpoint",
    "remove_leftovers",
    "update_checkpoint_state",
]
