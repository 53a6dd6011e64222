"""Savers: what they write, keep, restore and refuse."""

from __future__ import annotations

import numpy as np
import pytest

import trackml as tf
from trackml import errors
from trackml.checkpoint import get_checkpoint_state, latest_checkpoint, list_variables
from trackml.checkpoint.saver import Saver


@pytest.fixture
def session():
    with tf.Graph().as_default(), tf.Session() as session:
        yield session


def variables(session):
    a = tf.get_variable("a", initializer=np.array([1.0, 2.0], np.float32))
    b = tf.get_variable("scope/b", initializer=np.array(7, np.int64))
    session.run(tf.global_variables_initializer())
    return a, b


def test_values_come_back_in_another_session(session, tmp_path):
    a, b = variables(session)
    saver = Saver()
    path = saver.save(session, str(tmp_path / "model.ckpt"), global_step=3)
    assert path == str(tmp_path / "model.ckpt-3")
    with tf.Session() as other:
        saver.restore(other, path)
        assert other.run(a).tolist() == [1.0, 2.0]
        assert other.run(b) == 7
    assert list_variables(path) == [("a", [2]), ("scope/b", [])]


def test_a_checkpoint_is_index_data_meta_and_state(session, tmp_path):
    variables(session)
    Saver().save(session, str(tmp_path / "model.ckpt"), global_step=0)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "checkpoint",
        "model.ckpt-0.data-00000-of-00001",
        "model.ckpt-0.index",
        "model.ckpt-0.meta",
    ]


def test_the_newest_few_are_kept(session, tmp_path):
    variables(session)
    saver = Saver(max_to_keep=2, save_relative_paths=True)
    for step in range(4):
        saver.save(session, str(tmp_path / "m"), global_step=step)
    assert sorted({path.name.split(".")[0] for path in tmp_path.glob("m-*")}) == ["m-2", "m-3"]
    state = get_checkpoint_state(tmp_path)
    assert state is not None
    assert [path.rsplit("/", 1)[1] for path in state.all_model_checkpoint_paths] == ["m-2", "m-3"]


def test_all_are_kept_without_a_limit(session, tmp_path):
    variables(session)
    saver = Saver(max_to_keep=None)
    for step in range(7):
        saver.save(session, str(tmp_path / "m"), global_step=step)
    assert len(list(tmp_path.glob("m-*.index"))) == 7


def test_a_saver_that_recovers_deletes_what_an_earlier_one_wrote(session, tmp_path):
    variables(session)
    first = Saver(max_to_keep=2)
    for step in (1, 2):
        first.save(session, str(tmp_path / "m"), global_step=step)
    second = Saver(max_to_keep=2)
    second.recover_last_checkpoints(first.last_checkpoints)
    second.save(session, str(tmp_path / "m"), global_step=3)
    assert sorted(path.stem for path in tmp_path.glob("m-*.index")) == ["m-2", "m-3"]


def test_saving_a_step_again_keeps_it_once(session, tmp_path):
    variables(session)
    saver = Saver(max_to_keep=2)
    for step in (1, 2, 2):
        saver.save(session, str(tmp_path / "m"), global_step=step)
    assert [path.rsplit("-", 1)[1] for path in saver.last_checkpoints] == ["1", "2"]


def test_a_step_may_be_a_variable_and_padded(session, tmp_path):
    _, b = variables(session)
    assert Saver().save(session, str(tmp_path / "m"), global_step=b) == str(tmp_path / "m-7")
    assert Saver(pad_step_number=True).save(session, str(tmp_path / "m"), b) == str(tmp_path / "m-00000007")


def test_variables_may_go_under_other_names(session, tmp_path):
    a, _ = variables(session)
    saver = Saver({"renamed": a})
    path = saver.save(session, str(tmp_path / "m"))
    assert list_variables(path) == [("renamed", [2])]
    session.run(a.assign([0.0, 0.0]))
    saver.restore(session, path)
    assert session.run(a).tolist() == [1.0, 2.0]


def test_the_meta_file_names_the_operations_that_save(session, tmp_path):
    from tensorboard.compat.proto.meta_graph_pb2 import MetaGraphDef

    variables(session)
    path = Saver().save(session, str(tmp_path / "m"))
    meta = MetaGraphDef.FromString((tmp_path / "m.meta").read_bytes())
    assert path is not None
    assert meta.saver_def.filename_tensor_name == "save/Const:0"
    assert meta.saver_def.save_tensor_name == "save/control_dependency:0"
    assert meta.saver_def.restore_op_name == "save/restore_all"
    nodes = {node.name: node.op for node in meta.graph_def.node}
    assert (nodes["save/SaveV2"], nodes["save/RestoreV2"]) == ("SaveV2", "RestoreV2")
    assert len(meta.collection_def["variables"].bytes_list.value) == 2


def test_a_missing_variable_is_named(session, tmp_path):
    a, _ = variables(session)
    path = Saver([a]).save(session, str(tmp_path / "m"))
    with pytest.raises(errors.NotFoundError, match=r"Restoring from checkpoint failed.*(?s:.*)Key scope/b not found"):
        Saver().restore(session, path)


def test_another_shape_is_refused(tmp_path):
    with tf.Graph().as_default(), tf.Session() as session:
        variables(session)
        path = Saver().save(session, str(tmp_path / "m"))
    with tf.Graph().as_default(), tf.Session() as session:
        tf.get_variable("a", [3])
        with pytest.raises(errors.InvalidArgumentError, match=r"mismatch between(?s:.*)\(2,\) to a of shape \(3,\)"):
            Saver().restore(session, path)


def test_another_type_is_refused(tmp_path):
    with tf.Graph().as_default(), tf.Session() as session:
        variables(session)
        path = Saver().save(session, str(tmp_path / "m"))
    with tf.Graph().as_default(), tf.Session() as session:
        tf.get_variable("a", [2], tf.float64)
        with pytest.raises(errors.InvalidArgumentError, match="a has type float32 in the checkpoint"):
            Saver().restore(session, path)


@pytest.mark.parametrize("path", [None, "nowhere/model.ckpt-1"])
def test_what_is_no_checkpoint_is_refused(session, path):
    variables(session)
    with pytest.raises(ValueError, match="save_path"):
        Saver().restore(session, path)


def test_a_directory_must_exist(session, tmp_path):
    variables(session)
    with pytest.raises(ValueError, match="Parent directory of"):
        Saver().save(session, str(tmp_path / "nowhere" / "m"))


def test_nothing_to_save_is_an_error_unless_allowed(session, tmp_path):
    with pytest.raises(ValueError, match="No variables to save"):
        Saver()
    assert Saver(allow_empty=True).save(session, str(tmp_path / "m")) is None


def test_two_variables_cannot_have_one_name(session):
    a, _ = variables(session)
    with pytest.raises(ValueError, match="same name: a"):
        Saver([a, a])


def test_a_deferred_saver_takes_the_variables_that_are_there_when_built(session, tmp_path):
    saver = Saver(defer_build=True)
    variables(session)
    with pytest.raises(RuntimeError, match=r"build\(\)"):
        saver.save(session, str(tmp_path / "m"))
    saver.build()
    assert saver.save(session, str(tmp_path / "m")) is not None
    assert latest_checkpoint(tmp_path) == str(tmp_path / "m")
