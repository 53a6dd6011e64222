"""Not-a-number and infinity traced to the operation that made them first.

A session that debugs numerics puts a check behind each kernel when it compiles a plan; any other session compiles the
kernels alone, so the check costs nothing there. Operations run in the order in which they were made, and the first
one to make something that is not finite out of what was stops the run.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from trackml.graph.operation import Operation, Tensor

if TYPE_CHECKING:
    from trackml.graph.registry import Kernel

Array = np.ndarray[Any, Any]

Watch = Callable[[Operation, "Kernel"], "Kernel"]
"""What is put around the kernel of an operation."""

_FED = ("Placeholder", "PlaceholderWithDefault")


class NumericsError(ValueError):
    """An operation made NaN or infinity; a session raises it as InvalidArgumentError, with the user's line."""


def watched(op: Operation, kernel: Kernel) -> Kernel:
    """`kernel` followed by a check that it made neither NaN nor infinity, which constants may be."""
    if op.type == "Const" or not any(tensor.dtype.is_floating for tensor in (*op.outputs, *op.inputs)):
        return kernel

    def checked(*inputs: Any) -> Any:
        _check_fed(op, inputs)
        result = kernel(*inputs)
        outputs = result if op.spec.lists or len(op.outputs) != 1 else [result]
        _check_made(op, inputs, outputs if op.outputs else ())
        return result

    return checked


def _is_finite(value: Any) -> bool:
    return not _is_floating(value) or bool(np.isfinite(value).all())


def _is_floating(value: Any) -> bool:
    return isinstance(value, (np.ndarray, np.generic)) and value.dtype.kind in "fc"


def _check_fed(op: Operation, inputs: Sequence[Any]) -> None:
    for tensor, value in zip(op.inputs, inputs):
        if tensor.op.type in _FED and not _is_finite(value):
            raise NumericsError(f"{_counts(value)} were fed for '{tensor.name}'; {_statistics(tensor, value)}")


def _check_made(op: Operation, inputs: Sequence[Any], outputs: Sequence[Any]) -> None:
    for tensor, value in zip(op.outputs, outputs):
        if _is_finite(value):
            continue
        floats = [item for item in inputs if _is_floating(item)]
        nan_before = any(np.isnan(item).any() for item in floats)
        if nan_before or (not np.isnan(value).any() and any(np.isinf(item).any() for item in floats)):
            continue  # handed on, not made
        parts = [_statistics(source, item) for source, item in zip(op.inputs, inputs)]
        raise NumericsError(
            f"'{op.name}' ({op.type}) made {_counts(value)} of {value.size} elements of '{tensor.name}'. "
            f"{'Inputs: ' + '; '.join(parts) if parts else 'It has no inputs'}."
        )


def _counts(value: Any) -> str:
    counts = (("NaN", int(np.isnan(value).sum())), ("infinite", int(np.isinf(value).sum())))
    return " and ".join(f"{count} {kind}" for kind, count in counts if count)


def _statistics(tensor: Tensor, value: Any) -> str:
    """A tensor's name, type and shape, and where its numbers lie."""
    if not isinstance(value, (np.ndarray, np.generic)):
        return f"'{tensor.name}' ({tensor.dtype.name})"
    start = f"'{tensor.name}' ({tensor.dtype.name}{list(value.shape)}"
    if value.dtype.kind not in "fiu" or not value.size:
        return f"{start})"
    array = np.asarray(value, np.float64)
    finite = array[np.isfinite(array)]
    spread = f" from {finite.min():.6g} to {finite.max():.6g}, mean {finite.mean():.6g}" if finite.size else ""
    zeros, rest = int((array == 0).sum()), array.size - finite.size
    return f"{start}{spread}, {zeros} zeros{f', {_counts(array)}' if rest else ''})"
