"""Memory that a step gave back is kept for the next one.

glibc hands large freed blocks back to the system, and the step after that has their pages made anew, filled with
zeros: 16 to 30 per cent of the time of a convolutional network. The settings below, of the whole process, make it
keep them. Then the process stays as large as it was at its largest.

`TRACKML_KEEP_MEMORY=0` in the environment switches this off. Nothing is set with other C libraries than glibc, and
nothing that the environment sets already (`MALLOC_TRIM_THRESHOLD_`, `MALLOC_MMAP_THRESHOLD_`, `GLIBC_TUNABLES`).
"""

from __future__ import annotations

import functools
import os

SETTING = "TRACKML_KEEP_MEMORY"
"""The environment variable that switches this off."""

_M_TRIM_THRESHOLD = -1
_M_MMAP_THRESHOLD = -3
_LARGEST = 2**31 - 1
_SET_BY_THE_USER = ("MALLOC_TRIM_THRESHOLD_", "MALLOC_MMAP_THRESHOLD_", "GLIBC_TUNABLES")


@functools.lru_cache(maxsize=1)
def keep_memory() -> bool:
    """Has glibc keep freed memory, once a process; gives whether it does."""
    if os.environ.get(SETTING) == "0" or any(name in os.environ for name in _SET_BY_THE_USER):
        return False
    import ctypes

    try:
        library = ctypes.CDLL(None)
        library.gnu_get_libc_version  # noqa: B018  other C libraries have `mallopt` too, with other constants
    except (OSError, TypeError, AttributeError):
        return False
    trimmed = library.mallopt(_M_TRIM_THRESHOLD, _LARGEST)
    mapped = library.mallopt(_M_MMAP_THRESHOLD, 1 << 30)
    return bool(trimmed and mapped)
