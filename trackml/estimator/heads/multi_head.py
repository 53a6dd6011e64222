"""Several heads on one model."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from trackml.estimator.heads.base import Head, Metric
from trackml.estimator.heads.keys import MetricKeys, ServingKeys
from trackml.estimator.model_fn import EstimatorSpec, ModeKeys
from trackml.graph.conversion import convert_to_tensor
from trackml.graph.operation import Tensor
from trackml.metrics import mean
from trackml.ops import control
from trackml.ops.framework import name_scope
from trackml.ops.math import add_n
from trackml.saved_model.export_output import ExportOutput, PredictOutput
from trackml.summary import scalar


class MultiHead(Head):
    """Several heads on one model: the loss is the (weighted) sum of theirs.

    Labels are a dict by the names of the heads; logits too, or a tensor that is split among the heads in their order.

    Args:
        heads: The heads, each with a name of its own.
        head_weights: What the loss of each is multiplied by; 1 by default.

    Raises:
        ValueError: There is no head, one has no name, two have the same, or the weights are not as many.
    """

    def __init__(self, heads: Sequence[Head], head_weights: Sequence[float] | None = None) -> None:
        if not heads:
            raise ValueError(f"Must specify heads. Given: {heads}")
        if head_weights and len(head_weights) != len(heads):
            raise ValueError(
                "heads and head_weights must have the same size. "
                f"Given len(heads): {len(heads)}. Given len(head_weights): {len(head_weights)}."
            )
        self._heads = {_checked_name(head): head for head in heads}
        if len(self._heads) != len(heads):
            raise ValueError(f"All heads must have different names. Given: {[head.name for head in heads]}")
        self._weights = tuple(head_weights or [1.0] * len(heads))

    @property
    def name(self) -> str:
        """The names of the heads, joined with `_`."""
        return "_".join(self._heads)

    @property
    def logits_dimension(self) -> int:
        """The sum of that of the heads."""
        return sum(head.logits_dimension for head in self._heads.values())

    @property
    def loss_reduction(self) -> str:
        """That of the heads.

        Raises:
            ValueError: They differ.
        """
        reductions = [head.loss_reduction for head in self._heads.values()]
        if len(set(reductions)) > 1:
            raise ValueError(f"The loss_reduction must be the same for different heads. Given: {reductions}")
        return reductions[0]

    def loss(
        self, labels: Any, logits: Any, features: Any = None, mode: str | None = None, regularization_losses: Any = None
    ) -> Tensor:
        """The weighted sum of the heads' losses, a scalar."""
        own_logits, own_labels = self._split(logits), self._checked_labels(labels)
        losses = [head.loss(own_labels[name], own_logits[name], features, mode) for name, head in self._heads.items()]
        return self._merged(losses, regularization_losses)

    def predictions(self, logits: Any, keys: Sequence[str] | None = None) -> dict[Any, Tensor]:
        """The predictions of all heads by (name of the head, name of the prediction)."""
        own = self._split(logits)
        found = {name: head.predictions(own[name]) for name, head in self._heads.items()}
        return {(name, key): value for name, items in found.items() for key, value in items.items()}

    def create_estimator_spec(
        self,
        features: Any,
        mode: str,
        logits: Any,
        labels: Any = None,
        optimizer: Any = None,
        trainable_variables: Any = None,
        train_op_fn: Callable[[Tensor], Any] | None = None,
        update_ops: Any = None,
        regularization_losses: Any = None,
    ) -> EstimatorSpec:
        """What a model function returns; `labels` is a dict by the names of the heads."""
        with name_scope(self.name, "multi_head"):
            specs = self._specs(features, mode, logits, labels)
            predictions = {
                (name, key): value for name, spec in specs.items() for key, value in spec.predictions.items()
            }
            if mode == ModeKeys.PREDICT:
                return EstimatorSpec(mode, predictions, export_outputs=_merged_outputs(specs))
            loss = self._merged([spec.loss for spec in specs.values()], regularization_losses)
            if mode == ModeKeys.EVAL:
                metrics = self._eval_metric_ops(specs, regularization_losses)
                return EstimatorSpec(mode, predictions, loss, eval_metric_ops=metrics)
            train_op = self._train_op(loss, optimizer, trainable_variables, train_op_fn, update_ops)
        with name_scope(""):
            scalar(MetricKeys.LOSS, loss)
            if regularization_losses:
                scalar(MetricKeys.LOSS_REGULARIZATION, add_n(regularization_losses))
        return EstimatorSpec(mode, predictions, loss, train_op)

    def _specs(self, features: Any, mode: str, logits: Any, labels: Any) -> dict[str, EstimatorSpec]:
        """What each head says of its part."""
        own_logits = self._split(logits)
        own_labels = dict.fromkeys(self._heads) if mode == ModeKeys.PREDICT else self._checked_labels(labels)
        return {
            name: head.create_estimator_spec(
                features, mode, own_logits[name], own_labels[name], train_op_fn=lambda _: control.no_op()
            )
            for name, head in self._heads.items()
        }

    def _merged(self, losses: Sequence[Any], regularization_losses: Any) -> Tensor:
        with name_scope(None, "merge_losses", list(losses)):
            weighted = [loss if weight == 1.0 else loss * weight for loss, weight in zip(losses, self._weights)]
            return add_n([*weighted, *(regularization_losses or ())])

    def _eval_metric_ops(self, specs: Mapping[str, EstimatorSpec], regularization_losses: Any) -> dict[str, Metric]:
        found: dict[str, Metric] = {}
        with name_scope(None, "merge_eval"):
            for name, spec in specs.items():
                found[f"{MetricKeys.LOSS}/{name}"] = mean(spec.loss, name=f"{MetricKeys.LOSS}/{name}")
                found |= spec.eval_metric_ops
            if regularization_losses:
                key = self._key(MetricKeys.LOSS_REGULARIZATION)
                found[key] = mean(add_n(regularization_losses), name=MetricKeys.LOSS_REGULARIZATION)
        return found

    def _split(self, logits: Any) -> Mapping[str, Any]:
        """The logits of each head."""
        if isinstance(logits, Mapping):
            return _checked_names("logits", logits, self._heads)
        with name_scope(None, "split_logits", [logits]):
            tensor = convert_to_tensor(logits)
            sizes = [head.logits_dimension for head in self._heads.values()]
            last = tensor.shape[-1] if tensor.shape.ndims else None
            if last is not None and int(last) != sum(sizes):
                raise ValueError(
                    f"Could not split logits of shape {tensor.shape} among the heads with individual logits "
                    f"dimensions: {sizes}. The last dimension of the logits tensor should equal {sum(sizes)} "
                    f"but is {last}."
                )
            ends = [sum(sizes[: index + 1]) for index in range(len(sizes))]
            return {name: tensor[..., end - size : end] for name, size, end in zip(self._heads, sizes, ends)}

    def _checked_labels(self, labels: Any) -> Mapping[str, Any]:
        if not isinstance(labels, Mapping):
            raise ValueError(f"labels must be a dict. Given: {labels}")
        return _checked_names("labels", labels, self._heads)


def _checked_name(head: Head) -> str:
    if head.name is None:
        raise ValueError(f"All given heads must have name specified. Given: {head}")
    return head.name


def _checked_names(what: str, values: Mapping[str, Any], heads: Mapping[str, Head]) -> Mapping[str, Any]:
    missing = sorted(set(heads) - set(values))
    if missing:
        raise ValueError(f"{what} has missing values for head(s): {missing}")
    return values


def _merged_outputs(specs: Mapping[str, EstimatorSpec]) -> dict[str, ExportOutput]:
    """The export outputs of all heads under their names; the first head's is the default, and one has everything."""
    outputs: dict[str, ExportOutput] = {}
    everything: dict[str, Tensor] = {}
    for name, spec in specs.items():
        for key, output in spec.export_outputs.items():
            outputs.setdefault(ServingKeys.DEFAULT, output)
            outputs[name if key == ServingKeys.DEFAULT else f"{name}/{key}"] = output
            if key == ServingKeys.PREDICT:
                everything |= {f"{name}/{kept}": value for kept, value in output.outputs.items()}
    return {**outputs, ServingKeys.PREDICT: PredictOutput(everything)}
