"""What is trained under the callback `TensorBoard`, told in Keras' own words, and what is looked at in its files."""

import glob
import os

import numpy as np

CASES = {
    "plain": {},
    "batches": {"update_freq": 2},
    "everything": {"histogram_freq": 2, "write_images": True, "write_graph": True},
    "steps": {"update_freq": "batch", "write_steps_per_second": True, "write_graph": False},
    "two_outputs": {"update_freq": "epoch", "write_graph": False},
}
EPOCHS = 2


def train(keras, case, logdir):
    """Trains a small model with the callback of a case: two epochs of five batches, with validation."""
    layers = keras.layers
    x = np.sin(np.arange(60, dtype=np.float32)).reshape(10, 6)
    if case == "two_outputs":
        start = keras.Input(shape=(6,), name="start")
        ends = [layers.Dense(1, name="a")(start), layers.Dense(2, name="b")(start)]
        model = keras.Model(start, ends)
        model.compile("sgd", "mse", metrics={"a": ["mean_absolute_error"]})
        y = [x[:, :1], x[:, :2]]
    else:
        model = keras.Sequential(
            [
                layers.Reshape((3, 2, 1), input_shape=(6,), name="reshaped"),
                layers.Conv2D(2, 2, name="conv"),
                layers.Flatten(name="flat"),
                layers.Dense(2, name="dense"),
                layers.BatchNormalization(name="norm"),
            ]
        )
        model.compile("sgd", "mse", metrics=["mean_absolute_error"])
        y = x[:, :2]
    callback = keras.callbacks.TensorBoard(logdir, **CASES[case])
    model.fit(x, y, batch_size=2, epochs=EPOCHS, validation_data=(x, y), verbose=0, callbacks=[callback])


def values_of(events):
    """Step, tag, plugin, type and shape of each value, as lists; of graphs the step alone."""
    found = []
    for event in events:
        if event.HasField("graph_def"):
            found.append([event.step, "graph_def"])
        for value in event.summary.value:
            plugin = value.metadata.plugin_data
            shape = [int(dim.size) for dim in value.tensor.tensor_shape.dim]
            if plugin.plugin_name == "graph_keras_model":
                shape = []
            found.append([event.step, value.tag, plugin.plugin_name, int(value.tensor.dtype), shape])
    return found


def runs_of(logdir, read):
    """The values of all event files below a directory, by the directory they are in."""
    paths = sorted(glob.glob(os.path.join(logdir, "**", "*tfevents*"), recursive=True))
    found = {}
    for path in paths:
        if not path.endswith((".manifest", "profile-empty")):
            found.setdefault(os.path.relpath(os.path.dirname(path), logdir), []).extend(values_of(read(path)))
    return found
