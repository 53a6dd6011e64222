"""Nested structures: dicts, lists, tuples and named tuples of values, taken apart and put together.

Order is TensorFlow's: the values of a dict come in the order of its sorted keys.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

_is_nested: dict[type, bool] = {}
"""What is known of types: asking whether something is a mapping costs more than all else here."""


def is_nested(value: Any) -> bool:
    """Whether `value` is a structure: a mapping, or a sequence other than a string."""
    kind = type(value)
    known = _is_nested.get(kind)
    if known is None:
        known = _is_nested[kind] = issubclass(kind, (Mapping, list, tuple))
    return known


def flatten(structure: Any) -> list[Any]:
    """The leaves of `structure`, in order; a value that is no structure is its own only leaf."""
    leaves: list[Any] = []
    _collect(structure, leaves)
    return leaves


def _collect(structure: Any, leaves: list[Any]) -> None:
    if not is_nested(structure):
        leaves.append(structure)
        return
    for child in _children(structure):
        _collect(child, leaves)


def pack_like(structure: Any, leaves: Sequence[Any]) -> Any:
    """A structure like `structure` with `leaves` in place of its own.

    Raises:
        ValueError: There are more or fewer leaves than `structure` has.
    """
    expected = len(flatten(structure))
    if expected != len(leaves):
        raise ValueError(f"Structure has {expected} leaves, but {len(leaves)} were given: {structure!r}")
    return _pack(structure, iter(leaves))


def map_structure(function: Callable[..., Any], *structures: Any) -> Any:
    """`function` applied leaf by leaf to structures of the same form.

    Example:
        >>> map_structure(lambda a, b: a + b, {"x": 1, "y": (2, 3)}, {"x": 10, "y": (20, 30)})
        {'x': 11, 'y': (22, 33)}
    """
    for other in structures[1:]:
        assert_same_structure(structures[0], other)
    rows = zip(*(flatten(structure) for structure in structures))
    return pack_like(structures[0], [function(*row) for row in rows])


def assert_same_structure(first: Any, second: Any) -> None:
    """Raises ValueError unless both are nested in the same way."""
    if is_nested(first) != is_nested(second):
        raise ValueError(f"The two structures do not have the same form: {first!r} and {second!r}")
    if not is_nested(first):
        return
    same_keys = not isinstance(first, Mapping) or (isinstance(second, Mapping) and sorted(first) == sorted(second))
    ours, theirs = _children(first), _children(second)
    if not same_keys or len(ours) != len(theirs):
        raise ValueError(f"The two structures do not have the same form: {first!r} and {second!r}")
    for one, other in zip(ours, theirs):
        assert_same_structure(one, other)


def _children(structure: Any) -> list[Any]:
    if isinstance(structure, (list, tuple)):
        return list(structure)
    return [structure[key] for key in _sorted_keys(structure)]


def _sorted_keys(mapping: Mapping[Any, Any]) -> list[Any]:
    try:
        return sorted(mapping)
    except TypeError as error:
        raise TypeError(f"The keys of a dict must be sortable; got {list(mapping)!r}") from error


def _pack(structure: Any, leaves: Iterator[Any]) -> Any:
    if not is_nested(structure):
        return next(leaves)
    packed = [_pack(child, leaves) for child in _children(structure)]
    if not isinstance(structure, (list, tuple)):
        by_key = dict(zip(_sorted_keys(structure), packed))
        ordered = {key: by_key[key] for key in structure}
        return ordered if type(structure) is dict else _rebuilt_mapping(structure, ordered)
    if hasattr(structure, "_fields"):
        return type(structure)(*packed)
    return packed if isinstance(structure, list) else tuple(packed)


def _rebuilt_mapping(structure: Mapping[Any, Any], values: dict[Any, Any]) -> Any:
    try:
        return type(structure)(values)  # type: ignore[call-arg]
    except TypeError:  # a mapping type of its own whose constructor wants something else
        return values
