"""What the user chose in each pane: frozen values that a view file can hold."""

from __future__ import annotations

__all__ = []
