"""Exports: what is fed, which signatures there are, what the log says of them."""

from __future__ import annotations

import logging
import os
import pathlib

import numpy as np
import pytest

import trackml as tf

export = tf.estimator.export
X = tf.feature_column.numeric_column("x")
SPEC = {"x": tf.FixedLenFeature([1], tf.float32)}


def inputs():
    features = {"x": np.arange(4, dtype=np.float32)}
    return tf.data.Dataset.from_tensor_slices((features, np.array([0, 1, 0, 1]))).batch(4)


@pytest.fixture
def classifier(model_dir):
    return tf.estimator.LinearClassifier([X], str(model_dir)).train(inputs, steps=1)


def example(x):
    value = tf.train.Feature(float_list=tf.train.FloatList(value=[x]))
    return tf.train.Example(features=tf.train.Features(feature={"x": value})).SerializeToString()


def signatures_of(path, tags=("serve",)):
    with tf.Graph().as_default(), tf.Session() as session:
        return tf.saved_model.load(session, list(tags), path).signature_def


INCLUDED_AND_EXCLUDED = [
    "Signatures INCLUDED in export for Classify: None",
    "Signatures INCLUDED in export for Regress: None",
    "Signatures INCLUDED in export for Predict: ['predict']",
    "Signatures INCLUDED in export for Train: None",
    "Signatures INCLUDED in export for Eval: None",
    "Signatures EXCLUDED from export because they cannot be be served via TensorFlow Serving APIs:",
]


def test_serialized_examples_serve_all_signatures(classifier, tmp_path, caplog):
    caplog.set_level(logging.INFO, "tensorflow")
    path = classifier.export_saved_model(tmp_path / "out", export.build_parsing_serving_input_receiver_fn(SPEC))
    assert isinstance(path, bytes)
    assert "Signatures INCLUDED in export for Classify: ['serving_default', 'classification']" in caplog.messages
    assert "Signatures INCLUDED in export for Regress: ['regression']" in caplog.messages
    assert "Signatures INCLUDED in export for Predict: ['predict']" in caplog.messages
    found = signatures_of(path)
    assert sorted(found) == ["classification", "predict", "regression", "serving_default"]
    assert found["serving_default"].inputs["inputs"].name == "input_example_tensor:0"
    assert found["predict"].inputs["examples"].name == "input_example_tensor:0"
    predict = tf.contrib.predictor.from_saved_model(path, "predict")
    wanted = [item["logits"] for item in classifier.predict(inputs)]
    np.testing.assert_array_equal(predict({"examples": [example(x) for x in range(4)]})["logits"], wanted)


def test_raw_features_serve_what_needs_no_examples(classifier, tmp_path, caplog):
    caplog.set_level(logging.INFO, "tensorflow")
    receiver = export.build_raw_serving_input_receiver_fn({"x": tf.placeholder(tf.float32, [None])})
    path = classifier.export_saved_model(tmp_path / "out", receiver)
    begin = caplog.messages.index(INCLUDED_AND_EXCLUDED[0])
    assert caplog.messages[begin : begin + 6] == INCLUDED_AND_EXCLUDED
    reason = next(line for line in caplog.messages if line.startswith("'serving_default' : "))
    assert "Classification input must be a single string Tensor; got {'x': " in reason
    assert "Export includes no default signature!" in caplog.messages
    assert sorted(signatures_of(path)) == ["predict"]
    predict = tf.contrib.predictor.from_saved_model(path, "predict")
    wanted = [item["probabilities"] for item in classifier.predict(inputs)]
    np.testing.assert_array_equal(predict({"x": [0.0, 1.0, 2.0, 3.0]})["probabilities"], wanted)


def test_other_groups_of_tensors_have_signatures_of_their_own(model_dir, tmp_path, slope_model, slope_input):
    estimator = tf.estimator.Estimator(slope_model, model_dir).train(slope_input(), steps=1)

    def receiver():
        text = tf.placeholder(tf.string, [None])
        number = tf.string_to_number(text)
        return export.TensorServingInputReceiver(number, text, {"numbers": {"n": number}})

    path = estimator.export_saved_model(tmp_path / "out", receiver)
    assert sorted(signatures_of(path)) == ["numbers:serving_default", "serving_default"]
    predict = tf.contrib.predictor.from_saved_model(path)
    assert predict({"input": [b"2"]})["y"].tolist() == [3]
    assert tf.contrib.predictor.from_saved_model(path, "numbers:serving_default")({"n": [4.0]})["y"].tolist() == [6]


def test_several_modes_are_graphs_of_one_model(classifier, tmp_path):
    from trackml.estimator.export.receivers import build_raw_supervised_input_receiver_fn

    supervised = build_raw_supervised_input_receiver_fn(
        {"x": tf.placeholder(tf.float32, [None])}, {"label": tf.placeholder(tf.int64, [None])}
    )

    def one_label():
        receiver = supervised()
        return export.SupervisedInputReceiver(receiver.features, receiver.labels["label"], receiver.receiver_tensors)

    modes = tf.estimator.ModeKeys
    path = classifier.experimental_export_all_saved_models(
        tmp_path / "out",
        {
            modes.TRAIN: one_label,
            modes.EVAL: one_label,
            modes.PREDICT: export.build_parsing_serving_input_receiver_fn(SPEC),
        },
    )
    assert list(signatures_of(path, ["train"])) == ["train"]
    (evaluation,) = signatures_of(path, ["eval"]).values()
    assert evaluation.method_name == "tensorflow/supervised/eval"
    assert "metrics/accuracy/value" in evaluation.outputs
    assert "predict" in signatures_of(path)


