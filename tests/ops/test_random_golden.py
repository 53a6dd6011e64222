"""The same seeds give TensorFlow's numbers, run after run."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

import trackml as tf
from trackml.ops import libm
from trackml.ops.philox import Philox

GOLDEN = Path(__file__).parents[1] / "golden"
VALUES = np.load(GOLDEN / "random" / "random.npz")


def cases() -> ModuleType:
    spec = importlib.util.spec_from_file_location("random_cases", GOLDEN / "make" / "random_cases.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


RANDOM = cases()
ONE_ROUNDING = {"rtol": 3e-16, "atol": 0}
"""numpy's float64 logarithm, sine and cosine differ from the C library's by one rounding at times."""
COMPUTED = {"rtol": 2e-5, "atol": 1e-6}
"""What a network computes of equal numbers."""


@pytest.mark.parametrize("name", RANDOM.CASES)
def test_numbers_are_tensorflows(name: str) -> None:
    for run, value in enumerate(RANDOM.drawn(tf, RANDOM.CASES[name])):
        expected = VALUES[f"{name}/{run}"]
        assert value.dtype == expected.dtype
        if "normal-float64" in name:
            np.testing.assert_allclose(value, expected, **ONE_ROUNDING)
        elif name == "graph-network":
            np.testing.assert_allclose(value, expected, **COMPUTED)
        else:
            np.testing.assert_array_equal(value, expected)


def test_counters_of_a_long_array_are_those_of_its_parts() -> None:
    whole = Philox(1, 2).uniform([100_000], np.float32)
    assert len(np.unique(whole)) > 90_000
    assert np.array_equal(Philox(1, 2).uniform([70_000], np.float32), whole[:70_000])


def test_known_answers_of_philox() -> None:
    # Random123's kat_vectors for philox4x32-10: counter and key of zeros, and of ones.
    sequence = Philox(1, 0)
    sequence._key = (0, 0)
    assert sequence.words(4).tolist() == [0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8]
    ones = Philox(2**64 - 1, 0)
    ones._counter = 2**128 - 1
    assert ones.words(4).tolist() == [0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD]


def test_seeds_of_zero_take_a_key_from_the_system() -> None:
    first, second = (Philox(0, 0).uniform([4], np.float64).tolist() for _ in range(2))
    assert first != second


@pytest.mark.parametrize(("function", "reference"), [("log", np.log), ("sine", np.sin), ("cosine", np.cos)])
def test_float32_functions_are_right_to_the_last_digit_but_one(function: str, reference: Any) -> None:
    x = np.linspace(1e-7, 2 * np.pi, 200_001).astype(np.float32)
    pair = libm.sine_and_cosine(x)
    found = {"log": libm.log(x), "sine": pair[0], "cosine": pair[1]}[function]
    exact = reference(x.astype(np.float64))
    error = np.abs(found - exact) / np.spacing(np.abs(exact).astype(np.float32))
    assert found.dtype == np.float32
    assert error.max() < 0.9
