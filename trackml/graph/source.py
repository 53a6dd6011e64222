"""The Python function of a program: one line a step, such as

    def step(g0):
        v3_0 = k3(g0, c1)
        v4_0 = k4(v3_0); del v3_0
        return (v4_0,)

whose names are the given values, kernels, constants and intermediate values. So a run costs the kernels and little
else, a value is freed right after its last use, and the line on which an exception came up tells the operation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from trackml.graph.operation import Operation
from trackml.graph.program import Program, Step
from trackml.graph.rewriting import Key

Function = Callable[..., Any]


class _Call(NamedTuple):
    """The line of a step."""

    step: Step
    kernel: str
    """The kernel's name."""
    arguments: list[str]
    """The names of what it takes."""
    targets: list[str]
    """The names of what it gives."""

    def __str__(self) -> str:
        call = f"{self.kernel}({', '.join(self.arguments)})"
        if not self.targets:
            return call
        return f"{', '.join(self.targets)}{',' if self.step.unpacked else ''} = {call}"


class Source:
    """Writes the function of a program.

    Args:
        program: The steps.
        takes_list: Whether the function takes the given values in a list, which it empties, so that each is freed after
            its last use; otherwise it takes them one by one.
    """

    def __init__(self, program: Program, *, takes_list: bool = False) -> None:
        self.operations_of_lines: dict[int, Operation] = {}
        self._program = program
        self._takes_list = takes_list
        self._namespace: dict[str, Any] = {}
        self._given = [f"g{number}" for number in range(len(program.given))]
        self._names: dict[Key, str] = dict(zip(program.given, self._given))
        self._calls = [self._call(number, step) for number, step in enumerate(program.steps)]

    def giving(self, results: Sequence[Key | None]) -> Function:
        """The function that gives results in a tuple, None for None."""
        names = ["None" if key is None else self._name(key) for key in results]
        return self._compiled(set(names), [f"return ({', '.join(names)}{',' if names else ''})"])

    def handing_on(self, keys: Sequence[Key], following: Mapping[Any, Function], told: Sequence[Key]) -> Function:
        """The function that hands values to another one.

        Args:
            keys: What the other function takes, in a list.
            following: The other functions, by the shapes of some values.
            told: Those values.
        """
        self._namespace["following"] = following
        names = [self._name(key) for key in keys]
        shapes = ", ".join(f"{self._name(key)}.shape" for key in told)
        # What the list holds must be freed by who empties it: nothing here may refer to it too.
        own = sorted({*names, *self._given})
        ending = [f"step = following[({shapes},)]", f"values = [{', '.join(names)}]", "return step(values)"]
        if own:
            ending.insert(2, f"del {', '.join(own)}")
        return self._compiled({*names, *map(self._name, told)}, ending)

    def _name(self, key: Key) -> str:
        """The name of a value: that of a constant, a given one, or one that a step makes."""
        key = self._program.key(key)
        if key not in self._names:
            name = self._names[key] = f"c{len(self._namespace)}"
            self._namespace[name] = self._program.facts.value(key)
        return self._names[key]

    def _call(self, number: int, step: Step) -> _Call:
        arguments = [self._name(key) for key in step.inputs]
        targets = [f"v{number}_{index}" for index in range(len(step.outputs))]
        self._names.update(zip(step.outputs, targets))
        self._namespace[f"k{number}"] = step.kernel
        return _Call(step, f"k{number}", arguments, targets)

    def _compiled(self, keep: set[str], ending: list[str]) -> Function:
        lines = [f"def step({'values' if self._takes_list else ', '.join(self._given)}):"]
        last_uses = self._last_uses(keep)
        if self._takes_list and self._given:
            lines.append(f"    {', '.join(self._given)}, = values; values.clear()")
            lines += [f"    del {name}" for name in last_uses.get(-1, ())]
        self._write_in_place(last_uses)
        for index, call in enumerate(self._calls):
            dead = last_uses.get(index)
            lines.append(f"    {call}; del {', '.join(dead)}" if dead else f"    {call}")
            self.operations_of_lines[len(lines)] = call.step.op
        lines += [f"    {line}" for line in ending]
        exec(compile("\n".join(lines), "<plan>", "exec"), self._namespace)
        function: Function = self._namespace["step"]
        return function

    def _last_uses(self, keep: set[str]) -> dict[int, list[str]]:
        """Which values each call is the last to use (or makes for nobody); -1 for given ones that nobody uses."""
        last = dict.fromkeys(self._given, -1) if self._takes_list else {}
        for index, call in enumerate(self._calls):
            for name in (*call.arguments, *call.targets):
                if name in last or name.startswith("v"):
                    last[name] = index
        by_call: dict[int, list[str]] = {}
        for name, index in last.items():
            if name not in keep:
                by_call.setdefault(index, []).append(name)
        return by_call

    def _write_in_place(self, last_uses: Mapping[int, Sequence[str]]) -> None:
        """Lets kernels write their result into their first argument where nobody will look at that any more.

        That is when the array was made by a kernel that gives new arrays, is used here for the last time, and every
        use before was by such a kernel too, so that there is no view of it.
        """
        new: set[str] = set()
        for index, call in enumerate(self._calls):
            if call.step.in_place is not None:
                first = call.arguments[0]
                if first in new and first in last_uses.get(index, ()) and call.arguments.count(first) == 1:
                    self._namespace[call.kernel] = call.step.in_place
            if call.step.op.spec.fresh:
                new.update(call.targets)
            else:
                new.difference_update(call.arguments)
