"""The operations that save variables to a checkpoint and restore them from one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from trackml import dtypes
from trackml.bundle.bundle import BundleReader, BundleWriter
from trackml.errors import NotFoundError
from trackml.graph.operation import Operation
from trackml.graph.registry import NOT_DIFFERENTIABLE, Kernel, register
from trackml.graph.runtime import Runtime
from trackml.graph.shape_rules import no_outputs, unknown


def _text(value: Any) -> str:
    return bytes(np.asarray(value, dtype=object).ravel()[0]).decode("utf-8")


def _save(op: Operation, runtime: Runtime) -> Kernel:
    def save(prefix: Any, names: Any, slices: Any, *tensors: Any) -> None:
        with BundleWriter(_text(prefix)) as writer:
            for name, tensor in zip(names, tensors, strict=True):
                writer.add(name.decode("utf-8"), tensor)

    return save


def _restore(op: Operation, runtime: Runtime) -> Kernel:
    def restore(prefix: Any, names: Any, slices: Any) -> list[Any]:
        reader = BundleReader(_text(prefix))
        return [_restored(reader, name.decode("utf-8"), tensor.dtype) for name, tensor in zip(names, op.outputs)]

    return restore


def _restored(reader: BundleReader, name: str, dtype: dtypes.DType) -> Any:
    if not reader.has_tensor(name):
        raise NotFoundError(None, None, f"Key {name} not found in checkpoint")
    value = reader.read(name)
    if dtypes.as_dtype(value.dtype) is not dtype:
        raise ValueError(f"Key {name} has type {value.dtype} in the checkpoint, the variable {dtype.name}.")
    return value


def _per_dtype(rule: Callable[[Operation], Any]) -> Callable[[Operation], Sequence[Any]]:
    return lambda op: [rule(op)] * len(op.attrs["dtypes"])


register("SaveV2", bind=_save, shape=no_outputs, gradient=NOT_DIFFERENTIABLE, types={})
register(
    "RestoreV2",
    bind=_restore,
    shape=_per_dtype(unknown),
    dtypes="dtypes",
    gradient=NOT_DIFFERENTIABLE,
    types={},
    lists=True,
)
