# SPDX-License-Identifier: Apache-2.0
"""Writes a model of softmaxes, normalizations and reductions, one output each.

usage: rows.py MODEL.onnx
"""
import sys

from contractions import Model

# Shapes with remainders: less than a vector, one, several, more than a loop takes.
SHAPES = [(3, 5, 11), (4, 16), (7, 129), (2, 3, 200), (1, 768), (130, 64)]


def add_norms(m, i, x, shape):
    scale, bias = m.weight(f"scale{i}", shape[-1:]), m.weight(f"bias{i}", shape[-1:])
    m.output(m.add("LayerNormalization", f"layer_norm{i}", [x, scale, bias], axis=-1, epsilon=1e-5))
    # rms_norm as models spell it out
    square = m.add("Mul", f"square{i}", [x, x])
    mean = m.add("ReduceMean", f"mean{i}", [square], axes=[-1])
    root = m.add("Sqrt", f"root{i}", [m.add("Add", f"moved{i}", [mean, "one"])])
    m.output(m.add("Mul", f"rms_norm{i}", [m.add("Div", f"unit{i}", [x, root]), scale]))


def add_reductions(m, i, x, shape):
    axes = [[-1], list(range(len(shape))), [len(shape) - 2, len(shape) - 1]][i % 3]
    for op in ["ReduceSum", "ReduceMax", "ReduceMin", "ReduceMean", "ReduceL2"]:
        opset13 = op == "ReduceSum"
        operands = [x, m.integers(f"axes{i}", axes)] if opset13 else [x]
        attributes = {} if opset13 else {"axes": axes}
        m.output(m.add(op, f"{op}{i}", operands, keepdims=i % 2, **attributes))


def add_group_norm(m):
    x = m.input("image", (2, 6, 5, 7))
    y = m.add("InstanceNormalization", "instance", [x, m.weight("s", (6,)), m.weight("b", (6,))])
    m.output(y)
    # Rows that are not contiguous stay with the generic schedule.
    m.output(m.add("Softmax", "channels", [x], axis=1))


if __name__ == "__main__":
    model = Model()
    model.constant("one", 1e-3)
    for number, extents in enumerate(SHAPES):
        value = model.input(f"x{number}", extents)
        model.output(model.add("Softmax", f"softmax{number}", [value], axis=-1))
        model.output(model.add("LogSoftmax", f"log_softmax{number}", [value], axis=-1))
        add_norms(model, number, value, extents)
        add_reductions(model, number, value, extents)
    add_group_norm(model)
    model.save(sys.argv[1])
