"""What runs say of themselves, read along with their events."""

from __future__ import annotations

import time
from collections.abc import Mapping
from types import MappingProxyType

from trackml.runs import ManifestReader, RunManifest, RunView, Snapshot

_BUDGET = 0.2
_NONE: Mapping[str, RunManifest] = MappingProxyType({})


class ManifestBook:
    """Reads the manifests of all runs, and of each only what was added; it belongs to the thread that reads runs."""

    def __init__(self) -> None:
        self._readers: dict[str, ManifestReader] = {}
        self._seen: dict[str, RunView] = {}
        self.manifests: Mapping[str, RunManifest] = _NONE
        """By the run's name; replaced as a whole, so that any thread may take it."""
        self.is_behind = False
        """Whether there is more to read than the time allowed for."""

    def read(self, snapshot: Snapshot, budget: float = _BUDGET) -> bool:
        """Reads what is new; tells whether anything was.

        Args:
            snapshot: The runs as they are now.
            budget: Seconds after which the rest is left for the next time.
        """
        end = time.monotonic() + budget
        found = {name: manifest for name, manifest in self.manifests.items() if name in snapshot}
        self._seen = {name: run for name, run in self._seen.items() if name in snapshot}
        self._readers = {name: reader for name, reader in self._readers.items() if name in snapshot}
        changed = [run for name, run in snapshot.items() if self._seen.get(name) is not run]
        self.is_behind, has_read = False, False
        for run in changed:
            if time.monotonic() > end:
                self.is_behind = True
                break
            self._seen[run.name] = run
            manifest = self._read(run)
            if manifest is not None:
                found[run.name], has_read = manifest, True
        is_new = has_read or len(found) != len(self.manifests)
        self.manifests = MappingProxyType(found) if is_new else self.manifests
        return is_new

    def _read(self, run: RunView) -> RunManifest | None:
        files = run.manifest_files
        if not files:
            return None
        reader = self._readers.setdefault(run.name, ManifestReader())
        return reader.read(file.path for file in files)
