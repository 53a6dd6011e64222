"""The runs of the demo's sweep: what sets them apart, what they reached, and where they are kept."""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from trackml.storage.files import replace_file

__all__ = ["RUNS", "Result", "RunSettings", "next_folder", "read_result", "write_result"]

STEPS = 12_000
"""Training steps a run: enough to tell the runs apart, and under a minute for all six on two cores."""


@dataclass(frozen=True)
class RunSettings:
    """What sets one run of the sweep apart."""

    learning_rate: float
    """Step size of gradient descent."""
    units: int
    """Width of the hidden layer."""
    steps: int = STEPS
    """Training steps in all, those of an interrupted attempt included."""

    @property
    def name(self) -> str:
        """The run's folder in the sweep's."""
        return f"lr{self.learning_rate:g}-units{self.units}"


@dataclass(frozen=True)
class Result:
    """What a finished run reached on the digits that it did not see."""

    loss: float
    """Mean cross-entropy."""
    accuracy: float
    """The part that was read right."""
    seconds: float
    """How long the run took, its last attempt alone if there were several."""


RUNS = tuple(RunSettings(rate, units) for rate, units in itertools.product((0.02, 0.2), (4, 16, 64)))
"""Two learning rates by three widths."""

_RESULT = "result.json"


def read_result(folder: Path) -> Result | None:
    """Gives what the run in `folder` reached, or None when it has not finished."""
    try:
        return Result(**json.loads((folder / _RESULT).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None


def write_result(folder: Path, result: Result) -> None:
    """Marks the run in `folder` as finished."""
    replace_file(folder / _RESULT, json.dumps(asdict(result)).encode())


def next_folder(logdir: Path, runs: Sequence[RunSettings] = RUNS) -> Path:
    """Gives the folder of the sweep to train: the first `digits-1`, `digits-2`, ... with a run to finish."""
    folders = (logdir / f"digits-{number}" for number in itertools.count(1))
    return next(folder for folder in folders if any(read_result(folder / run.name) is None for run in runs))
