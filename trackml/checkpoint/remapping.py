"""Matrices of a checkpoint whose rows or columns belong to words: taken over by word into another vocabulary.

Source: tensorflow/core/kernels/{generate_vocab_remapping_op,load_and_remap_matrix_op}.cc and
tensorflow/python/training/checkpoint_ops.py.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from trackml import dtypes
from trackml.bundle.bundle import BundleReader
from trackml.errors import InvalidArgumentError, NotFoundError
from trackml.graph.conversion import constant, convert_to_tensor
from trackml.graph.graph import apply_op
from trackml.graph.operation import Operation, Tensor
from trackml.graph.registry import NOT_DIFFERENTIABLE, Kernel, register
from trackml.graph.runtime import Runtime
from trackml.initializers import Zeros
from trackml.ops import array
from trackml.ops.array import outputs_of
from trackml.ops.joining import concat, stack
from trackml.ops.ranges import range as range_of
from trackml.shapes import TensorShape

Array = np.ndarray[Any, Any]
Path = str | os.PathLike[str]


def load_and_remap(
    prefix: str,
    tensor_name: str,
    shape: Sequence[int],
    new_vocab: Path,
    old_vocab: Path,
    axis: int = 0,
    old_vocab_size: int = -1,
    num_oov_buckets: int = 0,
    initializer: Callable[..., Any] | None = None,
) -> Tensor:
    """The tensor of a checkpoint with its rows (or columns) in the order of another vocabulary.

    Args:
        prefix: The checkpoint.
        tensor_name: A float matrix there, or a vector (which TensorFlow does not take).
        shape: That of the result, out-of-vocabulary rows included.
        new_vocab: The file of the new vocabulary, one word a line.
        old_vocab: That of the vocabulary which the tensor belongs to.
        axis: 0 when rows belong to words, 1 when columns do.
        old_vocab_size: How many lines of `old_vocab` the tensor knows; -1 for all.
        num_oov_buckets: How many rows (or columns) at the end belong to no word.
        initializer: What gives the values of new words and of buckets; zeros by default.

    Returns:
        A float32 tensor of that shape.
    """
    make = Zeros() if initializer is None else initializer
    rows, columns = (*shape, 1)[:2]
    words = (rows, columns)[axis] - num_oov_buckets
    remapping, present = outputs_of(
        apply_op(
            "GenerateVocabRemapping",
            _path(new_vocab),
            _path(old_vocab),
            new_vocab_offset=0,
            num_new_vocab=words,
            old_vocab_size=old_vocab_size,
        )
    )
    if axis == 0:
        whole = _remapped(prefix, tensor_name, remapping, _nothing(), (words - present) * columns, words, columns, make)
        buckets = (num_oov_buckets, columns)
    else:
        kept = range_of(constant(rows, dtypes.int64))
        whole = _remapped(prefix, tensor_name, kept, remapping, (words - present) * rows, rows, words, make)
        buckets = (rows, num_oov_buckets)
    if num_oov_buckets:
        whole = concat([whole, convert_to_tensor(make(buckets, dtypes.float32))], axis)
    return array.reshape(whole, list(shape)) if len(shape) == 1 else whole


def _remapped(
    prefix: str, name: str, rows: Tensor, columns: Tensor, missing: Tensor, height: int, width: int, make: Any
) -> Tensor:
    values = make(stack([missing, 1]), dtypes.float32)
    tensor: Tensor = apply_op(
        "LoadAndRemapMatrix",
        constant(prefix),
        constant(name),
        rows,
        columns,
        convert_to_tensor(values),
        num_rows=height,
        num_cols=width,
        max_rows_in_memory=-1,
    )
    return tensor


def _path(file: Path) -> Tensor:
    return constant(os.fspath(file), dtypes.string)


def _nothing() -> Tensor:
    return constant([], dtypes.int64, [0])


def _words(path: Any) -> list[bytes]:
    """The lines of a file, without their ends; TensorFlow passes over carriage returns."""
    name = os.fsdecode(bytes(np.asarray(path, dtype=object).item()))
    try:
        with open(name, "rb") as file:
            text = file.read().replace(b"\r", b"")
    except OSError as error:
        raise NotFoundError(None, None, f"{name}; {error.strerror}") from error
    lines = text.split(b"\n")
    return lines[:-1] if lines[-1] == b"" else lines


def _generate(op: Operation, runtime: Runtime) -> Kernel:
    """Bound, as files are read when the operation runs, not when it is made."""
    begin, count, old_size = (op.attrs[name] for name in ("new_vocab_offset", "num_new_vocab", "old_vocab_size"))

    def generate(new_vocab: Any, old_vocab: Any) -> tuple[Array, Any]:
        old = _words(old_vocab)
        known = {word: index for index, word in enumerate(old if old_size < 0 else old[:old_size])}
        wanted = _words(new_vocab)[begin : begin + count]
        remapping = np.full(count, -1, np.int64)
        remapping[: len(wanted)] = [known.get(word, -1) for word in wanted]
        return remapping, np.int32(np.count_nonzero(remapping >= 0))

    return generate


def _load(op: Operation, runtime: Runtime) -> Kernel:
    def load(prefix: Any, tensor_name: Any, rows: Array, columns: Array, initializing_values: Array) -> Array:
        name = bytes(np.asarray(tensor_name, dtype=object).item()).decode("utf-8")
        matrix = _matrix(os.fsdecode(bytes(np.asarray(prefix, dtype=object).item())), name)
        columns = columns if columns.size else np.arange(op.attrs["num_cols"])
        _check_range(name, "rows", rows, matrix.shape[0])
        _check_range(name, "columns", columns, matrix.shape[1])
        taken: Array = matrix[np.ix_(np.maximum(rows, 0), np.maximum(columns, 0))]
        missing = (rows < 0)[:, np.newaxis] | (columns < 0)[np.newaxis, :]
        taken[missing] = initializing_values.ravel()
        return taken

    return load


def _matrix(prefix: str, name: str) -> Array:
    """A float matrix of a checkpoint; a vector as one column."""
    tensor = np.asarray(BundleReader(prefix).get_tensor(name))
    matrix = tensor[:, np.newaxis] if tensor.ndim == 1 else tensor
    if matrix.ndim != 2 or matrix.dtype != np.float32:
        raise InvalidArgumentError(
            None,
            None,
            f"Tensor {name} of {prefix} must be a float matrix to be remapped, got {tensor.dtype} {tensor.shape}.",
        )
    return matrix


def _check_range(name: str, what: str, remapping: Array, size: int) -> None:
    if remapping.size and int(remapping.max()) >= size:
        raise InvalidArgumentError(
            None,
            None,
            f"Tensor {name} has {size} {what}, but the old vocabulary has a word for number {int(remapping.max())}. "
            "Is old_vocab the file that the checkpoint was trained with, and old_vocab_size its size there?",
        )


def _remapping_shapes(op: Operation) -> Sequence[TensorShape]:
    return [TensorShape([op.attrs["num_new_vocab"]]), TensorShape([])]


def _matrix_shape(op: Operation) -> Sequence[TensorShape]:
    return [TensorShape([op.attrs["num_rows"], op.attrs["num_cols"]])]


register(
    "GenerateVocabRemapping",
    bind=_generate,
    shape=_remapping_shapes,
    dtypes=lambda op: [dtypes.int64, dtypes.int32],
    gradient=NOT_DIFFERENTIABLE,
    types={},
)
register(
    "LoadAndRemapMatrix",
    bind=_load,
    shape=_matrix_shape,
    dtypes=dtypes.float32,
    gradient=NOT_DIFFERENTIABLE,
    types={},
)
