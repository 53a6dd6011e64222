"""What a model function is given and what it returns: ModeKeys and EstimatorSpec."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from trackml.graph.conversion import constant, convert_to_tensor
from trackml.graph.graph import get_default_graph
from trackml.graph.operation import Operation, Tensor
from trackml.ops import array
from trackml.train.logging_hooks import as_hooks
from trackml.train.scaffold import Scaffold


class ModeKeys:
    """What a model function is called for."""

    TRAIN = "train"
    EVAL = "eval"
    PREDICT = "infer"


_MODES = (ModeKeys.TRAIN, ModeKeys.EVAL, ModeKeys.PREDICT)


class _Fields(NamedTuple):
    mode: str
    predictions: Any
    loss: Any
    train_op: Any
    eval_metric_ops: dict[str, Any]
    export_outputs: Any
    training_chief_hooks: tuple[Any, ...]
    training_hooks: tuple[Any, ...]
    scaffold: Scaffold
    evaluation_hooks: tuple[Any, ...]
    prediction_hooks: tuple[Any, ...]


class EstimatorSpec(_Fields):
    """What a model function returns: the tensors and operations that train, evaluate and predict.

    Args:
        mode: One of `ModeKeys`.
        predictions: A tensor or a dict of tensors; needed to predict.
        loss: A scalar tensor (or one of shape `[1]`); needed to train and evaluate.
        train_op: The operation of one training step; needed to train.
        eval_metric_ops: A dict from a name to `(value, update_op)`, as functions of `tf.metrics` return them, or to a
            metric of `keras.metrics` whose `update_state` was called.
        export_outputs: A dict from a name to an export output.
        training_chief_hooks: Hooks for training.
        training_hooks: Hooks for training.
        scaffold: The operations that initialise, summarise and save.
        evaluation_hooks: Hooks for evaluation.
        prediction_hooks: Hooks for prediction.

    Raises:
        ValueError: What the mode needs is missing, the loss is no scalar, or a tensor is of another graph.
        TypeError: Something is of the wrong type.
    """

    __slots__ = ()

    def __new__(
        cls,
        mode: str,
        predictions: Any = None,
        loss: Any = None,
        train_op: Any = None,
        eval_metric_ops: Mapping[str, Any] | None = None,
        export_outputs: Mapping[str, Any] | None = None,
        training_chief_hooks: Any = None,
        training_hooks: Any = None,
        scaffold: Scaffold | None = None,
        evaluation_hooks: Any = None,
        prediction_hooks: Any = None,
    ) -> EstimatorSpec:
        """Checks the parts."""
        if mode not in _MODES:
            raise ValueError(f"Unknown mode {mode!r}; expected one of tf.estimator.ModeKeys: {_MODES}.")
        if scaffold is not None and not isinstance(scaffold, Scaffold):
            raise TypeError(f"scaffold must be tf.train.Scaffold. Given: {scaffold!r}")
        checked_train_op = _checked_train_op(train_op, mode)
        checked_loss = _checked_loss(loss, mode)
        return super().__new__(
            cls,
            mode=mode,
            predictions=_checked_predictions(predictions, mode),
            loss=checked_loss,
            train_op=checked_train_op,
            eval_metric_ops=_checked_metrics(eval_metric_ops),
            export_outputs=export_outputs,
            training_chief_hooks=tuple(as_hooks(training_chief_hooks)),
            training_hooks=tuple(as_hooks(training_hooks)),
            scaffold=scaffold or Scaffold(),
            evaluation_hooks=tuple(as_hooks(evaluation_hooks)),
            prediction_hooks=tuple(as_hooks(prediction_hooks)),
        )

    def _replace(self, **changes: Any) -> EstimatorSpec:
        """A specification with some parts changed, checked anew; the mode stays what it is.

        Raises:
            ValueError: Another `mode` is given, or a part that there is not.
        """
        if changes.get("mode", self.mode) != self.mode:
            raise ValueError("mode of EstimatorSpec cannot be changed.")
        unknown = sorted(set(changes) - set(self._fields))
        if unknown:
            raise ValueError(f"Got unexpected field names: {unknown}")
        return EstimatorSpec(**{**self._asdict(), **changes})


def _checked_predictions(predictions: Any, mode: str) -> Any:
    if predictions is None:
        if mode == ModeKeys.PREDICT:
            raise ValueError("Missing predictions.")
        return {}
    if isinstance(predictions, Mapping):
        return {key: _tensor(value, f"predictions[{key}]") for key, value in predictions.items()}
    return _tensor(predictions, "predictions")


def _checked_loss(loss: Any, mode: str) -> Tensor | None:
    if loss is None:
        if mode in (ModeKeys.TRAIN, ModeKeys.EVAL):
            raise ValueError("Missing loss.")
        return None
    tensor = _tensor(loss, "loss")
    if tensor.shape.num_elements() not in (None, 1):
        raise ValueError(
            f"Loss must be scalar, given: {tensor}. Take its mean or sum, as in tf.reduce_mean(loss). "
            f"[{tensor.op.describe()}]"
        )
    return tensor if tensor.shape.is_compatible_with([]) else array.reshape(tensor, [])


def _checked_train_op(train_op: Any, mode: str) -> Any:
    if train_op is None:
        if mode == ModeKeys.TRAIN:
            raise ValueError("Missing train_op.")
        return None
    element = train_op._as_graph_element() if hasattr(train_op, "_as_graph_element") else train_op
    if not isinstance(element, (Tensor, Operation)):
        raise TypeError(f"train_op must be Operation or Tensor, given: {train_op!r}")
    return _in_default_graph(element, "train_op")


def _checked_metrics(metrics: Mapping[str, Any] | None) -> dict[str, Any]:
    if metrics is None:
        return {}
    if not isinstance(metrics, Mapping):
        raise TypeError(f"eval_metric_ops must be a dict, given: {metrics!r}")
    pairs = {key: one.as_metric_ops() if hasattr(one, "as_metric_ops") else one for key, one in metrics.items()}
    for key, pair in pairs.items():
        if not isinstance(pair, tuple) or len(pair) != 2:
            raise TypeError(
                "Values of eval_metric_ops must be (metric_value, update_op) tuples, "
                f"given: {pair!r} for key: {key}. Use functions of tf.metrics."
            )
    return pairs


def _tensor(value: Any, name: str) -> Tensor:
    if isinstance(value, Operation):
        raise TypeError(f"{name} must be Tensor, given: {value!r}")
    try:
        tensor = constant(value) if isinstance(value, (int, float)) else convert_to_tensor(value)
    except TypeError as error:
        raise TypeError(f"{name} must be Tensor, given: {value!r}") from error
    _in_default_graph(tensor, name)
    return tensor


def _in_default_graph(element: Tensor | Operation, name: str) -> Tensor | Operation:
    if element.graph is not get_default_graph():
        raise ValueError(
            f'{name} with "{element.name}" must be from the default graph. It was made outside of the latest call of '
            "the model function: keep no tensors between calls, each builds a graph of its own."
        )
    return element
