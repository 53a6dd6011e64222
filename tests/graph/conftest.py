"""Tensors have their operators in every test, whichever runs first: the graph's own package does not load them."""

from __future__ import annotations

import importlib

importlib.import_module("trackml.ops.operators")
