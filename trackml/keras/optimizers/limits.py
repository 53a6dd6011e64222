"""What goes with any optimizer: limits of gradients, averages of weights, and their settings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from trackml.graph.operation import Operation
from trackml.keras import backend
from trackml.keras.optimizers.state import State
from trackml.ops import array, clipping, comparison, gathering, math
from trackml.variables import Variable

_AVERAGE = "average"
_SETTINGS = ("clipnorm", "clipvalue", "global_clipnorm", "weight_decay")


def check(optimizer: Any) -> None:
    """Refuses settings that cannot be, with a ValueError."""
    if optimizer.clipnorm is not None and optimizer.global_clipnorm is not None:
        raise ValueError(
            f"At most one of `clipnorm` and `global_clipnorm` can be set. Received: clipnorm={optimizer.clipnorm}, "
            f"global_clipnorm={optimizer.global_clipnorm}."
        )
    if optimizer.use_ema and not 0 <= optimizer.ema_momentum <= 1:
        raise ValueError(f"`ema_momentum` must be in the range [0, 1]. Received: {optimizer.ema_momentum}")
    each = optimizer.ema_overwrite_frequency
    if optimizer.use_ema and each is not None and (not isinstance(each, int) or each < 1):
        raise ValueError(f"`ema_overwrite_frequency` must be a whole number of 1 or more, or None. Received: {each!r}")


def config_of(optimizer: Any) -> dict[str, Any]:
    """Those of the settings that are not what they are by default."""
    found = {name: getattr(optimizer, name) for name in _SETTINGS if getattr(optimizer, name) is not None}
    if optimizer.use_ema:
        names = ("use_ema", "ema_momentum", "ema_overwrite_frequency")
        found |= {name: getattr(optimizer, name) for name in names}
    return found


def limited(optimizer: Any, grads: Sequence[Any]) -> list[Any]:
    """Gradients within the first of the limits that is set."""
    if optimizer.clipnorm:
        return [clipping.clip_by_norm(grad, optimizer.clipnorm) for grad in grads]
    if optimizer.global_clipnorm:
        return list(clipping.clip_by_global_norm(list(grads), optimizer.global_clipnorm)[0])
    if optimizer.clipvalue:
        return [clipping.clip_by_value(grad, -optimizer.clipvalue, optimizer.clipvalue) for grad in grads]
    return list(grads)


def averaged(optimizer: Any, state: State, variables: Sequence[Variable]) -> list[Operation]:
    """Takes weights into their averages; each few steps gives them these."""
    stays = optimizer.ema_momentum
    changes: list[Operation] = []
    for var in variables:
        average = state.slot(var, _AVERAGE, var.initialized_value())
        now = stays * average.value() + (1.0 - stays) * var.value()
        changes.append(average.assign(now, read_value=False))
        if optimizer.ema_overwrite_frequency:
            steps = state.iterations.value() + 1
            due = comparison.equal(math.mod(steps, optimizer.ema_overwrite_frequency), 0)
            everywhere = array.broadcast_to(due, array.shape(now))
            changes.append(var.assign(gathering.where(everywhere, now, var.value()), read_value=False))
    return changes


def finish(state: State, variables: Sequence[Variable]) -> None:
    """Gives variables their averages."""
    averages = state.slots.get(_AVERAGE, {})
    for var in variables:
        if var.op in averages:
            backend.set_value(var, backend.get_value(averages[var.op]))
