"""What callers pass: numbers, steps and tensors of any library, as Python's numbers and numpy's arrays.

No library is imported for this. A tensor says what it is by `__array__` or `__dlpack__`; `detach`, `cpu` and `float`
are called where they are there, since PyTorch refuses the conversion of a tensor that needs gradients, lies on a GPU or
is a bfloat16.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[Any]

_NUMBERS = "biuf"
_STEP_LIMIT = 1 << 63


def as_array(value: Any) -> Array:
    """Gives `value` as an array of real numbers (or truth values).

    Args:
        value: A numpy array, a number, a nested list, or anything with `__array__` or `__dlpack__`.

    Raises:
        TypeError: It is none of these, or holds something else.
    """
    array = value if isinstance(value, np.ndarray) else _converted(value)
    if array.dtype.kind in _NUMBERS:
        return array
    if array.dtype.kind == "V" and array.dtype.names is None:
        return array.astype(np.float32)  # bfloat16 and its like, which numpy knows from JAX alone
    raise TypeError(f"Real numbers are wanted, as an array or a tensor; got {_described(value)}.")


def as_number(value: Any) -> float:
    """Gives the one number that `value` is or holds.

    Raises:
        TypeError: It is no real number.
        ValueError: It holds none or several.
    """
    number = _item(value)
    if isinstance(number, (int, float)):
        return float(number)
    array = as_array(number)
    if array.size != 1:
        raise ValueError(f"A scalar is one number; got {_described(value)}. For several, use add_scalars or a loop.")
    return float(array.reshape(()))


def as_step(step: Any) -> int:
    """Gives `step` as an int of 64 bits, 0 for None.

    Raises:
        ValueError: It does not fit.
    """
    number = 0 if step is None else int(step)
    if not -_STEP_LIMIT <= number < _STEP_LIMIT:
        raise ValueError(f"global_step must be an integer of 64 bits; got {number}.")
    return number


def _item(value: Any) -> Any:
    """Gives a tensor's only element as the tensor itself gives it, if it does: that knows every dtype and device."""
    item = getattr(value, "item", None)
    if item is None:
        return value
    try:
        return item()
    except (TypeError, ValueError, RuntimeError):
        return value


def _converted(value: Any) -> Array:
    for leave in ("detach", "cpu"):
        method = getattr(value, leave, None)
        value = method() if callable(method) else value
    if not hasattr(value, "__array__") and hasattr(value, "__dlpack__"):
        return np.from_dlpack(value)
    try:
        return np.asarray(value)
    except TypeError:
        if not callable(getattr(value, "float", None)):
            raise
        return np.asarray(value.float())


def _described(value: Any) -> str:
    shape = getattr(value, "shape", None)
    return repr(value)[:80] if shape is None else f"{type(value).__name__} of shape {list(shape)}"
