"""What log directories hold: runs, their tags and their values, followed as they grow.

```
store = RunStore("runs")
store.refresh()
loss = store.snapshot()["lr=0.1"].scalars["loss"]
loss.step, loss.wall_time, loss.value
```

Values that are no scalars stay on disk until somebody asks for them: `run.histograms["kernel"][-1]` reads one. So do
`images`, `audio`, `texts`, `tensors` and `pr_curves` of a run.

The functions of these names give all that is in a log directory as pandas frames, as do `scalars`, `hparams` and
`tags`; `scalar_columns` and `wide_scalar_columns` give scalars as numpy columns, and `export_scalars` writes them to a
file.
"""

from __future__ import annotations

from trackml.events.contents import Audio, Histogram, Images
from trackml.runs.blobs import BlobSeries
from trackml.runs.cache import ColumnCache
from trackml.runs.checkpoints import Checkpoint, StoredTensor, find_checkpoints, read_tensors
from trackml.runs.content_frames import audio, histograms, images, pr_curves, tensors, texts
from trackml.runs.distributions import histogram_bins, histogram_cdf, histogram_pdf
from trackml.runs.exports import export, export_scalars
from trackml.runs.frame import scalar_columns, scalars, wide_scalar_columns
from trackml.runs.hparams_frame import hparams
from trackml.runs.hyperparameters import HParams
from trackml.runs.manifest import ManifestCheckpoint, ManifestDecision, ManifestReader, RunManifest
from trackml.runs.media_decoding import Wave, parse_wave, samples_of
from trackml.runs.points import ScalarColumns
from trackml.runs.projector import Embedding, EmbeddingMetadata, Projector
from trackml.runs.sampling import SampledWarning
from trackml.runs.series import Sampled, Series
from trackml.runs.store import RunStore
from trackml.runs.tag_frame import tags
from trackml.runs.view import FileHealth, RunView, Snapshot
from trackml.runs.watch import Watcher
from trackml.runs.wide import WideScalars

__all__ = [
    "Audio",
    "BlobSeries",
    "Checkpoint",
    "ColumnCache",
    "Embedding",
    "EmbeddingMetadata",
    "FileHealth",
    "HParams",
    "Histogram",
    "Images",
    "ManifestCheckpoint",
    "ManifestDecision",
    "ManifestReader",
    "Projector",
    "RunManifest",
    "RunStore",
    "RunView",
    "Sampled",
    "SampledWarning",
    "ScalarColumns",
    "Series",
    "Snapshot",
    "StoredTensor",
    "Watcher",
    "Wave",
    "WideScalars",
    "audio",
    "export",
    "export_scalars",
    "find_checkpoints",
    "histogram_bins",
    "histogram_cdf",
    "histogram_pdf",
    "histograms",
    "hparams",
    "images",
    "parse_wave",
    "pr_curves",
    "read_tensors",
    "samples_of",
    "scalar_columns",
    "scalars",
    "tags",
    "tensors",
    "texts",
    "wide_scalar_columns",
]
