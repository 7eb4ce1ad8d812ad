# SPDX-License-Identifier: Apache-2.0
"""Writes a model of attentions as exporters spell them out, one output each.

usage: attentions.py MODEL.onnx
"""
import sys

import numpy as np
from contractions import Model
from onnx import numpy_helper

# Heads, key heads, queries, keys, features; remainders in every loop.
SHAPES = [(2, 2, 64, 64, 32), (3, 3, 13, 29, 20), (4, 2, 30, 30, 16), (1, 1, 197, 197, 48), (2, 2, 1, 40, 16),
          (2, 1, 7, 7, 4), (2, 2, 75, 33, 24)]


def shape(m, name, extents):
    return m.integers(name, extents)


def heads(m, name, value, sequence, count, features, order):
    """[1, S, H * E] as [1, H, S, E] or as `order` says."""
    split = m.add("Reshape", f"{name}_split", [value, shape(m, f"{name}_shape", [1, sequence, count, features])])
    return m.add("Transpose", f"{name}_heads", [split], perm=order)


def repeated(m, name, value, sequence, key_heads, count, features):
    """Each of the key heads for several query heads."""
    wide = [1, key_heads, count // key_heads, sequence, features]
    value = m.add("Unsqueeze", f"{name}_one", [value, m.integers(f"{name}_axis", [2])])
    value = m.add("Expand", f"{name}_wide", [value, shape(m, f"{name}_wide_shape", wide)])
    return m.add("Reshape", f"{name}_flat", [value, shape(m, f"{name}_flat_shape", [1, count, sequence, features])])


def add_attention(m, i, count, key_heads, queries, keys, features):
    q = heads(m, f"q{i}", m.input(f"query{i}", (1, queries, count * features)), queries, count, features, [0, 2, 1, 3])
    keys_in = m.input(f"key{i}", (1, keys, key_heads * features))
    v = heads(m, f"v{i}", m.input(f"value{i}", (1, keys, key_heads * features)), keys, key_heads, features, [0, 2, 1, 3])
    if count == key_heads:
        k = heads(m, f"k{i}", keys_in, keys, count, features, [0, 2, 3, 1])
    else:
        k = heads(m, f"k{i}", keys_in, keys, key_heads, features, [0, 2, 1, 3])
        k = m.add("Transpose", f"kt{i}", [repeated(m, f"k{i}", k, keys, key_heads, count, features)], perm=[0, 1, 3, 2])
        v = repeated(m, f"v{i}", v, keys, key_heads, count, features)
    scores = m.add("Mul", f"scaled{i}", [m.add("MatMul", f"scores{i}", [q, k]), "scale"])
    if i % 2:
        scores = m.add("Add", f"masked{i}", [scores, m.input(f"mask{i}", (1, 1, [1, queries][i // 2 % 2], keys))])
    weights = m.add("Softmax", f"weights{i}", [scores], axis=-1)
    result = m.add("MatMul", f"mixed{i}", [weights, v])
    joined = m.add("Transpose", f"joined{i}", [result], perm=[0, 2, 1, 3])
    m.output(m.add("Reshape", f"attention{i}", [joined, shape(m, f"flat{i}", [1, queries, count * features])]))


def add_packed(m):
    """Queries, keys and values side by side, picked by index; a causal mask."""
    sequence, count, features = 50, 3, 16
    x = m.input("packed", (1, sequence, 3 * count * features))
    x = m.add("Reshape", "parts", [x, shape(m, "parts_shape", [1, sequence, 3, count, features])])
    x = m.add("Transpose", "turned", [x], perm=[2, 0, 3, 1, 4])
    m.weights.append(numpy_helper.from_array(np.int64(1), "first"))
    m.weights.append(numpy_helper.from_array(np.int64(-1), "last"))
    m.weights.append(numpy_helper.from_array(np.int64(0), "zero"))
    q, k, v = (m.add("Gather", f"part_{name}", [x, name], axis=0) for name in ["zero", "first", "last"])
    k = m.add("Transpose", "part_kt", [k], perm=[0, 1, 3, 2])
    scores = m.add("MatMul", "part_scores", [m.add("Mul", "part_scaled", [q, "scale"]), k])
    causal = np.triu(np.full((sequence, sequence), -np.inf, np.float32), 1)
    m.weights.append(numpy_helper.from_array(causal, "causal"))
    weights = m.add("Softmax", "part_weights", [m.add("Add", "part_masked", [scores, "causal"])], axis=-1)
    result = m.add("MatMul", "part_result", [weights, v])
    m.output(m.add("Transpose", "part_joined", [result], perm=[0, 2, 1, 3]))


if __name__ == "__main__":
    model = Model()
    model.constant("scale", 0.25)
    for number, extents in enumerate(SHAPES):
        add_attention(model, number, *extents)
    add_packed(model)
    model.save(sys.argv[1])
