from __future__ import annotations

from trackml_tui.order import common_directory, natural_key


def test_numbers_in_names_are_compared_as_numbers() -> None:
    names = ["run10", "run9", "lr=0.1", "lr=0.01", "lr=1e-3", "Run1", "."]
    assert sorted(names, key=natural_key) == [".", "lr=1e-3", "lr=0.01", "lr=0.1", "Run1", "run9", "run10"]


def test_equal_keys_fall_back_to_the_name() -> None:
    assert sorted(["a01", "a1", "a1.0"], key=natural_key) == ["a01", "a1", "a1.0"]


def test_a_megabyte_of_digits_is_no_trouble() -> None:
    assert natural_key("9" * 1_000_000) < natural_key("x")


def test_the_common_directory_is_made_of_whole_parts() -> None:
    assert common_directory(["sweep/lr=0.1", "sweep/lr=0.2"]) == "sweep/"
    assert common_directory(["a/b/x", "a/b/y", "a/bc/z"]) == "a/"
    assert common_directory(["run", "run/eval"]) == ""
    assert common_directory(["a/run", "a/run/eval"]) == "a/"
    assert common_directory(["a/only"]) == ""
    assert common_directory([]) == ""
