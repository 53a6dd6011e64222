"""The library that numpy multiplies matrices with: the number of its threads, and how it multiplies small ones.

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


_WITH_SMALL_PRODUCTS = (b"SkylakeX", b"Cooperlake", b"SapphireRapids")
_SMALL_PRODUCT = 1_000_000


class _Library(NamedTuple):
    get: Callable[[], int]
    set: Callable[[int], None]
    core: Callable[[], bytes]


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
def small_product() -> int:
    """How many multiplications a product may have to be computed without copies of its factors, 0 for none.

    OpenBLAS has kernels for that where processors have AVX-512; they take products of float32 as they lie in memory.
    """
    library = _loaded_library()
    return _SMALL_PRODUCT if library is not None and library.core() in _WITH_SMALL_PRODUCTS else 0


@functools.lru_cache(maxsize=1)
def _library() -> _Library | None:
    """OpenBLAS where its threads are ours to set."""
    return None if os.environ.get(SETTING) == "keep" else _loaded_library()


@functools.lru_cache(maxsize=1)
def _loaded_library() -> _Library | None:
    """OpenBLAS as it is loaded into this process, None when numpy uses another library."""
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
            names = [f"{prefix}_{name}{suffix}" for name in ("get_num_threads", "set_num_threads", "get_corename")]
            if all(hasattr(library, name) for name in names):
                functions = [getattr(library, name) for name in names]
                functions[2].restype = ctypes.c_char_p
                return _Library(*functions)
    return None
