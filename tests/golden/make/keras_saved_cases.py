"""Models that are saved, told in Keras' own words, so that either library can build them."""

import numpy as np

CASES = ["sequential", "recurrent", "images", "functional", "nested", "custom", "laid_out"]


def double(x):
    """An activation of one's own."""
    return 2.0 * x


def scale_layer(keras):
    """A layer of one's own, with a configuration."""

    class Scale(keras.layers.Layer):
        def __init__(self, start, **kwargs):
            super(Scale, self).__init__(**kwargs)
            self.start = start

        def build(self, input_shape):
            self.factor = self.add_weight(
                "factor", shape=[int(input_shape[-1])], initializer=keras.initializers.Constant(self.start)
            )
            super(Scale, self).build(input_shape)

        def call(self, inputs):
            return inputs * self.factor

        def get_config(self):
            config = super(Scale, self).get_config()
            config.update({"start": self.start})
            return config

    return Scale


def custom_objects(keras):
    """What the case "custom" is read with."""
    return {"double": double, "Scale": scale_layer(keras)}


def model_of(keras, case):
    """The model of a case."""
    layers = keras.layers
    if case == "sequential":
        return keras.Sequential(
            [
                layers.Dense(
                    4, activation="relu", input_shape=(3,), kernel_regularizer=keras.regularizers.l2(0.5), name="first"
                ),
                layers.Dropout(0.25, seed=3, name="drop"),
                layers.BatchNormalization(momentum=0.5, name="norm"),
                layers.Dense(
                    1,
                    use_bias=False,
                    kernel_initializer=keras.initializers.RandomUniform(-1.0, 1.0, seed=2),
                    bias_initializer="ones",
                    name="last",
                ),
            ],
            name="sequential_case",
        )
    if case == "recurrent":
        return keras.Sequential(
            [
                layers.Embedding(7, 3, input_length=5, mask_zero=True, name="words"),
                layers.LSTM(4, return_sequences=True, name="lstm_a"),
                layers.SimpleRNN(3, activation="relu", name="rnn"),
                layers.Dense(2, activation="softmax", name="out"),
            ],
            name="recurrent_case",
        )
    if case == "images":
        return keras.Sequential(
            [
                layers.Conv2D(3, 3, activation="relu", padding="same", input_shape=(6, 6, 2), name="conv"),
                layers.MaxPooling2D(name="pool"),
                layers.Conv2D(2, (2, 1), strides=(1, 2), name="conv_b"),
                layers.GlobalAveragePooling2D(name="mean"),
            ],
            name="images_case",
        )
    if case == "functional":
        one, other = keras.Input(shape=(4,), name="one"), keras.Input(shape=(4,), name="other")
        shared = layers.Dense(4, activation="tanh", name="shared")
        left, right = shared(one), shared(other)
        both = layers.Concatenate(name="both")([left, right, layers.Subtract(name="less")([right, left])])
        turned = layers.Reshape((2, 6), name="reshaped")(both)
        turned = layers.Flatten(name="flat")(layers.Permute((2, 1), name="permuted")(turned))
        ends = [layers.Dense(1, name="a")(turned), layers.Dense(2, activation="sigmoid", name="b")(left)]
        return keras.Model([one, other], ends, name="functional_case")
    if case == "nested":
        inner = keras.Sequential(
            [
                layers.Dense(3, activation="elu", input_shape=(2,), name="deep"),
                layers.BatchNormalization(name="deep_bn"),
            ],
            name="inner",
        )
        z = keras.Input(shape=(3,), name="z")
        around = keras.Model(z, layers.Dense(2, name="mixed")(z), name="around")
        x, y = keras.Input(shape=(2,), name="x"), keras.Input(shape=(2,), name="y")
        parts = [around(inner(x)), around(inner(y))]
        return keras.Model([x, y], layers.Add(name="sum")(parts), name="nested_case")
    if case == "custom":
        scale = scale_layer(keras)
        x = keras.Input(shape=(2,), name="x")
        return keras.Model(
            x, layers.Dense(2, activation=double, name="doubled")(scale(1.5, name="scaled")(x)), name="own"
        )
    x = keras.Input(shape=(4,), name="x")
    repeated = layers.RepeatVector(3, name="repeated")(x)
    dotted = layers.Dot(axes=(2, 2), normalize=True, name="dotted")(
        [repeated, layers.Masking(-1.0, name="kept")(repeated)]
    )
    dotted = layers.Activation("softplus", name="soft")(dotted)
    return keras.Model(x, dotted, name="laid_out_case")


