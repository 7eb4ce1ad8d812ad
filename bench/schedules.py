#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Which share of the machine's rates each schedule reaches: msc-run --roofline of
many models, one row for each schedule and sort of kernel.

    schedules.py --build=BUILD [--networks=DIR] [--write] [MODEL...]

Models are those of bench/run, by name or pattern. Each is run three times on one
thread, the fastest time of a kernel counts, beside the machine's rates that were
measured in the same process. --write puts the table into docs/Schedules.md. It
needs numpy and onnx.
"""
import argparse
import datetime
import json
import os
import re
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "bench" / "speed"))
import environment  # noqa: E402
import models  # noqa: E402
from contenders import Msc  # noqa: E402

PAGE = ROOT / "docs" / "Schedules.md"
SHORTEST = 20e3  # nanoseconds; shorter kernels say more about clocks
HEAD = """# Schedules

<!-- Written by `bench/schedules.py --write`; edit bench/schedules.py, not this page. -->

What the schedules of the CPU reach, on one thread, over {count} models: of each sort of kernel the one with the largest
share of what the machine gives, and the share of all of them together (time at that rate over time taken). A kernel is
held against the FMA rate or, where it moves too many bytes for that, against the rate of the cache or memory that its
operands fit. Kernels of at least {shortest:.0f} microseconds. *of the time*: of all kernels listed. A convolution by
Winograd's tiles is several kernels, each counted by what it computes. Measured on {date}: {machine}.

| schedule | sort | kernels | of the time | all together | best | model | time, us | GFLOP/s | GB/s | against |
|---|---|--:|--:|--:|--:|---|--:|--:|--:|---|
"""
SORTS = ["conv_transpose", "conv", "matmul", "attention", "layer_norm", "softmax", "max_pool", "avg_pool", "reduce",
         "transpose", "concat", "slice", "pad", "gather", "lstm", "gru"]


def sort_of(kernel):
    """What a kernel's name begins with; its stages that only move elements are layout changes."""
    if kernel["note"].startswith("layout change"):
        return "layout change"
    return next((sort for sort in SORTS if kernel["kernel"].startswith(sort)), "elementwise")


def roofline(msc, rounds=3):
    """(machine rates, kernels) with each kernel's fastest time for one launch."""
    best = {}
    for _ in range(rounds):
        command = [*map(str, msc.run_flags(1)), "--roofline"]
        report = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout)
        rates = report["roofline"]
        for kernel in rates["kernels"]:
            kernel["ns"] /= kernel["launches"]
            limit = kernel["flops"] / rates["flops_per_second"]
            if kernel["memory_bound"]:
                limit = max(limit, kernel["bytes"] / rates["bytes_per_second"][kernel["level"]])
            kernel["least_ns"] = limit / kernel["launches"] * 1e9
            before = best.get(kernel["kernel"])
            if not before or kernel["least_ns"] / kernel["ns"] > before["least_ns"] / before["ns"]:
                best[kernel["kernel"]] = kernel
    return list(best.values())


def measure(args, model):
    with tempfile.TemporaryDirectory() as scratch:
        msc = Msc(args.build, model, models.prepare(model, Path(scratch)), Path(scratch))
        msc.compile()
        kernels = roofline(msc)
    for kernel in kernels:
        kernel["model"] = model.name
    return [kernel for kernel in kernels if kernel["ns"] >= SHORTEST and kernel["least_ns"] > 0]


def row(kernels, total):
    best = max(kernels, key=lambda k: k["least_ns"] / k["ns"])
    time = sum(k["ns"] * k["launches"] for k in kernels)
    least = sum(k["least_ns"] * k["launches"] for k in kernels)
    seconds = best["ns"] * best["launches"] / 1e9
    against = best["level"] if best["memory_bound"] else "FMA"
    return (f"{len(kernels)} | {time / total:.1%} | {least / time:.0%} | {best['least_ns'] / best['ns']:.0%} | "
            f"{best['model']} | {best['ns'] / 1e3:.0f} | {best['flops'] / seconds / 1e9:.0f} | "
            f"{best['bytes'] / seconds / 1e9:.1f} | {against}")


def machine():
    facts = environment.machine()
    return f"{facts['cpu']} ({', '.join(facts['isa'])})"


def page(kernels, count):
    groups = defaultdict(list)
    for kernel in kernels:
        groups[kernel["schedule"], sort_of(kernel)].append(kernel)
    total = sum(k["ns"] * k["launches"] for k in kernels)
    text = HEAD.format(count=count, shortest=SHORTEST / 1e3, date=datetime.date.today(), machine=machine())
    for (schedule, sort), members in sorted(groups.items(), key=lambda g: (g[0][0], -sum(k["ns"] for k in g[1]))):
        text += f"| {schedule} | {sort} | {row(members, total)} |\n"
    return text


def main():
    parser = argparse.ArgumentParser(description=re.sub(r"\n.*", "", __doc__, flags=re.S))
    parser.add_argument("--build", type=Path, default=ROOT / "build")
    parser.add_argument("--networks", type=Path)
    parser.add_argument("--shared", type=Path, default=Path(os.environ.get("MSC_SHARED", ROOT.parent / "shared")))
    parser.add_argument("--write", action="store_true")
    parser.add_argument("models", nargs="*")
    args = parser.parse_args()
    kernels, count = [], 0
    for model in models.find(args.shared, args.networks, args.models)[0]:
        print(model.name, file=sys.stderr)
        kernels += measure(args, model)
        count += 1
    text = page(kernels, count)
    if args.write:
        PAGE.write_text(text)
    print(text[text.index("\n| schedule") + 1:], end="")


if __name__ == "__main__":
    main()
