"""What `compile` was given, settled for each output."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from trackml.graph.graph import get_default_graph
from trackml.graph.operation import Tensor
from trackml.keras import losses, metrics
from trackml.keras.metrics.compiled import loss_name, metric_of
from trackml.keras.optimizers import Optimizer

_KEY = ("__keras_compiled_metrics",)


@dataclass(frozen=True, eq=False)
class Compiled:
    """What `compile` was given, settled for each output."""

    optimizer: Optimizer
    losses: list[Any]
    """The loss of each output; None for one without."""
    loss_weights: list[float]
    metrics: list[list[Any]]
    weighted_metrics: list[list[Any]]
    sample_weight_modes: list[str | None]
    """`"temporal"` for outputs whose steps have weights of their own."""

    def takes_targets(self, place: int) -> bool:
        """Whether an output is compared with anything."""
        return self.losses[place] is not None or bool(self.metrics[place] or self.weighted_metrics[place])

    def modes_of(self, names: Sequence[str], every: Sequence[str]) -> list[str | None]:
        """The modes of some of the outputs."""
        return [mode for name, mode in zip(every, self.sample_weight_modes) if name in names]

    def takes_class_numbers(self, place: int) -> bool:
        """Whether the targets of an output are numbers of classes, and not in the shape of the output."""
        return loss_name(self.losses[place]).startswith("sparse")

    def metrics_of(self, place: int, output: Tensor, target: Tensor) -> list[tuple[Any, bool]]:
        """The metrics of an output in the default graph, each with whether examples count by their weights.

        They are made once in a graph, so that all steps of a model add up in the same variables.
        """
        kept = _kept(self)
        if place not in kept:
            wanted = [(item, False) for item in self.metrics[place]]
            wanted += [(item, True) for item in self.weighted_metrics[place]]
            loss = self.losses[place]
            kept[place] = [
                (_own(metric_of(item, loss, output, target, weighted=weighted), kept), weighted)
                for item, weighted in wanted
            ]
        return kept[place]


def _kept(settings: Compiled) -> dict[Any, list[tuple[Any, bool]]]:
    """The metrics by output that were made in the default graph; kept there, so that they go with it."""
    collection = get_default_graph().get_collection_ref(_KEY)
    if not collection:
        collection.append({})
    found: dict[Any, list[tuple[Any, bool]]] = collection[0].setdefault(settings, {})
    return found


def _own(metric: metrics.Metric, kept: Mapping[Any, list[tuple[Any, bool]]]) -> metrics.Metric:
    """The metric, or one like it if it is of another graph or goes with another output already."""
    used = any(metric is other for known in kept.values() for other, _ in known)
    made: metrics.Metric = metric.copied() if used or metric.graph is not get_default_graph() else metric
    return made


def compiled(
    output_names: Sequence[str],
    optimizer: Optimizer,
    loss: Any,
    loss_weights: Any,
    metric: Any,
    weighted_metric: Any,
    sample_weight_mode: Any = None,
) -> Compiled:
    """Settles what goes with each output.

    Raises:
        ValueError: Names or numbers are not those of the outputs, or there is no such loss, metric or mode.
    """
    functions = [losses.get(item) for item in _for_each(loss, output_names, "loss")]
    weights = [1.0 if item is None else float(item) for item in _for_each(loss_weights, output_names, "loss_weights")]
    modes = _for_each(sample_weight_mode, output_names, "sample_weight_mode")
    if any(mode not in (None, "temporal", "samplewise") for mode in modes):
        raise ValueError(f'sample_weight_mode must be None or "temporal", for all outputs or each; got {modes}.')
    plain = _metrics_of(metric, output_names, "metrics")
    weighted = _metrics_of(weighted_metric, output_names, "weighted_metrics")
    return Compiled(optimizer, functions, weights, plain, weighted, modes)


def _for_each(value: Any, names: Sequence[str], what: str) -> list[Any]:
    """What goes with each output: one value for all, a list of them, or a dict by name."""
    if isinstance(value, Mapping) and not {"class_name", "config"} <= set(value):
        unknown = sorted(set(value) - set(names))
        if unknown:
            raise ValueError(
                f"Unknown entries in {what} dictionary: {unknown}. Only expected the outputs {list(names)}."
            )
        return [value.get(name) for name in names]
    if isinstance(value, (list, tuple)):
        if len(value) != len(names):
            raise ValueError(
                f"{what} should have one entry for each output. The outputs are {list(names)}; got {len(value)} "
                f"entries: {list(value)}."
            )
        return list(value)
    return [value] * len(names)


def _metrics_of(value: Any, names: Sequence[str], what: str) -> list[list[Any]]:
    if value is None:
        return [[] for _ in names]
    if isinstance(value, (list, tuple)) and not any(isinstance(item, (list, tuple)) for item in value):
        found: list[Any] = [list(value) for _ in names]
    else:
        found = _for_each(value, names, what)
    settled = [[] if item is None else list(item) if isinstance(item, (list, tuple)) else [item] for item in found]
    for item in (item for one in settled for item in one):
        if isinstance(item, str) and item not in ("accuracy", "acc", "ACC", "crossentropy", "ce"):
            _known_metric(item)
    return settled


def _known_metric(name: str) -> None:
    """Refuses a name that no metric has, without making one."""
    if name not in metrics.names.KNOWN:
        metrics.get(name)
