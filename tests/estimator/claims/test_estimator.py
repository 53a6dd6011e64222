"""Estimators with a model function of one's own: estimator_test.py."""

from __future__ import annotations

import functools
import inspect
import os
from pathlib import Path

import numpy as np
import pytest

import trackml as tf
from trackml.estimator import Estimator, EstimatorSpec, ModeKeys, RunConfig
from trackml.events import summary_iterator
from trackml.events.manifest import is_manifest
from trackml.summary import FileWriterCache


def dummy_input():
    return {"x": tf.constant([[1], [1]])}, tf.constant([[1], [1]])


def counting(mode, **parts):
    """A specification whose training counts steps."""
    given = {"loss": tf.constant(1.0), "predictions": tf.constant([[10.0]])}
    return EstimatorSpec(mode, train_op=tf.assign_add(tf.train.get_global_step(), 1), **{**given, **parts})


def counting_model(features, labels, mode):
    return counting(mode)


def model_with(**parts):
    """A model function whose specification has parts of its own, made in its graph: {name: function}."""

    def model_fn(features, labels, mode):
        return counting(mode, **{name: make() for name, make in parts.items()})

    return model_fn


@pytest.fixture
def trained(tmp_path):
    """Makes an Estimator in a directory of its own and trains it for a step."""

    def made(model_fn=counting_model, steps=1, **settings):
        return Estimator(model_fn, tmp_path / "model", **settings).train(dummy_input, steps=steps)

    return made


class Calls(tf.train.SessionRunHook):
    """Counts what is called."""

    def __init__(self):
        self.begun = self.before = self.after = 0

    def begin(self):
        self.begun += 1

    def before_run(self, run_context):
        self.before += 1

    def after_run(self, run_context, run_values):
        self.after += 1


def values_in(directory, part_of_tag):
    FileWriterCache.clear()
    paths = [path for path in sorted(directory.glob("events*")) if not is_manifest(path.name)]
    return {value.tag: value for path in paths for event in summary_iterator(path) for value in event.summary.value
            if part_of_tag in value.tag}  # fmt: skip


# The constructor.


def only_features(features):
    """Never called."""


def with_params(features, labels, params):
    """Never called."""


def test_classes_of_ones_own_may_have_more_methods(tmp_path):
    class Extended(Estimator):
        def __init__(self):
            super().__init__(only_features, tmp_path)

        def predict_proba(self):
            return "proba"

    assert Extended().predict_proba() == "proba"


def test_settings_and_params_can_be_read():
    class OwnConfig(RunConfig):
        pass

    params = {"hidden_layers": [3, 4]}
    model = Estimator(with_params, "bla", OwnConfig(), params)
    assert isinstance(model.config, OwnConfig)
    assert (model.params, model.model_dir, model.config.model_dir) == (params, "bla", "bla")


@pytest.mark.parametrize("given", [None, ""])
def test_without_a_directory_there_is_a_temporary_one(tmp_path, monkeypatch, given):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    model = Estimator(only_features, given)
    assert os.path.dirname(model.model_dir) == str(tmp_path)
    assert model.config.model_dir == model.model_dir
    assert isinstance(model.config, RunConfig)


@pytest.mark.parametrize("settings", [("a", None), (None, "a"), ("a", "a")])
def test_a_directory_is_given_here_or_there(settings):
    here, there = settings
    model = Estimator(only_features, here, RunConfig(there))
    assert (model.model_dir, model.config.model_dir) == ("a", "a")


def of_x(x, labels):
    """Never called."""


def of_something(features, labels, something):
    """Never called."""


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"model_fn": None, "config": "NotARunConfig"}, "must be"),
        ({"model_fn": only_features, "config": "NotARunConfig"}, "an instance of `RunConfig`"),
        ({"model_fn": None}, "model_fn must be"),
        ({"model_fn": only_features, "model_dir": "a", "config": RunConfig("b")}, "with different values"),
        ({"model_fn": of_x}, "features"),
        ({"model_fn": only_features, "params": {"hidden_layers": 4}}, "params"),
        ({"model_fn": of_something}, "something"),
    ],
)
def test_constructions_that_are_refused(given, message):
    with pytest.raises(ValueError, match=message):
        Estimator(**given)


