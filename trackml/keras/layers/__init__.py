"""Keras' layers (`keras.layers`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trackml._lazy import attach

# Where each public name lives; `./scripts/names` remakes the imports and `__all__` below from it.
_HOMES = {
    "AbstractRNNCell": "trackml.keras.layers.cells:AbstractRNNCell",
    "Activation": "trackml.keras.layers.core:Activation",
    "ActivityRegularization": "trackml.keras.layers.noise:ActivityRegularization",
    "Add": "trackml.keras.layers.merge:Add",
    "add": "trackml.keras.layers.merge:add",
    "AdditiveAttention": "trackml.keras.layers.attention:AdditiveAttention",
    "AlphaDropout": "trackml.keras.layers.noise:AlphaDropout",
    "Attention": "trackml.keras.layers.attention:Attention",
    "Average": "trackml.keras.layers.merge:Average",
    "average": "trackml.keras.layers.merge:average",
    "AveragePooling1D": "trackml.keras.layers.pooling:AveragePooling1D",
    "AveragePooling2D": "trackml.keras.layers.pooling:AveragePooling2D",
    "AvgPool1D": "trackml.keras.layers.pooling:AveragePooling1D",
    "AvgPool2D": "trackml.keras.layers.pooling:AveragePooling2D",
    "BatchNormalization": "trackml.keras.layers.normalization:BatchNormalization",
    "Bidirectional": "trackml.keras.layers.bidirectional:Bidirectional",
    "Concatenate": "trackml.keras.layers.merge:Concatenate",
    "concatenate": "trackml.keras.layers.merge:concatenate",
    "Conv1D": "trackml.keras.layers.convolutional:Conv1D",
    "Conv1DTranspose": "trackml.keras.layers.convolutional:Conv1DTranspose",
    "Conv2D": "trackml.keras.layers.convolutional:Conv2D",
    "Conv2DTranspose": "trackml.keras.layers.convolutional:Conv2DTranspose",
    "Convolution1D": "trackml.keras.layers.convolutional:Conv1D",
    "Convolution1DTranspose": "trackml.keras.layers.convolutional:Conv1DTranspose",
    "Convolution2D": "trackml.keras.layers.convolutional:Conv2D",
    "Convolution2DTranspose": "trackml.keras.layers.convolutional:Conv2DTranspose",
    "Cropping1D": "trackml.keras.layers.reshaping:Cropping1D",
    "Cropping2D": "trackml.keras.layers.reshaping:Cropping2D",
    "Dense": "trackml.keras.layers.core:Dense",
    "DepthwiseConv1D": "trackml.keras.layers.depthwise:DepthwiseConv1D",
    "DepthwiseConv2D": "trackml.keras.layers.depthwise:DepthwiseConv2D",
    "deserialize": "trackml.keras.layers.serialization:deserialize",
    "Dot": "trackml.keras.layers.merge:Dot",
    "dot": "trackml.keras.layers.merge:dot",
    "Dropout": "trackml.keras.layers.noise:Dropout",
    "ELU": "trackml.keras.layers.advanced_activations:ELU",
    "Embedding": "trackml.keras.layers.embeddings:Embedding",
    "Flatten": "trackml.keras.layers.reshaping:Flatten",
    "GaussianDropout": "trackml.keras.layers.noise:GaussianDropout",
    "GaussianNoise": "trackml.keras.layers.noise:GaussianNoise",
    "GlobalAveragePooling1D": "trackml.keras.layers.pooling:GlobalAveragePooling1D",
    "GlobalAveragePooling2D": "trackml.keras.layers.pooling:GlobalAveragePooling2D",
    "GlobalAvgPool1D": "trackml.keras.layers.pooling:GlobalAveragePooling1D",
    "GlobalAvgPool2D": "trackml.keras.layers.pooling:GlobalAveragePooling2D",
    "GlobalMaxPool1D": "trackml.keras.layers.pooling:GlobalMaxPooling1D",
    "GlobalMaxPool2D": "trackml.keras.layers.pooling:GlobalMaxPooling2D",
    "GlobalMaxPooling1D": "trackml.keras.layers.pooling:GlobalMaxPooling1D",
    "GlobalMaxPooling2D": "trackml.keras.layers.pooling:GlobalMaxPooling2D",
    "GRU": "trackml.keras.layers.recurrent:GRU",
    "GRUCell": "trackml.keras.layers.recurrent_cells:GRUCell",
    "Identity": "trackml.keras.layers.core:Identity",
    "Input": "trackml.keras.engine.input_layer:Input",
    "InputLayer": "trackml.keras.engine.input_layer:InputLayer",
    "InputSpec": "trackml.layers.input_spec:InputSpec",
    "Lambda": "trackml.keras.layers.core:Lambda",
    "Layer": "trackml.keras.engine.base_layer:Layer",
    "LayerNormalization": "trackml.keras.layers.normalization:LayerNormalization",
    "LeakyReLU": "trackml.keras.layers.advanced_activations:LeakyReLU",
    "LSTM": "trackml.keras.layers.recurrent:LSTM",
    "LSTMCell": "trackml.keras.layers.recurrent_cells:LSTMCell",
    "Masking": "trackml.keras.layers.core:Masking",
    "Maximum": "trackml.keras.layers.merge:Maximum",
    "maximum": "trackml.keras.layers.merge:maximum",
    "MaxPool1D": "trackml.keras.layers.pooling:MaxPooling1D",
    "MaxPool2D": "trackml.keras.layers.pooling:MaxPooling2D",
    "MaxPooling1D": "trackml.keras.layers.pooling:MaxPooling1D",
    "MaxPooling2D": "trackml.keras.layers.pooling:MaxPooling2D",
    "Minimum": "trackml.keras.layers.merge:Minimum",
    "minimum": "trackml.keras.layers.merge:minimum",
    "Multiply": "trackml.keras.layers.merge:Multiply",
    "multiply": "trackml.keras.layers.merge:multiply",
    "Permute": "trackml.keras.layers.reshaping:Permute",
    "PReLU": "trackml.keras.layers.advanced_activations:PReLU",
    "ReLU": "trackml.keras.layers.advanced_activations:ReLU",
    "RepeatVector": "trackml.keras.layers.reshaping:RepeatVector",
    "Reshape": "trackml.keras.layers.reshaping:Reshape",
    "RNN": "trackml.keras.layers.rnn:RNN",
    "SeparableConv1D": "trackml.keras.layers.depthwise:SeparableConv1D",
    "SeparableConv2D": "trackml.keras.layers.depthwise:SeparableConv2D",
    "SeparableConvolution1D": "trackml.keras.layers.depthwise:SeparableConv1D",
    "SeparableConvolution2D": "trackml.keras.layers.depthwise:SeparableConv2D",
    "serialize": "trackml.keras.layers.serialization:serialize",
    "SimpleRNN": "trackml.keras.layers.recurrent:SimpleRNN",
    "SimpleRNNCell": "trackml.keras.layers.recurrent_cells:SimpleRNNCell",
    "Softmax": "trackml.keras.layers.advanced_activations:Softmax",
    "SpatialDropout1D": "trackml.keras.layers.noise:SpatialDropout1D",
    "SpatialDropout2D": "trackml.keras.layers.noise:SpatialDropout2D",
    "StackedRNNCells": "trackml.keras.layers.stacked_cells:StackedRNNCells",
    "Subtract": "trackml.keras.layers.merge:Subtract",
    "subtract": "trackml.keras.layers.merge:subtract",
    "ThresholdedReLU": "trackml.keras.layers.advanced_activations:ThresholdedReLU",
    "TimeDistributed": "trackml.keras.layers.wrappers:TimeDistributed",
    "UnitNormalization": "trackml.keras.layers.normalization:UnitNormalization",
    "UpSampling1D": "trackml.keras.layers.reshaping:UpSampling1D",
    "UpSampling2D": "trackml.keras.layers.reshaping:UpSampling2D",
    "Wrapper": "trackml.keras.layers.wrappers:Wrapper",
    "ZeroPadding1D": "trackml.keras.layers.reshaping:ZeroPadding1D",
    "ZeroPadding2D": "trackml.keras.layers.reshaping:ZeroPadding2D",
}

if TYPE_CHECKING:
    from trackml.keras.engine.base_layer import Layer as Layer
    from trackml.keras.engine.input_layer import Input as Input
    from trackml.keras.engine.input_layer import InputLayer as InputLayer
    from trackml.keras.layers.advanced_activations import ELU as ELU
    from trackml.keras.layers.advanced_activations import LeakyReLU as LeakyReLU
    from trackml.keras.layers.advanced_activations import PReLU as PReLU
    from trackml.keras.layers.advanced_activations import ReLU as ReLU
    from trackml.keras.layers.advanced_activations import Softmax as Softmax
    from trackml.keras.layers.advanced_activations import ThresholdedReLU as ThresholdedReLU
    from trackml.keras.layers.attention import AdditiveAttention as AdditiveAttention
    from trackml.keras.layers.attention import Attention as Attention
    from trackml.keras.layers.bidirectional import Bidirectional as Bidirectional
    from trackml.keras.layers.cells import AbstractRNNCell as AbstractRNNCell
    from trackml.keras.layers.convolutional import Conv1D as Conv1D
    from trackml.keras.layers.convolutional import Conv1D as Convolution1D
    from trackml.keras.layers.convolutional import Conv1DTranspose as Conv1DTranspose
    from trackml.keras.layers.convolutional import Conv1DTranspose as Convolution1DTranspose
    from trackml.keras.layers.convolutional import Conv2D as Conv2D
    from trackml.keras.layers.convolutional import Conv2D as Convolution2D
    from trackml.keras.layers.convolutional import Conv2DTranspose as Conv2DTranspose
    from trackml.keras.layers.convolutional import Conv2DTranspose as Convolution2DTranspose
    from trackml.keras.layers.core import Activation as Activation
    from trackml.keras.layers.core import Dense as Dense
    from trackml.keras.layers.core import Identity as Identity
    from trackml.keras.layers.core import Lambda as Lambda
    from trackml.keras.layers.core import Masking as Masking
    from trackml.keras.layers.depthwise import DepthwiseConv1D as DepthwiseConv1D
    from trackml.keras.layers.depthwise import DepthwiseConv2D as DepthwiseConv2D
    from trackml.keras.layers.depthwise import SeparableConv1D as SeparableConv1D
    from trackml.keras.layers.depthwise import SeparableConv1D as SeparableConvolution1D
    from trackml.keras.layers.depthwise import SeparableConv2D as SeparableConv2D
    from trackml.keras.layers.depthwise import SeparableConv2D as SeparableConvolution2D
    from trackml.keras.layers.embeddings import Embedding as Embedding
    from trackml.keras.layers.merge import Add as Add
    from trackml.keras.layers.merge import Average as Average
    from trackml.keras.layers.merge import Concatenate as Concatenate
    from trackml.keras.layers.merge import Dot as Dot
    from trackml.keras.layers.merge import Maximum as Maximum
    from trackml.keras.layers.merge import Minimum as Minimum
    from trackml.keras.layers.merge import Multiply as Multiply
    from trackml.keras.layers.merge import Subtract as Subtract
    from trackml.keras.layers.merge import add as add
    from trackml.keras.layers.merge import average as average
    from trackml.keras.layers.merge import concatenate as concatenate
    from trackml.keras.layers.merge import dot as dot
    from trackml.keras.layers.merge import maximum as maximum
    from trackml.keras.layers.merge import minimum as minimum
    from trackml.keras.layers.merge import multiply as multiply
    from trackml.keras.layers.merge import subtract as subtract
    from trackml.keras.layers.noise import ActivityRegularization as ActivityRegularization
    from trackml.keras.layers.noise import AlphaDropout as AlphaDropout
    from trackml.keras.layers.noise import Dropout as Dropout
    from trackml.keras.layers.noise import GaussianDropout as GaussianDropout
    from trackml.keras.layers.noise import GaussianNoise as GaussianNoise
    from trackml.keras.layers.noise import SpatialDropout1D as SpatialDropout1D
    from trackml.keras.layers.noise import SpatialDropout2D as SpatialDropout2D
    from trackml.keras.layers.normalization import BatchNormalization as BatchNormalization
    from trackml.keras.layers.normalization import LayerNormalization as LayerNormalization
    from trackml.keras.layers.normalization import UnitNormalization as UnitNormalization
    from trackml.keras.layers.pooling import AveragePooling1D as AveragePooling1D
    from trackml.keras.layers.pooling import AveragePooling1D as AvgPool1D
    from trackml.keras.layers.pooling import AveragePooling2D as AveragePooling2D
    from trackml.keras.layers.pooling import AveragePooling2D as AvgPool2D
    from trackml.keras.layers.pooling import GlobalAveragePooling1D as GlobalAveragePooling1D
    from trackml.keras.layers.pooling import GlobalAveragePooling1D as GlobalAvgPool1D
    from trackml.keras.layers.pooling import GlobalAveragePooling2D as GlobalAveragePooling2D
    from trackml.keras.layers.pooling import GlobalAveragePooling2D as GlobalAvgPool2D
    from trackml.keras.layers.pooling import GlobalMaxPooling1D as GlobalMaxPool1D
    from trackml.keras.layers.pooling import GlobalMaxPooling1D as GlobalMaxPooling1D
    from trackml.keras.layers.pooling import GlobalMaxPooling2D as GlobalMaxPool2D
    from trackml.keras.layers.pooling import GlobalMaxPooling2D as GlobalMaxPooling2D
    from trackml.keras.layers.pooling import MaxPooling1D as MaxPool1D
    from trackml.keras.layers.pooling import MaxPooling1D as MaxPooling1D
    from trackml.keras.layers.pooling import MaxPooling2D as MaxPool2D
    from trackml.keras.layers.pooling import MaxPooling2D as MaxPooling2D
    from trackml.keras.layers.recurrent import GRU as GRU
    from trackml.keras.layers.recurrent import LSTM as LSTM
    from trackml.keras.layers.recurrent import SimpleRNN as SimpleRNN
    from trackml.keras.layers.recurrent_cells import GRUCell as GRUCell
    from trackml.keras.layers.recurrent_cells import LSTMCell as LSTMCell
    from trackml.keras.layers.recurrent_cells import SimpleRNNCell as SimpleRNNCell
    from trackml.keras.layers.reshaping import Cropping1D as Cropping1D
    from trackml.keras.layers.reshaping import Cropping2D as Cropping2D
    from trackml.keras.layers.reshaping import Flatten as Flatten
    from trackml.keras.layers.reshaping import Permute as Permute
    from trackml.keras.layers.reshaping import RepeatVector as RepeatVector
    from trackml.keras.layers.reshaping import Reshape as Reshape
    from trackml.keras.layers.reshaping import UpSampling1D as UpSampling1D
    from trackml.keras.layers.reshaping import UpSampling2D as UpSampling2D
    from trackml.keras.layers.reshaping import ZeroPadding1D as ZeroPadding1D
    from trackml.keras.layers.reshaping import ZeroPadding2D as ZeroPadding2D
    from trackml.keras.layers.rnn import RNN as RNN
    from trackml.keras.layers.serialization import deserialize as deserialize
    from trackml.keras.layers.serialization import serialize as serialize
    from trackml.keras.layers.stacked_cells import StackedRNNCells as StackedRNNCells
    from trackml.keras.layers.wrappers import TimeDistributed as TimeDistributed
    from trackml.keras.layers.wrappers import Wrapper as Wrapper
    from trackml.layers.input_spec import InputSpec as InputSpec
else:
    __getattr__, __dir__ = attach(__name__, _HOMES)

__all__ = [
    "ELU",
    "GRU",
    "LSTM",
    "RNN",
    "AbstractRNNCell",
    "Activation",
    "ActivityRegularization",
    "Add",
    "AdditiveAttention",
    "AlphaDropout",
    "Attention",
    "Average",
    "AveragePooling1D",
    "AveragePooling2D",
    "AvgPool1D",
    "AvgPool2D",
    "BatchNormalization",
    "Bidirectional",
    "Concatenate",
    "Conv1D",
    "Conv1DTranspose",
    "Conv2D",
    "Conv2DTranspose",
    "Convolution1D",
    "Convolution1DTranspose",
    "Convolution2D",
    "Convolution2DTranspose",
    "Cropping1D",
    "Cropping2D",
    "Dense",
    "DepthwiseConv1D",
    "DepthwiseConv2D",
    "Dot",
    "Dropout",
    "Embedding",
    "Flatten",
    "GRUCell",
    "GaussianDropout",
    "GaussianNoise",
    "GlobalAveragePooling1D",
    "GlobalAveragePooling2D",
    "GlobalAvgPool1D",
    "GlobalAvgPool2D",
    "GlobalMaxPool1D",
    "GlobalMaxPool2D",
    "GlobalMaxPooling1D",
    "GlobalMaxPooling2D",
    "Identity",
    "Input",
    "InputLayer",
    "InputSpec",
    "LSTMCell",
    "Lambda",
    "Layer",
    "LayerNormalization",
    "LeakyReLU",
    "Masking",
    "MaxPool1D",
    "MaxPool2D",
    "MaxPooling1D",
    "MaxPooling2D",
    "Maximum",
    "Minimum",
    "Multiply",
    "PReLU",
    "Permute",
    "ReLU",
    "RepeatVector",
    "Reshape",
    "SeparableConv1D",
    "SeparableConv2D",
    "SeparableConvolution1D",
    "SeparableConvolution2D",
    "SimpleRNN",
    "SimpleRNNCell",
    "Softmax",
    "SpatialDropout1D",
    "SpatialDropout2D",
    "StackedRNNCells",
    "Subtract",
    "ThresholdedReLU",
    "TimeDistributed",
    "UnitNormalization",
    "UpSampling1D",
    "UpSampling2D",
    "Wrapper",
    "ZeroPadding1D",
    "ZeroPadding2D",
    "add",
    "average",
    "concatenate",
    "deserialize",
    "dot",
    "maximum",
    "minimum",
    "multiply",
    "serialize",
    "subtract",
]
