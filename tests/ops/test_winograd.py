"""Winograd's minimal filtering against the sums that define convolutions and their gradients, in float64."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trackml.autodiff import gradients
from trackml.graph import Graph, Session, constant
from trackml.ops import convolution, winograd
from trackml.ops.windows import Windows, windows_of

# The largest error, by the largest result. Shapes of the tests reach 3e-6.
LOST = 1e-5


class Case(NamedTuple):
    """A convolution."""

    images: Any
    kernel: Any
    windows: Windows
    padding: str
    margins: list[int]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Convolutions of all sizes of kernels that can be computed so, and all ways to pad."""
    size = st.integers(2, 5)
    kernel_size = draw(size), draw(size)
    image = [inside + draw(st.integers(0, 14)) for inside in kernel_size]
    padding = draw(st.sampled_from(["SAME", "VALID", "EXPLICIT"]))
    margins = [0, 0, *draw(st.lists(st.integers(0, 7), min_size=4, max_size=4)), 0, 0] if padding == "EXPLICIT" else []
    windows = windows_of(image, kernel_size, [1] * 4, padding, [1] * 4, margins)
    channels, outputs = draw(st.integers(1, 9)), draw(st.integers(1, 9))
    random = np.random.default_rng(draw(st.integers(0, 100)))
    images = random.standard_normal([draw(st.integers(1, 5)), *image, channels]).astype(np.float32)
    kernel = random.standard_normal([*kernel_size, channels, outputs]).astype(np.float32)
    return Case(images, kernel, windows, padding, margins)


def framed(case: Case) -> Any:
    """The images with their margin, in float64."""
    return case.windows.with_margin(case.images.astype(np.float64))


def summed(case: Case) -> Any:
    """The convolution: for each position of the kernel the product with the pixels there, added up."""
    images = framed(case)
    return sum(
        case.windows.part(images, row, column) @ case.kernel[row, column].astype(np.float64)
        for row, column in case.windows.positions()
    )


def summed_gradient(case: Case, grad: Any) -> Any:
    """The gradient by the kernel, likewise."""
    images, gradient = framed(case), np.empty(case.kernel.shape)
    for row, column in case.windows.positions():
        pixels = case.windows.part(images, row, column).reshape(-1, case.kernel.shape[2])
        gradient[row, column] = pixels.T @ grad.reshape(len(pixels), -1).astype(np.float64)
    return gradient


def assert_near(found: Any, wanted: Any) -> None:
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, wanted, rtol=0, atol=LOST * np.abs(wanted).max())


@settings(max_examples=200, deadline=None)
@given(cases())
def test_results_are_the_sums_of_products(case: Case) -> None:
    assert_near(winograd.correlated(case.images, case.kernel, case.windows), summed(case))


@settings(max_examples=200, deadline=None)
@given(cases())
def test_gradients_by_the_kernel_are_the_sums_of_products(case: Case) -> None:
    grad = np.random.default_rng(1).standard_normal(summed(case).shape).astype(np.float32)
    assert_near(winograd.kernel_gradient(case.images, grad, case.windows), summed_gradient(case, grad))


@pytest.mark.parametrize("size", [2, 3, 4, 5])
def test_the_matrices_filter_one_tile(size: int) -> None:
    outputs, kernel, pixels = winograd.transforms(size)
    random = np.random.default_rng(size)
    signal, filtering = random.standard_normal(6), random.standard_normal(size)
    filtered = outputs @ ((kernel @ filtering) * (pixels @ signal))
    np.testing.assert_allclose(filtered, np.correlate(signal, filtering, "valid"), rtol=0, atol=LOST)


def large() -> Case:
    """A convolution that is faster so: that of a small network for digits."""
    random = np.random.default_rng(0)
    images = np.maximum(random.standard_normal([32, 14, 14, 32]), 0).astype(np.float32)
    kernel = random.standard_normal([3, 3, 32, 64]).astype(np.float32)
    return Case(images, kernel, windows_of((14, 14), (3, 3), [1] * 4, "SAME"), "SAME", [])


class TestOperations:
    """Convolutions in a graph."""

    def values(self, case: Case) -> list[Any]:
        """Result, gradient by the images and gradient by the kernel, of the sum of squares."""
        with Graph().as_default(), Session() as session:
            x, kernel = constant(case.images), constant(case.kernel)
            y = convolution.conv2d(x, kernel, 1, case.padding)
            found: list[Any] = session.run([y, *gradients(y * y, [x, kernel])])
        return found

    def test_results_and_gradients_are_those_of_added_products(self, monkeypatch: pytest.MonkeyPatch) -> None:
        found = self.values(large())
        monkeypatch.setattr(winograd, "pays", lambda *arguments: False)
        for given_value, wanted in zip(found, self.values(large()), strict=True):
            assert (given_value != wanted).any(), "both ways were the same one"
            assert_near(given_value, wanted)

    def test_a_setting_switches_it_off(self, monkeypatch: pytest.MonkeyPatch) -> None:
        case = large()
        assert winograd.pays(case.images, 64, case.windows)
        winograd._enabled.cache_clear()
        monkeypatch.setenv(winograd.SETTING, "0")
        assert not winograd.pays(case.images, 64, case.windows)
        winograd._enabled.cache_clear()

    def test_parts_of_images_fit_together(self, monkeypatch: pytest.MonkeyPatch) -> None:
        whole = self.values(large())
        monkeypatch.setattr(winograd, "_PART_BYTES", 1 << 16)  # a row of tiles and a bit
        for given_value, wanted in zip(self.values(large()), whole, strict=True):
            assert_near(given_value, wanted)

    def test_digits_do_not_depend_on_which_part_is_first(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(winograd, "_PART_BYTES", 1 << 16)
        as_it_comes = self.values(large())
        monkeypatch.setattr(winograd, "for_each", lambda work, parts: [work(part) for part in reversed(parts)])
        for given_value, wanted in zip(self.values(large()), as_it_comes, strict=True):
            np.testing.assert_array_equal(given_value, wanted)


@pytest.mark.parametrize(
    ("shape", "outputs", "keywords"),
    [
        ((32, 14, 14, 32), 64, {"strides": [1, 2, 2, 1]}),
        ((32, 14, 14, 32), 64, {"dilations": [1, 2, 2, 1]}),
        ((32, 14, 14, 32), 64, {"window": (1, 3)}),
        ((32, 14, 14, 32), 64, {"window": (6, 3)}),
        ((32, 28, 28, 3), 64, {}),
        ((32, 28, 28, 64), 3, {}),
        ((1, 4, 4, 8), 8, {}),
        ((0, 14, 14, 32), 64, {}),
    ],
    ids=["stride", "dilation", "one pixel high", "too large", "few channels", "few outputs", "little", "nothing"],
)
def test_where_it_does_not_pay(shape: tuple[int, ...], outputs: int, keywords: dict[str, Any]) -> None:
    given_window = {"window": (3, 3), "strides": [1] * 4, "padding": "SAME", **keywords}
    assert not winograd.pays(np.zeros(shape, np.float32), outputs, windows_of(shape[1:3], **given_window))


def test_float64_keeps_its_digits() -> None:
    case = large()
    assert not winograd.pays(case.images.astype(np.float64), 64, case.windows)