class Methods:
    def model_fn(self, features, labels, mode):
        """Never called."""

    def __call__(self, features, labels):
        """Never called."""


@pytest.mark.parametrize(
    "model_fn",
    [
        only_features,
        lambda features, labels: of_something(features, labels, "something"),
        Methods().model_fn,
        Methods(),
    ],
    ids=["function", "lambda", "method", "object"],
)
def test_kinds_of_model_functions(tmp_path, model_fn):
    assert list(inspect.signature(Estimator(model_fn, tmp_path).model_fn).parameters) == [
        "features", "labels", "mode", "config"
    ]  # fmt: skip


def test_params_are_copied(tmp_path):
    params = {"hidden_layers": 4}
    model = Estimator(with_params, tmp_path, params=params)
    params["hidden_layers"] = 5
    assert model.params == {"hidden_layers": 4}


# Arguments of model and input functions.

PARAMS, CONFIG = {"batch_size": 10}, RunConfig(tf_random_seed=4321)


def any_model(features, labels, mode, params, config):
    return counting(mode)


def run(model, mode, input_fn):
    if mode == ModeKeys.TRAIN:
        return model.train(input_fn, steps=1)
    return model.evaluate(input_fn, steps=1) if mode == ModeKeys.EVAL else next(model.predict(input_fn))


MODES = [ModeKeys.TRAIN, ModeKeys.EVAL, ModeKeys.PREDICT]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("kind", ["function", "object"])
def test_input_functions_get_mode_params_and_config(trained, mode, kind):
    seen = []

    def input_fn(mode, params, config):
        seen.append((mode, params, config.tf_random_seed))
        return dummy_input()

    class Input:
        def __call__(self, mode, params, config):
            return input_fn(mode, params, config)

    model = trained(any_model, params=PARAMS, config=CONFIG)
    run(model, mode, input_fn if kind == "function" else Input())
    assert seen == [(mode, PARAMS, 4321)]


@pytest.mark.parametrize("mode", MODES)
def test_model_functions_get_features_labels_and_mode(trained, mode):
    seen = []

    def model_fn(features, labels, mode):
        seen[:] = [features, labels, mode, tf.train.get_global_step() is not None, tf.get_default_graph().seed]
        return counting(mode)

    def input_fn():
        return {"test-features": tf.constant([[1], [1]])}, {"test-labels": tf.constant([[1], [1]])}

    run(trained(model_fn), mode, input_fn)
    labels = None if mode == ModeKeys.PREDICT else ["test-labels"]
    assert [list(seen[0]), seen[1] and list(seen[1]), *seen[2:]] == [["test-features"], labels, mode, True, None]


def test_the_seed_is_the_graphs(trained):
    seeds = []

    def model_fn(features, mode, labels):
        seeds.append(tf.get_default_graph().seed)
        return counting(mode)

    trained(model_fn, config=CONFIG)
    assert seeds == [4321]


def test_a_model_function_has_the_arguments_that_it_likes(tmp_path):
    seen = []

    def model_fn(bar, mode, params, features, labels, config, foo):
        seen.append((mode, params, sorted(features), labels.shape.as_list(), config.tf_random_seed, foo, bar))
        return counting(mode)

    bound = functools.partial(model_fn, foo=45.0, bar=46.0)
    Estimator(bound, tmp_path, CONFIG, {"some": "value"}).train(lambda: ({"x": 42.0, "y": 43.0}, 44.0), steps=1)
    assert seen == [("train", {"some": "value"}, ["x", "y"], [], 4321, 45.0, 46.0)]


def test_features_alone_are_enough(tmp_path):
    def model_fn(features):
        assert sorted(features) == ["x", "y"]
        return counting(ModeKeys.TRAIN)

    model = Estimator(model_fn, tmp_path).train(lambda: {"x": 4, "y": 5}, steps=1)
    assert model.get_variable_value("global_step") == 1


