"""The losses of a graph: the collections that functions of losses and layers put them into."""

from __future__ import annotations

from typing import Any

from trackml.graph.conversion import constant
from trackml.graph.keys import GraphKeys
from trackml.graph.operation import Tensor
from trackml.ops import math
from trackml.ops.framework import add_to_collection, get_collection


def add_loss(loss: Any, loss_collection: str | None = GraphKeys.LOSSES) -> None:
    """Puts a loss into a collection; None for none."""
    if loss_collection:
        add_to_collection(loss_collection, loss)


def get_losses(scope: str | None = None, loss_collection: str = GraphKeys.LOSSES) -> list[Any]:
    """The losses of the default graph; with `scope`, those whose name begins with that pattern."""
    return get_collection(loss_collection, scope)


def get_regularization_losses(scope: str | None = None) -> list[Any]:
    """The penalties that layers and variables added; with `scope`, those whose name begins with that pattern."""
    return get_collection(GraphKeys.REGULARIZATION_LOSSES, scope)


def get_regularization_loss(scope: str | None = None, name: str = "total_regularization_loss") -> Tensor:
    """The sum of the penalties as a scalar; 0 where there is none."""
    losses = get_regularization_losses(scope)
    return math.add_n(losses, name=name) if losses else constant(0.0)


def get_total_loss(
    add_regularization_losses: bool = True, name: str = "total_loss", scope: str | None = None
) -> Tensor:
    """The sum of all losses as a scalar.

    Args:
        add_regularization_losses: Whether penalties are counted in.
        name: Name of the sum.
        scope: Takes only losses whose name begins with that pattern.

    Raises:
        ValueError: There is no loss.
    """
    losses = get_losses(scope) + (get_regularization_losses(scope) if add_regularization_losses else [])
    return math.add_n(losses, name=name)
