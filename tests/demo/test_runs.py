"""The sweep's runs, their results on disk, and which sweep is next."""

from __future__ import annotations

from trackml.demo.runs import RUNS, Result, RunSettings, next_folder, read_result, write_result

RESULT = Result(loss=0.25, accuracy=0.9, seconds=1.5)
PAIR = (RunSettings(0.1, 4), RunSettings(0.1, 8))


def test_sweep_is_two_learning_rates_by_three_widths():
    assert len({run.name for run in RUNS}) == 6
    assert len({run.learning_rate for run in RUNS}) == 2
    assert len({run.units for run in RUNS}) == 3


def test_a_written_result_is_read_again(tmp_path):
    write_result(tmp_path, RESULT)
    assert read_result(tmp_path) == RESULT


def test_a_folder_without_a_result_has_none(tmp_path):
    assert read_result(tmp_path / "no-such-run") is None


def test_first_sweep_of_a_directory_is_number_one(tmp_path):
    assert next_folder(tmp_path, PAIR) == tmp_path / "digits-1"


def test_an_unfinished_sweep_is_gone_on_with(tmp_path):
    finished = tmp_path / "digits-1" / PAIR[0].name
    finished.mkdir(parents=True)
    write_result(finished, RESULT)
    assert next_folder(tmp_path, PAIR) == tmp_path / "digits-1"


def test_a_new_sweep_follows_a_finished_one(tmp_path):
    for run in PAIR:
        folder = tmp_path / "digits-1" / run.name
        folder.mkdir(parents=True)
        write_result(folder, RESULT)
    assert next_folder(tmp_path, PAIR) == tmp_path / "digits-2"
