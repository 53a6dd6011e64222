"""How far reading is, and when it will be done."""

from __future__ import annotations

from trackml.runs import Snapshot
from trackml_tui.formatting import size
from trackml_tui.leaderboard.columns import span

_FEWEST_SECONDS = 1.0


class ReadingPace:
    """Knows how fast bytes were read since reading began."""

    def __init__(self) -> None:
        self._began: tuple[float, int] | None = None

    def told(self, snapshot: Snapshot, now: float) -> str:
        """What is read of how much, and the time left where it can be told; empty when all is read.

        Args:
            snapshot: What was read so far.
            now: Seconds since the epoch.
        """
        if not snapshot.loading or not snapshot.bytes_total:
            self._began = None
            return ""
        if self._began is None or snapshot.bytes_read < self._began[1]:
            self._began = now, snapshot.bytes_read
        part = 100 * snapshot.bytes_read // snapshot.bytes_total
        seconds, amount = now - self._began[0], snapshot.bytes_read - self._began[1]
        left = ""
        if seconds >= _FEWEST_SECONDS and amount > 0:
            left = f", {span((snapshot.bytes_total - snapshot.bytes_read) * seconds / amount)} left"
        return f"reading {part} % of {size(snapshot.bytes_total)}{left}"
