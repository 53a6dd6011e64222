"""One run of the leaderboard, with what its columns ask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from trackml.runs import RunView, Series
from trackml_tui.board import RunRow
from trackml_tui.catalog.pace import goal_of, seconds_left, steps_per_second
from trackml_tui.catalog.params import Params, params_of
from trackml_tui.catalog.status import Status
from trackml_tui.catalog.tree import HELD_OUT, TRAINING
from trackml_tui.scene import Scene


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """A run, and the evaluations that are joined with it."""

    run: RunView
    row: RunRow
    others: tuple[RunView, ...]
    """Evaluations below it, which have values that it has not."""
    params: Params
    note: str
    left: float | None
    """Seconds until it is done, if it is running."""
    goal_is_told: bool
    """Whether the run says where it will end."""

    @property
    def name(self) -> str:
        """The run's name."""
        return self.run.name

    @property
    def status(self) -> Status:
        """How it is doing."""
        return self.row.status

    @property
    def step(self) -> int | None:
        """Its last step."""
        return self.run.last_step

    @property
    def rate(self) -> float | None:
        """Steps a second, of late."""
        return steps_per_second(self.run)

    @property
    def age(self) -> float | None:
        """Seconds since its last event."""
        return self.row.age

    @property
    def duration(self) -> float | None:
        """Seconds from its first to its last event."""
        first, last = self.run.first_wall_time, self.run.last_wall_time
        return None if first is None or last is None else last - first

    @property
    def damaged(self) -> int:
        """How many of its files have lost data."""
        return self.row.damaged

    def series(self, tag: str) -> Series | None:
        """The points of a tag; `eval/loss` is also the `loss` of the run `eval` below this one."""
        found = self.run.scalars.get(tag)
        if found is not None:
            return found
        for other in self.others:
            part = other.name.rsplit("/", 1)[-1]
            found = other.scalars.get(tag.removeprefix(f"{part}/")) if tag.startswith(f"{part}/") else None
            if found is not None:
                return found
        return None


def entries_of(scene: Scene, *, everything: bool) -> list[Entry]:
    """The runs of the scene, in the order of the list; evaluations belong to their trainings.

    Args:
        scene: What there is.
        everything: Whether runs that are switched off have a place, too.
    """
    snapshot = scene.snapshot
    if snapshot is None:
        return []
    longest = max((row.step for row in scene.board.rows if row.step is not None), default=None)
    rows = [row for row in scene.board.rows if everything or row.shown]
    listed = {row.key for row in rows}
    evaluations: dict[str, list[RunView]] = {}
    for row in rows:
        above = _above(row.key, listed)
        if above is not None:
            evaluations.setdefault(above, []).append(snapshot[row.key])
    return [
        _entry(scene, snapshot[row.key], row, tuple(evaluations.get(row.key, ())), longest)
        for row in rows
        if _above(row.key, listed) is None
    ]


def entry_tags(entries: Sequence[Entry]) -> frozenset[str]:
    """Every scalar tag that an entry has, those of evaluations with the evaluation's name before them."""
    tags = {tag for entry in entries for tag in entry.run.scalars}
    for entry in entries:
        for other in entry.others:
            tags.update(f"{other.name.rsplit('/', 1)[-1]}/{tag}" for tag in other.scalars)
    return frozenset(tags)


def _entry(scene: Scene, run: RunView, row: RunRow, others: tuple[RunView, ...], longest: int | None) -> Entry:
    manifest = scene.manifest(run.name)
    params = params_of(run, manifest)
    goal = goal_of(manifest, params, longest) if row.status.is_live else None
    left = None if goal is None else seconds_left(run, goal)
    note = scene.labels.of(run).note
    return Entry(run, row, others, params, note, left, goal is not None and goal.told)


def _above(name: str, listed: set[str]) -> str | None:
    """The listed run that `name` is an evaluation of, as the tree joins them; None if there is none."""
    directory, _, last = name.rpartition("/")
    if last == "eval" or last.startswith("eval_"):
        training = directory or "."
    elif last in HELD_OUT:
        training = f"{directory}/{TRAINING}" if directory else TRAINING
    else:
        return None
    return training if training in listed else None
