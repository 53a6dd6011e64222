"""What a session keeps between runs: the values of variables, iterators, generators of random numbers."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from trackml.errors import FailedPreconditionError

if TYPE_CHECKING:
    from trackml.graph.numerics import Watch

Array = np.ndarray[Any, Any]

SMALL_BYTES: Final = 8192
"""Up to here a copy costs less than finding out whether one is needed."""


class VariableCell:
    """The value of one variable in one session.

    What was read stays what it was: arrays are marked read-only, and an update writes into the cell's own array only
    when nobody else refers to it, as TensorFlow does by the reference count of its buffer. Whoever holds the array
    or a view of it counts, and then the update works on a copy.

    The cell's lock is held during such an update, when `_value` is None: a reader that finds None waits for the lock.
    An operation that updates several cells takes their locks in the order of its inputs.
    """

    __slots__ = ("_lock", "_value", "name")

    def __init__(self, name: str) -> None:
        self.name = name
        self._value: Array | None = None
        self._lock = threading.RLock()

    def peek(self) -> Array | None:
        """The value, or None before the variable is initialised."""
        value = self._value
        if value is None:
            with self._lock:
                value = self._value
        return value

    def read(self) -> Array:
        """The value, read-only; FailedPreconditionError before the variable is initialised."""
        value = self._value
        if value is None:
            value = self.peek()
            if value is None:
                raise self._uninitialized()
        return value

    def copy(self) -> Array:
        """A copy of the value."""
        value = self._value
        own: Array = (self.read() if value is None else value).copy()
        return own

    def put(self, value: Any) -> None:
        """Replaces the value; the array belongs to the cell from now on."""
        array: Array = value if isinstance(value, np.ndarray) else np.asarray(value)
        array.setflags(write=False)
        self._value = array

    def assign(self, value: Any) -> None:
        """Replaces the value by a copy of `value`, in the array that is there where it has the shape."""
        array = np.asarray(value)
        old = self._value
        if array.nbytes <= SMALL_BYTES or old is None or old.shape != array.shape or old.dtype != array.dtype:
            self.put(np.array(array, order="C"))
            return
        del old
        own = self.begin_update(keep=False)
        try:
            own[...] = array
        finally:
            self.end_update(own)

    def begin_update(self, keep: bool = True) -> Array:
        """The value as an array to write into; `end_update` must follow, whatever happens.

        Args:
            keep: Whether the array must hold the old value; otherwise it is for the caller to fill.

        Raises:
            FailedPreconditionError: The variable is not initialised.
        """
        self._lock.acquire()
        array = None
        try:
            # Taken out before references are counted: from here on no other thread can come to hold it.
            array, self._value = self._value, None
            if array is None:
                raise self._uninitialized()
            if sys.getrefcount(array) == _ALONE and array.flags.owndata:
                array.setflags(write=True)
                return array
            return array.copy() if keep else np.empty_like(array)
        except BaseException:
            self._value = array
            self._lock.release()
            raise

    def end_update(self, array: Array) -> None:
        """Puts back the array that `begin_update` gave."""
        array.setflags(write=False)
        self._value = array
        self._lock.release()

    def _uninitialized(self) -> FailedPreconditionError:
        return FailedPreconditionError(
            None,
            None,
            f"Attempting to use uninitialized value {self.name}. Run tf.global_variables_initializer() "
            "(and tf.local_variables_initializer() for metrics), or restore a checkpoint, first.",
        )


def _references_when_alone() -> int:
    """What `sys.getrefcount` says of an array that only one local variable refers to.

    Interpreters count their own references differently. -1, which no count equals, where counts do not tell: without
    the global lock another thread may be about to refer to the array, and only CPython counts at all.
    """
    gil = getattr(sys, "_is_gil_enabled", None)
    if sys.implementation.name != "cpython" or (gil is not None and not gil()):
        return -1
    array = np.empty(1)
    return sys.getrefcount(array)


_ALONE: Final = _references_when_alone()
COUNTS_TELL: Final = _ALONE >= 0
"""Whether the reference count of an array says if anybody else refers to it."""


class Runtime:
    """The state of one session, by the operation that owns it.

    Any thread may ask for a resource; the lock makes each of them once.
    """

    def __init__(self) -> None:
        self._resources: dict[Hashable, Any] = {}
        self._lock = threading.RLock()
        self.watch: Watch | None = None
        """What plans put around each kernel, to debug; None to run the kernels as they are."""

    def resource(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """The resource under `key`, made by `make` when it is asked for the first time."""
        with self._lock:
            if key not in self._resources:
                self._resources[key] = make()
            return self._resources[key]

    def variable(self, name: str) -> VariableCell:
        """The cell of the variable whose handle has that name."""
        cell: VariableCell = self.resource(("variable", name), lambda: VariableCell(name))
        return cell

    def close(self) -> None:
        """Lets go of all resources."""
        with self._lock:
            resources = list(self._resources.values())
            self._resources.clear()
        for resource in resources:
            if hasattr(resource, "close"):
                resource.close()
