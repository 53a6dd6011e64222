"""What heads say of fixed logits, and what premade models learn from fixed data; with TensorFlow 1.15.0 it writes
tests/golden/estimator/heads_tf115.json.

Run with a Python that has it and numpy 1.18 (with later ones its heads fail): `python tests/golden/make/heads.py`. The
tests run it with trackml.

For each head: the loss, the summaries of a training graph, all metrics after two batches and all predictions. For each
premade model: the names and shapes of its variables and its tags; of those that start from 0 also the variables after
a training, metrics and predictions.
"""

import json
import os
import pathlib
import shutil
import tempfile

import numpy as np

TARGET = pathlib.Path(__file__).resolve().parent.parent / "estimator" / "heads_tf115.json"
random = np.random.RandomState(11)
LOGITS = {size: [(2 * random.randn(5, size)).astype(np.float32) for _ in range(2)] for size in (1, 2, 3, 5)}
WEIGHTS = [np.array([1.0, 0.5, 2.0, 0.0, 1.5], np.float32), np.array([0.25, 1.0, 1.0, 3.0, 0.5], np.float32)]
BINARY = [np.array([1, 0, 1, 1, 0]), np.array([0, 0, 1, 0, 1])]
NAMES = [np.array([[b"no", b"yes"][int(item)] for item in batch]) for batch in BINARY]
CLASSES = [np.array([2, 0, 1, 2, 2]), np.array([0, 1, 1, 2, 0])]
WORDS = [np.array([[b"a", b"b", b"c"][int(item)] for item in batch]) for batch in CLASSES]
MULTI_HOT = [random.randint(0, 2, [5, 3]), random.randint(0, 2, [5, 3])]
NUMBERS = {size: [random.randn(5, size).astype(np.float32) for _ in range(2)] for size in (1, 2)}
COUNTS = [np.array([0.0, 1.0, 3.0, 7.0, 2.0], np.float32), np.array([1.0, 0.0, 0.0, 5.0, 9.0], np.float32)]
SHARES = [np.array([0.1, 0.9, 0.5, 0.0, 1.0], np.float32), np.array([0.3, 0.2, 0.7, 1.0, 0.0], np.float32)]


def heads(make):
    """{case: (head, logits, labels)}; `make(kind, **arguments)` makes a head."""
    sums = {"loss_reduction": "weighted_sum"}
    yes_no = ["no", "yes"]
    return {
        "binary": (make("binary"), LOGITS[1], BINARY),
        "binary_sum_weights": (make("binary", weight_column="w", **sums), LOGITS[1], BINARY),
        "binary_names": (make("binary", label_vocabulary=yes_no, name="own"), LOGITS[1], NAMES),
        "binary_thresholds": (make("binary", thresholds=[0.25, 0.75], weight_column="w"), LOGITS[1], BINARY),
        "multi_class": (make("multi_class", n_classes=3), LOGITS[3], CLASSES),
        "multi_class_sum_weights": (make("multi_class", n_classes=3, weight_column="w", **sums), LOGITS[3], CLASSES),
        "multi_class_names": (make("multi_class", n_classes=3, label_vocabulary=["a", "b", "c"]), LOGITS[3], WORDS),
        "multi_label": (make("multi_label", n_classes=3), LOGITS[3], MULTI_HOT),
        "multi_label_more": (
            make("multi_label", n_classes=3, thresholds=[0.4], weight_column="w",
                 classes_for_class_based_metrics=[0, 2]),
            LOGITS[3],
            MULTI_HOT,
        ),
        "regression": (make("regression"), LOGITS[1], NUMBERS[1]),
        "regression_sum_weights": (make("regression", label_dimension=2, weight_column="w", **sums),
                                   LOGITS[2], NUMBERS[2]),
        "poisson": (make("poisson"), LOGITS[1], COUNTS),
        "logistic": (make("logistic"), LOGITS[1], SHARES),
    }  # fmt: skip


def plain(value):
    """A value as JSON can hold it."""
    array = np.asarray(value)
    if array.dtype.kind in "OS":
        return np.vectorize(lambda item: bytes(item).decode(), otypes=[object])(array).tolist()
    return array.astype(float).tolist()


