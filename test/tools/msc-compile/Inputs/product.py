# SPDX-License-Identifier: Apache-2.0
"""product.py FILE.onnx STEM VALUE: y = x w with a large w, which begins at an odd
place of the file and whose elements are VALUE; x and y as STEM_x.npy and
STEM_y.npy. The file looks as if it had been written an hour ago."""
import os
import sys
import time

import numpy as np
from onnx import TensorProto, helper, numpy_helper

path, stem, value = sys.argv[1], sys.argv[2], float(sys.argv[3])
x = np.arange(64, dtype=np.float32).reshape(2, 32)
w = np.full((32, 64), value, np.float32)
w[:, 1] = 1
node = helper.make_node("MatMul", ["x", "w"], ["y"])
graph = helper.make_graph(
    [node], "product",
    [helper.make_tensor_value_info("x", TensorProto.FLOAT, x.shape)],
    [helper.make_tensor_value_info("y", TensorProto.FLOAT, (2, 64))],
    [numpy_helper.from_array(w, "w")])
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
model.ir_version = 8
content = model.SerializeToString()
while content.index(w.tobytes()) % 2 == 0:
    model.producer_name += "x"
    content = model.SerializeToString()
with open(path, "wb") as file:
    file.write(content)
os.utime(path, (time.time() - 3600,) * 2)
np.save(f"{stem}_x.npy", x)
np.save(f"{stem}_y.npy", x @ w)
