"""Mistakes that users make, and what they are told: each row is a script that is wrong in one place."""

from __future__ import annotations

import numpy as np
import pytest

import trackml as tf

column = tf.feature_column
estimator = tf.estimator
X = column.numeric_column("x")
COLOUR = column.categorical_column_with_vocabulary_list("colour", ["red", "green"])


def features(**changed):
    good = {"x": np.arange(4, dtype=np.float32), "colour": np.array(["red", "green", "red", "green"])}
    return {key: value for key, value in {**good, **changed}.items() if value is not None}


def data(labels=(0, 1, 0, 1), **changed):
    """An input function."""
    return lambda: tf.data.Dataset.from_tensor_slices((features(**changed), np.array(labels))).batch(4)


def linear(folder, columns=(X,), **options):
    return estimator.LinearClassifier(list(columns), str(folder / "m"), **options)


def own(folder, model_fn, **options):
    return estimator.Estimator(model_fn, str(folder / "own"), **options)


def spec_of(**parts):
    """A model function that gives a spec with these parts, made by functions."""

    def model_fn(features, labels, mode):
        tf.get_variable("w", initializer=1.0)
        return estimator.EstimatorSpec(mode, **{name: make() for name, make in parts.items()})

    return model_fn


def of_another_model(folder):
    own(folder, with_kernel([3, 2])).train(data(), steps=1)
    own(folder, with_kernel([3, 5])).train(data(), steps=1)


def with_kernel(shape, name="kernel"):
    def model_fn(features, labels, mode):
        kernel = tf.get_variable(name, shape, initializer=tf.zeros_initializer())
        step = tf.train.get_global_step().assign_add(1)
        return estimator.EstimatorSpec(mode, {"k": kernel}, tf.reduce_sum(kernel), step)

    return model_fn


def renamed_variable(folder):
    own(folder, with_kernel([2], "old")).train(data(), steps=1)
    own(folder, with_kernel([2], "new")).train(data(), steps=1)


def csv_with(folder, *lines):
    path = folder / "data.csv"
    path.write_text("\n".join(lines) + "\n")
    dataset = tf.data.experimental.CsvDataset(str(path), [tf.float32, tf.int32])
    drained(dataset)


def drained(dataset):
    with tf.Session() as session:
        item = dataset.make_one_shot_iterator().get_next()
        while True:
            session.run(item)


def trained_twice_with_classes(folder, first, second):
    linear(folder, n_classes=first).train(data())
    linear(folder, n_classes=second).train(data())


def numpy_rows(**given):
    return estimator.inputs.numpy_input_fn(given["x"], given.get("y"), shuffle=False)()


V, N, A, T = ValueError, tf.errors.NotFoundError, tf.errors.InvalidArgumentError, TypeError

