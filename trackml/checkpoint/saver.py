"""Savers: checkpoints of a session's variables, of which the newest few are kept."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from tensorboard.compat.proto.saver_pb2 import SaverDef

import trackml.checkpoint.saver_ops  # noqa: F401  registers SaveV2 and RestoreV2
from trackml import dtypes
from trackml.checkpoint import state
from trackml.errors import InvalidArgumentError, NotFoundError, OpError
from trackml.graph.conversion import constant
from trackml.graph.graph import apply_op, get_default_graph
from trackml.graph.keys import GraphKeys
from trackml.graph.meta_graph import meta_graph_def
from trackml.graph.operation import Operation, Tensor
from trackml.ops import array
from trackml.ops.framework import control_dependencies, name_scope
from trackml.storage.files import replace_file
from trackml.variables.variable import Variable

if TYPE_CHECKING:
    from tensorboard.compat.proto.meta_graph_pb2 import MetaGraphDef

    from trackml.graph.session import Session


class Saver:
    """Saves variables to checkpoints and restores them.

    Args:
        var_list: Variables, or a dict from the name in the checkpoint to the variable; all global variables by
            default.
        reshape: Whether a value with as many elements in another shape may be restored.
        sharded: Accepted for TensorFlow's sake: there is one device, and so one shard.
        max_to_keep: How many checkpoints are kept; None or 0 keeps all.
        keep_checkpoint_every_n_hours: One checkpoint in that time is kept for good.
        name: Name scope of the operations.
        restore_sequentially: Accepted for TensorFlow's sake.
        saver_def: The operations of a saver that the default graph has already, as an imported graph does.
        builder: Not supported; must be None.
        defer_build: Make the operations at `build()`, when all variables are there.
        allow_empty: Whether there may be no variables at all.
        write_version: Accepted for TensorFlow's sake: format V2 is written.
        pad_step_number: Write steps with eight digits.
        save_relative_paths: Write relative paths to the `checkpoint` file, so that the directory can be moved.
        filename: Default path of the checkpoint.

    Raises:
        ValueError: There is nothing to save, two variables have one name, or both `var_list` and `saver_def` are given.

    Example:
        >>> import tempfile, trackml as tf
        >>> with tf.Graph().as_default(), tf.Session() as session, tempfile.TemporaryDirectory() as folder:
        ...     v = tf.get_variable("v", [2], initializer=tf.zeros_initializer())
        ...     session.run(tf.global_variables_initializer())
        ...     path = tf.train.Saver().save(session, folder + "/model.ckpt", global_step=7)
        ...     print(tf.train.list_variables(path))
        [('v', [2])]
    """

    def __init__(
        self,
        var_list: Any = None,
        reshape: bool = False,
        sharded: bool = False,
        max_to_keep: int | None = 5,
        keep_checkpoint_every_n_hours: float = 10000.0,
        name: str | None = None,
        restore_sequentially: bool = False,
        saver_def: Any = None,
        builder: Any = None,
        defer_build: bool = False,
        allow_empty: bool = False,
        write_version: int = 2,
        pad_step_number: bool = False,
        save_relative_paths: bool = False,
        filename: str | None = None,
    ) -> None:
        if builder is not None:
            raise ValueError("A Saver makes its operations itself here; builder is not supported.")
        if saver_def is not None and var_list is not None:
            raise ValueError("The operations of saver_def are for variables of their own; do not give var_list too.")
        self._var_list = var_list
        self._reshape = reshape
        self._max_to_keep = max_to_keep or 0
        self._keep_every_seconds = keep_checkpoint_every_n_hours * 3600
        self._next_preserved = time.time() + self._keep_every_seconds
        self._name = name
        self._allow_empty = allow_empty
        self._pad_step_number = pad_step_number
        self._save_relative_paths = save_relative_paths
        self._filename = filename or "model"
        self._last: list[tuple[str, float]] = []
        self._saver_def: SaverDef | None = saver_def
        self._is_empty = False
        if not defer_build:
            self.build()

    @property
    def saver_def(self) -> SaverDef | None:
        """The names of the operations that save and restore; None before `build()`."""
        return self._saver_def

    @property
    def last_checkpoints(self) -> list[str]:
        """The paths of the checkpoints that this saver wrote (or recovered) and has not deleted, oldest first."""
        return [path for path, _ in self._last]

    def as_saver_def(self) -> SaverDef | None:
        """The same as `saver_def`."""
        return self._saver_def

    @classmethod
    def from_proto(cls, saver_def: SaverDef, import_scope: str | None = None) -> Saver:
        """The saver whose operations a message names, in the default graph already, below a scope."""
        own = SaverDef()
        own.CopyFrom(saver_def)
        if import_scope:
            for field in ("filename_tensor_name", "save_tensor_name", "restore_op_name"):
                setattr(own, field, f"{import_scope}/{getattr(own, field)}")
        hours = own.keep_checkpoint_every_n_hours or 10000.0
        return cls(saver_def=own, max_to_keep=own.max_to_keep, keep_checkpoint_every_n_hours=hours)

    def build(self) -> None:
        """Makes the operations for all variables that are there now."""
        if self._saver_def is not None or self._is_empty:
            return
        variables = _named_variables(self._var_list)
        if not variables:
            if not self._allow_empty:
                raise ValueError("No variables to save")
            self._is_empty = True
            return
        with name_scope(self._name, "save"), control_dependencies(None):
            self._saver_def = _saver_def(variables, self._filename, self._reshape)
        self._saver_def.max_to_keep = self._max_to_keep
        self._saver_def.keep_checkpoint_every_n_hours = self._keep_every_seconds / 3600

    def save(
        self,
        sess: Session,
        save_path: str,
        global_step: Any = None,
        latest_filename: str | None = None,
        meta_graph_suffix: str = "meta",
        write_meta_graph: bool = True,
        write_state: bool = True,
        strip_default_attrs: bool = False,
        save_debug_info: bool = False,
    ) -> str | None:
        """Writes a checkpoint, and deletes the oldest where there are more than are kept.

        The files get their names when they are whole, the `checkpoint` file last, so a process that is killed
        leaves the checkpoint before this one.

        Args:
            sess: The session that holds the values.
            save_path: What the files' names begin with.
            global_step: A step to append: a number, tensor or variable.
            latest_filename: Name of the state file; `checkpoint` by default.
            meta_graph_suffix: Suffix of the file that holds the graph.
            write_meta_graph: Whether to write that file.
            write_state: Whether to write the state file.
            strip_default_attrs: Accepted for TensorFlow's sake.
            save_debug_info: Accepted for TensorFlow's sake.

        Returns:
            What the files' names begin with, step included; None for a saver without variables.

        Raises:
            ValueError: The directory does not exist.
        """
        if self._saver_def is None and not self._is_empty:
            raise RuntimeError("`build()` should be called before save if defer_build==True")
        if self._is_empty:
            return None
        directory, base = os.path.split(os.fspath(save_path))
        if directory and not os.path.isdir(directory):
            raise ValueError(f"Parent directory of {save_path} doesn't exist, can't save.")
        if base == (latest_filename or "checkpoint") or not base:
            raise ValueError(f"'{save_path}' cannot be a checkpoint's path: its last part must name the checkpoint.")
        prefix = self._prefix(sess, os.fspath(save_path), global_step)
        saved = self._def()
        sess.run(saved.save_tensor_name, {saved.filename_tensor_name: prefix})
        if write_meta_graph:
            with sess.graph.as_default():
                self.export_meta_graph(f"{prefix}.{meta_graph_suffix}")
        if write_state:
            self._note(prefix, directory, latest_filename, meta_graph_suffix)
        return prefix

    def _def(self) -> SaverDef:
        if self._saver_def is None:
            raise RuntimeError("The saver has no operations: call build() first, or make it when there are variables.")
        return self._saver_def

    def _prefix(self, sess: Session, save_path: str, global_step: Any) -> str:
        if global_step is None:
            return save_path
        step = global_step if isinstance(global_step, (int, np.integer)) else sess.run(global_step)
        return f"{save_path}-{int(step):08d}" if self._pad_step_number else f"{save_path}-{int(step)}"

    def _note(self, prefix: str, directory: str, latest_filename: str | None, suffix: str) -> None:
        """Writes the state file, then deletes what is not kept: the order in which nothing that is named is missing."""
        self._last = [item for item in self._last if item[0] != prefix] + [(prefix, time.time())]
        dropped = []
        while self._max_to_keep and len(self._last) > self._max_to_keep:
            dropped.append(self._last.pop(0))
        state.update_checkpoint_state(
            directory or ".",
            prefix,
            self.last_checkpoints,
            latest_filename,
            save_relative_paths=self._save_relative_paths,
        )
        for path, written in dropped:
            if written > self._next_preserved:
                self._next_preserved += self._keep_every_seconds
            else:
                state.remove_checkpoint(path, meta_graph_suffix=suffix)

    def restore(self, sess: Session, save_path: str | None) -> None:
        """Gives the session's variables the values of a checkpoint.

        Raises:
            ValueError: `save_path` is None or not a checkpoint.
            NotFoundError: The checkpoint lacks a variable.
            InvalidArgumentError: A variable has another shape in the checkpoint.
            DataLossError: A file of the checkpoint is damaged.
        """
        if self._is_empty:
            return
        if save_path is None:
            raise ValueError("Can't load save_path when it is None.")
        if not state.checkpoint_exists(save_path):
            raise ValueError(f"The passed save_path is not a valid checkpoint: {save_path}")
        restored = self._def()
        try:
            sess.run(restored.restore_op_name, {restored.filename_tensor_name: os.fspath(save_path)})
        except (NotFoundError, InvalidArgumentError) as error:
            raise _restore_error(error) from error

    def export_meta_graph(self, filename: str | None = None, **unused: Any) -> MetaGraphDef:
        """The default graph with its collections and this saver's operations; also written to `filename`."""
        message = meta_graph_def(get_default_graph(), saver_def=self._saver_def)
        if filename is not None:
            replace_file(filename, message.SerializeToString())
        return message

    def set_last_checkpoints(self, last_checkpoints: Sequence[str]) -> None:
        """Takes these paths for the checkpoints that are kept, oldest first."""
        self._last = [(path, np.inf) for path in last_checkpoints]

    def set_last_checkpoints_with_time(self, last_checkpoints_with_time: Iterable[tuple[str, float]]) -> None:
        """Takes these (path, time) for the checkpoints that are kept, oldest first."""
        self._last = list(last_checkpoints_with_time)

    def recover_last_checkpoints(self, checkpoint_paths: Sequence[str]) -> None:
        """Takes those of the paths that still exist for the checkpoints that are kept, oldest first."""
        existing = [path for path in checkpoint_paths if state.checkpoint_exists(path)]
        self._last = list(zip(existing, state.get_checkpoint_mtimes(existing)))


