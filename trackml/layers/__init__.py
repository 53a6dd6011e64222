"""Layers: functions with weights of their own (`tf.layers`)."""

from __future__ import annotations

from trackml.layers.base import Layer
from trackml.layers.core import Dense, Dropout, Flatten, dense, dropout, flatten
from trackml.layers.input_spec import InputSpec
from trackml.layers.normalization import BatchNormalization, batch_normalization

__all__ = [
    "BatchNormalization",
    "Dense",
    "Dropout",
    "Flatten",
    "InputSpec",
    "Layer",
    "batch_normalization",
    "dense",
    "dropout",
    "flatten",
]
