#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How exact msc is beside ONNX Runtime: errors against float64.

    errors.py --build=BUILD --networks=DIR [--seeds=8] [--write] [NAME...]

The networks of `bench-models/export.py` in the shared data (MSC_SHARED or
--shared), exported to DIR. Each is evaluated in float64 by PyTorch on inputs of
several seeds, in float32 by ONNX Runtime and by msc, with --precision=default
and strict. Errors are root mean squares over all outputs and seeds, relative to
the largest magnitude of the output. --write puts the table into docs/Errors.md.
"""
import argparse
import datetime
import importlib.util
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import onnxruntime
import torch

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "Errors.md"
NAMES = ["resnet18", "resnet50", "vgg16", "densenet121", "mobilenet_v2", "mobilenet_v3_large", "efficientnet_b0",
         "bert_tiny_128", "bert_base_128", "vit_b_16", "swin_t", "gpt2_prefill_128"]
PRECISIONS = ["default", "strict"]
HEAD = """# Errors

<!-- Written by `bench/errors.py --write`; edit bench/errors.py, not this page. -->

Root mean square errors against PyTorch in float64, relative to the largest magnitude of the output, over {seeds} seeds of
inputs. *ratio*: to the error of ONNX Runtime {version} in float32. The bound by default is 3 times that error, or 1e-6
where that is larger; with `--precision=strict`, which adds up sums of products in parts of 64 terms, 1.2 times that error.
Measured on {date}.

| network | ONNX Runtime | default | ratio | strict | ratio |
|---|--:|--:|--:|--:|--:|
"""


def exporter(shared):
    spec = importlib.util.spec_from_file_location("export", shared / "bench-models" / "export.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def new_inputs(first, seed):
    """Inputs like the `first` ones, tokens shuffled and numbers drawn anew."""
    torch.manual_seed(1000 + seed)
    return [torch.randn(t.shape) if t.is_floating_point() else
            t.flatten()[torch.randperm(t.numel())].reshape(t.shape) for t in first]


def as_list(outputs):
    return [t.numpy() for t in (outputs if isinstance(outputs, (tuple, list)) else [outputs])]


def run_msc(args, artifact, inputs, folder):
    command = [str(args.build / "bin/msc-run"), str(artifact)]
    for i, array in enumerate(inputs):
        np.save(folder / f"in{i}.npy", array)
        command.append(f"--input={folder}/in{i}.npy")
    command.append(f"--output={folder}/out.npy")
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return np.load(folder / "out.npy")


def compile_msc(args, model, session, inputs, precision, artifact):
    shapes = [f"--shape={i.name}:{'x'.join(map(str, a.shape))}" for i, a in zip(session.get_inputs(), inputs)
              if not all(isinstance(d, int) for d in i.shape)]
    subprocess.run([str(args.build / "bin/msc-compile"), str(model), "-o", str(artifact), f"--precision={precision}",
                    "--quiet", *shapes], check=True)


class Errors:
    """Squares of differences, and the largest magnitude."""

    def __init__(self):
        self.squares = self.count = self.scale = 0

    def add(self, value, exact):
        self.squares += float(np.square(value.astype(np.float64) - exact).sum())
        self.count += exact.size
        self.scale = max(self.scale, float(np.abs(exact).max()))

    def relative(self):
        return (self.squares / self.count) ** 0.5 / self.scale


def measure(args, export, name):
    model = args.networks / name / "model.onnx"
    torch.manual_seed(0)
    net, first, _ = export.NETWORKS[name]()
    exact = net.double()
    session = onnxruntime.InferenceSession(str(model), providers=["CPUExecutionProvider"])
    errors = {what: Errors() for what in ["peer", *PRECISIONS]}
    with tempfile.TemporaryDirectory() as text, torch.no_grad():
        folder = Path(text)
        for precision in PRECISIONS:
            compile_msc(args, model, session, [t.numpy() for t in first], precision, folder / f"{precision}.so")
        for seed in range(args.seeds):
            inputs = new_inputs(first, seed)
            expected = as_list(exact(*[t.double() if t.is_floating_point() else t for t in inputs]))[0]
            arrays = [t.numpy() for t in inputs]
            feed = {i.name: a for i, a in zip(session.get_inputs(), arrays)}
            errors["peer"].add(session.run(None, feed)[0], expected)
            for precision in PRECISIONS:
                errors[precision].add(run_msc(args, folder / f"{precision}.so", arrays, folder), expected)
    return {what: e.relative() for what, e in errors.items()}


def row(name, errors):
    cells = [f"{errors['peer']:.2e}"]
    for precision in PRECISIONS:
        cells += [f"{errors[precision]:.2e}", f"{errors[precision] / errors['peer']:.2f}"]
    return f"| {name} | " + " | ".join(cells) + " |"


def main():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("--build", type=Path, required=True)
    p.add_argument("--networks", type=Path, required=True)
    p.add_argument("--shared", type=Path, default=Path(os.environ.get("MSC_SHARED", ROOT.parent / "shared")))
    p.add_argument("--seeds", type=int, default=8)
    p.add_argument("--write", action="store_true")
    p.add_argument("names", nargs="*", metavar="NAME", help="default: " + " ".join(NAMES))
    args = p.parse_args()
    export = exporter(args.shared)
    rows = []
    for name in args.names or NAMES:
        if not (args.networks / name / "model.onnx").exists():
            sys.exit(f"error: {args.networks / name} has no model.onnx; bench-models/export.py writes it")
        rows.append(row(name, measure(args, export, name)))
        print(rows[-1], flush=True)
    if args.write:
        head = HEAD.format(seeds=args.seeds, version=onnxruntime.__version__, date=datetime.date.today())
        PAGE.write_text(head + "\n".join(rows) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
