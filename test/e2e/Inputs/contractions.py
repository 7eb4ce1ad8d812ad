# SPDX-License-Identifier: Apache-2.0
"""Writes a model of products and convolutions, one output each.

usage: contractions.py MODEL.onnx
"""
import sys

import numpy as np
import onnx
from onnx import helper, numpy_helper

# Filters, input and attributes of a convolution.
CONVOLUTIONS = [
    ((64, 16, 3, 3), (1, 16, 14, 14), {"pads": [1, 1, 1, 1]}),
    ((33, 5, 3, 3), (2, 5, 9, 11), {"pads": [0, 1, 2, 1]}),  # tails of channels and columns
    ((40, 8, 1, 1), (1, 8, 7, 7), {}),
    ((24, 8, 1, 1), (1, 8, 15, 15), {"strides": [2, 2]}),
    ((32, 3, 7, 7), (1, 3, 32, 32), {"strides": [2, 2], "pads": [3, 3, 3, 3]}),
    ((16, 4, 3, 3), (1, 4, 12, 12), {"dilations": [2, 2]}),
    ((20, 3, 4, 4), (1, 3, 16, 16), {"strides": [4, 4]}),
    ((48, 1, 3, 3), (1, 48, 10, 10), {"group": 48, "pads": [1, 1, 1, 1]}),
    ((19, 1, 5, 5), (1, 19, 13, 13), {"group": 19, "strides": [2, 2], "pads": [2, 2, 2, 2]}),
    ((24, 4, 3, 3), (1, 12, 8, 8), {"group": 3}),
    ((16, 32, 1, 1), (1, 32, 1, 1), {}),
    ((12, 6, 5), (2, 6, 40), {"pads": [2, 2]}),
    ((8, 3, 3, 3, 3), (1, 3, 6, 7, 8), {}),
    ((64, 32, 3, 3), (1, 32, 28, 28), {"pads": [1, 1, 1, 1]}),  # enough for several threads
    ((72, 40, 3, 3), (2, 40, 24, 20), {"pads": [1, 1, 1, 1]}),  # tiles, tails of channels
    ((96, 64, 3, 3), (1, 64, 16, 18), {"pads": [0, 1, 2, 1]}),
    ((1, 33, 3, 3), (1, 33, 21, 19), {"pads": [1, 1, 1, 1]}),  # one output: dot products
    ((1, 8, 5, 5), (2, 8, 30, 40), {"pads": [2, 2, 2, 2], "strides": [1, 2]}),
    ((1, 64, 1, 1), (1, 64, 13, 40), {}),
]
# Operands of a product; a weight where the third entry says so.
PRODUCTS = [
    ((1, 64), (64, 100), True),
    ((1, 300), (300, 7), True),
    ((29, 48), (48, 96), True),
    ((2, 13, 24), (24, 33), True),
    ((13, 24), (24, 33), False),
    ((2, 3, 17, 20), (2, 3, 20, 31), False),
    ((1, 5, 16, 8), (4, 1, 8, 16), False),
    ((40, 64), (64, 1), True),
    ((37, 200), (200, 1), True),
    ((29, 512), (512, 512), True),  # more weights than the second cache holds beside the rest
]


class Model:
    """A graph under construction."""

    def __init__(self):
        self.random = np.random.default_rng(1)
        self.nodes, self.inputs, self.outputs, self.weights = [], [], [], []

    def input(self, name, shape, kind=onnx.TensorProto.FLOAT):
        self.inputs.append(helper.make_tensor_value_info(name, kind, shape))
        return name

    def weight(self, name, shape):
        values = np.asarray(self.random.standard_normal(shape), np.float32)
        self.weights.append(numpy_helper.from_array(values, name))
        return name

    def constant(self, name, value):
        self.weights.append(numpy_helper.from_array(np.asarray([value], np.float32), name))

    def integers(self, name, values):
        self.weights.append(numpy_helper.from_array(np.asarray(values, np.int64), name))
        return name

    def add(self, op, name, operands, **attributes):
        self.nodes.append(helper.make_node(op, operands, [name], name=name, **attributes))
        return name

    def output(self, name):
        self.outputs.append(helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None))

    def save(self, path):
        graph = helper.make_graph(self.nodes, "contractions", self.inputs, self.outputs, self.weights)
        onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), path)


def add_convolutions(m):
    for i, (filters, shape, attributes) in enumerate(CONVOLUTIONS):
        operands = [m.input(f"image{i}", shape), m.weight(f"filters{i}", filters)]
        if i % 2:
            operands.append(m.weight(f"bias{i}", filters[:1]))
        # With vector epilogues, epilogues that call functions, and none.
        value = m.add("Conv", f"conv{i}", operands, **attributes)
        m.output(m.add(["Relu", "Sigmoid"][i % 2], f"conv_out{i}", [value]) if i % 3 else value)


def add_products(m):
    for i, (lhs, rhs, is_weight) in enumerate(PRODUCTS):
        right = m.weight(f"right{i}", rhs) if is_weight else m.input(f"right{i}", rhs)
        value = m.add("MatMul", f"matmul{i}", [m.input(f"left{i}", lhs), right])
        m.output(m.add("Tanh", f"matmul_out{i}", [value]) if i % 2 else value)


def add_reductions(m):
    """Of columns: one tile where there are few, shared by threads where they are long."""
    for i, shape in enumerate([(1, 7000, 40), (3, 900, 16), (2, 50, 300)]):
        x = m.input(f"rows{i}", shape)
        for op in "ReduceMean", "ReduceMax":
            m.output(m.add(op, f"{op}{i}", [x], axes=[1], keepdims=0))


def add_epilogues(m):
    """Transposed weights, a residual, one matrix used twice, and a mask."""
    x = m.input("x", (9, 40))
    shared = m.weight("shared", (40, 40))
    y = m.add("Gemm", "gemm", [x, shared, m.weight("gemm_bias", (40,))], transB=1)
    y = m.add("Add", "residual", [y, x])
    m.output(m.add("MatMul", "again", [y, shared]))
    mask = m.input("mask", (9, 40), onnx.TensorProto.BOOL)
    product = m.add("MatMul", "product", [x, m.weight("square", (40, 40))])
    m.output(m.add("Where", "masked", [mask, product, m.weight("otherwise", ())]))


if __name__ == "__main__":
    model = Model()
    add_convolutions(model)
    add_products(model)
    add_reductions(model)
    add_epilogues(model)
    model.save(sys.argv[1])
