"""A dashboard in the terminal for any TensorBoard log directory: the command `trackml-tui`.

Views can be written by programs, and opened with `trackml-tui --view FILE`:

```python
from trackml_tui import View, write_view

write_view("loss.toml", View(tag="loss", pattern="lr<0.01"))
```
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from trackml_tui.view import View
    from trackml_tui.views import read_view, write_view

__all__ = ["View", "read_view", "write_view"]

_HOMES = {"View": "trackml_tui.view", "read_view": "trackml_tui.views", "write_view": "trackml_tui.views"}


def __getattr__(name: str) -> object:
    """Loads a name's module when the name is first used: the command starts without them."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)
