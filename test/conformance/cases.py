# SPDX-License-Identifier: Apache-2.0
"""The suites: which cases there are, their inputs, outputs and tolerances."""
import glob
import json
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass, field

import numpy as np


@dataclass
class Case:
    """One model with one or more calls; `calls` are (inputs, outputs) of file
    names. Tolerances are per output: (rtol, atol), or relative to the largest
    magnitude of the output where `scaled`."""
    name: str
    model: str
    calls: list
    tolerance: list
    scaled: bool = False
    bf16_outputs: list = field(default_factory=list)
    scalars: list = field(default_factory=list)
    flags: list = field(default_factory=list)
    stateful: bool = False
    checkpoint: str = ""  # to bind after loading
    reader: bool = False  # only to be read, as a front-end graph


def unpack(archive, name):
    """Unpacks `archive` once per content into the cache; returns the folder."""
    stat = os.stat(archive)
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(tempfile.gettempdir(), "msc-conformance")
    folder = os.path.join(base, "%s-%d" % (name, stat.st_size))
    if not os.path.exists(folder):
        os.makedirs(base, exist_ok=True)
        partial = tempfile.mkdtemp(dir=base)
        subprocess.run(["tar", "--zstd", "-C", partial, "-xf", archive], check=True)
        try:
            os.rename(partial, folder)
        except OSError:  # somebody else was faster
            shutil.rmtree(partial)
    return folder


def load(path):
    if path.endswith(".npy"):
        return np.load(path)
    import onnx
    from onnx import numpy_helper
    tensor = onnx.TensorProto()
    with open(path, "rb") as f:
        tensor.ParseFromString(f.read())
    a = numpy_helper.to_array(tensor)
    return a.view(np.uint16) if tensor.data_type == onnx.TensorProto.BFLOAT16 else a


def _is_bf16(path):
    import onnx
    tensor = onnx.TensorProto()
    with open(path, "rb") as f:
        tensor.ParseFromString(f.read())
    return tensor.data_type == onnx.TensorProto.BFLOAT16


def _indexed(folder, stem, suffix):
    """stem0, stem1, ... while they exist."""
    found, i = [], 0
    while os.path.exists(os.path.join(folder, "%s%d%s" % (stem, i, suffix))):
        found.append(os.path.join(folder, "%s%d%s" % (stem, i, suffix)))
        i += 1
    return found


def onnx_node(shared, tier):
    root = os.path.join(unpack(os.path.join(shared, "onnx-suite", "suite.tar.zst"), "onnx-suite"), "node")
    tolerances = json.load(open(os.path.join(root, "..", "node-tolerances.json")))
    for name in open(os.path.join(shared, "onnx-suite", "tier%d.txt" % tier)).read().split():
        folder = os.path.join(root, name)
        data = os.path.join(folder, "test_data_set_0")
        entry = tolerances.get(name, {}) if isinstance(tolerances, dict) else {}
        rtol = entry.get("rtol", 1e-3) if isinstance(entry, dict) else 1e-3
        atol = entry.get("atol", 1e-7) if isinstance(entry, dict) else 1e-7
        outputs = _indexed(data, "output_", ".pb")
        yield Case(name, os.path.join(folder, "model.onnx"),
                   [(_indexed(data, "input_", ".pb"), outputs)], [(rtol, atol)] * len(outputs),
                   bf16_outputs=[_is_bf16(path) for path in outputs] if "bfloat16" in name.lower() else [])


def mindir_ops(shared, tier):
    root = unpack(os.path.join(shared, "mindir-suite", "ops", "suite.tar.zst"), "mindir-ops")
    index = json.load(open(os.path.join(shared, "mindir-suite", "ops", "index.json")))
    for name in sorted(n for n, entry in index.items() if entry["tier"] == tier and not entry["suspect"]):
        folder = os.path.join(root, name)
        meta = json.load(open(os.path.join(folder, "meta.json")))
        calls = []
        for k in range(meta.get("calls", 1)):
            tag = ".call%d.npy" % k if k else ".npy"
            inputs = [os.path.join(folder, "input_%d" % i) + tag
                      for i, value in enumerate(meta["inputs"]) if value["kind"] not in ("constant", "none", "string")]
            outputs = [os.path.join(folder, "output_%d" % i) + tag if value["kind"] not in ("none", "string") else None
                       for i, value in enumerate(meta["outputs"])]
            calls.append((inputs, [o for o in outputs if o]))
        kept = [o for o in meta["outputs"] if o["kind"] not in ("none", "string")]
        tolerance = [t for t, o in zip(meta["tolerance"], meta["outputs"]) if o["kind"] not in ("none", "string")]
        yield Case(name, os.path.join(folder, "model.mindir"), calls, tolerance,
                   bf16_outputs=[o["dtype"] == "bf16" for o in kept],
                   scalars=[o["kind"] == "scalar" for o in kept], stateful=len(calls) > 1)


