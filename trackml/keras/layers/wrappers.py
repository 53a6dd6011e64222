"""Layers around a layer: `Wrapper`, `TimeDistributed`."""

from __future__ import annotations

from typing import Any

from trackml import nest
from trackml.graph.operation import Tensor
from trackml.keras.engine import nodes
from trackml.keras.engine.base_layer import Layer
from trackml.keras.engine.configuration import parameters_of
from trackml.ops import array, joining, reductions


class Wrapper(Layer):
    """The base of layers around another one, whose weights are theirs.

    Args:
        layer: The layer inside.
        kwargs: What `Layer` takes.

    Raises:
        ValueError: `layer` is no layer.
    """

    def __init__(self, layer: Any, **kwargs: Any) -> None:
        if not isinstance(layer, Layer):
            raise ValueError(
                f"Please initialize `{type(self).__name__}` layer with a `Layer` instance. Received: {layer!r}"
            )
        super().__init__(**kwargs)
        self.layer = layer

    @property
    def activity_regularizer(self) -> Any:
        """The penalty on the output of the layer inside."""
        return self.layer.activity_regularizer


class TimeDistributed(Wrapper):
    """A layer, or a model, applied to each step of sequences by itself: `[batch, steps, ...]`.

    Args:
        layer: The layer.
        kwargs: What `Layer` takes.

    Raises:
        ValueError: `layer` is no layer; at the call: the inputs have no steps.
    """

    supports_masking = True

    def call(self, inputs: Any, training: Any = None, mask: Any = None) -> Any:
        """The layer's outputs with the steps before them: all steps go through the layer as one large batch.

        Args:
            inputs: `[batch, steps, ...]`, or several such tensors.
            training: Passed on to the layer.
            mask: `[batch, steps, ...]`; what it says of each step goes to the layer, if it takes masks.
        """
        for tensor in nest.flatten(inputs):
            if (tensor.shape.ndims or 3) < 3:
                raise ValueError(
                    "`TimeDistributed` Layer should be passed an `input_shape` with at least 3 dimensions, received: "
                    f"{tensor.shape}"
                )
        accepted = parameters_of(type(self.layer), "call")
        arguments: dict[str, Any] = {"training": training} if "training" in accepted else {}
        inside = None if mask is None else _as_one_batch(next(iter(nest.flatten(mask))))
        if inside is not None and "mask" in accepted:
            arguments["mask"] = inside
        if self.layer._weight_scope is None:
            self.layer._weight_scope = self._weights_in()
        outputs = self.layer(nest.map_structure(_as_one_batch, inputs), **arguments)
        first = nest.flatten(inputs)[0]
        split = nest.map_structure(lambda tensor: _in_steps(tensor, first), outputs)
        steps = self._mask_after(outputs, mask, first)
        for tensor in nest.flatten(split):
            nodes.set_mask(tensor, steps)
        return split

    def _mask_after(self, outputs: Any, mask: Any, like: Tensor) -> Any:
        """The mask that the layer gave, with the steps before it; that of the steps if it gave none."""
        given = [item for item in nest.flatten(nodes.mask_of(outputs)) if item is not None]
        if given:
            return _in_steps(given[0], like)
        steps = next(iter(nest.flatten(mask)))
        if steps is None or len(steps.shape) <= 2:
            return steps
        return reductions.reduce_any(steps, axis=list(range(2, len(steps.shape))))

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        """None: `call` has noted the masks, which are those of the layer inside, or else that of the steps."""
        return None


def _as_one_batch(tensor: Tensor) -> Tensor:
    """`[batch * steps, ...]`."""
    sizes = tensor.shape.as_list()
    now = array.shape(tensor)
    inner = [now[axis] if size is None else size for axis, size in enumerate(sizes)][2:]
    flat = array.reshape(tensor, joining.stack([-1, *inner]) if inner else [-1])
    batch, steps = sizes[:2]
    flat.set_shape([None if batch is None or steps is None else batch * steps, *sizes[2:]])
    return flat


def _in_steps(tensor: Tensor, like: Tensor) -> Tensor:
    """`[batch, steps, ...]` again."""
    sizes, outer, now = tensor.shape.as_list(), like.shape.as_list()[:2], array.shape(like)
    inner_now = array.shape(tensor)
    inner = [inner_now[axis] if size is None else size for axis, size in enumerate(sizes)][1:]
    known = [now[axis] if size is None else size for axis, size in enumerate(outer)]
    split = array.reshape(tensor, joining.stack([*known, *inner]))
    split.set_shape([*outer, *sizes[1:]])
    return split
