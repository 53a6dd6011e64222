"""What layers add to a model's training beside their outputs: penalties, metrics and updates."""

from __future__ import annotations

from typing import Any

from trackml import nest
from trackml.keras.engine import context
from trackml.keras.engine.weights import Weighted
from trackml.ops import reductions


class Penalized(Weighted):
    """A layer's penalties, metrics and updates.

    What is added while a model's step calls its layers belongs to that step; what is added otherwise stays with the
    layer.
    """

    _added_metrics: list[context.Added]

    @property
    def losses(self) -> list[Any]:
        """The penalties on weights and outputs, of the layer and of those inside it."""
        mine = [*self._penalties_on_weights(), *self._losses]
        return [*mine, *(loss for layer in self._sublayers for loss in layer.losses)]

    @property
    def weight_losses(self) -> list[Any]:
        """The penalties on weights alone, which hold for every call."""
        inside = [loss for layer in self._sublayers if isinstance(layer, Penalized) for loss in layer.weight_losses]
        return [*self._penalties_on_weights(), *inside]

    def _penalties_on_weights(self) -> list[Any]:
        made = [loss() if callable(loss) else loss for loss in self._weight_losses]
        return [loss for loss in made if loss is not None]

    @property
    def metrics(self) -> list[Any]:
        """What `add_metric` was given outside of a model's steps, as pairs of name and tensor."""
        mine: list[Any] = [(added.name, added.value) for added in self._added_metrics]
        inside = [item for layer in self._sublayers if isinstance(layer, Penalized) for item in layer.metrics]
        return [*mine, *inside]

    def add_loss(self, losses: Any, inputs: Any = None, **kwargs: Any) -> None:
        """Adds penalties, which models add to their loss.

        Args:
            losses: A scalar or a list of them; None is no penalty. A function without arguments, which gives a
                penalty on weights, is called for each step that is made.
            inputs: Accepted for TensorFlow's sake.
            kwargs: Accepted for TensorFlow's sake.
        """
        new = [loss for loss in nest.flatten(losses) if loss is not None]
        functions = [loss for loss in new if callable(loss)]
        self._weight_losses += [loss for loss in functions if all(loss is not known for known in self._weight_losses)]
        found = context.gathered()
        (self._losses if found is None else found.losses).extend(loss for loss in new if not callable(loss))

    def add_metric(self, value: Any, name: str | None = None, aggregation: str | None = None, **kwargs: Any) -> None:
        """Adds a value that `fit` and `evaluate` show, as its mean over all batches.

        Args:
            value: A tensor; the mean of its elements counts.
            name: What it is called in logs and histories.
            aggregation: `"mean"` or None, which is the same here.
            kwargs: Accepted for TensorFlow's sake.

        Raises:
            ValueError: There is no name, or another aggregation is asked for.
        """
        if name is None:
            raise ValueError("Please provide a name for your metric: add_metric(value, name='mean_activation').")
        if aggregation not in (None, "mean"):
            raise ValueError(f"The `aggregation` of a metric is 'mean'. Got {aggregation!r} for {name!r}.")
        added = context.Added(name, reductions.reduce_mean(value))
        found = context.gathered()
        (self._added_metrics if found is None else found.metrics).append(added)

    def add_update(self, updates: Any, inputs: Any = None) -> None:
        """Adds operations that must run with each training step."""
        found = context.gathered()
        (self._updates if found is None else found.updates).extend(nest.flatten(updates))

    def get_losses_for(self, inputs: Any) -> list[Any]:
        """The penalties: all for some inputs, those on weights for None."""
        return self._penalties_on_weights() if inputs is None else list(self._losses)

    def get_updates_for(self, inputs: Any) -> list[Any]:
        """The operations that must run with each training step."""
        return [] if inputs is None else list(self._updates)
