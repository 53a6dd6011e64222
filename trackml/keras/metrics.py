"""Metrics by Keras' names: functions of one value an example, and classes that add up over batches."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from trackml import dtypes, metrics
from trackml.graph.conversion import convert_to_tensor
from trackml.graph.operation import Tensor
from trackml.keras import losses
from trackml.ops import array, comparison, math, reductions

__all__ = [
    "AUC",
    "Accuracy",
    "BinaryAccuracy",
    "CategoricalAccuracy",
    "Mean",
    "MeanAbsoluteError",
    "MeanSquaredError",
    "Metric",
    "Precision",
    "Recall",
    "RootMeanSquaredError",
    "SparseCategoricalAccuracy",
    "accuracy",
    "binary_accuracy",
    "categorical_accuracy",
    "get",
    "named",
    "sparse_categorical_accuracy",
]


def accuracy(y_true: Any, y_pred: Any) -> Tensor:
    """1 where both are equal, 0 elsewhere."""
    true, pred = losses._alike(y_true, y_pred)
    return math.cast(comparison.equal(true, pred), dtypes.float32)


def binary_accuracy(y_true: Any, y_pred: Any, threshold: float = 0.5) -> Tensor:
    """The share along the last axis of predictions on the right side of `threshold`."""
    true, pred = losses._alike(y_true, y_pred)
    said = math.cast(comparison.greater(pred, threshold), true.dtype)
    return reductions.reduce_mean(math.cast(comparison.equal(true, said), dtypes.float32), axis=-1)


def categorical_accuracy(y_true: Any, y_pred: Any) -> Tensor:
    """1 where the largest prediction is that of the class, given as one number a class."""
    true, said = (reductions.argmax(convert_to_tensor(value), axis=-1) for value in (y_true, y_pred))
    return math.cast(comparison.equal(true, said), dtypes.float32)


def sparse_categorical_accuracy(y_true: Any, y_pred: Any) -> Tensor:
    """1 where the largest prediction is that of the class, given as its number."""
    pred = convert_to_tensor(y_pred)
    true = math.cast(losses._without_last(convert_to_tensor(y_true), pred), dtypes.int64)
    return math.cast(comparison.equal(true, reductions.argmax(pred, axis=-1)), dtypes.float32)


class Metric:
    """A number that adds up over batches. A subclass has `update`, which makes it in a graph.

    Args:
        name: Its name in logs and histories.
        dtype: Accepted for TensorFlow's sake.
        kwargs: The metric's own settings.
    """

    default_name = "metric"

    def __init__(self, name: str | None = None, dtype: Any = None, **kwargs: Any) -> None:
        self.name = name or self.default_name
        self._arguments = kwargs

    def update(self, y_true: Any, y_pred: Any, weights: Any) -> tuple[Any, Any]:
        """The value over all batches, and the operation that takes a batch in and gives the value after it."""
        raise TypeError(f"{type(self).__name__} must define update(y_true, y_pred, weights).")

    def get_config(self) -> dict[str, Any]:
        """What the constructor takes."""
        return {"name": self.name, **self._arguments}


class _Averaged(Metric):
    """The mean of a function of examples."""

    function: Callable[..., Any]

    def update(self, y_true: Any, y_pred: Any, weights: Any) -> tuple[Any, Any]:
        """The weighted mean over all batches."""
        values = convert_to_tensor(type(self).function(y_true, y_pred, **self._arguments))
        value, update_op = metrics.mean(values, _beside(weights, values))
        return self._finished(value), self._finished(update_op)

    def _finished(self, value: Any) -> Any:
        return value


def _mean_of(class_name: str, name: str, of: Callable[..., Any]) -> type[Metric]:
    members = {
        "function": staticmethod(of),
        "default_name": name,
        "__doc__": f"The mean of `{of.__name__}` over all batches.",
        "__module__": __name__,
    }
    return type(class_name, (_Averaged,), members)


Accuracy = _mean_of("Accuracy", "accuracy", accuracy)
BinaryAccuracy = _mean_of("BinaryAccuracy", "binary_accuracy", binary_accuracy)
CategoricalAccuracy = _mean_of("CategoricalAccuracy", "categorical_accuracy", categorical_accuracy)
SparseCategoricalAccuracy = _mean_of(
    "SparseCategoricalAccuracy", "sparse_categorical_accuracy", sparse_categorical_accuracy
)
MeanSquaredError = _mean_of("MeanSquaredError", "mean_squared_error", losses.mean_squared_error)
MeanAbsoluteError = _mean_of("MeanAbsoluteError", "mean_absolute_error", losses.mean_absolute_error)
Mean = _mean_of("Mean", "mean", lambda y_true, y_pred: convert_to_tensor(y_pred))


class RootMeanSquaredError(_Averaged):
    """The root of the mean squared error over all batches."""

    default_name = "root_mean_squared_error"
    function = staticmethod(losses.mean_squared_error)

    def _finished(self, value: Any) -> Any:
        return math.sqrt(value)


class AUC(Metric):
    """The area under the ROC or precision-recall curve, by 200 thresholds.

    Args:
        num_thresholds: How many thresholds there are.
        curve: `"ROC"` or `"PR"`.
        name: Its name.
    """

    default_name = "auc"

    def __init__(self, num_thresholds: int = 200, curve: str = "ROC", name: str | None = None, dtype: Any = None):
        super().__init__(name, dtype, num_thresholds=num_thresholds, curve=curve)

    def update(self, y_true: Any, y_pred: Any, weights: Any) -> tuple[Any, Any]:
        """The area over all batches."""
        return metrics.auc(*_binary(y_true, y_pred, None), _beside(weights, y_pred), **self._arguments)


class Precision(Metric):
    """The share of the examples predicted as 1 that are 1.

    Args:
        thresholds: From which prediction on an example is predicted as 1; a half by default.
        name: Its name.
    """

    default_name = "precision"
    _of = staticmethod(metrics.precision)

    def __init__(self, thresholds: float | None = None, name: str | None = None, dtype: Any = None) -> None:
        super().__init__(name, dtype, thresholds=thresholds)

    def update(self, y_true: Any, y_pred: Any, weights: Any) -> tuple[Any, Any]:
        """The share over all batches."""
        threshold = self._arguments["thresholds"]
        pairs = _binary(y_true, y_pred, 0.5 if threshold is None else threshold)
        return self._of(*pairs, _beside(weights, y_pred))


class Recall(Precision):
    """The share of the examples that are 1 that are predicted as 1; arguments as of `Precision`."""

    default_name = "recall"
    _of = staticmethod(metrics.recall)


def _binary(y_true: Any, y_pred: Any, threshold: float | None) -> tuple[Tensor, Tensor]:
    true, pred = losses._alike(y_true, y_pred)
    return math.cast(true, dtypes.bool_), pred if threshold is None else comparison.greater(pred, threshold)


def _beside(weights: Any, values: Any) -> Any:
    """Weights in a shape that broadcasts to values: one for each of them, from the left."""
    if weights is None:
        return None
    weight = convert_to_tensor(weights)
    rank = convert_to_tensor(values).shape.ndims or 0
    for _ in range(rank - (weight.shape.ndims or 0)):
        weight = array.expand_dims(weight, -1)
    return weight


class _OfFunction(_Averaged):
    """The mean of a function that a model was compiled with."""

    def __init__(self, name: str, of: Callable[..., Any]) -> None:
        super().__init__(name)
        self._of = of

    def update(self, y_true: Any, y_pred: Any, weights: Any) -> tuple[Any, Any]:
        """The weighted mean over all batches."""
        values = convert_to_tensor(self._of(y_true, y_pred))
        return metrics.mean(values, _beside(weights, values))


_ACCURACY = ("accuracy", "acc")
_CROSSENTROPY = ("crossentropy", "ce")


def get(identifier: Any) -> Any:
    """The function or object that a name or a function stands for.

    Raises:
        ValueError: There is no metric of that name.
    """
    if not isinstance(identifier, str):
        return identifier() if isinstance(identifier, type) else identifier
    found = globals().get(identifier) if identifier in __all__ else None
    if found is None:
        try:
            return losses.get(identifier)
        except ValueError as error:
            raise ValueError(
                f"Unknown metric function: {identifier!r}. See keras.metrics for those there are."
            ) from error
    return found() if isinstance(found, type) else found


def named(identifier: Any, loss: Any, output: Tensor, target: Tensor) -> Metric:
    """A metric that a model was compiled with, for one of its outputs.

    `"accuracy"` and `"crossentropy"` are what goes with the loss and the shapes, and are called `acc` and `ce`.
    """
    if isinstance(identifier, str) and identifier in (*_ACCURACY, *_CROSSENTROPY):
        is_accuracy = identifier in _ACCURACY
        kind = _kind_of_labels(loss, output, target)
        functions = (
            {"binary": binary_accuracy, "sparse": sparse_categorical_accuracy, "categorical": categorical_accuracy}
            if is_accuracy
            else {
                "binary": losses.binary_crossentropy,
                "sparse": losses.sparse_categorical_crossentropy,
                "categorical": losses.categorical_crossentropy,
            }
        )
        return _OfFunction("acc" if is_accuracy else "ce", functions[kind])
    found = get(identifier)
    if isinstance(found, Metric):
        return found
    return _OfFunction(getattr(found, "__name__", None) or found.name, found)


def _kind_of_labels(loss: Any, output: Tensor, target: Tensor) -> str:
    name = getattr(loss, "__name__", type(loss).__name__).lower().replace("_", "")
    if output.shape.as_list()[-1:] == [1] or name == "binarycrossentropy":
        return "binary"
    last = target.shape.as_list()[-1:]
    rank = (target.shape.ndims or 0) < (output.shape.ndims or 0)
    return "sparse" if rank or last == [1] or name.startswith("sparse") else "categorical"
