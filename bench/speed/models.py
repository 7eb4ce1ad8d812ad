# SPDX-License-Identifier: Apache-2.0
"""Which models are measured, and their inputs in the forms the contenders take."""
import fnmatch
import sys
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
# A dozen of the networks stored with their weights, one of each sort.
MINDIR = ("autoencoder", "bert_tiny", "c3d_tiny", "diffusion_unet", "gpt2_tiny", "lenet", "llama_tiny", "resnet_cifar",
          "t5_tiny", "unet", "vit_tiny", "wide_deep")


@dataclass
class Model:
    name: str
    kind: str  # onnx or mindir
    group: str  # models, networks or mindir
    path: Path
    data: Path  # where the inputs are


@dataclass
class Inputs:
    """`tensors`: (name, element type, extents, file of raw elements) in the model's
    order; `files`: the same as .npy; `dims`: extents of named dimensions;
    `dynamic`: the names of inputs whose shape the model leaves open."""
    files: list
    tensors: list = field(default_factory=list)
    dims: dict = field(default_factory=dict)
    dynamic: list = field(default_factory=list)

    def shape_flags(self):
        shapes = {name: "x".join(map(str, extents)) for name, _, extents, _ in self.tensors}
        return [f"--shape={name}:{shapes[name]}" for name in self.dynamic]


def indexed(folder, stem):
    """stem0.npy, stem1.npy, ... while they exist."""
    found = []
    while (folder / f"{stem}{len(found)}.npy").exists():
        found.append(folder / f"{stem}{len(found)}.npy")
    return found


def wave_one(shared):
    for line in (shared / "models" / "README.md").read_text().splitlines():
        cells = [cell.strip() for cell in line.split("|")]
        if len(cells) > 8 and cells[2] == "1":
            yield cells[1]


def onnx_models(folder, names, group):
    for name in names:
        if (folder / name / "model.onnx").exists():
            yield Model(name, "onnx", group, folder / name / "model.onnx", folder / name / "test_data_set_0")


def mindir_models(shared):
    sys.path.insert(0, str(ROOT / "test" / "conformance"))
    import cases

    root = Path(cases.unpack(str(shared / "mindir-suite" / "models" / "stored.tar.zst"), "mindir-models"))
    for name in MINDIR:
        yield Model(f"mindir/{name}", "mindir", "mindir", root / name / "model.mindir", root / name)


def find(shared, networks, patterns):
    """The models whose names match one of `patterns` (all without any), and notes
    on what is left out."""
    found, notes = [], []
    if (shared / "models").is_dir():
        found += onnx_models(shared / "models", wave_one(shared), "models")
    else:
        notes.append(f"no models: {shared / 'models'} is not there (MSC_SHARED)")
    if networks and networks.is_dir():
        found += onnx_models(networks, sorted(path.name for path in networks.iterdir()), "networks")
    else:
        notes.append("the large networks were not measured: --networks=DIR names what bench-models/export.py wrote")
    wants_mindir = not patterns or any(fnmatch.fnmatch(f"mindir/{name}", p) for name in MINDIR for p in patterns)
    if wants_mindir and (shared / "mindir-suite" / "models" / "stored.tar.zst").exists():
        found += mindir_models(shared)
    if patterns:
        found = [model for model in found if any(fnmatch.fnmatch(model.name, p) for p in patterns)]
    return found, notes


def prepare(model, scratch):
    """Writes what contenders need into the folder `scratch`."""
    import numpy

    files = indexed(model.data, "input_")
    if model.kind != "onnx":
        return Inputs(files)
    import onnx

    graph = onnx.load(model.path, load_external_data=False).graph
    constants = {tensor.name for tensor in graph.initializer}
    inputs, conflicts = Inputs(files), set()
    values = [value for value in graph.input if value.name not in constants]
    for i, (value, path) in enumerate(zip(values, files)):
        array = numpy.ascontiguousarray(numpy.load(path))
        raw = scratch / f"input{i}.bin"
        array.tofile(raw)
        inputs.tensors.append((value.name, str(array.dtype), list(array.shape), str(raw)))
        dims = value.type.tensor_type.shape.dim
        if any(not dim.HasField("dim_value") for dim in dims):
            inputs.dynamic.append(value.name)
        for dim, extent in zip(dims, array.shape):
            if dim.dim_param and inputs.dims.setdefault(dim.dim_param, int(extent)) != extent:
                conflicts.add(dim.dim_param)
    inputs.dims = {name: extent for name, extent in inputs.dims.items() if name not in conflicts}
    return inputs
