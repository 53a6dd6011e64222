"""The panes, in the order of their tabs. A pane's module is loaded when it is first looked at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from trackml_tui.catalog.params import declared_params
from trackml_tui.custom.layout import has_layout
from trackml_tui.scene import Scene

if TYPE_CHECKING:
    from trackml_tui.panes.pane import Pane


@dataclass(frozen=True, slots=True)
class Entry:
    """One pane."""

    key: str
    """Its name in views, key maps and the command line."""
    title: str
    """Its name on the screen."""
    digit: str
    """The key that goes there; empty for none."""
    home: str
    """`module:Class`."""
    kind: str | None = None
    """The kind of tags that the side bar lists beside it; None for none."""
    amount: Callable[[Scene], int] | None = None
    """How much it has to show, if that can be counted: with nothing its tab is dim, or left out where room is short."""

    def make(self) -> Pane:
        """The widget."""
        module, name = self.home.split(":")
        widget: type[Pane] = getattr(import_module(module), name)
        return widget(id=f"pane-{self.key}")

    def count(self, scene: Scene) -> int | None:
        """How much it has to show; None if that is not counted."""
        if self.amount is not None:
            return self.amount(scene)
        return None if self.kind is None else len(scene.tags_of(self.kind))


def _graphs(scene: Scene) -> int:
    return sum(run.has_graph for run in scene.snapshot.values()) if scene.snapshot is not None else 0


def _hparams(scene: Scene) -> int:
    runs = scene.snapshot.values() if scene.snapshot is not None else ()
    told = sum("params" in manifest.facts for manifest in scene.manifests.values())
    return told + sum(bool(declared_params(run)) for run in runs)


def _layouts(scene: Scene) -> int:
    return sum(map(has_layout, scene.snapshot.values())) if scene.snapshot is not None else 0


_ENTRIES = (
    Entry("charts", "Charts", "1", "trackml_tui.panes.charts:ChartsPane", "scalars"),
    Entry("leaderboard", "Leaderboard", "2", "trackml_tui.panes.leaderboard:LeaderboardPane"),
    Entry("compare", "Compare", "3", "trackml_tui.panes.compare:ComparePane"),
    Entry("checkpoints", "Checkpoints", "4", "trackml_tui.panes.checkpoints:CheckpointsPane"),
    Entry("histograms", "Histograms", "5", "trackml_tui.panes.histograms:HistogramsPane", "histograms"),
    Entry("images", "Images", "6", "trackml_tui.panes.images:ImagesPane", "images"),
    Entry("text", "Text", "7", "trackml_tui.panes.text:TextPane", "text"),
    Entry("hparams", "HParams", "8", "trackml_tui.panes.hparams:HparamsPane", amount=_hparams),
    Entry("pr_curves", "PR", "9", "trackml_tui.panes.pr_curves:PrCurvesPane", "pr_curves"),
    Entry("graph", "Graph", "0", "trackml_tui.panes.graph:GraphPane", amount=_graphs),
    Entry("audio", "Audio", "", "trackml_tui.panes.audio:AudioPane", "audio"),
    Entry("custom", "Custom", "", "trackml_tui.panes.custom:CustomPane", amount=_layouts),
    Entry("embeddings", "Embeddings", "", "trackml_tui.panes.embeddings:EmbeddingsPane"),
    Entry("health", "Health", "", "trackml_tui.panes.health:HealthPane"),
)
PANES = {entry.key: entry for entry in _ENTRIES}
