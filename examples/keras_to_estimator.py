"""Embedding, LSTM, Dropout and Dense in Keras: trained by `fit`, then as an Estimator, and served.

python examples/keras_to_estimator.py [MODEL_DIR]
"""

from __future__ import annotations

import os
import sys
import tempfile

import numpy as np

import trackml as tf
from trackml import keras
from trackml.keras.layers import LSTM, Dense, Dropout, Embedding
from trackml.keras.models import Sequential

MAX_FEATURES, LENGTH = 20, 6


def tokens(count, seed):
    """Sequences that hold a 3 and a 5, and whether the 3 comes first."""
    rng = np.random.RandomState(seed)
    x = rng.randint(6, MAX_FEATURES, (count, LENGTH))
    for row in x:
        row[rng.choice(LENGTH, 2, replace=False)] = [3, 5]
    y = [list(row).index(3) < list(row).index(5) for row in x]
    return x.astype(np.float32), np.array(y, np.float32)[:, None]


def make_model():
    model = Sequential()
    model.add(Embedding(MAX_FEATURES, output_dim=16, input_length=LENGTH, name="XYZ"))
    model.add(LSTM(16))
    model.add(Dropout(0.2))
    model.add(Dense(1, activation="sigmoid"))
    model.compile(loss="binary_crossentropy", optimizer=keras.optimizers.RMSprop(0.01), metrics=["accuracy"])
    return model


def main(model_dir):
    tf.set_random_seed(1)
    x_train, y_train = tokens(600, 1)
    x_test, y_test = tokens(200, 2)
    model = make_model()
    model.fit(x_train, y_train, batch_size=20, epochs=6, verbose=0)
    _, accuracy = model.evaluate(x_test, y_test, batch_size=50, verbose=0)
    print("fit:", round(float(accuracy), 2))

    # From a compiled Keras model you can get an Estimator; it goes on from what fit learned.
    config = tf.estimator.RunConfig(model_dir=model_dir, save_checkpoints_steps=100)
    estimator = keras.estimator.model_to_estimator(keras_model=model, config=config)

    # The connection between features and Keras is a naming convention: the layer 'XYZ' is fed by 'XYZ_input'.
    def train_fn():
        return tf.data.Dataset.from_tensor_slices(({"XYZ_input": x_train}, y_train)).shuffle(600).repeat().batch(20)

    def eval_fn():
        return tf.data.Dataset.from_tensor_slices(({"XYZ_input": x_test}, y_test)).batch(50)

    def serving_input_fn():
        inputs = {"XYZ_input": tf.placeholder(tf.float32, [None, LENGTH])}
        return tf.estimator.export.ServingInputReceiver(inputs, inputs)

    exporter = tf.estimator.LatestExporter("exporter", serving_input_fn)
    metrics, _ = tf.estimator.train_and_evaluate(
        estimator,
        tf.estimator.TrainSpec(train_fn, max_steps=100),
        tf.estimator.EvalSpec(eval_fn, steps=None, exporters=exporter),
    )
    print("estimator:", round(float(metrics["acc"]), 2))
    (exported,) = os.listdir(os.path.join(model_dir, "export", "exporter"))
    serve = tf.contrib.predictor.from_saved_model(os.path.join(model_dir, "export", "exporter", exported))
    answer = serve({"XYZ_input": [[3, 7, 8, 9, 5, 10], [5, 7, 8, 9, 3, 10]]})
    print("3 before 5:", [bool(value > 0.5) for value in next(iter(answer.values()))[:, 0]])


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else tempfile.mkdtemp())
