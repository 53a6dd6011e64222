"""Why a Keras model learned an embedding with `fit`, and not as an Estimator: the shape of the labels.

A question of 2019: a toy model finds its embedding with `fit`. Made an Estimator by `model_to_estimator`, of the same
settings, it stays at a loss of 5. Is there some regularization? There is none. Labels of shape [batch] minus
predictions of shape [batch, 1] broadcast to [batch, batch]: every prediction is drawn to all labels of its batch, hence
to their mean, which is near 0. `fit` makes a column of such labels; TensorFlow's `model_to_estimator` did not.

Here both make a column. The third part shows the old behaviour, in a model function that subtracts the labels as they
are, and the fourth how one more axis mends it.

    python examples/embedding_keras_and_estimator.py [MODEL_DIR [EPOCHS]]
"""

from __future__ import annotations

import os
import sys
import tempfile

import numpy as np
import pandas as pd

import trackml as tf

N_OBS, N_SENSORS, N_SOURCES, BATCH, EPOCHS = 200, 50, 5, 100, 120

RNG = np.random.RandomState(1234)
Z = RNG.randn(N_OBS, N_SOURCES)
B = RNG.randn(N_SOURCES, N_SENSORS)
Y = Z.dot(B)


def data():
    """A row for each observation and sensor: what the sensor weighs, which observation it is, and what it saw."""
    frames = []
    for t in range(N_OBS):
        betas = pd.DataFrame(B).rename(lambda x: f"f_{x}").T
        frames.append(pd.DataFrame({"target": Y[t, :], "t": t}).join(betas))
    return pd.concat(frames)


def build_keras_model():
    betas = tf.keras.layers.Input(shape=(N_SOURCES,), name="betas")
    t = tf.keras.layers.Input(shape=(1,), name="t")
    sources = tf.keras.layers.Embedding(input_dim=N_OBS, output_dim=N_SOURCES, name="sources")(t)
    fitted = tf.keras.layers.Dot(axes=-1)([sources, betas])
    net = tf.keras.Model([betas, t], fitted)
    net.compile(optimizer=tf.keras.optimizers.Adadelta(1.0), loss="mse")
    return net


def input_fn(frame, epochs):
    features = {"betas": frame.filter(like="f_"), "t": frame.t}
    dataset = tf.data.Dataset.from_tensor_slices((features, frame.target))  # labels of rank 1
    return dataset.shuffle(len(frame), seed=1).repeat(epochs).batch(BATCH)


def model_fn(features, labels, mode, params):
    """The same model, in which the labels are subtracted as `params` says."""
    table = tf.get_variable("sources", [N_OBS, N_SOURCES], initializer=tf.random_uniform_initializer(-0.05, 0.05))
    sources = tf.nn.embedding_lookup(table, tf.cast(features["t"], tf.int32))
    betas = tf.cast(features["betas"], tf.float32)
    predictions = tf.reduce_sum(sources * betas, axis=1, keepdims=True)  # [batch, 1]
    labels = tf.cast(labels, tf.float32)  # [batch]
    if params["as_column"]:
        labels = labels[:, None]  # [batch, 1]
    loss = tf.reduce_mean(tf.square(predictions - labels))
    train_op = tf.train.AdadeltaOptimizer(1.0, epsilon=1e-7).minimize(loss, tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)


def report(name, found):
    """How far what was learned is from what made the data, and how large it is."""
    correlation = pd.DataFrame(found).corrwith(pd.DataFrame(Z)).mean()
    print(f"{name}: error {((found - Z) ** 2).mean():.4f}, variance {found.var():.4f}, correlation {correlation:.2f}")


def main(model_dir, epochs=EPOCHS):
    tf.set_random_seed(1)
    frame = data()
    config = tf.estimator.RunConfig(tf_random_seed=1)
    print(f"what there is to find: variance {Z.var():.4f}")

    net = build_keras_model()
    net.fit(x=[frame.filter(like="f_"), frame.t], y=frame.target, batch_size=BATCH, epochs=epochs, verbose=0)
    (found,) = net.get_layer("sources").get_weights()
    report("fit", found)

    fresh = build_keras_model()  # so that nothing of what fit learned is carried over
    estimator = tf.keras.estimator.model_to_estimator(fresh, model_dir=os.path.join(model_dir, "keras"), config=config)
    estimator.train(lambda: input_fn(frame, epochs))
    report("model_to_estimator", estimator.get_variable_value("sources/embeddings"))

    for name, as_column in (("labels [batch]", False), ("labels [batch, 1]", True)):
        where = os.path.join(model_dir, "column" if as_column else "broadcast")
        estimator = tf.estimator.Estimator(model_fn, where, config=config, params={"as_column": as_column})
        estimator.train(lambda: input_fn(frame, epochs))
        report(name, estimator.get_variable_value("sources"))


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else tempfile.mkdtemp(), *map(int, sys.argv[2:]))
