"""How operations on operands of one element type are added: conversion, names and type checks as TensorFlow's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from trackml import dtypes
from trackml.dtypes import DType
from trackml.graph.conversion import convert_to_tensor
from trackml.graph.graph import apply_op
from trackml.graph.operation import Tensor
from trackml.ops.framework import name_scope

REALS: Final = (dtypes.float16, dtypes.float32, dtypes.float64)
FLOATS: Final = (*REALS, dtypes.complex64, dtypes.complex128)
SIGNED: Final = (*FLOATS, dtypes.int8, dtypes.int16, dtypes.int32, dtypes.int64)
INTEGERS: Final = (
    dtypes.int8, dtypes.int16, dtypes.int32, dtypes.int64,
    dtypes.uint8, dtypes.uint16, dtypes.uint32, dtypes.uint64,
)  # fmt: skip
ORDERED: Final = (*REALS, *INTEGERS)
NUMBERS: Final = (*FLOATS, *INTEGERS)
BOOLEANS: Final = (dtypes.bool_,)

_NAMES: Final = ("x", "y", "z")


def elementwise(
    type: str,
    *operands: Any,
    name: str | None = None,
    allowed: Sequence[DType] = NUMBERS,
    names: Sequence[str] = _NAMES,
    **attrs: Any,
) -> Tensor:
    """The operation `type` on `operands`, of which the first settles the element type.

    Args:
        type: Type of the operation.
        *operands: Tensors, or what can be made into tensors; those after the first must be of its type.
        name: Name of the operation; its type if not given. Constants made of operands are put under it.
        allowed: The element types that the operation takes.
        names: TensorFlow's names of the inputs, for constants and messages.
        **attrs: Attributes of the operation.

    Returns:
        Its output.

    Raises:
        TypeError: Operands are of two types, or of one that is not allowed.
    """
    tensors: Sequence[Any] = operands
    if not all(isinstance(operand, Tensor) for operand in operands):
        with name_scope(name, type, operands) as name:
            tensors = _converted(type, operands, names)
    _check(type, tensors, allowed, names)
    result: Tensor = apply_op(type, *tensors, name=name, **attrs)
    return result


def _converted(type: str, operands: Sequence[Any], names: Sequence[str]) -> list[Tensor]:
    tensors = [convert_to_tensor(operands[0], name=names[0])]
    for operand, name in zip(operands[1:], names[1:]):
        own_type = isinstance(operand, Tensor) or hasattr(operand, "_as_tensor")
        tensors.append(convert_to_tensor(operand, None if own_type else tensors[0].dtype, name=name))
    return tensors


def _check(type: str, tensors: Sequence[Tensor], allowed: Sequence[DType], names: Sequence[str]) -> None:
    dtype = tensors[0].dtype
    if dtype not in allowed:
        raise TypeError(
            f"Value passed to parameter '{names[0]}' of '{type}' Op has DataType {dtype.name} not in list of "
            f"allowed values: {', '.join(item.name for item in allowed)}."
        )
    for tensor, name in zip(tensors[1:], names[1:]):
        if tensor.dtype is not dtype:
            raise TypeError(
                f"Input '{name}' of '{type}' Op has type {tensor.dtype.name} that does not match type "
                f"{dtype.name} of argument '{names[0]}'. Use tf.cast on one of them."
            )
