"""The few names of `tf.contrib` that programs still use; each is found under its newer name as well."""

from __future__ import annotations

from trackml.contrib import feature_column, framework, layers, lookup, predictor, rnn, training

__all__ = ["feature_column", "framework", "layers", "lookup", "predictor", "rnn", "training"]
