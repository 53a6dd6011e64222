"""Tensor messages as arrays, whoever wrote them: a file may hold any bytes, so what does not fit together is refused.

Source: tensorflow/core/framework/tensor.proto and tensor.cc (values that are missing repeat the last one).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt
from tensorboard.compat.proto import tensor_pb2, types_pb2

from trackml.events.kinds import BFLOAT16, STORAGE

_COMPLEX = {types_pb2.DT_COMPLEX64: ("scomplex_val", "<c8"), types_pb2.DT_COMPLEX128: ("dcomplex_val", "<c16")}
_MOST_REPEATED = 1 << 24  # elements: a few bytes of a file must not become an array that fills the memory


def array_of(tensor: tensor_pb2.TensorProto) -> npt.NDArray[Any]:
    """Gives the tensor as an array; strings as objects of `bytes`, bfloat16 as float32.

    A tensor of no dtype, which writers leave where only metadata count, is an empty array.

    Raises:
      ValueError: If values, shape and dtype do not fit each other, or the dtype is none that summaries have.
    """
    if not tensor.dtype:
        return np.empty(0, np.float32)
    shape = [dimension.size for dimension in tensor.tensor_shape.dim]
    values = _values(tensor)
    count = math.prod(shape)
    if min(shape, default=0) >= 0 and len(values) < count <= _MOST_REPEATED and not tensor.tensor_content:
        last = values[-1:] if len(values) else np.zeros(1, values.dtype) if values.dtype != object else _NO_TEXT
        values = np.concatenate([values, np.repeat(last, count - len(values))])
    if min(shape, default=0) < 0 or len(values) != count:
        raise ValueError(f"A tensor of shape {shape} cannot have {len(values)} values.")
    return values.reshape(shape)


def _values(tensor: tensor_pb2.TensorProto) -> npt.NDArray[Any]:
    """Gives the values that are written out, in one dimension."""
    if tensor.dtype == types_pb2.DT_STRING:
        texts = np.empty(len(tensor.string_val), object)
        texts[:] = list(tensor.string_val)
        return texts
    if tensor.dtype not in STORAGE and tensor.dtype not in _COMPLEX:
        name = types_pb2.DataType.Name(tensor.dtype) if tensor.dtype in types_pb2.DataType.values() else tensor.dtype
        raise ValueError(f"A tensor of dtype {name} is nothing that summaries hold.")
    field, dtype = (STORAGE | _COMPLEX)[tensor.dtype]
    bits = np.dtype("<u2" if dtype == BFLOAT16 else dtype)
    if tensor.tensor_content:
        if len(tensor.tensor_content) % bits.itemsize:
            raise ValueError(f"{len(tensor.tensor_content)} bytes are no whole number of elements of {bits}.")
        values = np.frombuffer(tensor.tensor_content, bits)
    elif field == "half_val":
        values = np.array(tensor.half_val, np.int64).astype("<u2").view(bits)
    elif tensor.dtype in _COMPLEX:
        parts = np.array(getattr(tensor, field), np.float64)
        values = (parts[0::2][: len(parts) // 2] + 1j * parts[1::2]).astype(bits)
    else:
        values = np.array(getattr(tensor, field)).astype(bits)
    return _widened(values) if dtype == BFLOAT16 else values.copy()


def _widened(bits: npt.NDArray[np.uint16]) -> npt.NDArray[np.float32]:
    wide: npt.NDArray[np.float32] = (bits.astype(np.uint32) << np.uint32(16)).view(np.float32)
    return wide


_NO_TEXT = np.array([b""], object)
