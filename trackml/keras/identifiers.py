"""Initializers, regularizers and constraints by name, by configuration, or as they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class Identifiers:
    """What one family of objects is called, and how it is told in configurations.

    Args:
        kind: What an object of the family is called in messages.
        known: The classes or functions, by name.
        default: The class that a configuration without a class is of, if there is one.
    """

    def __init__(self, kind: str, known: Mapping[str, Any], default: Any = None) -> None:
        self._kind = kind
        self._known = known
        self._default = default

    def serialize(self, value: Any) -> Any:
        """Class and configuration of an object, the name of a function; None for None."""
        if value is None:
            return None
        if hasattr(value, "get_config"):
            return {"class_name": type(value).__name__, "config": value.get_config()}
        name = getattr(value, "__name__", None)
        if name is None:
            raise ValueError(f"{value!r} has neither a name nor a `get_config`, so that it cannot be written down.")
        return name

    def deserialize(self, config: Any, custom_objects: Mapping[str, Any] | None = None) -> Any:
        """The object of a name, or of a dict of `class_name` and `config`.

        Raises:
            ValueError: There is none of that name.
        """
        if not isinstance(config, Mapping):
            found = self._named(config, custom_objects)
            return found() if isinstance(found, type) or config in self._known else found
        if "class_name" not in config and self._default is not None:
            return self._default(**config)
        found = self._named(config["class_name"], custom_objects)
        settings = config.get("config") or {}
        return found.from_config(settings) if hasattr(found, "from_config") else found(**settings)

    def get(self, identifier: Any) -> Any:
        """The object that a name, a configuration, a class, a function or None stands for.

        Raises:
            ValueError: There is none of that name.
        """
        if isinstance(identifier, (str, Mapping)):
            return self.deserialize(identifier)
        if isinstance(identifier, type):
            return identifier()
        if identifier is None or callable(identifier):
            return identifier
        raise ValueError(f"Could not interpret {self._kind} identifier: {identifier!r}")

    def _named(self, name: str, custom_objects: Mapping[str, Any] | None) -> Any:
        from trackml.keras.saving.registry import get_registered_object

        found = (custom_objects or {}).get(name) or get_registered_object(name) or self._known.get(name)
        if found is None:
            raise ValueError(
                f"Unknown {self._kind} {name!r}; expected a function or one of: {', '.join(sorted(self._known))}."
            )
        return found
