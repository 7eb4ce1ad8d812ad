# SPDX-License-Identifier: Apache-2.0
"""Runs cases of one suite, each named on a line of stdin; one JSON line each.

A crash loses this process and one case: run.py starts the next worker."""
import json
import os
import signal
import subprocess
import sys
import tempfile
import time

import numpy as np

import cases
from native import Failure, Native


def widen(a):
    return (a.astype(np.uint32) << 16).view(np.float32)


def difference(got, want, case, index, bf16):
    """What is wrong with one output, or None."""
    if case.bf16_outputs and case.bf16_outputs[index]:
        got, want = widen(got), widen(want)
    elif bf16 and want.dtype == np.float32:
        got = widen(got)  # the reference could not compute in bfloat16
    if case.scalars and case.scalars[index] and got.dtype.kind == want.dtype.kind:
        got = got.astype(want.dtype)  # a Python number: any width
    if got.shape != want.shape or got.dtype != want.dtype:
        return "is %s%s, expected %s%s" % (got.dtype, list(got.shape), want.dtype, list(want.shape))
    if want.dtype.kind not in "f":
        bad = int((got != want).sum())
        return "%d of %d elements differ" % (bad, want.size) if bad else None
    tolerance = case.tolerance[index]
    x, y = got.astype(np.float64), want.astype(np.float64)
    scale = np.abs(y[np.isfinite(y)]).max() if np.isfinite(y).any() else 0.0
    if case.scaled is True:
        ok = np.allclose(x, y, rtol=0, atol=tolerance[0] * scale, equal_nan=True)
    else:
        ok = np.allclose(x, y, rtol=tolerance[0], atol=tolerance[1], equal_nan=True)
        if case.scaled == "either" and not ok:
            ok = np.allclose(x, y, rtol=0, atol=tolerance[2] * scale, equal_nan=True)
    if ok:
        return None
    with np.errstate(all="ignore"):
        return "differs by %.3g at scale %.3g" % (np.nanmax(np.abs(x - y)), scale)


def read(build, path):
    """What is wrong with how a front-end graph is read, or None: refused with a
    located message, and accepted by those who ask for it."""
    command = [os.path.join(build, "bin", "msc-translate"), "--import-mindir", path]
    refused = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    located = [line for line in refused.stderr.splitlines() if line.startswith(path + ":") and ": error: " in line]
    if refused.returncode not in (0, 1) or (refused.returncode == 1 and not located):
        return "exit code %d: %s" % (refused.returncode, refused.stderr[-200:])
    accepted = subprocess.run(command + ["--front-end-graphs"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if accepted.returncode or "graph.func" not in accepted.stdout:
        return "exit code %d: %s" % (accepted.returncode, accepted.stderr[-200:])
    return None


def check(native, case, folder):
    """Compiles per distinct input signature, runs all calls, compares."""
    model, compiled = None, None
    for k, (input_files, output_files) in enumerate(case.calls):
        inputs = [cases.load(f) for f in input_files]
        signature = [(a.shape, str(a.dtype)) for a in inputs]
        if model is None or (signature != compiled and not case.stateful):
            if model:
                model.close()
            path = os.path.join(folder, "m%d.so" % k)
            native.compile(case.model, path, inputs, ["--quiet"] + case.flags)
            model, compiled = native.load(path), signature
            if case.checkpoint:
                model.bind(case.checkpoint)
        got = model.run(inputs)
        if len(got) != len(output_files):
            return "has %d outputs, expected %d" % (len(got), len(output_files))
        for i, f in enumerate(output_files):
            problem = difference(got[i], cases.load(f), case, i, model.outputs[i].dtype == 16)
            if problem:
                return "call %d output %d %s" % (k, i, problem)
    model.close()
    return None


def main():
    build, suite, shared = sys.argv[1:4]
    native = Native(build)
    byname = {case.name: case for case in cases.SUITES[suite](shared)}
    for line in sys.stdin:
        name = line.strip()
        start = time.monotonic()
        signal.alarm(int(os.environ.get("MSC_CASE_SECONDS", "120")))
        with tempfile.TemporaryDirectory() as folder:
            try:
                case = byname[name]
                problem = read(build, case.model) if case.reader else check(native, case, folder)
            except Failure as failure:
                problem = str(failure)
            except Exception as error:  # a fault of the case's data or of this file
                problem = "%s: %s" % (type(error).__name__, error)
        signal.alarm(0)
        print(json.dumps({"name": name, "problem": problem,
                          "seconds": time.monotonic() - start}), flush=True)


if __name__ == "__main__":
    main()
