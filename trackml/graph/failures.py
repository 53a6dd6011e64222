"""What went wrong in a run, told with the operation and the user's own line."""

from __future__ import annotations

from typing import Any

from trackml.errors import InvalidArgumentError, OpError, ResourceExhaustedError
from trackml.graph.operation import Operation
from trackml.graph.registry import Kernel


def raise_explained(error: Exception, op: Operation) -> None:
    """Raises `error` as TensorFlow's, with the operation and the user's line, unless it names one already.

    Errors that TensorFlow has no class for are left to the caller, as they are.
    """
    if isinstance(error, OpError) and error.op is not None:
        return
    message = f"{error} [{op.describe()}]"
    if isinstance(error, OpError):
        raise type(error)(None, op, message) from error
    if isinstance(error, MemoryError):
        raise ResourceExhaustedError(None, op, message) from error
    if isinstance(error, (ValueError, TypeError, IndexError, ArithmeticError)):
        raise InvalidArgumentError(None, op, message) from error


def attributed(kernel: Kernel, op: Operation) -> Kernel:
    """`kernel`, whose errors are told as those of `op`: for shortcuts that stand for several operations."""

    def run(*inputs: Any) -> Any:
        try:
            return kernel(*inputs)
        except Exception as error:
            raise_explained(error, op)
            raise

    return run
