"""Products of two matrices, block by block where that is faster, by several threads.

OpenBLAS copies the factors of a product into an order of its own before it multiplies. For small products its kernels
for AVX-512 leave that out. So a product is computed as many small ones, each of a block of rows by a block of columns,
all in one call of numpy. Measured in float32 on one core: `[32, 784]` by `[784, 512]` 0.23 ms in place of 0.31, by the
transpose of `[512, 784]` 0.24 in place of 0.43, `[128, 784]` by `[784, 512]` 0.91 in place of 1.02.

What the blocks are depends on the shapes alone, so the number of threads changes no digit.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from trackml.graph import blas
from trackml.graph.workers import for_each, pieces, thread_count

Array = np.ndarray[Any, Any]

_FEWEST = 12_000_000
"""Multiplications that a thread of its own is worth: about a quarter of a millisecond."""
_MANY = 100_000_000
"""Multiplications from which a thread takes two pieces, so that one that is held up has fewer: two milliseconds."""
_FEWEST_BLOCKED = 6_000_000
"""The same for blocks, which copy nothing."""
_SMALL = 16_384
"""Products of two matrices of fewer elements are not looked at any further."""
_BY_ROWS, _BY_COLUMNS = (16, 64), (32, 32)
"""Rows and columns of a block: of matrices that lie row by row, and where one of them lies column by column."""
_FEWEST_SUMMED = 256
"""Rows of a block of a sum of products: with fewer, adding up the sums of blocks takes what they save."""
_MOST_BLOCKED = 200_000_000
"""Products with more multiplications are as fast as they are, or faster."""
_WIDEST = 2048
"""Columns up to which blocks of columns do not drive each other from the cache."""


def product(left: Any, right: Any) -> Any:
    """The product of two matrices; new, and row by row."""
    if (right.size < _SMALL and left.size < _SMALL) or left.shape[1] != right.shape[0]:
        return np.dot(left, right)
    block = _block(left, right)
    if block is not None:
        return _blocked(left, right, *block)
    if left.size * right.shape[1] < 2 * _FEWEST or thread_count() == 1:
        return np.dot(left, right)
    return _divided(left, right)


def _divided(left: Array, right: Array) -> Array:
    """The product by parts of the rows or of the columns, whichever are more, each on a thread that is free."""
    result = np.empty((left.shape[0], right.shape[1]), left.dtype)
    parts = _pieces(max(result.shape), left.size * right.shape[1])
    if left.shape[0] >= right.shape[1]:
        for_each(lambda part: np.matmul(left[part], right, out=result[part]), parts)
    else:
        for_each(lambda part: np.matmul(left, right[:, part], out=result[:, part]), parts)
    return result


def _pieces(count: int, multiplications: int) -> list[slice]:
    """Rows or columns in one piece a thread, since each piece copies the other factor; in two where it is much work."""
    threads = max(1, min(thread_count(), multiplications // _FEWEST))
    return pieces(count, 1 if multiplications >= _MANY * threads else count // threads)


def _block(left: Array, right: Array) -> tuple[int, int] | None:
    """Rows and columns of a block, None where blocks do not pay."""
    most = blas.small_product()
    (rows, inner), columns = left.shape, right.shape[1]
    if not most < rows * inner * columns <= _MOST_BLOCKED or columns > _WIDEST:
        return None
    if left.dtype != np.float32 or right.dtype != np.float32 or not (left.flags.forc and right.flags.forc):
        return None
    high, wide = _BY_ROWS if left.flags.c_contiguous and right.flags.c_contiguous else _BY_COLUMNS
    covered = (rows - rows % high) * (columns - columns % wide)
    return (high, wide) if 4 * covered >= 3 * rows * columns and high * wide * inner <= most else None


def _blocked(left: Array, right: Array, high: int, wide: int) -> Array:
    """The product, a block at a time, on each thread that is free."""
    result = np.empty((left.shape[0], right.shape[1]), left.dtype)
    lefts, rights = _rows_in_blocks(left, high)[:, np.newaxis], _rows_in_blocks(right.T, wide).swapaxes(1, 2)
    down, across = len(lefts), len(rights)
    rows, columns = down * high, across * wide
    blocks = result[:rows, :columns].reshape(down, high, across, wide).swapaxes(1, 2)
    multiplications = left.size * right.shape[1]
    if multiplications < 2 * _FEWEST_BLOCKED:
        np.matmul(lefts, rights, out=blocks)
    elif down >= across:
        parts = pieces(down, -(-_FEWEST_BLOCKED * down // multiplications))
        for_each(lambda part: np.matmul(lefts[part], rights, out=blocks[part]), parts)
    else:
        parts = pieces(across, -(-_FEWEST_BLOCKED * across // multiplications))
        for_each(lambda part: np.matmul(lefts, rights[part], out=blocks[:, part]), parts)
    if rows < len(result):
        np.matmul(left[rows:], right, out=result[rows:])
    if columns < result.shape[1]:
        np.matmul(left[:rows], right[:, columns:], out=result[:rows, columns:])
    return result


def _rows_in_blocks(matrix: Array, high: int) -> Array:
    """A view of the whole blocks of `high` rows, `[blocks, high, columns]`."""
    rows, columns = matrix.shape
    whole = rows - rows % high
    if matrix.flags.c_contiguous:
        return matrix[:whole].reshape(-1, high, columns)
    blocks: Array = matrix.T[:, :whole].reshape(columns, -1, high).transpose(1, 2, 0)
    return blocks


def multiply_rows(left: Array, right: Array, out: Array) -> None:
    """The product of many rows by a small matrix, into `out`, on the calling thread alone.

    `[57344, 9]` by `[9, 32]` takes 0.38 ms in place of 0.55.
    """
    high = blas.small_product() // max(right.size, 1) // 16 * 16
    if left.dtype != np.float32 or not left.flags.forc or not 0 < high < len(left):
        np.matmul(left, right, out=out)
        return
    blocks = _rows_in_blocks(left, high)
    whole = len(blocks) * high
    np.matmul(blocks, right, out=out[:whole].reshape(len(blocks), high, -1))
    np.matmul(left[whole:], right, out=out[whole:])


def summed_products(left: Array, right: Array) -> Any:
    """The sum over rows of the products of each number of `left` with each of `right`: `left.T @ right`, on one thread.

    `[57344, 9]` and `[57344, 32]` take 0.34 ms in place of 0.69.
    """
    size = left.shape[1] * right.shape[1]
    high = blas.small_product() // max(size, 1) // 16 * 16
    if left.dtype != np.float32 or not (left.flags.forc and right.flags.forc) or not _FEWEST_SUMMED <= high < len(left):
        return np.matmul(left.T, right)
    blocks = _rows_in_blocks(left, high)
    whole = len(blocks) * high
    sums = np.empty((len(blocks) + 1, left.shape[1], right.shape[1]), left.dtype)
    np.matmul(blocks.swapaxes(1, 2), _rows_in_blocks(right, high), out=sums[:-1])
    np.matmul(left[whole:].T, right[whole:], out=sums[-1])
    return np.add.reduce(sums, axis=0)
