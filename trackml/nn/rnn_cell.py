"""Cells of recurrent networks (`tf.nn.rnn_cell`); they are layers, and defined with these."""

from __future__ import annotations

from trackml.layers.rnn_cells import BasicLSTMCell, BasicRNNCell, GRUCell, LSTMCell, LSTMStateTuple, RNNCell
from trackml.layers.rnn_wrappers import DropoutWrapper, MultiRNNCell

__all__ = [
    "BasicLSTMCell",
    "BasicRNNCell",
    "DropoutWrapper",
    "GRUCell",
    "LSTMCell",
    "LSTMStateTuple",
    "MultiRNNCell",
    "RNNCell",
]
