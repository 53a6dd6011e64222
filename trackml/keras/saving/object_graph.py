"""The object graph of a checkpoint: by which attributes of which objects TensorFlow's Keras finds each variable.

Source: TensorFlow's `core/protobuf/trackable_object_graph.proto`, and the checkpoints that 1.15 and 2.15 write.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Any

import numpy as np
from tensorboard.compat.proto import trackable_object_graph_pb2 as pb

from trackml.keras import backend
from trackml.keras.saving.optimizer_state import OptimizerState, iterations_of, others_of, slots_of
from trackml.keras.saving.parts import Group, Part, children
from trackml.variables import Variable

Array = np.ndarray[Any, Any]

KEY = "_CHECKPOINTABLE_OBJECT_GRAPH"
_ATTRIBUTE = "VARIABLE_VALUE"


class ObjectGraph:
    """A model's object graph, with the values that belong to it.

    Args:
        model: The model.
        optimizer: Whether what its optimizer remembers is part of it.
    """

    def __init__(self, model: Any, optimizer: bool = True) -> None:
        self.proto = pb.TrackableObjectGraph()
        self.values: dict[str, Any] = {}
        self._numbers: dict[int, int] = {}
        self._alive: list[Any] = []
        self._paths: dict[int, str] = {}
        self._add_all(model, self._optimizer_parts(model) if optimizer else [])
        if optimizer and model.is_compiled:
            self._add_slots(model)

    def _add_all(self, root: Any, further: Sequence[Part]) -> None:
        """Every object once, in the order of their distance from the root."""
        queue = deque([(self._node(root, ""), root, [*children(root), *further])])
        while queue:
            number, _, parts = queue.popleft()
            for part in parts:
                path = f"{self._paths[number]}{_escaped(part.name)}/"
                known = self._numbers.get(id(part.value))
                child = self._node(part.value, path) if known is None else known
                self.proto.nodes[number].children.add(node_id=child, local_name=part.name)
                if known is None:
                    queue.append((child, part.value, children(part.value)))

    def _node(self, value: Any, path: str) -> int:
        number = len(self.proto.nodes)
        self.proto.nodes.add()
        self._numbers[id(value)], self._paths[number] = number, path
        self._alive.append(value)
        if isinstance(value, Variable):
            self._note(number, value.op.name, f"{path}.ATTRIBUTES/{_ATTRIBUTE}", value)
        elif isinstance(value, np.ndarray):
            self._note(number, path.rstrip("/"), f"{path}.ATTRIBUTES/{_ATTRIBUTE}", value)
        return number

    def _note(self, number: int, full_name: str, key: str, value: Any) -> None:
        self.proto.nodes[number].attributes.add(name=_ATTRIBUTE, full_name=full_name, checkpoint_key=key)
        self.values[key] = value

    def _optimizer_parts(self, model: Any) -> list[Part]:
        if not model.is_compiled or iterations_of(model) is None:
            return []
        steps = iterations_of(model)
        rate = np.asarray(backend.get_value(model.optimizer.learning_rate), np.float32)
        others = [Part(name, each) for name, each in others_of(model).items()]
        return [Part("optimizer", Group([Part("iter", steps), Part("learning_rate", rate), *others]))]

    def _add_slots(self, model: Any) -> None:
        """The optimizer's slots, as TensorFlow 1's optimizers and the legacy ones of TensorFlow 2 keep them."""
        optimizer = self._child(0, "optimizer")
        if optimizer is None:
            return
        for name, slots in slots_of(model).items():
            for weight, slot in zip(model.trainable_weights, slots):
                original = self._numbers[id(weight)]
                number = self._node(None, "")
                self.proto.nodes[optimizer].slot_variables.add(
                    original_variable_node_id=original, slot_name=name, slot_variable_node_id=number
                )
                key = f"{self._paths[original]}.OPTIMIZER_SLOT/optimizer/{name}/.ATTRIBUTES/{_ATTRIBUTE}"
                full_name = f"{model.optimizer.name}/{name}/{weight.op.name}"
                self._note(number, full_name, key, slot)

    def _child(self, number: int, name: str) -> int | None:
        return next((c.node_id for c in self.proto.nodes[number].children if c.local_name == name), None)


def _escaped(name: str) -> str:
    return name.replace(".", "..").replace("/", ".S")


class Saved:
    """The object graph of a checkpoint that was read.

    Args:
        proto: The graph.
    """

    def __init__(self, proto: pb.TrackableObjectGraph) -> None:
        self._nodes = proto.nodes

    def keys_of(self, model: Any) -> dict[Variable, str]:
        """Under which key each variable of a model is, as far as the checkpoint has it."""
        found: dict[Variable, str] = {}
        seen: set[tuple[int, int]] = set()
        open_pairs: list[tuple[Any, int]] = [(model, 0)]
        while open_pairs:
            value, number = open_pairs.pop()
            if (id(value), number) in seen:
                continue
            seen.add((id(value), number))
            if isinstance(value, Variable):
                key = self._key(number)
                if key is not None:
                    found[value] = key
                continue
            numbers = {child.local_name: child.node_id for child in self._nodes[number].children}
            open_pairs += [(part.value, numbers[part.name]) for part in children(value) if part.name in numbers]
        return found

    def _key(self, number: int) -> str | None:
        attributes = self._nodes[number].attributes
        return next((one.checkpoint_key for one in attributes if one.name == _ATTRIBUTE), None)

    def optimizer_state(self, model: Any, keys: dict[Variable, str], read: Any) -> OptimizerState | None:
        """What the optimizer of the checkpoint remembered of the weights of a model; None when there is nothing.

        Args:
            model: The model.
            keys: What `keys_of` gave for it.
            read: Gives the value of a key.
        """
        root = {child.local_name: child.node_id for child in self._nodes[0].children}
        if "optimizer" not in root:
            return None
        node = self._nodes[root["optimizer"]]
        inside = {child.local_name: child.node_id for child in node.children}
        steps = inside.get("iter", inside.get("_iterations"))
        key = None if steps is None else self._key(steps)
        if key is None:
            return None
        state = OptimizerState(int(read(key)))
        state.others = {name: read(key) for name in inside if (key := self._key(inside[name])) is not None}
        if node.slot_variables:
            self._read_slots(state, model, keys, node, read)
        elif "_variables" in inside:
            self._read_list(state, inside["_variables"], read)
        return state

    def _read_slots(self, state: OptimizerState, model: Any, keys: dict[Variable, str], node: Any, read: Any) -> None:
        found = {(slot.slot_name, slot.original_variable_node_id): slot for slot in node.slot_variables}
        by_key = {self._key(number): number for number in range(len(self._nodes)) if self._key(number)}
        for name in dict.fromkeys(slot.slot_name for slot in node.slot_variables):
            numbers = [by_key.get(keys.get(weight, "")) for weight in model.trainable_weights]
            slots = [found.get((name, number)) for number in numbers if number is not None]
            slot_keys = [self._key(slot.slot_variable_node_id) for slot in slots if slot is not None]
            state.slots[name] = [read(key) for key in slot_keys]

    def _read_list(self, state: OptimizerState, number: int, read: Any) -> None:
        """TensorFlow 2's list, whose variables tell by their names which slots they are."""
        for child in sorted(self._nodes[number].children, key=lambda child: int(child.local_name)):
            attribute = self._nodes[child.node_id].attributes[0]
            names = attribute.full_name.split("/")
            if len(names) > 2:
                state.slots.setdefault(names[1], []).append(read(attribute.checkpoint_key))
