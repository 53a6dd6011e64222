"""Names and tables as text."""

from __future__ import annotations

import pytest

from trackml.commands.text import Cell, Column, byte_size, moment, printable, shortened, table, width_of


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("loss/train", "loss/train"),
        ("größe 学習", "größe 学習"),
        ("\x1b]0;title\x07", r"\x1b]0;title\x07"),
        ("a\nb\tc\x7f\x9b", r"a\nb\tc\x7f\x9b"),
        ("\u202egnp.exe", r"\u202egnp.exe"),
        ("\u200b\u2028", r"\u200b\u2028"),
        ("\udce9", r"\udce9"),
        ("back\\slash", "back\\slash"),
    ],
)
def test_printable_spells_out_what_a_terminal_obeys_or_nobody_sees(text, shown):
    assert printable(text) == shown


def test_columns_line_up_also_under_wide_and_combining_characters():
    columns = [Column("NAME"), Column("N", is_number=True), Column("END")]
    lines = table(columns, [["学習", "1", "x"], ["e\u0301", "10", ""]])
    assert lines == ["NAME   N  END", "学習   1  x", "e\u0301     10"]
    assert width_of(lines[1]) == len("NAME   N  x")


def test_styles_do_not_move_columns():
    rows = [[Cell("ok", "good"), "x"], [Cell("corrupt", "bad"), "y"]]
    assert table([Column("S"), Column("T")], rows, colours=True) == [
        "\x1b[1mS\x1b[0m        \x1b[1mT\x1b[0m",
        "\x1b[32mok\x1b[0m       x",
        "\x1b[31mcorrupt\x1b[0m  y",
    ]


@pytest.mark.parametrize(
    ("amount", "shown"), [(0, "0 B"), (999, "999 B"), (1000, "1.0 KB"), (999_949, "999.9 KB"), (999_950, "1.0 MB")]
)
def test_byte_sizes(amount, shown):
    assert byte_size(amount) == shown


@pytest.mark.parametrize(
    ("wall_time", "shown"),
    [(None, "-"), (0.0, "1970-01-01 00:00:00"), (float("nan"), "nan"), (1e300, "1e+300"), (float("-inf"), "-inf")],
)
def test_moments(wall_time, shown):
    assert moment(wall_time) == shown


@pytest.mark.parametrize(
    ("width", "shown"),
    [
        (None, ["experiments/first/eval  1", "other                   2"]),
        (25, ["experiments/first/eval  1", "other                   2"]),
        (15, ["experi…/eval  1", "other         2"]),
        (3, ["expe…val  1", "other     2"]),
    ],
)
def test_names_lose_their_middle_in_a_narrow_terminal(width, shown):
    columns = [Column("RUN", least=8), Column("N")]
    assert table(columns, [["experiments/first/eval", "1"], ["other", "2"]], width=width)[1:] == shown


def test_names_are_cut_only_as_far_as_they_differ():
    names = ["variables/hidden/kernel", "variables/logits/kernel"]
    lines = table([Column("TAG", least=4)], [[name] for name in names], width=6)[1:]
    assert lines == ["variable…n/kernel", "variable…s/kernel"]


def test_wide_characters_are_not_cut_in_two():
    assert shortened("日本語の名前です", 9) == "日本…です"
    assert width_of(shortened("日本語の名前です", 8)) <= 8
