# SPDX-License-Identifier: Apache-2.0
"""Convolutions whose transformed tiles are too large for the caches: 36 x 36 with
64 channels and a residual, 14 x 14 with 256 channels."""
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

rng = np.random.default_rng(7)
weights, nodes = [], []


def conv(x, name, c_in, c_out, **attributes):
    w = rng.standard_normal((c_out, c_in, 3, 3), np.float32) / (3 * c_in**0.5)
    b = rng.standard_normal(c_out, np.float32)
    weights.extend([numpy_helper.from_array(w, name + "_w"),
                    numpy_helper.from_array(b, name + "_b")])
    nodes.append(helper.make_node("Conv", [x, name + "_w", name + "_b"], [name],
                                  pads=[1, 1, 1, 1], **attributes))
    return name


a = conv("x", "a", 64, 64)
nodes.append(helper.make_node("Relu", [a], ["r"]))
b = conv("r", "b", 64, 64)
nodes.append(helper.make_node("Add", [b, "x"], ["s"]))
nodes.append(helper.make_node("Relu", ["s"], ["y"]))
c = conv("z", "c", 256, 256)
graph = helper.make_graph(
    nodes, "strips",
    [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 64, 36, 36]),
     helper.make_tensor_value_info("z", TensorProto.FLOAT, [1, 256, 14, 14])],
    [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 64, 36, 36]),
     helper.make_tensor_value_info("c", TensorProto.FLOAT, [1, 256, 14, 14])],
    weights)
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
onnx.checker.check_model(model)
onnx.save(model, sys.argv[1])
