"""Hyperparameters of runs: those that event files declare, or else those that the run's manifest tells."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias
from weakref import WeakKeyDictionary

from trackml.runs import RunManifest, RunView

Param: TypeAlias = "bool | float | str"
Params: TypeAlias = Mapping[str, Param]
ParamsOf: TypeAlias = Callable[[RunView], Params]

_DECLARED: WeakKeyDictionary[RunView, Params] = WeakKeyDictionary()
"""What `declared_params` gave: a view never changes, and decoding takes longer than all else here."""


def declared_params(run: RunView) -> Params:
    """The hyperparameters that the run declares in its event files; none if it declares none."""
    if run not in _DECLARED:
        hparams = run.hparams
        _DECLARED[run] = {} if hparams is None else hparams.values
    return _DECLARED[run]


def params_of(run: RunView, manifest: RunManifest | None) -> Params:
    """The hyperparameters of a run: declared ones, or the `params` of its manifest with nested names as `a.b`."""
    declared = declared_params(run)
    if declared or manifest is None:
        return declared
    return dict(_flat("", manifest.facts.get("params")))


def show_param(value: Param) -> str:
    """A hyperparameter's value as text: `0.001`, `true`, `adam`."""
    if isinstance(value, bool):
        return str(value).lower()
    return value if isinstance(value, str) else f"{value:.12g}"


def flat_facts(value: Any) -> dict[str, str]:
    """What a manifest tells, nested names as `a.b`, values as text."""
    return {name: show_param(found) for name, found in _flat("", value)}


def _flat(name: str, value: Any) -> list[tuple[str, Param]]:
    if isinstance(value, dict):
        inner = [_flat(f"{name}.{key}" if name else str(key), item) for key, item in value.items()]
        return [pair for pairs in inner for pair in pairs]
    if value is None or isinstance(value, list):
        return [(name, str(value))] if name and value is not None else []
    return [(name, value)] if name else []
