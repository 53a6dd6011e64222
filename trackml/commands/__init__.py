"""The commands of `trackml` that look into log directories, one module each, run by `trackml.cli`."""

from __future__ import annotations

__all__ = []
