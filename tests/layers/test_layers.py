"""What holds for every layer: scopes, names, sharing, collections. Names are those that TensorFlow 1.15 gave."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from trackml import layers, nest
from trackml.graph import Graph, GraphKeys, Session, Tensor, placeholder
from trackml.initializers import Constant, Ones
from trackml.layers import InputSpec, Layer
from trackml.ops import math, nn
from trackml.ops.framework import get_collection, name_scope
from trackml.variables import (
    AUTO_REUSE,
    get_variable_scope,
    global_variables,
    global_variables_initializer,
    trainable_variables,
    variable_scope,
)

FAMILY: dict[str, tuple[Callable[..., Layer], Callable[..., Tensor], list[str]]] = {
    # The class, the function, and the weights that it makes for inputs of `SIZES` and four channels.
    "dense": (
        lambda **kwargs: layers.Dense(4, **kwargs),
        lambda x, **kwargs: layers.dense(x, 4, **kwargs),
        ["kernel", "bias"],
    ),
    "dropout": (lambda **kwargs: layers.Dropout(0.5, **kwargs), layers.dropout, []),
    "flatten": (lambda **kwargs: layers.Flatten(**kwargs), layers.flatten, []),
    "batch_normalization": (
        lambda **kwargs: layers.BatchNormalization(**kwargs),
        layers.batch_normalization,
        ["gamma", "beta", "moving_mean", "moving_variance"],
    ),
    "conv1d": (
        lambda **kwargs: layers.Conv1D(4, 1, **kwargs),
        lambda x, **kwargs: layers.conv1d(x, 4, 1, **kwargs),
        ["kernel", "bias"],
    ),
    "conv2d": (
        lambda **kwargs: layers.Conv2D(4, [3, 2], padding="same", **kwargs),
        lambda x, **kwargs: layers.conv2d(x, 4, [3, 2], padding="same", **kwargs),
        ["kernel", "bias"],
    ),
    "separable_conv2d": (
        lambda **kwargs: layers.SeparableConv2D(4, 3, padding="same", depth_multiplier=2, **kwargs),
        lambda x, **kwargs: layers.separable_conv2d(x, 4, 3, padding="same", depth_multiplier=2, **kwargs),
        ["depthwise_kernel", "pointwise_kernel", "bias"],
    ),
    "max_pooling1d": (
        lambda **kwargs: layers.MaxPooling1D(2, 1, "same", **kwargs),
        lambda x, **kwargs: layers.max_pooling1d(x, 2, 1, "same", **kwargs),
        [],
    ),
    "max_pooling2d": (
        lambda **kwargs: layers.MaxPooling2D(2, 1, "same", **kwargs),
        lambda x, **kwargs: layers.max_pooling2d(x, 2, 1, "same", **kwargs),
        [],
    ),
    "average_pooling1d": (
        lambda **kwargs: layers.AveragePooling1D(2, 1, "same", **kwargs),
        lambda x, **kwargs: layers.average_pooling1d(x, 2, 1, "same", **kwargs),
        [],
    ),
    "average_pooling2d": (
        lambda **kwargs: layers.AveragePooling2D(2, 1, "same", **kwargs),
        lambda x, **kwargs: layers.average_pooling2d(x, 2, 1, "same", **kwargs),
        [],
    ),
}
SIZES = {"1d": [3], "2d": [3, 2]}
WITH_WEIGHTS = sorted(name for name, (_, _, weights) in FAMILY.items() if weights)


@pytest.fixture(autouse=True)
def graph() -> Iterator[Graph]:
    with Graph().as_default() as graph:
        yield graph


def inputs_of(name: str, dtype: str = "float32", channels: int = 4) -> Tensor:
    """A placeholder for what the layer called `name` takes."""
    return placeholder(dtype, [None, *SIZES.get(name[-2:], []), channels], name="x")


@pytest.fixture
def x(request: pytest.FixtureRequest) -> Tensor:
    parameters = getattr(request.node, "callspec", None)
    return inputs_of(parameters.params.get("name", "") if parameters else "")


def variable_names() -> list[str]:
    return [variable.op.name for variable in global_variables()]


@pytest.mark.parametrize("name", sorted(FAMILY))
class TestEveryLayer:
    def test_function_and_class_compute_the_same(self, name: str, x: Tensor):
        make, function, _ = FAMILY[name]
        with variable_scope("", initializer=Constant(0.5)):
            outputs = [function(x), make()(x)]
        with Session() as session:
            session.run(global_variables_initializer())
            first, second = session.run(outputs, {x: np.broadcast_to([1.0, 2.0, 3.0, 4.0], [1, *x.shape[1:]])})
        np.testing.assert_array_equal(first, second)
        assert outputs[0].shape.as_list() == x.shape.as_list()

    def test_scopes_are_numbered_and_weights_are_in_them(self, name: str, x: Tensor):
        _, function, weights = FAMILY[name]
        first, second = function(x), function(x)
        assert first.op.name.split("/")[0] == name
        assert second.op.name.split("/")[0] == f"{name}_1"
        assert variable_names() == [f"{scope}/{weight}" for scope in (name, f"{name}_1") for weight in weights]

    def test_a_name_is_the_scope(self, name: str, x: Tensor):
        _, function, weights = FAMILY[name]
        assert function(x, name="mine").op.name.startswith("mine/")
        assert variable_names() == [f"mine/{weight}" for weight in weights]

    def test_layer_that_is_called_twice_shares_its_weights_and_goes_on_in_its_scope(self, name: str, x: Tensor):
        make, _, weights = FAMILY[name]
        layer = make()
        first, second = layer(x), layer(x)
        assert first.op.name.split("/")[0] == second.op.name.split("/")[0] == name
        assert first is not second
        assert [weight.op.name.split("/")[1] for weight in layer.weights] == weights
        assert variable_names() == [f"{name}/{weight}" for weight in weights]

    def test_name_scope_around_is_not_in_the_names_of_weights(self, name: str, x: Tensor):
        _, function, weights = FAMILY[name]
        with name_scope("around"):
            assert function(x).op.name.startswith(f"around/{name}/")
        assert variable_names() == [f"{name}/{weight}" for weight in weights]

    def test_variable_scope_around_is(self, name: str, x: Tensor):
        _, function, weights = FAMILY[name]
        with variable_scope("around"):
            assert function(x).op.name.startswith(f"around/{name}/")
        assert variable_names() == [f"around/{name}/{weight}" for weight in weights]

    def test_reusing_a_scope_shares_the_weights_in_order(self, name: str, x: Tensor):
        _, function, weights = FAMILY[name]
        with variable_scope("s"):
            function(x)
        with variable_scope("s", reuse=True):
            function(x)
        with variable_scope("s", reuse=AUTO_REUSE):
            function(x, name=name)
        assert variable_names() == [f"s/{name}/{weight}" for weight in weights]

    def test_scope_name_is_known_after_the_first_call(self, name: str, x: Tensor):
        layer = FAMILY[name][0]()
        with pytest.raises(ValueError, match="has not been used yet"):
            _ = layer.scope_name
        layer(x)
        assert layer.scope_name == name

    def test_layer_of_another_scope_takes_its_weights_there(self, name: str, x: Tensor):
        make, _, weights = FAMILY[name]
        layer = make()
        layer(x, scope="there")
        assert layer.scope_name == "there"
        assert variable_names() == [f"there/{weight}" for weight in weights]

    def test_output_shape_is_known_in_advance(self, name: str, x: Tensor):
        layer = FAMILY[name][0]()
        assert layer.compute_output_shape(x.shape).as_list() == layer(x).shape.as_list()

    def test_arrays_are_inputs_too(self, name: str):
        shape = [2, *inputs_of(name).shape.as_list()[1:]]
        assert FAMILY[name][1](np.ones(shape, np.float32)).shape.as_list() == shape


@pytest.mark.parametrize("name", WITH_WEIGHTS)
class TestLayersWithWeights:
    def test_reuse_by_name_shares_weights_under_a_new_name_scope(self, name: str, x: Tensor):
        _, function, weights = FAMILY[name]
        function(x, name="mine")
        assert function(x, name="mine", reuse=True).op.name.startswith("mine_1/")
        assert variable_names() == [f"mine/{weight}" for weight in weights]

    def test_same_name_without_reuse_is_refused(self, name: str, x: Tensor):
        _, function, weights = FAMILY[name]
        function(x, name="mine")
        with pytest.raises(ValueError, match=f"Variable mine/{weights[0]} already exists"):
            function(x, name="mine")

    def test_reuse_of_what_is_not_there_is_refused(self, name: str, x: Tensor):
        with pytest.raises(ValueError, match="does not exist"):
            FAMILY[name][1](x, name="mine", reuse=True)

    def test_layers_that_share_a_name_but_not_a_scope_are_numbered(self, name: str, x: Tensor):
        make, _, weights = FAMILY[name]
        for _ in range(2):
            make(name="mine")(x)
        assert variable_names() == [f"{scope}/{weight}" for scope in ("mine", "mine_1") for weight in weights]

    def test_layer_that_is_not_trainable_trains_nothing(self, name: str, x: Tensor):
        layer = FAMILY[name][0](trainable=False)
        layer(x)
        assert trainable_variables() == layer.trainable_weights == []
        assert layer.non_trainable_weights == layer.weights == global_variables()

    def test_weights_have_the_type_of_the_inputs(self, name: str):
        FAMILY[name][1](inputs_of(name, "float64"))
        assert {variable.dtype.name for variable in global_variables()} == {"float64"}

    def test_integers_are_refused(self, name: str):
        with pytest.raises(TypeError, match="with non-floating point dtype"):
            FAMILY[name][1](inputs_of(name, "int32"))

    def test_inputs_of_another_size_are_refused_at_the_second_call(self, name: str, x: Tensor):
        layer = FAMILY[name][0]()
        layer(x)
        with pytest.raises(ValueError, match=r"but received input with shape \[None, .*5\]"):
            layer(inputs_of(name, channels=5))

    def test_parameters_are_counted(self, name: str, x: Tensor):
        layer = FAMILY[name][0]()
        layer(x)
        assert layer.count_params() == sum(weight.shape.num_elements() or 0 for weight in global_variables())


class Scale(Layer):
    """A layer of a user's own: without `super().build`, with a penalty, for one input or several."""

    def build(self, input_shape: Any) -> None:
        self.scale = self.add_variable("scale", shape=[], initializer=Ones(), regularizer=nn.l2_loss)

    def call(self, inputs: Any) -> Any:
        parts = inputs if isinstance(inputs, list) else [inputs]
        return math.add_n(parts) * self.scale


