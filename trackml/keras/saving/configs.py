"""Configurations of layers: their constructors' arguments, with Keras' names and values."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

from trackml.dtypes import as_dtype
from trackml.graph.operation import Tensor
from trackml.keras.saving.objects import found, plain, revived
from trackml.keras.saving.registry import get_registered_object
from trackml.variables import Variable

_LAYER_ARGUMENTS = ("name", "trainable", "batch_input_shape", "dtype")
_FIRST_ONLY = ("batch_size", "input_dim", "input_shape", "weights")
# Arguments that TensorFlow 1.15 does not have, and would refuse: told where they say something.
_NEWER = {"groups": 1, "keepdims": False}
_NEWER_IN: dict[str, dict[str, Any]] = {
    "AdditiveAttention": {"dropout": 0.0},
    "Attention": {"dropout": 0.0, "score_mode": "dot"},
    "GaussianDropout": {"seed": None},
    "GaussianNoise": {"seed": None},
}
# What TensorFlow's configurations say of what layers here do not have: at these values it makes no difference.
_NEUTRAL: dict[str, tuple[Any, ...]] = {
    "causal": (False,),
    "data_format": ("channels_last",),
    "dropout": (0.0,),
    "dynamic": (False,),
    "experimental_autocast": (True, False),
    "go_backwards": (False,),
    "groups": (1,),
    "implementation": (0, 1, 2),
    "keepdims": (False,),
    "ragged": (False,),
    "recurrent_dropout": (0.0,),
    "renorm": (False,),
    "sparse": (False,),
    "stateful": (False,),
    "synchronized": (False,),
    "time_major": (False,),
    "unroll": (False, True),
    "zero_output_for_mask": (False, True),
}


def config_of(layer: Any) -> dict[str, Any]:
    """The configuration of a layer, from what its constructor was given and takes.

    Keras' own layers tell what they made of the arguments; layers of one's own what they were given, because their
    attributes need not be the arguments that they are called after.
    """
    cls = type(layer)
    signature = inspect.signature(cls.__init__).parameters
    takes_any = any(parameter.kind is parameter.VAR_KEYWORD for parameter in signature.values())
    config: dict[str, Any] = {}
    for name in _LAYER_ARGUMENTS:
        if takes_any or name in signature:
            config |= _common(layer, name)
    own = is_own(cls)
    for name in [*_named(signature), *(key for key in layer._given if key not in signature)]:
        if own and _is_newer_and_silent(cls, name, layer._given):
            continue
        if name in _LAYER_ARGUMENTS or (name in _FIRST_ONLY and name not in signature):
            continue
        parameter = signature.get(name)
        value = layer._given.get(name, None if parameter is None else parameter.default)
        config[name] = plain(found(name, _settled(layer, name, value)) if own else value)
    return config


def _is_newer_and_silent(cls: type, name: str, given: Mapping[str, Any]) -> bool:
    newer = {**_NEWER, **_NEWER_IN.get(cls.__name__, {})}
    return name in newer and bool(given.get(name, newer[name]) == newer[name])


def is_own(cls: type) -> bool:
    """Whether a class is Keras' own, not a user's."""
    return cls.__module__.startswith("trackml.")


def _named(signature: Mapping[str, inspect.Parameter]) -> list[str]:
    return [
        name
        for name, parameter in signature.items()
        if name != "self" and parameter.kind in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY)
    ]


def _common(layer: Any, name: str) -> dict[str, Any]:
    if name == "batch_input_shape":
        shape = layer._batch_input_shape
        return {} if shape is None else {name: tuple(shape)}
    if name == "dtype":
        return {name: "float32" if layer.dtype is None else as_dtype(layer.dtype).name}
    return {name: getattr(layer, name)}


def _settled(layer: Any, name: str, given: Any) -> Any:
    """What the layer keeps of an argument."""
    for attribute in (name, f"_{name}"):
        if attribute in vars(layer):
            kept = vars(layer)[attribute]
            return given if isinstance(kept, (Tensor, Variable)) else kept
    return given


def arguments_of(cls: type, config: Mapping[str, Any]) -> dict[str, Any]:
    """What the constructor of a layer is given for a configuration, with initializers and the like made of it.

    Raises:
        ValueError: The configuration asks for something that the layer does not have.
    """
    arguments = dict(config)
    if cls.__name__ == "Lambda" and is_own(cls):
        arguments = _lambda_arguments(arguments)
    if isinstance(arguments.get("dtype"), Mapping):
        arguments["dtype"] = arguments["dtype"]["config"]["name"]
    if is_own(cls):
        arguments = _accepted(cls, arguments)
    return {name: revived(name, value) for name, value in arguments.items()}


def _accepted(cls: type, arguments: dict[str, Any]) -> dict[str, Any]:
    accepted = _parameters_of(cls)
    kept = {}
    for name, value in arguments.items():
        if name in _NEWER and value == _NEWER[name]:
            continue
        if name.startswith("kernel_") and cls.__name__.startswith("Separable") and name not in accepted:
            continue  # TensorFlow tells of a kernel that these do not have
        if name in accepted:
            kept[name] = value
        elif value is not None and value not in _NEUTRAL.get(name, ()):
            raise ValueError(
                f"The configuration of the {cls.__name__} layer {arguments.get('name')!r} has {name}={value!r}, which "
                "that layer does not have here."
            )
    return kept


def _parameters_of(cls: type) -> set[str]:
    """The names of all arguments that a constructor takes, by itself and by those that it passes them on to."""
    names = {"input_shape", "batch_input_shape", "input_dim"}
    for base in cls.__mro__:
        if "__init__" not in vars(base):
            continue
        parameters = inspect.signature(vars(base)["__init__"]).parameters
        names |= set(_named(parameters))
        if not any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters.values()):
            break
    return names


def _lambda_arguments(config: dict[str, Any]) -> dict[str, Any]:
    """The arguments of a `Lambda`: its function by name; code in a configuration is never run."""
    kind = config.pop("function_type", None)
    for name in ("module", "output_shape_type", "output_shape_module", "mask_type"):
        config.pop(name, None)
    function = config.get("function")
    if callable(function):
        return config
    if isinstance(function, Mapping) and function.get("class_name") == "function":
        function = function["config"]
    is_name = isinstance(function, str) and kind != "lambda"
    found = get_registered_object(str(function if is_name else config.get("name")))
    if found is None:
        said = f"the function {function!r}" if is_name else "Python code, which is never run"
        wanted = repr(function if is_name else config.get("name"))
        raise ValueError(
            f"The Lambda layer {config.get('name')!r} is saved with {said}. Give the function as "
            f"`custom_objects={{{wanted}: function}}`."
        )
    if not is_name:
        config["output_shape"] = None
    return {**config, "function": found}
