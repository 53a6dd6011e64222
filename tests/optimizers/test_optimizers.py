"""What holds for every optimizer, and what the base does."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest

from trackml import optimizers
from trackml.errors import FailedPreconditionError, InvalidArgumentError
from trackml.global_step import get_or_create_global_step
from trackml.graph import Graph, GraphKeys, Session, constant, placeholder
from trackml.graph.indexed_slices import IndexedSlices
from trackml.ops import gathering, math, reductions
from trackml.ops.framework import get_collection
from trackml.optimizers import GradientDescentOptimizer, Optimizer
from trackml.variables import (
    get_variable,
    global_variables,
    global_variables_initializer,
    trainable_variables,
    variable_scope,
)

Make = Callable[..., Optimizer]
FAMILY: dict[str, tuple[Make, list[str], list[str]]] = {
    # Makes it from a learning rate; names of its slots; names of the variables that it adds for a variable `v`.
    "GradientDescent": (optimizers.GradientDescentOptimizer, [], []),
    "Momentum": (lambda rate: optimizers.MomentumOptimizer(rate, 0.9), ["momentum"], ["v/Momentum"]),
    "Adagrad": (optimizers.AdagradOptimizer, ["accumulator"], ["v/Adagrad"]),
    "Adam": (optimizers.AdamOptimizer, ["m", "v"], ["beta1_power", "beta2_power", "v/Adam", "v/Adam_1"]),
    "RMSProp": (optimizers.RMSPropOptimizer, ["momentum", "rms"], ["v/RMSProp", "v/RMSProp_1"]),
    "Ftrl": (optimizers.FtrlOptimizer, ["accum", "linear"], ["v/Ftrl", "v/Ftrl_1"]),
    "Adadelta": (optimizers.AdadeltaOptimizer, ["accum", "accum_update"], ["v/Adadelta", "v/Adadelta_1"]),
}


@pytest.fixture(autouse=True)
def graph() -> Iterator[Graph]:
    with Graph().as_default() as graph:
        yield graph


@pytest.fixture(params=sorted(FAMILY))
def name(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


def make(name: str, learning_rate: object = 0.5) -> Optimizer:
    return FAMILY[name][0](learning_rate)


class TestEveryOptimizer:
    def test_training_operation_is_named_after_it_and_collected(self, name: str):
        v = get_variable("v", initializer=1.0)
        train_op = make(name).minimize(v * v)
        assert train_op.name == name
        assert get_collection(GraphKeys.TRAIN_OP) == [train_op]

    def test_training_operation_counts_the_global_step_up_after_the_update(self, name: str):
        v, step = get_variable("v", initializer=1.0), get_or_create_global_step()
        train_op = make(name).minimize(v * v, global_step=step)
        assert (train_op.name, train_op.type) == (name, "AssignAddVariableOp")
        with Session() as session:
            session.run(global_variables_initializer())
            session.run(train_op)
            session.run(train_op)
            assert session.run(step) == 2
            assert session.run(v) < 1.0

    def test_slots_are_named_as_in_tensorflow_and_not_trained(self, name: str):
        v = get_variable("v", initializer=[1.0, 2.0])
        optimizer = make(name)
        optimizer.minimize(reductions.reduce_sum(v * v))
        _, slots, variables = FAMILY[name]
        assert optimizer.get_slot_names() == slots
        assert [variable.op.name for variable in optimizer.variables()] == variables
        assert [variable.op.name for variable in global_variables()] == ["v", *variables]
        assert trainable_variables() == [v]
        assert all(optimizer.get_slot(v, slot) in global_variables() for slot in slots)

    def test_slots_take_the_full_name_of_a_variable_in_a_scope(self, name: str):
        with variable_scope("layer"):
            v = get_variable("v", initializer=1.0)
        optimizer = make(name)
        optimizer.minimize(v * v)
        added = [variable.op.name for variable in optimizer.variables()]
        assert added == [item.replace("v/", "layer/v/") for item in FAMILY[name][2]]

    def test_learning_rate_may_be_a_tensor_or_a_function(self, name: str):
        rate = placeholder("float32", [])
        v = get_variable("v", initializer=1.0)
        w = get_variable("w", initializer=1.0)
        by_tensor = make(name, rate).minimize(v * v, var_list=[v])
        by_function = make(name, lambda: 0.25).minimize(w * w, var_list=[w])
        with Session() as session:
            session.run(global_variables_initializer())
            session.run([by_tensor, by_function], {rate: 0.25})
            assert session.run(v) == session.run(w) != 1.0

    def test_trains_a_scalar_of_either_precision(self, name: str):
        v = get_variable("v", initializer=np.float64(1.0))
        train_op = make(name).minimize(v * v)
        with Session() as session:
            session.run(global_variables_initializer())
            session.run(train_op)
            found = session.run(v)
        assert found.dtype == np.float64
        assert found < 1.0

    def test_gradient_of_gathered_rows_moves_them_as_a_dense_one_does(self, name: str):
        table = np.arange(8, dtype=np.float32).reshape(4, 2)
        rows, whole = get_variable("rows", initializer=table), get_variable("whole", initializer=table)
        picked = reductions.reduce_sum(math.square(gathering.gather(rows, [1, 3, 1])))
        mask = constant([[0.0], [2.0], [0.0], [1.0]])
        by_rows = make(name).minimize(picked, var_list=[rows])
        dense = make(name).minimize(reductions.reduce_sum(mask * whole * whole), var_list=[whole])
        with Session() as session:
            session.run(global_variables_initializer())
            session.run([by_rows, dense])
            found, expected = session.run([rows, whole])
        np.testing.assert_allclose(found[[1, 3]], expected[[1, 3]], rtol=1e-6)
        np.testing.assert_array_equal(found[[0, 2]], table[[0, 2]])

    def test_rows_outside_the_table_are_refused(self, name: str):
        v = get_variable("v", initializer=np.zeros([2, 1], np.float32))
        train_op = make(name).apply_gradients([(IndexedSlices(constant([[1.0]]), constant([2]), None), v)])
        with Session() as session:
            session.run(global_variables_initializer())
            with pytest.raises(InvalidArgumentError, match=r"indices\[0\] = 2 is not in \[0, 2\)"):
                session.run(train_op)

    def test_gradient_of_another_shape_is_refused_while_the_graph_is_built(self, name: str):
        v = get_variable("v", initializer=[1.0, 2.0, 3.0])
        with pytest.raises(ValueError, match="incompatible"):
            make(name).apply_gradients([(constant([1.0]), v)])

    def test_gradient_of_another_shape_is_refused_when_the_graph_runs(self, name: str):
        v, grad = get_variable("v", initializer=[1.0, 2.0]), placeholder("float32", None)
        train_op = make(name).apply_gradients([(grad, v)])
        with Session() as session:
            session.run(global_variables_initializer())
            with pytest.raises(InvalidArgumentError, match="var and grad do not have the same shape"):
                session.run(train_op, {grad: [1.0]})

    def test_constraint_is_applied_after_the_update(self, name: str):
        v = get_variable("v", initializer=1.0, constraint=lambda value: math.maximum(value, 5.0))
        train_op = make(name).minimize(v * v)
        with Session() as session:
            session.run(global_variables_initializer())
            session.run(train_op)
            assert session.run(v) == 5.0

    def test_training_before_initialization_says_so(self, name: str):
        v = get_variable("v", initializer=1.0)
        train_op = make(name).minimize(v * v)
        with Session() as session, pytest.raises(FailedPreconditionError, match="uninitialized"):
            session.run(train_op)

    def test_an_optimizer_keeps_the_slots_of_each_graph_apart(self, name: str):
        optimizer = make(name)
        found = []
        for _ in range(2):
            with Graph().as_default():
                v = get_variable("v", initializer=1.0)
                optimizer.minimize(v * v)
                found.append([variable.op.name for variable in optimizer.variables()])
        assert found == [FAMILY[name][2]] * 2


def test_gradients_and_variables_come_in_pairs():
    v, w = get_variable("v", initializer=3.0), get_variable("w", initializer=1.0)
    pairs = GradientDescentOptimizer(1.0).compute_gradients(v * v, [v, w])
    with Session() as session:
        session.run(global_variables_initializer())
        assert session.run(pairs[0][0]) == 6.0
    assert [var for _, var in pairs] == [v, w]
    assert pairs[1][0] is None


def test_gradients_may_be_changed_before_they_are_applied():
    v = get_variable("v", initializer=3.0)
    optimizer = GradientDescentOptimizer(1.0)
    pairs = optimizer.compute_gradients(v * v)
    train_op = optimizer.apply_gradients([(grad * 0.5, var) for grad, var in pairs], name="halved")
    with Session() as session:
        session.run(global_variables_initializer())
        session.run(train_op)
        assert session.run(v) == 0.0
    assert train_op.name == "halved"


def test_all_gradients_see_the_variables_before_any_update():
    v, w = get_variable("v", initializer=1.0), get_variable("w", initializer=2.0)
    train_op = GradientDescentOptimizer(1.0).minimize(v * w)
    with Session() as session:
        session.run(global_variables_initializer())
        session.run(train_op)
        assert session.run([v, w]) == [-1.0, 1.0]


def test_gate_graph_trains_too():
    v = get_variable("v", initializer=1.0)
    train_op = GradientDescentOptimizer(0.5).minimize(v * v, gate_gradients=Optimizer.GATE_GRAPH)
    with Session() as session:
        session.run(global_variables_initializer())
        session.run(train_op)
        assert session.run(v) == 0.0


def test_variables_that_are_not_trainable_stay():
    v, w = get_variable("v", initializer=1.0), get_variable("w", initializer=1.0, trainable=False)
    train_op = GradientDescentOptimizer(0.25).minimize(v * v + w * w)
    with Session() as session:
        session.run(global_variables_initializer())
        session.run(train_op)
        assert session.run([v, w]) == [0.5, 1.0]


def test_second_optimizer_of_a_kind_has_slots_and_an_operation_of_its_own():
    v = get_variable("v", initializer=1.0)
    optimizers.AdagradOptimizer(0.1).minimize(v * v)
    second = optimizers.AdagradOptimizer(0.1)
    assert second.minimize(v * v).name == "Adagrad_1"
    assert [variable.op.name for variable in second.variables()] == ["v/Adagrad_1"]


def test_values_that_were_fetched_stay_what_they_were():
    v = get_variable("v", initializer=[1.0, 2.0])
    train_op = optimizers.AdamOptimizer(0.1).minimize(reductions.reduce_sum(v * v))
    with Session() as session:
        session.run(global_variables_initializer())
        before = session.run(v)
        session.run(train_op)
    np.testing.assert_array_equal(before, [1.0, 2.0])


class OldStyle(Optimizer):
    """An optimizer as written for variables without handles."""

    def __init__(self) -> None:
        super().__init__(False, "OldStyle")

    def _apply_dense(self, grad, var):
        return var.assign_sub(grad, read_value=False)

    def _apply_sparse(self, grad, var):
        return self._apply_dense(math.scalar_mul(2.0, grad._as_tensor()), var)


def test_an_optimizer_of_ones_own_may_define_the_old_methods():
    v, table = get_variable("v", initializer=5.0), get_variable("table", initializer=[1.0, 1.0])
    rows = IndexedSlices(constant([1.0, 2.0]), constant([1, 1]), None)
    train_op = OldStyle().apply_gradients([(constant(2.0), v), (rows, table)])
    with Session() as session:
        session.run(global_variables_initializer())
        session.run(train_op)
        assert session.run(v) == 3.0
        assert session.run(table).tolist() == [1.0, -5.0]


def test_an_optimizer_without_an_update_says_what_is_missing():
    v = get_variable("v", initializer=1.0)
    with pytest.raises(TypeError, match="Optimizer must define _resource_apply_dense"):
        Optimizer(False, "Nothing").minimize(v * v)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda v: Optimizer(False, ""), ValueError, "Must specify the optimizer name"),
        (lambda v: GradientDescentOptimizer(1.0).minimize(constant(1.0)), ValueError, "No gradients provided"),
        (lambda v: GradientDescentOptimizer(1.0).minimize(v * v, var_list=[]), ValueError, "No variables to optimize"),
        (lambda v: GradientDescentOptimizer(1.0).minimize(lambda: v), TypeError, "got the function"),
        (lambda v: GradientDescentOptimizer(1.0).minimize(constant(1)), ValueError, "Invalid type tf.int32"),
        (lambda v: GradientDescentOptimizer(1.0).minimize(v, gate_gradients=7), ValueError, "gate_gradients"),
        (lambda v: GradientDescentOptimizer(1.0).apply_gradients([]), ValueError, "No variables provided"),
        (lambda v: GradientDescentOptimizer(1.0).apply_gradients([(None, v)]), ValueError, "No gradients provided"),
        (lambda v: GradientDescentOptimizer(1.0).apply_gradients([(1.0, constant(1.0))]), TypeError, "unsupported"),
        (lambda v: optimizers.AdagradOptimizer(1.0, 0.0), ValueError, "must be positive"),
        (lambda v: optimizers.FtrlOptimizer(1.0, 0.5), ValueError, "needs to be negative or zero"),
        (
            lambda v: optimizers.FtrlOptimizer(1.0, l1_regularization_strength=-1.0),
            ValueError,
            "l1_regularization_strength -1.0 needs to be positive or zero",
        ),
    ],
)
def test_mistakes_are_named(call, error: type[Exception], message: str):
    with pytest.raises(error, match=message):
        call(get_variable("v", initializer=1.0))