def test_features_may_be_nested(tmp_path):
    def input_fn():
        features = tf.data.Dataset.from_tensor_slices((np.zeros([4]), np.zeros([4, 100], np.int32)))
        labels = tf.data.Dataset.from_tensor_slices(np.zeros([4, 10]))
        return tf.data.Dataset.zip((features, labels)).repeat(-1)

    model = Estimator(counting_model, tmp_path).train(input_fn, steps=4)
    assert model.get_variable_value("global_step") == 4


@pytest.mark.parametrize(
    ("model_fn", "input_fn", "message"),
    [
        (lambda features: counting("train"), lambda: ({"x": 4, "y": 5}, [4]), "model_fn does not take labels"),
        (only_features, lambda: (4, 5, 6), "len 2 tuple"),
        (lambda features, labels: "NotGoodNotGood", dummy_input, "EstimatorSpec"),
    ],
)
def test_functions_that_do_not_fit(tmp_path, model_fn, input_fn, message):
    with pytest.raises(ValueError, match=message):
        Estimator(model_fn, tmp_path).train(input_fn, steps=1)


# Training.


@pytest.mark.parametrize(
    ("calls", "step"),
    [([{"steps": 5}], 5), ([{"steps": 5}, {"steps": 5}], 10), ([{"max_steps": 5}, {"max_steps": 5}], 5)],
)
def test_steps_are_added_and_max_steps_are_not(tmp_path, calls, step):
    model = Estimator(counting_model, tmp_path)
    assert model.latest_checkpoint() is None
    for call in calls:
        model.train(dummy_input, **call)
    assert model.get_variable_value("global_step") == step
    assert model.latest_checkpoint() == f"{tmp_path}/model.ckpt-{step}"


def test_a_directory_may_move(tmp_path):
    Estimator(counting_model, tmp_path / "a").train(dummy_input, steps=5)
    FileWriterCache.clear()
    text = (tmp_path / "a" / "checkpoint").read_text().splitlines()
    assert text[0] == 'model_checkpoint_path: "model.ckpt-5"'
    assert [line for line in text if line.startswith("all_")] == [
        f'all_model_checkpoint_paths: "model.ckpt-{step}"' for step in (0, 5)
    ]
    (tmp_path / "a").rename(tmp_path / "b")
    model = Estimator(counting_model, tmp_path / "b").train(dummy_input, steps=5)
    assert model.get_variable_value("global_step") == 10


def test_the_loss_is_summarised(trained):
    model = trained(config=RunConfig(save_summary_steps=1))
    assert values_in(Path(model.model_dir), "loss")["loss"].simple_value == 1.0


class Listener(tf.train.CheckpointSaverListener):
    """Counts its calls."""

    def __init__(self):
        self.calls = []

    def before_save(self, session, global_step_value):
        self.calls.append(f"before {global_step_value}")

    def after_save(self, session, global_step_value):
        self.calls.append(f"after {global_step_value}")


def test_listeners_are_called_around_each_checkpoint(tmp_path):
    listener = Listener()
    model = Estimator(counting_model, tmp_path, RunConfig(save_checkpoints_steps=10))
    model.train(dummy_input, steps=26, saving_listeners=[listener])
    assert listener.calls == [f"{when} {step}" for step in (0, 10, 20, 26) for when in ("before", "after")]


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        ({"steps": 0}, ValueError, "Must specify steps > 0"),
        ({"steps": -1}, ValueError, "Must specify steps > 0"),
        ({"max_steps": 0}, ValueError, "Must specify max_steps > 0"),
        ({"max_steps": -1}, ValueError, "Must specify max_steps > 0"),
        ({"steps": 1, "hooks": ["NotAHook"]}, TypeError, "must be `SessionRunHook`"),
        ({"steps": 1, "saving_listeners": ["no"]}, TypeError, "must be a list of CheckpointSaverListener"),
        ({"steps": 1, "saving_listeners": [Listener()]}, ValueError, "CheckpointSaverHook to use saving_listeners"),
    ],
)
def test_trainings_that_are_refused(tmp_path, given, error, message):
    config = RunConfig(save_checkpoints_steps=None, save_checkpoints_secs=None)
    with pytest.raises(error, match=message):
        Estimator(counting_model, tmp_path, config).train(dummy_input, **given)


