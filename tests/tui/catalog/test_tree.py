from __future__ import annotations

import pytest

from trackml_tui.catalog.groups import RunGroup
from trackml_tui.catalog.tree import Node, flat_nodes, group_nodes, tree_nodes

NOTHING: frozenset[str] = frozenset()


def lines(nodes: tuple[Node, ...]) -> list[str]:
    """Each line with its indentation, its mark and the joined runs."""
    marks = {(True, False): "v ", (True, True): "> ", (False, False): ""}
    return ["  " * node.depth + marks[node.folds, node.folded] + " +".join((node.label, *node.parts)) for node in nodes]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("a", "b"), ["a", "b"]),
        (("a/x", "a/y", "b"), ["v a/", "  x", "  y", "b"]),
        (("a/b/x", "a/b/y", "c/d"), ["v a/b/", "  x", "  y", "c/d"]),
        (("a", "a/x"), ["v a", "  x"]),
        ((".", "eval"), ["> . +eval"]),
        ((".", "eval", "b"), ["> . +eval", "b"]),
        (("a", "a/eval", "a/eval_test", "a/evaluate"), ["v a", "  eval", "  eval_test", "  evaluate"]),
        (("a", "a/eval", "a/eval_test", "b"), ["> a +a/eval +a/eval_test", "b"]),
        (("a/train", "a/validation", "b/train"), ["> a +a/validation", "b/train"]),
        (("train", "test"), ["> train +test"]),
        (("x/fit/train", "x/fit/val", "y"), ["> x/fit +x/fit/val", "y"]),
        (("a", "a/eval", "a/eval/eval_x"), ["> a +a/eval +a/eval/eval_x"]),
        ((), []),
    ],
)
def test_directories_nest_and_evaluations_are_joined(names: tuple[str, ...], expected: list[str]) -> None:
    assert lines(tree_nodes(names, "", NOTHING)) == expected


def test_the_common_directory_is_no_level() -> None:
    assert lines(tree_nodes(("s/a/x", "s/a/y", "s/b"), "s/", NOTHING)) == ["v a/", "  x", "  y", "b"]


def test_siblings_keep_the_order_of_the_names() -> None:
    assert lines(tree_nodes(("b/x", "a/y", "b/z"), "", NOTHING)) == ["v b/", "  x", "  z", "a/y"]


def test_a_folded_line_stands_for_all_below() -> None:
    names = ("a/x", "a/x/eval", "a/y", "b")
    (folded, b) = tree_nodes(names, "", frozenset({"dir a/"}))
    assert (folded.members, folded.run, folded.folded) == (("a/x", "a/x/eval", "a/y"), None, True)
    assert b.members == ("b",)


def test_joined_runs_unfold() -> None:
    nodes = tree_nodes(("a", "a/eval"), "", frozenset({"a"}))
    assert lines(nodes) == ["v a", "  eval"]
    assert [node.members for node in nodes] == [("a",), ("a/eval",)]


def test_every_run_is_shown_once_when_all_is_unfolded() -> None:
    names = (".", "a", "a/b", "a/b/eval", "a/eval", "c/train", "c/val", "c/x", "d/e/f", "d/e/f/g")
    nodes = tree_nodes(names, "", frozenset({"a/b"}))
    assert sorted(node.run for node in nodes if node.run) == sorted(names)


def test_a_very_deep_name_is_split_so_far_only() -> None:
    name = "/".join(["d"] * 5000)
    assert [node.run for node in tree_nodes((name, "e"), "", NOTHING)] == [name, "e"]


def test_groups_have_their_runs_under_them() -> None:
    groups = (RunGroup("lr=1", "lr=1", ("s/a", "s/b")), RunGroup("lr=2", "lr=2", ("s/c", "s/d")))
    assert lines(group_nodes(groups, "s/", frozenset({"group lr=2"}))) == ["v lr=1", "  a", "  b", "> lr=2"]


def test_a_group_of_one_is_that_run() -> None:
    assert lines(group_nodes((RunGroup("lr=1", "lr=1", ("s/a",)),), "s/", NOTHING)) == ["a"]


def test_a_flat_list_has_a_line_a_run() -> None:
    assert lines(flat_nodes(("s/a/x", "s/a/y"), "s/a/")) == ["x", "y"]
