"""What log directories hold: runs, their tags and their scalars, followed as they grow.

```
store = RunStore("runs")
store.refresh()
loss = store.snapshot()["lr=0.1"].scalars["loss"]
loss.step, loss.wall_time, loss.value
```

Values that are no scalars stay on disk until somebody asks for them: `run.histograms["kernel"][-1]` reads one. So do
`images`, `audio`, `texts`, `tensors` and `pr_curves` of a run.

`scalars` gives all of it as one pandas frame, `scalar_columns` and `wide_scalar_columns` as numpy columns, and
`export_scalars` writes it to a file.
"""

from __future__ import annotations

from trackml.events.contents import Audio, Histogram, Images
from trackml.runs.blobs import BlobSeries
from trackml.runs.export import export_scalars
from trackml.runs.frame import scalar_columns, scalars, wide_scalar_columns
from trackml.runs.hparams import HParams
from trackml.runs.points import ScalarColumns
from trackml.runs.series import Series
from trackml.runs.store import RunStore
from trackml.runs.view import FileHealth, RunView, Snapshot
from trackml.runs.wide import WideScalars

__all__ = [
    "Audio",
    "BlobSeries",
    "FileHealth",
    "HParams",
    "Histogram",
    "Images",
    "RunStore",
    "RunView",
    "ScalarColumns",
    "Series",
    "Snapshot",
    "WideScalars",
    "export_scalars",
    "scalar_columns",
    "scalars",
    "wide_scalar_columns",
]
