"""`tf.contrib.training.HParams`: hyperparameters with their types, from code, text and JSON.

Source: tensorflow/contrib/training/python/training/hparam.py.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

_ASSIGNMENT = re.compile(
    r"\s*(?P<name>[a-zA-Z][\w.]*)\s*(\[\s*(?P<index>\d+)\s*\])?\s*=\s*"
    r"(\[(?P<list>[^\]]*)\]|(?P<value>[^,\[]*))\s*($|,)"
)


class HParams:
    """Named hyperparameters, each of the type of its first value.

    Args:
        **kwargs: The hyperparameters: numbers, texts, booleans, or lists of these.

    Raises:
        ValueError: A name is that of a method.

    Example:
        >>> import trackml as tf
        >>> hparams = tf.contrib.training.HParams(learning_rate=0.1, hidden=[64, 32], name="deep")
        >>> hparams.parse("learning_rate=0.01,hidden=[16,8]").values()
        {'learning_rate': 0.01, 'hidden': [16, 8], 'name': 'deep'}
    """

    def __init__(self, **kwargs: Any) -> None:
        self._types: dict[str, tuple[type, bool]] = {}
        for name, value in kwargs.items():
            self.add_hparam(name, value)

    def add_hparam(self, name: str, value: Any) -> None:
        """Adds a hyperparameter, whose value says its type.

        Raises:
            ValueError: The name is taken, or the value is an empty list.
        """
        if getattr(self, name, None) is not None:
            raise ValueError(f"Hyperparameter name is reserved: {name}")
        if isinstance(value, (list, tuple)):
            if not value:
                raise ValueError(f"Multi-valued hyperparameters cannot be empty: {name}")
            self._types[name] = (type(value[0]), True)
        else:
            self._types[name] = (type(value), False)
        setattr(self, name, value)

    def set_hparam(self, name: str, value: Any) -> None:
        """Gives a hyperparameter another value, of its type.

        Raises:
            KeyError: There is no such hyperparameter.
            ValueError: The value is not of the type, or a list where there was none, or the other way round.
        """
        kind, is_list = self._type_of(name)
        if isinstance(value, (list, tuple)) != is_list:
            expected = "Must not pass a list for single-valued" if not is_list else "Must pass a list for multi-valued"
            raise ValueError(f"{expected} parameter: {name}")
        new = [_cast(name, kind, item) for item in value] if is_list else _cast(name, kind, value)
        setattr(self, name, new)

    def del_hparam(self, name: str) -> None:
        """Removes a hyperparameter; nothing if there is none of the name."""
        if name in self._types:
            delattr(self, name)
            del self._types[name]

    def _type_of(self, name: str) -> tuple[type, bool]:
        if name not in self._types:
            raise KeyError(f"There is no hyperparameter {name!r}; there are {sorted(self._types)}.")
        return self._types[name]

    def parse(self, values: str) -> HParams:
        """Sets hyperparameters from text such as `a=1,b=[2,3],c[0]=4`; gives itself.

        Raises:
            ValueError: The text is not of this form, names what there is not, or a value is not of the type.
        """
        position = 0
        while position < len(values):
            found = _ASSIGNMENT.match(values, position)
            if found is None:
                raise ValueError(f"Malformed hyperparameter value: {values[position:]}")
            position = found.end()
            self._set_from_text(found["name"], found["index"], found["list"], found["value"])
        return self

    def _set_from_text(self, name: str, index: str | None, items: str | None, text: str | None) -> None:
        if name not in self._types:
            raise ValueError(f"Unknown hyperparameter type for {name}; there are {sorted(self._types)}.")
        kind, is_list = self._types[name]
        if index is not None:
            if items is not None or not is_list:
                raise ValueError(f"Cannot set an item of hyperparameter {name} to a list, or of one that is no list.")
            changed = list(getattr(self, name))
            if int(index) >= len(changed):
                raise ValueError(f"Hyperparameter {name} has {len(changed)} items, none of number {index}.")
            changed[int(index)] = _parsed(name, kind, text or "")
            setattr(self, name, changed)
        elif items is not None:
            self.set_hparam(name, [_parsed(name, kind, item.strip()) for item in items.split(",") if item.strip()])
        else:
            self.set_hparam(name, _parsed(name, kind, text or ""))

    def override_from_dict(self, values_dict: Mapping[str, Any]) -> HParams:
        """Sets hyperparameters from a dict; gives itself."""
        for name, value in values_dict.items():
            self.set_hparam(name, value)
        return self

    def parse_json(self, values_json: str) -> HParams:
        """Sets hyperparameters from a JSON object; gives itself."""
        return self.override_from_dict(json.loads(values_json))

    def to_json(
        self, indent: int | None = None, separators: tuple[str, str] | None = None, sort_keys: bool = False
    ) -> str:
        """The hyperparameters as a JSON object."""
        return json.dumps(self.values(), indent=indent, separators=separators, sort_keys=sort_keys)

    def values(self) -> dict[str, Any]:
        """The hyperparameters as a dict."""
        return {name: getattr(self, name) for name in self._types}

    def get(self, key: str, default: Any = None) -> Any:
        """The value of a hyperparameter, or a default."""
        return getattr(self, key) if key in self._types else default

    def __contains__(self, key: str) -> bool:
        return key in self._types

    def __deepcopy__(self, memo: dict[int, Any]) -> HParams:
        return HParams(
            **{name: list(value) if isinstance(value, list) else value for name, value in self.values().items()}
        )

    def __repr__(self) -> str:
        return f"HParams({sorted(self.values().items())})"


def _cast(name: str, kind: type, value: Any) -> Any:
    """`value` as the type of the hyperparameter, where nothing of it is lost."""
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    fits = (
        value is None
        or kind is type(None)
        or (isinstance(value, kind) and isinstance(value, bool) == (kind is bool))
        or (kind is float and is_number)
        or (kind is int and is_number and float(value).is_integer())
    )
    if not fits:
        raise ValueError(f"Could not cast hparam '{name}' of type '{kind}' from value {value!r}")
    return value if value is None or kind is type(None) else kind(value)


def _parsed(name: str, kind: type, text: str) -> Any:
    if kind is bool:
        if text.lower() in ("true", "1"):
            return True
        if text.lower() in ("false", "0"):
            return False
        raise ValueError(f"Could not parse hparam '{name}' of type 'bool' from {text!r}; expected true or false.")
    try:
        return kind(text)
    except (TypeError, ValueError) as error:
        raise ValueError(f"Could not parse hparam '{name}' of type '{kind.__name__}' from {text!r}.") from error


__all__ = ["HParams"]
