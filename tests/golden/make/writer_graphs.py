"""Two small models, the graphs that the peers' writers make of them, and the methods of the peers' file writers.

`python tests/golden/make/writer_graphs.py tests/golden/writer`

Needs PyTorch, tensorboardX and onnx. Writes `model.onnx`, `model.xml`, and `graphs.json`: the nodes that
`add_onnx_graph` of PyTorch and `add_openvino_graph` of tensorboardX wrote, and the signatures of both `FileWriter`s.
"""

from __future__ import annotations

import inspect
import json
import os
import pathlib
import sys
import tempfile

import numpy as np
import onnx
import tensorboardX.writer
import torch.utils.tensorboard.writer
from onnx import TensorProto, helper, numpy_helper
from tensorboard.backend.event_processing import event_file_loader
from tensorboard.compat.proto.graph_pb2 import GraphDef

LAYERS = """<?xml version="1.0"?>
<net name="model" version="11">
  <layers>
    <layer id="0" name="x" type="Parameter" version="opset1"><data shape="1,3,8,8" element_type="f32"/></layer>
    <layer id="1" name="weight" type="Const" version="opset1"><data element_type="f32" shape="4,3,3,3"/></layer>
    <layer id="2" name="conv" type="Convolution" version="opset1"><data strides="1, 1" auto_pad="explicit"/></layer>
    <layer id="3" name="conv" type="ReLU" version="opset1"/>
    <layer id="4" name="y" type="Result" version="opset1"/>
  </layers>
  <edges>
    <edge from-layer="1" from-port="0" to-layer="2" to-port="1"/>
    <edge from-layer="0" from-port="0" to-layer="2" to-port="0"/>
    <edge from-layer="2" from-port="2" to-layer="3" to-port="0"/>
    <edge from-layer="3" from-port="1" to-layer="4" to-port="0"/>
  </edges>
</net>
"""


def onnx_model():
    """A convolution, an activation, a split in two, a sum, and a cast, on pictures and labels."""
    weights = [
        numpy_helper.from_array(np.ones((4, 3, 3, 3), np.float32), "weight"),
        numpy_helper.from_array(np.array([2, 2], np.int64), "sizes"),
    ]
    nodes = [
        helper.make_node("Conv", ["x", "weight"], ["conv"], "conv1", kernel_shape=[3, 3], pads=[1, 1, 1, 1]),
        helper.make_node("LeakyRelu", ["conv"], ["relu"], alpha=0.25),
        helper.make_node("Split", ["relu", "sizes"], ["left", "right"], axis=1),
        helper.make_node("Add", ["left", "right"], ["sum"]),
        helper.make_node("Clip", ["sum", "", "limit"], ["clipped"]),
        helper.make_node("Cast", ["labels"], ["cast"], to=TensorProto.FLOAT),
    ]
    inputs = [
        helper.make_tensor_value_info("x", TensorProto.FLOAT, ["batch", 3, 8, 8]),
        helper.make_tensor_value_info("labels", TensorProto.INT64, [2]),
        helper.make_tensor_value_info("limit", TensorProto.FLOAT, []),
    ]
    outputs = [
        helper.make_tensor_value_info("clipped", TensorProto.FLOAT, ["batch", 2, 8, 8]),
        helper.make_tensor_value_info("cast", TensorProto.FLOAT, [2]),
    ]
    model = helper.make_model(helper.make_graph(nodes, "model", inputs, outputs, weights))
    onnx.checker.check_model(model)
    return model


def nodes_of(writer_class, add):
    """Name, operation and inputs of each node of the graph that `add` wrote."""
    with tempfile.TemporaryDirectory() as logdir:
        with writer_class(logdir) as writer:
            add(writer)
        (name,) = os.listdir(logdir)
        events = list(event_file_loader.LegacyEventFileLoader(os.path.join(logdir, name)).Load())
    (graph,) = [GraphDef.FromString(event.graph_def) for event in events if event.graph_def]
    return [[node.name, node.op, list(node.input)] for node in graph.node]


def signatures_of(cls):
    """Name and default of each parameter of each method, None where there is no default."""
    return {
        name: [
            [parameter.name, None if parameter.default is parameter.empty else repr(parameter.default)]
            for parameter in list(inspect.signature(method).parameters.values())[1:]
        ]
        for name, method in inspect.getmembers(cls, inspect.isfunction)
        if not name.startswith("_")
    }


def main(folder):
    target = pathlib.Path(folder)
    (target / "model.onnx").write_bytes(onnx_model().SerializeToString())
    (target / "model.xml").write_text(LAYERS)
    torchs, xs = torch.utils.tensorboard.writer, tensorboardX.writer
    onnx_path, xml_path = str(target / "model.onnx"), str(target / "model.xml")
    made = {
        "onnx": nodes_of(torchs.SummaryWriter, lambda writer: writer.add_onnx_graph(onnx_path)),
        "openvino": nodes_of(xs.SummaryWriter, lambda writer: writer.add_openvino_graph(xml_path)),
        "FileWriter": {"torch": signatures_of(torchs.FileWriter), "tensorboardx": signatures_of(xs.FileWriter)},
    }
    (target / "graphs.json").write_text(json.dumps(made, indent=1) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
