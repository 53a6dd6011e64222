"""A table of layers and their options, told in Keras' own words, so that either library can build them.

Each case is a function from `keras.layers` to a layer, or to a function of tensors that makes one model out of several
layers, with the shapes of its inputs. The batch has three examples.
"""

import json

import numpy as np

ROWS = 3


class Case:
    """One layer with its options.

    Args:
        make: Takes `keras` and gives the layer.
        shapes: The shape of each input, without the batch; None for a size that the model does not know.
        sizes: The sizes that stand for None.
        numbers: How many numbers there are, where inputs are such and not of floating point.
        mask: The lengths of the sequences, for a mask on the first input.
        train: Whether training gives the same each time.
        batch: Whether the model knows the size of the batch.
        several: Whether the layer takes a list, though there may be one input alone.
        call: What else the layer is called with.
    """

    def __init__(self, make, *shapes, **options):
        self.make = make
        self.shapes = shapes
        self.sizes = options.pop("sizes", {})
        self.numbers = options.pop("numbers", None)
        self.mask = options.pop("mask", None)
        self.train = options.pop("train", True)
        self.batch = options.pop("batch", False)
        self.several = options.pop("several", len(shapes) > 1)
        self.call = options.pop("call", {})
        if options:
            raise TypeError(sorted(options))


