"""Layers: functions with weights of their own (`tf.layers`)."""

from __future__ import annotations

from trackml.layers.base import Layer
from trackml.layers.convolutional import Conv1D, Conv2D, conv1d, conv2d
from trackml.layers.core import Dense, Dropout, Flatten, dense, dropout, flatten
from trackml.layers.input_spec import InputSpec
from trackml.layers.normalization import BatchNormalization, batch_normalization
from trackml.layers.pooling import (
    AveragePooling1D,
    AveragePooling2D,
    MaxPooling1D,
    MaxPooling2D,
    average_pooling1d,
    average_pooling2d,
    max_pooling1d,
    max_pooling2d,
)
from trackml.layers.separable import SeparableConv2D, separable_conv2d

__all__ = [
    "AveragePooling1D",
    "AveragePooling2D",
    "BatchNormalization",
    "Conv1D",
    "Conv2D",
    "Dense",
    "Dropout",
    "Flatten",
    "InputSpec",
    "Layer",
    "MaxPooling1D",
    "MaxPooling2D",
    "SeparableConv2D",
    "average_pooling1d",
    "average_pooling2d",
    "batch_normalization",
    "conv1d",
    "conv2d",
    "dense",
    "dropout",
    "flatten",
    "max_pooling1d",
    "max_pooling2d",
    "separable_conv2d",
]
