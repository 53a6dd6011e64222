"""Layouts of charts: those of several runs as one, and which tags a chart has, as TensorBoard's plugin says."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

import pytest
from tensorboard.backend.event_processing import data_provider, plugin_event_multiplexer
from tensorboard.context import RequestContext
from tensorboard.plugins import base_plugin

import trackml as tf
from trackml.runs import RunStore, RunView
from trackml_tui.custom.layout import Category, CustomChart, Margin, has_layout, keys_of, matching, merged, read_layout

FIRST = {
    "Training": {"losses": ["Multiline", ["loss", "eval/.*"]], "accuracy": ["Multiline", ["acc"]]},
    "Gradients": {"norm": ["Margin", ["norm/mean", "norm/low", "norm/high"]]},
}
SECOND = {
    "Training": {"losses": ["Multiline", ["loss", "eval/.*"]], "rate": ["Multiline", ["lr$"]]},
    "Speed": {"steps": ["Multiline", ["global_step/sec"]]},
}
TAGS = ("loss", "loss/aux", "xloss", "eval/loss", "eval/acc", "accuracy", "lr", "lr/0", "norm/mean")


@pytest.fixture
def runs(tmp_path: Path) -> list[RunView]:
    """Two runs with layouts that have a category in common, and one without."""
    for name, layout in (("a", FIRST), ("b", SECOND), ("c", None)):
        with tf.SummaryWriter(str(tmp_path / name)) as writer:
            for tag in TAGS:
                writer.add_scalar(tag, 1.0, 0)
            if layout is not None:
                writer.add_custom_scalars(layout)
    store = RunStore(tmp_path)
    store.refresh()
    return [*store.snapshot().values()]


@pytest.fixture
def plugin(tmp_path: Path, runs: list[RunView]) -> Any:
    """TensorBoard's own."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of what it imports
        from tensorboard.plugins.custom_scalar import custom_scalars_plugin
        from tensorboard.plugins.scalar import scalars_plugin
    multiplexer = plugin_event_multiplexer.EventMultiplexer()
    multiplexer.AddRunsFromDirectory(str(tmp_path))
    multiplexer.Reload()
    provider = data_provider.MultiplexerDataProvider(multiplexer, str(tmp_path))
    plugins: dict[str, Any] = {}
    context = base_plugin.TBContext(
        logdir=str(tmp_path), multiplexer=multiplexer, data_provider=provider, plugin_name_to_instance=plugins
    )
    plugins["scalars"] = scalars_plugin.ScalarsPlugin(context)
    return custom_scalars_plugin.CustomScalarsPlugin(context)


def test_layouts_of_runs_are_merged_as_tensorboard_does(runs: list[RunView], plugin: Any) -> None:
    assert [has_layout(run) for run in runs] == [True, True, False]
    layout = read_layout(runs)
    assert layout.errors == ()
    theirs = json.loads(plugin.layout_impl(RequestContext(), ""))
    assert [category.title for category in layout.categories] == [each["title"] for each in theirs["category"]]
    for category, their in zip(layout.categories, theirs["category"], strict=True):
        charts = [(chart["title"], tuple(chart.get("multiline", {}).get("tag", ()))) for chart in their["chart"]]
        assert [(chart.title, chart.patterns) for chart in category.charts] == charts
    assert layout.categories[1].charts[0].margins == (Margin("norm/mean", "norm/low", "norm/high"),)


@pytest.mark.parametrize("pattern", ["loss", "eval/.*", "lr$", "acc", ".*loss", "(?i)LOSS", "nothing"])
def test_tags_match_at_their_beginning_as_in_tensorboard(pattern: str, plugin: Any) -> None:
    theirs = plugin.scalars_impl(RequestContext(), "a", pattern, "")
    assert theirs["regex_valid"]
    assert matching((pattern,), frozenset(TAGS)) == tuple(sorted(theirs["tag_to_events"]))


@pytest.mark.parametrize("pattern", ["", "(", "*", "[a", "a{2,1}"])
def test_what_is_no_regex_is_named(pattern: str, plugin: Any) -> None:
    assert not plugin.scalars_impl(RequestContext(), "a", pattern, "")["regex_valid"]
    with pytest.raises(ValueError, match="regex") as told:
        matching(("loss", pattern), frozenset(TAGS))
    assert pattern in str(told.value)


def test_a_damaged_layout_is_told_and_others_are_shown(tmp_path: Path, runs: list[RunView]) -> None:
    with tf.SummaryWriter(str(tmp_path / "d")) as writer:
        writer.add_text("note", "no layout")
        writer.add_custom_scalars(FIRST)
    path = next((tmp_path / "d").iterdir())
    store = RunStore(tmp_path)
    store.refresh()
    path.unlink()
    layout = read_layout([*store.snapshot().values()])
    assert [category.title for category in layout.categories] == ["Training", "Gradients", "Speed"]
    assert len(layout.errors) == 1
    assert layout.errors[0].startswith("d: ")


def test_charts_of_one_title_are_told_apart() -> None:
    charts = CustomChart("x", ("a",)), CustomChart("x", ("b",)), CustomChart("y", ("a",)), CustomChart("x", ("c",))
    category = Category("first", charts)
    assert keys_of(category) == ["first/x", "first/x#2", "first/y", "first/x#3"]


def test_categories_of_three_runs_keep_every_chart() -> None:
    parts = [Category("one", (CustomChart(title),)) for title in "aba"]
    assert merged([*parts, Category("two")]) == (Category("one", (CustomChart("a"), CustomChart("b"))), Category("two"))