def _cases():
    c = {}
    seq, img, vec = (5, 3), (6, 5, 2), (4,)

    # What every model has.
    c["dense"] = Case(lambda k: k.layers.Dense(3, activation="tanh", kernel_regularizer="l2"), vec)
    c["dense_sequence"] = Case(lambda k: k.layers.Dense(2, use_bias=False, activity_regularizer="l2"), seq)
    c["dense_bounds"] = Case(lambda k: k.layers.Dense(3, kernel_constraint="max_norm", bias_constraint="non_neg"), vec)
    c["activation"] = Case(lambda k: k.layers.Activation("softsign"), vec)
    c["identity"] = Case(lambda k: k.layers.Identity(), vec)
    c["lambda"] = Case(lambda k: k.layers.Lambda(lambda x, times: x * times, arguments={"times": 3.0}), vec)
    c["masking"] = Case(lambda k: k.layers.Masking(0.0), seq, mask=[5, 3, 1])
    c["embedding"] = Case(lambda k: k.layers.Embedding(7, 3), (5,), numbers=7)
    c["embedding_masked"] = Case(
        lambda k: k.layers.Embedding(7, 3, mask_zero=True, embeddings_constraint="unit_norm"), (5,), numbers=7
    )

    # Activations.
    c["relu"] = Case(lambda k: k.layers.ReLU(), vec)
    c["relu_bounds"] = Case(lambda k: k.layers.ReLU(max_value=1.0, negative_slope=0.2, threshold=0.3), vec)
    c["leaky_relu"] = Case(lambda k: k.layers.LeakyReLU(0.1), vec)
    c["prelu"] = Case(lambda k: k.layers.PReLU(alpha_initializer="ones", alpha_regularizer="l1"), vec)
    c["prelu_shared"] = Case(lambda k: k.layers.PReLU(shared_axes=[1], alpha_constraint="non_neg"), seq)
    c["elu"] = Case(lambda k: k.layers.ELU(0.7), vec)
    c["thresholded_relu"] = Case(lambda k: k.layers.ThresholdedReLU(0.4), vec)
    c["softmax"] = Case(lambda k: k.layers.Softmax(), vec)
    c["softmax_axes"] = Case(lambda k: k.layers.Softmax(axis=[1, 2]), seq)

    # Noise and penalties.
    for name, make in {
        "dropout": lambda k: k.layers.Dropout(0.5),
        "gaussian_noise": lambda k: k.layers.GaussianNoise(1.0),
        "gaussian_dropout": lambda k: k.layers.GaussianDropout(0.5),
        "alpha_dropout": lambda k: k.layers.AlphaDropout(0.5),
        "spatial_dropout1d": lambda k: k.layers.SpatialDropout1D(0.5),
    }.items():
        c[name] = Case(make, seq, train=False, mask=[5, 3, 1])
    c["spatial_dropout2d"] = Case(lambda k: k.layers.SpatialDropout2D(0.5), img, train=False)
    c["activity_regularization"] = Case(lambda k: k.layers.ActivityRegularization(0.1, 0.2), vec)

    # Shapes.
    c["flatten"] = Case(lambda k: k.layers.Flatten(), seq)
    c["flatten_first"] = Case(lambda k: k.layers.Flatten(data_format="channels_first"), img)
    c["flatten_unknown"] = Case(lambda k: k.layers.Flatten(), (None, 3), sizes={0: 5})
    c["reshape"] = Case(lambda k: k.layers.Reshape((3, -1)), seq)
    c["reshape_unknown"] = Case(lambda k: k.layers.Reshape((-1, 2)), (None, 4), sizes={0: 5})
    c["permute"] = Case(lambda k: k.layers.Permute((2, 1)), seq)
    c["repeat_vector"] = Case(lambda k: k.layers.RepeatVector(3), vec)
    c["cropping1d"] = Case(lambda k: k.layers.Cropping1D((1, 2)), seq)
    c["cropping2d"] = Case(lambda k: k.layers.Cropping2D(((1, 0), (2, 1))), (None, 5, 2), sizes={0: 6})
    c["cropping2d_first"] = Case(lambda k: k.layers.Cropping2D(1, data_format="channels_first"), (2, 5, 4))
    c["zero_padding1d"] = Case(lambda k: k.layers.ZeroPadding1D((1, 2)), (None, 3), sizes={0: 5})
    c["zero_padding2d"] = Case(lambda k: k.layers.ZeroPadding2D(((1, 0), (2, 1))), img)
    c["zero_padding2d_first"] = Case(lambda k: k.layers.ZeroPadding2D((1, 2), data_format="channels_first"), img)
    c["up_sampling1d"] = Case(lambda k: k.layers.UpSampling1D(3), (None, 3), sizes={0: 4})
    c["up_sampling2d"] = Case(lambda k: k.layers.UpSampling2D((2, 3)), (None, 3, 2), sizes={0: 2})
    c["up_sampling2d_first"] = Case(lambda k: k.layers.UpSampling2D(2, data_format="channels_first"), (2, 3, 2))
    c["up_sampling2d_bilinear"] = Case(lambda k: k.layers.UpSampling2D((2, 3), interpolation="bilinear"), (3, 2, 2))

    c["up_sampling2d_bicubic"] = Case(lambda k: k.layers.UpSampling2D(2, interpolation="bicubic"), (3, 4, 2))

    # Convolutions.
    c["conv1d"] = Case(lambda k: k.layers.Conv1D(2, 3, activation="tanh"), (None, 3), sizes={0: 5})
    c["conv1d_same"] = Case(lambda k: k.layers.Conv1D(2, 3, strides=2, padding="same", use_bias=False), seq)
    c["conv1d_causal"] = Case(lambda k: k.layers.Conv1D(2, 2, padding="causal", dilation_rate=2), seq)
    c["conv2d"] = Case(lambda k: k.layers.Conv2D(2, (3, 2), strides=(2, 1), padding="same", bias_regularizer="l2"), img)
    c["conv2d_dilated"] = Case(lambda k: k.layers.Conv2D(2, 2, dilation_rate=(2, 3)), img)
    c["conv2d_groups"] = Case(lambda k: k.layers.Conv2D(4, 2, groups=2), (None, 4, 4), sizes={0: 3})
    c["conv1d_transpose"] = Case(lambda k: k.layers.Conv1DTranspose(2, 3, strides=2), (None, 2), sizes={0: 3})
    c["conv2d_transpose"] = Case(
        lambda k: k.layers.Conv2DTranspose(2, 3, strides=2, padding="same"), (None, 2, 2), sizes={0: 3}
    )
    c["conv2d_transpose_padded"] = Case(
        lambda k: k.layers.Conv2DTranspose(2, (3, 2), strides=(2, 3), output_padding=(1, 0)), (3, 2, 2)
    )
    c["conv2d_transpose_valid"] = Case(lambda k: k.layers.Conv2DTranspose(3, 2, dilation_rate=(2, 2)), (3, 3, 2))
    c["depthwise_conv1d"] = Case(lambda k: k.layers.DepthwiseConv1D(3, depth_multiplier=2, strides=2), seq)
    c["depthwise_conv2d"] = Case(
        lambda k: k.layers.DepthwiseConv2D(2, depth_multiplier=2, padding="same", activation="relu"), img
    )
    c["depthwise_conv2d_strided"] = Case(lambda k: k.layers.DepthwiseConv2D(3, strides=2, use_bias=False), img)
    c["separable_conv1d"] = Case(lambda k: k.layers.SeparableConv1D(2, 3, padding="causal"), seq)
    c["separable_conv2d"] = Case(
        lambda k: k.layers.SeparableConv2D(3, 2, depth_multiplier=2, dilation_rate=2, padding="same"), img
    )

    # Pooling.
    c["max_pooling1d"] = Case(lambda k: k.layers.MaxPooling1D(), (None, 3), sizes={0: 5})
    c["max_pooling1d_same"] = Case(lambda k: k.layers.MaxPooling1D(3, strides=2, padding="same"), seq)
    c["average_pooling1d"] = Case(lambda k: k.layers.AveragePooling1D(2, padding="same"), seq)
    c["max_pooling2d"] = Case(lambda k: k.layers.MaxPooling2D((2, 3), strides=1), img)
    c["average_pooling2d"] = Case(lambda k: k.layers.AveragePooling2D(padding="same"), (None, 5, 2), sizes={0: 6})
    for kind in ("GlobalMaxPooling", "GlobalAveragePooling"):
        for rank, shape in ((1, (None, 3)), (2, img)):
            name = "%s%dd" % (kind, rank)
            make = lambda k, name=name: getattr(k.layers, name[:-1] + "D")  # noqa: E731
            c[name] = Case(lambda k, make=make: make(k)(), shape, sizes={0: 5})
            c[name + "_kept"] = Case(
                lambda k, make=make: make(k)(data_format="channels_first", keepdims=True), (5, 3) if rank == 1 else img
            )
    c["GlobalAveragePooling1d_masked"] = Case(lambda k: k.layers.GlobalAveragePooling1D(), seq, mask=[5, 3, 1])

    # Normalization.
    c["batch_normalization"] = Case(lambda k: k.layers.BatchNormalization(), vec)
    c["batch_normalization_bare"] = Case(
        lambda k: k.layers.BatchNormalization(momentum=0.5, epsilon=0.1, center=False, scale=False), seq
    )
    c["batch_normalization_axis"] = Case(
        lambda k: k.layers.BatchNormalization(axis=1, beta_regularizer="l2", gamma_constraint="non_neg"), seq
    )
    c["batch_normalization_image"] = Case(lambda k: k.layers.BatchNormalization(momentum=0.9), img)
    c["layer_normalization"] = Case(lambda k: k.layers.LayerNormalization(), seq, mask=[5, 3, 1])
    c["layer_normalization_axes"] = Case(
        lambda k: k.layers.LayerNormalization(axis=[1, 2], epsilon=0.01, gamma_regularizer="l2"), seq
    )
    c["layer_normalization_first"] = Case(lambda k: k.layers.LayerNormalization(axis=1, scale=False), seq)
    c["unit_normalization"] = Case(lambda k: k.layers.UnitNormalization(axis=1), seq)

    # Several inputs.
    for kind in ("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum"):
        c[kind.lower()] = Case(lambda k, kind=kind: getattr(k.layers, kind)(), (3,), (3,))
        c["function_" + kind.lower()] = Case(
            lambda k, kind=kind: lambda inputs: getattr(k.layers, kind.lower())(inputs), (2, 3), (2, 3)
        )
    c["add_ranks"] = Case(lambda k: k.layers.Add(), seq, (3,))
    c["concatenate"] = Case(lambda k: k.layers.Concatenate(axis=1), (2, 3), (None, 3), sizes={0: 4})
    c["function_concatenate"] = Case(lambda k: lambda inputs: k.layers.concatenate(inputs), (2, 3), (2, 1))
    c["dot"] = Case(lambda k: k.layers.Dot(axes=(2, 1)), (2, 3), (3, 4))
    c["dot_cosine"] = Case(lambda k: k.layers.Dot(axes=1, normalize=True), (4,), (4,))
    c["function_dot"] = Case(lambda k: lambda inputs: k.layers.dot(inputs, axes=(1, 2)), (3,), (2, 3))
    c["dot_images"] = Case(lambda k: k.layers.Dot(axes=(2, 1)), (2, 4, 3), (4, 5))
    c["attention"] = Case(lambda k: k.layers.Attention(use_scale=True), (4, 3), (5, 3))
    c["attention_causal"] = Case(
        lambda k: k.layers.Attention(score_mode="concat"), (4, 3), (4, 2), (4, 3), call={"use_causal_mask": True}
    )
    c["additive_attention"] = Case(lambda k: k.layers.AdditiveAttention(), (4, 3), (5, 3))

    # Recurrent layers.
    settings = {"bias_initializer": "ones"}
    for kind in ("SimpleRNN", "LSTM", "GRU"):
        name = kind.lower()
        layer = lambda k, kind=kind: getattr(k.layers, kind)  # noqa: E731
        c[name] = Case(
            lambda k, layer=layer: layer(k)(3, recurrent_regularizer="l2", **settings), (None, 3), sizes={0: 5}
        )
        c[name + "_masked"] = Case(
            lambda k, layer=layer: layer(k)(3, return_sequences=True, return_state=True), seq, mask=[5, 3, 1]
        )
        c[name + "_backwards"] = Case(
            lambda k, layer=layer: layer(k)(2, return_sequences=True, go_backwards=True, use_bias=False),
            seq,
            mask=[5, 3, 1],
        )
        c[name + "_unrolled"] = Case(
            lambda k, layer=layer: layer(k)(2, unroll=True, activation="relu", kernel_constraint="max_norm"),
            seq,
            mask=[4, 3, 1],
        )
        c[name + "_states"] = Case(
            lambda k, layer=layer: layer(k)(3, return_state=True), seq, *[(3,)] * (2 if kind == "LSTM" else 1)
        )
        c[name + "_stateful"] = Case(lambda k, layer=layer: layer(k)(2, stateful=True), seq, batch=True)
        c[name + "_cell"] = Case(
            lambda k, kind=kind: k.layers.RNN(getattr(k.layers, kind + "Cell")(2), return_sequences=True), seq
        )
    c["gru_reset_before"] = Case(lambda k: k.layers.GRU(2, reset_after=False, recurrent_activation="hard_sigmoid"), seq)
    c["lstm_hard"] = Case(lambda k: k.layers.LSTM(2, recurrent_activation="hard_sigmoid", unit_forget_bias=False), seq)
    c["lstm_time_major"] = Case(lambda k: k.layers.LSTM(2, time_major=True, return_sequences=True), (3, 3))
    c["stacked_cells"] = Case(
        lambda k: k.layers.RNN([k.layers.LSTMCell(2), k.layers.GRUCell(3)], return_sequences=True), seq, mask=[5, 3, 1]
    )

    # Layers around layers.
    c["time_distributed"] = Case(
        lambda k: k.layers.TimeDistributed(k.layers.Dense(2, activation="tanh")),
        (None, 3),
        sizes={0: 5},
        mask=[5, 3, 1],
    )
    c["time_distributed_conv"] = Case(
        lambda k: k.layers.TimeDistributed(k.layers.Conv2D(2, 2)), (None, 4, 4, 2), sizes={0: 3}
    )
    c["time_distributed_rnn"] = Case(lambda k: k.layers.TimeDistributed(k.layers.LSTM(2)), (2, 5, 3))
    c["time_distributed_model"] = Case(
        lambda k: k.layers.TimeDistributed(
            k.Sequential([k.layers.Dense(3, activation="tanh", input_shape=(3,)), k.layers.Dense(1)])
        ),
        seq,
    )
    for mode in ("concat", "sum", "mul", "ave", None):
        c["bidirectional_%s" % mode] = Case(
            lambda k, mode=mode: k.layers.Bidirectional(k.layers.LSTM(2, return_sequences=True), merge_mode=mode),
            seq,
            mask=[5, 3, 1],
        )
    c["bidirectional_last"] = Case(
        lambda k: k.layers.Bidirectional(
            k.layers.GRU(2, return_state=True), backward_layer=k.layers.GRU(2, return_state=True, go_backwards=True)
        ),
        (None, 3),
        sizes={0: 5},
        mask=[5, 3, 1],
    )
    c["bidirectional_states"] = Case(
        lambda k: k.layers.Bidirectional(k.layers.SimpleRNN(2, return_state=True)), seq, (2,), (2,)
    )
    c["bidirectional_cells"] = Case(lambda k: k.layers.Bidirectional(k.layers.RNN(k.layers.LSTMCell(2))), seq)
    _add_masks(c)
    return c


