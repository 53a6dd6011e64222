from __future__ import annotations

import subprocess
import sys

_HELD = """
from trackml.runs.allocator import give_back_memory

def held():
    return int(open("/proc/self/statm").read().split()[1]) * 4096

blocks = [b"x" * (60_000 + number % 8) for number in range(2000)]
last = bytes(60_000)  # Behind them, so that what is before it is no end that could be cut off.
blocks.clear()
before = held()
give_back_memory()
print(before - held())
"""


def test_free_memory_goes_back_to_the_system() -> None:
    done = subprocess.run([sys.executable, "-c", _HELD], capture_output=True, text=True, check=True)
    assert int(done.stdout) > 100_000_000
