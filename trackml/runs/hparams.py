"""Hyperparameters that a run declares, as TensorBoard's hparams plugin keeps them in the metadata of two tags.

Source: tensorboard/plugins/hparams/metadata.py and plugin_data.proto.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from tensorboard.compat.proto import summary_pb2

_START, _END = "_hparams_/session_start_info", "_hparams_/session_end_info"


@dataclasses.dataclass(frozen=True)
class HParams:
    """The hyperparameters of a run and how it ended."""

    values: Mapping[str, bool | float | str]
    """By name, names sorted."""
    group: str
    """Runs of one group are repetitions of one trial; empty if there is none."""
    started: float | None
    """Seconds since the epoch."""
    ended: float | None
    """Seconds since the epoch; None while the run has not said so."""
    status: str
    """"UNKNOWN", "SUCCESS", "FAILURE" or "RUNNING"."""


def hparams_of(metadata: Mapping[str, summary_pb2.SummaryMetadata]) -> HParams | None:
    """Gives the hyperparameters of the run whose tags have `metadata`, None if it declares none."""
    if _START not in metadata:
        return None
    start = _plugin_data(metadata[_START]).session_start_info
    end = _plugin_data(metadata[_END]).session_end_info if _END in metadata else None
    return HParams(
        values={name: _plain(start.hparams[name]) for name in sorted(start.hparams)},
        group=start.group_name,
        started=start.start_time_secs or None,
        ended=(end.end_time_secs or None) if end is not None else None,
        status=_status_name(end.status) if end is not None else "RUNNING",
    )


def _plugin_data(metadata: summary_pb2.SummaryMetadata) -> Any:
    from tensorboard.plugins.hparams import plugin_data_pb2

    return plugin_data_pb2.HParamsPluginData.FromString(metadata.plugin_data.content)


def _status_name(status: int) -> str:
    from tensorboard.plugins.hparams import api_pb2

    return str(api_pb2.Status.Name(status)).removeprefix("STATUS_")


def _plain(value: Any) -> bool | float | str:
    kind = value.WhichOneof("kind")
    plain: bool | float | str = getattr(value, kind) if kind else ""
    return plain
