"""What an import costs: each name loads what it needs and nothing else."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ["tensorboard", "google", "textual", "rich", "PIL", "pandas", "grpc"]


def fresh_python(code: str) -> str:
    """What a new interpreter prints when it runs `code`, where every warning is an error."""
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def loaded_by(statement: str) -> set[str]:
    """The modules, and the packages that hold them, that a statement loads in a new interpreter."""
    return set(fresh_python(f"{statement}\nimport sys\nprint(*sys.modules, sep='\\n')").split())


def test_root_loads_no_other_module_of_ours():
    loaded = loaded_by("import trackml")
    assert {name for name in loaded if name.startswith("trackml")} == {"trackml", "trackml._lazy"}


def test_root_loads_nothing_heavy():
    assert loaded_by("import trackml").isdisjoint([*HEAVY, "numpy"])


def test_root_costs_at_most_a_tenth_of_a_second_over_numpy():
    code = "import numpy, time; began = time.perf_counter(); import trackml; print(time.perf_counter() - began)"
    assert min(float(fresh_python(code)) for _ in range(3)) <= 0.1


@pytest.mark.parametrize("module", ["trackml.storage", "trackml.events", "trackml.runs", "trackml.writer"])
def test_readers_load_neither_the_engine_nor_anything_heavy(module: str):
    loaded = loaded_by(f"import {module}")
    engine = ["trackml.graph", "trackml.ops", "trackml.variables", "trackml.train", "trackml.estimator"]
    assert loaded.isdisjoint([*engine, "textual", "rich", "pandas", "grpc"])


def test_dashboard_loads_none_of_the_engine():
    loaded = loaded_by("import trackml_tui")
    assert loaded.isdisjoint(["trackml.graph", "trackml.ops", "trackml.estimator", "pandas"])


def test_a_second_use_of_a_lazy_name_is_a_plain_attribute():
    assert fresh_python("import trackml; trackml.errors; print('errors' in vars(trackml))").strip() == "True"
