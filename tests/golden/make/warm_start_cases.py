"""The warm starts that TensorFlow and the tests make; `tf` is either of them."""

OLD_WORDS = ["mercury", "venus", "mars", "pluto"]
NEW_WORDS = ["venus", "jupiter", "mercury", "earth", "mars"]


def old_model(tf):
    """The variables of the earlier model."""
    with tf.variable_scope("net"):
        tf.get_variable(
            "embedding", initializer=[[float(10 * row + column) for column in range(3)] for row in range(4)]
        )
        tf.get_variable("kernel", initializer=[[0.5, -0.5], [1.5, 2.5], [3.5, -4.5]])
        tf.get_variable("bias", initializer=[7.0, 8.0])
        tf.get_variable("kernel/Adagrad", initializer=[[0.1, 0.2], [0.3, 0.4], [0.5, 0.6]], trainable=False)
    tf.get_variable("classes", initializer=[[float(4 * row + column) for column in range(4)] for row in range(2)])


def new_model(tf):
    """The variables of the later one: another vocabulary with one bucket, `bias` under another name."""
    ones = tf.ones_initializer()
    with tf.variable_scope("net"):
        tf.get_variable("embedding", [6, 3], initializer=ones)
        tf.get_variable("kernel", [3, 2], initializer=ones)
        tf.get_variable("offset", [2], initializer=ones)
        tf.get_variable("kernel/Adagrad", [3, 2], initializer=ones, trainable=False)
    tf.get_variable("classes", [2, 5], initializer=ones)
    tf.get_variable("mine", [1], initializer=ones)


def counting(tf):
    """An initializer that counts, so that it shows which value goes where."""

    def initializer(shape, dtype=None, partition_info=None):
        size = tf.reduce_prod(shape)
        return tf.reshape(tf.cast(tf.range(100, 100 + size), tf.float32), shape)

    return initializer


def cases(tf, old, new):
    """By name, the arguments of `warm_start` after the checkpoint."""
    info = tf.estimator.VocabInfo
    rows = info(new, 5, 1, old)
    return {
        "pattern": {"vars_to_warm_start": "net/kernel"},
        "list": {"vars_to_warm_start": ["net/kernel"]},
        "renamed": {
            "vars_to_warm_start": "net/(kernel|offset)",
            "var_name_to_prev_var_name": {"net/offset": "net/bias"},
        },
        "rows": {"vars_to_warm_start": "net/(kernel|embedding)", "var_name_to_vocab_info": {"net/embedding": rows}},
        "rows_only": {"vars_to_warm_start": None, "var_name_to_vocab_info": {"net/embedding": rows}},
        "rows_counted": {
            "vars_to_warm_start": None,
            "var_name_to_vocab_info": {"net/embedding": info(new, 5, 1, old, -1, counting(tf))},
        },
        "rows_of_a_part": {
            "vars_to_warm_start": None,
            "var_name_to_vocab_info": {"net/embedding": info(new, 5, 1, old, 2)},
        },
        "columns_counted": {
            "vars_to_warm_start": None,
            "var_name_to_vocab_info": {"classes": info(new, 5, 0, old, -1, counting(tf), 1)},
        },
        "columns_with_bucket": {
            "vars_to_warm_start": None,
            "var_name_to_vocab_info": {"classes": info(new, 4, 1, old, -1, counting(tf), 1)},
        },
        "unused_vocabulary": {
            "vars_to_warm_start": "net/kernel",
            "var_name_to_vocab_info": {"net/embeding": rows},
        },
        "missing": {"vars_to_warm_start": "mine"},
        "shape": {"vars_to_warm_start": "classes"},
    }