def describe(tf, head, logits, labels):
    """What a head says."""
    found = {}
    for mode in ("train", "eval", "infer"):
        with tf.Graph().as_default(), tf.Session() as session:
            tf.train.get_or_create_global_step()
            fed_logits = tf.placeholder(tf.float32, [None, logits[0].shape[1]])
            kind = tf.string if labels[0].dtype.kind == "S" else tf.as_dtype(labels[0].dtype)
            fed_labels = tf.placeholder(kind, [None, *labels[0].shape[1:]])
            fed_weights = tf.placeholder(tf.float32, [None])
            spec = head.create_estimator_spec(
                features={"w": fed_weights},
                mode=mode,
                logits=fed_logits,
                labels=None if mode == "infer" else fed_labels,
                train_op_fn=lambda loss: tf.no_op(),
            )
            session.run([tf.global_variables_initializer(), tf.local_variables_initializer(),
                         tf.tables_initializer()])  # fmt: skip
            feeds = [
                {fed_logits: own_logits, fed_labels: own_labels, fed_weights: own_weights}
                for own_logits, own_labels, own_weights in zip(logits, labels, WEIGHTS)
            ]
            if mode == "train":
                found["losses"] = [plain(session.run(spec.loss, feed)) for feed in feeds]
                tags = [item.op.name for item in tf.get_collection(tf.GraphKeys.SUMMARIES)]
                values = [session.run(item, feeds[0]) for item in tf.get_collection(tf.GraphKeys.SUMMARIES)]
                summaries = [tf.Summary.FromString(value).value[0] for value in values]
                found["summaries"] = {tag: item.simple_value for tag, item in zip(tags, summaries)}
            elif mode == "eval":
                updates = [update for _, update in spec.eval_metric_ops.values()]
                for feed in feeds:
                    session.run(updates, feed)
                metrics = {name: value for name, (value, _) in spec.eval_metric_ops.items()}
                found["metrics"] = {name: plain(value) for name, value in session.run(metrics).items()}
            else:
                values = session.run(spec.predictions, feeds[0])
                found["predictions"] = {name: plain(value) for name, value in values.items()}
                found["outputs"] = {name: type(item).__name__ for name, item in spec.export_outputs.items()}
    return found


X = np.linspace(-1.0, 1.0, 24).astype(np.float32)
KIND = np.array(["a", "b", "c", "zzz"] * 6)
FEATURES = {"x": X, "kind": KIND, "w": np.tile(np.array([0.5, 1.0, 2.0], np.float32), 8)}
CHEAP = (X > 0.2).astype(np.int64)
THREE = np.digitize(X, [-0.3, 0.4]).astype(np.int64)
PRICE = (3 * X - 1).astype(np.float32)
TWO_PRICES = np.stack([PRICE, -PRICE], axis=1)


def models(tf, at):
    """{case: (Estimator, labels)}, of models that start from 0."""
    fc, e = tf.feature_column, tf.estimator
    x, kind = fc.numeric_column("x"), fc.categorical_column_with_vocabulary_list("kind", ["a", "b", "c"])
    bucketized = fc.bucketized_column(x, [-0.5, 0.0, 0.5])
    columns = [x, kind, bucketized, fc.crossed_column([bucketized, "kind"], 20)]

    def sparse():
        return tf.train.FtrlOptimizer(0.1, l1_regularization_strength=0.1)

    return {
        "LinearRegressor": (e.LinearRegressor(columns, at("lr")), PRICE),
        "LinearRegressor_two": (e.LinearRegressor(columns, at("lr2"), label_dimension=2, weight_column="w",
                                                  optimizer="Adam", sparse_combiner="mean"), TWO_PRICES),
        "LinearClassifier": (e.LinearClassifier(columns, at("lc"), weight_column="w"), CHEAP),
        "LinearClassifier_words": (e.LinearClassifier(columns, at("lcw"), label_vocabulary=["no", "yes"],
                                                      optimizer="SGD"), np.array(["no", "yes"])[CHEAP]),
        "LinearClassifier_three": (e.LinearClassifier(columns, at("lc3"), n_classes=3, optimizer=sparse), THREE),
        "BaselineRegressor": (e.BaselineRegressor(at("br"), weight_column="w"), PRICE),
        "BaselineClassifier": (e.BaselineClassifier(at("bc"), n_classes=3), THREE),
        "DNNLinearCombinedRegressor_wide": (e.DNNLinearCombinedRegressor(at("wide"), linear_feature_columns=columns),
                                            PRICE),
    }  # fmt: skip


