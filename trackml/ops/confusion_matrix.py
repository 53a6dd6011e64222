"""How often each class was predicted for each class."""

from __future__ import annotations

from typing import Any

from trackml import dtypes
from trackml.graph.conversion import convert_to_tensor
from trackml.graph.operation import Tensor
from trackml.ops import array, checks, gathering, joining, math, reductions
from trackml.ops.control import with_dependencies
from trackml.ops.framework import name_scope
from trackml.ops.weights import remove_squeezable_dimensions


def confusion_matrix(
    labels: Any,
    predictions: Any,
    num_classes: Any = None,
    dtype: Any = dtypes.int32,
    name: str | None = None,
    weights: Any = None,
) -> Tensor:
    """A matrix whose element `[i, j]` counts the examples of class `i` that were taken for class `j`.

    Args:
        labels: Classes from 0, `[examples]`.
        predictions: Classes from 0, `[examples]`.
        num_classes: How many there are; one more than the largest if not given.
        dtype: Type of the result.
        name: Name scope.
        weights: What each example counts, `[examples]`.

    Returns:
        `[num_classes, num_classes]`.

    Raises:
        ValueError: Shapes do not fit.
        InvalidArgumentError: When it runs: a class is negative or too large.

    Example:
        >>> import trackml as tf
        >>> with tf.Graph().as_default(), tf.Session() as session:
        ...     print(session.run(tf.confusion_matrix([0, 1, 1], [0, 0, 1])).tolist())
        [[1, 0], [1, 1]]
    """
    with name_scope(name, "confusion_matrix", (predictions, labels, num_classes, weights)) as scope:
        labels, predictions = remove_squeezable_dimensions(convert_to_tensor(labels), convert_to_tensor(predictions))
        classes = [math.cast(item, dtypes.int64) for item in (labels, predictions)]
        bound = [checks.assert_non_negative(item, message=f"`{what}` contains negative values")
                 for item, what in zip(classes, ("labels", "predictions"))]  # fmt: skip
        classes = [with_dependencies([check], item) for check, item in zip(bound, classes)]
        if num_classes is None:
            largest = [reductions.reduce_max(item) for item in classes]
            count = math.add(math.maximum(largest[0], largest[1]), 1)
        else:
            count = math.cast(num_classes, dtypes.int64)
            below = [checks.assert_less(item, count, message=f"`{what}` out of bound")
                     for item, what in zip(classes, ("labels", "predictions"))]  # fmt: skip
            classes = [with_dependencies([check], item) for check, item in zip(below, classes)]
        places = joining.stack(classes, axis=1)
        amounts = array.ones_like(classes[1], dtype) if weights is None else math.cast(weights, dtype)
        if weights is not None:
            classes[1].shape.assert_is_compatible_with(amounts.shape)
        return gathering.scatter_nd(places, amounts, joining.stack([count, count]), name=scope)
