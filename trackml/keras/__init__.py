"""Keras' names over the same engine: activations and initializers so far, not models yet."""

from __future__ import annotations

from trackml.keras import activations, initializers

__all__ = ["activations", "initializers"]


def __getattr__(name: str) -> object:
    there = ", ".join(__all__)
    raise AttributeError(
        f"trackml.keras has no {name!r}: it has {there} so far. Build models with tf.layers and tf.estimator."
    )
