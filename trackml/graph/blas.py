"""The number of threads of the library that numpy multiplies matrices with.

OpenBLAS divides one product among its threads and lets them wait for each other by spinning. On a machine whose cores
have other work, that is a product in ten times its time or more. So while a session runs, OpenBLAS has one thread,
and large products are divided by `trackml.graph.workers`, which waits for nobody who has not begun. What the process
does with numpy between two runs has the threads that it had. Other libraries (MKL, Accelerate) are left alone.

`TRACKML_BLAS_THREADS=keep` in the environment leaves OpenBLAS alone too.
"""

from __future__ import annotations

import functools
import glob
import os
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

SETTING = "TRACKML_BLAS_THREADS"
"""The environment variable that switches the limit off."""

_PREFIXES = ("scipy_openblas", "openblas")
_SUFFIXES = ("64_", "")


class _Library(NamedTuple):
    get: Callable[[], int]
    set: Callable[[int], None]


def limit() -> int:
    """Sets OpenBLAS to one thread; gives the number that it had, 0 when there is nothing to `restore`."""
    library = _library()
    if library is None:
        return 0
    threads = library.get()
    if threads <= 1:
        return 0
    library.set(1)
    return threads


def restore(threads: int) -> None:
    """Gives OpenBLAS the threads back that `limit` took."""
    library = _library()
    if threads and library is not None:
        library.set(threads)


@functools.lru_cache(maxsize=1)
def _library() -> _Library | None:
    """OpenBLAS as it is loaded into this process, None when numpy uses another library."""
    if os.environ.get(SETTING) == "keep":
        return None
    for path in (*_beside_numpy(), *_loaded()):
        library = _functions(path)
        if library is not None:
            return library
    return None


def _beside_numpy() -> list[str]:
    """Where numpy's wheels keep OpenBLAS."""
    package = os.path.dirname(np.__file__)
    return glob.glob(f"{package}.libs/*openblas*") + glob.glob(f"{package}/.dylibs/*openblas*")


def _loaded() -> list[str]:
    """The libraries of this process that have BLAS in their names, where the system lists them."""
    try:
        with open("/proc/self/maps", encoding="utf-8", errors="replace") as file:
            fields = (line.split(None, 5) for line in file)
            return sorted({field[5].strip() for field in fields if len(field) > 5 and "blas" in field[5]})
    except OSError:
        return []


def _functions(path: str) -> _Library | None:
    import ctypes

    try:
        library = ctypes.CDLL(path)
    except OSError:
        return None
    for prefix in _PREFIXES:
        for suffix in _SUFFIXES:
            names = (f"{prefix}_get_num_threads{suffix}", f"{prefix}_set_num_threads{suffix}")
            if all(hasattr(library, name) for name in names):
                return _Library(*(getattr(library, name) for name in names))
    return None
