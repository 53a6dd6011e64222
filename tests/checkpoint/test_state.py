"""The state file against TensorFlow's, and what is done with checkpoints' files."""

from __future__ import annotations

import json
import logging
import os
import pathlib

import numpy as np
import pytest
from google.protobuf import text_format

from trackml.bundle.bundle import BundleWriter
from trackml.checkpoint import state

STATES = json.loads((pathlib.Path(__file__).parents[1] / "golden/checkpoint/states.json").read_text())


def write_checkpoint(prefix):
    with BundleWriter(prefix) as writer:
        writer.add("global_step", np.int64(0))
    return str(prefix)


def names(directory):
    return sorted(path.name for path in directory.iterdir())


@pytest.mark.parametrize("row", STATES)
def test_generates_the_state_that_tensorflow_does(row):
    generated = state.generate_checkpoint_state_proto(**row["call"])
    assert text_format.MessageToString(generated, as_utf8=False) == row["text"]


def test_generating_leaves_the_list_of_paths_as_it_was():
    paths = ["a"]
    state.generate_checkpoint_state_proto("/d", "b", paths)
    assert paths == ["a"]


def test_timestamps_must_match_the_paths():
    with pytest.raises(
        ValueError, match=r"must match checkpoint paths \(got paths \['a'\] and timestamps \[1.0, 2.0\]"
    ):
        state.generate_checkpoint_state_proto("/d", "a", all_model_checkpoint_timestamps=[1.0, 2.0])


@pytest.mark.parametrize("relative", [False, True])
def test_writes_the_file_that_an_estimator_of_tensorflow_wrote(golden, tmp_path, monkeypatch, relative):
    monkeypatch.chdir(tmp_path)
    save_dir = "." if relative else str(tmp_path)
    paths = [os.path.join(save_dir, f"model.ckpt-{step}") for step in (0, 20, 40, 50)]
    state.update_checkpoint_state(save_dir, paths[-1], paths, save_relative_paths=True)
    assert (tmp_path / "checkpoint").read_bytes() == (golden / "linear_two_shards/checkpoint").read_bytes()
    assert names(tmp_path) == ["checkpoint"]


def test_absolute_paths_are_written_as_they_are_unless_relative_ones_are_asked_for(tmp_path):
    state.update_checkpoint_state(tmp_path, f"{tmp_path}/m-1")
    assert (tmp_path / "checkpoint").read_text().startswith(f'model_checkpoint_path: "{tmp_path}/m-1"\n')


@pytest.mark.parametrize("path", ["/d/m-1", "m-1"])
def test_reads_absolute_and_relative_paths_alike(tmp_path, path):
    (tmp_path / "checkpoint").write_text(f'model_checkpoint_path: "{path}"\nall_model_checkpoint_paths: "{path}"\n')
    found = state.get_checkpoint_state(tmp_path)
    assert found.model_checkpoint_path == os.path.join(tmp_path, path)
    assert list(found.all_model_checkpoint_paths) == [os.path.join(tmp_path, path)]


def test_reads_what_a_checkpoint_manager_of_tensorflow_2_adds(tmp_path):
    (tmp_path / "checkpoint").write_text(STATES[-1]["text"])
    found = state.get_checkpoint_state(tmp_path)
    assert list(found.all_model_checkpoint_timestamps) == [1700000000.25, 1700000001.123456]
    assert found.last_preserved_timestamp == 1699999999.5


def test_reads_another_file_name(tmp_path):
    state.update_checkpoint_state(tmp_path, "m-1", latest_filename="best")
    assert state.get_checkpoint_state(tmp_path) is None
    assert state.get_checkpoint_state(tmp_path, "best").model_checkpoint_path == f"{tmp_path}/m-1"


@pytest.mark.parametrize("directory", [".", "missing"])
def test_there_is_no_state_without_the_file(tmp_path, directory):
    assert state.get_checkpoint_state(tmp_path / directory) is None
    assert state.latest_checkpoint(tmp_path / directory) is None


@pytest.mark.parametrize("content", [b"garbage {", b"\xff\xfe", b'model_checkpoint_path: "torn', b"unknown_field: 1"])
def test_state_that_cannot_be_parsed_is_ignored_with_a_warning(tmp_path, caplog, content):
    (tmp_path / "checkpoint").write_bytes(content)
    assert state.get_checkpoint_state(tmp_path) is None
    assert f"{tmp_path}/checkpoint: Checkpoint ignored" in caplog.messages


