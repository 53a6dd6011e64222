"""Programs with conditionals and loops that TensorFlow 1.15 and this library must agree on.

The script in tests/golden/make runs the same functions under TensorFlow; so no syntax newer than its Python's here.
"""


def _run(tf, fetches, feed_dict=None):
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        return session.run(fetches, feed_dict)


def cond_and_gradients(tf):
    with tf.Graph().as_default():
        x = tf.placeholder(tf.float32, [2])
        w = tf.constant([2.0, -1.0])
        y = tf.cond(x[0] > 1.0, lambda: [x * w, tf.tanh(x)], lambda: [tf.exp(-x), w])
        grads = tf.gradients(y, [x, w])
        return [_run(tf, [y, grads], {x: value}) for value in ([2.0, 0.5], [0.5, 2.0])]


def cond_second_derivative(tf):
    with tf.Graph().as_default():
        x = tf.placeholder(tf.float32, [])
        y = tf.cond(x > 0.0, lambda: x * x * x, lambda: tf.sin(x))
        (first,) = tf.gradients(y, x)
        (second,) = tf.gradients(first, x)
        return [_run(tf, [y, first, second], {x: value}) for value in (2.0, -1.0)]


def cond_of_cond(tf):
    with tf.Graph().as_default():
        x = tf.placeholder(tf.float32, [])
        y = tf.cond(x > 0.0, lambda: tf.cond(x > 1.0, lambda: x * x, lambda: x), lambda: 0.5 * x)
        return [_run(tf, [y, *tf.gradients(y, x)], {x: value}) for value in (3.0, 0.5, -2.0)]


def cond_with_lists_of_one(tf):
    with tf.Graph().as_default():
        pred = tf.placeholder(tf.bool, [])
        loose = tf.cond(pred, lambda: [tf.constant(1)], lambda: [tf.constant(2)])
        strict = tf.cond(pred, lambda: [tf.constant(1)], lambda: [tf.constant(2)], strict=True)
        both = tf.cond(pred, lambda: (1, 2.0), lambda: (3, 4.0))
        return _run(tf, [loose, strict, list(both)], {pred: False})


def case_takes_the_first_true_one(tf):
    with tf.Graph().as_default():
        x = tf.placeholder(tf.int32, [])
        pairs = [(tf.less(x, 1), lambda: tf.constant(10)), (tf.less(x, 5), lambda: tf.constant(20))]
        y = tf.case(pairs, default=lambda: tf.constant(30))
        return [_run(tf, y, {x: value}) for value in (0, 3, 7)]


def loop_and_gradients(tf):
    with tf.Graph().as_default():
        x = tf.placeholder(tf.float32, [2])
        w = tf.constant([0.5, 1.5])
        loop = tf.while_loop(lambda i, v, s: i < 5, lambda i, v, s: (i + 1, tf.tanh(v * w), s + v), (0, x, x))
        return _run(tf, [list(loop), tf.gradients(loop[2], [x, w])], {x: [0.3, -0.7]})


def loop_that_does_not_run(tf):
    with tf.Graph().as_default():
        x = tf.placeholder(tf.float32, [])
        loop = tf.while_loop(lambda i, v: i < 0, lambda i, v: (i + 1, v * 2.0), (0, x))
        return _run(tf, [list(loop), *tf.gradients(loop[1], x)], {x: 3.0})


def loop_in_a_loop(tf):
    with tf.Graph().as_default():
        x = tf.placeholder(tf.float32, [])

        def outer(i, v):
            inner = tf.while_loop(lambda j, u: j <= i, lambda j, u: (j + 1, u * x), (0, v))
            return i + 1, inner[1] + 1.0

        loop = tf.while_loop(lambda i, v: i < 3, outer, (0, x))
        return _run(tf, [loop[1], *tf.gradients(loop[1], x)], {x: 1.25})


def cond_in_a_loop(tf):
    with tf.Graph().as_default():
        x = tf.placeholder(tf.float32, [])

        def body(i, v):
            return i + 1, tf.cond(tf.equal(i % 2, 0), lambda: v * x, lambda: v + x)

        loop = tf.while_loop(lambda i, v: i < 5, body, (0, x))
        return _run(tf, [loop[1], *tf.gradients(loop[1], x)], {x: 1.5})


