"""Estimators that begin where another model ended."""

from __future__ import annotations

import logging

import numpy as np
import pytest

import trackml as tf


def words_input(words=("red", "green", "blue", "red")):
    def input_fn():
        features = {"word": np.array(words), "x": np.arange(len(words), dtype=np.float32)}
        return tf.data.Dataset.from_tensor_slices((features, np.array([0, 1, 0, 1]))).repeat().batch(4)

    return input_fn


def columns(vocabulary):
    words = tf.feature_column.categorical_column_with_vocabulary_file("word", str(vocabulary), num_oov_buckets=1)
    return [tf.feature_column.embedding_column(words, 2), tf.feature_column.numeric_column("x")]


@pytest.fixture
def vocabularies(tmp_path):
    old, new = tmp_path / "old.txt", tmp_path / "new.txt"
    old.write_text("red\ngreen\n")
    new.write_text("blue\nred\n")
    return old, new


def classifier(directory, vocabulary, warm_start_from=None):
    config = tf.estimator.RunConfig(str(directory), tf_random_seed=1)
    return tf.estimator.DNNClassifier(
        [4], columns(vocabulary), n_classes=2, config=config, warm_start_from=warm_start_from
    )


@pytest.fixture
def earlier(tmp_path, vocabularies):
    return classifier(tmp_path / "earlier", vocabularies[0]).train(words_input(), steps=3)


KERNEL = "dnn/hiddenlayer_0/kernel"
EMBEDDING = "dnn/input_from_feature_columns/input_layer/word_embedding/embedding_weights"


def first_values(estimator, name):
    """What a variable had before the first step."""
    estimator.train(words_input(), steps=1)
    return tf.train.load_variable(f"{estimator.model_dir}/model.ckpt-0", name)


def test_all_trainable_variables_begin_where_a_directory_ended(tmp_path, earlier, vocabularies):
    later = classifier(tmp_path / "later", vocabularies[0], earlier.model_dir)
    for name in (KERNEL, EMBEDDING, "dnn/logits/bias"):
        np.testing.assert_array_equal(first_values(later, name), earlier.get_variable_value(name))
    slot = f"{KERNEL}/t_0/Adagrad"
    np.testing.assert_allclose(first_values(later, slot), 0.1)


def test_words_keep_their_vectors_in_another_vocabulary(tmp_path, earlier, vocabularies):
    old, new = vocabularies
    info = tf.estimator.VocabInfo(str(new), 2, 1, str(old))
    settings = tf.estimator.WarmStartSettings(earlier.model_dir, var_name_to_vocab_info={EMBEDDING: info})
    found = first_values(classifier(tmp_path / "later", new, settings), EMBEDDING)
    vectors = earlier.get_variable_value(EMBEDDING)
    np.testing.assert_array_equal(found, [[0, 0], vectors[0], [0, 0]])


def test_a_saved_model_is_taken_too(tmp_path, earlier, vocabularies, caplog):
    spec = {"word": tf.FixedLenFeature([1], tf.string), "x": tf.FixedLenFeature([1], tf.float32)}
    receiver = tf.estimator.export.build_parsing_serving_input_receiver_fn(spec)
    path = earlier.export_saved_model(tmp_path / "export", receiver)
    caplog.set_level(logging.INFO, "tensorflow")
    later = classifier(tmp_path / "later", vocabularies[0], path)
    np.testing.assert_array_equal(first_values(later, KERNEL), earlier.get_variable_value(KERNEL))
    assert "Warm-starting from a SavedModel" in caplog.messages
    assert "Warm-started 5 variables." in caplog.messages


def test_the_checkpoint_of_the_own_directory_wins(tmp_path, earlier, vocabularies):
    later = classifier(tmp_path / "later", vocabularies[0]).train(words_input(), steps=2)
    wanted = later.get_variable_value(KERNEL)
    again = classifier(tmp_path / "later", vocabularies[0], earlier.model_dir).train(words_input(), steps=1)
    np.testing.assert_array_equal(tf.train.load_variable(f"{again.model_dir}/model.ckpt-2", KERNEL), wanted)


def test_evaluation_and_prediction_without_a_checkpoint_begin_warm(tmp_path, earlier, vocabularies):
    later = classifier(tmp_path / "later", vocabularies[0], earlier.model_dir)
    assert later.evaluate(words_input(), steps=1)["loss"] == earlier.evaluate(words_input(), steps=1)["loss"]
    ours, theirs = (next(estimator.predict(words_input())) for estimator in (later, earlier))
    np.testing.assert_array_equal(ours["logits"], theirs["logits"])


@pytest.mark.parametrize(
    "make",
    [
        lambda **options: tf.estimator.LinearRegressor([tf.feature_column.numeric_column("x")], **options),
        lambda **options: tf.estimator.LinearClassifier([tf.feature_column.numeric_column("x")], **options),
        lambda **options: tf.estimator.DNNRegressor([2], [tf.feature_column.numeric_column("x")], **options),
        lambda **options: tf.estimator.DNNLinearCombinedRegressor(
            linear_feature_columns=[tf.feature_column.numeric_column("x")], **options
        ),
        lambda **options: tf.estimator.DNNLinearCombinedClassifier(
            dnn_feature_columns=[tf.feature_column.numeric_column("x")], dnn_hidden_units=[2], **options
        ),
    ],
)
def test_every_premade_model_starts_warm(make, tmp_path):
    earlier = make(model_dir=str(tmp_path / "earlier")).train(words_input(), steps=2)
    later = make(model_dir=str(tmp_path / "later"), warm_start_from=earlier.model_dir)
    later.train(words_input(), steps=1)
    names = [name for name in earlier.get_variable_names() if name.endswith(("kernel", "weights"))]
    assert names
    for name in names:
        first = tf.train.load_variable(f"{later.model_dir}/model.ckpt-0", name)
        np.testing.assert_array_equal(first, earlier.get_variable_value(name))


def test_what_is_no_place_to_start_from_is_refused(tmp_path):
    with pytest.raises(ValueError, match="must be a string or a WarmStartSettings, instead got <class 'int'>"):
        tf.estimator.Estimator(lambda features: None, tmp_path, warm_start_from=3)
    with pytest.raises(ValueError, match="MUST be set"):
        tf.estimator.WarmStartSettings("")


def test_a_directory_without_a_checkpoint_is_named(tmp_path, vocabularies):
    later = classifier(tmp_path / "later", vocabularies[0], str(tmp_path))
    with pytest.raises(ValueError, match="checkpoint"):
        later.train(words_input(), steps=1)