def test_the_scaffold_and_the_hooks_of_a_specification_are_used(trained):
    called, hook, chief_hook = [], Calls(), Calls()
    trained(model_with(
        scaffold=lambda: tf.train.Scaffold(init_fn=lambda scaffold, session: called.append(True)),
        training_hooks=lambda: [hook], training_chief_hooks=lambda: [chief_hook],
    ))  # fmt: skip
    assert (called, hook.begun, chief_hook.begun) == ([True], 1, 1)


def test_hooks_are_called_before_the_one_that_finds_nan(tmp_path):
    hook = Calls()

    def model_fn(features, labels, mode):
        step = tf.assign_add(tf.train.get_global_step(), 1)
        loss = tf.cond(step > 1, lambda: tf.constant(np.nan), lambda: tf.constant(1.0))
        return EstimatorSpec(mode, loss=loss, train_op=step)

    with pytest.raises(tf.estimator.NanLossDuringTrainingError):
        Estimator(model_fn, tmp_path).train(lambda: ({}, None), steps=2, hooks=[hook])
    assert hook.after == 2


def test_a_variable_of_another_shape_is_explained(tmp_path):
    def model_of(value):
        def model_fn(features, labels, mode):
            tf.Variable(value, name="weight")
            return counting(mode)

        return Estimator(model_fn, tmp_path)

    model_of(1).train(dummy_input, steps=5)
    with pytest.raises(
        tf.errors.InvalidArgumentError, match=r"(?s)Restoring from checkpoint failed.*a mismatch between"
    ):
        model_of([1]).train(dummy_input, steps=1)


# Variables.


def test_variables_can_be_read(tmp_path):
    def model_fn(features, labels, mode):
        tf.Variable(1.0, name="one")
        tf.Variable(3.0, name="three")
        return counting(mode)

    model = Estimator(model_fn, tmp_path)
    for read in (model.get_variable_names, lambda: model.get_variable_value("one")):
        with pytest.raises(ValueError, match="not find trained model"):
            read()
    model.train(dummy_input, steps=1)
    assert set(model.get_variable_names()) == {"one", "three", "global_step"}
    assert (model.get_variable_value("one"), model.get_variable_value("three")) == (1.0, 3.0)


# Warm starts of x, which the model begins with another value.


def model_of_x(value):
    def model_fn(features, labels, mode):
        x = tf.get_variable("x", initializer=tf.constant([[value]]))
        outputs = {"test": tf.estimator.export.ClassificationOutput(tf.constant([4.2]), tf.constant(["label"]))}
        metrics = {"mean": tf.metrics.mean(x + 1)} if mode == ModeKeys.EVAL else None
        return counting(mode, predictions=x + 1.0, eval_metric_ops=metrics, export_outputs=outputs)

    return model_fn


def serving_input():
    spec = {"x": tf.VarLenFeature(tf.int64), "y": tf.VarLenFeature(tf.int64)}
    return tf.estimator.export.build_parsing_serving_input_receiver_fn(spec)


@pytest.fixture(params=["directory", "export"])
def earlier(request, tmp_path):
    """Where x is 42: the directory of a model, or what it exported."""
    model = Estimator(model_of_x(42.0), tmp_path / "earlier").train(dummy_input, steps=10)
    if request.param == "directory":
        return model.model_dir
    return model.export_saved_model(tmp_path / "exported", serving_input())


def test_training_begins_warm(tmp_path, earlier):
    model = Estimator(model_of_x(36.0), tmp_path / "later", warm_start_from=earlier).train(dummy_input, steps=5)
    assert (model.get_variable_value("x"), model.get_variable_value("global_step")) == (42.0, 5)


