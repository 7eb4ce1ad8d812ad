# SPDX-License-Identifier: Apache-2.0
"""Writes a model whose weights exceed 2 GiB, and what it computes: FOLDER."""
import os
import struct
import sys

import numpy
import onnx
from onnx import TensorProto, helper

ROWS, COLUMNS = 540_000, 1024  # float32: 2.06 GiB, all zero but the last row
folder = sys.argv[1]
size = ROWS * COLUMNS * 4
with open(os.path.join(folder, "table.bin"), "wb") as f:
    f.truncate(size)
    f.seek(size - COLUMNS * 4)
    f.write(struct.pack("<%df" % COLUMNS, *range(COLUMNS)))
table = TensorProto(name="table", data_type=TensorProto.FLOAT, dims=[ROWS, COLUMNS],
                    data_location=TensorProto.EXTERNAL)
for key, value in (("location", "table.bin"), ("offset", "0"), ("length", str(size))):
    table.external_data.add(key=key, value=value)
graph = helper.make_graph(
    [helper.make_node("Gather", ["table", "i"], ["r"]), helper.make_node("Mul", ["r", "r"], ["y"])], "large",
    [helper.make_tensor_value_info("i", TensorProto.INT64, [2])],
    [helper.make_tensor_value_info("y", TensorProto.FLOAT, [2, COLUMNS])], [table])
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
with open(os.path.join(folder, "large.onnx"), "wb") as f:
    f.write(model.SerializeToString())
numpy.save(os.path.join(folder, "i.npy"), numpy.array([0, ROWS - 1]))
row = numpy.arange(COLUMNS, dtype=numpy.float32)
numpy.save(os.path.join(folder, "y.npy"), numpy.stack([row * 0, row * row]))
