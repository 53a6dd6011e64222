"""Checkpoints as rows, and the tensors inside one."""

from __future__ import annotations

from rich.style import Style

from trackml.runs import StoredTensor
from trackml_tui.checkpoints.timeline import Entry, State
from trackml_tui.formatting import NOTHING, age, count, fit, number, printable, shorten, size
from trackml_tui.widgets.row_list import RowList

_STEP, _SIZE, _AGE, _STATE, _VALUE = 9, 10, 5, 7, 9
_WIDE = 56
"""So many cells have room for size, age and state; the mark in front tells the state too."""
_MARKS = {State.LATEST: " ▲ ", State.KEPT: " ▲ ", State.DELETED: " △ "}


class CheckpointList(RowList[Entry]):
    """Checkpoints, the newest first."""

    now: float = 0.0

    @staticmethod
    def heading(width: int, metric: str) -> str:
        """The names of the columns.

        Args:
            width: Room in cells.
            metric: The chosen tag.
        """
        value = shorten(printable(metric), _VALUE - 1)
        more = f"{'size':>{_SIZE}}{'age':>{_AGE}}  {'state':<{_STATE}}" if width >= _WIDE else " "
        return f"   {'step':>{_STEP}}{value:>{_VALUE}}{more} evaluation"[:width]

    def paint(self, row: Entry, width: int) -> list[tuple[str, Style]]:
        dim, good = self.colour("dim"), self.colour("good")
        plain = Style() if row.is_on_disk else dim
        step = NOTHING if row.step is None else count(row.step)
        value = NOTHING if row.value is None else number(row.value)
        latest = good if row.state is State.LATEST else plain
        wide = width >= _WIDE
        more = f"{size(row.size):>{_SIZE}}{age(self.now - row.written):>{_AGE}}" if wide else ""
        state = f"  {row.state.value:<{_STATE}} " if wide else "  latest " if row.state is State.LATEST else "  "
        name = f" {printable(row.key)}" if row.step is None else ""
        return [
            (_MARKS[row.state], good if row.is_on_disk else dim),
            (f"{step:>{_STEP}}", plain),
            (f"{'★' if row.best else ''}{value}".rjust(_VALUE), good + Style(bold=True) if row.best else plain),
            (more, dim),
            (state, latest),
            (f"{verdict(row)}{name}", dim),
        ]


class TensorList(RowList["TensorRow"]):
    """The tensors of a checkpoint."""

    def paint(self, row: TensorRow, width: int) -> list[tuple[str, Style]]:
        dim = self.colour("dim")
        tensor = row.tensor
        shape = "×".join(map(str, tensor.shape)) or "scalar"
        norm = NOTHING if tensor.norm is None else number(tensor.norm)
        facts = f"{shape:>10} {tensor.dtype:<8}{norm:>8}"
        broken = f" {count(tensor.not_finite)} NaN or inf" if tensor.not_finite else ""
        room = max(8, width - len(facts) - len(broken) - 2)
        return [
            (f" {fit(printable(tensor.name), room)}", Style()),
            (facts, dim),
            (broken, self.colour("bad")),
        ]


class TensorRow:
    """A tensor with the key that a list needs."""

    __slots__ = ("key", "tensor")

    def __init__(self, tensor: StoredTensor) -> None:
        self.key = tensor.name
        self.tensor = tensor


def verdict(row: Entry) -> str:
    """What became of the checkpoint's evaluation; a question mark where that is inferred."""
    if not row.verdict:
        return ""
    if row.inferred:
        return "evaluated?" if row.verdict == "evaluated" else "none"
    return f"skipped: {_REASONS.get(row.reason, printable(row.reason))}" if row.verdict == "skipped" else row.verdict


_REASONS = {"throttle_secs": "throttle", "first checkpoint of the session": "first of the session"}
