"""TensorFlow's exceptions, under TensorFlow's names.

```
Exception
└── OpError                        an operation failed while it ran (or a file that it reads)
    ├── AbortedError
    ├── AlreadyExistsError
    ├── CancelledError
    ├── DataLossError              a file is damaged: a checksum does not hold, bytes are missing
    ├── DeadlineExceededError
    ├── FailedPreconditionError    a variable or an iterator is not initialised yet
    ├── InternalError
    ├── InvalidArgumentError       a value that the operation cannot work on
    ├── NotFoundError              a file or a key that is not there
    ├── OutOfRangeError            the end of a dataset
    ├── PermissionDeniedError
    ├── ResourceExhaustedError
    ├── UnauthenticatedError
    ├── UnavailableError
    ├── UnimplementedError
    └── UnknownError
```
Mistakes that show while a graph is built are Python's own `ValueError` and `TypeError`, as in TensorFlow.
"""

from __future__ import annotations

from typing import ClassVar


class OpError(Exception):
    """An operation failed.

    Args:
        node_def: The operation's `NodeDef`, or None where no operation is at fault.
        op: The `Operation`, or None.
        message: What was expected, what came and what to do.
    """

    error_code: ClassVar[int] = 2

    def __init__(self, node_def: object, op: object, message: str) -> None:
        super().__init__(message)
        self._node_def = node_def
        self._op = op
        self._message = message

    @property
    def node_def(self) -> object:
        """The `NodeDef` of the operation that failed, or None."""
        return self._node_def

    @property
    def op(self) -> object:
        """The `Operation` that failed, or None."""
        return self._op

    @property
    def message(self) -> str:
        """What went wrong, in words."""
        return self._message

    def __str__(self) -> str:
        return self._message


class CancelledError(OpError):
    """The operation was cancelled."""

    error_code = 1


class UnknownError(OpError):
    """The operation failed in a way that has no name of its own."""

    error_code = 2


class InvalidArgumentError(OpError):
    """An operation was given a value that it cannot work on."""

    error_code = 3


class DeadlineExceededError(OpError):
    """The operation took longer than it was allowed to."""

    error_code = 4


class NotFoundError(OpError):
    """A file, a key or a resource is not there."""

    error_code = 5


class AlreadyExistsError(OpError):
    """What was to be made exists already."""

    error_code = 6


class PermissionDeniedError(OpError):
    """The caller may not do this."""

    error_code = 7


class ResourceExhaustedError(OpError):
    """Memory, disk or another resource ran out."""

    error_code = 8


class FailedPreconditionError(OpError):
    """Something must be done first, such as initialising a variable."""

    error_code = 9


class AbortedError(OpError):
    """The operation was aborted."""

    error_code = 10


class OutOfRangeError(OpError):
    """A dataset has come to its end, or a read went past the end of a file."""

    error_code = 11


class UnimplementedError(OpError):
    """The operation does not exist for these arguments."""

    error_code = 12


class InternalError(OpError):
    """An invariant of the library itself does not hold."""

    error_code = 13


class UnavailableError(OpError):
    """A service cannot be reached now."""

    error_code = 14


class DataLossError(OpError):
    """A file is damaged: a checksum does not hold or bytes are missing."""

    error_code = 15


class UnauthenticatedError(OpError):
    """The caller is not known."""

    error_code = 16
