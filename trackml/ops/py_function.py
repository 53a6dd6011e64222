"""Python functions on arrays, called while a session runs."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from trackml.dtypes import DType, as_dtype, string
from trackml.graph.conversion import convert_to_tensor
from trackml.graph.graph import apply_op
from trackml.graph.operation import Operation
from trackml.graph.registry import NOT_DIFFERENTIABLE, Kernel, register
from trackml.graph.runtime import Runtime
from trackml.ops.array import outputs_of
from trackml.ops.framework import name_scope
from trackml.shapes import TensorShape

_tokens = itertools.count()


def py_func(
    func: Callable[..., Any], inp: Sequence[Any], Tout: Any, stateful: bool = True, name: str | None = None
) -> Any:
    """What `func` returns for the values of `inp`, each time a session runs.

    Args:
        func: Takes numpy arrays (numpy scalars and bytes for shape `[]`), returns one array or several.
        inp: Tensors.
        Tout: The type of the result, or a list of the types of several.
        stateful: Whether equal inputs may give another result.
        name: Name of the operation.

    Returns:
        A tensor of unknown shape, or a list of them when `Tout` is a list. No gradient flows through it.

    Raises:
        ValueError: `func` cannot be called.
    """
    if not callable(func):
        raise ValueError(f"Expected func to be callable, got func of type {type(func)}")
    several = isinstance(Tout, (list, tuple))
    types = [as_dtype(dtype) for dtype in (Tout if several else [Tout])]
    type_ = "PyFunc" if stateful else "PyFuncStateless"
    with name_scope(name, type_, inp) as scope:
        inputs = [convert_to_tensor(item, name=f"input_{index}") for index, item in enumerate(inp)]
        attrs = {
            "token": f"pyfunc_{next(_tokens)}",
            "Tin": [item.dtype for item in inputs],
            "Tout": types,
            "_py_function": func,
        }
        result = apply_op(type_, *inputs, name=scope, **attrs)
    if isinstance(result, Operation):
        return result
    return outputs_of(result) if several else result


def numpy_function(func: Callable[..., Any], inp: Sequence[Any], Tout: Any, name: str | None = None) -> Any:
    """What `func` returns for the values of `inp`; the same as `py_func`."""
    return py_func(func, inp, Tout, stateful=True, name=name)


def _bind(op: Operation, runtime: Runtime) -> Kernel:
    function: Callable[..., Any] = op.get_attr("_py_function")
    types: list[DType] = op.get_attr("Tout")
    token: str = op.get_attr("token")

    def call(*values: Any) -> Any:
        result = function(*(np.asarray(value)[()] for value in values))
        parts = list(result) if isinstance(result, (list, tuple)) else [] if result is None else [result]
        if len(parts) != len(types):
            raise ValueError(f"{token} returns {len(parts)} values, but expects to see {len(types)} values.")
        return [_checked(part, dtype, f"{number}-th value returned by {token}")
                for number, (part, dtype) in enumerate(zip(parts, types))]  # fmt: skip

    return call


def _checked(value: Any, dtype: DType, what: str) -> Any:
    """The value as an array of `dtype`; a Python or numpy value of another type is an error, as in TensorFlow."""
    array = np.array(value, dtype=object) if isinstance(value, (str, bytes)) else np.asarray(value)
    if array.dtype.kind in "SUO":
        given = string
        encoded = [item.encode() if isinstance(item, str) else item for item in array.ravel().tolist()]
        array = np.empty(array.shape, dtype=object)
        array.reshape(-1)[:] = encoded
    else:
        given = as_dtype(array.dtype)
    if given is not dtype:
        raise ValueError(f"{what} is {given.name}, but expects {dtype.name}; convert it inside the function.")
    return array


def _shapes(op: Operation) -> list[TensorShape]:
    return [TensorShape(None)] * len(op.attrs["Tout"])


register("PyFunc", bind=_bind, shape=_shapes, dtypes="Tout", gradient=NOT_DIFFERENTIABLE, types={}, lists=True)
register("PyFuncStateless", bind=_bind, shape=_shapes, dtypes="Tout", gradient=NOT_DIFFERENTIABLE, types={}, lists=True)
