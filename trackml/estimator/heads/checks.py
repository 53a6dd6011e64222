"""What heads demand of logits, labels and weights, while the graph is built or, where shapes are open, when it runs."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from trackml import dtypes
from trackml.estimator.arguments import argument_names
from trackml.feature_column import numeric_column
from trackml.feature_column.features import Features
from trackml.feature_column.numeric import NumericColumn
from trackml.graph.conversion import constant, convert_to_tensor
from trackml.graph.operation import Operation, Tensor
from trackml.graph.sparse_tensor import SparseTensor, SparseTensorValue
from trackml.losses import Reduction
from trackml.ops import array, comparison, joining, math, reductions
from trackml.ops.checks import Assert, assert_equal, assert_less_equal, assert_non_negative, assert_rank_at_least
from trackml.ops.framework import control_dependencies, name_scope

_REDUCTIONS = {"sum": Reduction.SUM, "sum_over_batch_size": Reduction.SUM_OVER_BATCH_SIZE}
"""The newer names, which heads take as well as those of `tf.losses.Reduction`."""


def checked_reduction(loss_reduction: str) -> str:
    """One of `tf.losses.Reduction`.

    Raises:
        ValueError: It is none of them, or `NONE`.
    """
    known = _REDUCTIONS.get(loss_reduction, loss_reduction)
    if known not in Reduction.all() or known == Reduction.NONE:
        raise ValueError(f"Invalid loss_reduction: {loss_reduction}. See `tf.losses.Reduction` for valid options.")
    return known


def check_loss_fn(loss_fn: Callable[..., Any] | None) -> None:
    """Raises ValueError unless a loss function has the parameters `labels` and `logits`, and at most `features`."""
    if loss_fn is None:
        return
    names = argument_names(loss_fn)
    for required in ("labels", "logits"):
        if required not in names:
            raise ValueError(f"loss_fn must contain argument: {required}. Given arguments: {names}")
    unexpected = sorted(set(names) - {"labels", "logits", "features"})
    if unexpected:
        raise ValueError(f"loss_fn has unexpected args: {unexpected}")


def call_loss_fn(
    loss_fn: Callable[..., Any], labels: Tensor, logits: Tensor, features: Any, loss_dimension: int = 1
) -> Tensor:
    """The losses that a user's function gives, `[D0, ... DN, loss_dimension]` for logits `[D0, ... DN, any]`."""
    offered = {"features": features} if "features" in argument_names(loss_fn) else {}
    with name_scope(None, "call_loss_fn", [labels, logits]):
        losses = convert_to_tensor(loss_fn(labels=labels, logits=logits, **offered))
        logits_shape = array.shape(logits, name="logits_shape")
        loss_shape = array.shape(losses, name="loss_shape")
        wanted = joining.concat([logits_shape[:-1], [loss_dimension]], axis=0, name="expected_loss_shape")
        message = f"loss_fn must return Tensor of shape [D0, D1, ... DN, {loss_dimension}]. "
        check = _assert_same_shape(loss_shape, [wanted], [message, "logits_shape: ", logits_shape,
                                                          "loss_shape: ", loss_shape], "check_loss_shape")  # fmt: skip
        return _after([check], losses)


def checked_logits(logits: Any, dimension: int) -> Tensor:
    """The logits as float32, once their last size is known to be `dimension`.

    Raises:
        ValueError: It is another.
    """
    message = "logits shape must be [D0, D1, ... DN, logits_dimension]"
    with name_scope(None, "logits", [logits]) as scope:
        tensor = math.cast(logits, dtypes.float32)
        shape = array.shape(tensor)
        at_least_2 = assert_rank_at_least(tensor, 2, data=[shape], message=message)
        with control_dependencies([at_least_2]):
            known = None if tensor.shape.ndims is None else tensor.shape[-1]
            if known is not None:
                if int(known) != dimension:
                    raise ValueError(f"{message}, got {tensor.shape}.")
                return tensor
            fits = assert_equal(dimension, shape[-1], data=[shape], message=message)
            return _after([fits], tensor, scope)


def checked_labels(labels: Any, logits: Tensor, dimension: int) -> Tensor:
    """The labels as `[D0, ... DN, dimension]` for logits `[D0, ... DN, any]`; a last size of 1 may be left out.

    Raises:
        ValueError: There are none, they are sparse, or of another shape.
    """
    if labels is None:
        raise ValueError(
            "You must provide a labels Tensor. Given: None. Suggested troubleshooting steps: Check that your data "
            "contain your label feature. Check that your input_fn properly parses and returns labels."
        )
    if isinstance(labels, Mapping):
        raise ValueError(f"labels must be a Tensor for this head; got a dict of {sorted(map(str, labels))}.")
    with name_scope(None, "labels", [labels, logits]) as scope:
        if isinstance(labels, (SparseTensor, SparseTensorValue)):
            raise ValueError(_sparse_message(dimension))
        tensor = convert_to_tensor(labels)
        if _lacks_last_size(tensor, logits):
            tensor = array.expand_dims(tensor, -1)
        return _of_shape(tensor, logits, dimension, scope)


