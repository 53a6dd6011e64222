"""What a model function offers to those who serve it: outputs that become signatures of a SavedModel.

Source: tensorflow/python/saved_model/model_utils/export_output.py.
"""

from __future__ import annotations

import abc
from collections.abc import Mapping
from typing import Any

from tensorboard.compat.proto.meta_graph_pb2 import SignatureDef

from trackml import dtypes
from trackml.graph.operation import Tensor
from trackml.saved_model.signatures import (
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
