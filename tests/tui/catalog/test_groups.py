from __future__ import annotations

from typing import Any

import pytest

from trackml_tui.catalog.groups import RunGroup, group_runs, grouping_error, is_seed, seedless_name


@pytest.fixture
def sweep(logdir: Any) -> Any:
    for lr in (0.1, 0.01):
        for seed in (2, 10):
            logdir.write_hparams(f"a/lr={lr}/s{seed}", lr=lr, seed=seed, optimizer="adam")
    logdir.write("b/plain", [1.0])
    return logdir


def groups(logdir: Any, how: str) -> dict[str, tuple[str, ...]]:
    return {group.label: group.runs for group in group_runs(logdir.snapshot().values(), how)}


def test_a_hyperparameter_groups_by_value_and_values_are_in_order(sweep: Any) -> None:
    found = groups(sweep, "hparam:lr")
    assert list(found) == ["lr=0.01", "lr=0.1", "–"]
    assert found["lr=0.1"] == ("a/lr=0.1/s10", "a/lr=0.1/s2")
    assert found["–"] == ("b/plain",)


def test_seeds_are_what_differs_in_nothing_else(sweep: Any) -> None:
    assert groups(sweep, "seeds") == {
        "b/plain": ("b/plain",),
        "lr=0.01": ("a/lr=0.01/s10", "a/lr=0.01/s2"),
        "lr=0.1": ("a/lr=0.1/s10", "a/lr=0.1/s2"),
    }


def test_seeds_of_runs_without_hyperparameters_are_those_in_their_names(logdir: Any) -> None:
    for run in ("adam/seed=1", "adam/seed=22", "sgd_seed3", "sgd_seed4", "seedling1"):
        logdir.write(run, [1.0])
    assert groups(logdir, "seeds") == {
        "adam": ("adam/seed=1", "adam/seed=22"),
        "seedling1": ("seedling1",),
        "sgd": ("sgd_seed3", "sgd_seed4"),
    }


def test_groups_that_would_be_called_the_same_are_told_by_all_they_have(logdir: Any) -> None:
    logdir.write_hparams("a", lr=0.1, depth=2)
    logdir.write_hparams("b", lr=0.1, width=64)
    logdir.write_hparams("c", lr=0.2, width=64, seed=1)
    assert list(groups(logdir, "seeds")) == ["depth=2 lr=0.1", "lr=0.1 width=64", "lr=0.2"]


def test_runs_that_differ_in_seeds_alone_are_one_group(logdir: Any) -> None:
    for seed in (1, 2):
        logdir.write_hparams(f"run{seed}", lr=0.1, random_seed=seed)
    assert groups(logdir, "seeds") == {"all seeds": ("run1", "run2")}


@pytest.mark.parametrize(
    ("how", "labels"),
    [
        ("regex:lr=([\\d.]+)", ["0.01", "0.1", "–"]),
        ("regex:^.", ["a", "b"]),
        ("folder", ["a/lr=0.01", "a/lr=0.1", "b"]),
        ("folder:1", ["a", "b"]),
        ("", ["all runs"]),
        ("regex:(", ["all runs"]),
        ("nonsense", ["all runs"]),
    ],
)
def test_every_run_is_in_one_group(sweep: Any, how: str, labels: list[str]) -> None:
    found = groups(sweep, how)
    assert list(found) == labels
    assert sorted(run for runs in found.values() for run in runs) == list(sweep.snapshot())


def test_the_order_of_runs_is_kept_in_a_group(sweep: Any) -> None:
    runs = list(sweep.snapshot().values())[::-1]
    assert group_runs(runs, "") == (RunGroup("all runs", "all runs", tuple(run.name for run in runs)),)


def test_no_runs_have_no_groups() -> None:
    assert group_runs([], "folder") == ()


@pytest.mark.parametrize(
    ("how", "wrong"),
    [("hparam:lr", False), ("hparam:", True), ("folder:x", True), ("regex:[", True), ("seeds", False), ("x", True)],
)
def test_what_cannot_group_is_told(how: str, wrong: bool) -> None:
    assert (grouping_error(how) is not None) is wrong


@pytest.mark.parametrize(
    ("name", "seed"),
    [("seed", True), ("random_seed", True), ("data.seed", True), ("SEED", True), ("seedling", False), ("lr", False)],
)
def test_seeds_are_known_by_name(name: str, seed: bool) -> None:
    assert is_seed(name) is seed


@pytest.mark.parametrize(
    ("name", "rest"),
    [("lr=0.1/seed=3", "lr=0.1"), ("a/seed_3/b", "a/b"), ("seed1", "–"), ("seeds12,x", "x"), ("run7", "run7")],
)
def test_a_name_without_its_seed(name: str, rest: str) -> None:
    assert seedless_name(name) == rest
