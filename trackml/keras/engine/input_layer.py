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
        kwargs: `sparse`, `ragged` and `input_tensor` of TensorFlow's, at what they are without being said.

    Raises:
        TypeError: A shape is none.
        ValueError: The input is to be sparse, ragged, or another tensor.
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
        _refuse_others(kwargs)
        whole = batch_input_shape is not None
        sizes = _sizes(batch_input_shape if whole else input_shape or ())
        shape = sizes if whole else (batch_size, *sizes)
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
    sparse: bool = False,
    tensor: Any = None,
    ragged: bool = False,
    batch_shape: Any = None,
    **kwargs: Any,
) -> Tensor:
    """The tensor that a model starts from.

    Args:
        shape: The shape of one example, without the batch.
        batch_size: How many examples a batch has, if that is always the same.
        name: The input's name, by which it is fed.
        dtype: Its type; float32 by default.
        sparse: False: inputs are dense.
        tensor: None: inputs are fed. What is computed from another tensor comes of calling the model on it.
        ragged: False: inputs are dense.
        batch_shape: The shape of a batch, instead of `shape`.

    Raises:
        TypeError: A shape is none.
        ValueError: Neither `shape` nor `batch_shape` is given; or the input is to be sparse, ragged, or another tensor.

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
    _refuse_others({"sparse": sparse, "input_tensor": tensor, "ragged": ragged})
    if shape is None and whole is None:
        raise ValueError("Please provide to Input either a `shape` or a `batch_shape` argument.")
    return InputLayer(shape, batch_size, dtype, name, whole).placeholder


def _sizes(shape: Any) -> tuple[int | None, ...]:
    if isinstance(shape, (int, str)):
        raise TypeError(f"A shape is a tuple, such as ({shape},). Received: {shape!r}")
    return tuple(None if size is None else int(size) for size in shape)


def _refuse_others(settings: dict[str, Any]) -> None:
    """Raises for what inputs cannot be here, and for what no input can be."""
    for name in ("sparse", "ragged", "input_tensor", "type_spec"):
        if settings.pop(name, None) not in (None, False):
            raise ValueError(
                f"Inputs here are dense tensors that are fed: leave `{name}` out. To compute from another tensor, call "
                "the model on it."
            )
    if settings:
        raise TypeError(f"InputLayer got unexpected keyword arguments: {sorted(settings)}")
