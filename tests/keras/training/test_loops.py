"""Epochs, validations, single batches, and the lines that are printed."""

from __future__ import annotations

import re

import numpy as np
import pytest

import trackml as tf
from trackml import keras

X = np.linspace(-1.0, 1.0, 200).astype(np.float32).reshape(100, 2)
Y = X[:, 0]


def _linear(metrics=("mae",), **kwargs):
    model = keras.Sequential([keras.layers.Dense(1, input_shape=(2,), kernel_initializer="zeros")])
    model.compile("sgd", "mse", metrics=list(metrics), **kwargs)
    return model


def _dataset():
    return tf.data.Dataset.from_tensor_slices((X, Y)).batch(32)


def _forever():
    while True:
        yield X[:10], Y[:10]


def _told(capsys):
    """What stands in the terminal line by line, with times and values left out; steps of the bar are lines, too."""
    out = capsys.readouterr().out.replace("\b", "")
    out = re.sub(r"\d+s \d+(s|ms|us)/", "TIME/", out)
    out = re.sub(r"(ETA: )?\b\d+s\b", "TIME", out)
    out = re.sub(r"\d\.\d{4}(e-\d\d)?", "0", out)
    return [line.rstrip() for line in re.split(r"[\r\n]", out) if line]


LOGS = " - loss: 0 - mean_absolute_error: 0"
FULL = "[==============================]"
# What TensorFlow 1.15 prints, with TIME for times and 0 for values; of a bar, the last state alone.
PRINTED = {
    "arrays": (
        lambda: _linear().fit(X, Y, epochs=2),
        ["Train on 100 samples"]
        + [line for epoch in "12" for line in (f"Epoch {epoch}/2", f"100/100 {FULL} - TIME/sample{LOGS}")],
    ),
    "one epoch, validated": (
        lambda: _linear().fit(X, Y, validation_split=0.2),
        [
            "Train on 80 samples, validate on 20 samples",
            f"80/80 {FULL} - TIME/sample{LOGS} - val_loss: 0 - val_mean_absolute_error: 0",
        ],
    ),
    "a line an epoch": (
        lambda: _linear().fit(X, Y, epochs=2, validation_data=(X[:20], Y[:20]), verbose=2),
        ["Train on 100 samples, validate on 20 samples"]
        + [
            line
            for epoch in "12"
            for line in (
                f"Epoch {epoch}/2",
                f"100/100 - TIME{LOGS} - val_loss: 0 - val_mean_absolute_error: 0",
            )
        ],
    ),
    "silent": (lambda: _linear().fit(X, Y, epochs=2, verbose=0), []),
    "evaluation": (lambda: _linear().evaluate(X, Y), [f"100/100 {FULL} - TIME/sample{LOGS}"]),
    "evaluation in a line": (lambda: _linear().evaluate(X, Y, verbose=2), [f"100/100 - TIME{LOGS}"]),
    "prediction": (lambda: _linear().predict(X, verbose=1), [f"100/100 {FULL} - TIME/sample"]),
    "generator": (
        lambda: _linear().fit_generator(_forever(), steps_per_epoch=5, epochs=2),
        [line for epoch in "12" for line in (f"Epoch {epoch}/2", f"5/5 {FULL} - TIME/step{LOGS}")],
    ),
    "dataset": (
        lambda: _linear().fit(_dataset(), epochs=2, validation_data=_dataset(), verbose=2),
        ["Train on 4 steps, validate on 4 steps"]
        + [
            line
            for epoch in "12"
            for line in (f"Epoch {epoch}/2", f"4/4 - TIME{LOGS} - val_loss: 0 - val_mean_absolute_error: 0")
        ],
    ),
    "dataset without end": (
        lambda: _linear().fit(_dataset().repeat(), epochs=1, steps_per_epoch=3),
        ["Train on 3 steps", f"3/3 {FULL} - TIME/step{LOGS}"],
    ),
    "later epoch": (
        lambda: _linear().fit(X, Y, epochs=3, initial_epoch=2),
        ["Train on 100 samples", "Epoch 3/3", f"100/100 {FULL} - TIME/sample{LOGS}"],
    ),
}


@pytest.mark.parametrize("kind", sorted(PRINTED))
def test_lines_are_those_of_keras(kind, capsys):
    run, expected = PRINTED[kind]
    run()
    told = [line for line in _told(capsys) if ">" not in line]
    assert told == expected


def test_the_bar_moves_on_one_line(capsys):
    _linear().fit(X, Y)
    out = capsys.readouterr().out
    first = out.split("\n")[1].split("\b")[0].lstrip("\r")
    assert re.fullmatch(r" 32/100 \[=+>\.+\] - ETA: \d+s - loss: 0\.\d{4} - mean_absolute_error: 0\.\d{4}", first)
    assert out.count("\n") == 2


