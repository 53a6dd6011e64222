"""Memory that a thread keeps for what it needs only for a moment.

An array that is written and read again at once should lie where the last one lay: in the cache.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Sequence
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]

_KEPT_BYTES = 8 << 20
"""What a thread keeps in each room; what is larger is made anew."""


class _Rooms(threading.local):
    """The rooms of a thread."""

    def __init__(self) -> None:
        self.bytes: dict[int, Array] = {}


_rooms = _Rooms()


def scratch(room: int, shape: Sequence[int], dtype: Any) -> Array:
    """An array of any content, which the calling thread's next call for the same room overwrites.

    Args:
        room: Its number. Arrays of two rooms do not overlap.
        shape: Of the array.
        dtype: Of its elements, no objects.
    """
    wanted = math.prod(shape) * dtype.itemsize
    if wanted > _KEPT_BYTES:
        return np.empty(shape, dtype)
    kept = _rooms.bytes.get(room)
    if kept is None or len(kept) < wanted:
        kept = _rooms.bytes[room] = np.empty(wanted, np.uint8)
    memory: Array = kept[:wanted].view(dtype).reshape(shape)
    return memory
