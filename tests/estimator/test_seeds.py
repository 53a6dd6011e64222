"""With the same seeds, datasets come in TensorFlow's order and training ends with TensorFlow's numbers."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import trackml as tf

GOLDEN = Path(__file__).parents[1] / "golden"
ORDERS = json.loads((GOLDEN / "random" / "orders.json").read_text(encoding="utf-8"))
TRAINED = np.load(GOLDEN / "random" / "trained.npz")


def load_cases() -> Any:
    spec = importlib.util.spec_from_file_location("seeded_cases", GOLDEN / "make" / "seeded_cases.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


CASES = load_cases()


@pytest.mark.parametrize("name", ORDERS)
def test_orders_are_tensorflows(name: str) -> None:
    case, kind = name.split(", ")
    seed = CASES.GRAPH_SEED if "graph" in case else None
    assert CASES.listed(tf, CASES.ORDERS[case], seed, kind) == ORDERS[name]


@pytest.mark.parametrize("name", CASES.TRAININGS)
def test_training_ends_with_the_variables_of_tensorflow(name: str, tmp_path: Path) -> None:
    found = CASES.trained(tf, name, tmp_path)
    expected = {key.partition("/")[2]: TRAINED[key] for key in TRAINED.files if key.startswith(f"{name}/")}
    assert sorted(found) == sorted(expected)
    for key, value in found.items():
        np.testing.assert_allclose(value, expected[key], rtol=1e-4, atol=1e-6, err_msg=key)
