"""Precision-recall curves of the shown runs, at one step, with what holds at a threshold."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

import numpy as np
from rich.cells import cell_len
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Label

from trackml_tui.formatting import compact, fit
from trackml_tui.gallery.shown import Shown
from trackml_tui.panes.gallery import GalleryPane
from trackml_tui.plotting.grid import Grid, solid
from trackml_tui.pr_curves.curve import PrCurve, curve_of
from trackml_tui.pr_curves.picture import picture
from trackml_tui.scene import Scene
from trackml_tui.widgets.grid_view import GridView
from trackml_tui.widgets.inks import ink_style

_MOST_ROWS = 8
_SHORTEST_NAME, _LONGEST_NAME = 10, 24
_NUMBERS = 31
"""Cells of the line's sample, of average precision, precision and recall."""
_WIDE = 90


class PrCurvesPane(GalleryPane):
    """Precision over recall."""

    KIND = "pr_curves"
    NOUN = "precision-recall curve"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("minus", "threshold(-1)", "Threshold", key_display="- +", id="pr.lower", tooltip="A lower threshold"),
        Binding("plus,equals_sign", "threshold(1)", "Higher threshold", id="pr.higher", show=False),
    ]
    DEFAULT_CSS = """
    PrCurvesPane {
        GridView { height: 1fr; }
        #pr-table { width: 1fr; height: auto; margin: 0 0 1 0; text-wrap: nowrap; text-overflow: ellipsis; }
    }
    """

    def compose_body(self) -> ComposeResult:
        yield GridView(id="pr-picture")
        yield Label(id="pr-table", markup=False)

    def facts(self, scene: Scene, shown: list[Shown]) -> str:
        return f"◆ threshold {scene.view.pr_curves.threshold:.2f}"

    def show_values(self, scene: Scene, shown: list[Shown]) -> None:
        curves: list[tuple[int, PrCurve]] = []
        table = Text(no_wrap=True)
        for each in shown:
            index = each.index_at(scene.view.step)
            loaded = each.read(scene, "pr_curves", index, lambda value: curve_of(np.asarray(value)))
            curve = loaded.value if loaded is not None else None
            if curve is not None:
                curves.append((each.slot, curve))
            if len(table.split("\n")) <= _MOST_ROWS:
                said = "reading…" if loaded is None else loaded.error or self._row(scene, each, index, curve)
                table.append("━ ", ink_style(self, solid(each.slot)))
                table.append(f"{fit(each.label, self._name_width(shown))}  {said}\n")
        if len(shown) > _MOST_ROWS:
            table.append(f"and {len(shown) - _MOST_ROWS} more\n")
        table.rstrip()
        self.query_one("#pr-table", Label).update(table)
        threshold = scene.view.pr_curves.threshold

        def paint(columns: int, rows: int) -> Grid:
            return picture(curves, threshold, columns, rows)

        self.query_one(GridView).paint(paint)

    def action_threshold(self, by: int) -> None:
        """Reads the curves at another threshold."""
        view = self.scene.view
        self.choose(replace(view, pr_curves=view.pr_curves.moved(by)))

    def _row(self, scene: Scene, each: Shown, index: int, curve: PrCurve | None) -> str:
        if curve is None:
            return ""
        place = curve.place(scene.view.pr_curves.threshold)
        best, at = curve.best_f1
        said = f"AP {curve.average_precision:.3f}  P {curve.precision[place]:.3f}  R {curve.recall[place]:.3f}"
        if self.size.width < _WIDE:
            return said
        counts = "  ".join(
            f"{name} {compact(int(amount))}"
            for name, amount in zip(("TP", "FP", "TN", "FN"), curve.counts[:, place], strict=True)
        )
        return f"{said}  best F1 {best:.3f} at {at:.2f}  {counts}  step {int(each.series.step[index]):,}"

    def _name_width(self, shown: list[Shown]) -> int:
        room = max(_SHORTEST_NAME, self.content_size.width - _NUMBERS)
        return min(_LONGEST_NAME, room, max((cell_len(each.label) for each in shown), default=0))
