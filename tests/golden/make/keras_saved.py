"""Writes tests/golden/keras/saved/tfVERSION/: models that TensorFlow's Keras saved, and what they give.

Run it with a Python that has TensorFlow 1.15, and with one that has 2.15.
"""

import json
import lzma
import pathlib

import keras_saved_cases as cases
import tensorflow as tf

keras = tf.keras
old = tf.__version__.startswith("1.")
if old:  # its zeros of unknown sizes fail with a numpy that is newer than it
    from tensorflow.python.ops import array_ops

    array_ops._constant_if_small = lambda *args: None
target = pathlib.Path(__file__).resolve().parents[1] / "keras" / "saved" / ("tf115" if old else "tf215")
target.mkdir(parents=True, exist_ok=True)
found = {}
for case in cases.CASES:
    model = cases.model_of(keras, case)
    cases.fix_weights(model)
    found[case] = {
        "json": json.loads(model.to_json()),
        "outputs": cases.outputs_of(model, case),
    }
# Losses beyond the save: what training on must give.
for case, optimizer in [
    ("functional", keras.optimizers.Adam(0.01)),
    ("nested", keras.optimizers.SGD(0.1, momentum=0.9)),
]:
    model = cases.compiled(keras, case, optimizer)
    cases.train(model, case)
    model.save(str(target / (case + ".h5")))
    saved = cases.outputs_of(model, case)
    found[case]["trained"] = {"outputs": saved, "losses": cases.train(model, case)}
model = cases.measured(keras)
model.save(str(target / "measured.h5"))
found["measured"] = [float(value) for value in model.evaluate(*cases.measured_data(), verbose=0)]
model = cases.model_of(keras, "recurrent")
cases.fix_weights(model)
model.save_weights(str(target / ("recurrent_weights.h5" if old else "recurrent.weights.h5")))
for case in ("recurrent", "nested"):
    model = cases.model_of(keras, case)
    cases.fix_weights(model)
    model.save_weights(str(target / (case + "_checkpoint")), save_format="tf")
(target / "checkpoint").unlink()
for path in target.glob("*.h5"):
    (target / (path.name + ".xz")).write_bytes(lzma.compress(path.read_bytes()))
    path.unlink()
(target / "models.json").write_text(json.dumps(found) + "\n")
if not old:  # 1.15 tells them as operations of its graph, as is done here
    x = keras.Input((4,), name="x")
    y = 2.0 - (tf.square(x) * 3.0 + 1.0 - x) / 4.0
    y = tf.concat([tf.reshape(tf.reduce_mean(y, axis=1, keepdims=True), [-1, 1]), x[:, 1:3]], axis=-1)
    y = tf.matmul(tf.nn.relu(-y), tf.ones([3, 2]))
    model = keras.Model(x, keras.layers.Dense(1, name="d", kernel_initializer="ones")(y))
    given = [[-4.0, -3.0, -2.0, -1.0], [0.0, 1.0, 2.0, 3.0]]
    told = {"json": json.loads(model.to_json()), "inputs": given, "outputs": model.predict(given).tolist()}
    (target / "operations.json").write_text(json.dumps(told) + "\n")
