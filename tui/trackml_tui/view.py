"""What the user chose to see, as one value; each choice gives a new one."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from trackml_tui.choices.audio import AudioChoice
from trackml_tui.choices.charts import ChartsChoice
from trackml_tui.choices.checkpoints import CheckpointsChoice
from trackml_tui.choices.checks import one_of
from trackml_tui.choices.compare import CompareChoice
from trackml_tui.choices.custom import CustomChoice
from trackml_tui.choices.embeddings import EmbeddingsChoice
from trackml_tui.choices.graph import GraphChoice
from trackml_tui.choices.histograms import HistogramsChoice
from trackml_tui.choices.hparams import HparamsChoice
from trackml_tui.choices.images import ImagesChoice
from trackml_tui.choices.leaderboard import LeaderboardChoice
from trackml_tui.choices.pr_curves import PrCurvesChoice
from trackml_tui.choices.runs import RunsChoice
from trackml_tui.choices.text import TextChoice

ORDERS = ("name", "lowest", "highest", "newest", "step")
"""How runs are sorted: by name, by value (either end first), by last event, by last step."""


@dataclass(frozen=True, slots=True)
class View:
    """The choices that decide what the dashboard shows."""

    pane: str = "charts"
    """What the right side shows."""
    theme: str | None = None
    """The colours of the interface; None for what the settings say."""
    tag: str | None = None
    """The scalar tag on the chart."""
    other_tags: tuple[tuple[str, str], ...] = ()
    """The chosen tag of each other kind, (kind, tag)."""
    step: int | None = None
    """The step at which values of all kinds are looked at; None looks at the last ones."""
    charts: ChartsChoice = field(default_factory=ChartsChoice)
    """How charts are shown."""
    order: str = "name"
    pattern: str = ""
    """Only runs that this query picks are listed and drawn: see `catalog.query`."""
    hidden: frozenset[str] = frozenset()
    """Runs that were switched off one by one."""
    only: frozenset[str] | None = None
    """The only runs shown, whatever appears later; None for all but the hidden ones."""
    current: str | None = None
    """The run under the cursor of the run list; it is drawn on top."""
    runs: RunsChoice = field(default_factory=RunsChoice)
    """How runs and tags are listed."""
    cursor: float | None = None
    """Where values are read, in units of the x axis; None reads the last ones."""
    leaderboard: LeaderboardChoice = field(default_factory=LeaderboardChoice)
    compare: CompareChoice = field(default_factory=CompareChoice)
    checkpoints: CheckpointsChoice = field(default_factory=CheckpointsChoice)
    hparams: HparamsChoice = field(default_factory=HparamsChoice)
    pr_curves: PrCurvesChoice = field(default_factory=PrCurvesChoice)
    graph: GraphChoice = field(default_factory=GraphChoice)
    embeddings: EmbeddingsChoice = field(default_factory=EmbeddingsChoice)
    custom: CustomChoice = field(default_factory=CustomChoice)
    histograms: HistogramsChoice = field(default_factory=HistogramsChoice)
    """How histograms are shown."""
    images: ImagesChoice = field(default_factory=ImagesChoice)
    """How images are shown."""
    text: TextChoice = field(default_factory=TextChoice)
    """How texts are shown."""
    audio: AudioChoice = field(default_factory=AudioChoice)
    """How sound is shown."""

    def __post_init__(self) -> None:
        """Refuses what cannot be, which a file of a view may ask for."""
        one_of("order", self.order, ORDERS)

    @property
    def reads_at(self) -> float | None:
        """Where values are read: at the cursor, or at the chosen step where x is steps; None reads the last ones."""
        if self.cursor is not None or self.step is None:
            return self.cursor
        return float(self.step) if self.charts.x_axis == "step" and self.charts.x_tag is None else None

    def tag_of(self, kind: str) -> str | None:
        """The chosen tag of a kind: "scalars", "images" ..."""
        return self.tag if kind == "scalars" else dict(self.other_tags).get(kind)

    def with_tag(self, kind: str, tag: str | None) -> View:
        """Chooses a tag of a kind."""
        if kind == "scalars":
            return replace(self, tag=tag)
        others = {**dict(self.other_tags), kind: tag}
        return replace(self, other_tags=tuple(sorted((kind, tag) for kind, tag in others.items() if tag is not None)))

    def shows(self, run: str) -> bool:
        """Whether the run is switched on."""
        return run not in self.hidden if self.only is None else run in self.only

    def toggled(self, *runs: str) -> View:
        """Switches runs off if all of them are on, and else on."""
        switch_on = not all(map(self.shows, runs))
        if self.only is None:
            return replace(self, hidden=self.hidden.difference(runs) if switch_on else self.hidden.union(runs))
        return replace(self, only=self.only.union(runs) if switch_on else self.only.difference(runs))

    def soloed(self, *runs: str) -> View:
        """Shows these runs alone, or, if they already are alone, what was shown before."""
        return replace(self, only=None if self.only == frozenset(runs) else frozenset(runs))

    def all_or_none(self) -> View:
        """Shows every run, or none if none was switched off."""
        everything = self.only is None and not self.hidden
        return replace(self, hidden=frozenset(), only=frozenset() if everything else None)

    def next_order(self) -> View:
        """The next way to sort the runs."""
        return replace(self, order=_next(ORDERS, self.order))


def _next(choices: tuple[str, ...], current: str) -> str:
    return choices[(choices.index(current) + 1) % len(choices)]
