"""Memory that is free but still this process's: the C library keeps it for later unless it is asked to give it back."""

from __future__ import annotations

import functools
from collections.abc import Callable


def give_back_memory() -> None:
    """Gives the pages that nothing is in back to the operating system, where the C library can (glibc); takes
    milliseconds. Decoding a large file leaves half as much free memory behind as its points take.
    """
    trim = _trim()
    if trim is not None:
        trim(0)


@functools.cache
def _trim() -> Callable[[int], int] | None:
    try:
        import ctypes

        trim = ctypes.CDLL(None).malloc_trim
    except (ImportError, OSError, AttributeError):
        return None
    trim.argtypes, trim.restype = [ctypes.c_size_t], ctypes.c_int
    function: Callable[[int], int] = trim
    return function
