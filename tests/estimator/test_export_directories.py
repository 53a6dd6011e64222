"""Exports are named by times that grow, and are there in whole or not at all."""

from __future__ import annotations

import time

import pytest

from trackml.estimator.export.directories import new_export


def export_into(base):
    """Makes an empty export; gives its number."""
    with new_export(base) as (temporary, final):
        assert temporary.is_dir()
        assert not final.exists()
    return int(final.name)


def test_the_name_is_the_time(tmp_path):
    before = int(time.time())
    assert before <= export_into(tmp_path) <= int(time.time())


def test_names_grow_within_a_second_though_old_exports_are_deleted(tmp_path):
    numbers = []
    for _ in range(4):
        numbers.append(export_into(tmp_path))
        if len(numbers) == 2:
            (tmp_path / str(numbers[0])).rmdir()
    assert numbers == sorted(set(numbers))


def test_one_that_is_being_written_counts(tmp_path):
    with new_export(tmp_path) as (_, first):
        assert export_into(tmp_path) > int(first.name)


def test_one_that_fails_leaves_nothing(tmp_path):
    with pytest.raises(RuntimeError, match="no"), new_export(tmp_path):
        raise RuntimeError("no")
    assert list(tmp_path.iterdir()) == []


def test_other_directories_are_passed_over(tmp_path):
    (tmp_path / "temp-x").mkdir()
    (tmp_path / "latest").mkdir()
    assert export_into(tmp_path) > 0
