"""The table that `model.summary()` prints, as Keras prints it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from trackml import nest
from trackml.keras.engine.nodes import node_of
from trackml.variables import Variable


def summary_lines(model: Any, line_length: int | None = None, positions: Any = None) -> Iterator[str]:
    """The lines of the table."""
    if not model.built:
        raise ValueError(
            "This model has not yet been built. Build it by calling it on data or `fit()`, or give its first layer an "
            "`input_shape`."
        )
    connected = _branches(model)
    length = line_length or (98 if connected else 65)
    shares = positions or ([0.33, 0.55, 0.67, 1.0] if connected else [0.45, 0.85, 1.0])
    ends = [int(length * share) for share in shares] if shares[-1] <= 1 else list(shares)
    titles = ["Layer (type)", "Output Shape", "Param #", "Connected to"][: len(ends)]
    yield f'Model: "{model.name}"'
    yield "_" * length
    yield _row(titles, ends)
    yield "=" * length
    layers = model.layers
    for index, layer in enumerate(layers):
        yield from _layer_rows(layer, ends, set(model._order) if connected else None)
        yield ("=" if index == len(layers) - 1 else "_") * length
    trainable, fixed = _count(model.trainable_weights), _count(model.non_trainable_weights)
    yield f"Total params: {trainable + fixed:,}"
    yield f"Trainable params: {trainable:,}"
    yield f"Non-trainable params: {fixed:,}"
    yield "_" * length


def _branches(model: Any) -> bool:
    """Whether the network is more than one layer after the other."""
    return len(model.inputs) > 1 or any(len(node.sources) > 1 or len(node.layer._nodes) > 1 for node in model._order)


def _layer_rows(layer: Any, ends: Sequence[int], order: Any) -> Iterator[str]:
    try:
        shape = layer.output_shape
    except AttributeError:
        shape = "multiple"
    count = str(layer.count_params()) if layer.built else "0 (unused)"
    fields = [f"{layer.name} ({type(layer).__name__})", str(shape), count]
    sources = []
    if order is not None:
        calls = [node for node in layer._nodes if node in order]
        sources = [_place_of(tensor) for node in calls for tensor in node.sources]
        fields.append(sources[0] if sources else "")
    yield _row(fields, ends)
    for source in sources[1:]:
        yield _row(["", "", "", source], ends)


def _place_of(tensor: Any) -> str:
    """Layer, call and output that a tensor came from; models count their own making as a call."""
    origin = node_of(tensor)
    assert origin is not None
    layer = origin.layer
    index = layer._nodes.index(origin) + (1 if getattr(layer, "is_network", False) else 0)
    return f"{layer.name}[{index}][{nest.flatten(origin.outputs).index(tensor)}]"


def _row(fields: Sequence[str], ends: Sequence[int]) -> str:
    line = ""
    for index, (field, end) in enumerate(zip(fields, ends)):
        line = f"{line[:-1]} {field}" if index else field
        line = line[:end].ljust(end)
    return line


def _count(weights: Sequence[Variable]) -> int:
    return sum(weight.shape.num_elements() or 0 for weight in weights)
