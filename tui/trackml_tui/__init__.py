"""A dashboard in the terminal for any TensorBoard log directory: the command `trackml-tui`."""

from __future__ import annotations

__all__ = []
