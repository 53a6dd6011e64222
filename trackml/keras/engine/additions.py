"""Layers that pass their input on and add it to the model's loss or metrics."""

from __future__ import annotations

from typing import Any

from trackml.graph.operation import Tensor
from trackml.keras.engine.base_layer import Layer
from trackml.ops import array


class AddLoss(Layer):
    """Adds its input to the model's loss."""

    def call(self, inputs: Tensor) -> Tensor:
        """The input."""
        self.add_loss(inputs)
        return array.identity(inputs)


class AddMetric(Layer):
    """Shows its input among the model's metrics.

    Args:
        aggregation: `"mean"` or None.
        metric_name: What it is called.
        kwargs: What `Layer` takes.
    """

    def __init__(self, aggregation: str | None = None, metric_name: str | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.aggregation = aggregation
        self.metric_name = metric_name

    def call(self, inputs: Tensor) -> Tensor:
        """The input."""
        self.add_metric(inputs, self.metric_name, self.aggregation)
        return array.identity(inputs)
