"""Boards, made anew only when something other than the time changed.

The clock ticks once a second, and the cursor moves with each key; neither changes which runs are listed, in which
order, with which values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from trackml.runs import RunManifest, RunView, Snapshot
from trackml_tui.board import Board, RunRow, make_board
from trackml_tui.catalog.labels import NO_LABELS, Labels
from trackml_tui.catalog.status import Status, manifest_for, status_of
from trackml_tui.curves import Curves
from trackml_tui.formatting import age
from trackml_tui.palette import SlotBook
from trackml_tui.view import View

_NO_MANIFESTS: Mapping[str, RunManifest] = MappingProxyType({})


class Boards:
    """Makes boards, and keeps the last one.

    Args:
        curves: Where lines are kept from one board to the next.
        slots: Which run has which colour; new runs are entered.
    """

    def __init__(self, curves: Curves, slots: SlotBook) -> None:
        self._curves = curves
        self._slots = slots
        self._made_of: tuple[object, ...] = ()
        self._board = Board()
        self._lives: list[tuple[RunView, RunManifest | None, Status]] = []

    def make(
        self,
        snapshot: Snapshot,
        view: View,
        now: float,
        labels: Labels = NO_LABELS,
        manifests: Mapping[str, RunManifest] = _NO_MANIFESTS,
    ) -> Board:
        """The board of `snapshot` under the choices of `view`: see `make_board`."""
        made_of = (snapshot, labels, manifests, *_choices(view))
        if self._is_same(made_of) and "age" not in view.pattern and self._lives_on(now):
            self._board = _aged(self._board, snapshot, now)
            return self._board
        board = make_board(snapshot, view, self._curves, self._slots, now, labels=labels, manifests=manifests)
        told = [(run, manifest_for(name, manifests)) for name, run in snapshot.items()]
        self._lives = [(run, manifest, status_of(run, now, manifest)) for run, manifest in told]
        self._made_of, self._board = made_of, board
        return board

    def _is_same(self, made_of: tuple[object, ...]) -> bool:
        """What never changes is told by identity, choices by their value."""
        old = self._made_of
        return bool(old) and all(map(_is, old[:3], made_of[:3])) and old[3:] == made_of[3:]

    def _lives_on(self, now: float) -> bool:
        """Whether all runs do as they did."""
        return all(status_of(run, now, manifest) is status for run, manifest, status in self._lives)


def _choices(view: View) -> tuple[object, ...]:
    """What a board depends on; not the run under the cursor, nor what other panes show."""
    runs = view.runs
    listing = (runs.flat, runs.group, runs.folds, runs.archived)
    return (view.tag, view.charts, view.order, view.pattern, view.hidden, view.only, view.reads_at, listing)


def _is(one: object, other: object) -> bool:
    return one is other


def _aged(board: Board, snapshot: Snapshot, now: float) -> Board:
    """The board with the ages that are told otherwise by now."""
    changed: dict[str, RunRow] = {}
    for row in board.rows:
        last = snapshot[row.key].last_wall_time
        if last is not None and row.age is not None and age(row.age) != age(now - last):
            changed[row.key] = replace(row, age=max(0.0, now - last))
    if not changed:
        return board
    listed = (
        replace(line, row=changed[line.row.key]) if line.row is not None and line.row.key in changed else line
        for line in board.listed
    )
    return replace(board, rows=tuple(changed.get(row.key, row) for row in board.rows), listed=tuple(listed))
