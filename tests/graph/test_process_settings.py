"""What sessions set for the whole process: threads of OpenBLAS, and memory that is kept."""

from __future__ import annotations

import os
import platform
import subprocess
import sys

from trackml.graph import allocator, blas

ON_GLIBC = str(platform.libc_ver()[0] == "glibc")


def run(code: str, **environment: str) -> list[str]:
    cleared = {blas.SETTING, allocator.SETTING, "GLIBC_TUNABLES", "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"}
    kept = {key: value for key, value in os.environ.items() if key not in cleared}
    done = subprocess.run(
        [sys.executable, "-c", code], env={**kept, **environment}, capture_output=True, text=True, check=True
    )
    return done.stdout.split()


THREADS = """
import trackml as tf
from trackml.graph import blas
library = blas._functions(blas._beside_numpy()[0])
seen = []
def look():
    seen.append(library.get())
    return 0.0
def fail():
    raise ValueError("on purpose")
print(library.get())
with tf.Session() as session:
    session.run(tf.py_func(look, [], tf.float64))
    print(seen[0], library.get())
    session.make_callable(tf.py_func(look, [], tf.float64))()
    print(seen[1], library.get())
    try:
        session.run(tf.py_func(fail, [], tf.float64))
    except Exception:
        print(library.get())
"""


def test_openblas_has_one_thread_during_a_run_and_all_of_them_after_it() -> None:
    assert run(THREADS, OPENBLAS_NUM_THREADS="2") == ["2", "1", "2", "1", "2", "2"]


def test_openblas_is_left_alone_when_the_environment_says_so() -> None:
    assert run(THREADS, OPENBLAS_NUM_THREADS="2", TRACKML_BLAS_THREADS="keep") == ["2"] * 6


def test_one_thread_stays_one_thread() -> None:
    assert run(THREADS, OPENBLAS_NUM_THREADS="1") == ["1"] * 6


KEPT = "from trackml.graph.allocator import keep_memory; print(keep_memory())"


def test_memory_is_kept_with_glibc() -> None:
    assert run(KEPT) == [ON_GLIBC]


def test_memory_is_not_kept_when_the_environment_says_so() -> None:
    assert run(KEPT, TRACKML_KEEP_MEMORY="0") == ["False"]


def test_what_the_environment_sets_for_glibc_stays() -> None:
    assert run(KEPT, MALLOC_TRIM_THRESHOLD_="131072") == ["False"]
