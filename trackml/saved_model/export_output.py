"""What a model function offers to those who serve it: outputs that become signatures of a SavedModel.

Source: tensorflow/python/saved_model/model_utils/export_output.py.
"""

from __future__ import annotations

import abc
from collections.abc import Mapping
from typing import Any

from tensorboard.compat.proto.meta_graph_pb2 import SignatureDef

from trackml import dtypes
from trackml.graph.conversion import constant
from trackml.graph.operation import Operation, Tensor
from trackml.ops.framework import control_dependencies
from trackml.saved_model.constants import signature_constants
from trackml.saved_model.signatures import (
    build_signature_def,
    build_tensor_info,
    classification_signature_def,
    predict_signature_def,
    regression_signature_def,
)


class ExportOutput(abc.ABC):
    """The base of outputs that can be exported."""

    @abc.abstractmethod
    def as_signature_def(self, receiver_tensors: Mapping[str, Any]) -> SignatureDef:
        """The signature with these inputs.

        Args:
            receiver_tensors: The tensors that a caller feeds, by name.

        Raises:
            ValueError: The inputs do not go with this kind of output.
        """


class ClassificationOutput(ExportOutput):
    """Classes, their scores, or both.

    Args:
        scores: A floating-point tensor: a score for each class.
        classes: A string tensor: the names of the classes, in the order of the scores; without scores the best first.

    Raises:
        ValueError: Both are None, or one is of another type.
    """

    def __init__(self, scores: Tensor | None = None, classes: Tensor | None = None) -> None:
        if scores is not None and not _is_floating(scores):
            raise ValueError(f"Classification scores must be a float32 Tensor; got {scores!r}")
        if classes is not None and not (isinstance(classes, Tensor) and classes.dtype == dtypes.string):
            raise ValueError(f"Classification classes must be a string Tensor; got {classes!r}")
        if scores is None and classes is None:
            raise ValueError("At least one of scores and classes must be set.")
        self.scores = scores
        """A score for each class, or None."""
        self.classes = classes
        """The names of the classes, or None."""

    def as_signature_def(self, receiver_tensors: Mapping[str, Any]) -> SignatureDef:
        """The signature; its one input must be a string tensor."""
        examples = _single_string("Classification", receiver_tensors)
        return classification_signature_def(examples, self.classes, self.scores)


class RegressionOutput(ExportOutput):
    """One number for each example.

    Args:
        value: A floating-point tensor.

    Raises:
        ValueError: It is of another type.
    """

    def __init__(self, value: Tensor) -> None:
        if not _is_floating(value):
            raise ValueError(f"Regression output value must be a float32 Tensor; got {value!r}")
        self.value = value
        """The numbers."""

    def as_signature_def(self, receiver_tensors: Mapping[str, Any]) -> SignatureDef:
        """The signature; its one input must be a string tensor."""
        return regression_signature_def(_single_string("Regression", receiver_tensors), self.value)


class PredictOutput(ExportOutput):
    """Any tensors.

    Args:
        outputs: Tensors by name; parts of a name that is a tuple are joined with `/`. One tensor alone is called
            `output`.

    Raises:
        ValueError: A name is no string, or a value no tensor.
    """

    def __init__(self, outputs: Any) -> None:
        named = outputs if isinstance(outputs, Mapping) else {"output": outputs}
        self.outputs = {_checked_name(key): _checked_tensor(value) for key, value in named.items()}
        """The tensors by name."""

    def as_signature_def(self, receiver_tensors: Mapping[str, Any]) -> SignatureDef:
        """The signature, with any inputs."""
        return predict_signature_def(receiver_tensors, self.outputs)


class _SupervisedOutput(ExportOutput):
    """The loss, predictions and metrics of a training or evaluation.

    Args:
        loss: The loss: a tensor, or tensors by name.
        predictions: Predictions: a tensor, or tensors by name.
        metrics: A dict from a name to (value, update_op).

    Raises:
        ValueError: A name is no string, or a value no tensor.
    """

    _method_name = ""

    def __init__(self, loss: Any = None, predictions: Any = None, metrics: Mapping[Any, Any] | None = None) -> None:
        self.loss = _prefixed("loss", loss)
        """The loss by name, or None."""
        self.predictions = _prefixed("predictions", predictions)
        """The predictions by name, or None."""
        self.metrics = _metric_tensors(metrics)
        """Values and updates of the metrics by name, or None."""

    def as_signature_def(self, receiver_tensors: Mapping[str, Any]) -> SignatureDef:
        """The signature, with any inputs."""
        if not receiver_tensors:
            raise ValueError(f"{self._method_name} inputs cannot be None or empty.")
        parts = (self.loss, self.predictions, self.metrics)
        outputs = {name: tensor for part in parts if part is not None for name, tensor in part.items()}
        return build_signature_def(
            {name: build_tensor_info(tensor) for name, tensor in receiver_tensors.items()},
            {name: build_tensor_info(tensor) for name, tensor in outputs.items()},
            self._method_name,
        )


class TrainOutput(_SupervisedOutput):
    """The loss, predictions and metrics of a training; arguments as of `EvalOutput`."""

    _method_name = signature_constants.SUPERVISED_TRAIN_METHOD_NAME


class EvalOutput(_SupervisedOutput):
    """The loss, predictions and metrics of an evaluation: tensors by name, metrics as (value, update_op)."""

    _method_name = signature_constants.SUPERVISED_EVAL_METHOD_NAME


def _prefixed(prefix: str, tensors: Any) -> dict[str, Tensor] | None:
    """Tensors under names that begin with `prefix`."""
    if tensors is None:
        return None
    named = tensors if isinstance(tensors, Mapping) else {prefix: tensors}
    names = {key: _checked_name(key) for key in named}
    return {
        name if name.startswith(prefix) else f"{prefix}/{name}": _checked_tensor(named[key])
        for key, name in names.items()
    }


def _metric_tensors(metrics: Mapping[Any, Any] | None) -> dict[str, Tensor] | None:
    if metrics is None:
        return None
    found = {}
    for key, (value, update) in metrics.items():
        name = _checked_name(key)
        name = name if name.startswith("metrics") else f"metrics/{name}"
        found[f"{name}/value"] = _checked_tensor(value)
        found[f"{name}/update_op"] = update if isinstance(update, Tensor) else _after(update)
    return found


def _after(operation: Operation) -> Tensor:
    """A tensor for an operation, as a signature names tensors only."""
    with control_dependencies([operation]):
        return constant([], dtypes.float32, name="metric_op_wrapper")


def _is_floating(value: Any) -> bool:
    return isinstance(value, Tensor) and value.dtype.is_floating


def _checked_name(key: Any) -> str:
    name = "/".join(key) if isinstance(key, tuple) else key
    if not isinstance(name, str):
        raise ValueError(f"Prediction output key must be a string; got {key!r}.")
    return name


def _checked_tensor(value: Any) -> Tensor:
    if not isinstance(value, Tensor):
        raise ValueError(f"Prediction output value must be a Tensor; got {value!r}.")
    return value


def _single_string(kind: str, receiver_tensors: Mapping[str, Any]) -> Tensor:
    tensors = list(receiver_tensors.values())
    if len(tensors) != 1 or not isinstance(tensors[0], Tensor) or tensors[0].dtype != dtypes.string:
        raise ValueError(f"{kind} input must be a single string Tensor; got {dict(receiver_tensors)}")
    return tensors[0]
