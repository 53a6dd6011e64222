"""The first elements of an array as text, as TensorFlow shows them in assertions, `tf.Print` and `tf.print`."""

from __future__ import annotations

from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]

_DIGITS = {"float32": (6, 9), "float64": (15, 17)}
"""Digits that are tried first, and digits that always tell one number from another."""

_ESCAPES = {
    ord("\n"): "\\n",
    ord("\r"): "\\r",
    ord("\t"): "\\t",
    ord('"'): '\\"',
    ord("'"): "\\'",
    ord("\\"): "\\\\",
}


def short_text(value: Any, count: int) -> str:
    """The first `count` elements (all of them when negative), rows in brackets.

    Example:
        >>> short_text(np.arange(6, dtype=np.int32).reshape(2, 3), 4)
        '[0 1 2][3...]...'
    """
    array = np.asarray(value)
    limit = array.size if count < 0 else min(count, array.size)
    elements = [element_text(item) for item in array.ravel()[:limit]]
    if array.ndim == 0:
        return " ".join(elements) + ("..." if limit < array.size else "")
    text = _rows(elements, array.shape, 0, array.ndim)
    return text + "..." if limit < array.size else text


def _rows(elements: list[str], shape: tuple[int, ...], first: int, rank: int) -> str:
    """The elements from number `first` on that are left of an array of that shape."""
    if len(shape) == 1:
        row = elements[first : first + shape[0]]
        cut = rank > 1 and len(row) < shape[0]
        return " ".join(row) + ("..." if cut else "")
    stride = int(np.prod(shape[1:]))
    starts = range(first, first + shape[0] * stride, stride) if stride else ()
    return "".join(f"[{_rows(elements, shape[1:], start, rank)}]" for start in starts if start < len(elements))


def edge_text(value: Any, count: int) -> str:
    """The first and last `count` elements of each axis (all when negative), nested in brackets over several lines.

    Example:
        >>> print(edge_text(np.arange(10, dtype=np.int32).reshape(2, 5), 1))
        [[0 ... 4]
         [5 ... 9]]
    """
    array = np.asarray(value)
    if array.ndim == 0:
        return element_text(array[()], quoted=True)
    return _edges(array, array.size if count < 0 else count, 0)


def _edges(array: Array, count: int, depth: int) -> str:
    if array.ndim == 0:
        return element_text(array[()], quoted=True)
    cut = array.shape[0] > 2 * count
    shown = [*range(count), *range(array.shape[0] - count, array.shape[0])] if cut else range(array.shape[0])
    parts = [_edges(np.asarray(array[index]), count, depth + 1) for index in shown]
    if cut:
        parts.insert(count, "...")
    separator = " " if array.ndim == 1 else "\n" * (array.ndim - 1) + " " * (depth + 1)
    return f"[{separator.join(parts)}]"


def element_text(item: Any, quoted: bool = False) -> str:
    """One element: the shortest number that is that one, or a string with what cannot be printed escaped."""
    if isinstance(item, (bytes, str)):
        text = _escaped(item.encode() if isinstance(item, str) else item)
        return f'"{text}"' if quoted else text
    if isinstance(item, (bool, np.bool_)):
        return str(int(item))
    if isinstance(item, np.float16):
        item = np.float32(item)
    name = np.asarray(item).dtype.name
    if name not in _DIGITS:
        return str(item)
    few, enough = _DIGITS[name]
    text = f"{float(item):.{few}g}"
    same = type(item)(float(text)) == item or item != item
    return text if same else f"{float(item):.{enough}g}"


def _escaped(text: bytes) -> str:
    return "".join(_ESCAPES.get(byte) or (chr(byte) if 32 <= byte < 127 else f"\\{byte:03o}") for byte in text)
