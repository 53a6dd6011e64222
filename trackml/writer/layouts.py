"""Layouts of TensorBoard's custom scalars: which tags share a chart.

Source: tensorboard/plugins/custom_scalar/layout.proto.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tensorboard.compat.proto import summary_pb2, tensor_pb2, tensor_shape_pb2, types_pb2
from tensorboard.plugins.custom_scalar import layout_pb2

from trackml.writer.tensors import metadata_of

_TAG = "custom_scalars__config__"


def layout_value(layout: Mapping[str, Mapping[str, Sequence[Any]]]) -> summary_pb2.Summary.Value:
    """Gives a layout.

    Args:
        layout: By category and title of a chart: the chart's kind, "Multiline" or "Margin", and its tags.

    Raises:
        ValueError: A margin chart has not three tags: value, lower and upper.
    """
    categories = [
        layout_pb2.Category(title=category, chart=[_chart(title, *chart) for title, chart in charts.items()])
        for category, charts in layout.items()
    ]
    content = layout_pb2.Layout(category=categories).SerializeToString()
    shape = tensor_shape_pb2.TensorShapeProto()
    tensor = tensor_pb2.TensorProto(dtype=types_pb2.DT_STRING, string_val=[content], tensor_shape=shape)
    return summary_pb2.Summary.Value(tag=_TAG, tensor=tensor, metadata=metadata_of("custom_scalars"))


def _chart(title: str, kind: str, tags: Sequence[str]) -> layout_pb2.Chart:
    if kind != "Margin":
        return layout_pb2.Chart(title=title, multiline=layout_pb2.MultilineChartContent(tag=tags))
    if len(tags) != 3:
        raise ValueError(f"A margin chart has three tags, value, lower and upper; got {list(tags)} for {title!r}.")
    value, lower, upper = tags
    series = layout_pb2.MarginChartContent.Series(value=value, lower=lower, upper=upper)
    return layout_pb2.Chart(title=title, margin=layout_pb2.MarginChartContent(series=[series]))
