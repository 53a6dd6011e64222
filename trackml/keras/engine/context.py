"""What a call of layers knows of its surroundings: the phase, and where penalties and updates are gathered."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

_TRAINING: ContextVar[bool] = ContextVar("training", default=False)
_INSIDE: ContextVar[bool] = ContextVar("inside", default=False)


@dataclass(frozen=True)
class Added:
    """A value that a layer wants to be shown."""

    name: str
    value: Any
    """A scalar tensor; its mean over the batches counts."""


@dataclass
class Gathered:
    """What layers added while they were called."""

    losses: list[Any] = field(default_factory=list)
    """Penalties that depend on the inputs."""
    updates: list[Any] = field(default_factory=list)
    """Operations that must run with the step."""
    metrics: list[Added] = field(default_factory=list)
    """Values that the step shows."""


_GATHERED: ContextVar[Gathered | None] = ContextVar("gathered", default=None)


def is_training() -> bool:
    """Whether layers that behave differently then are to train."""
    return _TRAINING.get()


def is_inside_a_layer() -> bool:
    """Whether the caller is the `call` of a layer."""
    return _INSIDE.get()


def gathered() -> Gathered | None:
    """Where penalties and updates go, if anybody gathers them."""
    return _GATHERED.get()


@contextmanager
def phase(training: bool) -> Iterator[Gathered]:
    """Calls layers for training or not; gives what they add on the way."""
    found = Gathered()
    tokens = _TRAINING.set(bool(training)), _GATHERED.set(found)
    try:
        yield found
    finally:
        _TRAINING.reset(tokens[0])
        _GATHERED.reset(tokens[1])


@contextmanager
def outside() -> Iterator[None]:
    """Where layers are made, though the `call` of another one may be under way: no phase, and nobody who gathers."""
    tokens = _TRAINING.set(False), _INSIDE.set(False), _GATHERED.set(None)
    try:
        yield
    finally:
        _TRAINING.reset(tokens[0])
        _INSIDE.reset(tokens[1])
        _GATHERED.reset(tokens[2])


@contextmanager
def inside(training: bool) -> Iterator[None]:
    """The body of a layer: what it calls leaves no trace in the network of layers."""
    tokens = _TRAINING.set(bool(training)), _INSIDE.set(True)
    try:
        yield
    finally:
        _TRAINING.reset(tokens[0])
        _INSIDE.reset(tokens[1])
