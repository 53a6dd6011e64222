"""What stands in `compile(metrics=...)` as metrics of one output."""

from __future__ import annotations

from typing import Any

from trackml.graph.operation import Tensor
from trackml.keras import losses
from trackml.keras.metrics import accuracies
from trackml.keras.metrics.means import MeanMetricWrapper
from trackml.keras.metrics.metric import Metric
from trackml.keras.metrics.names import get

_ACCURACY = ("accuracy", "acc", "ACC")
_CROSSENTROPY = ("crossentropy", "ce")
_BY_LABELS: dict[str, dict[str, Any]] = {
    "acc": {
        "binary": accuracies.binary_accuracy,
        "sparse": accuracies.sparse_categorical_accuracy,
        "categorical": accuracies.categorical_accuracy,
    },
    "ce": {
        "binary": losses.binary_crossentropy,
        "sparse": losses.sparse_categorical_crossentropy,
        "categorical": losses.categorical_crossentropy,
    },
}


def metric_of(identifier: Any, loss: Any, output: Tensor, target: Tensor, *, weighted: bool = False) -> Metric:
    """A metric that a model was compiled with, for one of its outputs.

    `"accuracy"` and `"crossentropy"` are what goes with the loss and the shapes, and are called `acc` and `ce`.

    Args:
        identifier: A name, a function or a metric.
        loss: The loss of the output.
        output: What the model gives.
        target: What it should give.
        weighted: Whether it is one of `weighted_metrics`; what has no name of its own is called `weighted_...`.
    """
    prefix = "weighted_" if weighted else ""
    if isinstance(identifier, str) and identifier in (*_ACCURACY, *_CROSSENTROPY):
        name = "acc" if identifier in _ACCURACY else "ce"
        return MeanMetricWrapper(_BY_LABELS[name][kind_of_labels(loss, output, target)], f"{prefix}{name}")
    found = get(identifier)
    if isinstance(found, Metric):
        return found
    own = getattr(found, "__name__", None) or getattr(found, "name", None) or type(found).__name__
    function = found.call if isinstance(found, losses.Loss) else found
    return MeanMetricWrapper(function, prefix + own.strip("<>"))


def kind_of_labels(loss: Any, output: Tensor, target: Tensor) -> str:
    """Whether labels are `"binary"`, numbers of classes (`"sparse"`) or one number a class (`"categorical"`)."""
    name = loss_name(loss)
    if _last(output) == 1 or name in ("binarycrossentropy", "binaryfocalcrossentropy"):
        return "binary"
    fewer = (target.shape.ndims or 0) < (output.shape.ndims or 0)
    is_sparse = fewer or _last(target) == 1 or name == "sparsecategoricalcrossentropy"
    return "sparse" if is_sparse else "categorical"


def _last(tensor: Tensor) -> int | None:
    """The size of the last axis; None when nobody knows it."""
    return tensor.shape.as_list()[-1] if tensor.shape.ndims else None


def loss_name(loss: Any) -> str:
    """The name of a loss, function or object, without case and underscores."""
    function = getattr(loss, "fn", loss)
    return str(getattr(function, "__name__", type(function).__name__)).lower().replace("_", "")
