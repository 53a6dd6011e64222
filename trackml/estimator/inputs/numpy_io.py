"""An input function of numpy arrays."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from trackml.estimator.inputs.feeding import batches, check_shuffle


def numpy_input_fn(
    x: Any,
    y: Any = None,
    batch_size: int = 128,
    num_epochs: int | None = 1,
    shuffle: bool | None = None,
    queue_capacity: int = 1000,
    num_threads: int = 1,
) -> Callable[[], Any]:
    """An input function that gives rows of arrays, a batch at a time.

    Args:
        x: A dict of arrays with a row an example each, or a single array.
        y: The labels: an array or a dict of arrays; None for none.
        batch_size: Rows of a batch; the last one of all may have fewer.
        num_epochs: How many times each row comes; None for no end.
        shuffle: Whether the rows come in random order; it must be said. Use False for prediction.
        queue_capacity: Accepted for TensorFlow's sake.
        num_threads: Accepted for TensorFlow's sake.

    Returns:
        A function that gives features in the form of `x`, or the pair of features and labels.

    Raises:
        ValueError: `shuffle` is neither True nor False. When the input function is called: arrays differ in length,
            `x` or `y` is empty, or a key is in both.
        TypeError: When the input function is called: `x` is neither a dict nor an array.

    Example:
        >>> import numpy as np
        >>> import trackml as tf
        >>> input_fn = tf.estimator.inputs.numpy_input_fn({"a": np.arange(3)}, np.arange(3), shuffle=False)
        >>> with tf.Graph().as_default(), tf.Session() as session:
        ...     print(session.run(input_fn()))
        ({'a': array([0, 1, 2])}, array([0, 1, 2]))
    """
    check_shuffle(shuffle)

    def input_fn() -> Any:
        features = _features(x)
        labels = _labels(y, features)
        length = _common_length(features, labels)
        element = features if labels is None else (features, labels)
        return batches(element, length, batch_size, num_epochs, bool(shuffle))

    return input_fn


def _features(x: Any) -> Any:
    if isinstance(x, Mapping):
        if not x:
            raise ValueError("x cannot be an empty dict")
        return {key: np.asarray(value) for key, value in x.items()}
    if not isinstance(x, np.ndarray):
        raise TypeError(f"x must be a dict or array; got {type(x).__name__}")
    if not x.size:
        raise ValueError("x cannot be an empty array")
    return x


def _labels(y: Any, features: Any) -> Any:
    if not isinstance(y, Mapping):
        return None if y is None else np.asarray(y)
    if not y:
        raise ValueError("y cannot be empty dict, use None instead.")
    both = sorted(set(features) & set(y)) if isinstance(features, dict) else []
    if both:
        raise ValueError(f"{len(both)} duplicate keys are found in both x and y: {both}")
    return {key: np.asarray(value) for key, value in y.items()}


def _common_length(features: Any, labels: Any) -> int:
    arrays = [array for part in (features, labels) if part is not None for array in _arrays(part)]
    lengths = {array.shape[0] if array.ndim else None for array in arrays}
    if len(lengths) > 1 or None in lengths:
        raise ValueError(
            "Length of tensors in x and y is mismatched. All elements in x and y must have the same length.\n"
            f"Shapes in x: {_shapes(features)}\nShapes in y: {_shapes(labels)}\n"
        )
    return len(arrays[0])


def _arrays(part: Any) -> list[np.ndarray[Any, Any]]:
    return list(part.values()) if isinstance(part, dict) else [part]


def _shapes(part: Any) -> Any:
    if isinstance(part, dict):
        return {key: array.shape for key, array in part.items()}
    return None if part is None else part.shape
