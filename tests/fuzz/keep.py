"""Keeps what fuzzing found in the corpus: `python tests/fuzz/keep.py TARGET`, after `tests/fuzz/run.py TARGET`.

Of the inputs in `build/fuzz/TARGET` those few that reach anything of their own come into
`tests/fuzz/corpus/TARGET/found.zip`.
"""

from __future__ import annotations

import pathlib
import subprocess
import sys
import tempfile
import zipfile

HERE = pathlib.Path(__file__).parent
LONGEST_BYTES = 1500


def main(target: str) -> None:
    """Merges what is there into a new archive."""
    corpus, grown = HERE / "corpus" / target, HERE.parents[1] / "build" / "fuzz" / target
    with tempfile.TemporaryDirectory() as kept:
        command = [sys.executable, str(HERE / "run.py"), target, "-merge=1", f"-max_len={LONGEST_BYTES}"]
        subprocess.run([*command, kept, str(corpus), str(grown)], check=True)
        with zipfile.ZipFile(corpus / "found.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted(pathlib.Path(kept).iterdir()):
                archive.writestr(zipfile.ZipInfo(path.name), path.read_bytes(), zipfile.ZIP_DEFLATED)


if __name__ == "__main__":
    main(*sys.argv[1:])
