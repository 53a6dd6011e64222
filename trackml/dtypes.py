"""The element types of tensors, with TensorFlow's names and enum values."""

from __future__ import annotations

from typing import Any, Final

import numpy as np


class DType:
    """The type of a tensor's elements.

    Instances are singletons: compare with `==` or `is`. A DType equals its name, its enum value and the
    numpy type that it stands for, as TensorFlow's does.
    """

    __slots__ = ("_as_numpy_dtype", "_enum", "_name")

    def __init__(self, name: str, enum: int, numpy_type: Any) -> None:
        self._name = name
        self._enum = enum
        self._as_numpy_dtype = numpy_type

    @property
    def name(self) -> str:
        """The name, such as `"float32"`."""
        return self._name

    @property
    def as_numpy_dtype(self) -> Any:
        """The numpy scalar type; strings and handles are `object`."""
        return self._as_numpy_dtype

    @property
    def as_datatype_enum(self) -> int:
        """The value of this type in TensorFlow's `DataType` enum."""
        return self._enum

    @property
    def base_dtype(self) -> DType:
        """This type: there are no reference types here."""
        return self

    @property
    def size(self) -> int:
        """Bytes an element takes; 1 for types without a fixed size."""
        return 1 if self._as_numpy_dtype is object else int(np.dtype(self._as_numpy_dtype).itemsize)

    @property
    def is_floating(self) -> bool:
        """Whether this is a real floating-point type."""
        return self._name in ("float16", "float32", "float64")

    @property
    def is_complex(self) -> bool:
        """Whether this is a complex type."""
        return self._name in ("complex64", "complex128")

    @property
    def is_integer(self) -> bool:
        """Whether this is an integer type; booleans are none."""
        return self._name.startswith(("int", "uint"))

    @property
    def is_unsigned(self) -> bool:
        """Whether this is an unsigned integer type."""
        return self._name.startswith("uint")

    @property
    def is_bool(self) -> bool:
        """Whether this is the boolean type."""
        return self._name == "bool"

    @property
    def is_numeric(self) -> bool:
        """Whether elements are numbers."""
        return self.is_floating or self.is_integer or self.is_complex

    @property
    def min(self) -> Any:
        """The smallest value that an element can have."""
        return self._limits().min

    @property
    def max(self) -> Any:
        """The largest value that an element can have."""
        return self._limits().max

    def _limits(self) -> Any:
        if self.is_floating:
            return np.finfo(self._as_numpy_dtype)
        if self.is_integer:
            return np.iinfo(self._as_numpy_dtype)
        raise TypeError(f"{self._name} has no smallest and largest value.")

    def is_compatible_with(self, other: Any) -> bool:
        """Whether `other` names the same type."""
        return self.__eq__(other)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, DType):
            return self is other
        if other is None:
            return False
        try:
            return self is as_dtype(other)
        except TypeError:
            return False

    def __hash__(self) -> int:
        return self._enum

    def __int__(self) -> int:
        return self._enum

    def __repr__(self) -> str:
        return f"tf.{self._name}"

    def __str__(self) -> str:
        return f"<dtype: {self._name!r}>"

    def __reduce__(self) -> tuple[Any, ...]:
        return as_dtype, (self._name,)


float32: Final = DType("float32", 1, np.float32)
float64: Final = DType("float64", 2, np.float64)
int32: Final = DType("int32", 3, np.int32)
uint8: Final = DType("uint8", 4, np.uint8)
int16: Final = DType("int16", 5, np.int16)
int8: Final = DType("int8", 6, np.int8)
string: Final = DType("string", 7, object)
complex64: Final = DType("complex64", 8, np.complex64)
int64: Final = DType("int64", 9, np.int64)
bool_: Final = DType("bool", 10, np.bool_)
uint16: Final = DType("uint16", 17, np.uint16)
complex128: Final = DType("complex128", 18, np.complex128)
float16: Final = DType("float16", 19, np.float16)
resource: Final = DType("resource", 20, object)
variant: Final = DType("variant", 21, object)
uint32: Final = DType("uint32", 22, np.uint32)
uint64: Final = DType("uint64", 23, np.uint64)

half: Final = float16
double: Final = float64

_ALL: Final = (
    float32, float64, int32, uint8, int16, int8, string, complex64, int64, bool_, uint16, complex128,
    float16, resource, variant, uint32, uint64,
)  # fmt: skip
_BY_NAME: Final[dict[str, DType]] = {dtype.name: dtype for dtype in _ALL} | {"half": half, "double": double}
_BY_ENUM: Final[dict[int, DType]] = {dtype.as_datatype_enum: dtype for dtype in _ALL}
_BY_NUMPY: Final[dict[Any, DType]] = {
    np.dtype(dtype.as_numpy_dtype): dtype for dtype in _ALL if dtype.as_numpy_dtype is not object
}
_BY_PYTHON: Final[dict[Any, DType]] = {float: float32, int: int32, str: string, bytes: string, object: string}


def as_dtype(value: Any) -> DType:
    """The DType that `value` names.

    Args:
        value: A DType, its name, its enum value, a numpy type or dtype, or a Python type (`float` is float32
            and `int` is int32, as in TensorFlow).

    Returns:
        The singleton.

    Raises:
        TypeError: `value` names no type of TensorFlow's.
    """
    if isinstance(value, DType):
        return value
    try:
        found = _BY_PYTHON.get(value) or _BY_NAME.get(value) or _BY_ENUM.get(value)
    except TypeError:  # not hashable
        found = None
    return found or _from_numpy(value)


def _from_numpy(value: Any) -> DType:
    try:
        dtype = np.dtype(value)
    except TypeError:
        dtype = None
    if dtype is not None:
        if dtype.kind in "OSU":
            return string
        if dtype.newbyteorder("=") in _BY_NUMPY:
            return _BY_NUMPY[dtype.newbyteorder("=")]
    raise TypeError(f"Cannot convert value {value!r} to a TensorFlow DType.")
