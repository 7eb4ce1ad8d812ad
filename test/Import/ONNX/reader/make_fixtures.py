# SPDX-License-Identifier: Apache-2.0
"""Writes the models of Inputs/: each shows one thing that the reader does or
refuses. Run it with Python's `onnx` package after changing it:

    python make_fixtures.py
"""
import os
import struct

import numpy as np
from onnx import AttributeProto, ModelProto, TensorProto, helper, numpy_helper
from onnx.helper import (
    make_attribute,
    make_function,
    make_graph,
    make_node,
    make_opsetid,
    make_tensor,
    make_tensor_value_info,
)

INPUTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "Inputs")
F32, I64, BOOL = TensorProto.FLOAT, TensorProto.INT64, TensorProto.BOOL


def value(name, shape=(2,), dtype=F32):
    return make_tensor_value_info(name, dtype, shape)


def save(name, content):
    with open(os.path.join(INPUTS, name), "wb") as f:
        f.write(content if isinstance(content, bytes) else content.SerializeToString())


def model(name, nodes, inputs, outputs, initializers=(), opset=13, ir=8, value_info=(), **kwargs):
    """Saves the model of one graph and returns it."""
    graph = make_graph(nodes, "g", inputs, outputs, list(initializers), value_info=list(value_info))
    kwargs.setdefault("opset_imports", [make_opsetid("", opset)])
    proto = helper.make_model(graph, producer_name="fixtures", ir_version=ir, **kwargs)
    save(name + ".onnx", proto)
    return proto


def tensors():
    """Every way to store a tensor."""
    constants = [
        make_tensor("float_data", F32, [2], [1.0, 2.0]),
        make_tensor("raw", F32, [2], np.float32([3, 4]).tobytes(), raw=True),
        make_tensor("splat", I64, [2, 2], [7, 7, 7, 7]),
        make_tensor("empty", F32, [0, 3], []),
        make_tensor("scalar", TensorProto.DOUBLE, [], [0.5]),
        make_tensor("f16", TensorProto.FLOAT16, [2], np.float16([1.5, -2.0])),
        make_tensor("bf16", TensorProto.BFLOAT16, [2], [1.0, 3.0]),
        make_tensor("i8", TensorProto.INT8, [3], [-1, 0, 127]),
        make_tensor("u8", TensorProto.UINT8, [2], [255, 1]),
        make_tensor("i16", TensorProto.INT16, [2], [-300, 300]),
        make_tensor("u16", TensorProto.UINT16, [2], [65535, 1]),
        make_tensor("i32", TensorProto.INT32, [2], [-5, 5]),
        make_tensor("u32", TensorProto.UINT32, [2], [4294967295, 1]),
        make_tensor("u64", TensorProto.UINT64, [2], [18446744073709551615, 1]),
        make_tensor("bool", BOOL, [3], [True, False, True]),
        make_tensor("bool_raw", BOOL, [3], b"\x02\x00\x01", raw=True),
        make_tensor("i4", TensorProto.INT4, [3], [-8, 7, 1]),
        make_tensor("u4", TensorProto.UINT4, [3], [15, 0, 1]),
        make_tensor("f8", TensorProto.FLOAT8E4M3FN, [2], b"\x38\x40", raw=True),
        make_tensor("f8_typed", TensorProto.FLOAT8E5M2, [2], [1.0, 2.0]),
        make_tensor("string", TensorProto.STRING, [1], [b"text"]),
        make_tensor("complex", TensorProto.COMPLEX64, [1], [1 + 2j]),
        make_tensor("int2", TensorProto.INT2, [4], [1, -1, 0, 1]),
    ]
    nodes = [make_node("Constant", [], [t.name], name=t.name, value=t) for t in constants]
    model("tensors", nodes, [], [value("raw")], opset=25)


def main():
    os.makedirs(INPUTS, exist_ok=True)
    tensors()


if __name__ == "__main__":
    main()