def test_extra_files_are_copied(classifier, tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    receiver = export.build_parsing_serving_input_receiver_fn(SPEC)
    extra = {"docs/notes.txt": str(tmp_path / "notes.txt")}
    path = pathlib.Path(os.fsdecode(classifier.export_saved_model(tmp_path / "out", receiver, extra, as_text=True)))
    assert (path / "assets.extra" / "docs" / "notes.txt").read_text() == "mine"
    assert (path / "saved_model.pbtxt").exists()
    with pytest.raises(ValueError, match=r"must be below assets\.extra"):
        classifier.export_saved_model(tmp_path / "out", receiver, {"../up.txt": str(tmp_path / "notes.txt")})


def test_directories_are_named_by_the_time_and_never_twice(classifier, tmp_path):
    receiver = export.build_parsing_serving_input_receiver_fn(SPEC)
    paths = [os.fsdecode(classifier.export_savedmodel(tmp_path / "out", receiver)) for _ in range(2)]
    names = [os.path.basename(path) for path in paths]
    assert all(len(name) == 10 and name.isdigit() for name in names)
    assert names[0] < names[1]
    assert sorted(os.listdir(tmp_path / "out")) == names


def test_an_export_that_fails_leaves_nothing_that_looks_like_one(classifier, tmp_path):
    def receiver():
        raise RuntimeError("no receiver")

    with pytest.raises(RuntimeError, match="no receiver"):
        classifier.export_saved_model(tmp_path / "out", receiver)
    assert [name for name in os.listdir(tmp_path / "out") if name.isdigit()] == []


def test_optimizer_slots_are_not_exported(classifier, tmp_path):
    receiver = export.build_parsing_serving_input_receiver_fn(SPEC)
    path = os.fsdecode(classifier.export_saved_model(tmp_path / "out", receiver))
    names = [name for name, _ in tf.train.list_variables(f"{path}/variables/variables")]
    assert names == ["global_step", "linear/linear_model/bias_weights", "linear/linear_model/x/weights"]


def test_what_is_missing_is_told(classifier, tmp_path):
    with pytest.raises(ValueError, match="An input_receiver_fn must be defined"):
        classifier.export_saved_model(tmp_path, None)
    untrained = tf.estimator.LinearClassifier([X], str(tmp_path / "new"))
    with pytest.raises(ValueError, match="find trained model at"):
        untrained.export_saved_model(tmp_path, export.build_parsing_serving_input_receiver_fn(SPEC))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda x: export.ServingInputReceiver(None, x), "features must be defined"),
        (lambda x: export.ServingInputReceiver({"x": x}, None), "receiver_tensors must be defined"),
        (lambda x: export.ServingInputReceiver({"x": 3}, x), "feature x must be a Tensor or SparseTensor"),
        (lambda x: export.ServingInputReceiver({"x": x}, {"x": 3}), "receiver_tensor x must be a Tensor"),
        (lambda x: export.ServingInputReceiver({2.5: x}, x), r"feature keys must be strings: 2\.5"),
        (lambda x: export.ServingInputReceiver(x, x, [x]), "receiver_tensors_alternatives must be a dict"),
        (lambda x: export.TensorServingInputReceiver({"x": x}, x), "must be a Tensor"),
    ],
)
def test_receivers_are_checked(make, message):
    with tf.Graph().as_default(), pytest.raises(ValueError, match=message):
        make(tf.placeholder(tf.float32, [None]))


def outputs_model(export_outputs):
    def model_fn(features, labels, mode):
        loss = tf.reduce_sum(features * tf.get_variable("w", initializer=1.0))
        train_op = tf.train.get_global_step().assign_add(1)
        return tf.estimator.EstimatorSpec(mode, features, loss, train_op, export_outputs=export_outputs(features))

    return model_fn


@pytest.mark.parametrize(
    ("outputs", "error", "message"),
    [
        (lambda x: [export.PredictOutput(x)], TypeError, "export_outputs must be dict"),
        (lambda x: {"a": x}, TypeError, "must be ExportOutput objects"),
        (
            lambda x: {"a": export.PredictOutput(x), "b": export.PredictOutput(x)},
            ValueError,
            "Multiple export_outputs were provided, but none of them is specified as the default",
        ),
    ],
)
def test_export_outputs_are_checked(model_dir, tmp_path, outputs, error, message, slope_input):
    def receiver():
        x = tf.placeholder(tf.float32, [None])
        return export.TensorServingInputReceiver(x, x)

    estimator = tf.estimator.Estimator(outputs_model(outputs), model_dir)

    def train_and_export():
        estimator.train(slope_input(), steps=1).export_saved_model(tmp_path / "out", receiver)

    with pytest.raises(error, match=message):
        train_and_export()