def test_evaluation_and_prediction_without_a_checkpoint_begin_warm(tmp_path, earlier):
    model = Estimator(model_of_x(52.0), tmp_path / "later", warm_start_from=earlier)
    assert model.evaluate(dummy_input, steps=1)["mean"] == 43.0
    assert next(model.predict(dummy_input)) == 43.0


def test_an_export_without_a_checkpoint_begins_warm(tmp_path):
    first = Estimator(model_of_x(42.0), tmp_path / "earlier").train(dummy_input, steps=10)
    model = Estimator(model_of_x(36.0), tmp_path / "later", warm_start_from=first.model_dir)
    exported = model.export_saved_model(tmp_path / "exported", serving_input())
    assert tf.train.load_variable(os.path.join(os.fsdecode(exported), "variables", "variables"), "x") == 42.0


# Datasets.


@pytest.mark.parametrize(("data", "loss"), [(([1.0], [2.0]), 3.0), ([7.0], 7.0)], ids=["labels", "none"])
def test_datasets_give_features_with_labels_or_without(tmp_path, data, loss):
    def model_fn(features, labels, mode):
        return counting(mode, loss=features if labels is None else features + labels)

    def input_fn():
        return tf.data.Dataset.from_tensors(data)

    model = Estimator(model_fn, tmp_path).train(input_fn, steps=1)
    assert model.evaluate(input_fn, steps=1)["loss"] == loss


def test_batches_until_the_input_ends(tmp_path):
    def model_fn(features, labels, mode):
        return counting(mode, predictions=features, loss=features if labels is None else features + labels)

    def input_fn():
        return tf.data.Dataset.from_tensor_slices(([[1.0], [2.0]], [[10.0], [20.0]])).batch(1)

    model = Estimator(model_fn, tmp_path).train(input_fn)
    assert model.evaluate(input_fn)["loss"] == 16.5  # of 11 and 22
    assert list(model.predict(input_fn)) == [1.0, 2.0]


# Evaluation.


def test_the_directory_of_an_evaluation():
    model = Estimator(only_features, "some_path")
    assert (model.eval_dir(), model.eval_dir("a_name")) == ("some_path/eval", "some_path/eval_a_name")


def metric_of(value):
    """A metric that is a number; its update is any operation."""
    update = tf.no_op()
    with tf.control_dependencies([update]):
        return tf.constant(value), update


def test_scores_and_the_step_are_reported(trained):
    model = trained(model_with(eval_metric_ops=lambda: {"metric": metric_of(2.0), "metric2": metric_of(3.0)}), steps=5)
    assert model.evaluate(dummy_input, steps=1) == {"loss": 1.0, "metric": 2.0, "metric2": 3.0, "global_step": 5}


def test_the_loss_is_the_mean_over_batches(trained):
    def grown():
        weight = tf.Variable(0.0, name="local_weight", collections=[tf.GraphKeys.LOCAL_VARIABLES])
        return 2 * tf.assign_add(weight, 1.0)

    assert trained(model_with(loss=grown)).evaluate(dummy_input, steps=5)["loss"] == 6.0  # of 2, 4, 6, 8, 10


def test_metrics_may_be_nested(trained):
    def metrics():
        nested = ((tf.constant(2.0), tf.constant(1)), tf.constant(3.0, tf.float64))
        return {"nested_metric": (nested, tf.no_op())}

    found = trained(model_with(eval_metric_ops=metrics)).evaluate(dummy_input, steps=1)
    assert found["nested_metric"] == ((2.0, 1), 3.0)


def test_evaluation_without_a_checkpoint_is_of_initial_values(tmp_path):
    model_fn = model_with(eval_metric_ops=lambda: {"mean": tf.metrics.mean(tf.Variable(2.0) + 1)})
    assert Estimator(model_fn, tmp_path).evaluate(dummy_input, steps=1)["mean"] == 3.0


