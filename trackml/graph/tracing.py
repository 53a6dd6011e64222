"""What each operation of one run took: `RunOptions(trace_level=RunOptions.FULL_TRACE)` and `RunMetadata`.

A traced run has a plan of its own, with a clock around each kernel; other runs have no clock. Operations that other
runs fuse, or compute in place, are traced one by one.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

import numpy as np
from tensorboard.compat.proto.config_pb2 import RunMetadata, RunOptions
from tensorboard.compat.proto.step_stats_pb2 import DeviceStepStats, NodeExecStats

from trackml.graph.operation import Operation

if TYPE_CHECKING:
    from trackml.graph.registry import Kernel

DEVICE = "/job:localhost/replica:0/task:0/device:CPU:0"


def is_traced(options: Any, run_metadata: Any) -> bool:
    """Whether a run is to be traced: when it is asked for, and there is a message to put the trace into."""
    return run_metadata is not None and options is not None and options.trace_level > RunOptions.NO_TRACE


class Trace:
    """The times of the operations of one run, in the order in which they ended."""

    def __init__(self) -> None:
        self._threads: dict[int, int] = {}
        self._stats = DeviceStepStats(device=DEVICE)

    def watch(self, op: Operation, kernel: Kernel) -> Kernel:
        """`kernel` with a clock around it."""

        def timed(*inputs: Any) -> Any:
            wall, begin = time.time_ns(), time.perf_counter_ns()
            result = kernel(*inputs)
            self._add(op, wall, time.perf_counter_ns() - begin, result)
            return result

        return timed

    def _add(self, op: Operation, wall: int, took: int, result: Any) -> None:
        thread = self._threads.setdefault(threading.get_ident(), len(self._threads))
        micros = max(took // 1000, 1)
        sources = ", ".join(tensor.op.name for tensor in op.inputs)
        stats: NodeExecStats = self._stats.node_stats.add(
            node_name=op.name,
            all_start_micros=wall // 1000,
            op_end_rel_micros=micros,
            all_end_rel_micros=micros,
            all_start_nanos=wall,
            op_end_rel_nanos=took,
            all_end_rel_nanos=took,
            timeline_label=f"{op.name} = {op.type}({sources})",
            thread_id=thread,
        )
        values = result if op.spec.lists or len(op.outputs) != 1 else [result]
        for slot, (tensor, value) in enumerate(zip(op.outputs, values or ())):
            _describe(stats, slot, tensor.dtype.as_datatype_enum, value)

    def write(self, run_metadata: RunMetadata) -> None:
        """Puts the trace into a message, in place of what it holds."""
        run_metadata.step_stats.Clear()
        run_metadata.step_stats.dev_stats.append(self._stats)


def _describe(stats: NodeExecStats, slot: int, dtype: int, value: Any) -> None:
    output = stats.output.add(slot=slot)
    description = output.tensor_description
    description.dtype = dtype
    if isinstance(value, (np.ndarray, np.generic)):
        for size in value.shape:
            description.shape.dim.add(size=size)
        description.allocation_description.requested_bytes = value.nbytes
        description.allocation_description.allocator_name = "cpu"