def test_a_dataset_whose_length_nobody_knows_is_counted_on(capsys):
    _linear().fit(_dataset().filter(lambda x, y: tf.constant(True)), epochs=2)
    told = [line for line in _told(capsys) if ">" not in line and "ETA" not in line]
    assert told[-1] == f"4/4 {FULL} - TIME/step{LOGS}"
    assert any(line.lstrip().startswith("4/Unknown - TIME/step") for line in told)


def test_epochs_are_validated_when_it_is_asked_for():
    history = _linear().fit(X, Y, epochs=5, validation_split=0.5, validation_freq=2, verbose=0)
    assert (len(history.history["loss"]), len(history.history["val_loss"])) == (5, 2)
    history = _linear().fit(X, Y, epochs=5, validation_split=0.5, validation_freq=[1, 5], verbose=0)
    assert len(history.history["val_loss"]) == 2


def test_a_validation_takes_as_many_steps_as_it_is_told():
    model, weights = _linear(), {"n": 0}

    def counted():
        while True:
            weights["n"] += 1
            yield X[:10], Y[:10]

    model.fit(X, Y, validation_data=counted(), validation_steps=3, verbose=0)
    assert weights["n"] == 3


def test_the_loss_of_an_epoch_is_the_mean_of_its_examples():
    model = _linear()
    model.optimizer.learning_rate = 0.0
    history = model.fit(X, Y, batch_size=32, verbose=0).history
    assert history["loss"][0] == pytest.approx(np.mean(Y**2), rel=1e-5)
    assert history["mean_absolute_error"][0] == pytest.approx(np.mean(np.abs(Y)), rel=1e-5)


def test_training_begins_at_the_initial_epoch_and_stops_when_told():
    class Stop(keras.callbacks.Callback):
        def on_batch_end(self, batch, logs=None):
            if batch == 1:
                self.model.stop_training = True

    assert _linear().fit(X, Y, epochs=5, initial_epoch=3, verbose=0).epoch == [3, 4]
    history = _linear().fit(X, Y, batch_size=10, epochs=5, callbacks=[Stop()], verbose=0)
    assert history.epoch == [0]


def test_data_that_run_out_end_the_training(caplog, capsys):
    model = _linear()
    history = model.fit(iter([(X[:10], Y[:10])] * 3), steps_per_epoch=2, epochs=4, verbose=0)
    assert history.epoch == [0, 1]
    assert "Your input ran out of data" in caplog.text + capsys.readouterr().err


def test_metrics_of_single_batches_begin_anew_or_go_on():
    model = _linear()
    model.optimizer.learning_rate = 0.0
    near, far = (np.full(4, 1.0), np.full(4, 3.0))
    rows = np.zeros([4, 2])
    assert model.train_on_batch(rows, near) == [1.0, 1.0]
    assert model.train_on_batch(rows, far) == [9.0, 3.0]
    assert model.train_on_batch(rows, near, reset_metrics=False) == [1.0, 2.0]
    assert model.test_on_batch(rows, far, return_dict=True) == {"loss": 9.0, "mean_absolute_error": 3.0}
    model.reset_metrics()
    assert model.test_on_batch(rows, far, reset_metrics=False) == [9.0, 3.0]
    assert model.metrics_names == ["loss", "mean_absolute_error"]
    np.testing.assert_array_equal(model.predict_on_batch(rows), np.zeros([4, 1]))


def test_names_of_tensorflow_1_evaluate_and_predict(capsys):
    model = _linear()
    loss, _ = model.evaluate_generator(_forever(), steps=2)
    assert loss == pytest.approx(np.mean(Y[:10] ** 2), rel=1e-5)
    assert model.predict_generator(_forever(), steps=3).shape == (30, 1)
    assert capsys.readouterr().out == ""


def test_compiling_anew_begins_with_another_optimizer():
    model = _linear()
    model.fit(X, Y, verbose=0)
    model.compile("adam", "mae")
    assert model.metrics_names == ["loss"]
    assert len(model.fit(X, Y, verbose=0).history) == 1


def test_what_is_not_compiled_cannot_be_trained():
    model = keras.Sequential([keras.layers.Dense(1, input_shape=(2,))])
    with pytest.raises(RuntimeError, match="You must compile your model"):
        model.fit(X, Y)
    model.compile("sgd")
    with pytest.raises(ValueError, match="no loss to optimize"):
        model.fit(X, Y)
