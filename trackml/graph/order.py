"""Which operations a run needs, and in what order they run.

Order: the order in which operations were made, which is deterministic. A read of a variable that was made before
an assignment sees the old value, one that was made after it the new one.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable

from trackml.graph.operation import Operation, Tensor


def needed(fetches: Iterable[Tensor | Operation], feeds: Iterable[Tensor]) -> list[Operation]:
    """The operations that must run for `fetches` when `feeds` are given."""
    fed = set(feeds)
    # To wait for a placeholder is to wait for its value, which is there.
    placeholders = {tensor.op for tensor in fed if tensor.op.type == "Placeholder"}
    found: set[Operation] = set()
    waiting = [item.op if isinstance(item, Tensor) else item for item in fetches if item not in fed]
    while waiting:
        op = waiting.pop()
        if op in found:
            continue
        found.add(op)
        waiting.extend(tensor.op for tensor in op.inputs if tensor not in fed)
        waiting.extend(control for control in op.control_inputs if control not in placeholders)
    return list(found)


def ordered(operations: Iterable[Operation]) -> list[Operation]:
    """The operations, each after those it needs, and otherwise in the order in which they were made."""
    by_id = sorted(operations, key=lambda op: op.id)
    inside = set(by_id)
    waits = {op: _needs(op) & inside for op in by_id}
    if all(need.id < op.id for op, needs in waits.items() for need in needs):
        return by_id
    return _topological(by_id, waits)


def _needs(op: Operation) -> set[Operation]:
    return {tensor.op for tensor in op.inputs} | set(op.control_inputs)


def _topological(by_id: list[Operation], waits: dict[Operation, set[Operation]]) -> list[Operation]:
    """For graphs in which an older operation was made to wait for a newer one."""
    followers: dict[Operation, list[Operation]] = {}
    for op, needs in waits.items():
        for need in needs:
            followers.setdefault(need, []).append(op)
    missing = {op: len(needs) for op, needs in waits.items()}
    ready = [(op.id, op) for op in by_id if not missing[op]]
    heapq.heapify(ready)
    result = []
    while ready:
        _, op = heapq.heappop(ready)
        result.append(op)
        for follower in followers.get(op, ()):
            missing[follower] -= 1
            if not missing[follower]:
                heapq.heappush(ready, (follower.id, follower))
    if len(result) < len(by_id):
        stuck = next(op for op in by_id if missing[op])
        raise ValueError(f"The graph has a cycle through {stuck.describe()}.")
    return result
