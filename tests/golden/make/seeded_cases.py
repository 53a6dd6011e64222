"""Programs with seeds: datasets that are shuffled, and Estimators; for any module that looks like TensorFlow 1.15.

The numbers of the rows of `Dataset.range` are small, so that whole orders are kept.
"""

import numpy as np

GRAPH_SEED = 42


def listed(tf, make, graph_seed, kind):
    """All elements of a dataset, through an iterator of that kind."""
    with tf.Graph().as_default(), tf.Session() as session:
        if graph_seed is not None:
            tf.set_random_seed(graph_seed)
        dataset = make(tf.data.Dataset)
        if kind == "initializable":
            iterator = tf.data.make_initializable_iterator(dataset)
            session.run(iterator.initializer)
        else:
            iterator = tf.data.make_one_shot_iterator(dataset)
        following = iterator.get_next()
        found = []
        try:
            while True:
                found.append(np.asarray(session.run(following)).tolist())
        except tf.errors.OutOfRangeError:
            return found


ORDERS = {
    "whole": lambda data: data.range(20).shuffle(20, seed=5),
    "larger": lambda data: data.range(20).shuffle(50, seed=5),
    "small": lambda data: data.range(50).shuffle(7, seed=5),
    "one": lambda data: data.range(5).shuffle(1, seed=5),
    "same-each-time": lambda data: data.range(9).shuffle(9, seed=5, reshuffle_each_iteration=False).repeat(3),
    "repeated": lambda data: data.range(9).shuffle(9, seed=5).repeat(3),
    "repeated-small": lambda data: data.range(30).shuffle(4, seed=5).repeat(2),
    "repeated-larger": lambda data: data.range(5).shuffle(12, seed=5).repeat(4),
    "repeated-later": lambda data: data.range(9).shuffle(9, seed=5).map(lambda x: x + 1).repeat(3),
    "of-repeated": lambda data: data.range(6).repeat(3).shuffle(8, seed=5),
    "of-filtered": lambda data: data.range(40).filter(lambda x: x % 2 < 1).shuffle(8, seed=5).repeat(2),
    "batched": lambda data: data.range(30).shuffle(30, seed=-3).repeat(2).batch(20),
    "twice": lambda data: data.range(12).shuffle(12, seed=1).shuffle(5, seed=2),
    "zero": lambda data: data.range(12).shuffle(12, seed=0),
    "large-seed": lambda data: data.range(12).shuffle(12, seed=2**40 + 1),
    "by-the-graph": lambda data: data.range(12).shuffle(12),
    "by-the-graph-later": lambda data: data.range(12).map(lambda x: x).skip(1).take(9).shuffle(12).repeat(2).batch(5),
    "by-the-graph-twice": lambda data: data.range(12).shuffle(12).shuffle(3),
    "by-the-graph-slices": lambda data: data.from_tensor_slices(np.arange(12)).prefetch(2).shuffle(6),
}
KEYS = ("a", "b")


def rows(count):
    features = {key: np.linspace(0, 5, count, dtype=np.float32) ** power for key, power in zip(KEYS, (1, 2))}
    return features, np.arange(count, dtype=np.int64) % 3


INPUTS = {
    "plain": lambda tf: tf.data.Dataset.from_tensor_slices(rows(120)).repeat().batch(20),
    "shuffled": lambda tf: tf.data.Dataset.from_tensor_slices(rows(120)).shuffle(1000).repeat().batch(20),
    "small buffer": lambda tf: tf.data.Dataset.from_tensor_slices(rows(120)).shuffle(30).batch(20).repeat(),
    "iterator": lambda tf: tf.data.make_one_shot_iterator(INPUTS["shuffled"](tf)).get_next(),
    "mapped": lambda tf: tf.data.Dataset.from_tensor_slices(rows(120)).map(lambda x, y: (x, y)).repeat().batch(20),
    "chain": lambda tf: tf.data.Dataset.from_tensor_slices(rows(120)).filter(lambda x, y: y < 5).cache().shuffle(30)
    .take(60).skip(2).repeat().batch(20).prefetch(1),
}  # fmt: skip


def model_fn_of(tf):
    def model_fn(features, labels, mode):
        columns = [tf.feature_column.numeric_column(key) for key in KEYS]
        net = tf.feature_column.input_layer(features, columns)
        net = tf.layers.dense(net, 5, activation=tf.nn.relu)
        net = tf.layers.dropout(net, 0.3, training=mode == tf.estimator.ModeKeys.TRAIN)
        logits = tf.layers.dense(net, 3)
        loss = tf.losses.sparse_softmax_cross_entropy(labels=labels, logits=logits)
        train = tf.train.AdagradOptimizer(0.1).minimize(loss, global_step=tf.train.get_global_step())
        return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train)

    return model_fn


def trained(tf, name, model_dir):
    """The variables of a model after some steps."""
    if name == "numpy_input_fn":
        features, labels = rows(120)
        input_fn = tf.estimator.inputs.numpy_input_fn(features, labels, 20, num_epochs=None, shuffle=False)
    else:
        input_fn = lambda: INPUTS[name](tf)  # noqa: E731
    config = tf.estimator.RunConfig(tf_random_seed=GRAPH_SEED)
    estimator = tf.estimator.Estimator(model_fn_of(tf), model_dir, config=config)
    estimator.train(input_fn, steps=9)
    return {key: estimator.get_variable_value(key) for key in estimator.get_variable_names()}


TRAININGS = [*INPUTS, "numpy_input_fn"]
