"""Trainings with fixed weights, told in Keras' own words, so that either library can run them."""

import numpy as np

_rng = np.random.RandomState(31)
X = _rng.randn(24, 3).astype(np.float32)
BITS = (X[:, :1] + 0.3 * _rng.randn(24, 1) > 0).astype(np.float32)
CLASSES = _rng.randint(0, 3, (24, 1))
WEIGHTS = np.round(2.0 * _rng.rand(24), 2).astype(np.float32)
WORDS = _rng.randint(1, 6, (8, 4))
WORDS[:, 2:] *= _rng.randint(0, 2, (8, 1))
STEPS = _rng.randn(8, 4, 1).astype(np.float32)
STEP_WEIGHTS = np.round(2.0 * _rng.rand(8, 4), 2).astype(np.float32)


def started(model):
    """The model with fixed weights."""
    rng = np.random.RandomState(37)
    model.set_weights([0.5 * rng.randn(*np.shape(weight)).astype(np.float32) for weight in model.get_weights()])
    return model


def binary(keras):
    """One output, with metrics of all kinds and weights of classes."""
    model = keras.Sequential(
        [keras.layers.Dense(4, activation="tanh", input_shape=(3,)), keras.layers.Dense(1, activation="sigmoid")]
    )
    metrics = [
        "accuracy",
        "mae",
        "binary_crossentropy",
        keras.metrics.AUC(num_thresholds=50),
        keras.metrics.Precision(),
    ]
    model.compile(keras.optimizers.SGD(0.3), "binary_crossentropy", metrics=metrics)
    held = {"validation_data": (X[18:], BITS[18:])}
    return started(model), X[:18], BITS[:18], {"class_weight": {0: 1.0, 1: 2.5}, "batch_size": 6, **held}


def outputs(keras):
    """Two outputs with losses, metrics and weights of their own."""
    x = keras.layers.Input(shape=(3,), name="x")
    hidden = keras.layers.Dense(4, activation="tanh", name="hidden")(x)
    bit = keras.layers.Dense(1, activation="sigmoid", name="bit")(hidden)
    kind = keras.layers.Dense(3, activation="softmax", name="kind")(hidden)
    model = keras.models.Model(x, [bit, kind])
    model.compile(
        keras.optimizers.SGD(0.2),
        {"bit": "binary_crossentropy", "kind": "sparse_categorical_crossentropy"},
        metrics={"bit": ["mse", "acc"], "kind": ["accuracy"]},
        loss_weights={"bit": 0.5, "kind": 2.0},
        weighted_metrics={"bit": ["mae"]},
    )
    targets = {"bit": BITS, "kind": CLASSES}
    weights = {"bit": WEIGHTS, "kind": WEIGHTS[::-1].copy()}
    return started(model), {"x": X}, targets, {"sample_weight": weights, "batch_size": 8}


def steps(keras):
    """Sequences with masked steps, each step with a weight."""
    model = keras.Sequential(
        [
            keras.layers.Embedding(6, 3, mask_zero=True, input_length=4),
            keras.layers.LSTM(3, return_sequences=True),
            keras.layers.Dense(1),
        ]
    )
    settings = {} if keras.__name__.startswith("keras.") else {"sample_weight_mode": "temporal"}
    model.compile(keras.optimizers.SGD(0.2), "mse", metrics=["mae"], weighted_metrics=["mse"], **settings)
    return started(model), WORDS, STEPS, {"sample_weight": STEP_WEIGHTS, "batch_size": 4}


CASES = {"binary": binary, "outputs": outputs, "steps": steps}


def trained(keras, case):
    """The history of three epochs, and what the model gives then."""
    model, x, y, settings = CASES[case](keras)
    history = model.fit(x, y, epochs=3, shuffle=False, verbose=0, **settings).history
    given = model.predict(x)
    return {
        "history": {name: [float(value) for value in values] for name, values in history.items()},
        "predictions": [
            np.asarray(one).reshape(-1).tolist() for one in (given if isinstance(given, list) else [given])
        ],
    }
