"""Parts of neural networks (`tf.nn`): activations, cross entropies, normalization, dropout."""

from __future__ import annotations

from trackml.nn import rnn_cell
from trackml.nn.recurrent import dynamic_rnn, static_rnn
from trackml.ops.activations import crelu, elu, leaky_relu, relu, relu6, selu, softplus, softsign, swish
from trackml.ops.convolution import (
    conv1d,
    conv2d,
    conv2d_backprop_filter,
    conv2d_backprop_input,
    conv2d_transpose,
    convolution,
)
from trackml.ops.cross_entropy import (
    log_poisson_loss,
    sigmoid_cross_entropy_with_logits,
    softmax_cross_entropy_with_logits,
    softmax_cross_entropy_with_logits_v2,
    sparse_softmax_cross_entropy_with_logits,
    weighted_cross_entropy_with_logits,
)
from trackml.ops.depthwise import depthwise_conv2d, separable_conv2d
from trackml.ops.dropout import dropout
from trackml.ops.embedding import embedding_lookup, embedding_lookup_sparse, safe_embedding_lookup_sparse
from trackml.ops.math import sigmoid, tanh
from trackml.ops.nn import (
    batch_normalization,
    bias_add,
    in_top_k,
    l2_loss,
    l2_normalize,
    moments,
    normalize_moments,
    relu_layer,
    top_k,
    xw_plus_b,
    zero_fraction,
)
from trackml.ops.pooling import avg_pool, avg_pool1d, avg_pool2d, max_pool, max_pool1d, max_pool2d
from trackml.ops.softmax import log_softmax, softmax

__all__ = [
    "avg_pool",
    "avg_pool1d",
    "avg_pool2d",
    "batch_normalization",
    "bias_add",
    "conv1d",
    "conv2d",
    "conv2d_backprop_filter",
    "conv2d_backprop_input",
    "conv2d_transpose",
    "convolution",
    "crelu",
    "depthwise_conv2d",
    "dropout",
    "dynamic_rnn",
    "elu",
    "embedding_lookup",
    "embedding_lookup_sparse",
    "in_top_k",
    "l2_loss",
    "l2_normalize",
    "leaky_relu",
    "log_poisson_loss",
    "log_softmax",
    "max_pool",
    "max_pool1d",
    "max_pool2d",
    "moments",
    "normalize_moments",
    "relu",
    "relu6",
    "relu_layer",
    "rnn_cell",
    "safe_embedding_lookup_sparse",
    "selu",
    "separable_conv2d",
    "sigmoid",
    "sigmoid_cross_entropy_with_logits",
    "softmax",
    "softmax_cross_entropy_with_logits",
    "softmax_cross_entropy_with_logits_v2",
    "softplus",
    "softsign",
    "sparse_softmax_cross_entropy_with_logits",
    "static_rnn",
    "swish",
    "tanh",
    "top_k",
    "weighted_cross_entropy_with_logits",
    "xw_plus_b",
    "zero_fraction",
]
