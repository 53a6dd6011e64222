"""Restarts: which points a training that began again has superseded.

A training that crashed at step 120 and goes on from its checkpoint at 100 writes the steps from 100 on a second time. A
SessionLog START tells so: the second and every later one of a run supersedes what was written before it with the same
or a higher step, in all tags. Files that declare no version (`brain.Event:2`) are older than that message; there, a
summary whose step lies below that of the summary before supersedes earlier points of its own tags.

"Before" is the order of the files' names and then the order in a file, as in TensorBoard, with one exception: a file
that holds an event later than the restart belongs to a writer that was still alive then. Nothing of it is superseded,
and its sessions are no earlier ones of the session that starts. Nor does a restart supersede a file whose writer was
restarted before and, in its new file, was alive. (TensorBoard purges all of these.) So several writers in one
directory each go back on their own points alone.

The rule is a function of what the files hold, never of when they were read. A point is superseded if any later restart
that counts for it has a step at or below its own: so a threshold for each session is enough, the least step of the
restarts behind it.

Source: tensorboard/backend/event_processing/plugin_event_accumulator.py (`_MaybePurgeOrphanedData`).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from trackml.events.event_columns import Floats, Ints
from trackml.runs.history import FileHistory, TagHistory

NEVER = int(np.iinfo(np.int64).max)
"""The threshold of points that no restart supersedes."""

_FIRST_VERSION_WITH_SESSIONS = 2


@dataclasses.dataclass
class FileThresholds:
    """From which steps on the points of one file are superseded."""

    by_session: Ints
    """By session of the file, shape `[starts + 1]`: session 0 is what comes before the first START."""
    by_tag: dict[str, int]
    """What later files say about single tags."""
    uses_sessions: bool
    """Whether the sessions of the file count, or the decreases of its steps."""

    def of(self, tag: str, history: TagHistory) -> tuple[Ints, Ints]:
        """Gives where the segments of a tag begin and the threshold of each; the first begins at 0."""
        if self.uses_sessions:
            positions = np.array(history.session_positions, np.int64)
            thresholds = self.by_session[history.session_numbers]
        else:
            positions, thresholds = _segments_between_decreases(history)
            thresholds = np.minimum(thresholds, self.by_session.min())
        return positions, np.minimum(thresholds, self.by_tag.get(tag, NEVER))


def find_thresholds(files: Sequence[FileHistory]) -> list[FileThresholds]:
    """Gives the thresholds of each of a run's files, which are in the order of their names."""
    uses_sessions = _use_sessions(files)
    starts = [
        _restarts(files, uses_sessions, index) if uses_sessions[index] else np.full(len(file.start_steps), NEVER)
        for index, file in enumerate(files)
    ]
    thresholds = [FileThresholds(_least_behind(steps), {}, uses) for steps, uses in zip(starts, uses_sessions)]
    _apply_starts(files, thresholds, starts)
    for index in range(1, len(files)):
        if not uses_sessions[index]:
            _apply_decreases(files, thresholds, index)
    return thresholds


def _use_sessions(files: Sequence[FileHistory]) -> list[bool]:
    """A file declares its version in its first record; one that does not takes that of the file before."""
    uses = []
    version = None
    for file in files:
        version = version if file.file_version is None else file.file_version
        uses.append(version is not None and version >= _FIRST_VERSION_WITH_SESSIONS)
    return uses


def _restarts(files: Sequence[FileHistory], uses_sessions: list[bool], index: int) -> Ints:
    """Gives the step of each START of a file, `NEVER` for the first one of the run."""
    file = files[index]
    steps = np.array(file.start_steps, np.int64)
    if len(steps):
        wall_time = file.start_wall_times[0]
        before = (
            bool(other.start_steps) and uses and _had_ended(other, wall_time)
            for other, uses in zip(files[:index], uses_sessions)
        )
        steps[0] = steps[0] if any(before) else NEVER
    return steps


def _had_ended(file: FileHistory, wall_time: float) -> bool:
    return file.last_wall_time is None or not file.last_wall_time > wall_time


