# SPDX-License-Identifier: Apache-2.0
"""Writes a model of products with weights that are large enough for matrix
units, one output each.

usage: tiles.py MODEL.onnx
"""
import sys

from contractions import Model

# Left operand, columns, whether the weights are transposed, and what follows.
PRODUCTS = [
    ((128, 256), 128, False, []),
    ((2, 48, 288), 96, False, ["Relu"]),
    ((49, 320), 160, False, ["Sigmoid"]),  # tails of rows; an epilogue that calls functions
    ((100, 512), 50, False, []),  # of columns: more than one tile
    ((33, 1000), 70, False, ["Relu"]),  # of rows, columns and terms
    ((30, 333), 230, True, []),  # an odd number of terms
    ((40, 2600), 40, False, ["Tanh"]),  # several blocks of the sum, and the tails
    ((600, 160), 48, True, []),
    ((24, 1056), 100, False, []),
]


def add_products(m):
    for i, (left, columns, is_transposed, epilogue) in enumerate(PRODUCTS):
        x = m.input(f"left{i}", left)
        shape = (columns, left[-1]) if is_transposed else (left[-1], columns)
        weight = m.weight(f"right{i}", shape)
        if is_transposed:
            y = m.add("Gemm", f"gemm{i}", [x, weight, m.weight(f"bias{i}", (columns,))], transB=1)
        else:
            y = m.add("MatMul", f"matmul{i}", [x, weight])
        for op in epilogue:
            y = m.add("Add", f"sum{i}", [y, m.weight(f"bias{i}", (columns,))])
            y = m.add(op, f"{op}{i}", [y])
        m.output(y)


def add_residual(m):
    """One matrix used twice, with what went in added at the end."""
    x = m.input("x", (64, 192))
    shared = m.weight("shared", (192, 192))
    y = m.add("MatMul", "first", [x, shared])
    y = m.add("MatMul", "second", [y, shared])
    m.output(m.add("Add", "residual", [y, x]))


if __name__ == "__main__":
    model = Model()
    add_products(model)
    add_residual(model)
    model.save(sys.argv[1])
