"""Charts that runs lay out themselves: TensorBoard's custom scalars, one category at a time."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import ClassVar, NamedTuple

from rich.text import Text
from textual import on
from textual.binding import Binding, BindingType

from trackml_tui import facts
from trackml_tui.charts.content import Fact, shared_facts
from trackml_tui.charts.pages import Page, page_of, shape_for, turned
from trackml_tui.charts.title import fitted
from trackml_tui.choices.custom import CustomChoice
from trackml_tui.contents import Loaded
from trackml_tui.custom.layout import LAYOUT_TAG, Category, CustomChart, Layout, has_layout, keys_of, read_layout
from trackml_tui.custom.picture import CustomPictures, told_of
from trackml_tui.facts import Notice
from trackml_tui.formatting import plural, printable, shorten
from trackml_tui.panes.charts import ChartsPane
from trackml_tui.scene import Scene
from trackml_tui.widgets.chart import Chart
from trackml_tui.widgets.chart_grid import ChartGrid, Cursor
from trackml_tui.widgets.inks import palette

_LONGEST_TITLE = 32
_OTHER_CHARTS = frozenset({"more", "pin", "hide", "together", "versus", "move", "prompt"})
"""What the charts of tags can and these cannot: their order and their tags are the layout's."""


class _Shown(NamedTuple):
    """The category in sight."""

    category: Category
    charts: dict[str, CustomChart]
    page: Page
    chosen: str | None


