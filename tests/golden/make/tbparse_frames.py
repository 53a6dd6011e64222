"""What tbparse makes of the event files of tests/golden, a row a value.

`python tests/golden/make/tbparse_frames.py tests/golden/frames/tbparse.json scalars tensors histograms text hparams`
`python tests/golden/make/tbparse_frames.py tests/golden/frames/tbparse.json images audio`

The second needs TensorFlow, with which tbparse decodes images and sound. Each adds its kinds to the file. Arrays are
kept as dtype, shape and CRC-32 of their bytes in C order.
"""

from __future__ import annotations

import json
import pathlib
import sys
import tempfile
import zipfile
import zlib

import numpy as np
import tbparse
from tensorboard.compat.tensorflow_stub import dtypes

GOLDEN = pathlib.Path(__file__).resolve().parents[1]
EXTRA = {
    "dir_name",
    "wall_time",
    "min",
    "max",
    "num",
    "sum",
    "sum_squares",
    "width",
    "height",
    "content_type",
    "length_frames",
    "sample_rate",
}

for missing in ("int4", "uint4"):  # tbparse 0.0.9 compares dtypes with these, which TensorBoard does not have.
    if not hasattr(dtypes, missing):
        setattr(dtypes, missing, None)


def unpack(target):
    """Lays the log directories beside each other."""
    for directory in sorted((GOLDEN / "events").iterdir()):
        for path in directory.iterdir() if directory.is_dir() else ():
            (target / directory.name).mkdir(exist_ok=True)
            (target / directory.name / path.name).write_bytes(path.read_bytes())
    for name in ("tensorboardx", "torch"):
        with zipfile.ZipFile(GOLDEN / "writer" / f"{name}.zip") as archive:
            names = [entry for entry in archive.namelist() if "tfevents" in entry]
            archive.extractall(target / name, names)


def plain(cell):
    """Gives a cell as JSON can hold it."""
    if isinstance(cell, np.ndarray):
        if cell.dtype == object:
            return [str(cell.tolist())]
        return {"dtype": cell.dtype.name, "shape": list(cell.shape), "crc32": zlib.crc32(cell.tobytes())}
    if isinstance(cell, bytes):
        return {"bytes": cell.hex()}
    if isinstance(cell, (float, np.floating)):
        return float(cell).hex()
    return cell.item() if isinstance(cell, np.generic) else cell


def main(out, *kinds):
    path = pathlib.Path(out)
    found = json.loads(path.read_text()) if path.exists() else {}
    with tempfile.TemporaryDirectory() as directory:
        unpack(pathlib.Path(directory))
        reader = tbparse.SummaryReader(directory, extra_columns=EXTRA, event_types=set(kinds))
        for kind in kinds:
            rows = reader.get_events(kind).to_dict("records")
            found[kind] = [{name: plain(cell) for name, cell in row.items()} for row in rows]
    lines = [
        f"{json.dumps(kind)}: [\n" + ",\n".join(json.dumps(row, sort_keys=True) for row in rows) + "\n]"
        for kind, rows in sorted(found.items())
    ]
    path.parent.mkdir(exist_ok=True)
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
