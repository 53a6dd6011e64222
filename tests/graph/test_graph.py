"""Names, scopes, control dependencies, collections and the default graph."""

from __future__ import annotations

import pytest

import trackml as tf
from trackml.graph import Graph, apply_op, constant, get_default_graph, placeholder, reset_default_graph
from trackml.ops import array  # noqa: F401  registers Identity and its like
from trackml.ops.framework import control_dependencies, get_collection, name_scope


def test_names_that_are_taken_get_a_number():
    with Graph().as_default():
        assert [constant(0, name="a").name for _ in range(3)] == ["a:0", "a_1:0", "a_2:0"]


def test_names_that_differ_in_case_alone_count_as_equal():
    with Graph().as_default():
        assert [constant(0, name=name).op.name for name in ("a", "A", "a")] == ["a", "A_1", "a_2"]


def test_a_number_in_a_name_does_not_collide_with_a_counted_one():
    with Graph().as_default():
        assert [constant(0, name=name).op.name for name in ("a_1", "a", "a")] == ["a_1", "a", "a_2"]


def test_scopes_nest_and_count():
    with Graph().as_default():
        with name_scope("s1"), name_scope("s2"):
            deep = constant(0, name="deep")
        with name_scope("s1"):
            again = constant(0)
    assert (deep.op.name, again.op.name) == ("s1/s2/deep", "s1_1/Const")


def test_a_scope_with_a_final_slash_is_entered_again():
    with Graph().as_default():
        with name_scope("s") as scope:
            pass
        with name_scope(scope) as again:
            inside = constant(0, name="x")
        named_like_scope = constant(0, name=scope)
    assert (scope, again, inside.op.name, named_like_scope.op.name) == ("s/", "s/", "s/x", "s")


def test_the_root_is_entered_with_none():
    with Graph().as_default() as graph, name_scope("s"), graph.name_scope(None) as scope:
        assert (scope, constant(0, name="x").op.name) == ("", "x")


@pytest.mark.parametrize("name", ["a b", "-a", "a:0", "ä"])
def test_bad_names_are_refused(name):
    with Graph().as_default(), pytest.raises(ValueError, match="not a valid"):
        constant(0, name=name)


def test_control_inputs_are_those_of_all_contexts_around():
    with Graph().as_default():
        a, b = constant(1, name="a"), constant(2, name="b")
        with control_dependencies([a]), control_dependencies([b]):
            both = constant(3)
            with control_dependencies(None):
                none = constant(4)
    assert [op.name for op in both.op.control_inputs] == ["a", "b"]
    assert none.op.control_inputs == ()


def test_an_operation_whose_input_waits_already_does_not_wait_again():
    with Graph().as_default():
        a = constant(1, name="a")
        with control_dependencies([a]):
            first = constant(2.0)
            second = apply_op("Identity", first)
    assert len(first.op.control_inputs) == 1
    assert second.op.control_inputs == ()


def test_tensors_of_two_graphs_do_not_mix():
    with Graph().as_default():
        inside = constant(1.0)
    with Graph().as_default(), pytest.raises(ValueError, match="must be from the same graph"):
        apply_op("Identity", inside)


def test_a_finalized_graph_takes_no_more_operations():
    with Graph().as_default() as graph:
        graph.finalize()
        with pytest.raises(RuntimeError, match="finalized"):
            constant(1.0)


def test_elements_are_found_by_name():
    with Graph().as_default() as graph:
        x = placeholder("float32", name="x")
    assert graph.get_tensor_by_name("x:0") is x
    assert graph.get_operation_by_name("x") is x.op
    assert graph.as_graph_element("x:0") is x
    with pytest.raises(KeyError, match="not in the graph"):
        graph.get_tensor_by_name("y:0")
    with pytest.raises(KeyError, match="only 1 outputs"):
        graph.get_tensor_by_name("x:1")
    with pytest.raises(ValueError, match="not a tensor's name"):
        graph.get_tensor_by_name("x")


def test_collections_hold_what_is_put_there_and_filter_by_scope():
    with Graph().as_default() as graph:
        a = constant(0, name="a")
        with name_scope("s"):
            b = constant(0, name="b")
        graph.add_to_collections(["k", "l"], a)
        graph.add_to_collection("k", b)
        assert get_collection("k") == [a, b]
        assert get_collection("k", scope="s/") == [b]
        assert get_collection("nothing") == []


def test_the_default_graph_is_a_stack():
    outer = get_default_graph()
    with Graph().as_default() as one:
        with Graph().as_default() as two:
            assert get_default_graph() is two
        assert get_default_graph() is one
    assert get_default_graph() is outer


def test_a_generator_may_leave_its_graph_late():
    def generator():
        with Graph().as_default() as graph:
            yield graph

    running = generator()
    inner = next(running)
    with Graph().as_default() as graph:
        running.close()
        assert get_default_graph() is graph
    assert get_default_graph() is not inner


def test_reset_gives_an_empty_default_graph():
    before = get_default_graph()
    reset_default_graph()
    assert get_default_graph() is not before


def test_an_operation_knows_the_users_line():
    with Graph().as_default():
        tensor = constant(1.0)
    location = tensor.op.location
    assert location is not None
    assert location.filename == __file__
    assert location.function == "test_an_operation_knows_the_users_line"
    assert "tensor = constant(1.0)" in str(location)


def test_symbolic_tensors_have_no_truth_length_or_elements():
    with Graph().as_default():
        tensor = constant([1.0, 2.0])
        for use in (bool, len, list):
            with pytest.raises(TypeError, match="Const:0"):
                use(tensor)


def test_constants_are_found_in_graphs_whose_branches_join_again():
    from trackml.graph.conversion import constant_value

    with tf.Graph().as_default():
        known, unknown = tf.constant(1.0), tf.Variable(1.0) + 0.0
        for _ in range(1100):  # 2 ** 1100 paths, and deeper than Python's stack
            known, unknown = 0.5 * known + 0.5 * known, unknown + unknown
        assert constant_value(known) == 1.0
        assert constant_value(unknown) is None
