"""How a run is evaluated: told by its manifest, or inferred from the events of its evaluations."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from trackml.runs import ManifestDecision, RunManifest
from trackml_tui.checkpoints.evaluations import (
    Evaluation,
    countdown,
    evaluation_runs,
    evaluations,
    is_evaluation,
    sentences,
    training_run,
)

RUNNING = RunManifest("running", 0.0, None, 0.0, 60.0, None, throttle_secs={None: 600.0})


def decided(step: int, decision: str, reason: str = "", made: float = 0.0, due: float | None = None) -> Any:
    return ManifestDecision(None, decision, step, reason, made, due)


@pytest.fixture
def runs(logdir: Any) -> Any:
    logdir.write("a", [1.0] * 500)
    logdir.write("a/eval", [0.5], first_step=299, age=20.0)
    logdir.write("a/eval_test", [0.5], first_step=99)
    logdir.write("a/eval/other", [0.5])
    logdir.write("b", [1.0])
    return logdir.snapshot()


def test_evaluations_are_directories_of_the_run(runs: Any) -> None:
    assert list(evaluation_runs("a", runs)) == ["eval", "eval_test"]
    assert evaluation_runs("b", runs) == {}


@pytest.mark.parametrize(
    ("name", "expected"),
    [("a/eval", "a"), ("a/eval_test", "a"), ("a", "a"), ("b", "b"), ("a/eval/other", "a/eval/other")],
)
def test_an_evaluation_belongs_to_its_training(runs: Any, name: str, expected: str) -> None:
    assert training_run(name, runs) == expected


def test_the_log_directory_itself_may_be_the_run(logdir: Any) -> None:
    logdir.write("", [1.0])
    logdir.write("eval", [1.0])
    runs = logdir.snapshot()
    assert list(evaluation_runs(".", runs)) == ["eval"]
    assert training_run("eval", runs) == "."


@pytest.mark.parametrize(
    ("name", "expected"), [("eval", True), ("eval_x", True), ("evaluate", False), ("eval_x/y", False)]
)
def test_names_of_evaluations(name: str, expected: bool) -> None:
    assert is_evaluation(name) is expected


def test_what_the_manifest_tells(runs: Any) -> None:
    said = replace(
        RUNNING,
        decisions=(
            decided(0, "skipped", "first checkpoint of the session"),
            decided(100, "evaluating", due=700.0),
            decided(100, "evaluated", made=110.0, due=700.0),
            decided(200, "skipped", "throttle_secs", due=700.0),
            decided(300, "skipped", "throttle_secs", due=700.0),
        ),
    )
    (evaluation,) = evaluations(runs["a"], {"eval": runs["a/eval"]}, said)
    assert evaluation == Evaluation(
        "eval", 100, 110.0, None, 600.0, due=700.0, skipped=2, reason="throttle", behind=399
    )
    assert sentences(evaluation, 170.0, is_training=True) == (
        "last at step 100, 1m ago",
        "next due in 8:50",
        "2 checkpoints skipped (throttle)",
        "399 steps behind",
        "throttle 600 s",
    )
    assert "next due at the next checkpoint" in sentences(evaluation, 701.0, is_training=True)
    assert not any("next" in each for each in sentences(evaluation, 170.0, is_training=False))


def test_an_evaluation_that_runs(runs: Any) -> None:
    said = replace(RUNNING, decisions=(decided(100, "evaluating", due=700.0),))
    (evaluation,) = evaluations(runs["a"], {}, said)
    assert sentences(evaluation, 100.0, is_training=True)[0] == "evaluating step 100"
    (killed,) = evaluations(runs["a"], {}, replace(said, status="failed"))
    assert sentences(killed, 100.0, is_training=False)[0] == "not evaluated yet"


def test_before_the_first_evaluation(runs: Any) -> None:
    (evaluation,) = evaluations(runs["a"], {}, RUNNING)
    assert sentences(evaluation, 0.0, is_training=True) == ("not evaluated yet", "throttle 600 s")


def test_what_is_inferred_says_so(logdir: Any) -> None:
    logdir.write("a", [1.0] * 100)
    for place in range(4):
        logdir.write("a/eval", [0.5], first_step=20 * place, age=90.0 - 30.0 * place)
    runs = logdir.snapshot()
    (evaluation,) = evaluations(runs["a"], {"eval": runs["a/eval"]}, None)
    assert evaluation.inferred
    assert (evaluation.step, evaluation.throttle, evaluation.behind) == (60, 30.0, 39)
    assert sentences(evaluation, logdir.now + 10.0, is_training=True) == (
        "last at step 60, 10s ago",
        "next due in about 0:20",
        "39 steps behind",
        "inferred from its events",
    )
    assert "next usual by now" in sentences(evaluation, logdir.now + 100.0, is_training=True)


def test_one_evaluation_tells_no_usual_distance(runs: Any) -> None:
    (evaluation,) = evaluations(runs["b"], {"eval": runs["a/eval_test"]}, None)
    assert (evaluation.throttle, evaluation.due) == (None, None)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.0, "0:00"),
        (-5.0, "0:00"),
        (41.2, "0:42"),
        (727.0, "12:07"),
        (3720.0, "1:02:00"),
        (float("inf"), "2777:46:40"),
    ],
)
def test_countdowns(seconds: float, text: str) -> None:
    assert countdown(seconds) == text
