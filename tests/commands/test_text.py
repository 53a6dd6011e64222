"""Names and tables as text."""

from __future__ import annotations

import pytest

from trackml.commands.text import Cell, Column, byte_size, moment, printable, table, width_of


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
