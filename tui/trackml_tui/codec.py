"""Choices as plain tables, and back: what TOML files hold of frozen dataclasses.

A table has only what differs from the defaults, so that a file stays short, and choices that are added later keep their
defaults. Reading is strict about types, since a file may be written by hand: what does not fit is named, left at its
default, and the rest is taken.
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass, replace
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")
_WORDS = {str: "text", int: "a whole number", float: "a number", bool: "true or false", type(None): "nothing"}


def to_table(value: Any) -> dict[str, Any]:
    """The fields of a frozen dataclass that differ from their defaults, as tables, lists, texts and numbers.

    Sets become sorted lists. None can only be the default of its field: TOML has no word for it.
    """
    table: dict[str, Any] = {}
    for field in fields(value):
        current = getattr(value, field.name)
        if current != default_of(field) and current is not None:
            table[field.name] = _plain(current)
    return table


def from_table(kind: type[T], table: Mapping[str, Any], prefix: str = "") -> tuple[T, list[str]]:
    """A dataclass made of a table, and what was wrong with the table.

    Args:
        kind: A frozen dataclass whose fields all have defaults.
        table: What `to_table` gave, or what a user wrote.
        prefix: Where the table stands in its file, for the complaints.
    """
    value = kind()
    complaints: list[str] = []
    types_by_name = get_type_hints(kind)
    for name, said in table.items():
        if name not in types_by_name:
            complaints.append(f"{prefix}{name}: there is no such setting")
            continue
        try:
            typed = _typed(types_by_name[name], said, f"{prefix}{name}", complaints)
        except ValueError as error:
            complaints.append(str(error))
            continue
        try:
            value = _with(value, name, typed)
        except ValueError as error:  # of the right type, but none of the choices
            complaints.append(f"{prefix}{error}")
    return value, complaints


def _with(value: T, name: str, typed: Any) -> T:
    changed: T = replace(value, **{name: typed})  # type: ignore[type-var]
    return changed


def default_of(field: Field[Any]) -> Any:
    """The default of a dataclass' field; MISSING if it has none."""
    return field.default if field.default_factory is MISSING else field.default_factory()


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return to_table(value)
    if isinstance(value, frozenset):
        return sorted(map(_plain, value))
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return value


def _typed(kind: Any, said: Any, where: str, complaints: list[str]) -> Any:
    """`said` as a value of `kind`.

    Raises:
        ValueError: If it is none.
    """
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return _one_of(arguments, said, where, complaints)
    if origin in (tuple, frozenset):
        return _listed(origin, arguments, said, where, complaints)
    if origin is not None and issubclass(origin, Mapping):
        _check(dict, said, where)
        return {str(key): _typed(arguments[1], item, f"{where}.{key}", complaints) for key, item in said.items()}
    if isinstance(kind, type) and is_dataclass(kind):
        _check(dict, said, where)
        value, wrong = from_table(kind, said, f"{where}.")
        complaints += wrong
        return value
    if kind is float and isinstance(said, int) and not isinstance(said, bool):
        return float(said)
    _check(kind, said, where)
    return said


def _one_of(kinds: tuple[Any, ...], said: Any, where: str, complaints: list[str]) -> Any:
    """`said` as a value of the first kind that it fits."""
    first, *others = kinds
    try:
        return _typed(first, said, where, complaints)
    except ValueError:
        if not any(_fits(kind, said) for kind in others):
            raise
    return _typed(next(kind for kind in others if _fits(kind, said)), said, where, complaints)


def _fits(kind: Any, said: Any) -> bool:
    try:
        _typed(kind, said, "", [])
    except ValueError:
        return False
    return True


def _listed(origin: Any, kinds: tuple[Any, ...], said: Any, where: str, complaints: list[str]) -> Any:
    _check(list, said, where)
    if origin is tuple and Ellipsis not in kinds:
        if len(said) != len(kinds):
            raise ValueError(f"{where}: expected {len(kinds)} values, got {len(said)}")
        pairs = zip(kinds, said, strict=True)
    else:
        pairs = zip([kinds[0]] * len(said), said, strict=True)
    return origin(_typed(kind, item, f"{where}[{place}]", complaints) for place, (kind, item) in enumerate(pairs))


def _check(kind: type, said: Any, where: str) -> None:
    if not isinstance(said, kind) or (isinstance(said, bool) and kind is not bool):
        expected = _WORDS.get(kind, "a list" if kind is list else "a table")
        raise ValueError(f"{where}: expected {expected}, got {said!r}")