def _named_variables(var_list: Any) -> list[tuple[str, Variable]]:
    """(name in the checkpoint, variable), sorted by name as TensorFlow does."""
    if var_list is None:
        keys = (GraphKeys.GLOBAL_VARIABLES, "saveable_objects")
        var_list = [item for key in keys for item in get_default_graph().get_collection(key)]
    if isinstance(var_list, Mapping):
        named = list(var_list.items())
    else:
        named = [(_checked(variable).op.name, variable) for variable in var_list]
    names = [name for name, _ in named]
    duplicates = sorted({name for name in names if names.count(name) > 1})
    if duplicates:
        raise ValueError(f"At least two variables have the same name: {duplicates[0]}")
    return sorted(((name, _checked(variable)) for name, variable in named), key=lambda item: item[0])


def _checked(variable: Any) -> Variable:
    if not isinstance(variable, Variable):
        raise TypeError(f"Variable to save is not a Variable: {variable!r}")
    return variable


def _saver_def(variables: Sequence[tuple[str, Variable]], filename: str, reshape: bool) -> SaverDef:
    """Makes the operations, under the names that TensorFlow gives them."""
    default = array.placeholder_with_default(filename, shape=[], name="filename")
    prefix = array.placeholder_with_default(default, shape=[], name="Const")
    saved = _save_ops(prefix, variables)
    restored = _restore_ops(prefix, variables, reshape)
    return SaverDef(
        filename_tensor_name=prefix.name,
        save_tensor_name=saved.name,
        restore_op_name=restored.name,
        version=SaverDef.V2,
    )


