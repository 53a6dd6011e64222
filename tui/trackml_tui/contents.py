"""What is read from disk on demand (images, histograms, manifests), in a thread, and kept for a while.

Widgets touch no file. They ask for a value under a key; until it is there they show that it is being read, and
when it arrives the screen shows its scene again.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Generic, TypeVar

import numpy as np
from textual.message import Message

from trackml_tui.messages import ContentsArrived

T = TypeVar("T")
BUDGET = 128 * 2**20
"""Bytes that are kept, about."""
_MOST_WAITING = 512
_SMALL = 64
"""What a value without a size of its own counts for."""


@dataclass(frozen=True, slots=True)
class Loaded(Generic[T]):
    """What reading gave."""

    value: T | None
    """None only if there was an error, or if the file says so."""
    error: str = ""
    """Why there is no value, for the user; empty if there was no error."""


class Contents:
    """Reads values in a thread of its own; the latest wish is read first, since it is what is on the screen.

    Args:
        post: Takes a message when something was read, from the thread.
        budget: Bytes that are kept; what was used longest ago goes first.
    """

    def __init__(self, post: Callable[[Message], object], budget: int = BUDGET) -> None:
        self._post = post
        self._budget = budget
        self._kept: OrderedDict[Hashable, tuple[Loaded[Any], int]] = OrderedDict()
        self._size = 0
        self._waiting: OrderedDict[Hashable, Callable[[], Any]] = OrderedDict()
        self._being_read: set[Hashable] = set()
        self._versions: dict[Hashable, Hashable] = {}
        """Of what is followed: that which was asked for last."""
        self._changed = threading.Condition()
        self._stopping = False
        self._thread: threading.Thread | None = None

    def get(self, key: Hashable, read: Callable[[], T]) -> Loaded[T] | None:
        """What `read` gives; None while it is being read.

        Args:
            key: Tells the value from all others: name the run, the tag, the index, and whatever else may change it.
            read: Reads the value; it is called in another thread. What it raises becomes the error.
        """
        with self._changed:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key][0]
            if key not in self._being_read:
                self._wish(key, read)
        return None

    def follow(self, key: Hashable, version: Hashable, read: Callable[[], T]) -> Loaded[T] | None:
        """The last that `read` gave for `key`, of whatever version; None before the first time.

        It is read again whenever `version` is another one than that it was read for. What changes while it is seen,
        such as a directory, is so shown as it was until it is known how it is.

        Args:
            key: Tells the value from all others.
            version: Tells this state of the value from others.
            read: As in `get`.
        """
        latest = ("latest", key)
        with self._changed:
            known = self._kept.get(latest)
            if latest not in self._waiting and latest not in self._being_read and self._versions.get(key) != version:
                self._versions[key] = version
                self._wish(latest, read)
            return known[0] if known is not None else None

    def close(self) -> None:
        """Reads no more."""
        with self._changed:
            self._stopping = True
            self._waiting.clear()
            self._changed.notify()

    def _wish(self, key: Hashable, read: Callable[[], Any]) -> None:
        self._waiting[key] = read
        self._waiting.move_to_end(key)
        if len(self._waiting) > _MOST_WAITING:
            forgotten, _ = self._waiting.popitem(last=False)
            if isinstance(forgotten, tuple):
                self._versions.pop(forgotten[-1], None)
        if self._thread is None and not self._stopping:
            self._thread = threading.Thread(target=self._work, name="trackml-contents", daemon=True)
            self._thread.start()
        self._changed.notify()

    def _work(self) -> None:
        while (wish := self._next_wish()) is not None:
            key, read = wish
            self._keep(key, _read(read))
            self._post(ContentsArrived())

    def _next_wish(self) -> tuple[Hashable, Callable[[], Any]] | None:
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._stopping)
            if self._stopping:
                return None
            key, read = self._waiting.popitem(last=True)
            self._being_read = {key}
            return key, read

    def _keep(self, key: Hashable, loaded: Loaded[Any]) -> None:
        size = weight(loaded.value)
        with self._changed:
            self._being_read = set()
            self._size += size - self._kept.pop(key, (loaded, 0))[1]
            self._kept[key] = loaded, size
            while self._size > self._budget and len(self._kept) > 1:
                self._size -= self._kept.popitem(last=False)[1][1]


def _read(read: Callable[[], T]) -> Loaded[T]:
    try:
        return Loaded(read())
    except Exception as error:  # whatever a damaged file makes a decoder raise is for the user to see
        return Loaded(None, str(error) or type(error).__name__)


def weight(value: Any) -> int:
    """About how many bytes a value holds."""
    if isinstance(value, np.ndarray):
        return _SMALL + int(value.nbytes)
    if isinstance(value, (bytes, str)):
        return _SMALL + len(value)
    if isinstance(value, Mapping):
        return _SMALL + sum(weight(item) for item in value.values())
    if isinstance(value, (tuple, list)):
        return _SMALL + sum(map(weight, value))
    if is_dataclass(value) and not isinstance(value, type):
        return _SMALL + sum(weight(getattr(value, field.name)) for field in fields(value))
    return _SMALL
