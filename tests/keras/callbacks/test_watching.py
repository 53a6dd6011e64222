"""Callbacks that look at a value: early stops, rates, checkpoints. Rules and numbers are those of TensorFlow 2.15."""

from __future__ import annotations

import csv

import numpy as np
import pytest

from trackml import keras


@pytest.mark.parametrize(
    ("values", "settings", "epochs"),
    [
        ([3.0, 2.0, 2.0, 2.0, 2.0], {"patience": 2}, 4),
        ([3.0, 2.0, 2.0, 2.0, 2.0], {"patience": 0}, 3),
        ([1.0, 1.0], {"patience": 0}, 2),  # not after the first epoch
        ([3.0, 2.95, 2.9, 2.85], {"min_delta": 0.2, "patience": 2}, 3),
        ([1.0, 2.0, 3.0, 2.9, 2.8], {"mode": "max", "patience": 1}, 4),
        ([3.0, 2.0, 1.9, 1.8, 1.7], {"baseline": 0.5, "patience": 2}, 5),  # it gets better, though not enough
        ([3.0, 4.0, 5.0, 6.0, 7.0], {"start_from_epoch": 2, "patience": 1}, 4),
        ([3.0, None, 4.0], {"patience": 1}, 3),
    ],
)
def test_a_training_stops_when_nothing_gets_better(values, settings, epochs, linear, told):
    stop = keras.callbacks.EarlyStopping("loss", **settings)
    assert told(stop, linear()).epochs(values) == epochs


def test_accuracies_get_better_upwards(linear, told):
    stop = keras.callbacks.EarlyStopping("val_acc", patience=1)
    assert told(stop, linear(), "val_acc").epochs([0.1, 0.2, 0.3, 0.2, 0.1]) == 4


def test_the_best_weights_come_back(linear, capsys):
    model = linear()
    stop = keras.callbacks.EarlyStopping("loss", patience=2, restore_best_weights=True, verbose=1)
    stop.set_model(model)
    stop.on_train_begin()
    for epoch, loss in enumerate([3.0, 1.0, 2.0, 2.5]):
        model.set_weights([np.full([2, 1], epoch, np.float32), np.zeros([1], np.float32)])
        stop.on_epoch_end(epoch, {"loss": loss})
    stop.on_train_end()
    assert model.get_weights()[0].ravel().tolist() == [1.0, 1.0]
    assert (stop.best_epoch, stop.stopped_epoch) == (1, 3)
    out = capsys.readouterr().out
    assert "Restoring model weights from the end of the best epoch: 2." in out
    assert "Epoch 00004: early stopping" in out


def test_a_value_that_is_not_logged_is_warned_of(linear, data, caplog):
    linear().fit(*data, epochs=2, verbose=0, callbacks=[keras.callbacks.EarlyStopping("val_loss")])
    assert (
        "EarlyStopping conditioned on metric `val_loss` which is not available. Available metrics are: loss"
        in caplog.text
    )


@pytest.mark.parametrize(
    ("values", "settings", "rates"),
    [
        ([1.0] * 5, {"patience": 2, "factor": 0.5}, [0.1, 0.1, 0.1, 0.05, 0.05]),
        ([1.0] * 6, {"patience": 1, "factor": 0.5, "cooldown": 2}, [0.1, 0.1, 0.05, 0.05, 0.025, 0.025]),
        ([1.0] * 4, {"patience": 1, "factor": 0.1, "min_lr": 0.02}, [0.1, 0.1, 0.02, 0.02]),
        ([1.0, 0.99995, 0.9], {"patience": 1, "factor": 0.5}, [0.1, 0.1, 0.05]),
        ([1.0, 0.9, 0.8], {"patience": 1, "epsilon": 0.5}, [0.1, 0.1, 0.01]),
    ],
)
def test_a_plateau_lowers_the_rate(values, settings, rates, linear):
    model = linear()
    lower = keras.callbacks.ReduceLROnPlateau("loss", **settings)
    lower.set_model(model)
    lower.on_train_begin()
    seen = []
    for epoch, value in enumerate(values):
        lower.on_epoch_end(epoch, logs := {"loss": value})
        seen.append(logs["lr"])
    np.testing.assert_allclose(seen, rates, rtol=1e-6)


def test_a_factor_that_raises_is_refused():
    with pytest.raises(ValueError, match=r"factor >= 1.0. Got 2"):
        keras.callbacks.ReduceLROnPlateau(factor=2)
    with pytest.raises(TypeError, match="delta"):
        keras.callbacks.ReduceLROnPlateau(delta=2)


def test_a_schedule_sets_the_rate(linear, data, capsys):
    model = linear()
    by_epoch = keras.callbacks.LearningRateScheduler(lambda epoch: 0.1 / (1 + epoch), verbose=1)
    history = model.fit(*data, epochs=3, verbose=0, callbacks=[by_epoch])
    np.testing.assert_allclose(history.history["lr"], [0.1, 0.05, 0.1 / 3], rtol=1e-6)
    assert "Epoch 00002: LearningRateScheduler setting learning rate to 0.05." in capsys.readouterr().out
    halved = keras.callbacks.LearningRateScheduler(lambda epoch, rate: rate / 2)
    history = model.fit(*data, epochs=2, verbose=0, callbacks=[halved])
    np.testing.assert_allclose(history.history["lr"], [0.1 / 6, 0.1 / 12], rtol=1e-6)
    with pytest.raises(ValueError, match=r"should be float. Got: 'fast'"):
        model.fit(*data, verbose=0, callbacks=[keras.callbacks.LearningRateScheduler(lambda epoch: "fast")])


