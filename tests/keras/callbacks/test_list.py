"""Which callbacks are told what, and in which order."""

from __future__ import annotations

import numpy as np
import pytest

from trackml import keras


class Noting(keras.callbacks.Callback):
    """Notes each call."""

    def __init__(self, calls, name=""):
        super().__init__()
        self.calls, self.name = calls, name

    def __getattribute__(self, name):
        if not name.startswith("on_") or name in ("on_batch_begin", "on_batch_end"):
            return super().__getattribute__(name)
        return lambda *arguments: self.calls.append((self.name + name[3:], *arguments[:-1], sorted(arguments[-1])))


def test_hooks_are_called_in_keras_order(linear, data):
    calls = []
    x, y = data
    linear().fit(x, y, batch_size=20, verbose=0, validation_data=(x, y), callbacks=[Noting(calls)])
    batch = ["batch", "loss", "size"]
    assert calls == [
        ("train_begin", []),
        ("epoch_begin", 0, []),
        ("train_batch_begin", 0, ["batch"]),
        ("train_batch_end", 0, batch),
        ("test_begin", []),
        ("test_batch_begin", 0, ["batch", "size"]),
        ("test_batch_end", 0, batch),
        ("test_end", ["loss"]),
        ("epoch_end", 0, ["loss", "val_loss"]),
        ("train_end", ["loss", "val_loss"]),
    ]


def test_evaluations_and_predictions_are_told_too(linear, data):
    calls = []
    model = linear()
    model.evaluate(*data, batch_size=20, verbose=0, callbacks=[Noting(calls)])
    model.predict(data[0], batch_size=20, callbacks=Noting(calls))
    assert calls == [
        ("test_begin", []),
        ("test_batch_begin", 0, ["batch", "size"]),
        ("test_batch_end", 0, ["batch", "loss", "size"]),
        ("test_end", ["loss"]),
        ("predict_begin", []),
        ("predict_batch_begin", 0, ["batch", "size"]),
        ("predict_batch_end", 0, ["batch", "outputs", "size"]),
        ("predict_end", []),
    ]


def test_what_one_adds_to_the_logs_those_after_it_see(linear, data):
    add = keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: logs.update(twice=2 * epoch))
    seen = []
    look = keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: seen.append(logs.get("twice")))
    history = linear().fit(*data, epochs=2, verbose=0, callbacks=[look, add, look])
    assert seen == [None, 0, None, 2]
    assert history.history["twice"] == [0, 2]


def test_older_names_are_called_by_newer_ones(linear, data):
    class Old(keras.callbacks.Callback):
        batches = ()

        def on_batch_end(self, batch, logs=None):
            self.batches += ((batch, logs["size"]),)

    old = Old()
    linear().fit(*data, batch_size=15, verbose=0, callbacks=[old])
    assert old.batches == ((0, 15), (1, 5))


def test_a_list_tells_model_and_params_and_has_a_history(linear):
    model, noting = linear(), keras.callbacks.Callback()
    called = keras.callbacks.CallbackList([noting], add_history=True, model=model, epochs=3, steps=4)
    assert noting.model is model
    assert noting.params == {"epochs": 3, "steps": 4}
    assert model.history is called.callbacks[-1]
    later = keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: logs.update(late=1))
    assert not called.wants_batches("train")
    called.append(later)
    called.on_epoch_end(0, logs := {"loss": 1.0})
    assert logs == {"loss": 1.0, "late": 1}
    assert model.history.history == {"loss": [1.0]}


def test_a_list_is_taken_by_fit(linear, data):
    calls = []
    linear().fit(*data, verbose=0, callbacks=keras.callbacks.CallbackList([Noting(calls)], add_history=True))
    assert calls[0] == ("train_begin", [])


def test_the_same_history_goes_on(linear, data):
    history = keras.callbacks.History()
    model = linear()
    model.fit(*data, epochs=2, verbose=0, callbacks=[history])
    assert model.fit(*data, epochs=3, initial_epoch=2, verbose=0, callbacks=[history]) is history
    assert history.epoch == [2]
    assert len(history.history["loss"]) == 3


def test_a_function_for_nothing_is_refused():
    with pytest.raises(TypeError, match=r"\['on_epoch_and'\]"):
        keras.callbacks.LambdaCallback(on_epoch_and=print)


def test_a_loss_that_is_no_number_ends_a_training(linear, data, capsys):
    x, y = data
    model = linear()
    history = model.fit(
        np.where(x > 0.9, np.nan, x), y, epochs=5, verbose=0, callbacks=[keras.callbacks.TerminateOnNaN()]
    )
    assert history.epoch == [0]
    assert "Batch 0: Invalid loss, terminating training" in capsys.readouterr().out


def test_means_of_batches_go_by_their_sizes():
    base = keras.callbacks.BaseLogger(stateful_metrics=["last"])
    base.set_params({"metrics": ["loss", "last"]})
    base.on_epoch_begin(0)
    base.on_batch_end(0, {"size": 3, "loss": 1.0, "last": 5.0})
    base.on_batch_end(1, {"size": 1, "loss": 5.0, "last": 7.0})
    logs = {}
    base.on_epoch_end(0, logs)
    assert logs == {"loss": 2.0, "last": 7.0}


def test_a_bar_of_ones_own(capsys):
    bar = keras.callbacks.ProgbarLogger(count_mode="steps")
    bar.set_params({"epochs": 2, "steps": 2, "verbose": 1})
    bar.on_epoch_begin(0)
    bar.on_batch_end(0, {"loss": 1.0, "size": 3, "batch": 0})
    bar.on_batch_end(1, {"loss": 0.5, "size": 3, "batch": 1})
    bar.on_epoch_end(0, {"loss": 0.5})
    out = capsys.readouterr().out
    assert out.startswith("Epoch 1/2\n")
    assert "2/2 [" in out
    assert out.rstrip().endswith("loss: 0.5000")
    with pytest.raises(ValueError, match="samples or steps"):
        keras.callbacks.ProgbarLogger("rows")


def test_a_bar_for_loops_shows_means(capsys):
    bar = keras.utils.Progbar(4, verbose=2, stateful_metrics=["rate"])
    bar.update(1, [("loss", 4.0), ("rate", 1.0)])
    bar.add(3, [("loss", 0.0), ("rate", 0.5)])
    out = capsys.readouterr().out
    assert out.startswith("4/4 - ")
    assert out.rstrip().endswith("- loss: 1.0000 - rate: 0.5000")