def loop_with_a_limit(tf):
    with tf.Graph().as_default():
        return _run(tf, tf.while_loop(lambda i: i < 10, lambda i: i + 1, [0], maximum_iterations=4))


def loop_over_a_structure(tf):
    with tf.Graph().as_default():
        start = (tf.constant(0), {"a": tf.constant(1.0), "b": [tf.constant(2.0)]})

        def body(i, d):
            return i + 1, {"a": d["a"] + d["b"][0], "b": [d["b"][0] * 2.0]}

        last = tf.while_loop(lambda i, d: i < 3, body, start)
        return _run(tf, [last[0], last[1]["a"], last[1]["b"][0]])


def loop_that_grows(tf):
    with tf.Graph().as_default():
        shapes = [tf.TensorShape([]), tf.TensorShape([None])]
        loop = tf.while_loop(
            lambda i, v: i < 3, lambda i, v: [i + 1, tf.concat([v, v], 0)], [0, tf.constant([1, 2])], shapes
        )
        return [*_run(tf, loop), loop[1].shape.as_list()]


def map_and_gradients(tf):
    with tf.Graph().as_default():
        x = tf.placeholder(tf.float32, [3, 2])
        y = tf.map_fn(lambda row: row * tf.reduce_sum(row), x)
        both = tf.map_fn(lambda pair: (pair[0] - pair[1], pair[1]), (x, 2.0 * x))
        number = tf.map_fn(lambda row: tf.argmax(row), x, dtype=tf.int64)
        fetches = [y, list(both), number, *tf.gradients(y, x), *tf.gradients(both[0], x)]
        return _run(tf, fetches, {x: [[1.0, 2.0], [3.0, -1.0], [0.5, 0.25]]})


def scans_and_folds(tf):
    with tf.Graph().as_default():
        x = tf.placeholder(tf.float32, [4])
        fetches = [
            tf.scan(lambda a, b: a * b, x),
            tf.scan(lambda a, b: a * b, x, initializer=10.0),
            tf.scan(lambda a, b: a - b, x, reverse=True),
            tf.foldl(lambda a, b: a - 2.0 * b, x),
            tf.foldr(lambda a, b: a - 2.0 * b, x),
            tf.foldl(lambda a, b: a - b, x, initializer=1.0),
        ]
        grads = [tf.gradients(fetch, x)[0] for fetch in fetches]
        return _run(tf, fetches + grads, {x: [1.0, 2.0, 3.0, 0.5]})


def arrays_of_tensors(tf):
    with tf.Graph().as_default():
        x = tf.placeholder(tf.float32, [3, 2])
        parts = tf.TensorArray(tf.float32, 3).unstack(x)
        out = tf.TensorArray(tf.float32, 0, dynamic_size=True)
        loop = tf.while_loop(
            lambda i, a: i < 3, lambda i, a: (i + 1, a.write(i, parts.read(i) * tf.cast(i, tf.float32))), (0, out)
        )
        whole = loop[1].stack()
        return _run(
            tf, [whole, loop[1].size(), *tf.gradients(whole * whole, x)], {x: [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]}
        )


def variables_in_branches(tf):
    with tf.Graph().as_default():
        pred = tf.placeholder(tf.bool, [])
        v = tf.get_variable("v", [], initializer=tf.ones_initializer(), use_resource=True)
        y = tf.cond(pred, lambda: v.assign_add(10.0), lambda: v.read_value() * 0.5)
        with tf.Session() as session:
            session.run(tf.global_variables_initializer())
            return [session.run(y, {pred: value}) for value in (False, True, True, False)]


def gradients_of_variables(tf):
    with tf.Graph().as_default():
        w = tf.get_variable("w", [2], initializer=tf.constant_initializer([0.5, -0.25]))
        table = tf.get_variable("t", [3, 2], initializer=tf.constant_initializer(0.5))

        def body(i, x):
            return i + 1, tf.cond(i < 2, lambda: tf.tanh(x * w), lambda: x + w) + tf.gather(table, i)

        loop = tf.while_loop(lambda i, x: i < 3, body, (0, tf.constant([1.0, 2.0])))
        grads = [tf.convert_to_tensor(grad) for grad in tf.gradients(loop[1], [w, table])]
        return _run(tf, [loop[1], *grads])


CASES = {name: function for name, function in sorted(globals().items()) if name[0] != "_" and callable(function)}
