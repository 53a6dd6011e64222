"""Products of matrices, and of tensors along chosen axes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from trackml.graph.conversion import convert_to_tensor
from trackml.graph.operation import Operation, Tensor
from trackml.graph.registry import register
from trackml.ops import array
from trackml.ops.broadcast import unbroadcast_both
from trackml.ops.elementwise import NUMBERS, elementwise
from trackml.ops.framework import name_scope
from trackml.ops.products import product
from trackml.shapes import TensorShape, broadcast_shapes


def matmul(
    a: Any,
    b: Any,
    transpose_a: bool = False,
    transpose_b: bool = False,
    adjoint_a: bool = False,
    adjoint_b: bool = False,
    a_is_sparse: bool = False,
    b_is_sparse: bool = False,
    name: str | None = None,
) -> Tensor:
    """The product of matrices, or of each pair of matrices in two batches.

    Args:
        a: `[..., rows, inner]`.
        b: `[..., inner, columns]`.
        transpose_a: Whether `a` is given as `[..., inner, rows]`.
        transpose_b: Whether `b` is given as `[..., columns, inner]`.
        adjoint_a: The same as `transpose_a` for real numbers.
        adjoint_b: The same as `transpose_b` for real numbers.
        a_is_sparse: Accepted for TensorFlow's sake; it changes nothing.
        b_is_sparse: Accepted for TensorFlow's sake; it changes nothing.
        name: Name of the operation.

    Returns:
        `[..., rows, columns]`; the leading axes of `a` and `b` are broadcast.

    Raises:
        ValueError: The inner sizes differ, an operand has fewer than two axes, or is both transposed and adjoint.
    """
    for letter, transposed, adjoint in (("a", transpose_a, adjoint_a), ("b", transpose_b, adjoint_b)):
        if transposed and adjoint:
            raise ValueError(f"Only one of transpose_{letter} and adjoint_{letter} can be True.")
    with name_scope(name, "MatMul", [a, b]) as scope:
        a = convert_to_tensor(a, name="a")
        b = convert_to_tensor(b, None if hasattr(b, "dtype") else a.dtype, name="b")
        flip_a, flip_b = transpose_a or adjoint_a, transpose_b or adjoint_b
        if (a.shape.ndims or 2) > 2 or (b.shape.ndims or 2) > 2:
            return _batch_matmul(a, b, flip_a, flip_b, name=scope)
        return _matmul(a, b, flip_a, flip_b, name=scope)


def _matmul(a: Tensor, b: Tensor, transpose_a: bool, transpose_b: bool, name: str | None = None) -> Tensor:
    return elementwise(
        "MatMul", a, b, name=name, allowed=NUMBERS, names=("a", "b"), transpose_a=transpose_a, transpose_b=transpose_b
    )


def _product(a: Any, b: Any, *, transpose_a: bool, transpose_b: bool) -> Any:
    return product(a.T if transpose_a else a, b.T if transpose_b else b)


def _matmul_shape(op: Operation) -> TensorShape:
    rows, inner = _matrix_sizes(op.inputs[0], op.attrs["transpose_a"])
    inner_too, columns = _matrix_sizes(op.inputs[1], op.attrs["transpose_b"])
    _check_inner(inner, inner_too)
    return TensorShape([rows, columns])


def _matrix_sizes(matrix: Tensor, transposed: bool) -> tuple[int | None, int | None]:
    """The last two sizes, as they are multiplied."""
    if matrix.shape.sizes is None:
        return None, None
    if len(matrix.shape.sizes) < 2:
        raise ValueError(f"Shape must be at least rank 2 but is rank {matrix.shape.ndims}")
    rows, columns = matrix.shape.sizes[-2:]
    return (columns, rows) if transposed else (rows, columns)


def _check_inner(a: int | None, b: int | None) -> None:
    if a is not None and b is not None and a != b:
        raise ValueError(f"Dimensions must be equal, but are {a} and {b}")


def _matmul_grad(op: Operation, grad: Tensor) -> list[Tensor | None]:
    return _factor_grads(op, grad, _matmul, op.attrs["transpose_a"], op.attrs["transpose_b"])


def _factor_grads(op: Operation, grad: Tensor, product: Any, flip_a: bool, flip_b: bool) -> list[Tensor | None]:
    """The gradients of both factors, such that no factor is transposed as an operation of its own."""
    a, b = op.inputs
    a_grad = product(b, grad, flip_b, True) if flip_a else product(grad, b, False, not flip_b)
    b_grad = product(grad, a, True, flip_a) if flip_b else product(a, grad, not flip_a, False)
    return [a_grad, b_grad]


register("MatMul", _product, shape=_matmul_shape, gradient=_matmul_grad, fresh=True)


def _batch_matmul(a: Tensor, b: Tensor, adj_x: bool, adj_y: bool, name: str | None = None) -> Tensor:
    return elementwise("BatchMatMulV2", a, b, name=name, allowed=NUMBERS, adj_x=adj_x, adj_y=adj_y)


def _batch_product(a: Any, b: Any, *, adj_x: bool, adj_y: bool) -> Any:
    return np.matmul(np.swapaxes(a, -1, -2) if adj_x else a, np.swapaxes(b, -1, -2) if adj_y else b)


def _batch_matmul_shape(op: Operation) -> TensorShape:
    rows, inner = _matrix_sizes(op.inputs[0], op.attrs["adj_x"])
    inner_too, columns = _matrix_sizes(op.inputs[1], op.attrs["adj_y"])
    _check_inner(inner, inner_too)
    return broadcast_shapes(*map(_batch_shape, op.inputs)).concatenate([rows, columns])


def _batch_shape(matrices: Tensor) -> TensorShape:
    return TensorShape(None if matrices.shape.sizes is None else matrices.shape.sizes[:-2])


def _batch_matmul_grad(op: Operation, grad: Tensor) -> list[Tensor | None]:
    a_grad, b_grad = _factor_grads(op, grad, _batch_matmul, op.attrs["adj_x"], op.attrs["adj_y"])
    a, b = op.inputs
    if a.shape.ndims is not None and _batch_shape(a) == _batch_shape(b) and _batch_shape(a).is_fully_defined():
        return [a_grad, b_grad]
    return unbroadcast_both(op, a_grad, b_grad, trailing=2)


register("BatchMatMulV2", _batch_product, shape=_batch_matmul_shape, gradient=_batch_matmul_grad, fresh=True)


def matvec(
    a: Any,
    b: Any,
    transpose_a: bool = False,
    adjoint_a: bool = False,
    a_is_sparse: bool = False,
    b_is_sparse: bool = False,
    name: str | None = None,
) -> Tensor:
    """The product of a matrix `[..., rows, inner]` and a vector `[..., inner]`: `[..., rows]`."""
    with name_scope(name, "MatVec", [a, b]):
        column = array.expand_dims(convert_to_tensor(b), axis=-1)
        return array.squeeze(matmul(a, column, transpose_a=transpose_a, adjoint_a=adjoint_a), axis=[-1])


def tensordot(a: Any, b: Any, axes: Any, name: str | None = None) -> Tensor:
    """The sum of products over axes of `a` and the same number of axes of `b`.

    Args:
        a: A tensor of known rank.
        b: A tensor of known rank.
        axes: How many of the last axes of `a` and the first of `b` are summed over, or a pair of lists of axes.
        name: Name of the operation.

    Returns:
        A tensor with the remaining axes of `a`, then those of `b`.

    Raises:
        ValueError: A rank is unknown, or the numbers of axes differ.
    """
    with name_scope(name, "Tensordot", [a, b]) as scope:
        a = convert_to_tensor(a, name="a")
        b = convert_to_tensor(b, None if hasattr(b, "dtype") else a.dtype, name="b")
        a_axes, b_axes = _summed_axes(a, b, axes)
        left, a_free = _as_matrix(a, a_axes, last=True)
        right, b_free = _as_matrix(b, b_axes, last=False)
        product = matmul(left, right)
        return array.reshape(product, _joined_shape(a, a_free, b, b_free), name=scope)


def _summed_axes(a: Tensor, b: Tensor, axes: Any) -> tuple[list[int], list[int]]:
    if a.shape.ndims is None or b.shape.ndims is None:
        raise ValueError(f"tensordot needs tensors of known rank; got shapes {a.shape} and {b.shape}.")
    if isinstance(axes, (int, np.integer)):
        if not 0 <= axes <= min(a.shape.ndims, b.shape.ndims):
            raise ValueError(f"'axes' must be between 0 and the smaller rank; got {axes} for {a.shape} and {b.shape}.")
        return list(range(a.shape.ndims - int(axes), a.shape.ndims)), list(range(int(axes)))
    a_axes, b_axes = ([part] if isinstance(part, (int, np.integer)) else list(part) for part in axes)
    if len(a_axes) != len(b_axes):
        raise ValueError(f"Different number of contraction axes 'a' and 'b', {len(a_axes)} != {len(b_axes)}.")
    return (
        [array.checked_axis(int(axis), a.shape.ndims) for axis in a_axes],
        [array.checked_axis(int(axis), b.shape.ndims) for axis in b_axes],
    )


def _as_matrix(tensor: Tensor, axes: Sequence[int], *, last: bool) -> tuple[Tensor, list[int]]:
    """`tensor` as a matrix with the summed axes flattened to the last or the first one, and its other axes."""
    rank = len(tensor.shape.as_list())
    free = [axis for axis in range(rank) if axis not in axes]
    order = [*free, *axes] if last else [*axes, *free]
    turned = tensor if order == list(range(rank)) else array.transpose(tensor, order)
    summed = _flat_size(tensor, axes)
    return array.reshape(turned, [-1, summed] if last else [summed, -1]), free


def _flat_size(tensor: Tensor, axes: Sequence[int]) -> Any:
    sizes = [tensor.shape.as_list()[axis] for axis in axes]
    if None not in sizes:
        return int(np.prod(np.array(sizes, np.int64)))
    size = array.shape(tensor)[axes[0]]
    for axis in axes[1:]:
        size = size * array.shape(tensor)[axis]
    return size


def _joined_shape(a: Tensor, a_free: Sequence[int], b: Tensor, b_free: Sequence[int]) -> Any:
    sizes = [(tensor, axis) for tensor, axes in ((a, a_free), (b, b_free)) for axis in axes]
    known = [tensor.shape.as_list()[axis] for tensor, axis in sizes]
    if known.count(None) < 2:
        return [-1 if size is None else size for size in known]
    return [
        array.shape(tensor)[axis] if size is None else size for size, (tensor, axis) in zip(known, sizes)
    ]  # fmt: skip
