"""Sums and means over batches, and means of functions of examples."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from trackml.graph.conversion import convert_to_tensor
from trackml.graph.operation import Tensor
from trackml.keras.engine.nodes import mask_of
from trackml.keras.losses.alignment import beside, squeezed
from trackml.keras.losses.reduction import masked_weights
from trackml.keras.metrics.metric import Metric
from trackml.ops import array, math, reductions
from trackml.variables import Variable


class Sum(Metric):
    """The weighted sum of values.

    Args:
        name: Its name.
        dtype: Type of the sum.
    """

    def __init__(self, name: str | None = "sum", dtype: Any = None) -> None:
        super().__init__(name, dtype)
        self.total = self.add_weight("total")

    def update_state(self, values: Any, sample_weight: Any = None) -> Any:
        """Adds values; weights are a scalar, or of the shape of the values less some of their last axes."""
        weighted, _ = _weighted(math.cast(convert_to_tensor(values), self._dtype), sample_weight)
        return self.total.assign_add(reductions.reduce_sum(weighted), read_value=False)

    def result(self) -> Any:
        """The sum."""
        return self.total.value()


class Mean(Metric):
    """The weighted mean of values.

    Args:
        name: Its name.
        dtype: Type of the mean.
    """

    def __init__(self, name: str | None = "mean", dtype: Any = None) -> None:
        super().__init__(name, dtype)
        self.total = self.add_weight("total")
        self.count = self.add_weight("count")

    def update_state(self, values: Any, sample_weight: Any = None) -> Any:
        """Takes values in; weights are a scalar, or of the shape of the values less some of their last axes."""
        return self._add(math.cast(convert_to_tensor(values), self._dtype), sample_weight)

    def _add(self, values: Tensor, sample_weight: Any) -> None:
        weighted, weights = _weighted(values, sample_weight)
        count = math.cast(array.size(values), self._dtype) if weights is None else reductions.reduce_sum(weights)
        self.total.assign_add(reductions.reduce_sum(weighted), read_value=False)
        self.count.assign_add(count, read_value=False)

    def result(self) -> Any:
        """The mean; 0 as long as there is no value."""
        return math.div_no_nan(self.total.value(), self.count.value())


class MeanMetricWrapper(Mean):
    """The weighted mean of a function of labels and predictions.

    Args:
        fn: Called with labels, predictions and `kwargs`.
        name: Its name.
        dtype: Type of the mean.
        kwargs: Passed on to the function.
    """

    def __init__(self, fn: Callable[..., Any], name: str | None = None, dtype: Any = None, **kwargs: Any) -> None:
        super().__init__(name, dtype)
        self._fn = fn
        self._fn_kwargs = kwargs

    def update_state(  # type: ignore[override]
        self, y_true: Any, y_pred: Any, sample_weight: Any = None
    ) -> Any:
        """Takes a batch in."""
        true, pred = labels_and_predictions(y_true, y_pred, self._dtype)
        values = math.cast(convert_to_tensor(self._fn(true, pred, **self._fn_kwargs)), self._dtype)
        return self._add(values, masked_weights(values, mask_of(values), sample_weight, "none"))

    def get_config(self) -> dict[str, Any]:
        """What the constructor takes."""
        own = {"fn": self._fn} if type(self) is MeanMetricWrapper else {}
        return {**super().get_config(), **self._fn_kwargs, **own}

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Any:
        """A metric of a configuration, with variables of its own."""
        if cls is MeanMetricWrapper and not callable(config["fn"]):
            from trackml.keras.metrics.names import get

            return cls(**{**config, "fn": get(config["fn"])})
        return cls(**config)


class MeanTensor(Metric):
    """The weighted mean of tensors of one shape, element by element.

    Args:
        name: Its name.
        dtype: Type of the mean.
        shape: The shape; that of the first values by default.
    """

    def __init__(self, name: str | None = "mean_tensor", dtype: Any = None, shape: Any = None) -> None:
        super().__init__(name, dtype)
        self.total: Variable | None = None
        self.count: Variable | None = None
        if shape is not None:
            self._build(shape)

    def _build(self, shape: Any) -> None:
        self.total = self.add_weight("total", shape)
        self.count = self.add_weight("count", shape)

    def update_state(self, values: Any, sample_weight: Any = None) -> Any:
        """Takes values in; weights are a scalar, or of the shape of the values less some of their last axes.

        Raises:
            ValueError: The values have another shape than those before, or one that is not known.
        """
        tensor = math.cast(convert_to_tensor(values), self._dtype)
        if self.total is None:
            if not tensor.shape.is_fully_defined():
                raise ValueError(f"MeanTensor takes values of a known shape; got {tensor.shape}. Give it `shape`.")
            self._build(tensor.shape.as_list())
        assert self.total is not None
        assert self.count is not None
        if not self.total.shape.is_compatible_with(tensor.shape):
            raise ValueError(
                "MeanTensor input values must always have the same shape. Expected shape (set during the first call): "
                f"{self.total.shape}. Got: {tensor.shape}."
            )
        weighted, weights = _weighted(tensor, sample_weight)
        self.total.assign_add(weighted, read_value=False)
        self.count.assign_add(array.ones_like(tensor) if weights is None else weights, read_value=False)
        return None

    def result(self) -> Any:
        """The mean, in the shape of the values.

        Raises:
            ValueError: There was no value yet, so that the shape is not known.
        """
        if self.total is None or self.count is None:
            raise ValueError("MeanTensor does not have any value yet: call it, or give it `shape`.")
        return math.div_no_nan(self.total.value(), self.count.value())


def labels_and_predictions(y_true: Any, y_pred: Any, dtype: Any) -> tuple[Tensor, Tensor]:
    """Both in a type, and of one rank where they differ by a last axis of size 1."""
    return squeezed(math.cast(convert_to_tensor(y_true), dtype), math.cast(convert_to_tensor(y_pred), dtype))


def _weighted(values: Tensor, sample_weight: Any) -> tuple[Tensor, Tensor | None]:
    """Values times weights, and the weights in the shape of the values; None when there are none.

    One value for the whole batch is not weighted by the weights of its examples.
    """
    if sample_weight is None or (values.shape.ndims == 0 and convert_to_tensor(sample_weight).shape.ndims != 0):
        return values, None
    weights = beside(sample_weight, values) * array.ones_like(values)
    return values * weights, weights
