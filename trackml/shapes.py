"""Static shapes: tuples of sizes of which some, or even their number, may be unknown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, SupportsIndex, overload


class Dimension:
    """One size of a shape: a number, or unknown (`value` is None).

    TensorFlow 1 code takes sizes as `x.shape[1].value` or computes with `x.shape[1]` itself; both work.
    """

    __slots__ = ("_value",)

    def __init__(self, value: Any) -> None:
        if isinstance(value, Dimension):
            value = value.value
        if value is not None:
            value = int(value.__index__())
            if value < 0:
                raise ValueError(f"Dimension {value} must be >= 0")
        self._value: int | None = value

    @property
    def value(self) -> int | None:
        """The size, or None where it is not known."""
        return self._value

    def is_compatible_with(self, other: Any) -> bool:
        """Whether both may be the same size."""
        other = Dimension(other)
        return self._value is None or other._value is None or self._value == other._value

    def merge_with(self, other: Any) -> Dimension:
        """What is known from both; ValueError when they disagree."""
        other = Dimension(other)
        if not self.is_compatible_with(other):
            raise ValueError(f"Dimensions {self} and {other} are not compatible")
        return other if self._value is None else self

    def _known(self) -> int:
        if self._value is None:
            raise TypeError("The size of this dimension is not known before the graph runs; use tf.shape(x).")
        return self._value

    def __index__(self) -> int:
        return self._known()

    def __int__(self) -> int:
        return self._known()

    def __hash__(self) -> int:
        return hash(self._value)

    def __eq__(self, other: object) -> Any:
        if other is None or isinstance(other, (int, Dimension)):
            other_value = other.value if isinstance(other, Dimension) else other
            if self._value is None or other_value is None:
                return None
            return self._value == other_value
        return NotImplemented

    def __ne__(self, other: object) -> Any:
        equal = self.__eq__(other)
        return equal if equal is None or equal is NotImplemented else not equal

    def _arithmetic(self, other: Any, compute: Any) -> Dimension:
        other = Dimension(other)
        if self._value is None or other._value is None:
            return Dimension(None)
        return Dimension(compute(self._value, other._value))

    def __add__(self, other: Any) -> Dimension:
        return self._arithmetic(other, lambda a, b: a + b)

    def __sub__(self, other: Any) -> Dimension:
        return self._arithmetic(other, lambda a, b: a - b)

    def __mul__(self, other: Any) -> Any:
        if not (other is None or isinstance(other, (SupportsIndex, Dimension))):
            return NotImplemented
        return self._arithmetic(other, lambda a, b: a * b)

    def __floordiv__(self, other: Any) -> Dimension:
        return self._arithmetic(other, lambda a, b: a // b)

    def __mod__(self, other: Any) -> Dimension:
        return self._arithmetic(other, lambda a, b: a % b)

    __radd__ = __add__
    __rmul__ = __mul__

    def __rsub__(self, other: Any) -> Dimension:
        return Dimension(other) - self

    def __rfloordiv__(self, other: Any) -> Dimension:
        return Dimension(other) // self

    def _compare(self, other: Any, compute: Any) -> Any:
        other = Dimension(other)
        if self._value is None or other._value is None:
            return None
        return compute(self._value, other._value)

    def __lt__(self, other: Any) -> Any:
        return self._compare(other, lambda a, b: a < b)

    def __le__(self, other: Any) -> Any:
        return self._compare(other, lambda a, b: a <= b)

    def __gt__(self, other: Any) -> Any:
        return self._compare(other, lambda a, b: a > b)

    def __ge__(self, other: Any) -> Any:
        return self._compare(other, lambda a, b: a >= b)

    def __repr__(self) -> str:
        return f"Dimension({self._value})"

    def __str__(self) -> str:
        return "?" if self._value is None else str(self._value)


class TensorShape:
    """The static shape of a tensor: sizes of which some may be unknown, or nothing known at all.

    Args:
        dims: Sizes (None for an unknown one), or None for a shape of unknown rank.
    """

    __slots__ = ("_sizes",)

    def __init__(self, dims: Any) -> None:
        self._sizes: tuple[int | None, ...] | None
        if dims is None:
            self._sizes = None
        elif isinstance(dims, TensorShape):
            self._sizes = dims.sizes
        elif isinstance(dims, Iterable):
            self._sizes = tuple(Dimension(size).value for size in dims)
        else:
            self._sizes = (Dimension(dims).value,)

    @property
    def sizes(self) -> tuple[int | None, ...] | None:
        """The sizes as plain numbers, None for those not known; None for unknown rank."""
        return self._sizes

    @property
    def dims(self) -> list[Dimension] | None:
        """The sizes as `Dimension` objects; None for unknown rank."""
        return None if self._sizes is None else [Dimension(size) for size in self._sizes]

    @property
    def ndims(self) -> int | None:
        """The rank, or None."""
        return None if self._sizes is None else len(self._sizes)

    @property
    def rank(self) -> int | None:
        """The rank, or None."""
        return self.ndims

    def as_list(self) -> list[int | None]:
        """The sizes as a list of numbers and None; ValueError when the rank is unknown."""
        if self._sizes is None:
            raise ValueError("as_list() is not defined on an unknown TensorShape.")
        return list(self._sizes)

    def num_elements(self) -> int | None:
        """The product of all sizes, or None when one is not known."""
        if self._sizes is None:
            return None
        product = 1
        for size in self._sizes:
            if size is None:
                return None
            product *= size
        return product

    def is_fully_defined(self) -> bool:
        """Whether every size is known."""
        return self._sizes is not None and None not in self._sizes

    def is_compatible_with(self, other: Any) -> bool:
        """Whether one tensor may have both shapes."""
        other_sizes = as_shape(other).sizes
        if self._sizes is None or other_sizes is None:
            return True
        return len(self._sizes) == len(other_sizes) and all(
            a is None or b is None or a == b for a, b in zip(self._sizes, other_sizes)
        )

    def assert_is_compatible_with(self, other: Any) -> None:
        """Raises ValueError unless one tensor may have both shapes."""
        if not self.is_compatible_with(other):
            raise ValueError(f"Shapes {self} and {as_shape(other)} are incompatible")

    def assert_has_rank(self, rank: int) -> None:
        """Raises ValueError unless the rank may be `rank`."""
        if self.ndims not in (None, rank):
            raise ValueError(f"Shape {self} must have rank {rank}")

    def with_rank(self, rank: int) -> TensorShape:
        """This shape when it has that rank, `rank` unknown sizes when nothing is known; else ValueError."""
        return self.merge_with(unknown_shape(rank))

    def with_rank_at_least(self, rank: int) -> TensorShape:
        """This shape; ValueError when its rank is known and smaller."""
        if self.ndims is not None and self.ndims < rank:
            raise ValueError(f"Shape {self} must have rank at least {rank}")
        return self

    def merge_with(self, other: Any) -> TensorShape:
        """What is known from both shapes; ValueError when they disagree."""
        other_sizes = as_shape(other).sizes
        if self._sizes is None:
            return TensorShape(other_sizes)
        if other_sizes is None:
            return self
        self.assert_is_compatible_with(other)
        return TensorShape([b if a is None else a for a, b in zip(self._sizes, other_sizes)])

    def concatenate(self, other: Any) -> TensorShape:
        """The sizes of this shape followed by those of the other."""
        other_sizes = as_shape(other).sizes
        if self._sizes is None or other_sizes is None:
            return TensorShape(None)
        return TensorShape(self._sizes + other_sizes)

    def __len__(self) -> int:
        if self._sizes is None:
            raise ValueError("Cannot take the length of shape with unknown rank.")
        return len(self._sizes)

    def __bool__(self) -> bool:
        return self._sizes is not None

    def __iter__(self) -> Iterator[Dimension]:
        if self._sizes is None:
            raise ValueError("Cannot iterate over a shape with unknown rank.")
        return iter([Dimension(size) for size in self._sizes])

    @overload
    def __getitem__(self, key: SupportsIndex) -> Dimension: ...
    @overload
    def __getitem__(self, key: slice) -> TensorShape: ...
    def __getitem__(self, key: SupportsIndex | slice) -> Dimension | TensorShape:
        if isinstance(key, slice):
            return TensorShape(None if self._sizes is None else self._sizes[key])
        return Dimension(None if self._sizes is None else self._sizes[key])

    def __eq__(self, other: object) -> bool:
        try:
            return self._sizes == as_shape(other)._sizes
        except (TypeError, AttributeError, ValueError):
            return False

    def __hash__(self) -> int:
        return hash(self._sizes)

    def __add__(self, other: Any) -> TensorShape:
        return self.concatenate(other)

    def __repr__(self) -> str:
        return f"TensorShape({None if self._sizes is None else list(self.dims or ())})"

    def __str__(self) -> str:
        if self._sizes is None:
            return "<unknown>"
        inside = ", ".join("?" if size is None else str(size) for size in self._sizes)
        return f"({inside},)" if len(self._sizes) == 1 else f"({inside})"


def as_shape(value: Any) -> TensorShape:
    """`value` as a TensorShape: one already, a sequence of sizes, a size, or None for unknown rank."""
    return value if isinstance(value, TensorShape) else TensorShape(value)


def unknown_shape(rank: int | None = None) -> TensorShape:
    """A shape of which nothing is known, or only the rank."""
    return TensorShape(None if rank is None else [None] * rank)


def broadcast_shapes(left: TensorShape, right: TensorShape) -> TensorShape:
    """The shape that numpy's broadcasting gives two shapes; ValueError when they do not fit."""
    if left.sizes is None or right.sizes is None:
        return TensorShape(None)
    rank = max(len(left.sizes), len(right.sizes))
    padded = [(1,) * (rank - len(sizes)) + sizes for sizes in (left.sizes, right.sizes)]
    return TensorShape([_broadcast_sizes(a, b, left, right) for a, b in zip(*padded)])


def _broadcast_sizes(a: int | None, b: int | None, left: TensorShape, right: TensorShape) -> int | None:
    if a == 1:
        return b
    if b == 1:
        return a
    if a is None or b is None:
        return a if b is None else b
    if a != b:
        raise ValueError(f"Dimensions must be equal, but are {a} and {b} for shapes {left} and {right}")
    return a


def sizes_of(shape: Sequence[int | None]) -> list[int]:
    """The sizes with -1 for those not known, as TensorFlow's messages have them."""
    return [-1 if size is None else size for size in shape]