def _save_ops(prefix: Tensor, variables: Sequence[tuple[str, Variable]]) -> Tensor:
    names, slices = _names_and_slices("SaveV2", variables)
    tensors = [variable.value() for _, variable in variables]
    save = apply_op(
        "SaveV2", prefix, names, slices, *tensors, name="SaveV2", dtypes=[tensor.dtype for tensor in tensors]
    )
    with control_dependencies([save]):
        return array.identity(prefix, name="control_dependency")


def _restore_ops(prefix: Tensor, variables: Sequence[tuple[str, Variable]], reshape: bool) -> Operation:
    names, slices = _names_and_slices("RestoreV2", variables)
    types = [variable.dtype for _, variable in variables]
    outputs = apply_op("RestoreV2", prefix, names, slices, name="RestoreV2", dtypes=types)
    values = list(outputs) if isinstance(outputs, tuple) else [outputs]
    assigns = []
    for (_, variable), value in zip(variables, values):
        if reshape:
            value = array.reshape(value, variable.shape)
        assigns.append(apply_op("AssignVariableOp", variable.handle, value, name="AssignVariableOp"))
    with control_dependencies(assigns):
        op: Operation = apply_op("NoOp", name="restore_all")
        return op


def _names_and_slices(op_name: str, variables: Sequence[tuple[str, Variable]]) -> tuple[Tensor, Tensor]:
    names = constant([name for name, _ in variables], dtypes.string, name=f"{op_name}/tensor_names")
    slices = constant([""] * len(variables), dtypes.string, name=f"{op_name}/shape_and_slices")
    return names, slices


def _restore_error(error: OpError) -> OpError:
    if isinstance(error, NotFoundError):
        cause = (
            "This is most likely due to a Variable name or other graph key that is missing from the checkpoint. "
            "Please ensure that you have not altered the graph expected based on the checkpoint."
        )
    else:
        cause = (
            "This is most likely due to a mismatch between the current graph and the graph from the checkpoint. "
            "Please ensure that you have not altered the graph expected based on the checkpoint."
        )
    message = f"Restoring from checkpoint failed. {cause} Original error:\n\n{error.message}"
    return type(error)(error.node_def, error.op, message)