def test_evaluation_of_another_models_checkpoint(tmp_path, trained):
    path = trained(steps=5).latest_checkpoint()
    found = Estimator(counting_model, tmp_path / "other").evaluate(dummy_input, steps=1, checkpoint_path=path)
    assert found["global_step"] == 5


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        ({"steps": 0}, ValueError, "Must specify steps > 0"),
        ({"steps": -1}, ValueError, "Must specify steps > 0"),
        ({"steps": 5, "hooks": ["NotAHook"]}, TypeError, "must be `SessionRunHook`"),
    ],
)
def test_evaluations_that_are_refused(trained, given, error, message):
    with pytest.raises(error, match=message):
        trained().evaluate(dummy_input, **given)


def test_no_metric_is_named_as_the_step_is(trained):
    model = trained(model_with(eval_metric_ops=lambda: {"global_step": metric_of(2.0)}))
    with pytest.raises(ValueError, match=r'Metric with name [`"]global_step[`"] is not allowed'):
        model.evaluate(dummy_input, steps=1)


def test_a_model_function_must_return_a_specification_to_evaluate(trained):
    model = trained(lambda features, labels, mode: "NotGood" if mode == ModeKeys.EVAL else counting(mode))
    with pytest.raises(ValueError, match="model_fn should return an EstimatorSpec"):
        model.evaluate(dummy_input, steps=1)


def test_hooks_of_evaluation(trained):
    given, own = Calls(), Calls()
    model = trained(model_with(evaluation_hooks=lambda: [own]))
    assert own.begun == 0
    model.evaluate(dummy_input, steps=5, hooks=[given])
    assert (given.before, own.before, own.begun) == (5, 5, 1)


def test_summaries_that_are_metrics_are_written(tmp_path, trained):
    def metrics():
        return {"foo": (tf.summary.image("image", tf.zeros([5, 3, 3, 1]), max_outputs=3), tf.constant(1))}

    model = trained(model_with(eval_metric_ops=metrics))
    model.evaluate(dummy_input, steps=2)
    directory = tmp_path / "model" / "eval"
    assert sorted(values_in(directory, "foo")) == ["foo/0", "foo/1", "foo/2"]
    (path,) = values_in(directory, "checkpoint_path")["checkpoint_path"].tensor.string_val
    assert path.decode() == model.latest_checkpoint()


def test_arrays_that_are_metrics_are_written_as_tensors(tmp_path, trained):
    model = trained(model_with(eval_metric_ops=lambda: {"PMT": tf.metrics.mean_tensor(tf.constant([1.0, 0.5, 0.0]))}))
    model.evaluate(dummy_input, steps=10)
    assert values_in(tmp_path / "model" / "eval", "PMT")["PMT"].HasField("tensor")


# Prediction.


def test_prediction_without_a_checkpoint_is_of_initial_values(tmp_path):
    model_fn = model_with(predictions=lambda: tf.Variable([[3.0]], name="x") + 1.0)
    assert next(Estimator(model_fn, tmp_path).predict(dummy_input)) == 4.0


def test_a_checkpoint_that_is_none_is_refused(tmp_path):
    with pytest.raises(ValueError, match="not a checkpoint"):
        next(Estimator(counting_model, tmp_path).predict(dummy_input, checkpoint_path="fakedir"))


PREDICTIONS = {
    "rows of a tensor": (lambda: tf.constant([[10.0], [12.0]]), {}, [10.0, 12.0, 10.0]),
    "rows of a dict": (
        lambda: {"y1": tf.constant([[10.0], [12.0]]), "y2": tf.constant([[0.0], [2.0]])},
        {},
        [{"y1": [10.0], "y2": [0.0]}, {"y1": [12.0], "y2": [2.0]}],
    ),
    "some keys": (
        lambda: {"y1": tf.constant([[10.0]]), "y2": tf.constant([[12.0]])}, {"predict_keys": ["y1"]}, [{"y1": [10.0]}]
    ),
}  # fmt: skip


