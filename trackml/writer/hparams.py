"""What TensorBoard's HParams plugin reads: the names of hyperparameters and metrics, and a session's values.

Source: tensorboard/plugins/hparams/api.proto, plugin_data.proto; tensorboard/plugins/hparams/metadata.py (the tags).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from google.protobuf import struct_pb2
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.plugins.hparams import api_pb2, plugin_data_pb2

from trackml.writer.arrays import as_number
from trackml.writer.tensors import metadata_of

Plain: TypeAlias = "bool | float | str"

_PLUGIN_VERSION = 0


def hparams_values(
    hparams: Mapping[str, Any], metrics: Mapping[str, Any], domains: Mapping[str, Sequence[Any]] | None
) -> list[Summary.Value]:
    """Gives the experiment, the start of a session and its end.

    Args:
        hparams: A bool, a number, a str or a callable (by its name) for each hyperparameter; those that are None are
            left out.
        metrics: Their keys are the tags of the scalars to compare.
        domains: The values that a hyperparameter may take, all of one type.

    Raises:
        TypeError: A value or a domain is something else.
    """
    plain = {name: _plain(name, value) for name, value in hparams.items() if value is not None}
    allowed = {name: _domain(name, values, plain) for name, values in (domains or {}).items()}
    start = plugin_data_pb2.SessionStartInfo()
    for name, value in plain.items():
        start.hparams[name].CopyFrom(_message(value))
    experiment = api_pb2.Experiment(
        hparam_infos=[
            api_pb2.HParamInfo(name=name, type=_type(value), domain_discrete=allowed.get(name))
            for name, value in plain.items()
        ],
        metric_infos=[api_pb2.MetricInfo(name=api_pb2.MetricName(tag=tag)) for tag in metrics],
    )
    end = plugin_data_pb2.SessionEndInfo(status=api_pb2.STATUS_SUCCESS)
    return [
        _value("experiment", experiment=experiment),
        _value("session_start_info", session_start_info=start),
        _value("session_end_info", session_end_info=end),
    ]


def _plain(name: str, value: Any) -> Plain:
    if isinstance(value, (bool, str)):
        return value
    if callable(value):
        return getattr(value, "__name__", str(value))
    try:
        return as_number(value)
    except (TypeError, ValueError):
        raise TypeError(
            f"A hyperparameter is a bool, a number, a str or a callable; got {value!r} of type "
            f"{type(value).__name__} for {name!r}. Write str(...) of it."
        ) from None


def _domain(name: str, values: Sequence[Any], plain: Mapping[str, Plain]) -> struct_pb2.ListValue:
    chosen = plain.get(name)
    allowed = [_plain(name, value) for value in values] if isinstance(values, (list, tuple)) else []
    if chosen is None or not allowed or any(type(value) is not type(chosen) for value in allowed):
        raise TypeError(f"hparam_domain_discrete[{name!r}] must list values of the type of {chosen!r}; got {values!r}.")
    return struct_pb2.ListValue(values=[_message(value) for value in allowed])


def _message(value: Plain) -> struct_pb2.Value:
    if isinstance(value, bool):
        return struct_pb2.Value(bool_value=value)
    return struct_pb2.Value(string_value=value) if isinstance(value, str) else struct_pb2.Value(number_value=value)


def _type(value: Plain) -> int:
    if isinstance(value, bool):
        kind = api_pb2.DATA_TYPE_BOOL
    else:
        kind = api_pb2.DATA_TYPE_STRING if isinstance(value, str) else api_pb2.DATA_TYPE_FLOAT64
    return int(kind)


def _value(name: str, **fields: Any) -> Summary.Value:
    content = plugin_data_pb2.HParamsPluginData(version=_PLUGIN_VERSION, **fields)
    return Summary.Value(tag=f"_hparams_/{name}", metadata=metadata_of("hparams", content.SerializeToString()))
