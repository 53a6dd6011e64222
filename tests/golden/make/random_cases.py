"""Random numbers to draw, in any module that looks like TensorFlow; for Python 3.7 and later."""

import numpy as np

SHAPES = ([1], [2], [5], [3, 7], [], [0], [40001])
KEPT = 64


def drawn(tf, make):
    """What a case gives in two runs of one session."""
    with tf.Graph().as_default(), tf.Session() as session:
        tensor = make(tf)
        session.run([tf.global_variables_initializer()])
        values = [np.ravel(session.run(tensor)) for _ in range(2)]
    return [np.concatenate([value[:KEPT], value[-KEPT:]]) if value.size > 2 * KEPT else value for value in values]


def of(function, shape, seed=5, **options):
    return lambda tf: getattr(tf, function)(shape, seed=seed, **options)


def name_of(function, dtype, shape):
    return "%s-%s-%s" % (function, dtype, "x".join(map(str, shape)))


def shuffled(rows, shape):
    return lambda tf: tf.random_shuffle(np.arange(rows * int(np.prod(shape))).reshape([rows, *shape]), seed=5)


def under_graph_seed(make):
    def made(tf):
        tf.set_random_seed(42)
        return make(tf)

    return made


def operations(tf):
    parts = [
        tf.random_uniform([3]),
        tf.random_normal([3], seed=3),
        tf.truncated_normal([2], mean=1.0, stddev=0.5),
        tf.cast(tf.random_uniform([2], maxval=5, dtype=tf.int32), tf.float32),
        tf.cast(tf.random_shuffle(np.arange(4)), tf.float32),
        tf.cast(tf.multinomial(np.zeros([2, 9], np.float32), 2), tf.float32),
        tf.random_uniform([2], seed=0),
        tf.random_normal([3]),
    ]
    return tf.concat([tf.reshape(part, [-1]) for part in parts], 0)


def variables(tf):
    initializers = [
        None,
        tf.glorot_uniform_initializer(),
        tf.glorot_normal_initializer(),
        tf.glorot_normal_initializer(seed=1),
        tf.zeros_initializer(),
        tf.truncated_normal_initializer(stddev=0.1),
        tf.random_normal_initializer(1.0, 2.0),
        tf.random_uniform_initializer(-1.0, 3.0, seed=9),
        tf.variance_scaling_initializer(2.0, "fan_out", "uniform"),
        tf.variance_scaling_initializer(distribution="untruncated_normal"),
        tf.uniform_unit_scaling_initializer(),
    ]
    made = [tf.get_variable("v%d" % index, [4, 3], initializer=item) for index, item in enumerate(initializers)]
    made.append(tf.Variable(tf.random_normal([4, 3])))
    return tf.concat([tf.identity(item) for item in made], 0)


def network(tf):
    x = tf.constant(np.linspace(-1, 1, 12, dtype=np.float32).reshape(3, 4))
    hidden = tf.layers.dense(x, 5, activation=tf.nn.tanh)
    hidden = tf.layers.dropout(hidden, 0.5, training=True)
    hidden = tf.layers.dense(hidden, 3, activation=tf.nn.tanh)
    hidden = tf.nn.dropout(hidden, keep_prob=0.7)
    image = tf.reshape(hidden, [1, 3, 3, 1])
    image = tf.layers.conv2d(image, 2, 2, padding="same")
    image = tf.layers.dropout(image, 0.4, noise_shape=[1, 1, 1, 2], training=True)
    with tf.variable_scope("scope", initializer=tf.truncated_normal_initializer(stddev=0.5)):
        weights = tf.get_variable("weights", [2, 2])
    return tf.matmul(tf.reshape(image, [9, 2]), weights)


CASES = {}
for function in ("random_uniform", "random_normal", "truncated_normal"):
    for dtype in ("float16", "float32", "float64"):
        for shape in SHAPES:
            CASES[name_of(function, dtype, shape)] = of(function, shape, dtype=dtype)
for dtype in ("int32", "int64"):
    for shape in SHAPES:
        CASES[name_of("random_uniform", dtype, shape)] = of(
            "random_uniform", shape, minval=-5, maxval=1000, dtype=dtype
        )
CASES["random_uniform-int64-wide"] = of("random_uniform", [9], minval=-(2**62), maxval=2**62 + 5, dtype="int64")
CASES["random_uniform-int32-wide"] = of("random_uniform", [9], minval=-(2**31), maxval=2**31 - 1, dtype="int32")
CASES["random_uniform-large-seed"] = of("random_uniform", [9], seed=2**40 + 3)
CASES["random_uniform-negative-seed"] = of("random_uniform", [9], seed=-7)
for rows in (1, 2, 5, 50, 999):
    CASES["random_shuffle-%d" % rows] = shuffled(rows, [])
CASES["random_shuffle-7x3"] = shuffled(7, [3])
for count in (1, 5, 20):
    logits = np.log([[0.1, 0.2, 0.3, 0.4], [0.7, 0.1, 0.1, 0.1], [0.5, 1e-30, 0.5, 1e-30]]).astype(np.float32)
    CASES["multinomial-%d" % count] = lambda tf, count=count, logits=logits: tf.multinomial(logits, count, seed=5)
CASES["random_crop"] = lambda tf: tf.random_crop(np.arange(60).reshape(10, 6), [3, 2], seed=5)
CASES["dropout"] = lambda tf: tf.nn.dropout(tf.ones([4, 9]), rate=0.4, seed=5)
CASES["graph-operations"] = under_graph_seed(operations)
CASES["graph-variables"] = under_graph_seed(variables)
CASES["graph-network"] = under_graph_seed(network)