def _add_masks(c):
    """Masks that go on, are joined, or end at layers that know nothing of them."""
    seq, mask = (5, 3), [5, 3, 1]
    c["dense_masked"] = Case(lambda k: k.layers.Dense(2), seq, mask=mask)
    c["batch_normalization_masked"] = Case(lambda k: k.layers.BatchNormalization(), seq, mask=mask)
    for name, make in {
        "flatten_masked": lambda k: k.layers.Flatten(),
        "conv1d_masked": lambda k: k.layers.Conv1D(2, 2),
        "reshape_masked": lambda k: k.layers.Reshape((3, 5)),
        "lambda_masked": lambda k: k.layers.Lambda(lambda x: x * 2.0),
        "max_pooling1d_masked": lambda k: k.layers.MaxPooling1D(),
        "prelu_masked": lambda k: k.layers.PReLU(),
    }.items():
        c[name] = Case(make, seq, mask=mask)
    c["add_masked"] = Case(lambda k: k.layers.Add(), seq, seq, mask=mask)
    c["concatenate_masked"] = Case(lambda k: k.layers.Concatenate(), seq, (5, 2), mask=mask)
    c["concatenate_masked_steps"] = Case(
        lambda k: lambda x: k.layers.Concatenate(axis=1)([x[0], k.layers.Masking()(x[1])]), seq, (2, 3), mask=mask
    )
    c["dot_masked"] = Case(lambda k: k.layers.Dot(axes=1), seq, (5, 2), mask=mask)
    c["attention_masked"] = Case(lambda k: k.layers.Attention(), seq, (4, 3), mask=mask)
    c["model_masked"] = Case(
        lambda k: k.Sequential([k.layers.Dense(2, input_shape=seq), k.layers.SimpleRNN(3, return_sequences=True)]),
        seq,
        mask=mask,
    )
    c["two_rnns_masked"] = Case(
        lambda k: lambda x: k.layers.GRU(2)(k.layers.LSTM(3, return_sequences=True)(x)), seq, mask=mask
    )
    c["time_distributed_rnn_masked"] = Case(
        lambda k: k.layers.TimeDistributed(k.layers.LSTM(2)), (2, 5, 3), mask=[2, 1, 1]
    )