def _apply_starts(files: Sequence[FileHistory], thresholds: list[FileThresholds], starts: list[Ints]) -> None:
    """Lowers the thresholds of files to the steps of restarts in later files."""
    steps = np.concatenate([np.empty(0, np.int64), *starts])
    if (steps == NEVER).all():
        return  # as nearly always
    wall_times = np.array([time for file in files for time in file.start_wall_times])
    numbers = np.repeat(np.arange(len(files)), [len(file.start_steps) for file in files])
    ends = np.array([np.nan if file.last_wall_time is None else file.last_wall_time for file in files])
    are_apart = _are_apart(wall_times, numbers, ends)
    begin = 0
    for file, threshold in zip(files, thresholds):
        begin += len(file.start_steps)
        counts = _count(file, wall_times[begin:])
        if not are_apart:
            counts = _own_restarts(counts, wall_times[begin:], numbers[begin:], ends)
        least = int(steps[begin:][counts].min(initial=NEVER))
        np.minimum(threshold.by_session, least, out=threshold.by_session)


def _are_apart(wall_times: Floats, numbers: Ints, ends: Floats) -> bool:
    """Tells whether no writer starts while that of an earlier file is alive."""
    latest = np.fmax.accumulate(ends)  # of all files up to each
    later = numbers > 0
    return not np.any(latest[numbers[later] - 1] > wall_times[later])


def _count(file: FileHistory, wall_times: Floats) -> npt.NDArray[np.bool_]:
    """Marks the times at which `file` had ended, so that what happened then may count for it."""
    if file.last_wall_time is None:
        return np.ones(len(wall_times), np.bool_)
    return ~(file.last_wall_time > wall_times)


def _own_restarts(
    counts: npt.NDArray[np.bool_], wall_times: Floats, numbers: Ints, ends: Floats
) -> npt.NDArray[np.bool_]:
    """Marks those of the restarts that `counts` marks which are of the file's own writer.

    The first to restart after the file had ended is its writer. As long as that one is alive, others are not.
    """
    own = np.zeros_like(counts)
    followers: set[int] = set()
    end = -np.inf
    candidates = np.flatnonzero(counts)
    for start in candidates[np.argsort(wall_times[candidates], kind="stable")]:
        number = int(numbers[start])
        if number in followers or not end > wall_times[start]:
            own[start] = True
            followers.add(number)
            end = np.fmax(end, ends[number])
    return own


def _apply_decreases(files: Sequence[FileHistory], thresholds: list[FileThresholds], index: int) -> None:
    for tag, history in files[index].histories():
        points = history.points.view()
        positions = list(history.decreases)
        if tag in files[index].first_summary_tags and _goes_back(files, index):
            positions.insert(0, 0)
        if not positions:
            continue
        steps, wall_times = points.step[positions], points.wall_time[positions]
        for file, threshold in zip(files[:index], thresholds):
            least = int(steps[_count(file, wall_times)].min(initial=NEVER))
            threshold.by_tag[tag] = min(threshold.by_tag.get(tag, NEVER), least)


def _goes_back(files: Sequence[FileHistory], index: int) -> bool:
    """Tells whether the first summary of a file lies below the last one before it."""
    first = files[index].first_summary
    if first is None:
        return False
    for file in reversed(files[:index]):
        if file.last_summary_step is not None and _had_ended(file, first.wall_time):
            return first.step < file.last_summary_step
    return False


def _segments_between_decreases(history: TagHistory) -> tuple[Ints, Ints]:
    decreases = np.array(history.decreases, np.int64)
    steps = history.points.view().step[decreases]
    thresholds = _least_behind(steps)
    if len(decreases) and decreases[0] == 0:
        return decreases, thresholds[1:]
    return np.concatenate([[0], decreases]), thresholds


def _least_behind(steps: Ints) -> Ints:
    """Gives, before each of `steps` and behind the last, the least of those that follow; shape `[len(steps) + 1]`."""
    least: Ints = np.minimum.accumulate(np.append(steps, NEVER)[::-1])[::-1].copy()
    return least