def inputs_of(case):
    """What the models of the cases are given."""
    count = np.arange(8, dtype=np.float32)[:, None]
    rows = lambda size, rate: np.sin(count * rate + np.arange(size)).astype(np.float32)  # noqa: E731
    if case == "recurrent":
        return [(np.arange(40).reshape(8, 5) * 3 % 7).astype(np.float32)]
    if case == "images":
        return [np.sin(np.arange(8 * 72)).reshape(8, 6, 6, 2).astype(np.float32)]
    widths = {"sequential": [3], "functional": [4, 4], "nested": [2, 2], "custom": [2], "laid_out": [4]}[case]
    return [rows(width, 0.5 + place) for place, width in enumerate(widths)]


def fix_weights(model):
    """Gives a model weights that do not depend on chance."""
    fixed = []
    for place, value in enumerate(model.get_weights()):
        numbers = np.sin(np.arange(value.size) * 0.7 + place).reshape(value.shape) * 0.5
        fixed.append(np.abs(numbers) + 0.5 if value.ndim == 1 else numbers)
    model.set_weights(fixed)


def given(case):
    """One array, or several in a list."""
    arrays = inputs_of(case)
    return arrays[0] if len(arrays) == 1 else arrays


def outputs_of(model, case):
    """What a model gives, as lists."""
    found = model.predict(given(case))
    return [np.asarray(one).tolist() for one in (found if isinstance(found, list) else [found])]


def compiled(keras, case, optimizer):
    """The model of a case with fixed weights, ready to train."""
    model = model_of(keras, case)
    fix_weights(model)
    if case == "functional":
        model.compile(
            optimizer, {"a": "mse", "b": "binary_crossentropy"}, metrics={"a": ["mae"]}, loss_weights=[1.0, 0.5]
        )
    else:
        model.compile(optimizer, "mse", metrics=["mae"])
    return model


def train(model, case, steps=2):
    """Trains by whole batches; gives the losses."""
    shapes = model.output_shape if isinstance(model.output_shape, list) else [model.output_shape]
    targets = [np.full([8, *shape[1:]], 0.25, np.float32) for shape in shapes]
    losses = []
    for _ in range(steps):
        values = model.train_on_batch(given(case), targets[0] if len(targets) == 1 else targets)
        losses.append(float(np.ravel(values)[0]))
    return losses


def measured(keras):
    """A model that was compiled with objects: losses, metrics, a schedule, a constraint."""
    layers, metrics = keras.layers, keras.metrics
    model = keras.Sequential(
        [
            layers.Dense(3, "relu", input_shape=(2,), kernel_constraint=keras.constraints.MaxNorm(1.0), name="in"),
            layers.Dense(1, activation="sigmoid", name="out"),
        ]
    )
    model.set_weights([np.sin(np.arange(value.size) + 1.0).reshape(value.shape) for value in model.get_weights()])
    found = ["accuracy", metrics.AUC(num_thresholds=50), metrics.Precision(), metrics.Recall(thresholds=0.4), "mse"]
    found += [metrics.BinaryAccuracy(threshold=0.3), metrics.MeanSquaredError(name="squares")]
    schedule = keras.optimizers.schedules.ExponentialDecay(0.1, 2, 0.5)
    model.compile(keras.optimizers.Adam(schedule), keras.losses.BinaryCrossentropy(label_smoothing=0.1), metrics=found)
    model.train_on_batch(*measured_data())
    return model


def measured_data():
    """What it is trained and evaluated on."""
    x = np.sin(np.arange(40.0)).reshape(20, 2).astype(np.float32)
    return x, (x[:, :1] > 0).astype(np.float32)
