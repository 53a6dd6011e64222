"""What the user says of runs: another name, a colour, a note, a star, or that they are put away.

It is kept in a file of ours, one a log directory, and never in the log directory itself, which may be somebody else's.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from trackml.runs import RunView
from trackml_tui.state_files import replace_text, set_aside

_LONGEST = 10_000
"""Characters of a note."""


@dataclass(frozen=True, slots=True)
class Label:
    """What the user says of one run."""

    name: str = ""
    """Shown in place of its own name; empty for none."""
    slot: int | None = None
    """Its place in the palette; None for the one it is given."""
    note: str = ""
    starred: bool = False
    archived: bool = False
    """Whether it is put away: listed only when asked for."""


PLAIN = Label()
"""Of a run of which nothing is said."""


class Labels(Mapping[str, Label]):
    """Labels by the directory of the run; what has none is `PLAIN`. It never changes."""

    def __init__(self, labels: Mapping[str, Label] = MappingProxyType({})) -> None:
        self._labels = {path: label for path, label in labels.items() if label != PLAIN}

    def __getitem__(self, path: str) -> Label:
        return self._labels[path]

    def __iter__(self) -> Any:
        return iter(self._labels)

    def __len__(self) -> int:
        return len(self._labels)

    def __hash__(self) -> int:
        return hash(frozenset(self._labels.items()))

    def of(self, run: RunView) -> Label:
        """The label of a run."""
        return self._labels.get(str(run.path), PLAIN) if self._labels else PLAIN

    def with_changes(self, runs: Iterable[RunView], change: Callable[[Label], Label]) -> Labels:
        """These labels, with those of `runs` changed."""
        return Labels({**self._labels, **{str(run.path): change(self.of(run)) for run in runs}})


NO_LABELS = Labels()


class LabelFiles:
    """Reads and writes the labels of log directories; it belongs to one thread at a time.

    Args:
        logdirs: The log directories, as the runs' paths begin with them.
        directory: Where the files are.
    """

    def __init__(self, logdirs: Sequence[Path], directory: Path) -> None:
        self._logdirs = logdirs
        self._directory = directory
        self.complaints: list[str] = []
        """What went wrong, for the user."""

    def path(self, logdir: Path) -> Path:
        """The file with the labels of a log directory, which is known by the place that links lead to."""
        place = os.path.realpath(logdir)
        digest = hashlib.sha256(os.fsencode(place)).hexdigest()[:16]
        return self._directory / f"{digest}.json"

    def read(self) -> Labels:
        """All labels. A file that is damaged is kept aside under another name, and counts as none."""
        found: dict[str, Label] = {}
        for logdir in self._logdirs:
            for name, label in self._read(self.path(logdir)).items():
                found[str(logdir / name)] = label
        return Labels(found)

    def write(self, before: Labels, after: Labels) -> None:
        """Writes what is different in `after`; what others changed meanwhile stays."""
        changed = {path for path in {*before, *after} if before.get(path) != after.get(path)}
        for logdir in self._logdirs:
            names = {path: os.path.relpath(path, logdir) for path in changed if _is_below(path, logdir)}
            if names:
                kept = self._read(self.path(logdir))
                kept.update({name: after.get(path, PLAIN) for path, name in names.items()})
                self._write(logdir, kept)

    def _read(self, path: Path) -> dict[str, Label]:
        try:
            text = path.read_text(encoding="utf-8", errors="surrogatepass")
        except FileNotFoundError:
            return {}
        except OSError as error:
            self.complaints.append(f"Labels cannot be read: {error}")
            return {}
        try:
            return {name: _label(said) for name, said in json.loads(text)["runs"].items()}
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            kept = set_aside(path)
            self.complaints.append(f"Damaged labels ({error}); the file is kept as {kept}")
            return {}

    def _write(self, logdir: Path, labels: Mapping[str, Label]) -> None:
        runs = {name: _said(label) for name, label in sorted(labels.items()) if label != PLAIN}
        text = json.dumps({"logdir": os.path.realpath(logdir), "runs": runs}, indent=1)
        try:
            replace_text(self.path(logdir), text)
        except OSError as error:
            self.complaints.append(f"Labels cannot be written: {error}")


def renamed(name: str) -> Callable[[Label], Label]:
    """Gives a run another name."""
    return lambda label: replace(label, name=name.strip()[:_LONGEST])


def noted(note: str) -> Callable[[Label], Label]:
    """Says something of a run."""
    return lambda label: replace(label, note=note.strip()[:_LONGEST])


def _is_below(path: str, logdir: Path) -> bool:
    return path == str(logdir) or path.startswith(os.path.join(str(logdir), ""))


def _said(label: Label) -> dict[str, Any]:
    """What differs from `PLAIN`, under the names of the fields."""
    return {name: value for name, value in asdict(label).items() if value != getattr(PLAIN, name)}


def _label(said: Mapping[str, Any]) -> Label:
    """Gives a label of what a file says; what is no such thing is left out.

    Raises:
        TypeError: If it says nothing of the kind.
    """
    if not isinstance(said, dict):
        raise TypeError("expected an object a run")
    slot = said.get("slot")
    return Label(
        name=_text(said.get("name")),
        slot=slot if isinstance(slot, int) and not isinstance(slot, bool) and slot >= 0 else None,
        note=_text(said.get("note")),
        starred=said.get("starred") is True,
        archived=said.get("archived") is True,
    )


def _text(value: Any) -> str:
    return value[:_LONGEST] if isinstance(value, str) else ""
