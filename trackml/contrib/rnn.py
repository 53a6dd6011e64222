"""`tf.contrib.rnn`: cells of recurrent networks, and the loop that is written out."""

from __future__ import annotations

from trackml.layers.rnn_cells import BasicLSTMCell, BasicRNNCell, GRUCell, LSTMCell, LSTMStateTuple, RNNCell
from trackml.layers.rnn_wrappers import DropoutWrapper, MultiRNNCell
from trackml.nn.recurrent import static_rnn

__all__ = [
    "BasicLSTMCell",
    "BasicRNNCell",
    "DropoutWrapper",
    "GRUCell",
    "LSTMCell",
    "LSTMStateTuple",
    "MultiRNNCell",
    "RNNCell",
    "static_rnn",
]