class CustomPane(ChartsPane):
    """The charts of one category, with the keys of other charts."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("c", "category(1)", "Category", id="custom.category", tooltip="The next category of charts"),
        Binding("n", "chart(1)", "Next chart", id="custom.next", show=False),
        Binding("p", "chart(-1)", "Previous chart", id="custom.previous", show=False),
    ]

    DEFAULT_CSS = """
    CustomPane {
        LegendLine { display: block; }
    }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._custom_pictures = CustomPictures()

    def notice(self, scene: Scene) -> Notice | None:
        nothing = facts.no_charts(scene)
        if nothing is not None:
            return nothing
        loaded = _layout(scene)
        if loaded is None:
            return Notice("Reading…", "Layouts of charts.")
        layout = loaded.value or Layout()
        if layout.categories:
            return None
        if layout.errors:
            return Notice("The layout cannot be read", "\n".join(map(printable, layout.errors)))
        body = (
            "Runs lay out charts of their own by the custom scalars of TensorBoard:\nSummaryWriter.add_custom_scalars."
        )
        return Notice("No custom charts", body)

    def show(self, scene: Scene) -> None:
        shown, colours = self._shown(scene), palette(self)
        sole = shown.page.shape == (1, 1)
        picture = partial(self._custom_pictures.picture, scene, palette=colours, sole=sole)
        pictures = [picture(key, shown.charts[key]) for key in shown.page.tags]
        cursor = Cursor(scene.view.reads_at, facts.cursor_label(scene))
        self.add_class("-grid")
        self._say("#charts-header", self._title(scene, shown))
        self.query_one(ChartGrid).show(pictures, shown.page.shape, shown.chosen, cursor)
        chosen = next((picture for picture in pictures if picture.tag == shown.chosen), None)
        self._show_legend(chosen.entries if chosen is not None else ())
        self._say("#detail", _detail(shown, _layout(scene)))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Hides the keys that do nothing here."""
        if action == "category":
            loaded = _layout(self.scene)
            return loaded is not None and loaded.value is not None and len(loaded.value.categories) > 1
        return action not in _OTHER_CHARTS and super().check_action(action, parameters)

    @on(Chart.Picked)
    def _pick_chart(self, event: Chart.Picked) -> None:
        event.stop()
        event.prevent_default()
        view = self.scene.view
        if event.is_open:
            self._choose_custom(replace(self._custom, chart=event.tag, alone=not self._custom.alone))
        elif event.tag != self._shown(self.scene).chosen:
            self._choose_custom(replace(self._custom, chart=event.tag))
        elif event.x is not None and self._has_steps:
            self.choose(replace(view, step=round(event.x)))

    def action_category(self, step: int) -> None:
        """Shows the next category."""
        categories = _categories(self.scene)
        if categories:
            here = categories.index(self._shown(self.scene).category)
            title = categories[(here + step) % len(categories)].title
            self._choose_custom(CustomChoice(category=title))

    def action_chart(self, step: int) -> None:
        """Chooses the next or previous chart."""
        shown = self._shown(self.scene)
        keys = [*shown.charts]
        if shown.chosen is not None:
            key = keys[(keys.index(shown.chosen) + step) % len(keys)]
            self._choose_custom(replace(self._custom, chart=key))

    def action_page(self, step: int) -> None:
        """Turns the page."""
        shown = self._shown(self.scene)
        key = turned([*shown.charts], shown.chosen, shown.page.shape, step)
        self._choose_custom(replace(self._custom, chart=key))

    def action_back(self) -> None:
        """Takes the cursor away; then goes back to all charts."""
        view = self.scene.view
        if view.reads_at is not None:
            self.choose(replace(view, cursor=None, step=None))
        elif self._custom.alone:
            self._choose_custom(replace(self._custom, alone=False))

    @property
    def _chart(self) -> Chart | None:
        return self.query_one(ChartGrid).chart(self._shown(self.scene).chosen)

    @property
    def _custom(self) -> CustomChoice:
        return self.scene.view.custom

    def _choose_custom(self, custom: CustomChoice) -> None:
        self.choose(replace(self.scene.view, custom=custom))

    def _shown(self, scene: Scene) -> _Shown:
        categories, choice = _categories(scene), scene.view.custom
        chosen = [each for each in categories if each.title == choice.category]
        category = next(iter([*chosen, *categories]), Category(""))
        charts = dict(zip(keys_of(category), category.charts, strict=True))
        key = choice.chart if choice.chart in charts else next(iter(charts), None)
        by_room = replace(scene.view.charts, grid=(0, 0), alone=choice.alone)
        room = self.query_one(ChartGrid).size
        page = page_of([*charts], key, shape_for(by_room, *room, len(charts)))
        return _Shown(category, charts, page, key)

    def _title(self, scene: Scene, shown: _Shown) -> Text:
        """The category, which of how many it is, and what is true of all its charts."""
        categories, page = _categories(scene), shown.page
        title = shorten(printable(shown.category.title) or "untitled", _LONGEST_TITLE)
        told = [Fact(f"category {categories.index(shown.category) + 1} of {len(categories)}", 8)]
        told += [Fact(f"page {page.number + 1} of {page.pages}", 9)] if page.pages > 1 else []
        told += [Fact(plural(page.charts, "chart"), 1), *shared_facts(scene)]
        return Text.assemble((title, "bold"), "  ", fitted(told, self.size.width - 4 - len(title)))


def _detail(shown: _Shown, loaded: Loaded[Layout] | None) -> Text:
    """What the chosen chart draws, and what was wrong with layouts."""
    chart = shown.charts.get(shown.chosen or "")
    lines = [told_of(chart)] if chart is not None else []
    errors = loaded.value.errors if loaded is not None and loaded.value is not None else ()
    return Text("\n".join([*lines, *(printable(error) for error in errors[:1])]))


def _layout(scene: Scene) -> Loaded[Layout] | None:
    runs = [run for run in scene.snapshot.values() if has_layout(run)] if scene.snapshot is not None else []
    if not runs:
        return Loaded(Layout())
    version = tuple((run.name, len(run.blobs[LAYOUT_TAG])) for run in runs)
    return scene.contents.follow(("layouts",), version, partial(read_layout, runs))


def _categories(scene: Scene) -> tuple[Category, ...]:
    loaded = _layout(scene)
    return loaded.value.categories if loaded is not None and loaded.value is not None else ()
