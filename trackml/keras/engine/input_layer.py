"""Where data come into a model: `Input`."""

from __future__ import annotations

from typing import Any

from trackml.dtypes import as_dtype
from trackml.graph.graph import get_default_graph
from trackml.graph.operation import Tensor
from trackml.keras.engine.base_layer import Layer, unique_name
from trackml.keras.engine.nodes import Node, remember
from trackml.ops import placeholder
from trackml.ops.framework import name_scope


class InputLayer(Layer):
    """The place of one input of a model.

    Args:
        input_shape: The shape of one example.
        batch_size: How many examples a batch has, if that is always the same.
        dtype: The type of the input; float32 by default.
        name: Its name, by which it is fed; `input_1`, `input_2` by default.
        batch_input_shape: The shape of a batch, instead of `input_shape`.
    """

    def __init__(
        self,
        input_shape: Any = None,
        batch_size: int | None = None,
        dtype: Any = None,
        name: str | None = None,
        batch_input_shape: Any = None,
        **kwargs: Any,
    ) -> None:
        shape = (batch_size, *(input_shape or ())) if batch_input_shape is None else tuple(batch_input_shape)
        kind = as_dtype(dtype or "float32")
        super().__init__(name=name or unique_name("input", from_one=True), dtype=kind, batch_input_shape=shape)
        self.graph = get_default_graph()
        with name_scope(None):
            self.placeholder: Tensor = placeholder(kind, list(shape), name=self.name)
        self.built = True
        self._nodes.append(Node(self, [], self.placeholder))
        remember(self._nodes[0])

    def get_config(self) -> dict[str, Any]:
        """Shape, type and name."""
        place = {"batch_input_shape": self._batch_input_shape, "dtype": self.dtype, "sparse": False, "ragged": False}
        return {**place, "name": self.name}


def Input(  # noqa: N802  Keras' name
    shape: Any = None,
    batch_size: int | None = None,
    name: str | None = None,
    dtype: Any = None,
    batch_shape: Any = None,
    **kwargs: Any,
) -> Tensor:
    """The tensor that a model starts from.

    Args:
        shape: The shape of one example, without the batch.
        batch_size: How many examples a batch has, if that is always the same.
        name: The input's name, by which it is fed.
        dtype: Its type; float32 by default.
        batch_shape: The shape of a batch, instead of `shape`.

    Raises:
        ValueError: Neither `shape` nor `batch_shape` is given.

    Example:
        >>> from trackml import keras
        >>> x = keras.Input(shape=(3,), name="x")
        >>> model = keras.Model(x, keras.layers.Dense(2)(x))
        >>> model.output_shape
        (None, 2)
    """
    whole = batch_shape if batch_shape is not None else kwargs.pop("batch_input_shape", None)
    if kwargs:
        raise TypeError(f"Input got unexpected keyword arguments: {sorted(kwargs)}")
    if shape is None and whole is None:
        raise ValueError("Please provide to Input either a `shape` or a `batch_shape` argument.")
    return InputLayer(shape, batch_size, dtype, name, whole).placeholder
