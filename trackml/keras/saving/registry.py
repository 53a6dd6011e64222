"""Names for classes and functions that are not Keras' own, by which configurations find them again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

_Thing = TypeVar("_Thing")

_CUSTOM: dict[str, Any] = {}
_REGISTERED_NAMES: dict[Any, str] = {}


def get_custom_objects() -> dict[str, Any]:
    """The dictionary from names to classes and functions in which configurations are looked up first.

    What is put into it stays for the rest of the process; `custom_object_scope` is for less.
    """
    return _CUSTOM


class CustomObjectScope:
    """A `with` block in which names stand for classes and functions of one's own.

    Args:
        args: Dictionaries from names to classes or functions.

    Example:
        >>> from trackml import keras
        >>> def double(x):
        ...     return 2.0 * x
        >>> with keras.utils.custom_object_scope({"double": double}):
        ...     keras.activations.get("double") is double
        True
    """

    def __init__(self, *args: Mapping[str, Any] | None) -> None:
        self._added = [given for given in args if given]
        self._before: dict[str, Any] = {}

    def __enter__(self) -> CustomObjectScope:
        """Adds the names."""
        self._before = dict(_CUSTOM)
        for given in self._added:
            _CUSTOM.update(given)
        return self

    def __exit__(self, *exc_info: object) -> None:
        """Puts back what the names stood for before."""
        _CUSTOM.clear()
        _CUSTOM.update(self._before)


def custom_object_scope(*args: Mapping[str, Any] | None) -> CustomObjectScope:
    """The same as `CustomObjectScope`."""
    return CustomObjectScope(*args)


def register_keras_serializable(package: str = "Custom", name: str | None = None) -> Callable[[_Thing], _Thing]:
    """Decorates a class or function, so that configurations know it as `package>name`.

    Args:
        package: What its name begins with; keeps libraries apart.
        name: What its name ends with; its own name by default.

    Raises:
        ValueError: Something else has the name already, the thing has one already, or a class has no `get_config`.

    Example:
        >>> from trackml import keras
        >>> @keras.utils.register_keras_serializable(package="mine")
        ... class Twice(keras.layers.Layer):
        ...     def call(self, inputs):
        ...         return inputs * 2.0
        >>> keras.utils.get_registered_name(Twice)
        'mine>Twice'
    """

    def decorated(thing: _Thing) -> _Thing:
        full = f"{package}>{name or getattr(thing, '__name__', '')}"
        if isinstance(thing, type) and not hasattr(thing, "get_config"):
            raise ValueError("Cannot register a class that does not have a get_config() method.")
        if full in _CUSTOM and _CUSTOM[full] is not thing:
            raise ValueError(f"{full} has already been registered to {_CUSTOM[full]}")
        if thing in _REGISTERED_NAMES and _REGISTERED_NAMES[thing] != full:
            raise ValueError(f"{thing} has already been registered to {_REGISTERED_NAMES[thing]}")
        _CUSTOM[full] = thing
        _REGISTERED_NAMES[thing] = full
        return thing

    return decorated


def get_registered_name(obj: Any) -> str:
    """The name that a class or function is registered by, or else its own."""
    try:
        return _REGISTERED_NAMES[obj]
    except (KeyError, TypeError):
        return str(obj.__name__)


def get_registered_object(
    name: str, custom_objects: Mapping[str, Any] | None = None, module_objects: Mapping[str, Any] | None = None
) -> Any:
    """The class or function that a name stands for; None when nothing has it.

    Args:
        name: The name.
        custom_objects: Further names, for this call.
        module_objects: Names that come last.
    """
    for names in (_CUSTOM, custom_objects, module_objects):
        if names and name in names:
            return names[name]
    return None


def is_registered(thing: Any) -> bool:
    """Whether a class or function can be found by `get_registered_name`."""
    try:
        return thing in _REGISTERED_NAMES
    except TypeError:
        return False
