"""The examples of docs/feature_columns.md give what it says."""

from __future__ import annotations

import doctest
from pathlib import Path


def test_examples_give_what_the_page_says() -> None:
    page = Path(__file__).parents[2] / "docs/feature_columns.md"
    failed, tried = doctest.testfile(str(page), module_relative=False)
    assert tried > 10
    assert failed == 0
