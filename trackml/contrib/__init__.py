"""The few names of `tf.contrib` that programs still use; each is found under its newer name as well."""

from __future__ import annotations

from trackml.contrib import framework, layers, lookup, rnn

__all__ = ["framework", "layers", "lookup", "rnn"]
