"""Every kind of layer with some settings, told in Keras' own words: how to make it, and the shapes of its inputs."""

VECTOR, STEPS, PICTURE = [(4,)], [(6, 4)], [(6, 8, 4)]


def cases(keras):
    """Pairs of a name, a function that makes the layer, and shapes; without those that a version does not have."""
    layers = keras.layers
    found = [
        ("ELU", lambda: layers.ELU(0.5), VECTOR),
        ("LeakyReLU", lambda: layers.LeakyReLU(0.5), VECTOR),
        ("PReLU", lambda: layers.PReLU(alpha_initializer="ones", shared_axes=[1]), STEPS),
        ("ReLU", lambda: layers.ReLU(max_value=6.0, threshold=0.5), VECTOR),
        ("Softmax", lambda: layers.Softmax(axis=1), STEPS),
        ("ThresholdedReLU", lambda: layers.ThresholdedReLU(0.5), VECTOR),
        ("Activation", lambda: layers.Activation("softplus"), VECTOR),
        ("ActivityRegularization", lambda: layers.ActivityRegularization(l1=0.5, l2=0.25), VECTOR),
        ("Dense", lambda: layers.Dense(3, "tanh", kernel_constraint="non_neg", bias_regularizer="l1"), VECTOR),
        ("Flatten", lambda: layers.Flatten(), STEPS),
        ("Masking", lambda: layers.Masking(0.5), STEPS),
        ("Permute", lambda: layers.Permute((2, 1)), STEPS),
        ("RepeatVector", lambda: layers.RepeatVector(2), VECTOR),
        ("Reshape", lambda: layers.Reshape((2, 2)), VECTOR),
        ("Embedding", lambda: layers.Embedding(9, 3, embeddings_constraint="unit_norm"), VECTOR),
        ("Dropout", lambda: layers.Dropout(0.5, noise_shape=(None, 1)), VECTOR),
        ("AlphaDropout", lambda: layers.AlphaDropout(0.5), VECTOR),
        ("GaussianDropout", lambda: layers.GaussianDropout(0.5), VECTOR),
        ("GaussianNoise", lambda: layers.GaussianNoise(0.5), VECTOR),
        ("SpatialDropout1D", lambda: layers.SpatialDropout1D(0.5), STEPS),
        ("SpatialDropout2D", lambda: layers.SpatialDropout2D(0.5), PICTURE),
        ("BatchNormalization", lambda: layers.BatchNormalization(epsilon=0.5, scale=False), VECTOR),
        ("LayerNormalization", lambda: layers.LayerNormalization(center=False), VECTOR),
        ("UnitNormalization", lambda: layers.UnitNormalization(), VECTOR),
        ("Conv1D", lambda: layers.Conv1D(3, 2, dilation_rate=2), STEPS),
        ("Conv2D", lambda: layers.Conv2D(3, (2, 3), strides=2, padding="same", use_bias=False), PICTURE),
        ("Conv2DTranspose", lambda: layers.Conv2DTranspose(3, 2, strides=2), PICTURE),
        ("DepthwiseConv2D", lambda: layers.DepthwiseConv2D(2, depth_multiplier=2), PICTURE),
        ("SeparableConv1D", lambda: layers.SeparableConv1D(3, 2), STEPS),
        ("SeparableConv2D", lambda: layers.SeparableConv2D(3, 2, depth_multiplier=2), PICTURE),
        ("AveragePooling1D", lambda: layers.AveragePooling1D(3, strides=1), STEPS),
        ("AveragePooling2D", lambda: layers.AveragePooling2D(3, padding="same"), PICTURE),
        ("MaxPooling1D", lambda: layers.MaxPooling1D(), STEPS),
        ("MaxPooling2D", lambda: layers.MaxPooling2D((2, 1)), PICTURE),
        ("GlobalAveragePooling1D", lambda: layers.GlobalAveragePooling1D(), STEPS),
        ("GlobalAveragePooling2D", lambda: layers.GlobalAveragePooling2D(), PICTURE),
        ("GlobalMaxPooling1D", lambda: layers.GlobalMaxPooling1D(), STEPS),
        ("GlobalMaxPooling2D", lambda: layers.GlobalMaxPooling2D(), PICTURE),
        ("Cropping1D", lambda: layers.Cropping1D((1, 2)), STEPS),
        ("Cropping2D", lambda: layers.Cropping2D(((1, 0), (2, 1))), PICTURE),
        ("UpSampling1D", lambda: layers.UpSampling1D(3), STEPS),
        ("UpSampling2D", lambda: layers.UpSampling2D((2, 1), interpolation="bilinear"), PICTURE),
        ("ZeroPadding1D", lambda: layers.ZeroPadding1D(2), STEPS),
        ("ZeroPadding2D", lambda: layers.ZeroPadding2D((1, 2)), PICTURE),
        ("Add", lambda: layers.Add(), VECTOR * 2),
        ("Average", lambda: layers.Average(), VECTOR * 2),
        ("Maximum", lambda: layers.Maximum(), VECTOR * 2),
        ("Minimum", lambda: layers.Minimum(), VECTOR * 2),
        ("Multiply", lambda: layers.Multiply(), VECTOR * 2),
        ("Subtract", lambda: layers.Subtract(), VECTOR * 2),
        ("Concatenate", lambda: layers.Concatenate(axis=1), STEPS * 2),
        ("Dot", lambda: layers.Dot(axes=(1, 1), normalize=True), VECTOR * 2),
        ("Attention", lambda: layers.Attention(use_scale=True), STEPS * 2),
        ("AdditiveAttention", lambda: layers.AdditiveAttention(use_scale=False), STEPS * 2),
        ("SimpleRNN", lambda: layers.SimpleRNN(3, dropout=0.5), STEPS),
        ("LSTM", lambda: layers.LSTM(3, unit_forget_bias=False, recurrent_regularizer="l2"), STEPS),
        ("GRU", lambda: layers.GRU(3, return_sequences=True, go_backwards=True), STEPS),
        ("RNN", lambda: layers.RNN(layers.SimpleRNNCell(3)), STEPS),
        ("StackedRNNCells", lambda: layers.RNN([layers.LSTMCell(2), layers.GRUCell(3)]), STEPS),
        ("TimeDistributed", lambda: layers.TimeDistributed(layers.Dense(2, name="each")), STEPS),
        ("Bidirectional", lambda: layers.Bidirectional(layers.LSTM(2, name="both"), merge_mode="sum"), STEPS),
    ]
    return [(name, make, shapes) for name, make, shapes in found if hasattr(layers, name)]


def model_of(keras, make, shapes):
    """A model of that layer alone."""
    inputs = [keras.Input(shape=shape, name="in_%d" % place) for place, shape in enumerate(shapes)]
    layer = make()
    return keras.Model(
        inputs if len(inputs) > 1 else inputs[0], layer(inputs if len(inputs) > 1 else inputs[0]), name="m"
    )
