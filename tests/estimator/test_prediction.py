"""What predict yields, when it begins, and what it refuses."""

from __future__ import annotations

import numpy as np
import pytest

import trackml as tf

X = np.arange(5, dtype=np.float32)


def rows(batch_size=2, values=X):
    return lambda: tf.data.Dataset.from_tensor_slices(values).batch(batch_size)


@pytest.fixture
def trained(slope, slope_input):
    """An Estimator whose `w` is 1.5."""
    return slope().train(slope_input(), steps=1)


def predicting(predictions_of, **spec):
    """A model function that predicts `predictions_of(features)`."""

    def model_fn(features, labels, mode):
        return tf.estimator.EstimatorSpec(mode, predictions=predictions_of(features), **spec)

    return model_fn


def test_each_example_is_a_dict(trained):
    predictions = list(trained.predict(rows()))
    assert [sorted(row) for row in predictions] == [["y"]] * 5
    assert [row["y"] for row in predictions] == [0, 1.5, 3, 4.5, 6]


def test_batches_are_whole_on_demand(trained):
    batches = list(trained.predict(rows(), yield_single_examples=False))
    assert [batch["y"].tolist() for batch in batches] == [[0, 1.5], [3, 4.5], [6]]


def test_keys_choose(slope):
    estimator = slope(predicting(lambda x: {"a": x, "b": 2 * x, "c": 3 * x}))
    assert [sorted(row) for row in estimator.predict(rows(), predict_keys=["a", "c"])] == [["a", "c"]] * 5


def test_one_key_may_be_a_string(slope):
    estimator = slope(predicting(lambda x: {"a": x, "b": 2 * x}))
    assert list(next(estimator.predict(rows(), predict_keys="b"))) == ["b"]


def test_unknown_keys_are_refused(trained):
    with pytest.raises(ValueError, match=r"Expected to run at least one output from .*'y'.*, provided \['nope'\]"):
        next(trained.predict(rows(), predict_keys=["nope"]))


def test_keys_need_a_dict(slope):
    with pytest.raises(ValueError, match="predict_keys argument is not valid in case of non-dict predictions"):
        next(slope(predicting(lambda x: x)).predict(rows(), predict_keys=["a"]))


def test_predictions_may_be_one_tensor(slope):
    estimator = slope(predicting(lambda x: tf.stack([x, x], axis=1)))
    predictions = list(estimator.predict(rows()))
    assert [row.tolist() for row in predictions] == [[x, x] for x in X]


def test_predictions_of_unequal_length_are_refused_row_by_row(slope):
    estimator = slope(predicting(lambda x: {"rows": x, "total": tf.reduce_sum(x, keepdims=True)}))
    with pytest.raises(ValueError, match="Batch length of predictions should be same"):
        list(estimator.predict(rows()))
    assert len(list(estimator.predict(rows(), yield_single_examples=False))) == 3


def test_labels_are_dropped(trained):
    def input_fn():
        return tf.data.Dataset.from_tensor_slices((X, X)).batch(2)

    assert len(list(trained.predict(input_fn))) == 5


def test_labels_are_none_for_the_model_function(slope):
    seen = []

    def model_fn(features, labels, mode):
        seen.append((labels, mode))
        return tf.estimator.EstimatorSpec(mode, predictions={"y": features})

    list(slope(model_fn).predict(rows()))
    assert seen == [(None, tf.estimator.ModeKeys.PREDICT)]


def test_nothing_is_built_before_the_first_prediction_is_wanted(slope, slope_input):
    estimator = slope()
    predictions = estimator.predict(rows())
    estimator.train(slope_input(), steps=1)
    assert [row["y"] for row in predictions] == [0, 1.5, 3, 4.5, 6]


def test_without_a_checkpoint_initial_values_predict(slope, log_lines, model_dir):
    assert [row["y"] for row in slope().predict(rows())] == [0] * 5
    wanted = f"INFO:Could not find trained model in model_dir: {model_dir}, running initialization to predict."
    assert wanted in log_lines


def test_another_checkpoint_may_be_named(trained, model_dir):
    predictions = trained.predict(rows(), checkpoint_path=str(model_dir / "model.ckpt-0"))
    assert [row["y"] for row in predictions] == [0] * 5


def test_input_without_an_end_is_warned_of(trained, log_lines):
    predictions = trained.predict(lambda: X)
    assert [next(predictions)["y"] for _ in range(7)] == [0, 1.5, 3, 4.5, 6, 0, 1.5]
    predictions.close()
    assert (
        "WARNING:Input graph does not use tf.data.Dataset or contain a QueueRunner. "
        "That means predict yields forever. This is probably a mistake."
    ) in log_lines


def test_input_with_an_end_is_not_warned_of(trained, log_lines):
    list(trained.predict(rows()))
    assert not [line for line in log_lines if line.startswith("WARNING")]


def test_two_predictions_may_take_turns(trained):
    turns = zip(trained.predict(rows()), trained.predict(rows(values=-X)))
    assert [(one["y"], other["y"]) for one, other in turns] == [(y, -y) for y in (0, 1.5, 3, 4.5, 6)]


def test_the_callers_graph_stays_the_default_one_in_between(trained):
    with tf.Graph().as_default() as graph:
        for _ in trained.predict(rows()):
            assert tf.get_default_graph() is graph
        assert graph.get_operations() == []


class Hook(tf.train.SessionRunHook):
    """Notes that it was ended, and in which graph."""

    ended = None

    def end(self, session):
        self.ended = tf.get_default_graph() is session.graph


def test_hooks_end_with_the_input_in_the_graph_of_the_session(slope):
    own, given = Hook(), Hook()
    list(slope(predicting(lambda x: x, prediction_hooks=[own])).predict(rows(), hooks=[given]))
    assert (own.ended, given.ended) == (True, True)


def test_hooks_do_not_end_where_the_caller_stops(trained):
    hook = Hook()
    predictions = trained.predict(rows(), hooks=[hook])
    next(predictions)
    predictions.close()
    assert hook.ended is None


def test_predicting_writes_nothing(slope, model_dir):
    list(slope().predict(rows()))
    assert not model_dir.exists()
