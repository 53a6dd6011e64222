from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from trackml_tui.catalog.candidates import Candidate, candidate
from trackml_tui.catalog.labels import PLAIN
from trackml_tui.catalog.query import parse
from trackml_tui.catalog.selection import select


@pytest.fixture
def candidates(logdir: Any) -> list[Candidate]:
    """Four runs: `a` is old, starred and noted; `b` diverged; `c` has no hyperparameters; `d` has other tags."""
    logdir.write_hparams("a", lr=0.01, optimizer="adam", nesterov=True)
    logdir.write("a", [3.0, 1.0, 2.0], age=0.0)
    logdir.write("a", [0.5, 0.9, 0.8], tag="eval/accuracy")
    logdir.write_hparams("b", lr=0.1, optimizer="SGD", nesterov=False)
    logdir.write("b", [1.0, float("nan")], first_step=12_000)
    logdir.write("c", [5.0], age=7200.0)
    logdir.write("d", [0.25], tag="train/f1", age=60.0)
    logdir.write("d", [0.75], tag="eval/f1", age=60.0)
    snapshot = logdir.snapshot()
    labels = {"a": replace(PLAIN, starred=True, note="the good one", name="baseline")}
    return [candidate(run, logdir.now, label=labels.get(name, PLAIN)) for name, run in snapshot.items()]


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("", "abcd"),
        ("[ab]", "ab"),
        ("BASE", "a"),
        ("lr<0.05", "a"),
        ("lr=1e-2", "a"),
        ("lr!=0.01", "bcd"),
        ("not lr=0.01", "bcd"),
        ("lr<=0.1 and optimizer=adam", "a"),
        ("hparam.lr >= .1", "b"),
        ("optimizer~^s", "b"),
        ("optimizer:a*m", "a"),
        ("nesterov=true", "a"),
        ("nesterov=no", "b"),
        ("loss>1.5", "ac"),
        ("loss.min<=1", "ab"),
        ("min(loss)<1", ""),
        ("max(loss)=3", "a"),
        ("first(loss)=3", "a"),
        ("loss.points>1", "ab"),
        ("loss=nan", "b"),
        ("accuracy.best > 0.89", "a"),
        ("best(eval/accuracy)=0.9", "a"),
        ("best(loss)=1", "ab"),
        ("eval/f1>0.5", "d"),
        ("name:?", "abcd"),
        ('name~"[cd]"', "cd"),
        ("age>1h", "c"),
        ("age<1h30m and age>30s", "d"),
        ("step>10k", "b"),
        ("status=live", "abd"),
        ("status=idle", "c"),
        ("is:live and not is:star", "bd"),
        ("is:star", "a"),
        ("star=yes", "a"),
        ("note~good", "a"),
        ('note=""', "bcd"),
        ("has:lr", "ab"),
        ("has:loss", "abc"),
        ("has:nothing", ""),
        ("archived=true", ""),
        ("is:damaged", ""),
    ],
)
def test_a_query_picks_runs(candidates: list[Candidate], text: str, runs: str) -> None:
    selection = select(parse(text), candidates)
    assert "".join(found.name for found in selection.chosen) == runs
    assert selection.reasons == ()


@pytest.mark.parametrize(
    ("text", "runs", "reason"),
    [
        ("optimizer<3", "", "< compares numbers; optimizer is text"),
        ("lr<adam", "", "< compares numbers; adam is none"),
        ('lr<"0.05"', "", "< compares numbers; 0.05 is none"),
        ("warmup>3 or c", "c", "no run has warmup"),
        ("warmup!=3", "abcd", "no run has warmup"),
        ("f1>0", "", "f1 may be eval/f1, train/f1"),
        ("is:odd", "", "a run is archived, bad, damaged, live, noted, star, starred; not odd"),
    ],
)
def test_what_makes_no_sense_is_told(candidates: list[Candidate], text: str, runs: str, reason: str) -> None:
    selection = select(parse(text), candidates)
    assert "".join(found.name for found in selection.chosen) == runs
    assert reason in selection.reasons


def test_a_name_may_look_like_a_comparison(logdir: Any) -> None:
    for run in ("lr=0.1", "lr=0.15", "lr=0.2", "at 12:30"):
        logdir.write(run, [1.0])
    candidates = [candidate(run, logdir.now) for run in logdir.snapshot().values()]
    assert [found.name for found in select(parse("lr=0.1"), candidates).chosen] == ["lr=0.1", "lr=0.15"]
    assert [found.name for found in select(parse("12:30"), candidates).chosen] == ["at 12:30"]
