"""Arrays as wholes: their shape, new shapes for the same elements, copies, and arrays of one value."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from trackml import dtypes
from trackml.dtypes import DType, as_dtype
from trackml.graph.conversion import constant, constant_value, constant_value_as_shape, convert_to_tensor
from trackml.graph.graph import apply_op
from trackml.graph.operation import Operation, Tensor
from trackml.graph.registry import NOT_DIFFERENTIABLE, register
from trackml.graph.shape_rules import same_as_input, scalar
from trackml.graph.sparse_tensor import SparseTensor
from trackml.ops.framework import name_scope
from trackml.ops.tensor_list import TensorList
from trackml.shapes import TensorShape, as_shape, broadcast_shapes

Array = np.ndarray[Any, Any]

_SMALL = 1000
"""Arrays of one value are constants below this many elements, so that graph files stay small."""


def as_indices(value: Any, name: str | None = None) -> Tensor:
    """`value` (sizes, axes or positions) as a tensor of int32, or of int64 if it is a tensor of that already.

    Raises:
        TypeError: They are not integers.
    """
    tensor = convert_to_tensor(value, name=name, preferred_dtype=dtypes.int32)
    if tensor.dtype not in (dtypes.int32, dtypes.int64):
        raise TypeError(
            f"Value passed to parameter '{name}' has DataType {tensor.dtype.name} "
            "not in list of allowed values: int32, int64"
        )
    return tensor


def constant_axis(axis: Tensor, rank: int | None, *, extra: int = 0) -> int | None:
    """The axis that a scalar tensor stands for, counted from the front; None while it or `rank` is unknown.

    Raises:
        ValueError: An array of that rank (and `extra` more dimensions) has no such axis.
    """
    value = constant_value(axis)
    if value is None or rank is None:
        return None
    return checked_axis(int(value.ravel()[0]), rank + extra)


def checked_axis(axis: int, rank: int) -> int:
    """`axis` counted from the front; ValueError when there is none such among `rank`."""
    if not -rank <= axis < rank:
        raise ValueError(f"Invalid axis {axis}: it must be in the range [{-rank}, {rank})")
    return axis % rank


def identity(input: Any, name: str | None = None) -> Tensor:
    """A tensor with the same value as `input`, as an operation of its own."""
    with name_scope(name, "Identity", [input]) as scope:
        tensor: Tensor = apply_op("Identity", convert_to_tensor(input, name="input"), name=scope)
    return tensor


register("Identity", lambda x: x, shape=same_as_input, gradient=lambda op, grad: grad, alias=True)


def stop_gradient(input: Any, name: str | None = None) -> Tensor:
    """`input`, through which no gradient flows back."""
    with name_scope(name, "StopGradient", [input]) as scope:
        tensor: Tensor = apply_op("StopGradient", convert_to_tensor(input, name="input"), name=scope)
    return tensor


register("StopGradient", lambda x: x, shape=same_as_input, gradient=NOT_DIFFERENTIABLE, alias=True)


def placeholder_with_default(input: Any, shape: Any, name: str | None = None) -> Tensor:
    """`input`, unless a value is fed in its place.

    Args:
        input: The value when nothing is fed.
        shape: Static shape, with None for sizes that may differ in what is fed.
        name: Name of the operation.
    """
    with name_scope(name, "PlaceholderWithDefault", [input]) as scope:
        default = convert_to_tensor(input, name="input")
        attrs = {"dtype": default.dtype, "shape": as_shape(shape)}
        tensor: Tensor = apply_op("PlaceholderWithDefault", default, name=scope, **attrs)
    return tensor


def _default_shape(op: Operation) -> TensorShape:
    shape: TensorShape = op.attrs["shape"]
    op.inputs[0].shape.assert_is_compatible_with(shape)
    return shape


register(
    "PlaceholderWithDefault",
    lambda x: x,
    shape=_default_shape,
    gradient=lambda op, grad: grad,
    types={},
    alias=True,
)


def shape(input: Any, name: str | None = None, out_type: Any = dtypes.int32) -> Tensor:
    """The sizes of `input`, a tensor or sparse tensor, as a vector.

    Where all of them are known while the graph is built, it is a constant.
    """
    if isinstance(input, SparseTensor):
        return _sparse_shape(input, name, as_dtype(out_type))
    with name_scope(name, "Shape", [input]) as scope:
        tensor = convert_to_tensor(input, name="input")
        if tensor.shape.is_fully_defined():
            return constant(tensor.shape.as_list(), as_dtype(out_type), name=scope)
        sizes: Tensor = apply_op("Shape", tensor, name=scope, out_type=as_dtype(out_type))
    return sizes


def _sparse_shape(sparse: SparseTensor, name: str | None, out_type: DType) -> Tensor:
    with name_scope(name, "Shape", [sparse.dense_shape]):
        if out_type is dtypes.int64:
            return sparse.dense_shape
        sizes: Tensor = apply_op("Cast", sparse.dense_shape, name="Cast", DstT=out_type, Truncate=False)
    return sizes


def _shape(x: Array, *, out_type: DType) -> Array:
    return np.array(np.shape(x), out_type.as_numpy_dtype)


register(
    "Shape",
    _shape,
    shape=lambda op: TensorShape([op.inputs[0].shape.ndims]),
    dtypes="out_type",
    gradient=NOT_DIFFERENTIABLE,
    by_shape=True,
)


def shape_n(input: Sequence[Any], out_type: Any = dtypes.int32, name: str | None = None) -> list[Tensor]:
    """The sizes of each tensor of `input`."""
    with name_scope(name, "ShapeN", input) as scope:
        tensors = [convert_to_tensor(item, name="input") for item in input]
        result = apply_op("ShapeN", *tensors, name=scope, out_type=as_dtype(out_type))
    return outputs_of(result)


def outputs_of(result: Any) -> list[Tensor]:
    """What `apply_op` gave for an operation with a list of outputs, as a list even where it is one."""
    return [result] if isinstance(result, Tensor) else list(result)


register(
    "ShapeN",
    lambda *xs, out_type: [_shape(x, out_type=out_type) for x in xs],
    shape=lambda op: [TensorShape([tensor.shape.ndims]) for tensor in op.inputs],
    dtypes="out_type",
    gradient=NOT_DIFFERENTIABLE,
    count="N",
    lists=True,
    by_shape=True,
)


def size(input: Any, name: str | None = None, out_type: Any = dtypes.int32) -> Tensor:
    """The number of elements of `input`."""
    with name_scope(name, "Size", [input]) as scope:
        tensor = convert_to_tensor(input, name="input")
        count = 0 if 0 in (tensor.shape.sizes or ()) else tensor.shape.num_elements()
        if count is not None:
            return constant(count, as_dtype(out_type), name=scope)
        number: Tensor = apply_op("Size", tensor, name=scope, out_type=as_dtype(out_type))
    return number


register(
    "Size",
    lambda x, *, out_type: np.array(np.size(x), out_type.as_numpy_dtype),
    shape=scalar,
    dtypes="out_type",
    gradient=NOT_DIFFERENTIABLE,
    by_shape=True,
)


def rank(input: Any, name: str | None = None) -> Tensor:
    """The number of dimensions of `input`, an int32."""
    with name_scope(name, "Rank", [input]) as scope:
        tensor = convert_to_tensor(input, name="input")
        if tensor.shape.ndims is not None:
            return constant(tensor.shape.ndims, dtypes.int32, name=scope)
        number: Tensor = apply_op("Rank", tensor, name=scope)
    return number


register(
    "Rank",
    lambda x: np.array(np.ndim(x), np.int32),
    shape=scalar,
    dtypes=dtypes.int32,
    gradient=NOT_DIFFERENTIABLE,
    by_shape=True,
)


def reshape(tensor: Any, shape: Any, name: str | None = None) -> Tensor:
    """The elements of `tensor`, in the same order, in another shape.

    Args:
        tensor: Any tensor.
        shape: Sizes `[rank]`; one may be -1 and is then whatever fits.
        name: Name of the operation.

    Raises:
        ValueError: The number of elements cannot fit.
    """
    with name_scope(name, "Reshape", [tensor, shape]) as scope:
        elements = convert_to_tensor(tensor, name="tensor")
        reshaped: Tensor = apply_op("Reshape", elements, as_indices(shape, "shape"), name=scope)
    return reshaped


def _reshape(x: Array, shape: Array) -> Array:
    sizes = shape.tolist()
    try:
        return np.reshape(x, sizes)
    except ValueError:
        raise ValueError(
            f"Input to reshape is a tensor with {np.size(x)} values, but the requested shape is {sizes}"
        ) from None


def _reshape_shape(op: Operation) -> TensorShape:
    tensor, shape = op.inputs
    if shape.shape.ndims not in (None, 1):
        raise ValueError(f"Shape must be rank 1 but is rank {shape.shape.ndims}")
    wanted = constant_value_as_shape(shape)
    count = tensor.shape.num_elements()
    if wanted.sizes is None or count is None:
        return wanted
    return _completed(wanted.sizes, count)


def _completed(sizes: tuple[int | None, ...], count: int) -> TensorShape:
    """`sizes` with the only unknown one computed from the number of elements."""
    known = int(np.prod([size for size in sizes if size is not None], dtype=np.int64))
    missing = sizes.count(None)
    if missing == 0 and known != count:
        raise ValueError(f"Cannot reshape a tensor with {count} elements to shape {list(sizes)} ({known} elements)")
    if missing == 1 and known and count % known:
        raise ValueError(f"Dimension size must be evenly divisible by {known} but is {count}")
    if missing == 1 and known:
        return TensorShape([count // known if size is None else size for size in sizes])
    return TensorShape(sizes)


def _reshape_grad(op: Operation, grad: Tensor) -> list[Tensor | None]:
    return [reshape(grad, shape(op.inputs[0])), None]


register("Reshape", _reshape, shape=_reshape_shape, gradient=_reshape_grad, types={"T": 0, "Tshape": 1})


def expand_dims(input: Any, axis: Any = None, name: str | None = None, dim: Any = None) -> Tensor:
    """`input` with a new axis of size 1.

    Args:
        input: A tensor of any rank.
        axis: Where the new axis is in the result; negative ones count from its end.
        name: Name of the operation.
        dim: The older name of `axis`.
    """
    axis = either("axis", axis, "dim", dim)
    if axis is None:
        raise ValueError("Must specify an axis argument to tf.expand_dims()")
    with name_scope(name, "ExpandDims", [input]) as scope:
        tensor = convert_to_tensor(input, name="input")
        expanded: Tensor = apply_op("ExpandDims", tensor, as_indices(axis, "dim"), name=scope)
    return expanded


def either(name: str, value: Any, old_name: str, old_value: Any) -> Any:
    """The value of an argument that goes by two names; ValueError when both are given."""
    if old_value is not None and value is not None:
        raise ValueError(f"Cannot specify both '{name}' and '{old_name}'")
    return value if old_value is None else old_value


def _expand_dims_shape(op: Operation) -> TensorShape:
    sizes = op.inputs[0].shape.sizes
    if sizes is None:
        return TensorShape(None)
    axis = constant_axis(op.inputs[1], len(sizes), extra=1)
    if axis is None:
        return TensorShape([None] * (len(sizes) + 1))
    return TensorShape([*sizes[:axis], 1, *sizes[axis:]])


def _expand_dims(x: Array, axis: Array) -> Array:
    # Several times as fast as np.expand_dims.
    place = checked_axis(int(axis.item()), x.ndim + 1)
    return x.reshape(*x.shape[:place], 1, *x.shape[place:])


register(
    "ExpandDims",
    _expand_dims,
    shape=_expand_dims_shape,
    gradient=_reshape_grad,
    types={"T": 0, "Tdim": 1},
)


def squeeze(input: Any, axis: Any = None, name: str | None = None, squeeze_dims: Any = None) -> Tensor:
    """`input` without axes of size 1.

    Args:
        input: A tensor.
        axis: The axis or axes to remove; all of size 1 if not given.
        name: Name of the operation.
        squeeze_dims: The older name of `axis`.

    Raises:
        ValueError: One of the axes is not of size 1.
    """
    axis = either("axis", axis, "squeeze_dims", squeeze_dims)
    axes = [int(item) for item in np.ravel(axis)] if axis is not None else []
    with name_scope(name, "Squeeze", [input]) as scope:
        tensor = convert_to_tensor(input, name="input")
        squeezed: Tensor = apply_op("Squeeze", tensor, name=scope, squeeze_dims=axes)
    return squeezed


def _squeeze(x: Array, *, squeeze_dims: list[int]) -> Array:
    return np.squeeze(x, tuple(squeeze_dims) or None)


def _squeeze_shape(op: Operation) -> TensorShape:
    sizes = op.inputs[0].shape.sizes
    if sizes is None:
        return TensorShape(None)
    axes = {checked_axis(axis, len(sizes)) for axis in op.attrs["squeeze_dims"]}
    for axis in axes:
        if sizes[axis] not in (None, 1):
            raise ValueError(f"Can not squeeze dim[{axis}], expected a dimension of 1, got {sizes[axis]}")
    if axes:
        return TensorShape([size for axis, size in enumerate(sizes) if axis not in axes])
    return TensorShape(None if None in sizes else [size for size in sizes if size != 1])


register(
    "Squeeze",
    _squeeze,
    shape=_squeeze_shape,
    gradient=lambda op, grad: reshape(grad, shape(op.inputs[0])),
)


def transpose(a: Any, perm: Any = None, name: str | None = "transpose", conjugate: bool = False) -> Tensor:
    """`a` with its axes in another order.

    Args:
        a: A tensor.
        perm: Axis `i` of the result is axis `perm[i]` of `a`; reversed order if not given.
        name: Name of the operation.
        conjugate: Take the complex conjugate too.
    """
    with name_scope(name, "transpose", [a]) as scope:
        tensor = convert_to_tensor(a, name="a")
        order = as_indices(_reversed_axes(tensor) if perm is None else perm, "perm")
        type = "ConjugateTranspose" if conjugate and tensor.dtype.is_complex else "Transpose"
        transposed: Tensor = apply_op(type, tensor, order, name=scope)
        if perm is None and tensor.shape.sizes is not None:
            transposed.set_shape(tensor.shape.sizes[::-1])
    return transposed


def _reversed_axes(tensor: Tensor) -> Any:
    ndims = tensor.shape.ndims
    if ndims is not None:
        return np.arange(ndims - 1, -1, -1, dtype=np.int32)
    from trackml.ops import math, ranges

    axes = rank(tensor)
    return math.subtract(math.subtract(axes, 1), ranges.range(axes))


def _transpose_shape(op: Operation) -> TensorShape:
    sizes = op.inputs[0].shape.sizes
    order = constant_value(op.inputs[1])
    if order is not None and sizes is not None:
        if sorted(order.tolist()) != list(range(len(sizes))):
            raise ValueError(f"Invalid permutation {order.tolist()} of the axes of shape {op.inputs[0].shape}")
        return TensorShape([sizes[axis] for axis in order])
    if sizes is not None:
        return TensorShape([None] * len(sizes))
    return TensorShape(None if order is None else [None] * order.size)


def _transpose_grad(op: Operation, grad: Tensor) -> list[Tensor | None]:
    return [transpose(grad, invert_permutation(op.inputs[1])), None]


register("Transpose", np.transpose, shape=_transpose_shape, gradient=_transpose_grad, types={"T": 0, "Tperm": 1})
register(
    "ConjugateTranspose",
    lambda x, perm: np.conj(np.transpose(x, perm)),
    shape=_transpose_shape,
    gradient=lambda op, grad: [transpose(grad, invert_permutation(op.inputs[1]), conjugate=True), None],
    types={"T": 0, "Tperm": 1},
)


def matrix_transpose(a: Any, name: str | None = "matrix_transpose", conjugate: bool = False) -> Tensor:
    """`a` with its last two axes exchanged."""
    with name_scope(name, "matrix_transpose", [a]):
        tensor = convert_to_tensor(a, name="a")
        ndims = tensor.shape.ndims
        if ndims is None:
            raise ValueError(f"The rank of {tensor} must be known to transpose its last two axes; use set_shape.")
        if ndims < 2:
            raise ValueError(f"Argument 'a' should be a (batch) matrix, with rank >= 2.  Found: {tensor.shape}")
        return transpose(tensor, [*range(ndims - 2), ndims - 1, ndims - 2], conjugate=conjugate)


def invert_permutation(x: Any, name: str | None = None) -> Tensor:
    """The permutation that undoes `x`."""
    with name_scope(name, "InvertPermutation", [x]) as scope:
        tensor: Tensor = apply_op("InvertPermutation", as_indices(x, "x"), name=scope)
    return tensor


def _invert_permutation(x: Array) -> Array:
    inverse = np.empty_like(x)
    inverse[x] = np.arange(x.size, dtype=x.dtype)
    return inverse


register("InvertPermutation", _invert_permutation, shape=same_as_input, gradient=NOT_DIFFERENTIABLE)


def fill(dims: Any, value: Any, name: str | None = None) -> Tensor:
    """A tensor of shape `dims` whose elements all are the scalar `value`."""
    with name_scope(name, "Fill", [dims, value]) as scope:
        sizes = as_indices(dims, "dims")
        filled: Tensor = apply_op("Fill", sizes, convert_to_tensor(value, name="value"), name=scope)
    return filled


def _fill_shape(op: Operation) -> TensorShape:
    if op.inputs[1].shape.ndims not in (None, 0):
        raise ValueError(f"Shape must be rank 0 but is rank {op.inputs[1].shape.ndims}")
    return constant_value_as_shape(op.inputs[0])


def _fill_grad(op: Operation, grad: Tensor) -> list[Tensor | None]:
    flat = reshape(grad, [-1])
    return [None, apply_op("Sum", flat, constant(0), keep_dims=False)]


register(
    "Fill",
    lambda dims, value: np.full(dims, value, dtype=np.asarray(value).dtype),
    shape=_fill_shape,
    dtypes=lambda op: [op.inputs[1].dtype],
    gradient=_fill_grad,
    types={"index_type": 0, "T": 1},
)


def zeros(shape: Any, dtype: Any = dtypes.float32, name: str | None = None) -> Tensor:
    """A tensor of zeros (False for bool, empty strings for string)."""
    wanted = as_dtype(dtype)
    zero: Any = {"bool": False, "string": ""}.get(wanted.name, 0)
    return _filled_with(zero, shape, wanted, name, "zeros")


def ones(shape: Any, dtype: Any = dtypes.float32, name: str | None = None) -> Tensor:
    """A tensor of ones (True for bool)."""
    wanted = as_dtype(dtype)
    return _filled_with(wanted.is_bool or 1, shape, wanted, name, "ones")


def _filled_with(value: Any, shape: Any, dtype: DType, name: str | None, default_name: str) -> Tensor:
    with name_scope(name, default_name, [shape]) as scope:
        static = _known_shape(shape)
        if static is not None and (static.num_elements() or 0) < _SMALL:
            return constant(value, dtype, static, name=scope)
        sizes = as_indices(static if static is not None else shape, "shape_as_tensor")
        if sizes.shape.ndims != 1:
            sizes = reshape(sizes, [-1])
        return fill(sizes, constant(value, dtype), name=scope)


def _known_shape(shape: Any) -> TensorShape | None:
    """`shape` if it is made of Python numbers alone; TypeError when a size is None."""
    if isinstance(shape, Tensor):
        return None
    try:
        static = as_shape(shape)
    except (TypeError, ValueError, AttributeError):  # tensors among the sizes
        return None
    if not static.is_fully_defined():
        raise TypeError(f"Cannot make a tensor of the partly known shape {static}; use tf.shape(x) of a tensor.")
    return static


def zeros_like(tensor: Any, dtype: Any = None, name: str | None = None, optimize: bool = True) -> Tensor:
    """Zeros in the shape of `tensor`, of its type or of `dtype`."""
    with name_scope(name, "zeros_like", [tensor]) as scope:
        like = convert_to_tensor(tensor, name="tensor")
        wanted = like.dtype if dtype is None else as_dtype(dtype)
        if optimize and like.shape.is_fully_defined():
            return zeros(like.shape, wanted, name=scope)
        if wanted is not like.dtype:
            return zeros(shape(like), wanted, name=scope)
        result: Tensor = apply_op("ZerosLike", like, name=scope)
    return result


def _zeros_like(x: Any) -> Any:
    if isinstance(x, TensorList):
        return TensorList([None] * len(x.items))
    return np.full(x.shape, b"", dtype=object) if x.dtype == object else np.zeros(x.shape, x.dtype)


register("ZerosLike", _zeros_like, shape=same_as_input, gradient=NOT_DIFFERENTIABLE)


def ones_like(tensor: Any, dtype: Any = None, name: str | None = None, optimize: bool = True) -> Tensor:
    """Ones in the shape of `tensor`, of its type or of `dtype`."""
    with name_scope(name, "ones_like", [tensor]) as scope:
        like = convert_to_tensor(tensor, name="tensor")
        result = ones(shape(like), like.dtype if dtype is None else dtype, name=scope)
        result.set_shape(like.shape)
    return result


register("OnesLike", np.ones_like, shape=same_as_input, gradient=NOT_DIFFERENTIABLE)


def broadcast_to(input: Any, shape: Any, name: str | None = None) -> Tensor:
    """`input` repeated along new axes and along those of size 1, to `shape`."""
    with name_scope(name, "BroadcastTo", [input, shape]) as scope:
        tensor = convert_to_tensor(input, name="input")
        result: Tensor = apply_op("BroadcastTo", tensor, as_indices(shape, "shape"), name=scope)
    return result


def _broadcast_to_shape(op: Operation) -> TensorShape:
    wanted = constant_value_as_shape(op.inputs[1])
    sizes = op.inputs[0].shape.sizes
    if sizes is not None and wanted.sizes is not None and len(sizes) > len(wanted.sizes):
        raise ValueError(f"Cannot broadcast shape {op.inputs[0].shape} to the smaller rank of {wanted}")
    broadcast_shapes(op.inputs[0].shape, wanted)
    return wanted


def _broadcast_to_grad(op: Operation, grad: Tensor) -> list[Tensor | None]:
    own, wanted = shape(op.inputs[0], out_type=op.inputs[1].dtype), op.inputs[1]
    axes, _ = apply_op("BroadcastGradientArgs", own, wanted)
    return [reshape(apply_op("Sum", grad, axes, keep_dims=True), own), None]


_FILLED_ELEMENTS = 1 << 16
"""Up to so many elements writing them takes no longer than np.broadcast_to, and what follows is faster on them."""


def _broadcast_to(x: Array, shape: Array) -> Array:
    sizes = shape.tolist()
    if math.prod(sizes) > _FILLED_ELEMENTS:
        return np.broadcast_to(x, sizes)
    result = np.empty(sizes, x.dtype)
    result[...] = x
    return result


register(
    "BroadcastTo",
    _broadcast_to,
    shape=_broadcast_to_shape,
    gradient=_broadcast_to_grad,
    types={"T": 0, "Tidx": 1},
)


def broadcast_static_shape(shape_x: Any, shape_y: Any) -> TensorShape:
    """The static shape that broadcasting gives two shapes; ValueError when they do not fit."""
    return broadcast_shapes(as_shape(shape_x), as_shape(shape_y))
