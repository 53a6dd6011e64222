"""The tags of one batch."""

from __future__ import annotations

from trackml_tui.images.samples import siblings

TAGS = {"x/image/0", "x/image/10", "x/image/2", "x/image", "y/image/0", "plain"}


def test_numbered_tags_are_one_batch_in_the_order_of_numbers() -> None:
    assert siblings(TAGS, "x/image/2") == ["x/image/0", "x/image/2", "x/image/10"]
    assert siblings(TAGS, "y/image/0") == ["y/image/0"]


def test_other_tags_are_alone() -> None:
    assert siblings(TAGS, "x/image") == ["x/image"]
    assert siblings(TAGS, "plain") == ["plain"]
