"""Exports models with trackml into a directory: python tests/golden/make/exported_model.py DIRECTORY

`exported_model_tf.py` then loads them with TensorFlow.
"""

import os
import sys

import numpy as np

import trackml as tf

fc = tf.feature_column


def classifier(directory):
    """A combined model with a vocabulary file, a cross and buckets, fed with serialized examples."""
    vocabulary = os.path.join(directory, "colours.txt")
    with open(vocabulary, "w") as file:
        file.write("red\ngreen\nblue\n")
    colour = fc.categorical_column_with_vocabulary_file("colour", vocabulary, num_oov_buckets=1)
    size = fc.numeric_column("size")
    buckets = fc.bucketized_column(size, [1.0, 2.0])
    linear = [colour, fc.crossed_column(["colour", buckets], 10)]
    deep = [size, fc.embedding_column(colour, 2)]
    config = tf.estimator.RunConfig(os.path.join(directory, "model"), tf_random_seed=3)
    estimator = tf.estimator.DNNLinearCombinedClassifier(
        linear_feature_columns=linear, dnn_feature_columns=deep, dnn_hidden_units=[3], n_classes=3, config=config
    )

    def inputs():
        features = {"colour": np.array(["red", "green", "blue", "pink"]), "size": np.array([0.5, 1.5, 2.5, 3.5])}
        return tf.data.Dataset.from_tensor_slices((features, np.array([0, 1, 2, 0]))).repeat(20).batch(4)

    estimator.train(inputs)
    receiver = tf.estimator.export.build_parsing_serving_input_receiver_fn(fc.make_parse_example_spec(linear + deep))
    return estimator.export_saved_model(os.path.join(directory, "classifier"), receiver)


def regressor(directory):
    """A model function of one's own with several signatures, fed with numbers."""

    def model_fn(features, labels, mode):
        output = tf.layers.dense(features["x"], 1, kernel_initializer=tf.constant_initializer([[2.0], [3.0]]))
        exports = {
            "serving_default": tf.estimator.export.PredictOutput({"y": output}),
            "squared": tf.estimator.export.PredictOutput({"y": tf.square(output)}),
        }
        loss = tf.losses.mean_squared_error(labels, output) if labels is not None else None
        train_op = None
        if labels is not None:
            train_op = tf.train.AdamOptimizer().minimize(loss, tf.train.get_global_step())
        return tf.estimator.EstimatorSpec(mode, output, loss, train_op, export_outputs=exports)

    estimator = tf.estimator.Estimator(model_fn, os.path.join(directory, "own"))
    x = np.array([[1.0, 2.0], [3.0, 4.0]], np.float32)
    estimator.train(lambda: ({"x": x}, np.array([[8.0], [18.0]], np.float32)), steps=1)

    def receiver():
        x = tf.placeholder(tf.float32, [None, 2], name="x")
        return tf.estimator.export.ServingInputReceiver({"x": x}, {"x": x})

    return estimator.export_saved_model(os.path.join(directory, "regressor"), receiver, as_text=True)


if __name__ == "__main__":
    for export in (classifier(sys.argv[1]), regressor(sys.argv[1])):
        print(os.fsdecode(export))
