"""train_and_evaluate in one process: training_test.py, as far as it is about a local run."""

from __future__ import annotations

import numpy as np
import pytest

import trackml as tf
from trackml.events import summary_iterator
from trackml.summary import FileWriterCache

TrainSpec, EvalSpec = tf.estimator.TrainSpec, tf.estimator.EvalSpec


class Hook(tf.train.SessionRunHook):
    """Counts sessions."""

    def __init__(self):
        self.sessions = 0

    def begin(self):
        self.sessions += 1


class Exporter(tf.estimator.Exporter):
    """Notes its calls."""

    def __init__(self, name="a"):
        self._name = name
        self.calls = []

    @property
    def name(self):
        return self._name

    def export(self, estimator, export_path, checkpoint_path, eval_result, is_the_final_export):
        self.calls.append((int(eval_result["global_step"]), checkpoint_path, is_the_final_export))
        return "path_to_export"


def give_1():
    return 1


# Specifications.


def test_what_is_not_given_of_a_train_spec():
    spec = TrainSpec(give_1)
    assert (spec.input_fn(), spec.max_steps, len(spec.hooks)) == (1, None, 0)


def test_what_is_given_of_a_train_spec():
    hooks = [Hook()]
    spec = TrainSpec(give_1, max_steps=2, hooks=hooks)
    assert (spec.input_fn(), spec.max_steps, spec.hooks) == (1, 2, tuple(hooks))


def test_what_is_not_given_of_an_eval_spec():
    spec = EvalSpec(give_1)
    found = (spec.input_fn(), spec.steps, spec.name, spec.hooks, spec.exporters)
    assert found == (1, 100, None, (), ())
    assert (spec.start_delay_secs, spec.throttle_secs) == (120, 600)


def test_what_is_given_of_an_eval_spec():
    hooks, exporter = [Hook()], Exporter()
    spec = EvalSpec(give_1, 2, "name", hooks, exporter, start_delay_secs=3, throttle_secs=4)
    assert tuple(spec)[1:] == (2, "name", tuple(hooks), (exporter,), 3, 4)


def test_several_exporters():
    exporters = [Exporter("a"), Exporter("b")]
    assert EvalSpec(give_1, exporters=exporters).exporters == tuple(exporters)


NO_HOOK = "All hooks must be `SessionRunHook` instances"
NO_EXPORTER = "`exporters` must be an Exporter"
NO_NAME = "An Exporter cannot have a name that is `None` or empty"


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: TrainSpec("invalid"), TypeError, "`input_fn` must be callable"),
        (lambda: TrainSpec(give_1, max_steps=0), ValueError, "Must specify max_steps > 0"),
        (lambda: TrainSpec(give_1, hooks=[object()]), TypeError, NO_HOOK),
        (lambda: EvalSpec("invalid"), TypeError, "`input_fn` must be callable"),
        (lambda: EvalSpec(give_1, steps=0), ValueError, "Must specify steps > 0"),
        (lambda: EvalSpec(give_1, name=123), TypeError, "`name` must be string"),
        (lambda: EvalSpec(give_1, hooks=[object()]), TypeError, NO_HOOK),
        (lambda: EvalSpec(give_1, start_delay_secs=-1), ValueError, "Must specify start_delay_secs >= 0"),
        (lambda: EvalSpec(give_1, throttle_secs=-1), ValueError, "Must specify throttle_secs >= 0"),
        (lambda: EvalSpec(give_1, exporters=[Exporter(), Hook()]), TypeError, NO_EXPORTER),
        (lambda: EvalSpec(give_1, exporters=Hook()), TypeError, NO_EXPORTER),
        (lambda: EvalSpec(give_1, exporters=Exporter(123)), ValueError, "An Exporter must have a string name"),
        (lambda: EvalSpec(give_1, exporters=[Exporter("a"), Exporter("a")]), ValueError, "must have unique names"),
        (lambda: EvalSpec(give_1, exporters=[Exporter("a"), Exporter(None)]), ValueError, NO_NAME),
        (lambda: EvalSpec(give_1, exporters=Exporter(None)), ValueError, NO_NAME),
    ],
)
def test_specifications_that_are_refused(make, error, message):
    with pytest.raises(error, match=message):
        make()


@pytest.mark.parametrize("wrong", ["estimator", "train_spec", "eval_spec"])
@pytest.mark.parametrize("value", [object(), None])
def test_arguments_that_are_refused(estimator, wrong, value):
    given = {"estimator": estimator(), "train_spec": TrainSpec(give_1), "eval_spec": EvalSpec(give_1), wrong: value}
    with pytest.raises(TypeError, match=f"`{wrong}` must have type `tf.estimator"):
        tf.estimator.train_and_evaluate(**given)


# Runs.


def model_fn(features, labels, mode):
    with tf.control_dependencies([features]):
        train_op = tf.assign_add(tf.train.get_global_step(), 1)
    metrics = {"mean_of_features": tf.metrics.mean(features)}
    return tf.estimator.EstimatorSpec(
        mode, loss=tf.constant(0.0), train_op=train_op, predictions=tf.constant([[10.0]]), eval_metric_ops=metrics
    )


def forever():
    return tf.data.Dataset.from_tensors([1]).repeat()


