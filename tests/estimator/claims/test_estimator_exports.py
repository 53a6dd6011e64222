"""Exports of Estimators, loaded again: EstimatorExportTest of estimator_test.py."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

import trackml as tf
from trackml.estimator import Estimator, EstimatorSpec, ModeKeys

export = tf.estimator.export
TAGS = {ModeKeys.TRAIN: ["train"], ModeKeys.EVAL: ["eval"], ModeKeys.PREDICT: ["serve"]}
ALL_MODES = list(TAGS)


def x_y_input():
    x = tf.constant([[1], [1]], name="feature_x")
    return {"x": x, "y": tf.constant([[2], [2]], name="feature_y")}, tf.constant([[1], [1]], name="truth")


def supervised():
    features = {key: tf.placeholder(tf.int32, [None, 1], name=f"feature_{key}") for key in ("x", "y")}
    receivers = {**features, "labels": tf.placeholder(tf.int32, [None, 1], name="truth")}
    return tf.estimator.experimental.build_raw_supervised_input_receiver_fn(features, receivers["labels"])()


def serving():
    spec = {"x": tf.VarLenFeature(tf.int64), "y": tf.VarLenFeature(tf.int64)}
    return export.build_parsing_serving_input_receiver_fn(spec)()


def receivers(modes):
    return {mode: serving if mode == ModeKeys.PREDICT else supervised for mode in modes}


def outputs():
    return {"test": export.ClassificationOutput(tf.constant([3.0]), tf.constant(["wumpus"]))}


def counting(mode, **parts):
    given = {"predictions": tf.constant(10.0), "loss": tf.constant(1.0), "export_outputs": outputs()}
    return EstimatorSpec(mode, train_op=tf.assign_add(tf.train.get_global_step(), 1), **{**given, **parts})


def weight_model(features, labels, mode):
    tf.Variable(1.0, name="weight")
    return counting(mode)


def x_y_model(features, labels, mode):
    """Has other operations and variables in each mode; `name_collision` begins with another value for prediction."""
    tf.Variable(1.0, name="weight")
    if mode == ModeKeys.PREDICT:
        tf.Variable(36.0, name="name_collision")
        return EstimatorSpec(mode, predictions=tf.constant(10.0), export_outputs=outputs())
    prefix = "eval_" if mode == ModeKeys.EVAL else ""
    multiplied = tf.multiply(features["x"], features["y"], name=f"{prefix}multiplied")
    metrics = {"mean": tf.metrics.mean(features["x"] - features["y"], name=f"{prefix}mean")}
    tf.Variable(1.0, name="later_var")
    tf.Variable(3.0, name="name_collision")
    return counting(mode, predictions=multiplied, eval_metric_ops=metrics, export_outputs=None)


def loaded(directory, mode, read=lambda session, graph, message: None):
    """The names of the operations of an exported graph, and what is read in its session."""
    with tf.Graph().as_default() as graph, tf.Session() as session:
        message = tf.saved_model.loader.load(session, TAGS[mode], directory)
        return {op.name for op in graph.get_operations()}, read(session, graph, message)


def assert_files(directory):
    found = {str(path.relative_to(os.fsdecode(directory))) for path in Path(os.fsdecode(directory)).rglob("*")}
    assert found >= {"saved_model.pb", "variables", "variables/variables.index",
                     "variables/variables.data-00000-of-00001"}  # fmt: skip


@pytest.fixture
def trained(tmp_path):
    return lambda model_fn, input_fn=x_y_input: Estimator(model_fn, tmp_path / "model").train(input_fn, steps=1)


@pytest.mark.parametrize("mode", ALL_MODES)
def test_each_mode_can_be_exported(trained, tmp_path, mode):
    model = trained(weight_model)
    directory = model.export_saved_model(tmp_path / "export", receivers([mode])[mode], experimental_mode=mode)
    assert_files(directory)
    names, _ = loaded(directory, mode)
    assert "weight" in names
    assert "weight_1" not in names
    if mode == ModeKeys.PREDICT:
        assert "input_example_tensor" in names


@pytest.mark.parametrize(
    "modes",
    [[ModeKeys.PREDICT], [ModeKeys.TRAIN], [ModeKeys.EVAL], [ModeKeys.TRAIN, ModeKeys.EVAL], ALL_MODES],
    ids="-".join,
)
def test_the_graph_of_a_mode_has_its_operations_alone(trained, tmp_path, modes):
    model = trained(x_y_model)
    directory = model.experimental_export_all_saved_models(tmp_path / "export", receivers(modes))
    assert_files(directory)
    # What each mode has of all that the others have.
    own = {
        ModeKeys.TRAIN: {"multiplied", "mean/update_op", "feature_x", "feature_y", "later_var"},
        ModeKeys.EVAL: {"eval_multiplied", "eval_mean/value", "feature_x", "feature_y", "later_var"},
        ModeKeys.PREDICT: {"input_example_tensor"},
    }
    for mode in modes:
        names, _ = loaded(directory, mode)
        assert own[mode] <= names
        assert not (set().union(*own.values()) - own[mode]) & names
        assert {"weight", "global_step", "name_collision"} <= names
        assert "name_collision_1" not in names


@pytest.mark.parametrize("mode", [ModeKeys.TRAIN, ModeKeys.PREDICT])
def test_values_are_those_of_the_checkpoint_in_each_graph(trained, tmp_path, mode):
    modes = [ModeKeys.TRAIN, ModeKeys.PREDICT]
    directory = trained(x_y_model).experimental_export_all_saved_models(tmp_path / "export", receivers(modes))
    _, value = loaded(directory, mode, lambda session, graph, message: session.run("name_collision:0"))
    assert value == 3.0


def test_a_variable_that_was_never_trained_cannot_be_exported(trained, tmp_path):
    def model_fn(features, labels, mode):
        tf.Variable(1.0, name="only_in_predict" if mode == ModeKeys.PREDICT else "otherwise")
        return counting(mode)

    with pytest.raises(ValueError, match=r"(?s)Could not load all requested variables.*infer"):
        trained(model_fn).experimental_export_all_saved_models(tmp_path / "export", receivers(ALL_MODES))


def test_updates_of_metrics_may_be_operations(trained, tmp_path):
    def model_fn(features, labels, mode):
        return counting(mode, eval_metric_ops={"metrics1": (tf.constant([0]), tf.no_op())})

    directory = trained(model_fn).experimental_export_all_saved_models(tmp_path / "export", {ModeKeys.EVAL: supervised})
    _, outputs_of = loaded(directory, ModeKeys.EVAL, lambda *given: given[2].signature_def["eval"].outputs)
    assert outputs_of["metrics1/update_op"].name.startswith("metric_op_wrapper")


def test_files_that_the_graph_names_are_exported(trained, tmp_path):
    words = tmp_path / "my_vocab_file"
    words.write_text("emerson\nlake\npalmer\n")

    def with_asset():
        features, tensors, _ = serving()
        name = tf.convert_to_tensor(str(words), tf.string, name="asset_filepath")
        tf.add_to_collection(tf.GraphKeys.ASSET_FILEPATHS, name)
        return export.ServingInputReceiver({**features, "bogus_filename": name}, tensors)

    directory = Path(os.fsdecode(trained(weight_model).export_saved_model(tmp_path / "export", with_asset)))
    assert (directory / "assets" / "my_vocab_file").read_text() == words.read_text()
    names, _ = loaded(directory, ModeKeys.PREDICT)
    assert {"input_example_tensor", "asset_filepath", "weight"} <= names


def test_other_files_are_put_beside(trained, tmp_path):
    extra = tmp_path / "my_extra_file"
    extra.write_text("kermit\npiggy\nralph\n")
    directory = trained(weight_model).export_saved_model(
        tmp_path / "export", serving, assets_extra={"some/sub/directory/my_extra_file": str(extra)}
    )
    copied = Path(os.fsdecode(directory)) / "assets.extra" / "some" / "sub" / "directory" / "my_extra_file"
    assert copied.read_text() == extra.read_text()


def test_features_may_be_a_tensor(trained, tmp_path):
    def model_fn(features, labels, mode):
        found = tf.matmul(features, features, transpose_b=True)
        return counting(mode, predictions=found, export_outputs={"test": export.PredictOutput({"prediction": found})})

    def receiver():
        given = tf.placeholder(tf.float32)
        return export.TensorServingInputReceiver(features=given, receiver_tensors=given)

    model = trained(model_fn, lambda: (tf.constant([[1.0, 2.0, 3.0]]), None))
    names, _ = loaded(model.export_saved_model(tmp_path / "export", receiver), ModeKeys.PREDICT)
    assert any(name.lower() == "matmul" for name in names)


def test_keys_of_features_may_be_numbers(trained, tmp_path):
    def model_fn(features, labels, mode):
        found = tf.maximum(features["string_key"], features[42])
        return counting(mode, predictions=found, export_outputs={"test": export.PredictOutput({"prediction": found})})

    def receiver():
        features = {"string_key": tf.placeholder(tf.float32), 42: tf.placeholder(tf.float32, name="42_placeholder")}
        return export.ServingInputReceiver(features, {"string_key": features["string_key"], "42_key": features[42]})

    model = trained(model_fn, lambda: ({"string_key": tf.constant([1.0]), 42: tf.constant([43.0])}, None))
    directory = model.export_saved_model(tmp_path / "export", receiver)
    names, inputs = loaded(
        directory, ModeKeys.PREDICT, lambda *given: set(given[2].signature_def["serving_default"].inputs)
    )
    assert "42_placeholder" in names
    assert inputs == {"string_key", "42_key"}


@pytest.mark.parametrize(("modes", "values"), [([ModeKeys.PREDICT], {ModeKeys.PREDICT: 12345}),
                                               (ALL_MODES, {ModeKeys.PREDICT: 12345, ModeKeys.TRAIN: 1})])  # fmt: skip
def test_the_local_init_op_of_the_scaffold_runs_when_the_graph_is_loaded(trained, tmp_path, modes, values):
    def model_fn(features, labels, mode):
        number = tf.Variable(1, name="my_int", collections=[tf.GraphKeys.LOCAL_VARIABLES])
        with tf.control_dependencies([tf.local_variables_initializer(), tf.tables_initializer()]):
            given = tf.group(tf.assign(number, 12345))
        local_init_op = given if mode == ModeKeys.PREDICT else None
        return counting(mode, scaffold=tf.train.Scaffold(local_init_op=local_init_op))

    directory = trained(model_fn).experimental_export_all_saved_models(tmp_path / "export", receivers(modes))
    for mode, value in values.items():
        assert loaded(directory, mode, lambda session, graph, message: session.run("my_int:0"))[1] == value


def test_the_model_function_is_called_for_prediction_without_labels(trained, tmp_path):
    seen = []

    def model_fn(features, labels, mode):
        seen[:] = [sorted(features), labels, mode, tf.train.get_global_step() is not None]
        return counting(mode)

    def receiver():
        return export.ServingInputReceiver({"test-features": tf.constant([[1], [1]])}, tf.placeholder(tf.string))

    trained(model_fn).export_saved_model(tmp_path / "export", receiver)
    assert seen == [["test-features"], None, ModeKeys.PREDICT, True]


def test_without_outputs_the_predictions_are_served(trained, tmp_path):
    def model_fn(features, labels, mode):
        tf.Variable(1.0, name="weight")
        return counting(mode, export_outputs=None)

    directory = trained(model_fn).export_saved_model(tmp_path / "export", serving)

    def served(session, graph, message):
        (name,) = message.signature_def
        return name, session.run(message.signature_def[name].outputs["output"].name)

    names, found = loaded(directory, ModeKeys.PREDICT, served)
    assert "weight" in names
    assert found == ("serving_default", np.float32(10.0))


@pytest.mark.parametrize("method", ["export_saved_model", "export_savedmodel"])
def test_both_names_export(trained, tmp_path, method):
    assert_files(getattr(trained(weight_model), method)(tmp_path / "export", serving))