def _of_shape(labels: Tensor, logits: Tensor, dimension: int, scope: str) -> Tensor:
    message = (
        f"labels shape must be [D0, D1, ... DN, {dimension}]. "
        "Suggested Fix: check your n_classes argument to the estimator and/or the shape of your label."
    )
    labels_shape, logits_shape = array.shape(labels), array.shape(logits)
    at_least_2 = assert_rank_at_least(labels, 2, message=message)
    with control_dependencies([at_least_2]):
        last = None if labels.shape.ndims is None else labels.shape[-1]
        if last is not None and int(last) != dimension:
            raise ValueError(
                f"Mismatched label shape. Expected labels dimension={dimension}.  Received {last}. Suggested Fix:"
                "If your classifier expects one-hot encoding label,check your n_classes argument to the estimator "
                "and/or the shape of your label. Otherwise, check the shape of your label."
            )
        wanted = joining.concat([logits_shape[:-1], [dimension]], axis=0)
        data = ["expected_labels_shape: ", wanted, "labels_shape: ", labels_shape]
        return _after([assert_equal(wanted, labels_shape, message=message, data=data)], labels, scope)


def _sparse_message(dimension: int) -> str:
    return (
        f"SparseTensor labels are not supported. labels must be a Tensor of shape [D0, D1, ..., DN, {dimension}], e.g. "
        f"[batch_size, {dimension}]. Suggested Fix (1): Check the label feature in your data. Each example must "
        f"contain {dimension} value(s). If not, your choice of label was probably incorrect. Suggested Fix (2): In "
        "your input_fn, use tf.sparse_tensor_to_dense() to turn labels into a Tensor."
    )


def example_weights(features: Any, weight_column: Any, logits: Tensor, per_logit: bool = False) -> Any:
    """The weights of examples, `[D0, ... DN, 1]` for logits `[D0, ... DN, any]`; 1.0 without a column.

    Args:
        features: The features, one of which holds the weights.
        weight_column: Its key, or a numeric column.
        logits: The logits.
        per_logit: Whether each logit may have a weight of its own.

    Raises:
        TypeError: The column is neither a string nor a numeric column.
        ValueError: There is no such feature, or it holds no numbers.
    """
    with name_scope(None, "weights", [logits]) as scope:
        if weight_column is None:
            return 1.0
        column = numeric_column(weight_column, shape=(1,)) if isinstance(weight_column, str) else weight_column
        if not isinstance(column, NumericColumn):
            raise TypeError(
                f"Weight column must be either a string or _NumericColumn. Given type: {type(weight_column)}."
            )
        found = Features(features).get(column)
        if not (found.dtype.is_floating or found.dtype.is_integer):
            raise ValueError(f"Weight column should be castable to float. Given dtype: {found.dtype}")
        return _fitting(math.cast(found, dtypes.float32, name="weights"), logits, per_logit, scope)


def _fitting(weights: Tensor, logits: Tensor, per_logit: bool, scope: str) -> Tensor:
    message = "weights shape must be [D0, D1, ... DN] or [D0, D1, ... DN, 1]"
    if per_logit:
        message = "weights shape must be [D0, D1, ... DN], [D0, D1, ... DN, 1] or [D0, D1, ... DN, logits_dimension]"
    weights_shape = array.shape(weights, name="weights_shape")
    logits_shape = array.shape(logits, name="logits_shape")
    data = [message, "logits_shape: ", logits_shape, "weights_shape: ", weights_shape]
    if _lacks_last_size(weights, logits):
        check = _assert_same_shape(weights_shape, [logits_shape[:-1]], data)
        with control_dependencies([check]):
            return array.expand_dims(weights, -1, name=scope)
    allowed = [joining.concat([logits_shape[:-1], [1]], axis=0), *([logits_shape] if per_logit else [])]
    return _after([_assert_same_shape(weights_shape, allowed, data)], weights, scope)


def _assert_same_shape(shape: Tensor, allowed: Sequence[Tensor], data: list[Any], name: str | None = None) -> Operation:
    """An operation that fails unless a shape is one of those allowed."""
    hits = [reductions.reduce_all(comparison.equal(shape, other)) for other in allowed]
    return Assert(functools.reduce(comparison.logical_or, hits), data, name=name)


def checked_range(labels: Tensor, n_classes: int, message: str | None = None) -> Tensor:
    """The labels, once all of them are known to be in `[0, n_classes)`."""
    with name_scope(None, "assert_range", [labels]):
        last = constant(n_classes - 1, dtype=labels.dtype)
        less = assert_less_equal(labels, last, message=message or "Labels must <= n_classes - 1")
        greater = assert_non_negative(labels, message=message or "Labels must >= 0")
        return _after([less, greater], labels)


def _lacks_last_size(tensor: Tensor, logits: Tensor) -> bool:
    rank, logits_rank = tensor.shape.ndims, logits.shape.ndims
    return rank is not None and logits_rank is not None and rank == logits_rank - 1


def _after(checks: Sequence[Operation | None], tensor: Tensor, name: str | None = None) -> Tensor:
    with control_dependencies([check for check in checks if check is not None]):
        return array.identity(tensor, name=name)
