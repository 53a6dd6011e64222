"""Operations that wait for others, and Python functions and prints as operations."""

from __future__ import annotations

import logging
import sys
from typing import Any

import numpy as np
import pytest

import trackml as tf
from trackml.ops.control import with_dependencies


def _counter() -> tuple[list[int], Any]:
    """A list that grows each time that the operation runs."""
    runs: list[int] = []

    def count() -> np.ndarray[Any, Any]:
        runs.append(len(runs))
        return np.array(len(runs), np.int64)

    return runs, tf.py_func(count, [], tf.int64)


def test_a_group_runs_all_of_its_inputs_and_gives_nothing() -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        runs, counted = _counter()
        others, other = _counter()
        assert session.run(tf.group(counted, [other.op, {"x": counted}])) is None
    assert (runs, others) == ([0], [0])


def test_an_empty_group_is_a_no_op() -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        assert tf.group(name="nothing").name == "nothing"
        assert tf.group([]).type == "NoOp"
        assert session.run(tf.no_op()) is None


def test_only_operations_and_tensors_make_a_group() -> None:
    with tf.Graph().as_default(), pytest.raises(TypeError, match=r"Expected tf\.group"):
        tf.group("a")


def test_a_group_may_wait_for_what_is_fed() -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.placeholder(tf.float32, [])
        with tf.control_dependencies([tf.group(x)]):
            assert session.run(tf.identity(x) + 1.0, {x: 1.0}) == 2.0


def test_a_tuple_is_available_when_all_of_it_is() -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        runs, counted = _counter()
        more, extra = _counter()
        first, nothing, second = tf.tuple([tf.constant(1.0), None, counted], control_inputs=[extra])
        assert nothing is None
        assert session.run(first) == 1.0
        assert (len(runs), len(more)) == (1, 1)
        assert session.run(second) == 2


def test_a_tuple_holds_operations_and_slices_too() -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        slices = tf.IndexedSlices(tf.ones([1, 2]), tf.constant([3]))
        gated, op = tf.tuple([slices, tf.no_op()])
        assert session.run(gated).indices.tolist() == [3]
        assert op.type == "NoOp"
        with pytest.raises(ValueError, match="Must have at least one Tensor"):
            tf.tuple([None])
        with pytest.raises(TypeError, match="Control input must be Operation or Tensor"):
            tf.tuple([slices], control_inputs=["a"])


def test_with_dependencies_runs_them_first() -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        runs, counted = _counter()
        assert session.run(with_dependencies([counted], tf.constant(5.0))) == 5.0
    assert runs == [0]


def test_a_python_function_takes_arrays_and_gives_them() -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.placeholder(tf.float32, [None])
        total, count = tf.py_func(lambda values: (values.sum(), np.int64(values.size)), [x], [tf.float32, tf.int64])
        assert session.run([total, count], {x: [1.0, 2.0]}) == [3.0, 2]
        assert total.shape.ndims is None
        (alone,) = tf.py_func(lambda: np.float32(1.0), [], [tf.float32])
        assert session.run(alone) == 1.0


def test_a_python_function_takes_scalars_as_numpy_has_them() -> None:
    seen: list[Any] = []
    with tf.Graph().as_default(), tf.Session() as session:
        op = tf.py_func(lambda *values: seen.extend(values), [tf.constant("a"), tf.constant(2)], [])
        assert isinstance(op, tf.Operation)
        session.run(op)
    assert seen == [b"a", 2]
    assert [type(value) for value in seen] == [bytes, np.int32]


def test_a_python_function_gives_strings() -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        word = tf.py_func(lambda value: value.decode() + "ü", [tf.constant("a")], tf.string)
        words = tf.py_func(lambda: np.array(["a", "bc"]), [], tf.string)
        assert session.run(word).decode() == "aü"
        assert session.run(words).tolist() == [b"a", b"bc"]
        assert session.run(tf.strings.length(words)).tolist() == [1, 2]


@pytest.mark.parametrize(
    ("function", "types", "message"),
    [
        (lambda: 1.0, tf.float32, "0-th value returned by pyfunc_[0-9]+ is float64, but expects float32"),
        (lambda: (np.float32(1), 2), [tf.float32], "returns 2 values, but expects to see 1 values"),
        (lambda: None, tf.float32, "returns 0 values, but expects to see 1"),
    ],
)
def test_a_python_function_must_give_what_it_said(function: Any, types: Any, message: str) -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        result = tf.py_func(function, [], types)
        with pytest.raises(tf.errors.InvalidArgumentError, match=message):
            session.run(result)


def test_what_cannot_be_called_is_no_function() -> None:
    with tf.Graph().as_default(), pytest.raises(ValueError, match="Expected func to be callable"):
        tf.py_func(1, [], tf.float32)  # type: ignore[arg-type]


def test_print_hands_its_input_on(capfd: pytest.CaptureFixture[str]) -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.placeholder(tf.float32, [None])
        shown = tf.Print(x, [x, tf.shape(x)], "x is ", first_n=2, summarize=1)
        (grad,) = tf.gradients(shown * 2.0, x)
        for _ in range(3):
            assert session.run(shown, {x: [1.0, 2.0]}).tolist() == [1.0, 2.0]
        assert session.run(grad, {x: [1.0]}).tolist() == [2.0]
    assert capfd.readouterr().err == "x is [1...][2]\n" * 2


def test_print_v2_shows_structures_of_tensors(capfd: pytest.CaptureFixture[str]) -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.constant([[1.0, 0.5]])
        session.run(tf.print("x", x, 3, {"b": x, "a": [tf.constant("s")]}, sep=", "))
        session.run(tf.print(tf.constant("plain"), output_stream=sys.stdout, end=""))
        session.run(tf.print("{}", x))
    captured = capfd.readouterr()
    assert captured.err == "x, [[1 0.5]], 3, {'a': [\"s\"], 'b': [[1 0.5]]}\n{} [[1 0.5]]\n"
    assert captured.out == "plain"


def test_print_v2_writes_to_logs_and_files(tmp_path: Any, log_lines: list[str]) -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        for stream in (logging.INFO, tf.logging.warning, f"file://{tmp_path}/out.txt"):
            op = tf.print("a", tf.constant(1), output_stream=stream)
            session.run(op)
        session.run(op)
        with pytest.raises(ValueError, match="Unsupported output stream"):
            tf.print("a", output_stream="somewhere")
    assert log_lines == ["INFO:a 1", "WARNING:a 1"]
    assert (tmp_path / "out.txt").read_text() == "a 1\na 1\n"
