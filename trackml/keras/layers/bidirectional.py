"""Recurrent layers in both directions: `Bidirectional`."""

from __future__ import annotations

from typing import Any

from trackml import nest
from trackml.keras.engine.base_layer import Layer
from trackml.keras.engine.configuration import parameters_of, remade
from trackml.keras.layers.wrappers import Wrapper
from trackml.keras.saving.objects import plain
from trackml.ops import joining

_MODES = ("sum", "mul", "ave", "concat", None)


class Bidirectional(Wrapper):
    """A recurrent layer that goes from the first step to the last, beside one that goes from the last to the first.

    Args:
        layer: The recurrent layer; it is made again for each direction, and keeps its settings.
        merge_mode: What becomes of both outputs: `"concat"`, `"sum"`, `"mul"`, `"ave"`, or None for a list of both.
        weights: First values of the weights, those of the forward layer before those of the backward one.
        backward_layer: The layer for the way back, if it is another one; it has `go_backwards`.
        kwargs: What `Layer` takes.

    Raises:
        ValueError: One of them is no layer, there is no such mode, or both layers do not fit each other.
    """

    supports_masking = True

    def __init__(
        self,
        layer: Any,
        merge_mode: str | None = "concat",
        weights: Any = None,
        backward_layer: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(layer, **kwargs)
        if backward_layer is not None and not isinstance(backward_layer, Layer):
            raise ValueError(f"`backward_layer` need to be a `Layer` instance. Received: {backward_layer!r}")
        if merge_mode not in _MODES:
            raise ValueError(
                f'Invalid merge mode. Received: {merge_mode}. Merge mode should be one of {{"sum", "mul", "ave", '
                '"concat", None}'
            )
        self.forward_layer = remade(layer)
        self.backward_layer = _reversed(layer) if backward_layer is None else remade(backward_layer)
        self.forward_layer._name = f"forward_{layer.name}"
        self.backward_layer._name = f"backward_{(backward_layer or layer).name}"
        self._check()
        self.merge_mode = merge_mode
        self.return_sequences = layer.return_sequences
        self.return_state = layer.return_state
        self.stateful = layer.stateful
        for one in (self.forward_layer, self.backward_layer):
            # What is masked lies at the end for one of them and at the start for the other.
            one.zero_output_for_mask = self.return_sequences
        if weights is not None:
            half = len(weights) // 2
            _start_from(self.forward_layer, weights[:half])
            _start_from(self.backward_layer, weights[half:])

    def get_config(self) -> dict[str, Any]:
        """The layer as it was given, the mode, and the layer for the way back if one was given."""
        config = super().get_config()
        backward = self._given.get("backward_layer")
        rest = {name: value for name, value in config.items() if name not in ("backward_layer", "weights")}
        return rest if backward is None else {**rest, "backward_layer": plain(backward)}

    @property
    def _sublayers(self) -> list[Any]:
        return [self.forward_layer, self.backward_layer] if "backward_layer" in self.__dict__ else []

    def _check(self) -> None:
        forward, backward = self.forward_layer, self.backward_layer
        if forward.go_backwards == backward.go_backwards:
            raise ValueError(
                "Forward layer and backward layer should have different `go_backwards` value. "
                f"forward_layer.go_backwards = {forward.go_backwards}, backward_layer.go_backwards = "
                f"{backward.go_backwards}"
            )
        for name in ("stateful", "return_sequences", "return_state"):
            values = getattr(forward, name), getattr(backward, name)
            if values[0] != values[1]:
                raise ValueError(
                    f'Forward layer and backward layer are expected to have the same value for attribute "{name}", got '
                    f'"{values[0]}" for forward layer and "{values[1]}" for backward layer'
                )

    def call(
        self, inputs: Any, training: Any = None, mask: Any = None, initial_state: Any = None, constants: Any = None
    ) -> Any:
        """Both outputs, merged; the last states of both behind them with `return_state`.

        Args:
            inputs: The sequences; or a list of them and the initial states of both layers.
            training: Passed on to both layers.
            mask: Passed on to both layers.
            initial_state: The states of the forward layer, then those of the backward one.
            constants: Passed on to both layers.
        """
        if isinstance(inputs, (list, tuple)):
            inputs, *given = inputs
            initial_state = given or initial_state
        mask = next(iter(nest.flatten(mask)))
        states = [] if initial_state is None else list(initial_state)
        half = len(states) // 2
        results = []
        for layer, first in ((self.forward_layer, states[:half]), (self.backward_layer, states[half:])):
            offered = {"training": training, "mask": mask, "initial_state": first or None, "constants": constants}
            accepted = parameters_of(type(layer), "call")
            results.append(layer(inputs, **{name: offered[name] for name in offered if name in accepted}))
        after: list[Any] = []
        if self.return_state:
            after = [*results[0][1:], *results[1][1:]]
            results = [results[0][0], results[1][0]]
        merged = self._merged(*results)
        if not self.return_state:
            return merged
        return [*(merged if isinstance(merged, list) else [merged]), *after]

    def _merged(self, forward: Any, backward: Any) -> Any:
        if self.return_sequences:
            backward = joining.reverse(backward, [0 if getattr(self.forward_layer, "time_major", False) else 1])
        if self.merge_mode == "concat":
            return joining.concat([forward, backward], -1)
        if self.merge_mode == "mul":
            return forward * backward
        if self.merge_mode is None:
            return [forward, backward]
        return forward + backward if self.merge_mode == "sum" else (forward + backward) / 2.0

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        """The mask of the steps where all outputs are returned; none for states and last outputs."""
        steps = next(iter(nest.flatten(mask))) if self.return_sequences else None
        masks = [steps] if self.merge_mode else [steps, steps]
        if self.return_state:
            masks += [None] * (2 * len(self.forward_layer.states))
        return masks if len(masks) > 1 else masks[0]

    def reset_states(self, states: Any = None) -> None:
        """Lets stateful layers begin anew; see `RNN.reset_states`."""
        flat = [] if states is None else nest.flatten(states)
        half = len(flat) // 2
        self.forward_layer.reset_states(flat[:half] or None)
        self.backward_layer.reset_states(flat[half:] or None)


def _start_from(layer: Any, weights: Any) -> None:
    getattr(layer, "cell", layer)._first_weights = list(weights)


def _reversed(layer: Any) -> Any:
    """A layer of the same settings for the other direction."""
    config = layer.get_config()
    config["go_backwards"] = not layer.go_backwards
    return type(layer).from_config(config)
