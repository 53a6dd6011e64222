"""The base of all optimizers: gradients, slots, the training operation."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from trackml import dtypes, nest
from trackml.autodiff import gradients
from trackml.dtypes import DType
from trackml.graph.conversion import constant, convert_to_tensor
from trackml.graph.graph import Graph, apply_op, get_default_graph
from trackml.graph.indexed_slices import IndexedSlices
from trackml.graph.keys import GraphKeys
from trackml.graph.operation import Operation, Tensor
from trackml.initializers import Zeros
from trackml.ops import array, control, math
from trackml.ops.framework import control_dependencies, get_collection_ref, init_scope, name_scope
from trackml.ops.segments import unsorted_segment_sum
from trackml.ops.unique import unique
from trackml.variables import (
    Variable,
    VariableScope,
    get_variable,
    no_regularizer,
    trainable_variables,
    variable_scope,
)

GradsAndVars = Sequence[tuple[Any, Any]]


class Optimizer:
    """Changes variables so that a loss gets smaller.

    A subclass says which slots a variable has (`_create_slots`), makes tensors of its rates (`_prepare`), and adds the
    operation that changes one variable (`_resource_apply_dense`, `_resource_apply_sparse`).

    Args:
        use_locking: Accepted for TensorFlow's sake.
        name: Name of the training operation and of the slots.

    Raises:
        ValueError: The name is empty.

    Example:
        >>> import trackml as tf
        >>> with tf.Graph().as_default(), tf.Session() as session:
        ...     w = tf.get_variable("w", initializer=4.0)
        ...     train_op = tf.train.GradientDescentOptimizer(0.25).minimize(w * w)
        ...     session.run(tf.global_variables_initializer())
        ...     session.run(train_op)
        ...     print(session.run(w))
        2.0
    """

    GATE_NONE = 0
    GATE_OP = 1
    GATE_GRAPH = 2

    def __init__(self, use_locking: bool, name: str) -> None:
        if not name:
            raise ValueError("Must specify the optimizer name")
        self._use_locking = use_locking
        self._name = name
        self._slots: dict[str, dict[Operation, Variable]] = {}
        self._non_slots: dict[tuple[str, Graph], Variable] = {}

    def get_name(self) -> str:
        """The name that was given."""
        return self._name

    def minimize(
        self,
        loss: Any,
        global_step: Any = None,
        var_list: Any = None,
        gate_gradients: int = GATE_OP,
        aggregation_method: int | None = None,
        colocate_gradients_with_ops: bool = False,
        name: str | None = None,
        grad_loss: Any = None,
    ) -> Operation:
        """The operation that takes one step: computes gradients and applies them.

        Args:
            loss: What to make smaller, a floating-point tensor.
            global_step: A variable to count up after the update.
            var_list: Variables to change; all trainable ones by default.
            gate_gradients: GATE_GRAPH waits for all gradients before the first update.
            aggregation_method: Accepted for TensorFlow's sake.
            colocate_gradients_with_ops: Accepted for TensorFlow's sake.
            name: Name of the operation; the optimizer's by default.
            grad_loss: The gradient of the loss to start from; ones by default.

        Raises:
            ValueError: There are no variables, or the loss depends on none of them.
        """
        grads_and_vars = self.compute_gradients(
            loss, var_list, gate_gradients, aggregation_method, colocate_gradients_with_ops, grad_loss
        )
        if all(grad is None for grad, _ in grads_and_vars):
            raise ValueError(
                "No gradients provided for any variable, check your graph for ops that do not support gradients, "
                f"between variables {[str(var) for _, var in grads_and_vars]} and loss {loss}."
            )
        return self.apply_gradients(grads_and_vars, global_step=global_step, name=name)

    def compute_gradients(
        self,
        loss: Any,
        var_list: Any = None,
        gate_gradients: int = GATE_OP,
        aggregation_method: int | None = None,
        colocate_gradients_with_ops: bool = False,
        grad_loss: Any = None,
    ) -> list[tuple[Any, Variable]]:
        """The gradient of `loss` for each variable, as pairs (gradient, variable).

        A gradient is a tensor, `IndexedSlices` for a variable whose rows were looked up, or None where the loss does
        not depend on the variable. The arguments are those of `minimize`.

        Raises:
            ValueError: There are no variables, or loss or variables are not of floating point.
        """
        if gate_gradients not in (self.GATE_NONE, self.GATE_OP, self.GATE_GRAPH):
            raise ValueError(
                "gate_gradients must be one of: Optimizer.GATE_NONE, Optimizer.GATE_OP, Optimizer.GATE_GRAPH. "
                f"Not {gate_gradients}"
            )
        if callable(loss):
            raise TypeError(f"loss must be a tensor of the graph; got the function {loss!r}. Call it first.")
        self._assert_valid_dtypes([item for item in (loss, grad_loss) if item is not None])
        variables = trainable_variables() if var_list is None else nest.flatten(var_list)
        if not variables:
            raise ValueError("No variables to optimize.")
        grads = gradients(loss, variables, grad_ys=grad_loss)
        if gate_gradients == self.GATE_GRAPH:
            grads = control.tuple(grads)
        self._assert_valid_dtypes([var for grad, var in zip(grads, variables) if grad is not None])
        return list(zip(grads, variables))

    def apply_gradients(
        self, grads_and_vars: Iterable[tuple[Any, Any]], global_step: Any = None, name: str | None = None
    ) -> Operation:
        """The operation that changes variables by gradients.

        Args:
            grads_and_vars: Pairs as from `compute_gradients`; those with a gradient of None are left out.
            global_step: A variable to count up after the update.
            name: Name of the operation; the optimizer's by default.

        Raises:
            ValueError: There is no pair, or no gradient.
            TypeError: A gradient is no tensor, or something other than a variable is to be changed.
        """
        pairs = [(_as_grad(grad), _as_variable(var)) for grad, var in grads_and_vars]
        if not pairs:
            raise ValueError("No variables provided.")
        wanted = [(grad, var) for grad, var in pairs if grad is not None]
        if not wanted:
            raise ValueError(f"No gradients provided for any variable: {[str(var) for _, var in pairs]}.")
        with init_scope():
            self._create_slots([var for _, var in wanted])
        with name_scope(name, self._name) as scope:
            self._prepare()
            updates = [self._update(grad, var) for grad, var in wanted]
            train_op = self._counted(updates, global_step, scope)
        collection = get_collection_ref(GraphKeys.TRAIN_OP)
        if train_op not in collection:
            collection.append(train_op)
        return train_op

    def _update(self, grad: Any, var: Variable) -> Any:
        """The operation that changes one variable."""
        with name_scope(f"update_{var.op.name}"):
            if isinstance(grad, IndexedSlices):
                if var.constraint is not None:
                    raise RuntimeError("Cannot use a constraint function on a sparse variable.")
                return self._resource_apply_sparse_duplicate_indices(grad.values, var, grad.indices)
            update = self._resource_apply_dense(grad, var)
            if var.constraint is None:
                return update
            with control_dependencies([update]):
                return var.assign(var.constraint(var.value()), read_value=False)

    def _counted(self, updates: list[Any], global_step: Any, scope: str) -> Operation:
        """The updates as one operation, with the global step counted up at the end."""
        if global_step is None:
            return self._finish(updates, scope)
        with control_dependencies([self._finish(updates, "update")]):
            one = constant(1, global_step.dtype)
            train_op: Operation = apply_op("AssignAddVariableOp", global_step.handle, one, name=scope)
            return train_op

    def get_slot(self, var: Variable, name: str) -> Variable | None:
        """The slot of that name of a variable, such as its `"momentum"`; None when there is none (yet)."""
        return self._slots.get(name, {}).get(var.op)

    def get_slot_names(self) -> list[str]:
        """The names of all slots, sorted."""
        return sorted(self._slots)

    def variables(self) -> list[Variable]:
        """The slots and other variables that this optimizer keeps in the default graph, sorted by name."""
        graph = get_default_graph()
        slots = [slot for named in self._slots.values() for slot in named.values()]
        mine = [var for var in (*slots, *self._non_slots.values()) if var.graph is graph]
        return sorted(mine, key=lambda var: var.name)

    def _valid_dtypes(self) -> set[DType]:
        return {dtypes.float16, dtypes.float32, dtypes.float64}

    def _assert_valid_dtypes(self, tensors: Iterable[Any]) -> None:
        valid = self._valid_dtypes()
        for tensor in tensors:
            if tensor.dtype not in valid:
                raise ValueError(
                    f"Invalid type {tensor.dtype!r} for {tensor.name}, expected: {sorted(map(repr, valid))}."
                )

    def _create_slots(self, var_list: Sequence[Variable]) -> None:
        """Makes the slots of variables; none by default."""

    def _prepare(self) -> None:
        """Makes tensors of the rates; nothing by default."""

    def _resource_apply_dense(self, grad: Tensor, handle: Variable) -> Any:
        """The operation that changes a variable by a tensor."""
        return self._apply_dense(grad, handle)

    def _apply_dense(self, grad: Tensor, var: Variable) -> Any:
        """What TensorFlow calls for variables without a handle: an optimizer may define this one alone."""
        raise TypeError(f"{type(self).__name__} must define _resource_apply_dense(grad, var).")

    def _resource_apply_sparse(self, grad: Tensor, handle: Variable, indices: Tensor) -> Any:
        """The operation that changes rows of a variable, no index coming twice."""
        return self._apply_sparse(IndexedSlices(grad, indices, constant(handle.shape)), handle)

    def _apply_sparse(self, grad: IndexedSlices, var: Variable) -> Any:
        """What TensorFlow calls for variables without a handle: an optimizer may define this one alone."""
        raise TypeError(f"{type(self).__name__} must define _resource_apply_sparse(grad, var, indices).")

    def _resource_apply_sparse_duplicate_indices(self, grad: Tensor, handle: Variable, indices: Tensor) -> Any:
        """The operation that changes rows of a variable: sums the gradients of a row that comes more than once."""
        if _differ(indices):
            return self._resource_apply_sparse(grad, handle, indices)
        rows, positions = unique(indices)
        summed = unsorted_segment_sum(grad, positions, array.shape(rows)[0])
        return self._resource_apply_sparse(summed, handle, rows)

    def _finish(self, update_ops: list[Any], name_scope: str) -> Operation:
        """The updates as one operation."""
        return control.group(*update_ops, name=name_scope)

    def _zeros_slot(self, var: Variable, slot_name: str, op_name: str) -> Variable:
        """The slot of that name, zeros at first, made if there is none."""
        return self._get_or_make_slot_with_initializer(var, Zeros(), var.shape, var.dtype, slot_name, op_name)

    def _get_or_make_slot(self, var: Variable, val: Any, slot_name: str, op_name: str) -> Variable:
        """The slot of that name, `val` at first, made if there is none."""
        return self._get_or_make_slot_with_initializer(var, val, None, None, slot_name, op_name)

    def _get_or_make_slot_with_initializer(
        self, var: Variable, initializer: Any, shape: Any, dtype: Any, slot_name: str, op_name: str
    ) -> Variable:
        """The slot of that name, made if there is none; its variable is called `<variable>/<op_name>`."""
        named = self._slots.setdefault(slot_name, {})
        if var.op not in named:
            with _slot_scope(var, op_name):
                named[var.op] = get_variable(
                    "", shape, dtype, initializer=initializer, regularizer=no_regularizer, trainable=False
                )
        return named[var.op]

    def _slot(self, var: Variable, name: str) -> Variable:
        return self._slots[name][var.op]

    def _create_non_slot_variable(self, initial_value: Any, name: str, colocate_with: Variable) -> Variable:
        """A variable of the optimizer itself, made once in each graph."""
        key = (name, colocate_with.graph)
        if key not in self._non_slots:
            self._non_slots[key] = Variable(initial_value, name=name, trainable=False)
        return self._non_slots[key]

    def _get_non_slot_variable(self, name: str, graph: Graph) -> Variable:
        return self._non_slots[name, graph]

    def _call_if_callable(self, param: Any) -> Any:
        return param() if callable(param) else param

    def _rate(self, value: Any, name: str) -> Tensor:
        """A setting as a tensor: a number, a tensor, or a function without arguments that gives one."""
        return convert_to_tensor(self._call_if_callable(value), name=name)


def as_type_of(rate: Tensor, grad: Tensor) -> Tensor:
    """A rate in the type of the gradient that it goes with."""
    return math.cast(rate, grad.dtype)


def _as_grad(grad: Any) -> Any:
    if grad is None or isinstance(grad, IndexedSlices):
        return grad
    try:
        return convert_to_tensor(grad)
    except TypeError as error:
        raise TypeError(f"Gradient must be convertible to a Tensor or IndexedSlices, or None: {grad!r}") from error


def _as_variable(var: Any) -> Variable:
    if not isinstance(var, Variable):
        raise TypeError(f"Trying to optimize unsupported type {var!r}: only variables can be changed.")
    return var


@contextlib.contextmanager
def _slot_scope(var: Variable, op_name: str) -> Iterator[None]:
    """The scope that names a slot: `<current scope>/<variable>/<op_name>`.

    For a variable in parts TensorFlow builds that name with the part's in it, and cuts off as many characters as the
    variable's own name has. Within a scope that leaves an end of the part's name (`dnn/logits/bias/t_0/Adagrad`), under
    which checkpoints of premade models have the slot.
    """
    if not var.is_partitioned:
        with variable_scope(None, f"{var.op.name}/{op_name}"):
            yield
        return
    part = f"{var.op.name}/part_0/"
    with variable_scope(None, f"{part}{op_name}") as scope:
        kept = scope.name[len(part) :]
        with variable_scope(VariableScope(None, f"{var.op.name}/{kept}")):
            yield


def _differ(indices: Tensor) -> bool:
    """Whether no row comes twice: embeddings are looked up by ids that were made unique."""
    while indices.op.type in ("Identity", "Reshape"):
        indices = indices.op.inputs[0]
    return indices.op.type.startswith("Unique") and indices.value_index == 0