def _data_sets(folder):
    return [(_indexed(folder, "input_", ".npy"), _indexed(folder, "output_", ".npy"))]


def models(shared, wave):
    """Real ONNX models; tolerance as the issue states: three times the noise."""
    for line in open(os.path.join(shared, "models", "README.md")):
        cells = [cell.strip() for cell in line.split("|")]
        if len(cells) < 9 or cells[2] != str(wave):
            continue
        folder = os.path.join(shared, "models", cells[1])
        calls = _data_sets(os.path.join(folder, "test_data_set_0"))
        noise = float(cells[8])
        yield Case(cells[1], os.path.join(folder, "model.onnx"), calls,
                   [(1e-3, 1e-4, 3 * noise)] * len(calls[0][1]), scaled="either")


def mindir_network(folder):
    """The cases of one network that MindSpore exported into `folder`: as it is,
    with the other checkpoint bound, and its ONNX twin."""
    meta = json.load(open(os.path.join(folder, "meta.json")))
    graphs = [p for p in ("model.mindir", "model_graph.mindir") if os.path.exists(os.path.join(folder, p))]
    if not graphs:
        return
    calls = _data_sets(folder)
    for case in sorted(glob.glob(os.path.join(folder, "case_*")), key=lambda p: int(p.rsplit("_", 1)[1])):
        calls += _data_sets(case)
    # Keys are stated as the characters that MindSpore was given.
    flags = ["--key=" + meta["enc_key"].encode().hex()] if meta.get("enc_key") else []
    name, model = os.path.basename(folder), os.path.join(folder, graphs[0])
    common = dict(scaled=True, flags=flags, stateful=bool(meta.get("stateful")))
    tolerance = [(meta["tolerance"],)] * len(calls[0][1])
    yield Case(name, model, calls, tolerance, **common)
    other = _indexed(folder, "other_output_", ".npy")
    if other and os.path.exists(os.path.join(folder, "other.ckpt")) and not meta.get("stateful"):
        yield Case(name + "/rebound", model, [(calls[0][0], other)], tolerance,
                   checkpoint=os.path.join(folder, "other.ckpt"), **common)
    if os.path.exists(os.path.join(folder, "model.onnx")):
        yield Case(name + "/onnx", os.path.join(folder, "model.onnx"), calls[:1], tolerance, scaled=True)


def mindir_models(shared, wave):
    """Whole MindIR networks that are stored complete."""
    root = unpack(os.path.join(shared, "mindir-suite", "models", "stored.tar.zst"), "mindir-models")
    for meta_path in sorted(glob.glob(os.path.join(root, "*", "meta.json"))):
        if json.load(open(meta_path))["wave"] == wave:
            yield from mindir_network(os.path.dirname(meta_path))


def backward_graphs(shared):
    """Graphs that MindSpore saved before type inference: they are only read."""
    root = os.path.join(shared, "samples", "mindir", "bprop")
    for path in sorted(glob.glob(os.path.join(root, "**", "*.mindir"), recursive=True)):
        yield Case(os.path.relpath(path, root), path, [], [], reader=True)


def samples(shared):
    """Real MindIR files with a golden result, by file name."""
    for folder in sorted(glob.glob(os.path.join(shared, "samples", "golden", "*"))):
        name = os.path.basename(folder)
        found = [p for p in glob.glob(os.path.join(shared, "samples", "**", "*"), recursive=True)
                 if os.path.basename(p) in (name, name + ".mindir", name + ".onnx")
                 and os.path.isfile(p) and "golden" not in p]
        calls = _data_sets(folder)
        if found and calls[0][1]:
            yield Case(name, found[0], calls, [(1e-3, 1e-4)] * len(calls[0][1]))


SUITES = {
    "onnx-tier1": lambda s: onnx_node(s, 1),
    "onnx-tier2": lambda s: onnx_node(s, 2),
    "mindir-tier1": lambda s: mindir_ops(s, 1),
    "mindir-tier2": lambda s: mindir_ops(s, 2),
    "models-wave1": lambda s: models(s, 1),
    "models-wave2": lambda s: models(s, 2),
    "mindir-models-wave1": lambda s: mindir_models(s, 1),
    "mindir-models-wave2": lambda s: mindir_models(s, 2),
    "samples": samples,
    "mindir-backward": backward_graphs,
}
