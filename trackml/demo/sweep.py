"""Trains the runs of a sweep, some at a time, each in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import asdict
from pathlib import Path
from types import TracebackType

from trackml.demo.runs import RUNS, Result, RunSettings, read_result

__all__ = ["RunError", "Sweep"]

# Two processes on two cores: threads of BLAS beside them would only get in the way of matrices this small.
_ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


class RunError(Exception):
    """A run's process ended without a result."""


class Sweep:
    """A sweep in training; leaving its `with` block stops what still runs.

    A thread for each process reads the steps that it reports. `_lock` guards `_steps`, `_processes` and `_stopped`, and
    is not held while waiting.
    """

    def __init__(self, folder: Path, runs: Sequence[RunSettings] = RUNS, *, workers: int = 2) -> None:
        """Starts to train `runs` in `folder`, `workers` at a time; what is finished there is not trained again."""
        self.folder = folder
        self.runs = tuple(runs)
        self._lock = threading.Lock()
        self._steps = dict.fromkeys(self.runs, 0)
        self._processes: set[subprocess.Popen[str]] = set()
        self._stopped = False
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="demo-run")
        self._futures: list[Future[Result]] = [self._pool.submit(self._train, run) for run in self.runs]

    def __enter__(self) -> Sweep:
        """Gives the sweep."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Stops the runs that still train; what they have written is resumed from."""
        with self._lock:
            self._stopped = True
            for process in self._processes:
                process.terminate()
        self._pool.shutdown(cancel_futures=True)

    @property
    def steps_done(self) -> int:
        """The steps that all runs together have taken."""
        with self._lock:
            return sum(self._steps.values())

    @property
    def steps_in_all(self) -> int:
        """The steps that all runs together will have taken at the end."""
        return sum(run.steps for run in self.runs)

    @property
    def runs_done(self) -> int:
        """How many runs have ended."""
        return sum(future.done() for future in self._futures)

    def wait(self, seconds: float) -> bool:
        """Waits up to `seconds` for the runs to end; True when all have."""
        return not wait(self._futures, seconds).not_done

    def results(self) -> dict[RunSettings, Result]:
        """Gives what each run reached, once all have ended.

        Raises:
            RunError: a run's process ended without a result; the message has its name and its last words.
        """
        return {run: future.result() for run, future in zip(self.runs, self._futures, strict=True)}

    def _train(self, run: RunSettings) -> Result:
        folder = self.folder / run.name
        if (result := read_result(folder)) is None:
            said = self._follow(run, folder)
            result = read_result(folder)
            if result is None:
                raise RunError(f"The run {run.name} ended without a result. Its last words:\n{said}")
        with self._lock:
            self._steps[run] = run.steps
        return result

    def _follow(self, run: RunSettings, folder: Path) -> str:
        """Trains one run to its end and gives what it said beside its steps."""
        command = [sys.executable, "-m", "trackml.demo.training", str(folder), json.dumps(asdict(run))]
        said: list[str] = []
        with self._start(command) as process:
            assert process.stdout is not None
            for line in process.stdout:
                word, _, number = line.partition(" ")
                if word == "step":
                    with self._lock:
                        self._steps[run] = int(number)
                else:
                    said = [*said[-19:], line]
        with self._lock:
            self._processes.discard(process)
        return "".join(said).rstrip()

    def _start(self, command: list[str]) -> subprocess.Popen[str]:
        with self._lock:
            if self._stopped:
                raise RunError("The sweep was stopped.")
            # A session of its own: Ctrl-C reaches this process alone, and this process stops the others.
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                env={**os.environ, **_ONE_THREAD},
                text=True,
                start_new_session=True,
            )
            self._processes.add(process)
            return process