def test_a_layer_of_ones_own_is_named_after_its_class(x: Tensor):
    layer = Scale()
    assert layer(x).name == "scale/mul:0"
    assert layer.built
    assert variable_names() == ["scale/scale"]


def test_a_layer_may_take_several_inputs(x: Tensor):
    output = Scale()([x, x])
    with Session() as session:
        session.run(global_variables_initializer())
        assert session.run(output, {x: [[1.0, 2.0, 3.0, 4.0]]}).tolist() == [[2.0, 4.0, 6.0, 8.0]]


@pytest.mark.parametrize(
    ("inputs", "shape"),
    [
        ([np.ones([2, 3]), np.ones([2, 4])], [[2, 3], [2, 4]]),
        ({"a": np.ones([1]), "b": 2.0}, [[1], []]),
        ([[1.0, 2.0]], [[1, 2]]),
        (3.0, [[]]),
    ],
)
def test_arrays_in_a_list_are_several_inputs_and_numbers_in_a_list_are_one(inputs: Any, shape: Any):
    class Shapes(Layer):
        def call(self, inputs: Any) -> Any:
            self.seen = [tensor.shape.as_list() for tensor in nest.flatten(inputs)]
            return inputs

    layer = Shapes()
    layer(inputs)
    assert layer.seen == shape


