"""What other libraries wrote is read as TensorBoard reads it: every point of every kind, and nothing else."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
import tensorboard_runs

from trackml.runs import RunStore

GOLDEN = Path(__file__).parents[1] / "golden" / "events"
RUNS = {
    "clu": {"run": {"audio", "histograms", "images", "scalars", "tensors", "text"}},
    "flax": {"run": {"audio", "histograms", "images", "scalars", "tensors", "text"}},
    "keras": {"train": {"histograms", "images", "scalars", "tensors"}, "validation": {"scalars"}},
    "keras3": {"train": {"histograms", "images", "scalars", "tensors"}, "validation": {"scalars"}},
    "lightning": {
        "run/version_0": {"scalars", "tensors"},
        "run/version_0/both_a": {"scalars"},
        "run/version_0/both_b": {"scalars"},
    },
    "tensorboardx": {
        "named": {"scalars"},
        "restarted": {"scalars", "text"},
        "run": {"audio", "histograms", "images", "scalars", "tensors", "text"},
        "run/both/a": {"scalars"},
        "run/both/b": {"scalars"},
        "run/hparams": {"scalars", "tensors"},
    },
    "torch": {
        "restarted": {"scalars", "text"},
        "run": {"audio", "histograms", "images", "scalars", "tensors", "text"},
        "run/both_a": {"scalars"},
        "run/both_b": {"scalars"},
        "run/hparams": {"scalars", "tensors"},
        "torch": {"scalars", "tensors"},
    },
}
"""The kinds in each run of each library."""


@pytest.fixture(scope="module")
def logdir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("libraries")
    for library in RUNS:
        with zipfile.ZipFile(GOLDEN / f"{library}.zip") as archive:
            archive.extractall(folder / library)
    return folder


@pytest.mark.parametrize("library", RUNS)
def test_every_value_is_what_tensorboard_reads(logdir: Path, library: str) -> None:
    store = RunStore(logdir / library)
    store.refresh()
    runs = store.snapshot()
    assert {name: set(run.tags.values()) for name, run in runs.items()} == RUNS[library]
    for run in runs.values():
        assert [(health.status, health.message) for health in run.health] == [("ok", "")] * len(run.health)
        tensorboard_runs.assert_same(run, run.path)


@pytest.mark.parametrize("directory", ["tf115_v1", "tf215_v1", "tf215_v2"])
def test_every_value_of_tensorflows_is_what_tensorboard_reads(directory: str) -> None:
    store = RunStore(GOLDEN / directory)
    store.refresh()
    tensorboard_runs.assert_same(store.snapshot()["."], GOLDEN / directory)
