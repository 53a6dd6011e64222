"""Products of matrices, in blocks or as a whole, are those of float64."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from trackml.graph import blas
from trackml.ops import products

# Sums of up to 2,000 products in float32, by the largest of them.
ROUNDING = 1e-5

SHAPES = [
    (16, 976, 64),
    (32, 192, 512),
    (33, 784, 513),
    (100, 300, 128),
    (128, 784, 512),
    (700, 20, 77),
    (31, 2000, 65),
    (64, 128, 2100),
    (300, 300, 300),
    (600, 600, 600),
]


def matrix(rows: int, columns: int, order: str) -> Any:
    """Numbers that lie row by row (C), column by column (F), or apart (A)."""
    numbers = np.random.default_rng(rows * columns).standard_normal((rows, columns)).astype(np.float32)
    if order == "A":
        return np.repeat(numbers, 2, axis=1)[:, ::2]
    return np.asarray(numbers, order=order)  # type: ignore[call-overload]


@pytest.fixture(params=[0, 1_000_000], ids=["without kernels for small products", "with them"], autouse=True)
def small_product(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """Whether the library multiplies small matrices faster: what is computed must not depend on it."""
    monkeypatch.setattr(blas, "small_product", lambda: request.param)
    return int(request.param)


@pytest.mark.parametrize("orders", ["CC", "CF", "FC", "FF", "AC", "CA"])
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_products_are_those_of_float64(shape: tuple[int, int, int], orders: str) -> None:
    left, right = matrix(*shape[:2], orders[0]), matrix(*shape[1:], orders[1])
    found = products.product(left, right)
    wanted = left.astype(np.float64) @ right.astype(np.float64)
    assert found.dtype == np.float32
    assert found.flags.c_contiguous
    np.testing.assert_allclose(found, wanted, rtol=0, atol=ROUNDING * np.abs(wanted).max())


@pytest.mark.parametrize("order", ["C", "F", "A"])
@pytest.mark.parametrize(("rows", "inner", "columns"), [(20_000, 9, 32), (5_000, 27, 64), (90, 200, 300), (0, 9, 32)])
class TestManyRows:
    """Windows of images as rows, by the kernel and by gradients."""

    def test_products_by_a_small_matrix(self, rows: int, inner: int, columns: int, order: str) -> None:
        left, right = matrix(rows, inner, order), matrix(inner, columns, "C")
        found = np.full((rows, columns), np.nan, np.float32)
        products.multiply_rows(left, right, found)
        wanted = left.astype(np.float64) @ right
        np.testing.assert_allclose(found, wanted, rtol=0, atol=ROUNDING * np.abs(wanted).max(initial=0))

    def test_sums_of_products(self, rows: int, inner: int, columns: int, order: str) -> None:
        left, right = matrix(rows, inner, order), matrix(rows, columns, "C")
        wanted = left.astype(np.float64).T @ right
        found = products.summed_products(left, right)
        assert found.dtype == np.float32
        np.testing.assert_allclose(found, wanted, rtol=0, atol=ROUNDING * np.abs(wanted).max())


def test_digits_do_not_depend_on_which_part_is_first(monkeypatch: pytest.MonkeyPatch) -> None:
    left, right = matrix(600, 600, "C"), matrix(600, 600, "C")
    found = products.product(left, right)
    monkeypatch.setattr(products, "for_each", lambda work, parts: [work(part) for part in reversed(parts)])
    np.testing.assert_array_equal(products.product(left, right), found)


def test_blocks_are_used_where_small_products_are_faster(small_product: int) -> None:
    left, right = matrix(128, 784, "C"), matrix(784, 512, "C")
    assert products._block(left, right) == ((16, 64) if small_product else None)
    assert products._block(left.T.copy().T, right) == ((32, 32) if small_product else None)


@pytest.mark.parametrize("type", [np.float64, np.complex64, np.int32])
def test_other_types_are_multiplied_too(type: Any) -> None:
    left, right = matrix(40, 300, "C").astype(type), matrix(300, 200, "F").astype(type)
    found = products.product(left, right)
    assert found.dtype == type
    np.testing.assert_allclose(found, left @ right, rtol=1e-3, atol=1e-3)


def test_sizes_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="not aligned"):
        products.product(matrix(200, 300, "C"), matrix(200, 300, "C"))
