"""A run that is read while it is written: each look shows a beginning of what was added, and no damage."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest

from trackml import SummaryWriter
from trackml.runs import RunStore

POINTS = 5000


@pytest.mark.parametrize("often", [1, 37, POINTS])
def test_a_reader_sees_a_growing_beginning(tmp_path: Path, often: int) -> None:
    flushed = 0

    def log() -> None:
        nonlocal flushed
        with SummaryWriter(tmp_path, flush_secs=0) as writer:
            for step in range(POINTS):
                writer.add_scalar("loss", step, step)
                if step % 100 == 0:
                    writer.add_text("note", "x" * step, step)
                if step % often == 0 and step < 50 * often:
                    writer.flush()
                    flushed = step

    store = RunStore(tmp_path)
    thread = threading.Thread(target=log)
    thread.start()
    seen: list[int] = []
    while not seen or seen[-1] < POINTS:
        is_alive, least = thread.is_alive(), flushed
        store.refresh()
        run = store.snapshot().get(".")
        steps = run.scalars["loss"].step if run is not None and run.scalars else np.empty(0, np.int64)
        np.testing.assert_array_equal(steps, np.arange(len(steps)))
        assert len(steps) >= least
        assert run is None or {health.status for health in run.health} <= {"ok", "truncated"}
        seen.append(len(steps))
        assert is_alive or seen[-1] == POINTS
    thread.join()
    assert seen == sorted(seen)
    assert [health.status for health in store.snapshot()["."].health] == ["ok"]
