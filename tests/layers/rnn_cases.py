"""Recurrent networks that TensorFlow 1.15 and this library must agree on; weights are `0.1 * sin(k)`.

The script in tests/golden/make runs the same functions under TensorFlow; so no syntax newer than its Python's here.
"""

import numpy as np


def _inputs():
    return np.sin(np.arange(2 * 4 * 3, dtype=np.float32)).reshape(2, 4, 3)


def _results(tf, network, feed_dict=None):
    """Variables, outputs, states and gradients of what `network` makes from inputs `[2, 4, 3]`."""
    with tf.Graph().as_default():
        x = tf.placeholder(tf.float32, [None, 4, 3])
        outputs, state = network(x)
        total = tf.reduce_sum(tf.square(outputs if isinstance(outputs, tf.Tensor) else tf.stack(outputs)))
        variables = tf.trainable_variables()
        grads = tf.gradients(total, [x, *variables])
        values = [np.sin(np.arange(np.prod(v.shape.as_list()))).reshape(v.shape.as_list()) * 0.1 for v in variables]
        assigns = [tf.assign(v, value.astype(np.float32)) for v, value in zip(variables, values)]
        with tf.Session() as session:
            session.run(tf.global_variables_initializer())
            session.run(assigns)
            found = session.run([outputs, state, grads], {x: _inputs()})
        return [[v.name for v in variables], *list(found)]


def basic_rnn_cell(tf):
    return _results(tf, lambda x: tf.nn.dynamic_rnn(tf.nn.rnn_cell.BasicRNNCell(2), x, dtype=tf.float32))


def gru_cell(tf):
    return _results(tf, lambda x: tf.nn.dynamic_rnn(tf.nn.rnn_cell.GRUCell(2), x, dtype=tf.float32))


def basic_lstm_cell(tf):
    cell = tf.nn.rnn_cell.BasicLSTMCell
    return _results(tf, lambda x: tf.nn.dynamic_rnn(cell(2, forget_bias=0.5), x, dtype=tf.float32))


def basic_lstm_cell_with_one_state(tf):
    cell = tf.nn.rnn_cell.BasicLSTMCell
    return _results(tf, lambda x: tf.nn.dynamic_rnn(cell(2, state_is_tuple=False), x, dtype=tf.float32))


def lstm_cell(tf):
    return _results(tf, lambda x: tf.nn.dynamic_rnn(tf.nn.rnn_cell.LSTMCell(2), x, dtype=tf.float32))


def lstm_cell_with_everything(tf):
    def network(x):
        cell = tf.nn.rnn_cell.LSTMCell(3, use_peepholes=True, cell_clip=0.05, num_proj=2, proj_clip=0.01)
        return tf.nn.dynamic_rnn(cell, x, dtype=tf.float32, scope="other")

    return _results(tf, network)


def multi_rnn_cell(tf):
    def network(x):
        cells = [tf.nn.rnn_cell.BasicLSTMCell(2), tf.nn.rnn_cell.GRUCell(3)]
        return tf.nn.dynamic_rnn(tf.nn.rnn_cell.MultiRNNCell(cells), x, dtype=tf.float32)

    return _results(tf, network)


def static_rnn(tf):
    return _results(
        tf, lambda x: tf.nn.static_rnn(tf.nn.rnn_cell.BasicLSTMCell(2), tf.unstack(x, 4, 1), dtype=tf.float32)
    )


def static_rnn_with_lengths(tf):
    def network(x):
        cell = tf.nn.rnn_cell.BasicLSTMCell(2)
        return tf.nn.static_rnn(cell, tf.unstack(x, 4, 1), dtype=tf.float32, sequence_length=[2, 3])

    return _results(tf, network)


def dynamic_rnn_with_lengths(tf):
    def network(x):
        return tf.nn.dynamic_rnn(tf.nn.rnn_cell.BasicLSTMCell(2), x, sequence_length=[3, 1], dtype=tf.float32)

    return _results(tf, network)


def dynamic_rnn_with_time_first(tf):
    def network(x):
        cell = tf.nn.rnn_cell.GRUCell(2)
        state = cell.zero_state(tf.shape(x)[0], tf.float32) + 0.5
        return tf.nn.dynamic_rnn(cell, tf.transpose(x, [1, 0, 2]), initial_state=state, time_major=True)

    return _results(tf, network)


def wrapped_cells_keep_their_names(tf):
    def network(x):
        cell = tf.nn.rnn_cell.DropoutWrapper(tf.nn.rnn_cell.BasicLSTMCell(2), output_keep_prob=1.0)
        return tf.nn.dynamic_rnn(cell, x, dtype=tf.float32)

    return _results(tf, network)


CASES = {name: function for name, function in sorted(globals().items()) if name[0] != "_" and name != "np"}
