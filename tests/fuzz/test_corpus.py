"""The fuzzed targets take everything in the corpus, which holds what once went wrong."""

from __future__ import annotations

import runpy
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

HERE = Path(__file__).parent
TARGETS: dict[str, Callable[[bytes], None]] = runpy.run_path(str(HERE / "targets.py"))["TARGETS"]
NAMED = sorted(path for path in (HERE / "corpus").glob("*/*") if path.suffix != ".zip")


@pytest.mark.parametrize("path", NAMED, ids=[f"{path.parent.name}-{path.name}" for path in NAMED])
def test_what_was_written_by_hand_is_read(path: Path) -> None:
    TARGETS[path.parent.name](path.read_bytes())


@pytest.mark.parametrize("target", sorted(TARGETS))
def test_what_fuzzing_found_is_read(target: str) -> None:
    with zipfile.ZipFile(HERE / "corpus" / target / "found.zip") as found:
        for name in found.namelist():
            TARGETS[target](found.read(name))
        assert len(found.namelist()) > 40
