#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compiles the digits network, classifies the held-out pictures with it, and
compares accuracy and logits with MindSpore's own (`tools/dev demo`).

One compilation serves both checkpoints: the final one is given to msc-compile,
the early one is bound to the finished artifact by msc-run.
"""
import argparse
import json
import subprocess
import sys
from pathlib import Path

import npy

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
BATCH, PIXELS, CLASSES = 30, 64, 10
TOLERANCE = 1e-4  # of logits between about -30 and 30


def show(command):
    """The command as somebody in the root folder would type it."""
    return " ".join(str(part).replace(str(ROOT) + "/", "") for part in command)


def run(command, quiet=False):
    if not quiet:
        print("$ " + show(command), flush=True)
    result = subprocess.run([str(part) for part in command], cwd=ROOT, capture_output=True, text=True)
    if result.returncode != 0:
        sys.exit(f"{result.stdout}{result.stderr}error: this command failed: {show(command)}")
    return result.stdout


def classify(msc_run, artifact, images, folder, options):
    """Logits of all images, one batch after the other."""
    logits = []
    for start in range(0, len(images) // PIXELS, BATCH):
        npy.write(folder / "in.npy", (BATCH, 1, 8, 8), images[start * PIXELS:(start + BATCH) * PIXELS])
        run([msc_run, artifact, *options, f"--input={folder / 'in.npy'}", f"--output={folder / 'out.npy'}"], quiet=True)
        shape, values = npy.read_file(folder / "out.npy")
        if tuple(shape) != (BATCH, CLASSES):
            sys.exit(f"error: the network returned the shape {shape}")
        logits.extend(values)
    return logits


def accuracy(logits, labels):
    rows = (logits[i * CLASSES:(i + 1) * CLASSES] for i in range(len(labels)))
    return sum(row.index(max(row)) == label for row, label in zip(rows, labels)) / len(labels)


def report(name, logits, labels):
    """Prints one line on a checkpoint; returns whether it agrees with MindSpore."""
    _, expected = npy.read_file(HERE / f"logits_{name}.npy")
    expected = list(expected)
    distance = max(abs(a - b) for a, b in zip(logits, expected))
    ours, theirs = accuracy(logits, labels), accuracy(expected, labels)
    print(f"{name}.ckpt: {100 * ours:.1f} % of {len(labels)} held-out pictures (MindSpore: {100 * theirs:.1f} %), "
          f"logits at most {distance:.1e} from MindSpore's")
    return ours == theirs and distance <= TOLERANCE


def speed(bench):
    """One line on a benchmark of msc-run."""
    median = bench["bench"]["median_ns"] / 1e3
    return (f"one batch of {BATCH} pictures takes {median:.0f} us (median of {bench['bench']['runs']} runs): "
            f"{1e6 * BATCH / median:,.0f} pictures per second; "
            f"arena {bench['arena_bytes']:,} bytes, weights {bench['weight_bytes']:,} bytes")


NEXT = """
What to type next:
  build/bin/msc-run build/demo/digits.so --inspect
  build/bin/msc-run build/demo/digits.so --input=examples/digits/batch.npy --expect=examples/digits/batch_logits.npy
  build/bin/msc-run examples/digits/model_dynamic.mindir --input=examples/digits/batch.npy --bench
  build/bin/msc-compile YOUR_MODEL.onnx -o model.so        (or .mindir; --help for more)
docs/GettingStarted.md goes on from here."""


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--build", type=Path, default=Path("build"), help="build folder")
    build = (ROOT / parser.parse_args().build).resolve()
    compiler, runner = build / "bin/msc-compile", build / "bin/msc-run"
    folder = build / "demo"
    folder.mkdir(exist_ok=True)
    artifact = folder / "digits.so"

    print(run([compiler, HERE / "model.mindir", f"--checkpoint={HERE / 'epoch_15.ckpt'}", "-o", artifact]), end="")
    test = npy.read_npz(HERE / "test.npz")
    images, labels = test["images"][1], list(test["labels"][1])
    final = classify(runner, artifact, images, folder, [])
    early = classify(runner, artifact, images, folder, [f"--checkpoint={HERE / 'epoch_2.ckpt'}"])
    good = [report("epoch_15", final, labels), report("epoch_2", early, labels)]

    bench = json.loads(run([runner, artifact, f"--input={HERE / 'batch.npy'}", "--bench", "--json"]))
    print(speed(bench))
    print(NEXT)
    if not all(good):
        sys.exit("error: the results differ from MindSpore's")


if __name__ == "__main__":
    main()