def networks(tf, at):
    """{case: (Estimator, labels)}, of models that start at random."""
    fc, e = tf.feature_column, tf.estimator
    x, kind = fc.numeric_column("x"), fc.categorical_column_with_vocabulary_list("kind", ["a", "b", "c"])
    wide, deep = [x, kind], [x, fc.indicator_column(kind), fc.embedding_column(kind, 2)]
    return {
        "DNNRegressor": (e.DNNRegressor([4, 3], deep, at("dr")), PRICE),
        "DNNClassifier": (e.DNNClassifier(["4"], deep, at("dc"), n_classes=3, optimizer="Adam", dropout=0.5), THREE),
        "DNNClassifier_normalized": (e.DNNClassifier([4, 3], deep, at("dcn"), batch_norm=True), CHEAP),
        "DNNLinearCombinedRegressor": (
            e.DNNLinearCombinedRegressor(at("dlr"), linear_feature_columns=wide, dnn_feature_columns=deep,
                                         dnn_hidden_units=[4]),
            PRICE,
        ),
        "DNNLinearCombinedClassifier": (
            e.DNNLinearCombinedClassifier(at("dlc"), linear_feature_columns=wide, dnn_feature_columns=deep,
                                          dnn_hidden_units=[4], linear_optimizer="SGD", n_classes=3),
            THREE,
        ),
    }  # fmt: skip


def tags_in(tf, directory):
    """The tags of all summaries of a directory."""
    names = [name for name in os.listdir(directory) if "tfevents" in name and not name.endswith(".manifest")]
    return sorted({
        value.tag
        for name in names
        for event in tf.train.summary_iterator(os.path.join(directory, name))
        for value in event.summary.value
    })  # fmt: skip


def run_models(tf, root, make, compare_numbers):
    """What premade models leave."""
    found = {}
    for case, (model, labels) in make(tf, lambda name: os.path.join(root, name)).items():

        def input_fn(labels=labels):
            return tf.data.Dataset.from_tensor_slices((FEATURES, labels)).repeat().batch(8)

        model.train(input_fn, steps=30)
        names = model.get_variable_names()
        scores = model.evaluate(input_fn, steps=3)
        found[case] = {
            "variables": {name: list(np.shape(model.get_variable_value(name))) for name in names},
            "tags": tags_in(tf, model.model_dir),
            "eval_tags": tags_in(tf, model.eval_dir()),
            "scores": sorted(scores),
        }
        if compare_numbers:
            found[case]["values"] = {name: plain(model.get_variable_value(name)) for name in names}
            found[case]["scores"] = {name: float(value) for name, value in scores.items()}
            rows = model.predict(input_fn)
            found[case]["predictions"] = [{key: plain(value) for key, value in next(rows).items()} for _ in range(3)]
    return found


def run(tf, make, root):
    """Everything that is compared."""
    return {
        "heads": {case: describe(tf, *given) for case, given in heads(make).items()},
        "models": run_models(tf, root, models, True),
        "networks": run_models(tf, root, networks, False),
    }


if __name__ == "__main__":
    import tensorflow as tf

    contrib = tf.contrib.estimator
    makers = {
        "binary": contrib.binary_classification_head,
        "multi_class": contrib.multi_class_head,
        "multi_label": contrib.multi_label_head,
        "regression": contrib.regression_head,
        "poisson": contrib.poisson_regression_head,
        "logistic": contrib.logistic_regression_head,
    }
    directory = tempfile.mkdtemp()
    result = run(tf, lambda kind, **arguments: makers[kind](**arguments), directory)
    TARGET.write_text(json.dumps(result, indent=1, sort_keys=True) + "\n")
    shutil.rmtree(directory)
