"""The settings file, its reference, keys of one's own, themes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from trackml_tui.settings import Settings, field_docs, read_settings, reference
from trackml_tui.view import View

REFERENCE = Path(__file__).parents[2] / "docs/dashboard_settings.md"


def test_without_a_file_there_are_the_defaults(tmp_path: Path) -> None:
    assert read_settings(tmp_path / "nothing.toml") == (Settings(), [])


def test_the_reference_is_a_settings_file_that_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(reference())
    settings, complaints = read_settings(path)
    assert complaints == []
    assert settings == Settings()


def test_the_documentation_has_the_present_reference() -> None:
    assert reference() in REFERENCE.read_text(encoding="utf-8"), "run ./scripts/reference"


def test_every_setting_has_a_meaning() -> None:
    names = {"theme", "interval", "max_points", "cache", "remember", "graphics", "keys", "view"}
    assert set(field_docs(Settings)) == names


def test_what_is_set(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('interval = 2\ntheme = "light"\n[keys]\n"run.toggle" = "t"\n[view]\npattern = "lr"\n')
    settings, complaints = read_settings(path)
    assert complaints == []
    expected = Settings(interval=2.0, theme="light", keys={"run.toggle": "t"}, view=View(pattern="lr"))
    assert settings == expected


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("interval = -1", "interval: expected a positive number, got -1.0"),
        ("max_points = 0", "max_points: expected a positive number, got 0"),
        ('interval = "x"', "interval: expected a number, got 'x'"),
        ("[view]\ntag = 3", "view.tag: expected text, got 3"),
        ("= 3", "config.toml: Invalid"),
        ('x = "\\ud800"', "config.toml"),
    ],
)
def test_what_is_wrong_is_told(tmp_path: Path, text: str, complaint: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(text)
    settings, complaints = read_settings(path)
    assert settings == Settings()
    (told,) = complaints
    assert complaint in told


async def test_keys_of_ones_own(logdir: Any, open_dashboard: Any) -> None:
    logdir.write("a", [1.0])
    async with open_dashboard(settings=Settings(keys={"pane.checkpoints": "W"})) as session:
        await session.press("W")
        assert session.view.pane == "checkpoints"


async def test_a_wrong_theme_is_told(logdir: Any, open_dashboard: Any) -> None:
    logdir.write("a", [1.0])
    async with open_dashboard((200, 60), settings=Settings(theme="mauve")) as session:
        assert session.app.theme == "trackml-dark"
        await session.until(lambda: "There is no theme 'mauve'" in session.told)


@pytest.mark.parametrize("name", ["contrast", "trackml-light", "nord"])
async def test_themes(logdir: Any, open_dashboard: Any, name: str) -> None:
    logdir.write("a", [1.0])
    async with open_dashboard(settings=Settings(theme=name)) as session:
        assert session.app.theme in (name, f"trackml-{name}")


async def test_complaints_are_told(logdir: Any, open_dashboard: Any) -> None:
    logdir.write("a", [1.0])
    async with open_dashboard(complaints=["[red]config[/red]: wrong"]) as session:
        await session.until(lambda: "[red]config[/red]: wrong" in session.told)


async def test_a_theme_that_is_chosen_belongs_to_the_view(logdir: Any, open_dashboard: Any) -> None:
    logdir.write("a", [1.0])
    async with open_dashboard() as session:
        session.app.theme = "nord"
        await session.until(lambda: session.view.theme == "nord")
    async with open_dashboard(view=replace(View(), theme="nord")) as session:
        assert session.app.theme == "nord"