# (what is wrong, the script, the error, what its message says)
MISTAKES = [
    # Features and their columns
    ("a feature is missing", lambda f: linear(f).train(data(x=None)), V, r"Feature x is not in features dictionary"),
    ("columns are no list", lambda f: estimator.LinearClassifier(X, str(f)), V,
     r"must be a list of feature columns; got Num"),
    ("a column is a text", lambda f: linear(f, ["x"]).train(data()), V, r"must be a _FeatureColumn.*: x"),
    ("a raw category in a deep network",
     lambda f: estimator.DNNClassifier([2], [COLOUR], str(f)).train(data()), V,
     r"wrap a categorical column with an embedding_column or indicator_column"),
    ("a text for a number", lambda f: linear(f).train(data(x=np.array(list("abcd")))), T, r"feature x holds strings"),
    ("a number for a text", lambda f: linear(f, [COLOUR]).train(data(colour=np.arange(4))), V,
     r"key: colour, column dtype: <dtype: 'string'>, tensor dtype: <dtype: 'int64'>"),
    ("two columns of a name", lambda f: linear(f, [X, X]).train(data()), V, r"Duplicate feature column name"),
    ("no columns", lambda f: estimator.DNNClassifier([2], [], str(f)).train(data()), V,
     r"feature_columns must not be empty"),
    ("boundaries that are not sorted", lambda f: column.bucketized_column(X, [3.0, 1.0]), V,
     r"must be a sorted list.*column x"),
    ("buckets of a category", lambda f: column.bucketized_column(COLOUR, [1.0]), V, r"numeric_column"),
    ("a cross of one", lambda f: column.crossed_column(["x"], 10), V, r"length > 1. Given"),
    ("an embedding without a dimension", lambda f: column.embedding_column(COLOUR, 0), V, r"Invalid dimension 0"),
    ("no buckets", lambda f: column.categorical_column_with_hash_bucket("x", 0), V, r"at least 1.*key: x"),
    ("a vocabulary with a word twice",
     lambda f: column.categorical_column_with_vocabulary_list("c", ["a", "a"]), V, r"Duplicate keys"),
    ("a vocabulary file that is not there",
     lambda f: column.categorical_column_with_vocabulary_file("c", str(f / "gone.txt")), V,
     r"c does not exist.*gone\.txt"),
    ("features are no dict",
     lambda f: linear(f).train(lambda: tf.data.Dataset.from_tensors(([[1.0]], [[1]]))), V,
     r"features should be a dictionary"),
    # Labels and heads
    ("a label out of range", lambda f: linear(f, n_classes=3).train(data([0, 1, 2, 3])), A,
     r"Labels must <= n_classes - 1"),
    ("a negative label", lambda f: linear(f).train(data([0, 1, -1, 1])), A, r"Labels must >= 0"),
    ("labels are missing",
     lambda f: linear(f).train(lambda: tf.data.Dataset.from_tensors({"x": [[1.0]]})), V,
     r"You must provide a labels Tensor"),
    ("texts as labels without a vocabulary", lambda f: linear(f).train(data(["a", "b", "a", "b"])), V,
     r"Pass label_vocabulary"),
    ("a label that is not in the vocabulary",
     lambda f: linear(f, label_vocabulary=["a", "b"]).train(data(["a", "c", "a", "b"])), A, r"Labels must >= 0"),
    ("one class", lambda f: linear(f, n_classes=1), V, r"n_classes must be at least 2; got 1"),
    ("labels of two numbers for one",
     lambda f: estimator.LinearRegressor([X], str(f)).train(
         lambda: tf.data.Dataset.from_tensors((features(), np.zeros([4, 2], np.float32)))), V,
     r"labels dimension=1.  Received 2"),
    ("the weight column is missing", lambda f: linear(f, weight_column="w").train(data()), V,
     r"Feature w is not in features"),
    ("another number of classes than before",
     lambda f: trained_twice_with_classes(f, 3, 4), A, r"\(3,\) to linear/linear_model/bias_weights of shape \(4,\)"),
    ("a vocabulary of another size",
     lambda f: linear(f, n_classes=3, label_vocabulary=["a"]), V, r"label_vocabulary must be n_classes \(3\)"),
    # Model functions and their parts
    ("a mode that there is not", lambda f: estimator.EstimatorSpec("trian", loss=1.0), V, r"Unknown mode 'trian'"),
    ("a spec without a loss", lambda f: own(f, spec_of(train_op=tf.no_op)).train(data(), steps=1), V, r"Missing loss"),
    ("a spec without a train_op",
     lambda f: own(f, spec_of(loss=lambda: tf.constant(1.0))).train(data(), steps=1), V, r"Missing train_op"),
    ("a loss of several numbers",
     lambda f: own(f, spec_of(loss=lambda: tf.constant([1.0, 2.0]), train_op=tf.no_op)).train(data()), V,
     r"Loss must be scalar"),
    ("a model function that returns nothing",
     lambda f: own(f, lambda features, labels, mode: None).train(data(), steps=1), V,
     r"should return an EstimatorSpec"),
    ("a parameter that nobody fills",
     lambda f: own(f, lambda features, targets, mode: None), V, r"not expected args: \['targets'\]"),
    ("params for a function that takes none",
     lambda f: own(f, lambda features, labels: None, params={"a": 1}), V, r"does not include params"),
    ("hidden units that are words",
     lambda f: estimator.DNNClassifier(["many"], [X], str(f)).train(data()), V,
     r"hidden_units must be a list of numbers.*many"),
    ("hidden units that are one number", lambda f: estimator.DNNClassifier(10, [X], str(f)), V,
     r"hidden_units must be a list.*10"),
    ("an optimizer that there is not", lambda f: linear(f, optimizer="Adamm").train(data()), V,
     r"Unsupported optimizer name: Adamm"),
    ("an optimizer's class for a number", lambda f: linear(f, optimizer=0.1).train(data()), V, r"not an Optimizer"),
    # Directories and checkpoints
    ("a directory of another model", of_another_model, A, r"shape \(3, 2\) to kernel of shape \(3, 5\)"),
    ("a variable that was renamed", renamed_variable, N, r"Key new not found in checkpoint"),
    ("a checkpoint that is not there",
     lambda f: linear(f).evaluate(data(), checkpoint_path=str(f / "gone")), V, r"is not a checkpoint: .*gone"),
    ("a variable before training", lambda f: linear(f).get_variable_value("w"), V, r"find trained model"),
    ("two directories",
     lambda f: estimator.Estimator(spec_of(), "a", estimator.RunConfig(model_dir="b")), V,
     r"different values.*'a'.*'b'"),
    # Steps
    ("steps and max_steps", lambda f: linear(f).train(data(), steps=1, max_steps=1), V, r"both steps and max_steps"),
    ("no steps", lambda f: linear(f).train(data(), steps=0), V, r"steps > 0, given: 0"),
    ("hooks that are none", lambda f: linear(f).train(data(), hooks=["h"]), T, r"must be `SessionRunHook` instances"),
    ("both intervals of checkpoints",
     lambda f: estimator.RunConfig(save_checkpoints_steps=1, save_checkpoints_secs=1), V, r"cannot be both set"),
    ("a prediction that there is not",
     lambda f: next(linear(f).train(data()).predict(data(), predict_keys="probs")), V,
     r"Expected to run at least one output.*probs"),
    # Input
    ("a file that is not there",
     lambda f: drained(tf.data.TextLineDataset(str(f / "gone.csv"))), N, r"gone\.csv"),
    ("a row of text among numbers", lambda f: csv_with(f, "1.0,2", "2.0,x"), A, r"line 2"),
    ("a row with a field too many", lambda f: csv_with(f, "1.0,2", "2.0,3", "1.0,2,3"), A, r"line 3"),
    ("features of unequal lengths",
     lambda f: linear(f).train(data(x=np.zeros(3, np.float32))), V, r"'colour'\]: 4, \[0\]\['x'\]: 3"),
    ("numpy features of unequal lengths",
     lambda f: numpy_rows(x={"a": np.zeros(3), "b": np.zeros(4)}), V, r"must have the same length"),
    ("shuffle is not said",
     lambda f: estimator.inputs.numpy_input_fn({"x": np.zeros(2)}, shuffle=None), V, r"shuffle must be provided"),
    ("an input function that returns nothing", lambda f: linear(f).train(lambda: None), V, r"it returned None"),
    ("an input function with a parameter", lambda f: linear(f).train(lambda batch: None), T,
     r"Nobody fills \['batch'\] of the input_fn"),
    ("an input that is no function", lambda f: linear(f).train(features()), T, r"input_fn must be a function"),
    ("labels of another length", lambda f: linear(f).train(data([0, 1])), V, r"\[1\]: 2"),
]  # fmt: skip


def test_there_are_more_than_forty():
    assert len({name for name, *_ in MISTAKES}) == len(MISTAKES) > 40


@pytest.mark.parametrize(
    ("script", "error", "message"), [row[1:] for row in MISTAKES], ids=[row[0] for row in MISTAKES]
)
def test_a_mistake_is_told(script, error, message, tmp_path):
    with tf.Graph().as_default(), pytest.raises(error, match=f"(?s){message}"):
        script(tmp_path)
