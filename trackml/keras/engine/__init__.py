"""What Keras models are made of: layers and their nodes, networks, training; for the parts of `trackml.keras` alone."""

from __future__ import annotations

__all__ = []