def once():
    return tf.data.Dataset.from_tensors([1])


@pytest.fixture
def estimator(tmp_path):
    return lambda **settings: tf.estimator.Estimator(model_fn, tmp_path, tf.estimator.RunConfig(**settings))


@pytest.mark.parametrize(("max_steps", "steps"), [(22, [10, 20, 22]), (12, [10, 12])])
def test_each_new_checkpoint_is_evaluated_and_the_last_export_is_final(estimator, max_steps, steps):
    exporter, model = Exporter(), estimator(save_checkpoints_steps=10)
    metrics, exports = tf.estimator.train_and_evaluate(
        model, TrainSpec(forever, max_steps), EvalSpec(once, throttle_secs=0, exporters=exporter)
    )
    paths = [f"{model.model_dir}/model.ckpt-{step}" for step in steps]
    assert exporter.calls == list(zip(steps, paths, [False] * (len(steps) - 1) + [True]))
    assert (metrics["global_step"], metrics["mean_of_features"], exports) == (max_steps, 1.0, ["path_to_export"])


def test_the_throttle_leaves_the_last_evaluation(estimator):
    exporter = Exporter()
    spec = EvalSpec(once, steps=2, start_delay_secs=0, throttle_secs=213, exporters=exporter)
    _, exports = tf.estimator.train_and_evaluate(estimator(), TrainSpec(forever, 12), spec)
    assert [(step, final) for step, _, final in exporter.calls] == [(12, True)]
    assert exports == ["path_to_export"]


def test_hooks_of_training_and_evaluation(estimator):
    train_hook, eval_hook = Hook(), Hook()
    metrics, _ = tf.estimator.train_and_evaluate(
        estimator(), TrainSpec(forever, 12, [train_hook]), EvalSpec(once, 2, "local_eval", [eval_hook])
    )
    assert (train_hook.sessions, eval_hook.sessions, metrics["global_step"]) == (1, 1, 12)


def test_there_must_be_checkpoints(estimator):
    model = estimator(save_checkpoints_steps=None, save_checkpoints_secs=None)
    with pytest.raises(ValueError, match="There should be a CheckpointSaverHook"):
        tf.estimator.train_and_evaluate(model, TrainSpec(forever, 300), EvalSpec(once, throttle_secs=100))


class Scoring(tf.estimator.Estimator):
    """An Estimator whose evaluation gives something else."""

    result = None

    def evaluate(self, *args, **settings):
        return self.result


@pytest.mark.parametrize(
    ("result", "error", "message"),
    [
        ({}, ValueError, "`Estimator.evaluate` should never return empty metrics"),
        (123, TypeError, "`Estimator.evaluate` should return dict"),
        ({"loss": 123}, ValueError, "`Estimator.evaluate` result should have `global_step`"),
    ],
)
def test_evaluations_must_give_results(tmp_path, result, error, message):
    model = Scoring(model_fn, tmp_path, tf.estimator.RunConfig(save_checkpoints_steps=2))
    model.result = result
    with pytest.raises(error, match=message):
        tf.estimator.train_and_evaluate(model, TrainSpec(forever, 4), EvalSpec(once, throttle_secs=0))


# The whole way.

CLASSES = 3
DATA = np.linspace(0.0, CLASSES - 1.0, 20, dtype=np.float32)
X, Y = DATA.reshape(10, 2), np.rint(DATA[:10]).astype(np.int64).reshape(10, 1)


def losses_in(directory):
    FileWriterCache.clear()
    paths = sorted(directory.glob("events*.v2")) + sorted(set(directory.glob("events*")) - set(directory.glob("*.v2")))
    return {event.step: value.simple_value for path in paths for event in summary_iterator(path)
            for value in event.summary.value if value.tag == "loss"}  # fmt: skip


def test_a_premade_model_goes_the_whole_way(tmp_path):
    columns = [tf.feature_column.numeric_column("x", (2,))]
    receiver = tf.estimator.export.build_parsing_serving_input_receiver_fn(
        tf.feature_column.make_parse_example_spec(columns)
    )
    config = tf.estimator.RunConfig(save_summary_steps=9)
    model = tf.estimator.DNNClassifier((2, 2), columns, str(tmp_path), CLASSES, config=config)

    def train_input():
        return tf.data.Dataset.from_tensor_slices(({"x": X}, Y)).batch(10).repeat().shuffle(1000)

    def eval_input():
        return tf.data.Dataset.from_tensor_slices(({"x": X}, Y)).batch(10)

    exporter = tf.estimator.LatestExporter("saved_model_exporter", receiver)
    spec = EvalSpec(eval_input, None, "foo", exporters=exporter, throttle_secs=0)
    tf.estimator.train_and_evaluate(model, TrainSpec(train_input, max_steps=10), spec)
    assert losses_in(tmp_path)
    assert list(losses_in(tmp_path / "eval_foo")) == [10]
    assert len(list((tmp_path / "export" / "saved_model_exporter").iterdir())) == 1
    predictions = model.predict(lambda: tf.data.Dataset.from_tensor_slices({"x": X}).batch(10))
    assert np.array([row["probabilities"] for row in predictions]).shape == (10, CLASSES)
