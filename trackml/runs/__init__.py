"""What log directories hold: runs, their tags and their scalars, followed as they grow.

```
store = RunStore("runs")
store.refresh()
loss = store.snapshot()["lr=0.1"].scalars["loss"]
loss.step, loss.wall_time, loss.value
```
"""

from __future__ import annotations

from trackml.runs.series import Series
from trackml.runs.store import RunStore
from trackml.runs.view import FileHealth, RunView, Snapshot

__all__ = ["FileHealth", "RunStore", "RunView", "Series", "Snapshot"]
