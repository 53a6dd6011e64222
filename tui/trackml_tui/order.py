"""Names of runs: their order, and the directory they have in common."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

_NUMBER = re.compile(r"(\d+(?:\.\d+)?(?:e[-+]?\d+)?)", re.IGNORECASE)
_LONGEST_NAME = 512


@lru_cache(maxsize=16384)
def natural_key(name: str) -> tuple[tuple[tuple[int, float, str], ...], str]:
    """A sort key that puts `lr=0.01` before `lr=0.1`, and `run9` before `run10`."""
    parts = _NUMBER.split(name[:_LONGEST_NAME].casefold())
    key = tuple((0, float(part), "") if index % 2 else (1, 0.0, part) for index, part in enumerate(parts) if part)
    return key, name


def common_directory(names: Sequence[str]) -> str:
    """The path, with a slash at its end, that all names begin with; empty if there is none.

    Every name keeps at least its last part.
    """
    if len(names) < 2:
        return ""
    first, last = (name.split("/")[:-1] for name in (min(names), max(names)))
    shared = []
    for one, other in zip(first, last, strict=False):
        if one != other:
            break
        shared.append(f"{one}/")
    return "".join(shared)