def _names(folder, ending=".index"):
    return sorted(path.name.removesuffix(ending) for path in folder.iterdir() if path.name.endswith(ending))


def test_weights_are_kept_under_names_with_values(linear, data, tmp_path):
    save = keras.callbacks.ModelCheckpoint(tmp_path / "w-{epoch:02d}-{loss:.1f}", save_weights_only=True)
    history = linear().fit(*data, epochs=2, verbose=0, callbacks=[save])
    losses = history.history["loss"]
    assert _names(tmp_path) == [f"w-01-{losses[0]:.1f}", f"w-02-{losses[1]:.1f}"]


def test_the_best_whole_models_are_kept(linear, told, tmp_path, capsys):
    model = linear()
    save = keras.callbacks.ModelCheckpoint(tmp_path / "m-{epoch}.h5", "loss", save_best_only=True, verbose=1)
    told(save, model).epochs([3.0, 4.0, 2.0])
    assert _names(tmp_path, ".h5") == ["m-1", "m-3"]
    assert keras.models.load_model(tmp_path / "m-3.h5").is_compiled
    out = capsys.readouterr().out
    assert f"Epoch 00001: loss improved from inf to 3.00000, saving model to {tmp_path}/m-1.h5" in out
    assert "Epoch 00002: loss did not improve from 3.00000" in out


def test_a_threshold_counts_from_the_beginning(linear, told, tmp_path):
    save = keras.callbacks.ModelCheckpoint(
        tmp_path / "m-{epoch}.h5", "loss", save_best_only=True, initial_value_threshold=2.5
    )
    told(save, linear()).epochs([3.0, 2.0])
    assert _names(tmp_path, ".h5") == ["m-2"]


def test_each_second_epoch_or_third_batch_is_kept(linear, data, told, tmp_path):
    told(keras.callbacks.ModelCheckpoint(tmp_path / "e-{epoch}", save_weights_only=True, period=2), linear()).epochs(
        [1.0] * 5
    )
    assert _names(tmp_path) == ["e-2", "e-4"]
    save = keras.callbacks.ModelCheckpoint(tmp_path / "b-{epoch}-{batch}", save_weights_only=True, save_freq=3)
    linear().fit(*data, batch_size=5, epochs=2, verbose=0, callbacks=[save])
    assert _names(tmp_path) == ["b-1-3", "b-2-2", "e-2", "e-4"]


def test_a_training_goes_on_from_the_last_weights(linear, told, tmp_path):
    path = tmp_path / "w-{epoch:02d}"
    first = linear()
    first.set_weights([np.full([2, 1], 7.0), np.zeros([1])])
    told(keras.callbacks.ModelCheckpoint(path, save_weights_only=True), first).epochs([1.0])
    second = linear()
    again = keras.callbacks.ModelCheckpoint(path, save_weights_only=True, load_weights_on_restart=True)
    told(again, second).epochs([1.0])
    assert second.get_weights()[0].ravel().tolist() == [7.0, 7.0]


def test_what_a_checkpoint_cannot_do_is_said(linear, told, tmp_path, caplog):
    with pytest.raises(KeyError, match=r"Failed to format this callback filepath.*is not logged\. There are"):
        told(keras.callbacks.ModelCheckpoint(tmp_path / "{acc}"), linear()).epochs([1.0])
    with pytest.raises(ValueError, match="Unrecognized save_freq: 'day'"):
        keras.callbacks.ModelCheckpoint("m", save_freq="day")
    with pytest.raises(TypeError, match="perod"):
        keras.callbacks.ModelCheckpoint("m", perod=2)
    told(keras.callbacks.ModelCheckpoint(tmp_path / "m.h5", save_best_only=True), linear()).epochs([1.0])
    assert "Can save best model only with val_loss available, skipping." in caplog.text
    keras.callbacks.ModelCheckpoint("m", mode="best")
    assert "mode best is unknown, fallback to auto mode" in caplog.text


def test_a_table_has_a_line_an_epoch(linear, data, tmp_path):
    path = tmp_path / "log.csv"
    model = linear(metrics=["mae"])
    model.fit(*data, epochs=2, verbose=0, callbacks=[keras.callbacks.CSVLogger(path)])
    model.fit(*data, epochs=1, verbose=0, callbacks=[keras.callbacks.CSVLogger(path, append=True)])
    with open(path, newline="") as file:
        rows = list(csv.reader(file))
    assert [row[0] for row in rows] == ["epoch", "0", "1", "0"]
    assert rows[0][1:] == sorted(model.metrics_names)


def test_cells_without_a_value_are_marked(tmp_path):
    table = keras.callbacks.CSVLogger(tmp_path / "log.csv", separator=";")
    table.on_train_begin()
    table.on_epoch_end(0, {"loss": 1.0, "both": [1, 2]})
    table.on_epoch_end(1, {"loss": 0.5})
    table.on_train_end()
    assert (tmp_path / "log.csv").read_text().splitlines() == ["epoch;both;loss", '0;"""[1, 2]""";1.0', "1;NA;0.5"]
