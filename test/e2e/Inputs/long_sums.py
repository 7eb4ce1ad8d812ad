# SPDX-License-Identifier: Apache-2.0
"""Writes a product and a convolution with long sums of positive terms, their
inputs and their results, computed in float64. Sums in float32 that go on from
term to term would be off by more than 2e-6 of the result; the script makes
sure of that.

usage: long_sums.py FOLDER
"""
import os
import sys

import numpy as np
from onnx import numpy_helper

from contractions import Model

TERMS, CHANNELS = 12345, 1100


def assert_needs_parts(terms):
    """Adds up rows of \\p terms one after the other."""
    sums = np.cumsum(terms, axis=1, dtype=np.float32)[:, -1]
    error = np.max(np.abs(sums / terms.sum(axis=1, dtype=np.float64) - 1))
    assert error > 2e-6, error


def main(folder):
    random = np.random.default_rng(1)
    arrays = {
        "rows": random.random((40, TERMS), np.float32),
        "columns": random.random((TERMS, 48), np.float32),
        "image": random.random((1, CHANNELS, 7, 7), np.float32),
        "filters": random.random((32, CHANNELS, 3, 3), np.float32),
    }
    rows, columns, image, filters = arrays.values()
    assert_needs_parts(rows * columns[:, 0])
    model = Model()
    for name in "columns", "filters":
        model.weights.append(numpy_helper.from_array(arrays[name], name))
    model.output(model.add("MatMul", "product", [model.input("rows", rows.shape), "columns"]))
    model.output(model.add("Conv", "conv", [model.input("image", image.shape), "filters"]))
    model.save(os.path.join(folder, "model.onnx"))
    windows = np.lib.stride_tricks.sliding_window_view(image.astype(np.float64), (3, 3), axis=(2, 3))
    arrays["product"] = rows.astype(np.float64) @ columns
    arrays["conv"] = np.einsum("bcyxij,ocij->boyx", windows, filters, optimize=True)
    for name in "rows", "image", "product", "conv":
        np.save(os.path.join(folder, f"{name}.npy"), arrays[name].astype(np.float32))


if __name__ == "__main__":
    main(sys.argv[1])
