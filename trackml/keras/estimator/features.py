"""Features and labels of an input function as inputs, targets and weights of a Keras model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from trackml import dtypes, nest
from trackml.graph.conversion import convert_to_tensor
from trackml.graph.operation import Tensor
from trackml.keras.engine.compiled import Compiled
from trackml.ops import array, math
from trackml.ops.framework import name_scope


def split_weights(features: Any) -> tuple[Any, Any]:
    """Features, and the weights of examples if they are `{"features": ..., "sample_weights": ...}`."""
    if isinstance(features, Mapping) and set(features) == {"features", "sample_weights"}:
        return features["features"], features["sample_weights"]
    return features, None


def inputs_of(features: Any, model: Any) -> Any:
    """The features in the order of the inputs, in their types and ranks.

    Raises:
        KeyError: The features have other names than the inputs.
        ValueError: There are more or fewer of them.
    """
    if not model.inputs:
        return _inputs_of_own(features)
    names = _names_of_inputs(model)
    if isinstance(features, Mapping):
        _check_names(features, names, "features", "inputs", _hint(features, names))
        given = [features[name] for name in names]
    else:
        given = nest.flatten(features)
        if len(given) != len(names):
            raise ValueError(f"The model has {len(names)} inputs, {names}; got {len(given)} features.")
    with name_scope("inputs"):
        return [_as(value, tensor) for value, tensor in zip(given, model.inputs)]


def _names_of_inputs(model: Any) -> list[str]:
    """What features are called: inputs of models with a `call` of their own are numbered, or called as in its dict."""
    if model.is_network:
        return list(model.input_names)
    form = getattr(model, "_input_form", None)
    if isinstance(form, Mapping):
        return sorted(form)
    return [f"input_{place + 1}" for place in range(len(model.inputs))]


def _inputs_of_own(features: Any) -> Any:
    """What a model with a `call` of its own, which has seen no data, is called on."""
    with name_scope("inputs"):
        if isinstance(features, Mapping):
            numbered = [f"input_{place + 1}" for place in range(len(features))]
            if set(features) == set(numbered):
                return [_floating(features[name]) for name in numbered]
            return {name: _floating(value) for name, value in features.items()}
        return [_floating(value) for value in nest.flatten(features)]


def _floating(value: Any) -> Tensor:
    """A tensor, in single precision if it is in double, as `fit` feeds it."""
    tensor = convert_to_tensor(value)
    return math.cast(tensor, dtypes.float32) if tensor.dtype is dtypes.float64 else tensor


def _check_names(given: Mapping[str, Any], names: Sequence[str], what: str, order: str, hint: str = "") -> None:
    different = set(given) ^ set(names)
    if different:
        raise KeyError(
            f"The dictionary passed into {what} does not have the expected {order} keys defined in the keras model."
            f"\n\tExpected keys: {sorted(names)}\n\t{what} keys: {sorted(given)}\n\tDifference: {sorted(different)}"
            f"{hint}"
        )


def _hint(features: Mapping[str, Any], names: Sequence[str]) -> str:
    """How features are to be called, where a layer's own name was taken for that of its input."""
    for name in sorted(features):
        if f"{name}_input" in names:
            return (
                "\n\tThe input of a Sequential is called after its first layer, with `_input` behind it: call the "
                f"feature {name!r} {name + '_input'!r}."
            )
    return ""


def targets_of(labels: Any, names: Sequence[str], outputs: Sequence[Tensor], settings: Compiled) -> list[Tensor | None]:
    """The labels in the order of the outputs, None for those that are not compared with anything.

    A vector of labels is a column, as in `fit`.

    Raises:
        KeyError: The labels have other names than the outputs.
        ValueError: There are none, or more or fewer than outputs.
    """
    if labels is None:
        raise ValueError("The input function gives no labels, which training and evaluation need.")
    wanted = [name for place, name in enumerate(names) if settings.takes_targets(place)]
    if isinstance(labels, Mapping):
        _check_names(labels, wanted if set(labels) == set(wanted) else names, "labels", "outputs")
        by_name = dict(labels)
    else:
        given = nest.flatten(labels)
        if len(given) not in (len(names), len(wanted)):
            raise ValueError(f"The model has {len(names)} outputs, {list(names)}; got {len(given)} labels.")
        by_name = dict(zip(names if len(given) == len(names) else wanted, given))
    with name_scope("targets"):
        return [_target(by_name[name], output) if name in wanted else None for name, output in zip(names, outputs)]


def _target(value: Any, output: Tensor) -> Tensor:
    target = math.cast(convert_to_tensor(value), output.dtype)
    return array.expand_dims(target, -1) if target.shape.ndims == 1 else target


def weights_of(weights: Any, names: Sequence[str]) -> list[Tensor | None]:
    """The weight of each example for each output; None where all count the same.

    Raises:
        ValueError: They are for other outputs.
    """
    if weights is None:
        return [None] * len(names)
    if isinstance(weights, Mapping):
        unknown = sorted(set(weights) - set(names))
        if unknown:
            raise ValueError(f"Unknown entries in sample_weights dictionary: {unknown}. The outputs are {list(names)}.")
        given = [weights.get(name) for name in names]
    elif isinstance(weights, (list, tuple)):
        if len(weights) != len(names):
            raise ValueError(f"The model has {len(names)} outputs, {list(names)}; got {len(weights)} sample_weights.")
        given = list(weights)
    else:
        given = [weights] * len(names)
    return [None if one is None else _weight(one) for one in given]


def _weight(value: Any) -> Tensor:
    weight = math.cast(convert_to_tensor(value), dtypes.float32)
    if weight.shape.ndims == 2 and weight.shape.as_list()[1] == 1:
        return array.squeeze(weight, [1])
    return weight


def _as(value: Any, like: Tensor) -> Tensor:
    tensor = convert_to_tensor(value)
    if tensor.dtype is not like.dtype:
        tensor = math.cast(tensor, like.dtype)
    ndims = like.shape.ndims
    if tensor.shape.ndims is not None and ndims is not None and tensor.shape.ndims == ndims - 1:
        tensor = array.expand_dims(tensor, -1)
    return tensor
