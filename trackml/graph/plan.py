"""A set of fetches compiled to one flat Python function.

The operations that the fetches need are put in order, what is constant is computed once, and the rest becomes a
function of one line an operation, such as

    def step(f0):
        v3 = k3(f0, c1)
        v4 = k4(v3); del v3
        return (v4,)

whose names are the kernels, constants and intermediate values. So a step costs the kernels and little else, a
value is freed right after its last use, and the line on which an exception came up tells the operation.

Order: the order in which operations were made, which is deterministic. A read of a variable that was made before
an assignment sees the old value, one that was made after it the new one.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import CodeType
from typing import Any, NamedTuple

import numpy as np

from trackml.errors import InvalidArgumentError, OpError, ResourceExhaustedError
from trackml.graph.operation import Operation, Tensor
from trackml.graph.registry import Kernel
from trackml.graph.rewriting import Key, Lines, rewritten
from trackml.graph.runtime import Runtime

_FOLDED_BYTES = 1 << 20
"""A constant that is larger is computed at each run rather than kept."""


class Plan:
    """What computes `fetches` from `feeds` in one session.

    Args:
        fetches: Tensors, and operations of which only the effect is wanted.
        feeds: Tensors whose values are given at each call, in this order.
        runtime: The session's state.

    Calling the plan with the feeds' arrays gives a tuple with one item a fetch, None for an operation.
    """

    def __init__(self, fetches: Sequence[Tensor | Operation], feeds: Sequence[Tensor], runtime: Runtime) -> None:
        self._operations = ordered(needed(fetches, feeds))
        source = _Source(fetches, feeds, self._operations, runtime)
        self._step: Callable[..., tuple[Any, ...]] = source.function()
        self._code: CodeType = self._step.__code__
        self._lines = source.operations_of_lines

    @property
    def operations(self) -> list[Operation]:
        """The operations that are needed, in order, those computed in advance included."""
        return self._operations

    def __call__(self, *values: Any) -> tuple[Any, ...]:
        try:
            return self._step(*values)
        except Exception as error:
            self._raise_explained(error)
            raise

    def _raise_explained(self, error: Exception) -> None:
        """Raises `error` as TensorFlow's, with the operation and the user's line, unless it names one already."""
        op = self._failed_operation(error)
        if op is None or (isinstance(error, OpError) and error.op is not None):
            return
        message = f"{error} [{op.describe()}]"
        if isinstance(error, OpError):
            raise type(error)(None, op, message) from error
        if isinstance(error, MemoryError):
            raise ResourceExhaustedError(None, op, message) from error
        if isinstance(error, (ValueError, TypeError, IndexError, ArithmeticError)):
            raise InvalidArgumentError(None, op, message) from error

    def _failed_operation(self, error: BaseException) -> Operation | None:
        traceback = error.__traceback__
        while traceback is not None:
            if traceback.tb_frame.f_code is self._code:
                return self._lines.get(traceback.tb_lineno)
            traceback = traceback.tb_next
        return None


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


class _Line(NamedTuple):
    """A call of a kernel."""

    op: Operation
    """What an error in it is reported for."""
    kernel: str
    """The kernel's name."""
    arguments: list[str]
    """The names of what it takes."""
    targets: list[str]
    """The names of what it gives."""
    unpacked: bool
    """Whether it gives a sequence."""
    in_place: Kernel | None
    """The kernel that writes into its first argument, if there is one."""

    def __str__(self) -> str:
        call = f"{self.kernel}({', '.join(self.arguments)})"
        if not self.targets:
            return call
        return f"{', '.join(self.targets)}{',' if self.unpacked else ''} = {call}"


