"""Fuzzes one target for a while: `python tests/fuzz/run.py TARGET [options of libFuzzer]`.

Needs Python 3.11 and `pip install atheris`, beside what trackml needs. New inputs are kept in `build/fuzz/TARGET`,
beside those of `tests/fuzz/corpus/TARGET`; an input that fails is written where `-artifact_prefix` says.

    python tests/fuzz/run.py events -max_total_time=600
    python tests/fuzz/keep.py events
"""

from __future__ import annotations

import pathlib
import sys
import zipfile

import atheris

HERE = pathlib.Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "oracles"), str(HERE.parents[1])]

with atheris.instrument_imports(include=["trackml.checkpoint", "trackml.events", "trackml.storage"]):
    from targets import TARGETS

MOST_MEGABYTES = 8192  # atheris 3.0 loses memory with each comparison that it looks at; the code that it tests does not


def main() -> None:
    name, *options = sys.argv[1:]
    if not any(not option.startswith("-") for option in options):
        grown = HERE.parents[1] / "build" / "fuzz" / name
        grown.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(HERE / "corpus" / name / "found.zip") as found:
            found.extractall(grown)
        options += [str(grown), str(HERE / "corpus" / name)]
    options.insert(0, f"-rss_limit_mb={MOST_MEGABYTES}")
    # For some options libFuzzer starts itself again, by a command that begins with the first word here.
    atheris.Setup([f"{sys.executable} {__file__} {name}", *options], TARGETS[name])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
