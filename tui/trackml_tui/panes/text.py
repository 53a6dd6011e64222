"""Texts: Markdown, tables too; as written on request; with search."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input

from trackml_tui.choices.text import TextChoice
from trackml_tui.contents import Loaded
from trackml_tui.formatting import plural
from trackml_tui.gallery.shown import Shown, place_of_current
from trackml_tui.panes.gallery import GalleryPane
from trackml_tui.plotting.paint import Paint
from trackml_tui.scene import Scene
from trackml_tui.text.cleaning import document
from trackml_tui.text.layout import RunText, column_width, columns_of, sheet
from trackml_tui.text.rendering import Page, found_in, render
from trackml_tui.widgets.prompt import Prompt
from trackml_tui.widgets.rgb_view import paint_of
from trackml_tui.widgets.text_view import TextView

_MOST_RUNS = 24
"""More texts than that are not put below each other; those around the current run are."""


class TextPane(GalleryPane):
    """Texts of a tag."""

    KIND = "text"
    NOUN = "text"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f", "find", "Find", id="text.find", tooltip="Find words in the texts; up and down go through them"),
        Binding("m", "raw", "Raw", id="text.raw", tooltip="Markdown, or as it was written"),
        Binding("v", "beside", "Beside", id="text.beside", tooltip="Runs beside or below each other"),
        Binding("full_stop", "part(1)", "Next part", id="text.next-part", show=False),
        Binding("comma", "part(-1)", "Previous part", id="text.previous-part", show=False),
        Binding("ctrl+d,ctrl+down", "scroll(1)", "Scroll down", id="text.down", show=False),
        Binding("ctrl+u,ctrl+up", "scroll(-1)", "Scroll up", id="text.up", show=False),
    ]

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._words = ""
        self._key: object = None
        self._texts: list[RunText] = []

    def compose_body(self) -> ComposeResult:
        yield TextView(id="text-view").add_class("gallery-body")
        yield Prompt(placeholder="find")

    def facts(self, scene: Scene, shown: list[Shown]) -> str:
        facts = ["as written" if scene.view.text.raw else "Markdown"]
        if self._words:
            found = len(self._view.found)
            facts.append(f"{min(self._view.here + 1, found)} of {found}" if found else "not found")
        elif len(shown) > 1:
            facts.append(plural(len(shown), "run"))
        return " · ".join(facts)

    def show_values(self, scene: Scene, shown: list[Shown]) -> None:
        width = self._view.scrollable_content_region.width
        if width < 1:
            return
        columns = columns_of(len(shown), width, beside=scene.view.text.beside)
        here = place_of_current(scene, shown)
        start = max(0, min(here - _MOST_RUNS // 2, len(shown) - _MOST_RUNS))
        paint = paint_of(self._view)
        one = column_width(columns, width)
        self._texts = [self._text(scene, each, one, paint) for each in shown[start : start + _MOST_RUNS]]
        key = (columns, width, paint, [(text.label, text.slot, text.when, id(text.page)) for text in self._texts])
        if key != self._key:
            self._key = key
            self._view.lines = sheet(self._texts, columns, width, paint)
            self._find()

    @on(TextView.Resized)
    def _fit(self, event: TextView.Resized) -> None:
        event.stop()
        self.watch_scene(self.scene)

    @on(Input.Changed)
    def _look_for(self, event: Input.Changed) -> None:
        event.stop()
        self._words = event.value
        self._view.here = 0
        self._find()
        self.watch_scene(self.scene)

    @on(Input.Submitted)
    def _next(self, event: Input.Submitted) -> None:
        event.stop()
        self._go(1)

    @on(Prompt.Went)
    def _went(self, event: Prompt.Went) -> None:
        event.stop()
        self._go(event.by)

    @on(Prompt.Left)
    def _forget(self, event: Prompt.Left) -> None:
        event.stop()
        self._words = ""
        self._find()
        self.watch_scene(self.scene)

    def action_find(self) -> None:
        """Asks for words to find."""
        self.query_one(Prompt).open(self._words)

    def action_raw(self) -> None:
        """Shows the text as it was written, or as Markdown."""
        self._choose(replace(self._choice, raw=not self._choice.raw))

    def action_beside(self) -> None:
        """Puts runs beside or below each other."""
        self._choose(replace(self._choice, beside=not self._choice.beside))

    def action_part(self, by: int) -> None:
        """Shows the next or previous part of long texts."""
        pages = [text.page for text in self._texts if isinstance(text.page, Page)]
        most = max((page.parts for page in pages), default=1)
        self._choose(replace(self._choice, page=min(max(min(self._choice.page, most - 1) + by, 0), most - 1)))
        self._view.scroll_home(animate=False)

    def action_scroll(self, by: int) -> None:
        """Scrolls by half a screen, whatever has the focus."""
        self._view.scroll_relative(y=by * max(1, self._view.size.height // 2), animate=False)

    @property
    def _view(self) -> TextView:
        return self.query_one(TextView)

    @property
    def _choice(self) -> TextChoice:
        return self.scene.view.text

    def _choose(self, choice: TextChoice) -> None:
        self.choose(replace(self.scene.view, text=choice))

    def _find(self) -> None:
        self._view.length = len(self._words)
        self._view.found = tuple(found_in([line.text for line in self._view.lines], self._words))

    def _go(self, by: int) -> None:
        if self._view.found:
            self._view.here = (self._view.here + by) % len(self._view.found)
            self.watch_scene(self.scene)

    def _text(self, scene: Scene, shown: Shown, width: int, paint: Paint) -> RunText:
        index, choice, series = shown.index_at(scene.view.step), scene.view.text, shown.series
        key = ("text", *shown.identity(index), choice.page, width, choice.raw, paint)
        loaded: Loaded[Page] | None = scene.contents.get(
            key, lambda: render(document(series[index]), choice.page, width, paint, raw=choice.raw)
        )
        page = None if loaded is None else loaded.value if loaded.value is not None else loaded.error
        return RunText(shown.label, shown.slot, shown.when(index), page)
