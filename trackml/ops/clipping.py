"""Values, norms and lists of gradients kept within limits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from trackml.graph.conversion import convert_to_tensor
from trackml.graph.indexed_slices import IndexedSlices
from trackml.graph.operation import Tensor
from trackml.ops import array, math
from trackml.ops.framework import name_scope
from trackml.ops.gathering import where
from trackml.ops.joining import stack
from trackml.ops.nn import l2_loss
from trackml.ops.reductions import reduce_sum

Values = Tensor | IndexedSlices
"""A tensor, or the rows of one."""


def clip_by_value(t: Any, clip_value_min: Any, clip_value_max: Any, name: str | None = None) -> Values:
    """`t` with what is below `clip_value_min` or above `clip_value_max` set to that.

    Raises:
        ValueError: A limit would broadcast `t` to a larger shape.
    """
    with name_scope(name, "clip_by_value", [t, clip_value_min, clip_value_max]) as scope:
        return _applied(t, lambda x: _clipped(x, clip_value_min, clip_value_max, scope))


def _clipped(x: Tensor, smallest: Any, largest: Any, name: str) -> Tensor:
    below = math.minimum(x, largest)
    x.shape.assert_is_compatible_with(below.shape)
    clipped = math.maximum(below, smallest, name=name)
    x.shape.assert_is_compatible_with(clipped.shape)
    return clipped


def _applied(t: Any, function: Callable[[Tensor], Tensor]) -> Values:
    """`function` of a tensor, or of the rows of `IndexedSlices`."""
    if isinstance(t, IndexedSlices):
        return IndexedSlices(function(t.values), t.indices, t.dense_shape)
    return function(convert_to_tensor(t, name="t"))


def clip_by_norm(t: Any, clip_norm: Any, axes: Any = None, name: str | None = None) -> Values:
    """`t * clip_norm / norm` where the L2 norm along `axes` is larger than `clip_norm`, else `t`."""
    with name_scope(name, "clip_by_norm", [t, clip_norm]) as scope:
        return _applied(t, lambda x: _norm_clipped(x, clip_norm, axes, scope))


def _norm_clipped(x: Tensor, clip_norm: Any, axes: Any, name: str) -> Tensor:
    squares = reduce_sum(x * x, axes, keepdims=True)
    positive = squares > 0.0
    # The root of 1 in place of that of 0, whose derivative is infinite.
    norm = where(positive, math.sqrt(where(positive, squares, array.ones_like(squares))), squares)
    return array.identity(x * clip_norm / math.maximum(norm, clip_norm), name=name)


def clip_by_average_norm(t: Any, clip_norm: Any, name: str | None = None) -> Tensor:
    """`t * clip_norm / norm` where the L2 norm divided by the number of elements is larger, else `t`."""
    with name_scope(name, "clip_by_average_norm", [t, clip_norm]) as scope:
        x = convert_to_tensor(t, name="t")
        count = math.cast(array.size(x), x.dtype)
        inverse = math.rsqrt(reduce_sum(x * x, keepdims=True)) * count
        factor = clip_norm * math.minimum(inverse, 1.0 / convert_to_tensor(clip_norm, x.dtype))
        return array.identity(x * factor, name=scope)


def global_norm(t_list: Sequence[Any], name: str | None = None) -> Tensor | None:
    """The L2 norm of all elements of a list of tensors together; items that are None are left out.

    Raises:
        TypeError: `t_list` is not a sequence.
    """
    items = _items(t_list)
    with name_scope(name, "global_norm", items) as scope:
        halves = [
            l2_loss(item.values if isinstance(item, IndexedSlices) else item) for item in items if item is not None
        ]
        if not halves:
            return None
        return math.sqrt(2.0 * reduce_sum(stack(halves)), name=f"{scope}global_norm/")


def _items(t_list: Any) -> list[Any]:
    if isinstance(t_list, (str, Tensor)) or not isinstance(t_list, Sequence):
        raise TypeError("t_list should be a sequence")
    return list(t_list)


def clip_by_global_norm(
    t_list: Sequence[Any], clip_norm: Any, use_norm: Tensor | None = None, name: str | None = None
) -> tuple[list[Values | None], Tensor | None]:
    """All of `t_list` times `clip_norm / max(global norm, clip_norm)`.

    Args:
        t_list: Tensors and IndexedSlices; None stays None.
        clip_norm: The largest norm that all together may have.
        use_norm: The global norm, if it is known already.
        name: Scope of the operations.

    Returns:
        The clipped list and the global norm. When that is not finite, the clipped values are NaN.

    Raises:
        TypeError: `t_list` is not a sequence.
    """
    items = _items(t_list)
    norm = global_norm(items, name) if use_norm is None else use_norm
    if norm is None:
        return items, None
    with name_scope(name, "clip_by_global_norm", items):
        limit = convert_to_tensor(clip_norm, norm.dtype)
        scale = limit * math.minimum(1.0 / norm, 1.0 / limit)
        # Times 1 if the norm is finite, and NaN otherwise.
        scale = scale + (norm - norm)
        return [
            None if item is None else _applied(item, lambda x: x * math.cast(scale, x.dtype)) for item in items
        ], norm
