# SPDX-License-Identifier: Apache-2.0
"""Compiles a model with other tiles than the estimated ones, candidate after candidate, and compares the
bits of all results.

usage: every_tile.py MODEL.onnx FOLDER CANDIDATES [compile flags]
"""
import re
import subprocess
import sys
from pathlib import Path

import onnx

CHOOSE = Path(__file__).parents[2] / "tools/msc-compile/Inputs/choose.py"


def say(*command):
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return done.stdout + done.stderr


def results(model, artifact, folder):
    """The bytes of each output."""
    names = [output.name for output in onnx.load(model).graph.output]
    files = {name: folder / f"{i}.npy" for i, name in enumerate(names)}
    say("msc-run", artifact, "--quiet", "--input=random", *[f"--output={n}={f}" for n, f in files.items()])
    return {name: file.read_bytes() for name, file in files.items()}


def main(model, folder, candidates, *flags):
    folder = Path(folder)
    folder.mkdir(exist_ok=True)
    artifact = folder / "model.so"
    compiling = ["msc-compile", model, "-o", artifact, f"--cache-dir={folder / 'cache'}", *flags]
    say(*compiling)
    expected = results(model, artifact, folder)
    for candidate in range(1, int(candidates)):
        for record in (folder / "cache").glob("*-tuning.json"):
            record.unlink()
        say(sys.executable, CHOOSE, str(candidate), *compiling, "--tune=0", "--explain")
        said = say(*compiling, "--tune=0", "--explain")
        changed = re.search(r"^tuned: (\d+) of \d+ kernels", said, re.M)[1]
        actual = results(model, artifact, folder)
        other = [name for name in expected if actual[name] != expected[name]]
        print(f"candidate {candidate}: {changed} other kernels, {len(expected)} results, other bits: {other}")


if __name__ == "__main__":
    main(*sys.argv[1:])
