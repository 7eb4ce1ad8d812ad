# SPDX-License-Identifier: Apache-2.0
"""Runs one contender once, in a process of its own."""
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from models import indexed

HERE = Path(__file__).resolve().parent
MINUTES = 15  # for one process


def launch(command, scratch, env=None):
    """(seconds, peak bytes, standard output); RuntimeError when it fails."""
    result = scratch / "launched.json"
    result.unlink(missing_ok=True)
    command = [sys.executable, "-I", "-S", HERE / "launcher.py", result, *command]
    with open(scratch / "errors.txt", "w+") as errors:
        process = subprocess.Popen([str(part) for part in command], stdout=subprocess.PIPE, stderr=errors,
                                   env={**os.environ, **(env or {})}, text=True, start_new_session=True)
        try:
            output, _ = process.communicate(timeout=60 * MINUTES)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            raise RuntimeError(f"no result after {MINUTES} minutes") from None
        status, seconds, memory = json.loads(result.read_text()) if result.exists() else (process.returncode, 0, 0)
        errors.seek(0)
        lines = errors.read().strip().splitlines()
    if status:
        told = [line for line in lines if "error: " in line] or lines[-1:] or ["no message"]
        raise RuntimeError(f"status {status}: {told[0].split('error: ')[-1]}"[:300].replace("|", "/"))
    return seconds, memory, output


class Msc:
    """msc-compile once, msc-run for each measurement."""

    def __init__(self, build, model, inputs, scratch, flags=()):
        self.build, self.model, self.inputs, self.scratch, self.flags = build, model, inputs, scratch, flags
        self.artifact, self.outputs = scratch / "model.so", []

    def compile(self):
        """Seconds without and with the compile cache, peak bytes."""
        command = [self.build / "bin" / "msc-compile", self.model.path, *self.inputs.shape_flags(), *self.flags,
                   f"--cache-dir={self.scratch / 'cache'}", "-o", self.artifact]
        seconds, memory, _ = launch(command, self.scratch)
        cached, _, _ = launch(command, self.scratch)
        return {"seconds": seconds, "cached": cached, "memory": memory}

    def run_flags(self, threads):
        given = [f"--input={path}" for path in self.inputs.files]
        return [self.build / "bin" / "msc-run", self.artifact, *given, f"--threads={threads}", "--json", "--quiet"]

    def inspect(self):
        """Learns how many outputs there are; bytes of arena and weights."""
        facts = json.loads(launch([*self.run_flags(1), "--inspect"], self.scratch)[2])
        self.outputs = [self.scratch / f"msc{i}.npy" for i in range(len(facts["outputs"]))]
        return facts["arena_bytes"], facts["weight_bytes"]

    def first(self):
        return launch(self.run_flags(1), self.scratch)[0]

    def measure(self, threads):
        import numpy

        places = [f"--output={path}" for path in self.outputs]
        text = launch([*self.run_flags(threads), "--bench", *places], self.scratch)[2]
        report = json.loads(text)
        return {"latency": report["bench"]["median_ns"] / 1e9, "memory": report["peak_rss_bytes"],
                "outputs": [numpy.load(path) for path in self.outputs]}


class Native:
    """ONNX Runtime or OpenVINO, by the program around its C API."""

    def __init__(self, name, program, model, inputs, scratch):
        self.name, self.scratch = name, scratch
        self.command = [program, model.path]
        self.flags = ["--static"] if inputs.dynamic else []
        for dim, extent in inputs.dims.items():
            self.flags += ["--dim", dim, extent]
        for tensor, element, extents, raw in inputs.tensors:
            self.flags += ["--input", tensor, element, "x".join(map(str, extents)), raw]

    def first(self):
        return launch([*self.command, 1, "--once", *self.flags], self.scratch)[0]

    def measure(self, threads):
        import numpy

        prefix = self.scratch / self.name
        text = launch([*self.command, threads, "--output", prefix, *self.flags], self.scratch)[2]
        report = json.loads(text)
        outputs = [numpy.fromfile(f"{prefix}{i}.bin", element).reshape(extents)
                   for i, (element, extents) in enumerate(report["outputs"])]
        return {"latency": report["median_ns"] / 1e9, "memory": report["peak_rss_bytes"], "outputs": outputs}


class MindSpore:
    """MindSpore from Python; its first answer is taken without starting Python."""

    def __init__(self, name, python, model, inputs, scratch):
        self.name, self.python, self.model, self.inputs, self.scratch = name, python, model, inputs, scratch
        self.env = {"ONEDNN_MAX_CPU_ISA": "AVX2"} if name.endswith("avx2") else {}

    def measure(self, threads):
        import numpy

        prefix = self.scratch / f"{self.name}-"
        command = [self.python, HERE.parent / "peers" / "MindSpore.py", self.model.path, threads, prefix]
        report = json.loads(launch([*command, *self.inputs.files], self.scratch, self.env)[2].splitlines()[-1])
        outputs = [numpy.load(path) for path in indexed(prefix.parent, prefix.name)]
        return {**report, "outputs": outputs}


def difference(outputs, expected):
    """The largest difference relative to the largest magnitude of the output it
    is in; infinite where shapes or NaN differ."""
    import numpy

    if len(outputs) != len(expected):
        return float("inf")
    worst = 0.0
    for got, want in zip(outputs, expected):
        if got.size != want.size:
            return float("inf")
        x, y = (array.astype(numpy.float64).ravel() for array in (got, want))
        equal = (x == y) | (numpy.isnan(x) & numpy.isnan(y))
        with numpy.errstate(all="ignore"):
            error = numpy.where(equal, 0.0, numpy.abs(x - y))
        error[numpy.isnan(error)] = numpy.inf
        finite = numpy.abs(y[numpy.isfinite(y)])
        scale = finite.max() if finite.size else 0.0
        most = error.max() if error.size else 0.0
        worst = max(worst, float(most / scale) if scale else float(most))
    return worst