class _Source:
    """Writes the function of a plan."""

    def __init__(
        self,
        fetches: Sequence[Tensor | Operation],
        feeds: Sequence[Tensor],
        operations: Sequence[Operation],
        runtime: Runtime,
    ) -> None:
        self.operations_of_lines: dict[int, Operation] = {}
        self._runtime = runtime
        self._namespace: dict[str, Any] = {}
        self._names: dict[Key, str] = {tensor: f"f{index}" for index, tensor in enumerate(feeds)}
        self._body: list[_Line] = []
        self._parameters = ", ".join(f"f{index}" for index in range(len(feeds)))
        lines: Lines = {}
        if runtime.watch is None:  # who watches wants to see each operation by itself
            lines = rewritten(operations, [*feeds, *(item for item in fetches if isinstance(item, Tensor))])
        for op in operations:
            if op not in lines:
                self._add(op)
            elif (line := lines[op]) is not None:
                self._add_call(op, line.kernel, line.inputs, line.outputs, True)
        results = [self._names[item] if isinstance(item, Tensor) else "None" for item in fetches]
        self._result = f"({', '.join(results)}{',' if results else ''})"
        self._keep = set(results)

    def _add(self, op: Operation) -> None:
        if op.spec.alias:
            self._names.setdefault(op.outputs[0], self._names[op.inputs[0]])
        elif op.spec.settled:
            self._keep_constants(op, [op.spec.bound_kernel(op, self._runtime)()])
        elif not (self._is_constant(op) and self._fold(op)):
            unpacked = bool(op.outputs) and (op.spec.lists or len(op.outputs) > 1)
            kernel = self._watched(op, op.spec.bound_kernel(op, self._runtime))
            in_place = op.spec.in_place_kernel(op) if self._runtime.watch is None else None
            self._add_call(op, kernel, op.inputs, op.outputs, unpacked, in_place)

    def _watched(self, op: Operation, kernel: Kernel) -> Kernel:
        return kernel if self._runtime.watch is None else self._runtime.watch(op, kernel)

    def _add_call(
        self,
        op: Operation,
        kernel: Kernel,
        inputs: Sequence[Key],
        outputs: Sequence[Key],
        unpacked: bool,
        in_place: Kernel | None = None,
    ) -> None:
        number = len(self._namespace)
        self._namespace[f"k{number}"] = kernel
        targets = [self._target(tensor, number, index) for index, tensor in enumerate(outputs)]
        arguments = [self._names[tensor] for tensor in inputs]
        self._body.append(_Line(op, f"k{number}", arguments, targets, unpacked, in_place))

    def _target(self, tensor: Key, number: int, index: int) -> str:
        """The name that an output gets; a fed one keeps the value that was fed."""
        name = f"v{number}_{index}"
        self._names.setdefault(tensor, name)
        return name

    def _is_constant(self, op: Operation) -> bool:
        if op.spec.stateful or not op.outputs or any(tensor in self._names for tensor in op.outputs):
            return False
        if any((tensor.shape.num_elements() or 0) > _FOLDED_BYTES for tensor in op.outputs):
            return op.type == "Const"
        return all(self._names[tensor].startswith("c") for tensor in op.inputs)

    def _fold(self, op: Operation) -> bool:
        """Computes a constant operation now; False when that fails, so that it fails when it is run."""
        inputs = [self._namespace[self._names[tensor]] for tensor in op.inputs]
        try:
            with np.errstate(all="ignore"):
                result = self._watched(op, op.spec.pure_kernel(op))(*inputs)
        except Exception:  # the run itself reports it, with the operation and the line
            return False
        values = list(result) if op.spec.lists or len(op.outputs) != 1 else [result]
        if op.type != "Const" and sum(np.asarray(value).nbytes for value in values) > _FOLDED_BYTES:
            return False
        self._keep_constants(op, [_read_only(value) for value in values])
        return True

    def _keep_constants(self, op: Operation, values: Sequence[Any]) -> None:
        for tensor, value in zip(op.outputs, values, strict=True):
            name = f"c{len(self._namespace)}"
            self._namespace[name] = value
            self._names.setdefault(tensor, name)

    def function(self) -> Callable[..., tuple[Any, ...]]:
        """The function, compiled."""
        lines = [f"def step({self._parameters}):"]
        last_uses = self._last_uses()
        self._write_in_place(last_uses)
        for index, line in enumerate(self._body):
            dead = last_uses.get(index)
            lines.append(f"    {line}; del {', '.join(dead)}" if dead else f"    {line}")
            self.operations_of_lines[len(lines)] = line.op
        lines.append(f"    return {self._result}")
        exec(compile("\n".join(lines), "<plan>", "exec"), self._namespace)
        step: Callable[..., tuple[Any, ...]] = self._namespace["step"]
        return step

    def _last_uses(self) -> dict[int, list[str]]:
        """Which intermediate values each line is the last to use (or makes for nobody)."""
        last: dict[str, int] = {}
        for index, line in enumerate(self._body):
            used = (*line.arguments, *line.targets)
            last.update((name, index) for name in used if name.startswith("v"))
        by_line: dict[int, list[str]] = {}
        for name, index in last.items():
            if name not in self._keep:
                by_line.setdefault(index, []).append(name)
        return by_line

    def _write_in_place(self, last_uses: Mapping[int, Sequence[str]]) -> None:
        """Lets kernels write their result into their first argument where nobody will look at that any more.

        That is when the array was made by a kernel that gives new arrays, is used here for the last time, and every
        use before was by such a kernel too, so that there is no view of it.
        """
        new: set[str] = set()
        for index, line in enumerate(self._body):
            if line.in_place is not None:
                first = line.arguments[0]
                if first in new and first in last_uses.get(index, ()) and line.arguments.count(first) == 1:
                    self._namespace[line.kernel] = line.in_place
            if line.op.spec.fresh:
                new.update(line.targets)
            else:
                new.difference_update(line.arguments)


def _read_only(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        value.flags.writeable = False
    return value
