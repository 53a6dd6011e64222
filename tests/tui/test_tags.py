from __future__ import annotations

from typing import Any

import pytest

from trackml_tui.tags import default_tag, tag_rows, tags_by_kind


def tree(tags: list[str], folded: frozenset[str] = frozenset()) -> list[str]:
    return ["  " * row.depth + row.label + ("/" if row.tag is None else "") for row in tag_rows(tags, folded)]


def test_tags_are_grouped_by_the_parts_of_their_names() -> None:
    assert tree(["loss", "eval/loss", "eval/accuracy", "layer10/w", "layer10/b", "layer9/w", "layer9/b"]) == [
        "eval/",
        "  accuracy",
        "  loss",
        "layer9/",
        "  b",
        "  w",
        "layer10/",
        "  b",
        "  w",
        "loss",
    ]


def test_a_group_with_one_member_takes_one_line() -> None:
    assert tree(["global_step/sec", "a/b/c/x", "a/b/c/y"]) == ["a/b/c/", "  x", "  y", "global_step/sec"]


def test_a_tag_may_be_a_group_too() -> None:
    assert tree(["loss", "loss/a", "loss/b"]) == ["loss/", "  a", "  b", "loss"]


def test_a_folded_group_shows_how_much_it_holds() -> None:
    tags = ["a/x", "a/y", "b"]
    (group,) = (row for row in tag_rows(tags, frozenset()) if row.tag is None)
    rows = tag_rows(tags, frozenset({group.key}))
    assert [(row.label, row.tags) for row in rows] == [("a", 2), ("b", 1)]


def test_keys_of_tags_and_groups_never_collide() -> None:
    rows = tag_rows(["a/", "a/b", "a/c", "a//", "group a/", "tag a"], frozenset())
    assert len({row.key for row in rows}) == len(rows)


def test_a_tag_of_a_million_slashes_is_one_line() -> None:
    (row,) = tag_rows(["/" * 1_000_000], frozenset())
    assert row.tag == "/" * 1_000_000


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        (["accuracy", "eval/loss", "loss"], "loss"),
        (["accuracy", "train/Loss", "my_loss"], "train/Loss"),
        (["accuracy", "val_loss"], "val_loss"),
        (["b", "a"], "a"),
        ([], None),
    ],
)
def test_the_first_tag_is_a_loss_if_there_is_one(tags: list[str], expected: str | None) -> None:
    assert default_tag(tags) == expected


def test_tags_of_all_runs_are_found(logdir: Any) -> None:
    logdir.write("a", [1.0])
    logdir.write("b", [1.0], tag="accuracy")
    logdir.write_histogram("a")
    assert tags_by_kind(logdir.snapshot()) == {"scalars": {"accuracy", "loss"}, "histograms": {"weights"}}
