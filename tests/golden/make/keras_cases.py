"""Models with fixed weights, told in Keras' own words, so that either library can build them."""

import numpy as np

CASES = ["dense", "wide", "recurrent", "gru", "simple_rnn", "images", "merges", "masked", "normalized"]
OPTIMIZERS = {
    "sgd": ("SGD", {"learning_rate": 0.05}),
    "momentum": ("SGD", {"learning_rate": 0.05, "momentum": 0.9}),
    "nesterov": ("SGD", {"learning_rate": 0.05, "momentum": 0.9, "nesterov": True}),
    "rmsprop": ("RMSprop", {"learning_rate": 0.01}),
    "rmsprop_centered": ("RMSprop", {"learning_rate": 0.01, "centered": True, "momentum": 0.5}),
    "adam": ("Adam", {"learning_rate": 0.01}),
    "adagrad": ("Adagrad", {"learning_rate": 0.1}),
    "adadelta": ("Adadelta", {"learning_rate": 1.0}),
    "clipped": ("SGD", {"learning_rate": 0.1, "clipnorm": 0.1}),
}
LOSSES = [
    "mean_squared_error",
    "mean_absolute_error",
    "mean_absolute_percentage_error",
    "mean_squared_logarithmic_error",
    "binary_crossentropy",
    "categorical_crossentropy",
    "hinge",
    "squared_hinge",
    "huber",
    "log_cosh",
    "kullback_leibler_divergence",
    "poisson",
    "cosine_similarity",
]


def model_of(keras, case):
    """The model of a case."""
    layers = keras.layers
    if case == "dense":
        return keras.Sequential(
            [
                layers.Dense(4, activation="tanh", input_shape=(3,), kernel_regularizer="l2"),
                layers.Dense(1, activation="sigmoid"),
            ]
        )
    if case == "wide":
        return keras.Sequential(
            [layers.Dense(5, activation="relu", input_shape=(3,)), layers.Dense(3, activation="softmax")]
        )
    if case in ("recurrent", "gru", "simple_rnn", "masked"):
        kind = {"gru": layers.GRU, "simple_rnn": layers.SimpleRNN}.get(case, layers.LSTM)
        return keras.Sequential(
            [
                layers.Embedding(7, 3, input_length=5, mask_zero=case == "masked"),
                kind(4, return_sequences=True),
                kind(3),
                layers.Dense(1, activation="sigmoid"),
            ]
        )
    if case == "images":
        return keras.Sequential(
            [
                layers.Conv2D(3, 3, activation="relu", padding="same", input_shape=(6, 6, 2)),
                layers.MaxPooling2D(),
                layers.Conv2D(2, 2),
                layers.Flatten(),
                layers.Dense(1),
            ]
        )
    if case == "normalized":
        return keras.Sequential([layers.Dense(4, input_shape=(3,)), layers.BatchNormalization(), layers.Dense(1)])
    one, other = keras.Input(shape=(4,), name="one"), keras.Input(shape=(4,), name="other")
    shared = layers.Dense(4, activation="tanh")
    left, right = shared(one), shared(other)
    parts = [
        layers.Add()([left, right]),
        layers.Subtract()([left, right]),
        layers.Multiply()([left, right]),
        layers.Average()([left, right]),
        layers.Maximum()([left, right]),
        layers.Dot(axes=-1, normalize=True)([left, right]),
        layers.Reshape((4,))(layers.Permute((2, 1))(layers.RepeatVector(1)(left))),
    ]
    return keras.Model([one, other], layers.Dense(1)(layers.Concatenate()(parts)))


def loss_of(case):
    """The loss of a case."""
    if case == "wide":
        return "sparse_categorical_crossentropy"
    return "mse" if case in ("images", "merges", "normalized") else "binary_crossentropy"


def data_of(case):
    """Inputs and targets of a case."""
    rng = np.random.RandomState(3)
    if case in ("recurrent", "gru", "simple_rnn", "masked"):
        x = rng.randint(1, 7, (8, 5))
        if case == "masked":
            x[:4, 3:] = 0
        return x, rng.randint(0, 2, (8, 1)).astype(np.float32)
    if case == "images":
        return rng.randn(8, 6, 6, 2).astype(np.float32), rng.randn(8, 1).astype(np.float32)
    if case == "merges":
        x = [rng.randn(8, 4).astype(np.float32) for _ in range(2)]
        return x, rng.randn(8, 1).astype(np.float32)
    x = rng.randn(8, 3).astype(np.float32)
    if case == "wide":
        return x, rng.randint(0, 3, (8, 1))
    return x, rng.randint(0, 2, (8, 1)).astype(np.float32)


def weights_of(shapes):
    """Values for weights of these shapes; positive, so that they are variances, too."""
    rng = np.random.RandomState(5)
    return [(0.1 + 0.4 * rng.rand(*shape) * (1 if len(shape) == 1 else rng.choice([-1, 1], shape))).astype(np.float32)
            for shape in shapes]  # fmt: skip


def trained(keras, case, optimizer, steps=10):
    """What the model gives at first, the losses of the steps, what it gives then, and its weights."""
    model = model_of(keras, case)
    model.compile(optimizer=optimizer, loss=loss_of(case))
    model.set_weights(weights_of([np.shape(weight) for weight in model.get_weights()]))
    x, y = data_of(case)
    before = model.predict(x, verbose=0)
    losses = [float(model.train_on_batch(x, y)) for _ in range(steps)]
    return {
        "before": np.asarray(before).tolist(),
        "losses": losses,
        "after": np.asarray(model.predict(x, verbose=0)).tolist(),
        "sums": [float(np.sum(weight)) for weight in model.get_weights()],
    }


def values_of_losses():
    """Labels and predictions that every loss takes."""
    rng = np.random.RandomState(7)
    true = rng.dirichlet(np.ones(4), 6).astype(np.float32)
    return true, rng.dirichlet(np.ones(4), 6).astype(np.float32)
