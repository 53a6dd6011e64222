"""What premade models share: optimizers by name, heads by number of classes, summaries of layers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from trackml.estimator.heads.base import SingleHead
from trackml.estimator.heads.binary_class import BinaryClassHead
from trackml.estimator.heads.multi_class import MultiClassHead
from trackml.graph.operation import Tensor
from trackml.ops.nn import zero_fraction
from trackml.optimizers import (
    AdagradOptimizer,
    AdamOptimizer,
    FtrlOptimizer,
    GradientDescentOptimizer,
    Optimizer,
    RMSPropOptimizer,
)
from trackml.summary import histogram, scalar

_OPTIMIZERS: dict[str, Callable[..., Optimizer]] = {
    "Adagrad": AdagradOptimizer,
    "Adam": AdamOptimizer,
    "Ftrl": FtrlOptimizer,
    "RMSProp": RMSPropOptimizer,
    "SGD": GradientDescentOptimizer,
}


def optimizer_instance(optimizer: Any, learning_rate: float) -> Optimizer:
    """An optimizer from its name, from a function that makes one, or itself.

    Args:
        optimizer: `"Adagrad"`, `"Adam"`, `"Ftrl"`, `"RMSProp"` or `"SGD"`; a function of nothing; or an `Optimizer`.
        learning_rate: That of an optimizer that is made from its name.

    Raises:
        ValueError: There is no such name, or it is no optimizer.
    """
    if isinstance(optimizer, str):
        if optimizer not in _OPTIMIZERS:
            raise ValueError(
                f"Unsupported optimizer name: {optimizer}. Supported names are: {tuple(sorted(_OPTIMIZERS))}"
            )
        return _OPTIMIZERS[optimizer](learning_rate=learning_rate)
    made = optimizer() if callable(optimizer) else optimizer
    if not isinstance(made, Optimizer):
        raise ValueError(f"The given object is not an Optimizer instance. Given: {made!r}")
    return made


def class_head(
    n_classes: int, weight_column: Any, label_vocabulary: Sequence[str] | None, reduction: str
) -> SingleHead:
    """The head for a number of classes; ValueError when there are less than two."""
    if n_classes < 2:
        raise ValueError(f"n_classes must be at least 2; got {n_classes}. To predict numbers use a Regressor.")
    if n_classes == 2:
        return BinaryClassHead(weight_column, label_vocabulary=label_vocabulary, loss_reduction=reduction)
    return MultiClassHead(n_classes, weight_column, label_vocabulary, reduction)


def columns_of(feature_columns: Any, argument: str = "feature_columns") -> tuple[Any, ...]:
    """Feature columns as a tuple; ValueError when they are not in a list."""
    if feature_columns is None:
        return ()
    if isinstance(feature_columns, (str, Mapping)) or hasattr(feature_columns, "parse_example_spec"):
        raise ValueError(f"{argument} must be a list of feature columns; got {feature_columns!r}. Put it into a list.")
    return tuple(feature_columns)


def sizes_of(hidden_units: Any, argument: str = "hidden_units") -> tuple[int, ...]:
    """The sizes of layers, given as numbers or as text; ValueError when one is no positive number."""
    try:
        sizes = tuple(int(size) for size in hidden_units)
    except (TypeError, ValueError) as error:
        raise ValueError(
            f"{argument} must be a list of numbers of units, one a layer, such as [64, 32]; got {hidden_units!r}."
        ) from error
    if any(size <= 0 for size in sizes):
        raise ValueError(f"{argument} must be positive; got {list(sizes)}.")
    return sizes


def in_one_part(partitioner: Any) -> Any:
    """The partitioner that premade models keep variables with, which decides how slots are named."""
    return partitioner or (lambda shape, dtype: [1] * len(shape))


def check_features(features: Any) -> None:
    """Raises ValueError unless the features are a dict."""
    if not isinstance(features, Mapping):
        raise ValueError(f"features should be a dictionary of `Tensor`s. Given type: {type(features)}")


def summarize_layer(value: Tensor, tag: str) -> None:
    """Summaries of what a layer gives: the share of zeros, and a histogram."""
    scalar(f"{tag}/fraction_of_zero_values", zero_fraction(value))
    histogram(f"{tag}/activation", value)