def test_penalty_of_a_weight_is_collected_once(x: Tensor):
    layer = Scale(name="s")
    layer(x)
    layer(x)
    Scale(_scope="s", _reuse=True)(x)
    (penalty,) = get_collection(GraphKeys.REGULARIZATION_LOSSES)
    assert penalty.name == "s/scale/Regularizer/L2Loss:0"
    assert layer.losses == [penalty]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Conv2D", "conv2d"),
        ("MaxPooling2D", "max_pooling2d"),
        ("LSTM", "lstm"),
        ("GRUCell", "gru_cell"),
        ("_Own", "private__own"),
    ],
)
def test_class_names_become_scopes_as_in_tensorflow(name: str, words: str, x: Tensor):
    layer = type(name, (Layer,), {})()
    layer(x)
    assert layer.scope_name == words
    assert layer.name == f"{words}_1"


def test_unknown_argument_is_refused():
    with pytest.raises(TypeError, match="unexpected keyword arguments: \\['unitz'\\]"):
        Layer(unitz=3)


@pytest.mark.parametrize(
    ("spec", "shape", "message"),
    [
        (InputSpec(min_ndim=2), [4], "expected min_ndim=2, found ndim=1. Full shape received: [4]"),
        (InputSpec(max_ndim=1), [4, 4], "expected max_ndim=1, found ndim=2"),
        (InputSpec(ndim=3), [4, 4], "expected ndim=3, found ndim=2. Full shape received: [4, 4]"),
        (InputSpec(ndim=3), None, "its rank is undefined, but the layer requires a defined rank."),
        (InputSpec(axes={-1: 3}), [4, 4], "expected axis -1 of input shape to have value 3"),
        (InputSpec(shape=[None, 3]), [4, 4], "expected shape=(None, 3), found shape=[4, 4]"),
        (InputSpec(dtype="int32"), [4], "expected dtype=int32, found dtype=tf.float32"),
        ([InputSpec(), InputSpec()], [4], "expects 2 inputs, but it received 1 input tensors"),
    ],
)
def test_inputs_that_are_not_as_specified_are_refused(spec: Any, shape: Any, message: str):
    layer = Layer(name="strict")
    layer.input_spec = spec
    with pytest.raises(ValueError, match=re.escape(message)):
        layer(placeholder("float32", shape))


def test_input_spec_tells_what_it_asks_for():
    assert repr(InputSpec(min_ndim=2, axes={-1: 3})) == "InputSpec(min_ndim=2, axes={-1: 3})"


def test_weights_take_the_initializer_of_the_scope_around(x: Tensor):
    with variable_scope("s", initializer=Ones()):
        layers.dense(x, 1, use_bias=False)
    with Session() as session:
        session.run(global_variables_initializer())
        assert session.run(global_variables()[0]).tolist() == [[1.0]] * 4


def test_the_scope_around_is_as_before(x: Tensor):
    layers.dense(x, 1)
    assert get_variable_scope().name == ""
