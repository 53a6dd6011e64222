"""What was written, file by file, with what restarts superseded still in its place."""

from __future__ import annotations

import numpy as np

from trackml.runs import RunStore

SECOND = "events.out.tfevents.0000000002.host"


def test_all_that_was_written_is_there_file_by_file(logdir):
    logdir.append(logdir.version() + logdir.start(0, 1000))
    logdir.append(b"".join(logdir.scalars(step, loss=step) for step in (1, 2, 3)))
    logdir.append(logdir.version(1010) + logdir.start(2, 1010), file=SECOND)
    logdir.append(logdir.scalars(2, 1012, loss=20.0), file=SECOND)
    store = RunStore(logdir.path)
    store.refresh()
    run = store.snapshot()["."]
    first, second = run.written["loss"]
    assert (first.file.name, second.file.name) == ("events.out.tfevents.0000000001.host", SECOND)
    np.testing.assert_array_equal(first.points.value, [1, 2, 3])
    np.testing.assert_array_equal(first.superseded, [False, True, True])
    np.testing.assert_array_equal(second.superseded, [False])
    np.testing.assert_array_equal(run.scalars["loss"].value, [1, 20])
