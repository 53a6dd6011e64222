"""Variables that start from a checkpoint: `tf.train.init_from_checkpoint`.

Source: tensorflow/python/training/checkpoint_utils.py.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

import trackml.checkpoint.saver_ops  # noqa: F401  registers RestoreV2
from trackml import dtypes, logging
from trackml.bundle.bundle import BundleReader
from trackml.checkpoint.reader import load_checkpoint
from trackml.checkpoint.state import latest_checkpoint
from trackml.graph.conversion import constant
from trackml.graph.graph import apply_op
from trackml.graph.operation import Tensor
from trackml.ops.array import outputs_of
from trackml.ops.framework import init_scope
from trackml.variables.collections import global_variables, local_variables
from trackml.variables.variable import Variable

Path = str | os.PathLike[str]


def init_from_checkpoint(ckpt_dir_or_file: Path, assignment_map: Mapping[str, Any]) -> None:
    """Makes variables start from the values of a checkpoint, which their initializers read.

    Args:
        ckpt_dir_or_file: A directory of checkpoints, whose newest is taken, or the prefix of a checkpoint.
        assignment_map: From a tensor of the checkpoint to a variable or its name; or from a scope of the checkpoint
            to a scope here, each with `/` at its end (`"/"` is the outermost one): all variables of the scope.

    Raises:
        ValueError: There is no such checkpoint, tensor or variable, or shapes differ.

    Example:
        >>> import tempfile, trackml as tf
        >>> prefix = tempfile.mkdtemp() + "/model.ckpt"
        >>> with tf.Graph().as_default(), tf.Session() as session:
        ...     v = tf.get_variable("old", initializer=[1.0, 2.0])
        ...     session.run(tf.global_variables_initializer())
        ...     _ = tf.train.Saver().save(session, prefix)
        >>> with tf.Graph().as_default(), tf.Session() as session:
        ...     v = tf.get_variable("new", [2])
        ...     tf.train.init_from_checkpoint(prefix, {"old": "new"})
        ...     session.run(tf.global_variables_initializer())
        ...     print(session.run(v))
        [1. 2.]
    """
    reader = load_checkpoint(ckpt_dir_or_file)
    prefix = checkpoint_prefix(ckpt_dir_or_file)
    variables = {variable.op.name: variable for variable in (*global_variables(), *local_variables())}
    for tensor_name, target in sorted(assignment_map.items(), key=lambda item: item[0]):
        found = target if isinstance(target, Variable) else variables.get(target)
        pairs = [(tensor_name, found)] if found is not None else _of_scope(tensor_name, target, variables)
        for name, variable in pairs:
            _check(reader, ckpt_dir_or_file, name, variable)
            _start_from_tensor(variable, prefix, name)
            logging.debug("Initialize variable %s from checkpoint %s with %s", variable.name, ckpt_dir_or_file, name)


def checkpoint_prefix(ckpt_dir_or_file: Path) -> str:
    """The prefix of the checkpoint that is meant: that of a directory's newest one, or the argument itself.

    Raises:
        ValueError: It is a directory without a checkpoint.
    """
    path = os.fspath(ckpt_dir_or_file)
    if not os.path.isdir(path):
        return path
    newest = latest_checkpoint(path)
    if newest is None:
        raise ValueError(f"Couldn't find 'checkpoint' file or checkpoints in given directory {path}")
    return newest


def _of_scope(scope: str, target: Any, variables: Mapping[str, Variable]) -> list[tuple[str, Variable]]:
    """The variables of a scope here, each with the name that the checkpoint has for it."""
    if not isinstance(target, str):
        raise TypeError(f"assignment_map must map to variables or their names; got {target!r} for '{scope}'.")
    own = target.rpartition("/")[0]
    if not scope.endswith("/"):
        raise ValueError(
            f"Assignment map with scope only name {own} should map to scope only {scope}. "
            f"Should be 'scope/': 'other_scope/'. If a variable is meant: there is none called '{target}'; "
            f"there are {sorted(variables)}."
        )
    begin = f"{own}/" if own else ""
    there = "" if scope == "/" else scope
    return [
        (there + name.removeprefix(begin), variable)
        for name, variable in sorted(variables.items())
        if name.startswith(begin)
    ]


def _check(reader: BundleReader, given: Path, tensor_name: str, variable: Variable) -> None:
    shapes = reader.get_variable_to_shape_map()
    if tensor_name not in shapes:
        raise ValueError(f"Tensor {tensor_name} is not found in {given} checkpoint {shapes}")
    if not variable.shape.is_compatible_with(shapes[tensor_name]):
        raise ValueError(
            f"Shape of variable {variable.name} ({variable.shape}) doesn't match with shape of tensor {tensor_name} "
            f"({shapes[tensor_name]}) from checkpoint reader."
        )


def _start_from_tensor(variable: Variable, prefix: str, tensor_name: str) -> None:
    with init_scope():
        restored: Tensor
        (restored,) = outputs_of(
            apply_op(
                "RestoreV2",
                constant(prefix),
                constant([tensor_name], dtypes.string),
                constant([""], dtypes.string),
                name="checkpoint_initializer",
                dtypes=[variable.dtype],
            )
        )
        restored.set_shape(variable.shape)
        variable.start_from(restored)