@pytest.mark.parametrize("claim", PREDICTIONS)
def test_predictions_come_row_by_row(trained, claim):
    make, settings, expected = PREDICTIONS[claim]
    found = trained(model_with(predictions=make)).predict(dummy_input, **settings)
    assert [next(found) for _ in expected] == expected


def test_batches_may_differ_in_their_rows(trained):
    model = trained(model_with(predictions=lambda: {"y1": tf.zeros([3]), "y2": tf.zeros([5, 3])}))
    found = next(model.predict(dummy_input, yield_single_examples=False))
    assert (found["y1"].shape, found["y2"].shape) == ((3,), (5, 3))


TWO = {"y1": lambda: tf.constant([[10.0]]), "y2": lambda: tf.constant([[12.0], [13.0]])}


@pytest.mark.parametrize(
    ("make", "settings", "error", "message"),
    [
        (lambda: {key: value() for key, value in TWO.items()}, {}, ValueError,
         "Batch length of predictions should be same"),
        (lambda: tf.constant([[10.0]]), {"predict_keys": ["y"]}, ValueError,
         "predict_keys argument is not valid in case of non-dict predictions"),
        (lambda: {"y1": tf.constant([[10.0]])}, {"predict_keys": ["y3"]}, ValueError,
         "Expected to run at least one output from"),
        (lambda: tf.constant([[10.0]]), {"hooks": ["NotAHook"]}, TypeError, "must be `SessionRunHook`"),
    ],
)  # fmt: skip
def test_predictions_that_are_refused(trained, make, settings, error, message):
    model = trained(model_with(predictions=make))
    with pytest.raises(error, match=message):
        next(model.predict(dummy_input, **settings))


def test_hooks_of_prediction_are_called_for_each_batch(trained):
    given, own = Calls(), Calls()
    model = trained(model_with(predictions=lambda: tf.constant([[10.0], [12.0]]), prediction_hooks=lambda: [own]))
    found = model.predict(dummy_input, hooks=[given])
    calls = [given.before]
    for _ in range(3):
        next(found)
        calls.append(given.before)
    assert (calls, own.begun) == ([0, 1, 1, 2], 1)


@pytest.mark.parametrize("kind", ["tensors", "a dataset's element", "a dict of one"])
def test_prediction_without_an_end_is_warned_of(trained, log_lines, kind):
    def element():
        return tf.data.Dataset.from_tensors([1]).make_one_shot_iterator().get_next()

    input_fn = {"tensors": dummy_input, "a dataset's element": element, "a dict of one": lambda: {"age": element()}}[
        kind
    ]
    next(trained().predict(input_fn))
    assert any("contain a QueueRunner" in line for line in log_lines) == (kind == "tensors")


def test_features_alone_can_be_predicted_for(trained):
    assert next(trained().predict(lambda: {"x": tf.constant([[0.0]])})) == [10.0]


@pytest.mark.parametrize("explicitly", [False, True])
def test_predictions_of_a_directory_that_another_estimator_trained_in(tmp_path, explicitly):
    model_fn = model_with(predictions=lambda: tf.Variable([[16.0]], name="weight") * 2)
    Estimator(model_fn, tmp_path).train(dummy_input, steps=1)
    second = Estimator(model_fn, tmp_path)
    path = second.latest_checkpoint() if explicitly else None
    assert next(second.predict(dummy_input, checkpoint_path=path)) == [32.0]


# A saver of one's own is used in each mode.


class NotingSaver(tf.train.Saver):
    restored = 0

    def restore(self, sess, save_path):
        type(self).restored += 1
        super().restore(sess, save_path)


@pytest.mark.parametrize("mode", [ModeKeys.EVAL, ModeKeys.PREDICT])
def test_the_saver_of_the_scaffold_restores(trained, mode):
    def scaffold():
        tf.Variable(1.0, name="weight")
        return tf.train.Scaffold(saver=NotingSaver())

    model = trained(model_with(scaffold=scaffold))
    NotingSaver.restored = 0
    run(model, mode, dummy_input)
    assert NotingSaver.restored == 1
