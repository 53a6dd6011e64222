"""Saves what is seen: a picture of the screen, charts, tables, points, a report, the view.

The forms are loaded when they are asked for: images and HTML would delay the first frame.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

from textual import work
from textual.app import App

from trackml_tui.formatting import printable
from trackml_tui.palette import palette_of
from trackml_tui.scene import Scene
from trackml_tui.svg import portable
from trackml_tui.views import view_text
from trackml_tui.widgets.menu import Choice, Menu
from trackml_tui.widgets.path_prompt import PathPrompt

_SCREEN, _VIEW, _COPY = "screen", "view", "copy"
_ENDINGS = {_SCREEN: "svg", _VIEW: "toml"}


class ExportActions(App[None]):
    """The menu of exports, as a part of the app."""

    def offer_exports(self, scene: Scene) -> None:
        """Shows the menu."""
        from trackml_tui.exports.formats import FORMATS

        choices = [Choice(_SCREEN, "Picture of the screen (SVG)")]
        choices += [Choice(each.key, each.title) for each in FORMATS.values()]
        choices += [Choice(_VIEW, "This view, to share (TOML)"), Choice(_COPY, "Table of runs to the clipboard")]
        self.push_screen(Menu("Save what is seen", choices), lambda key: self._chosen(scene, key))

    def _chosen(self, scene: Scene, key: str | None) -> None:
        if key is None:
            return
        if key == _COPY:
            from trackml_tui.exports.table import markdown

            self.copy_to_clipboard(markdown(scene))
            self.notify("The table of runs is in the clipboard.")
            return
        # The menu is gone from the picture as soon as its screen is.
        self.call_after_refresh(self._ask_where, scene, key)

    def _ask_where(self, scene: Scene, key: str) -> None:
        from trackml_tui.exports.formats import FORMATS

        picture = portable(self.export_screenshot()) if key == _SCREEN else ""
        ending = _ENDINGS.get(key) or FORMATS[key].ending
        name = f"trackml-{time.strftime('%Y%m%d-%H%M%S', time.localtime(scene.now))}.{ending}"
        write = self._writer(scene, key, picture)
        self.push_screen(PathPrompt("Save as", os.path.join(os.getcwd(), name)), lambda path: self._save(path, write))

    def _writer(self, scene: Scene, key: str, picture: str) -> Callable[[Path], None]:
        from trackml_tui.exports.formats import FORMATS

        dark = self.current_theme.dark

        def write(path: Path) -> None:
            with open(path, "x", encoding="utf-8", newline="") as stream:
                if key == _SCREEN:
                    stream.write(picture)
                elif key == _VIEW:
                    stream.write(view_text(scene.view))
                else:
                    FORMATS[key].write(scene, palette_of(scene.view.charts.palette, dark=dark), stream)

        return write

    def _save(self, path: Path | None, write: Callable[[Path], None]) -> None:
        if path is not None:
            self._write(path, write)

    @work(thread=True, group="exports")
    def _write(self, path: Path, write: Callable[[Path], None]) -> None:
        """Writes in a thread: all points of many runs take their time."""
        try:
            write(path)
        except OSError as error:
            self.call_from_thread(self._tell_export, f"{error}", "error")
        else:
            self.call_from_thread(self._tell_export, f"Saved {path}", "information")

    def _tell_export(self, text: str, severity: str) -> None:
        self.notify(printable(text), severity="error" if severity == "error" else "information", markup=False)
