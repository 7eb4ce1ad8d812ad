# SPDX-License-Identifier: Apache-2.0
"""Writes a model with a norm over channels between two convolutions.

usage: transposed_norm.py MODEL.onnx
"""
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

CHANNELS = 32
generator = np.random.Generator(np.random.PCG64(0))


def weight(name, *shape):
    return numpy_helper.from_array(generator.standard_normal(shape, np.float32), name)


nodes = [
    helper.make_node("Conv", ["x", "filters"], ["c"], strides=[4, 4]),
    helper.make_node("Transpose", ["c"], ["t"], perm=[0, 2, 3, 1]),
    helper.make_node("LayerNormalization", ["t", "scale", "bias"], ["l"], axis=-1),
    helper.make_node("Transpose", ["l"], ["u"], perm=[0, 3, 1, 2]),
    helper.make_node("Conv", ["u", "depthwise"], ["y"], group=CHANNELS, pads=[3] * 4),
]
graph = helper.make_graph(
    nodes, "transposed_norm",
    [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 3, 32, 32])],
    [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, CHANNELS, 8, 8])],
    [weight("filters", CHANNELS, 3, 4, 4), weight("scale", CHANNELS), weight("bias", CHANNELS),
     weight("depthwise", CHANNELS, 1, 7, 7)])
onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)]), sys.argv[1])
