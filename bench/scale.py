#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How compile time and memory grow: makes models, compiles them, measures.

    scale.py --build=BUILD --work=DIR [--write] [--filter=REGEX]

Graphs of 100, 1,000 and 10,000 nodes, once all different and once blocks that
repeat, and weights of 100 MB and 1 GB in few layers, as ONNX files with external
data. Each is compiled without a cache, in a process of its own; peak memory is
the process's, of which the mapped file's pages and the rest are told apart.
--write puts the table into docs/CompileTime.md.
"""
import argparse
import datetime
import json
import os
import re
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "CompileTime.md"
BEGIN, END = "<!-- scale.py -->", "<!-- /scale.py -->"


def save(path, nodes, inputs, outputs, weights):
    """Writes a model whose weights lie in one file beside it."""
    data = path.with_suffix(".data")
    initializers, offset = [], 0
    with open(data, "wb") as file:
        for name, array in weights:
            tensor = TensorProto(name=name, data_type=TensorProto.FLOAT, dims=array.shape)
            tensor.data_location = TensorProto.EXTERNAL
            for key, value in ("location", data.name), ("offset", offset), ("length", array.nbytes):
                tensor.external_data.add(key=key, value=str(value))
            file.write(array.tobytes())
            offset += array.nbytes
            initializers.append(tensor)
    graph = helper.make_graph(nodes, "scale", inputs, outputs, initializers)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 8
    path.write_bytes(model.SerializeToString())


def value(name, shape):
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)


def graph_model(path, count, repeats):
    """Blocks of four nodes: a product with weights, a bias, an activation and a
    reduction that keeps the blocks apart. Without `repeats` their widths are
    random, so that hardly two products are equal."""
    rng = np.random.default_rng(0)
    widths = rng.integers(24, 88, count)
    nodes, weights, last, width = [], [], "x", 16
    for block in range(count // 4):
        wide = 16 if repeats else int(widths[block])
        shape = (width, wide)
        weights += [(f"w{block}", rng.standard_normal(shape, np.float32) / width),
                    (f"b{block}", rng.standard_normal(wide, np.float32))]
        nodes += [helper.make_node("MatMul", [last, f"w{block}"], [f"m{block}"], f"matmul_{block}"),
                  helper.make_node("Add", [f"m{block}", f"b{block}"], [f"a{block}"], f"add_{block}"),
                  helper.make_node("Tanh", [f"a{block}"], [f"t{block}"], f"tanh_{block}"),
                  helper.make_node("Softmax", [f"t{block}"], [f"s{block}"], f"softmax_{block}")]
        last, width = f"s{block}", wide
    save(path, nodes, [value("x", [4, 16])], [value(last, [4, width])], weights)


def weights_model(path, megabytes, layers=8):
    """Few products with large weights."""
    rng = np.random.default_rng(0)
    width = int((megabytes * 1e6 / 4 / layers) ** 0.5)
    nodes, weights, last = [], [], "x"
    for layer in range(layers):
        array = rng.standard_normal((width, width), np.float32) / width ** 0.5
        weights.append((f"w{layer}", array))
        nodes += [helper.make_node("MatMul", [last, f"w{layer}"], [f"m{layer}"], f"matmul_{layer}"),
                  helper.make_node("Relu", [f"m{layer}"], [f"r{layer}"], f"relu_{layer}")]
        last = f"r{layer}"
    save(path, nodes, [value("x", [1, width])], [value(last, [1, width])], weights)


CASES = {
    **{f"{count:,} nodes, all different": (lambda path, n=count: graph_model(path, n, False))
       for count in (100, 1000, 10000)},
    **{f"{count:,} nodes, blocks repeat": (lambda path, n=count: graph_model(path, n, True))
       for count in (100, 1000, 10000)},
    "weights of 100 MB": lambda path: weights_model(path, 100),
    "weights of 1 GB": lambda path: weights_model(path, 1000),
}


def watch(process, peak):
    """Keeps the largest resident sizes: all, and anonymous memory alone."""
    while process.poll() is None:
        try:
            status = Path(f"/proc/{process.pid}/status").read_text()
        except OSError:
            break
        for key, field in ("rss", "VmRSS"), ("anonymous", "RssAnon"):
            found = re.search(rf"{field}:\s+(\d+) kB", status)
            if found:
                peak[key] = max(peak.get(key, 0), int(found[1]) * 1024)
        time.sleep(0.005)


def measure(build, model):
    output = model.with_suffix(".so")
    command = [build / "bin/msc-compile", model, "-o", output, "--no-cache", "--timing"]
    begin = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    peak = {}
    watcher = threading.Thread(target=watch, args=(process, peak))
    watcher.start()
    out, err = process.communicate()
    watcher.join()
    if process.returncode:
        sys.exit(f"{model.name}: {err}")
    result = {"seconds": time.monotonic() - begin, **peak}
    result["kernels"] = int(re.search(r"(\d+) kernels", out)[1])
    result["weights"] = output.with_suffix(".weights").stat().st_size
    result["phases"] = {name: float(ms) for name, ms in re.findall(r"^(\w+)\s+([\d.]+) ms", err, re.M)}
    for suffix in ".so", ".weights", ".h":
        output.with_suffix(suffix).unlink(missing_ok=True)
    return result


def table(results):
    megabytes = lambda size: f"{size / 1e6:,.0f}"
    lines = ["| model | distinct kernels | seconds | peak memory, MB | of that not mapped files, MB | packed weights, MB |",
             "|---|--:|--:|--:|--:|--:|"]
    for name, r in results.items():
        lines.append(f"| {name} | {r['kernels']} | {r['seconds']:.1f} | {megabytes(r['rss'])} | "
                     f"{megabytes(r['anonymous'])} | {megabytes(r['weights'])} |")
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=Path, default=ROOT / "build")
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--filter", default="")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    results = {}
    for name, make in CASES.items():
        if not re.search(options.filter, name):
            continue
        path = options.work / "model.onnx"
        make(path)
        results[name] = measure(options.build, path)
        print(name, json.dumps(results[name]), flush=True)
        path.unlink()
        path.with_suffix(".data").unlink()
    text = table(results)
    print(text)
    if options.write:
        page = PAGE.read_text()
        begin, end = page.index(BEGIN) + len(BEGIN), page.index(END)
        stamp = f"\n{datetime.date.today()}, {os.cpu_count()} processors:\n\n"
        PAGE.write_text(page[:begin] + stamp + text + "\n" + page[end:])


if __name__ == "__main__":
    main()
