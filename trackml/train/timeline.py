"""A traced run as a timeline that Chrome (`chrome://tracing`) and Perfetto show.

The file is a JSON object with the list `traceEvents`: one event an operation (`ph` is `X`, in microseconds), flows
between producers and consumers (`s` and `t`), and the lifetime of each tensor (`N`, `O`, `D`).

Source: Trace Event Format (Google, 2016); tensorflow/python/client/timeline.py for what is shown.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tensorboard.compat.proto.step_stats_pb2 import NodeExecStats, StepStats

Event = dict[str, Any]


class Timeline:
    """The timeline of one run.

    Args:
        step_stats: What was traced: `RunMetadata.step_stats`.
    """

    def __init__(self, step_stats: StepStats) -> None:
        self._stats = step_stats

    def generate_chrome_trace_format(self, show_dataflow: bool = True, show_memory: bool = False) -> str:
        """The timeline as JSON.

        Args:
            show_dataflow: Whether to draw an arrow from each operation to those that take its outputs.
            show_memory: Whether to show the tensors: size, and life from its making to its last use.
        """
        events: list[Event] = []
        for process, device in enumerate(self._stats.dev_stats):
            events.append(_name(process, f"{device.device} Compute"))
            events.extend(_operation(stats, process) for stats in device.node_stats)
            if show_dataflow:
                events.extend(_flows(device.node_stats, process))
            if show_memory:
                events.extend(_lifetimes(device.node_stats, process))
        return json.dumps({"traceEvents": events}, indent=1)


def _name(process: int, name: str) -> Event:
    return {"name": "process_name", "ph": "M", "pid": process, "args": {"name": name}}


def _parts(stats: NodeExecStats) -> tuple[str, str, list[str]]:
    """Name, type and inputs of an operation, from its label `name = Type(input, input)`."""
    name, _, rest = stats.timeline_label.partition(" = ")
    kind, _, sources = rest.partition("(")
    return name or stats.node_name, kind or stats.node_name, [item for item in sources.rstrip(")").split(", ") if item]


def _operation(stats: NodeExecStats, process: int) -> Event:
    name, kind, inputs = _parts(stats)
    arguments = {"name": name, "op": kind, **{f"input{index}": source for index, source in enumerate(inputs)}}
    return {
        "name": kind,
        "cat": "Op",
        "ph": "X",
        "ts": stats.all_start_micros,
        "dur": stats.all_end_rel_micros,
        "pid": process,
        "tid": stats.thread_id,
        "args": arguments,
    }


def _flows(nodes: Any, process: int) -> Iterator[Event]:
    made: dict[str, NodeExecStats] = {}
    number = 0
    for stats in nodes:
        name, _, inputs = _parts(stats)
        for source in inputs:
            if source in made:
                flow = {"cat": "DataFlow", "name": source, "id": number, "pid": process}
                end = made[source].all_start_micros + made[source].all_end_rel_micros
                yield {**flow, "ph": "s", "ts": end, "tid": made[source].thread_id}
                yield {**flow, "ph": "t", "ts": stats.all_start_micros, "tid": stats.thread_id}
                number += 1
        made[name] = stats


def _lifetimes(nodes: Any, process: int) -> Iterator[Event]:
    last_use: dict[str, int] = {}
    for stats in nodes:
        end = stats.all_start_micros + stats.all_end_rel_micros
        name, _, inputs = _parts(stats)
        last_use.update(dict.fromkeys((name, *inputs), end))
    for stats in nodes:
        name, _, _ = _parts(stats)
        for output in stats.output:
            size = output.tensor_description.allocation_description.requested_bytes
            tensor = {"cat": "Tensor", "name": f"{name}:{output.slot}", "id": f"{name}:{output.slot}", "pid": process}
            end = stats.all_start_micros + stats.all_end_rel_micros
            shot = {"snapshot": {"tensor_description": str(output.tensor_description), "bytes": size}}
            yield {**tensor, "ph": "N", "ts": stats.all_start_micros, "tid": stats.thread_id}
            yield {**tensor, "ph": "O", "ts": end, "tid": stats.thread_id, "args": shot}
            yield {**tensor, "ph": "D", "ts": last_use[name], "tid": stats.thread_id}
