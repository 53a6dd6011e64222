"""The operators of Python on tensors and variables: `a + b`, `-x`, `x[1:]`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from trackml.graph.operation import Tensor

OPERATORS: dict[str, Callable[..., Any]] = {}
"""What each method calls, by its name; filled by `trackml.ops.operators`, since operations come later than graphs."""


class Arithmetic:
    """Gives a class the operators; what they do is looked up in `OPERATORS`.

    `==` compares identity, as in TensorFlow 1; use `tf.equal` to compare elements.
    """

    __slots__ = ()

    __array_priority__ = 100.0

    def __add__(self, other: Any) -> Tensor:
        return _operate("__add__", self, other)

    def __radd__(self, other: Any) -> Tensor:
        return _operate("__radd__", self, other)

    def __sub__(self, other: Any) -> Tensor:
        return _operate("__sub__", self, other)

    def __rsub__(self, other: Any) -> Tensor:
        return _operate("__rsub__", self, other)

    def __mul__(self, other: Any) -> Tensor:
        return _operate("__mul__", self, other)

    def __rmul__(self, other: Any) -> Tensor:
        return _operate("__rmul__", self, other)

    def __truediv__(self, other: Any) -> Tensor:
        return _operate("__truediv__", self, other)

    def __rtruediv__(self, other: Any) -> Tensor:
        return _operate("__rtruediv__", self, other)

    def __floordiv__(self, other: Any) -> Tensor:
        return _operate("__floordiv__", self, other)

    def __rfloordiv__(self, other: Any) -> Tensor:
        return _operate("__rfloordiv__", self, other)

    def __mod__(self, other: Any) -> Tensor:
        return _operate("__mod__", self, other)

    def __rmod__(self, other: Any) -> Tensor:
        return _operate("__rmod__", self, other)

    def __pow__(self, other: Any) -> Tensor:
        return _operate("__pow__", self, other)

    def __rpow__(self, other: Any) -> Tensor:
        return _operate("__rpow__", self, other)

    def __matmul__(self, other: Any) -> Tensor:
        return _operate("__matmul__", self, other)

    def __rmatmul__(self, other: Any) -> Tensor:
        return _operate("__rmatmul__", self, other)

    def __and__(self, other: Any) -> Tensor:
        return _operate("__and__", self, other)

    def __rand__(self, other: Any) -> Tensor:
        return _operate("__rand__", self, other)

    def __or__(self, other: Any) -> Tensor:
        return _operate("__or__", self, other)

    def __ror__(self, other: Any) -> Tensor:
        return _operate("__ror__", self, other)

    def __xor__(self, other: Any) -> Tensor:
        return _operate("__xor__", self, other)

    def __rxor__(self, other: Any) -> Tensor:
        return _operate("__rxor__", self, other)

    def __lt__(self, other: Any) -> Tensor:
        return _operate("__lt__", self, other)

    def __le__(self, other: Any) -> Tensor:
        return _operate("__le__", self, other)

    def __gt__(self, other: Any) -> Tensor:
        return _operate("__gt__", self, other)

    def __ge__(self, other: Any) -> Tensor:
        return _operate("__ge__", self, other)

    def __neg__(self) -> Tensor:
        return _operate("__neg__", self)

    def __invert__(self) -> Tensor:
        return _operate("__invert__", self)

    def __abs__(self) -> Tensor:
        return _operate("__abs__", self)

    def __getitem__(self, key: Any) -> Tensor:
        return _operate("__getitem__", self, key)


def _operate(method: str, *operands: Any) -> Tensor:
    result: Tensor = OPERATORS[method](*operands)
    return result
