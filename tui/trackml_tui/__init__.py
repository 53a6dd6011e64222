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

_HOMES = {
    "View": "trackml_tui.view.View",
    "read_view": "trackml_tui.views.read_view",
    "write_view": "trackml_tui.views.write_view",
}


def __getattr__(name: str) -> object:
    """Loads a name's module when the name is first used: the command starts without them."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, _, attribute = _HOMES[name].rpartition(".")
    return getattr(importlib.import_module(module), attribute)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
