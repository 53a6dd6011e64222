"""Choices about histograms, images, text and sound: kept in files, and refused where a file says what cannot be."""

from __future__ import annotations

from typing import Any

import pytest

from trackml_tui.choices.audio import FORMS, AudioChoice
from trackml_tui.choices.histograms import MODES, HistogramsChoice
from trackml_tui.choices.images import ImagesChoice
from trackml_tui.choices.text import TextChoice
from trackml_tui.codec import from_table, to_table
from trackml_tui.view import View


@pytest.mark.parametrize(
    "view",
    [
        View(),
        View(histograms=HistogramsChoice("bars", "log", True, 7)),
        View(images=ImagesChoice("batch", 2, 4.0, (0.25, 0.75), 500, 2000)),
        View(text=TextChoice(True, True, 3), audio=AudioChoice("wave", 1)),
    ],
)
def test_choices_are_kept_in_files(view: View) -> None:
    assert from_table(View, to_table(view)) == (view, [])


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"histograms": {"mode": "pie"}}, "mode: expected one of heat"),
        ({"histograms": {"scale": "x"}}, "scale: expected one of root"),
        ({"images": {"zoom": float("nan")}}, "zoom: expected a number"),
        ({"images": {"centre": [0.5, 7.0]}}, "centre: expected a number from 0 to 1"),
        ({"images": {"sample": -1}}, "sample: expected a number"),
        ({"text": {"page": -3}}, "page: expected a number"),
        ({"audio": {"form": "loud"}}, "form: expected one of both"),
    ],
)
def test_what_cannot_be_is_refused_and_keeps_its_default(table: dict[str, Any], said: str) -> None:
    view, complaints = from_table(View, table)
    assert view == View()
    assert [said in complaint for complaint in complaints] == [True]


def test_going_through_the_modes() -> None:
    choice = HistogramsChoice()
    for mode in (*MODES[1:], MODES[0]):
        choice = choice.next_mode()
        assert choice.mode == mode
    assert choice.next_mode(-1).mode == MODES[-1]
    sound = AudioChoice()
    for form in (*FORMS[1:], FORMS[0]):
        sound = sound.next_form()
        assert sound.form == form


def test_bars_are_pointed_out_from_either_end() -> None:
    choice = HistogramsChoice()
    assert choice.next_bin(1, 30).bin == 0
    assert choice.next_bin(-1, 30).bin == 29
    assert choice.next_bin(1, 30).next_bin(-1, 30).bin == 0