def test_state_without_a_newest_checkpoint_is_an_error(tmp_path):
    (tmp_path / "checkpoint").write_text("")
    with pytest.raises(ValueError, match="Invalid checkpoint state loaded from"):
        state.get_checkpoint_state(tmp_path)


def test_state_that_would_overwrite_the_checkpoint_is_refused(tmp_path):
    with pytest.raises(RuntimeError, match="conflicts with path used for checkpoint state"):
        state.update_checkpoint_state(tmp_path, f"{tmp_path}/checkpoint")


def test_latest_checkpoint_is_the_one_that_the_state_names(tmp_path):
    first, second = write_checkpoint(tmp_path / "m-1"), write_checkpoint(tmp_path / "m-2")
    state.update_checkpoint_state(tmp_path, first, [second, first])
    assert state.latest_checkpoint(tmp_path) == first


def test_there_is_no_latest_checkpoint_when_the_one_named_is_gone(tmp_path, caplog):
    first = write_checkpoint(tmp_path / "m-1")
    state.update_checkpoint_state(tmp_path, f"{tmp_path}/m-2", [first, f"{tmp_path}/m-2"])
    assert state.latest_checkpoint(tmp_path) is None
    assert caplog.record_tuples == [
        ("tensorflow", logging.ERROR, f"Couldn't match files for checkpoint {tmp_path}/m-2"),
    ]


def test_checkpoint_exists_for_its_prefix_alone(tmp_path):
    prefix = write_checkpoint(tmp_path / "m-1")
    assert state.checkpoint_exists(prefix)
    assert not state.checkpoint_exists(tmp_path / "m-2")
    assert not state.checkpoint_exists(tmp_path)


def test_file_of_the_v1_format_counts_as_a_checkpoint(tmp_path):
    (tmp_path / "v1").write_bytes(b"")
    assert state.checkpoint_exists(tmp_path / "v1")


def test_mtimes_leave_out_what_is_missing(tmp_path):
    prefix = write_checkpoint(tmp_path / "m-1")
    os.utime(f"{prefix}.index", ns=(0, 1_500_000_000))
    assert state.get_checkpoint_mtimes([prefix, tmp_path / "m-2"]) == [1.5]


def test_removing_a_checkpoint_leaves_its_neighbours(tmp_path):
    for name in ("m[1]", "m1", "m[1]0"):
        write_checkpoint(tmp_path / name)
        (tmp_path / f"{name}.meta").write_bytes(b"")
    state.remove_checkpoint(tmp_path / "m[1]")
    assert names(tmp_path) == sorted(
        f"{name}.{suffix}" for name in ("m1", "m[1]0") for suffix in ("data-00000-of-00001", "index", "meta")
    )


def test_removing_a_checkpoint_that_is_gone_is_no_error(tmp_path):
    state.remove_checkpoint(tmp_path / "m-1")
    assert names(tmp_path) == []


LEFTOVERS = (
    "m-1.index.tempstate123",
    "m-1.data-00000-of-00001.tempstate9876543210",
    "checkpoint.tmp0123456789abcdef0123456789abcdef",
    ".checkpoint.0123abcd.tmp",
    ".m-1.index.0123abcd.tmp",
)
KEPT = ("checkpoint", "m-1.index", "notes.tmp", "m-1.tempstate", ".hidden", "x.index.tempstate1.bak")


def test_leftovers_go_and_everything_else_stays(tmp_path):
    for name in LEFTOVERS + KEPT:
        (tmp_path / name).write_bytes(b"")
    assert state.remove_leftovers(tmp_path) == sorted(str(tmp_path / name) for name in LEFTOVERS)
    assert names(tmp_path) == sorted(KEPT)


def test_directories_of_tensorflows_sharded_saves_go(tmp_path):
    (tmp_path / "m-1_temp").mkdir()
    (tmp_path / "m-1_temp_0123456789abcdef0123456789abcdef").mkdir()
    (tmp_path / "m-1_temp/part-00000-of-00002.index").write_bytes(b"")
    (tmp_path / "mine_temp").mkdir()
    (tmp_path / "mine_temp/thesis.tex").write_bytes(b"")
    state.remove_leftovers(tmp_path)
    assert names(tmp_path) == ["mine_temp"]
