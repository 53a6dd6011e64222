"""What an exported model is fed: placeholders, and the features that are made of them.

Source: tensorflow_estimator/python/estimator/export/export.py.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from trackml import dtypes
from trackml.estimator.input_fn import features_and_labels
from trackml.graph.conversion import placeholder
from trackml.graph.graph import Graph
from trackml.graph.operation import Tensor
from trackml.graph.sparse_tensor import SparseTensor
from trackml.ops.example_parsing import parse_example
from trackml.shapes import TensorShape

_ALONE = {"feature": "feature", "label": "label", "receiver_tensor": "input", "receiver_tensors_alternative": "input"}
"""What a tensor is called that comes alone, by the field that it is in."""


class _ServingFields(NamedTuple):
    features: Any
    receiver_tensors: dict[str, Any]
    receiver_tensors_alternatives: dict[str, dict[str, Any]] | None


class ServingInputReceiver(_ServingFields):
    """What a serving_input_receiver_fn returns.

    Args:
        features: What the model function gets: tensors by key. A tensor alone is called `feature`.
        receiver_tensors: What callers feed: tensors by name. A tensor alone is called `input`.
        receiver_tensors_alternatives: Other groups of tensors to feed, by name; each gives signatures of its own.

    Raises:
        ValueError: A part is missing, a key no string, or a value no tensor.
    """

    __slots__ = ()

    def __new__(
        cls, features: Any, receiver_tensors: Any, receiver_tensors_alternatives: Mapping[str, Any] | None = None
    ) -> ServingInputReceiver:
        """Checks the parts."""
        checked = _checked(features, "feature")
        return super().__new__(
            cls, checked, _checked(receiver_tensors, "receiver_tensor"), _alternatives(receiver_tensors_alternatives)
        )


class TensorServingInputReceiver(_ServingFields):
    """What a serving_input_receiver_fn returns for a model function whose features are one tensor.

    Args:
        features: The tensor.
        receiver_tensors: What callers feed: tensors by name. A tensor alone is called `input`.
        receiver_tensors_alternatives: Other groups of tensors to feed, by name; each gives signatures of its own.

    Raises:
        ValueError: `features` is no tensor, or another part is not as it must be.
    """

    __slots__ = ()

    def __new__(
        cls, features: Any, receiver_tensors: Any, receiver_tensors_alternatives: Mapping[str, Any] | None = None
    ) -> TensorServingInputReceiver:
        """Checks the parts."""
        if features is None:
            raise ValueError("features must be defined.")
        _check_tensor("feature", "", features)
        return super().__new__(
            cls, features, _checked(receiver_tensors, "receiver_tensor"), _alternatives(receiver_tensors_alternatives)
        )


class _SupervisedFields(NamedTuple):
    features: Any
    labels: Any
    receiver_tensors: dict[str, Any]


class SupervisedInputReceiver(_SupervisedFields):
    """What the input receiver function of a training or evaluation graph returns.

    Args:
        features: What the model function gets as features.
        labels: What it gets as labels.
        receiver_tensors: What callers feed: tensors by name.

    Raises:
        ValueError: A part is missing, a key no string, or a value no tensor.
    """

    __slots__ = ()

    def __new__(cls, features: Any, labels: Any, receiver_tensors: Any) -> SupervisedInputReceiver:
        """Checks the parts."""
        _checked(features, "feature")
        _checked(labels, "label")
        return super().__new__(cls, features, labels, _checked(receiver_tensors, "receiver_tensor"))


def build_parsing_serving_input_receiver_fn(
    feature_spec: Mapping[str, Any], default_batch_size: int | None = None
) -> Callable[[], ServingInputReceiver]:
    """A function that makes a receiver of serialized `Example` messages, fed under the name `examples`.

    Args:
        feature_spec: How features are in a message; `tf.feature_column.make_parse_example_spec` makes one.
        default_batch_size: How many examples a batch has; any number by default.

    Example:
        >>> import trackml as tf
        >>> spec = tf.feature_column.make_parse_example_spec([tf.feature_column.numeric_column("x")])
        >>> with tf.Graph().as_default():
        ...     receiver = tf.estimator.export.build_parsing_serving_input_receiver_fn(spec)()
        >>> sorted(receiver.features), sorted(receiver.receiver_tensors)
        (['x'], ['examples'])
    """

    def serving_input_receiver_fn() -> ServingInputReceiver:
        examples = placeholder(dtypes.string, [default_batch_size], name="input_example_tensor")
        return ServingInputReceiver(parse_example(examples, feature_spec), {"examples": examples})

    return serving_input_receiver_fn


def build_raw_serving_input_receiver_fn(
    features: Mapping[str, Any], default_batch_size: int | None = None
) -> Callable[[], ServingInputReceiver]:
    """A function that makes a receiver of the features themselves, fed under their keys.

    Args:
        features: Tensors whose types and shapes the placeholders have, but for the first size.
        default_batch_size: How many examples a batch has; any number by default.
    """

    def serving_input_receiver_fn() -> ServingInputReceiver:
        fed = _placeholders(features, default_batch_size)
        return ServingInputReceiver(fed, fed)

    return serving_input_receiver_fn


def build_raw_supervised_input_receiver_fn(
    features: Any, labels: Any, default_batch_size: int | None = None
) -> Callable[[], SupervisedInputReceiver]:
    """A function that makes a receiver of features and labels themselves, fed under their keys.

    Args:
        features: A tensor, or tensors by key.
        labels: A tensor, or tensors by key.
        default_batch_size: How many examples a batch has; any number by default.

    Raises:
        ValueError: Features and labels have a key in common.
    """
    named_features = features if isinstance(features, Mapping) else {"input": features}
    named_labels = labels if isinstance(labels, Mapping) else {"label": labels}
    overlap = sorted(set(named_features) & set(named_labels))
    if overlap:
        raise ValueError(f"Features and labels must have distinct keys. Found overlapping keys: {overlap}")

    def supervised_input_receiver_fn() -> SupervisedInputReceiver:
        fed = _placeholders(named_features, default_batch_size)
        fed_labels = _placeholders(named_labels, default_batch_size)
        return SupervisedInputReceiver(
            fed if isinstance(features, Mapping) else fed["input"],
            fed_labels if isinstance(labels, Mapping) else fed_labels["label"],
            {**fed, **fed_labels},
        )

    return supervised_input_receiver_fn


def build_supervised_input_receiver_fn_from_input_fn(
    input_fn: Callable[..., Any], **input_fn_args: Any
) -> Callable[[], SupervisedInputReceiver]:
    """A function that makes a receiver of what an input function gives.

    Args:
        input_fn: An input function; it is called once, in a graph of its own.
        **input_fn_args: Its arguments.
    """
    with Graph().as_default():
        features, labels, _ = features_and_labels(input_fn(**input_fn_args))
    return build_raw_supervised_input_receiver_fn(features, labels)


def _placeholders(tensors: Mapping[str, Any], batch_size: int | None) -> dict[str, Tensor]:
    return {key: _placeholder(tensor, batch_size) for key, tensor in tensors.items()}


def _placeholder(tensor: Any, batch_size: int | None) -> Tensor:
    shape = TensorShape([batch_size]).concatenate(tensor.shape[1:])
    return placeholder(tensor.dtype, shape, name=tensor.op.name if isinstance(tensor, Tensor) else None)


def _alternatives(given: Mapping[str, Any] | None) -> dict[str, dict[str, Any]] | None:
    if given is None:
        return None
    if not isinstance(given, Mapping):
        raise ValueError(f"receiver_tensors_alternatives must be a dict: {given}.")
    return {name: _checked(tensors, "receiver_tensors_alternative") for name, tensors in given.items()}


def _checked(tensors: Any, field: str) -> dict[Any, Any]:
    """Tensors by name, each of them known to be one."""
    if tensors is None:
        raise ValueError(f"{field}s must be defined.")
    named = dict(tensors) if isinstance(tensors, Mapping) else {_ALONE[field]: tensors}
    for name, tensor in named.items():
        if not isinstance(name, str) and not (field in ("feature", "label") and isinstance(name, int)):
            raise ValueError(f"{field} keys must be strings: {name}.")
        _check_tensor(field, f" {name}", tensor)
    return named


def _check_tensor(field: str, name: str, tensor: Any) -> None:
    if not isinstance(tensor, (Tensor, SparseTensor)):
        raise ValueError(f"{field}{name} must be a Tensor or SparseTensor.")