CASES = _cases()


def inputs_of(name):
    """The values of a case's inputs; sequences are zero after their length."""
    case = CASES[name]
    rng = np.random.RandomState(len(name) + 7)
    values = []
    for shape in case.shapes:
        sizes = [case.sizes.get(place, 2) if size is None else size for place, size in enumerate(shape)]
        if case.numbers:
            values.append(rng.randint(0, case.numbers, [ROWS, *sizes]).astype(np.float32))
        else:
            # Away from zero, where many activations have a kink.
            value = rng.uniform(0.1, 1.5, [ROWS, *sizes]) * rng.choice([-1, 1], [ROWS, *sizes])
            values.append(value.astype(np.float32))
    if case.mask:
        for row, length in enumerate(case.mask):
            values[0][row, length:] = 0.0
    return values


def weights_of(shapes):
    """Values for weights of these shapes; positive, so that they are variances, too."""
    rng = np.random.RandomState(5)
    return [(0.1 + 0.4 * rng.rand(*shape) * (1 if len(shape) == 1 else rng.choice([-1, 1], shape))).astype(np.float32)
            for shape in shapes]  # fmt: skip


def model_of(keras, name):
    """The layer and a model of it."""
    case = CASES[name]
    inputs = []
    for place, shape in enumerate(case.shapes):
        batch = {"batch_size": ROWS} if case.batch else {}
        inputs.append(keras.Input(shape, name="input_%s" % "abc"[place], **batch))
    layer = case.make(keras)
    tensors = list(inputs)
    if case.mask and name != "masking":
        tensors[0] = keras.layers.Masking(0.0)(tensors[0])
    outputs = layer(tensors if case.several else tensors[0], **case.call)
    return layer, keras.Model(inputs if case.several else inputs[0], outputs)


