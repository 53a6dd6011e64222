from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any

import pytest

from trackml_tui.screenshot import main, render
from trackml_tui.svg import portable

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def picture(logdir: Any) -> str:
    logdir.write("lr=0.1", [1.0 / (step + 1) for step in range(100)])
    logdir.write("lr=0.2 & <more>", [2.0 / (step + 1) for step in range(100)])
    return render(logdir.path, (100, 30))


def texts(svg: str) -> list[str]:
    return [element.text or "" for element in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def test_it_needs_nothing_from_the_network(picture: str) -> None:
    assert "@font-face" not in picture
    assert "url(http" not in picture
    assert "https://" not in picture.replace("https://www.textualize.io", "")
    assert "monospace" in picture


def test_it_is_well_formed_and_shows_the_runs(picture: str) -> None:
    words = texts(picture)
    assert "lr=0.1" in words
    assert "<more>" in words
    assert "loss" in words


def test_dots_and_lines_are_shapes(picture: str) -> None:
    assert not any(0x2800 <= ord(character) < 0x2900 or character in "─│┤┬└┈" for character in picture)
    assert len(list(ElementTree.fromstring(picture).iter(f"{SVG}path"))) > 50


def test_words_begin_at_their_cells() -> None:
    svg = '<text class="a" x="12.2" y="20" textLength="122" clip-path="url(#l)">one&#160;&#160;two&amp;⡀</text>'
    assert portable(svg) == (
        '<text class="a" x="12.2" y="20.0" textLength="36.6" clip-path="url(#l)">one</text>'
        '<text class="a" x="73.2" y="20.0" textLength="48.8" clip-path="url(#l)">two&amp;</text>'
        '<path class="a" d="M123.2 21.0h3.6v3.6h-3.6z"/>'
    )


def test_blocks_are_shapes_that_touch() -> None:
    svg = '<text class="a" x="0" y="18.5" textLength="48.8" clip-path="url(#l)">▀▀█x</text>'
    assert portable(svg) == (
        '<path class="a" shape-rendering="crispEdges" d="M0.0 0.0h24.4v12.2h-24.4zM24.4 0.0h12.2v24.4h-12.2z"/>'
        '<text class="a" x="36.6" y="18.5" textLength="12.2" clip-path="url(#l)">x</text>'
    )


def test_the_command_writes_a_file(logdir: Any, tmp_path: Path) -> None:
    logdir.write("run", [1.0, 2.0], tag="accuracy")
    out = tmp_path / "out.svg"
    assert main([str(logdir.path), str(out), "--size", "90x20", "--tag", "accuracy"]) == 0
    assert "accuracy" in texts(out.read_text(encoding="utf-8"))
