"""The loss and the metrics of a batch, in a graph."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from trackml.graph.operation import Operation, Tensor
from trackml.keras import losses
from trackml.keras.engine.compiled import Compiled
from trackml.keras.engine.context import Gathered
from trackml.keras.engine.nodes import mask_of
from trackml.keras.losses.loss import LossFunctionWrapper
from trackml.keras.losses.reduction import masked_weights
from trackml.keras.metrics.means import Mean
from trackml.keras.metrics.metric import read
from trackml.ops import math, reductions
from trackml.ops.framework import control_dependencies, name_scope


class MetricOps(NamedTuple):
    """A metric in a graph."""

    value: Any
    """Its value over all batches."""
    update: Any
    """The same, after this batch was taken in."""


@dataclass
class Objective:
    """Loss and metrics of one batch, in a graph."""

    loss: Tensor
    """The total, a scalar."""
    parts: dict[str, Tensor] = field(default_factory=dict)
    """The loss of each output, if there are several."""
    metrics: dict[str, MetricOps] = field(default_factory=dict)
    """The metrics by the names that they have in logs."""
    updates: list[Operation] = field(default_factory=list)
    """What takes the batch into the metrics."""
    made_of: list[Any] = field(default_factory=list)
    """The metrics themselves."""


def objective(
    settings: Compiled,
    output_names: Sequence[str],
    outputs: Sequence[Tensor],
    targets: Sequence[Tensor | None],
    weights: Sequence[Tensor | None],
    penalties: Sequence[Any],
    added: Sequence[Any] = (),
) -> Objective:
    """Makes the loss and the metrics of a batch.

    Args:
        settings: What the model was compiled with.
        output_names: The names of the outputs.
        outputs: What the model gave.
        targets: What it should have given; None for outputs that are not compared with anything.
        weights: The weight of each example, for each output; None where all count the same.
        penalties: What is added to the loss.
        added: Metrics that layers added, with `name` and `value`.

    Raises:
        ValueError: There is nothing to optimize.
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
            raise ValueError(
                "The model cannot be compiled because it has no loss to optimize: give `compile` a loss, or the model "
                "penalties with add_loss."
            )
        loss = math.add_n(total) if len(total) > 1 else total[0]
    made = Objective(loss, parts)
    with name_scope("metrics"):
        for place, name in enumerate(output_names):
            prefix = f"{name}_" if several else ""
            if targets[place] is not None:
                _add_metrics(made, settings, place, prefix, outputs[place], targets[place], weights[place])
        for item in added:
            _add(made, item.name, Mean(item.name), item.value)
    return made


def _loss_of(function: Any, target: Any, output: Tensor, weight: Tensor | None) -> Tensor:
    loss = function if isinstance(function, losses.Loss) else LossFunctionWrapper(function)
    value = loss(target, output, weight)
    return reductions.reduce_mean(value) if value.shape.ndims != 0 else value


def _add_metrics(
    made: Objective, settings: Compiled, place: int, prefix: str, output: Tensor, target: Any, weight: Any
) -> None:
    mask = mask_of(output)
    for metric, weighted in settings.metrics_of(place, output, target):
        weights = masked_weights(output, mask, weight if weighted else None, "none")
        named = {} if weights is None else {"sample_weight": weights}
        _add(made, f"{prefix}{metric.name}", metric, target, output, **named)


def _add(made: Objective, name: str, metric: Any, *values: Any, **weights: Any) -> None:
    """Takes a metric among those of the batch, under a name that none of them has."""
    update = metric.update_state(*values, **weights)
    with control_dependencies([update]):
        after = read(metric.result())
    now = read(metric.result())
    made.updates.append(update)
    made.made_of.append(metric)
    if not isinstance(now, Mapping):
        made.metrics[_free(name, made.metrics)] = MetricOps(now, after)
        return
    for key in now:
        made.metrics[_free(key, made.metrics)] = MetricOps(now[key], after[key])


def _free(name: str, taken: Mapping[str, Any]) -> str:
    """The name, or the name with the first number that makes it one of its own."""
    found, number = name, 1
    while found in taken:
        found, number = f"{name}_{number}", number + 1
    return found


def penalties_of(model: Any, found: Gathered) -> list[Any]:
    """The penalties on weights, and those that layers added while they were called."""
    return [*model.weight_losses, *found.losses]
