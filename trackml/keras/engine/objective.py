"""What a model is compiled with, and the loss and metrics that come of it in a graph."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from trackml.graph.operation import Tensor
from trackml.keras import losses, metrics
from trackml.keras.engine.context import Gathered
from trackml.keras.engine.nodes import mask_of
from trackml.keras.optimizers import Optimizer
from trackml.ops import array, math, reductions
from trackml.ops.framework import name_scope


@dataclass(frozen=True)
class Compiled:
    """What `compile` was given, settled for each output."""

    optimizer: Optimizer
    losses: list[Any]
    """The loss of each output; None for one without."""
    loss_weights: list[float]
    metrics: list[list[Any]]
    weighted_metrics: list[list[Any]]


@dataclass
class Objective:
    """Loss and metrics of one batch, in a graph."""

    loss: Tensor
    """The total, a scalar."""
    parts: dict[str, Tensor] = field(default_factory=dict)
    """The loss of each output, if there are several."""
    metrics: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    """The value over all batches, and the update, of each metric."""


def compiled(
    output_names: Sequence[str],
    optimizer: Optimizer,
    loss: Any,
    loss_weights: Any,
    metric: Any,
    weighted_metric: Any,
) -> Compiled:
    """Settles what goes with each output; ValueError when names or numbers are not those of the outputs."""
    functions = [losses.get(item) for item in _for_each(loss, output_names, "loss")]
    weights = [1.0 if item is None else float(item) for item in _for_each(loss_weights, output_names, "loss_weights")]
    plain, weighted = _metrics_of(metric, output_names), _metrics_of(weighted_metric, output_names)
    return Compiled(optimizer, functions, weights, plain, weighted)


def _for_each(value: Any, names: Sequence[str], what: str) -> list[Any]:
    """What goes with each output: one value for all, a list of them, or a dict by name."""
    if isinstance(value, Mapping):
        unknown = sorted(set(value) - set(names))
        if unknown:
            raise ValueError(
                f"Unknown entries in {what} dictionary: {unknown}. Only expected the outputs {list(names)}."
            )
        return [value.get(name) for name in names]
    if isinstance(value, (list, tuple)):
        if len(value) != len(names):
            raise ValueError(f"{what} should have one entry for each output {list(names)}; got {len(value)}.")
        return list(value)
    return [value] * len(names)


def _metrics_of(value: Any, names: Sequence[str]) -> list[list[Any]]:
    if value is None:
        return [[] for _ in names]
    if isinstance(value, (list, tuple)) and not any(isinstance(item, (list, tuple)) for item in value):
        return [list(value) for _ in names]
    found = _for_each(value, names, "metrics")
    return [[] if item is None else list(item) if isinstance(item, (list, tuple)) else [item] for item in found]


def objective(
    settings: Compiled,
    output_names: Sequence[str],
    outputs: Sequence[Tensor],
    targets: Sequence[Tensor],
    weights: Sequence[Tensor | None],
    penalties: Sequence[Any],
) -> Objective:
    """Makes the loss and the metrics of a batch.

    Args:
        settings: What the model was compiled with.
        output_names: The names of the outputs.
        outputs: What the model gave.
        targets: What it should have given.
        weights: The weight of each example, for each output; None where all count the same.
        penalties: What is added to the loss.
    """
    total: list[Tensor] = []
    parts: dict[str, Tensor] = {}
    several = len(outputs) > 1
    for place, name in enumerate(output_names):
        function = settings.losses[place]
        if function is None:
            continue
        with name_scope(f"loss/{name}_loss"):
            part = _loss_of(function, targets[place], outputs[place], weights[place])
        if several:
            parts[f"{name}_loss"] = part
        total.append(part if settings.loss_weights[place] == 1.0 else settings.loss_weights[place] * part)
    with name_scope("loss"):
        total += [reductions.reduce_sum(penalty) for penalty in penalties]
        if not total:
            raise ValueError("The model cannot be compiled because it has no loss to optimize.")
        loss = math.add_n(total) if len(total) > 1 else total[0]
    made = Objective(loss, parts)
    with name_scope("metrics"):
        for place, name in enumerate(output_names):
            prefix = f"{name}_" if several else ""
            _add_metrics(made, settings, place, prefix, outputs[place], targets[place], weights[place])
    return made


def _loss_of(function: Any, target: Tensor, output: Tensor, weight: Tensor | None) -> Tensor:
    values = losses.per_example(function, target, output)
    mask = mask_of(output)
    if mask is not None and (values.shape.ndims or 0) > 0:
        counted = math.cast(mask, values.dtype)
        share = math.cast(array.size(counted), values.dtype) / math.maximum(reductions.reduce_sum(counted), 1e-7)
        values = losses.reduced(values, counted * share, "none")
    return losses.reduced(values, weight, getattr(function, "reduction", "auto"))


def _add_metrics(
    made: Objective, settings: Compiled, place: int, prefix: str, output: Tensor, target: Tensor, weight: Any
) -> None:
    mask = mask_of(output)
    plain = None if mask is None else math.cast(mask, output.dtype)
    wanted = [(item, plain) for item in settings.metrics[place]]
    wanted += [(item, weight) for item in settings.weighted_metrics[place]]
    for item, weights in wanted:
        metric = metrics.named(item, settings.losses[place], output, target)
        name = f"{prefix}{metric.name}"
        count = sum(1 for known in made.metrics if known == name or known.startswith(f"{name}_"))
        made.metrics[f"{name}_{count}" if count else name] = metric.update(target, output, weights)


def penalties_of(model: Any, found: Gathered) -> list[Any]:
    """The penalties on weights, and those that layers added while they were called."""
    return [*model.weight_losses, *found.losses]