def targets_of(outputs):
    """What the outputs should be: numbers of their shapes."""
    return [np.cos(np.arange(np.size(output), dtype=np.float32)).reshape(np.shape(output)) for output in outputs]


def as_list(value):
    """Several outputs, or one, as a list."""
    return list(value) if isinstance(value, (list, tuple)) else [value]


def learned(model, name, steps=10):
    """The losses of steps of training, and the weights that came of them."""
    x = inputs_of(name)
    x = x if CASES[name].several else x[0]
    targets = targets_of(as_list(model.predict(x, verbose=0)))
    reset(model)
    y = targets if len(targets) > 1 else targets[0]
    losses = [np.ravel(model.train_on_batch(x, y))[0] for _ in range(steps)]
    return np.array(losses, np.float32), model.get_weights()


def reset(model):
    """Lets stateful layers begin anew."""
    for layer in model.layers:
        if getattr(layer, "stateful", False):
            layer.reset_states()


BOUNDS = {
    "max_norm": ("MaxNorm", {"max_value": 0.5}, (4, 3)),
    "max_norm_axes": ("MaxNorm", {"max_value": 0.8, "axis": [0, 1, 2]}, (3, 3, 2, 4)),
    "non_neg": ("NonNeg", {}, (4, 3)),
    "unit_norm": ("UnitNorm", {"axis": 1}, (4, 3)),
    "min_max_norm": ("MinMaxNorm", {"min_value": 0.6, "max_value": 0.9, "rate": 0.5}, (4, 3)),
    "radial_odd": ("RadialConstraint", {}, (3, 3, 2, 2)),
    "radial_even": ("RadialConstraint", {}, (4, 4, 2, 1)),
    "radial_five": ("RadialConstraint", {}, (5, 5, 1, 1)),
}
PENALTIES = {
    "l1": ("L1", {"l1": 0.3}),
    "l2": ("L2", {"l2": 0.2}),
    "l1_l2": ("L1L2", {"l1": 0.1, "l2": 0.2}),
    "orthogonal_rows": ("OrthogonalRegularizer", {"factor": 0.5}),
    "orthogonal_columns": ("OrthogonalRegularizer", {"factor": 0.5, "mode": "columns"}),
}
ACTIVATIONS = {
    "elu": {"alpha": 0.5},
    "exponential": {},
    "gelu": {"approximate": True},
    "hard_sigmoid": {},
    "linear": {},
    "mish": {},
    "relu": {"alpha": 0.1, "max_value": 1.0, "threshold": 0.25},
    "selu": {},
    "sigmoid": {},
    "softmax": {"axis": 0},
    "softplus": {},
    "softsign": {},
    "swish": {},
    "tanh": {},
}


def weight_of(shape):
    """A weight that bounds, penalties and activations are applied to."""
    return np.random.RandomState(11).uniform(-1.0, 1.0, shape).astype(np.float32)


def write(path, arrays, facts):
    """Writes arrays by name, one behind the other, and what else is known as JSON."""
    index = {name: [list(value.shape) for value in values] for name, values in arrays.items()}
    flat = [np.ravel(value) for values in arrays.values() for value in values]
    text = json.dumps({"index": index, "facts": facts}, sort_keys=False)
    np.savez_compressed(path, values=np.concatenate(flat), text=np.frombuffer(text.encode(), np.uint8))


def read(path):
    """The arrays by name, and what else is known."""
    stored = np.load(path)
    told = json.loads(bytes(stored["text"]))
    arrays, at = {}, 0
    for name, shapes in told["index"].items():
        arrays[name] = []
        for shape in shapes:
            size = int(np.prod(shape))
            arrays[name].append(stored["values"][at : at + size].reshape(shape))
            at += size
    return arrays, told["facts"]
