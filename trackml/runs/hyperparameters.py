"""Hyperparameters that a run declares, as TensorBoard's hparams plugin keeps them in the metadata of two tags.

Source: tensorboard/plugins/hparams/metadata.py and plugin_data.proto.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from google.protobuf.message import DecodeError
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
    data = _plugin_data(metadata[_START]) if _START in metadata else None
    if data is None:
        return None
    start = data.session_start_info
    data = _plugin_data(metadata[_END]) if _END in metadata else None
    end = data.session_end_info if data is not None else None
    return HParams(
        values={name: _plain(start.hparams[name]) for name in sorted(start.hparams)},
        group=start.group_name,
        started=start.start_time_secs or None,
        ended=(end.end_time_secs or None) if end is not None else None,
        status=_status_name(end.status) if end is not None else "RUNNING",
    )


def _plugin_data(metadata: summary_pb2.SummaryMetadata) -> Any:
    """Gives what the plugin wrote, None if it is damaged."""
    from tensorboard.plugins.hparams import plugin_data_pb2

    try:
        return plugin_data_pb2.HParamsPluginData.FromString(metadata.plugin_data.content)
    except DecodeError:
        return None


def _status_name(status: int) -> str:
    from tensorboard.plugins.hparams import api_pb2

    known: str = api_pb2.Status.Name(status if status in api_pb2.Status.values() else api_pb2.STATUS_UNKNOWN)
    return known.removeprefix("STATUS_")


def _plain(value: Any) -> bool | float | str:
    """Gives a value of a `Struct`: what is neither number, text nor truth as JSON, nothing as empty text."""
    kind = value.WhichOneof("kind")
    if kind in (None, "null_value"):
        return ""
    if kind in ("list_value", "struct_value"):
        from google.protobuf import json_format  # It takes long to import, and hardly any value is one of these.

        return json_format.MessageToJson(value, indent=None, ensure_ascii=False)
    plain: bool | float | str = getattr(value, kind)
    return plain
