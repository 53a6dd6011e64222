"""What a session keeps between runs: the values of variables, iterators, generators of random numbers."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from typing import Any

import numpy as np

from trackml.errors import FailedPreconditionError


class VariableCell:
    """The value of one variable in one session.

    Values are never written in place: an update puts a new array here, so an array that was read stays what
    it was. They are marked read-only to make sure of it.
    """

    __slots__ = ("name", "value")

    def __init__(self, name: str) -> None:
        self.name = name
        self.value: np.ndarray[Any, Any] | None = None

    def read(self) -> np.ndarray[Any, Any]:
        """The value; FailedPreconditionError before it is initialised."""
        if self.value is None:
            raise FailedPreconditionError(
                None,
                None,
                f"Attempting to use uninitialized value {self.name}. Run tf.global_variables_initializer() "
                "(and tf.local_variables_initializer() for metrics), or restore a checkpoint, first.",
            )
        return self.value

    def write(self, value: Any) -> None:
        """Replaces the value; the array belongs to the cell from now on."""
        array = np.asarray(value)
        array.flags.writeable = False
        self.value = array


class Runtime:
    """The state of one session, by the operation that owns it.

    Any thread may ask for a resource; the lock makes each of them once.
    """

    def __init__(self) -> None:
        self._resources: dict[Hashable, Any] = {}
        self._lock = threading.RLock()

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
