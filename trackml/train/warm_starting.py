"""Warm starts: variables that begin with the values of another model's checkpoint.

Source: tensorflow/python/training/warm_starting_util.py.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, NamedTuple

from trackml import dtypes, logging
from trackml.checkpoint.initial_values import checkpoint_prefix, init_from_checkpoint
from trackml.checkpoint.remapping import load_and_remap
from trackml.graph.keys import GraphKeys
from trackml.ops.framework import get_collection, init_scope
from trackml.variables.variable import Variable

Path = str | os.PathLike[str]


class _VocabInfo(NamedTuple):
    new_vocab: Any
    new_vocab_size: int
    num_oov_buckets: int
    old_vocab: Any
    old_vocab_size: int = -1
    backup_initializer: Any = None
    axis: int = 0


class VocabInfo(_VocabInfo):
    """The vocabularies of a variable whose rows (or columns) belong to words, before and now.

    Args:
        new_vocab: The file of the vocabulary that the model to be trained uses, one word a line.
        new_vocab_size: How many of its words.
        num_oov_buckets: How many rows the variable has for words outside of it.
        old_vocab: The file of the vocabulary that the checkpoint was made with.
        old_vocab_size: How many of its words; all by default.
        backup_initializer: What gives the values of new words and of buckets; zeros by default.
        axis: 0 when rows belong to words, as in embeddings; 1 when columns do, as in layers of classes.

    Raises:
        ValueError: `axis` is neither 0 nor 1.
    """

    __slots__ = ()

    def __new__(
        cls,
        new_vocab: Path,
        new_vocab_size: int,
        num_oov_buckets: int,
        old_vocab: Path,
        old_vocab_size: int = -1,
        backup_initializer: Any = None,
        axis: int = 0,
    ) -> VocabInfo:
        """Checks the axis."""
        if axis not in (0, 1):
            raise ValueError(f"The only supported values for the axis argument are 0 and 1.  Provided axis: {axis}")
        return super().__new__(
            cls, new_vocab, new_vocab_size, num_oov_buckets, old_vocab, old_vocab_size, backup_initializer, axis
        )


def warm_start(
    ckpt_to_initialize_from: Path,
    vars_to_warm_start: Any = ".*",
    var_name_to_vocab_info: Mapping[str, VocabInfo] | None = None,
    var_name_to_prev_var_name: Mapping[str, str] | None = None,
) -> None:
    """Makes variables of the default graph start from a checkpoint; call it before they are initialized.

    Args:
        ckpt_to_initialize_from: The prefix of a checkpoint, or a directory of them, whose newest is taken.
        vars_to_warm_start: A pattern that the names of trainable variables begin with; a list of patterns, for
            variables of all kinds; a list of variables; or None for only those with a vocabulary.
        var_name_to_vocab_info: The vocabularies of variables, where they changed.
        var_name_to_prev_var_name: The names of variables in the checkpoint, where they differ.

    Raises:
        ValueError: There is no such checkpoint, it lacks a tensor, shapes differ, or a name of the last two arguments
            is not that of a variable to warm-start.
    """
    logging.info("Warm-starting from: %s", os.fspath(ckpt_to_initialize_from))
    variables = {variable.op.name: variable for variable in _chosen(vars_to_warm_start)}
    infos = dict(var_name_to_vocab_info or {})
    earlier = dict(var_name_to_prev_var_name or {})
    plain: dict[str, Variable] = {}
    for name, variable in variables.items():
        there = earlier.get(name) or name
        if name in infos:
            _log_vocabulary(name, infos[name], earlier.get(name))
            _start_with_vocabulary(variable, checkpoint_prefix(ckpt_to_initialize_from), there, infos[name])
        elif vars_to_warm_start:
            logging.debug("Warm-starting variable: %s; prev_var_name: %s", name, earlier.get(name) or "Unchanged")
            plain[there] = variable
    init_from_checkpoint(ckpt_to_initialize_from, plain)
    logging.info("Warm-started %d variables.", len(plain) + sum(name in infos for name in variables))
    _check_used("var_name_to_prev_var_name", earlier, variables)
    _check_used("var_name_to_vocab_info", infos, variables)


def _chosen(wanted: Any) -> list[Variable]:
    if wanted is None or isinstance(wanted, str):
        logging.info("Warm-starting variables only in TRAINABLE_VARIABLES.")
        return get_collection(GraphKeys.TRAINABLE_VARIABLES, wanted)
    if not isinstance(wanted, (list, tuple)):
        raise ValueError(f"`vars_to_warm_start must be a `list` or `str`.  Given type is {type(wanted)}")
    if all(isinstance(item, str) for item in wanted):
        return [found for pattern in wanted for found in get_collection(GraphKeys.GLOBAL_VARIABLES, pattern)]
    if all(isinstance(item, Variable) for item in wanted):
        return list(wanted)
    raise ValueError(
        "If `vars_to_warm_start` is a list, it must be all `Variable` or all `str`.  "
        f"Given types are {[type(item) for item in wanted]}"
    )


def _log_vocabulary(name: str, info: VocabInfo, earlier: str | None) -> None:
    logging.debug(
        "Warm-starting variable: %s; current_vocab: %s current_vocab_size: %s prev_vocab: %s prev_vocab_size: %s "
        "current_oov: %s prev_tensor: %s initializer: %s",
        name,
        info.new_vocab,
        info.new_vocab_size,
        info.old_vocab,
        info.old_vocab_size if info.old_vocab_size > 0 else "All",
        info.num_oov_buckets,
        earlier or "Unchanged",
        info.backup_initializer or "zero-initialized",
    )


def _start_with_vocabulary(variable: Variable, prefix: str, tensor_name: str, info: VocabInfo) -> None:
    _check_vocabulary(variable, info)
    with init_scope():
        variable.start_from(
            load_and_remap(
                prefix,
                tensor_name,
                [int(size) for size in variable.shape.as_list() if size is not None],
                info.new_vocab,
                info.old_vocab,
                info.axis,
                info.old_vocab_size,
                info.num_oov_buckets,
                info.backup_initializer,
            )
        )


def _check_vocabulary(variable: Variable, info: VocabInfo) -> None:
    if not (info.new_vocab and info.new_vocab_size and info.old_vocab):
        raise ValueError(
            "Invalid args: Must provide all of [current_vocab_path, current_vocab_size, prev_ckpt, prev_vocab_path}."
        )
    if variable.dtype is not dtypes.float32:
        raise TypeError(f"Currently, only float32 is supported. Received dtype: {variable.dtype} of {variable.name}")
    sizes = variable.shape.as_list()
    if not info.axis < len(sizes) <= 2:
        raise ValueError(f"Expected 2-dim shape, but received: {sizes} of {variable.name}, for axis {info.axis}")
    wanted = info.new_vocab_size + info.num_oov_buckets
    if sizes[info.axis] != wanted:
        raise ValueError(
            f"VocabInfo of {variable.name} tells of {info.new_vocab_size} words and {info.num_oov_buckets} buckets, "
            f"{wanted} together, but the variable has shape {tuple(sizes)}, which is {sizes[info.axis]} on axis "
            f"{info.axis}."
        )


def _check_used(argument: str, names: Mapping[str, Any], variables: Mapping[str, Variable]) -> None:
    unused = sorted(set(names) - set(variables))
    if unused:
        raise ValueError(
            f"You provided the following variables in {argument} that were not used: {unused}.  "
            f"Perhaps you misspelled them?  Here is the list of viable variable names: {sorted(variables)}"
        )
