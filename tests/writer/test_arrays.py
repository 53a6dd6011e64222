from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from trackml.writer.arrays import as_array, as_number, as_step

NUMBERS = np.arange(6, dtype=np.float32).reshape(2, 3)


class Shared:
    """A tensor that only shares its memory, as JAX and CuPy may."""

    def __init__(self, array: np.ndarray) -> None:
        self.array = array

    def __dlpack__(self, **options: Any) -> Any:
        return self.array.__dlpack__(**options)

    def __dlpack_device__(self) -> tuple[int, int]:
        return self.array.__dlpack_device__()


class Convertible:
    """A tensor that converts itself, and by `__array__` alone."""

    def __init__(self, array: np.ndarray) -> None:
        self.array = array

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        return self.array


class OnTape(Convertible):
    """A tensor as PyTorch has it: it must leave the tape and the GPU before it converts itself."""

    def __init__(self, array: np.ndarray, left: tuple[str, ...] = ()) -> None:
        super().__init__(array)
        self.left = left

    def detach(self) -> OnTape:
        return OnTape(self.array, (*self.left, "tape"))

    def cpu(self) -> OnTape:
        return OnTape(self.array, (*self.left, "gpu"))

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        if self.left != ("tape", "gpu"):
            raise RuntimeError("Can't call numpy() on Tensor that requires grad")
        return self.array

    def item(self) -> float:
        return self.array.item()


class Unknown(Convertible):
    """A tensor of a dtype that numpy does not know, as PyTorch's bfloat16."""

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        raise TypeError("Got unsupported ScalarType BFloat16")

    def float(self) -> Convertible:
        return Convertible(self.array)


TENSORS = [np.asarray, Shared, Convertible, OnTape, Unknown, lambda array: array.tolist()]


@pytest.mark.parametrize("made", TENSORS)
def test_tensors_of_any_library_become_arrays(made: Callable[[np.ndarray], Any]):
    np.testing.assert_array_equal(as_array(made(NUMBERS)), NUMBERS)


@pytest.mark.parametrize("made", TENSORS)
@pytest.mark.parametrize("shape", [(), (1,), (1, 1)])
def test_a_tensor_of_one_number_is_a_number(made: Callable[[np.ndarray], Any], shape: tuple[int, ...]):
    number = as_number(made(np.full(shape, 2.5)))
    assert number == 2.5
    assert type(number) is float


@pytest.mark.parametrize("value", [3, True, np.float16(3), np.int64(3), np.bool_(True), np.float64(3)])
def test_numbers_are_floats(value: Any):
    assert type(as_number(value)) is float
    assert as_number(value) == float(value)


@pytest.mark.parametrize("value", ["1.5", b"1", None, 1j, np.complex64(1), np.array("1"), {}, object()])
def test_what_is_no_real_number_is_refused(value: Any):
    with pytest.raises(TypeError):
        as_number(value)


@pytest.mark.parametrize("value", [[], [1, 2], NUMBERS, OnTape(NUMBERS)])
def test_several_numbers_are_no_scalar(value: Any):
    with pytest.raises(ValueError, match="A scalar is one number; got "):
        as_number(value)


def test_records_are_no_numbers():
    with pytest.raises(TypeError, match=r"Real numbers are wanted, .*; got ndarray of shape \[2\]"):
        as_array(np.zeros(2, [("field", "f4")]))


@pytest.mark.parametrize(
    ("given", "step"), [(None, 0), (5, 5), (np.int64(-3), -3), (7.9, 7), (np.array(4), 4), (2**63 - 1, 2**63 - 1)]
)
def test_steps_are_ints(given: Any, step: int):
    assert as_step(given) == step


@pytest.mark.parametrize("step", [2**63, -(2**63) - 1])
def test_steps_have_64_bits(step: int):
    with pytest.raises(ValueError, match="global_step must be an integer of 64 bits; got"):
        as_step(step)
