"""Premade models that one library begins to train and another goes on with; `tf` is either of them."""

import os

import numpy as np

KINDS = ("linear", "dnn", "combined")


def data():
    """60 examples of three classes."""
    rng = np.random.RandomState(5)
    size = rng.uniform(0.0, 4.0, 60).astype(np.float32)
    weight = rng.uniform(0.0, 4.0, 60).astype(np.float32)
    colour = np.array([b"red", b"green", b"blue"], dtype=object)[rng.randint(0, 3, 60)]
    label = ((size + (colour == b"red")) // 2).astype(np.int64)
    return {"size": size, "weight": weight, "colour": colour.astype("S5")}, np.minimum(label, 2)


def train_input(tf):
    return lambda: tf.data.Dataset.from_tensor_slices(data()).repeat().batch(20)


def test_input(tf):
    return lambda: tf.data.Dataset.from_tensor_slices(data()).batch(60)


def model(tf, kind, directory):
    column = tf.feature_column
    colour = column.categorical_column_with_vocabulary_list("colour", ["red", "green", "blue"])
    numbers = [column.numeric_column("size"), column.numeric_column("weight")]
    crossed = column.crossed_column(["colour", column.bucketized_column(numbers[0], [1.0, 2.0, 3.0])], 12)
    config = tf.estimator.RunConfig(os.path.join(directory, kind), save_summary_steps=50)
    if kind == "linear":
        return tf.estimator.LinearClassifier([*numbers, colour, crossed], n_classes=3, config=config)
    dense = [*numbers, column.indicator_column(colour)]
    if kind == "dnn":
        return tf.estimator.DNNClassifier([5], dense, n_classes=3, config=config)
    dense.append(column.embedding_column(colour, 2))
    return tf.estimator.DNNLinearCombinedClassifier(
        linear_feature_columns=[colour, crossed],
        dnn_feature_columns=dense,
        dnn_hidden_units=[5],
        n_classes=3,
        config=config,
    )


def told(tf, kind, directory, max_steps=None):
    """Trains up to a step, if that is wanted, and tells the step and the logits of ten examples."""
    estimator = model(tf, kind, directory)
    if max_steps is not None:
        estimator.train(train_input(tf), max_steps=max_steps)
    rows = [row["logits"].tolist() for row in estimator.predict(test_input(tf))][:10]
    return {"global_step": int(estimator.get_variable_value("global_step")), "logits": rows}


def scalar_tags(tf, directory):
    """The tags of scalars in the event files of a directory, and the steps of `loss`."""
    tags, steps = set(), set()
    for name in sorted(os.listdir(directory)):
        if "tfevents" not in name:
            continue
        for event in tf.train.summary_iterator(os.path.join(directory, name)):
            for value in event.summary.value:
                if value.HasField("simple_value"):
                    tags.add(value.tag)
                    steps.update([event.step] if value.tag == "loss" else [])
    return {"tags": sorted(tags), "loss": sorted(steps)}
