#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What each --precision gives beside ONNX Runtime and OpenVINO in float32.

    precisions.py --build=BUILD [--networks=DIR] [--rounds=5] [--threads=1,2] [--write] [MODEL...]

Models are those of bench/run, by name or pattern; default: bert_base_128. All
contenders run alone in a process of their own and take turns, figures are
medians of the rounds. --write puts the tables into docs/Precisions.md. It needs
numpy, onnx, onnxruntime and openvino.
"""
import argparse
import datetime
import os
import re
import statistics
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "bench" / "speed"))
import environment  # noqa: E402
import models  # noqa: E402
from contenders import Msc, Native, difference  # noqa: E402

PAGE = ROOT / "docs" / "Precisions.md"
PRECISIONS = ["strict", "default", "bf16x6", "fast", "bf16"]
PEERS = ["onnxruntime", "openvino"]
HEAD = """# Precisions

<!-- Written by `bench/precisions.py --write`; edit bench/precisions.py, not this page. -->

What `msc-compile --precision=` gives beside ONNX Runtime {onnxruntime} and OpenVINO {openvino} in float32: median latency
of {rounds} rounds in which all took turns, each in a process of its own, and ONNX Runtime's latency over it. *difference*:
largest difference of the outputs to those of ONNX Runtime, relative to the largest magnitude. Where the processor has AMX,
`bf16x6`, `fast` and `bf16` multiply weights as sums of three, two and one numbers of bf16; elsewhere they are described in
[Compiling](Compiling.md). Measured on {date}: {machine}.
"""


def contenders_of(args, model, scratch):
    """{name: contender}, compiled."""
    inputs = models.prepare(model, scratch)
    programs = environment.build_peers()
    runners = {peer: Native(peer, programs[peer], model, inputs, scratch) for peer in PEERS}
    for precision in PRECISIONS:
        folder = scratch / precision
        folder.mkdir()
        runners[precision] = Msc(args.build, model, inputs, folder, [f"--precision={precision}"])
        runners[precision].compile()
        runners[precision].inspect()
    return runners


def measure(args, model, threads):
    """{name: (median latency, outputs)}"""
    with tempfile.TemporaryDirectory(prefix="msc-bench-") as scratch:
        runners = contenders_of(args, model, Path(scratch))
        times, outputs = {name: [] for name in runners}, {}
        for _ in range(args.rounds):
            for name, runner in runners.items():
                sample = runner.measure(threads)
                times[name].append(sample["latency"])
                outputs.setdefault(name, sample["outputs"])
    return {name: (statistics.median(taken), outputs[name]) for name, taken in times.items()}


def table(model, threads, measured):
    base, expected = measured["onnxruntime"]
    text = f"\n{model.name}, {threads} thread{'s' if threads > 1 else ''}:\n\n"
    text += "| contender | ms | ONNX Runtime / it | difference |\n|---|--:|--:|--:|\n"
    for name, (latency, outputs) in measured.items():
        label = name if name in PEERS else f"msc `{name}`"
        text += f"| {label} | {latency * 1e3:.3g} | {base / latency:.2f} | {difference(outputs, expected):.1e} |\n"
    return text


def main():
    parser = argparse.ArgumentParser(description=re.sub(r"\n.*", "", __doc__, flags=re.S))
    parser.add_argument("--build", type=Path, default=ROOT / "build")
    parser.add_argument("--networks", type=Path)
    parser.add_argument("--shared", type=Path, default=Path(os.environ.get("MSC_SHARED", ROOT.parent / "shared")))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", default="1,2")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("models", nargs="*", default=["bert_base_128"])
    args = parser.parse_args()
    facts = environment.machine()
    versions = {peer: environment.version_of(sys.executable, peer) for peer in PEERS}
    text = HEAD.format(rounds=args.rounds, date=datetime.date.today(), **versions,
                       machine=f"{facts['cpu']} ({', '.join(facts['isa'])})")
    for model in models.find(args.shared, args.networks, args.models)[0]:
        for threads in map(int, args.threads.split(",")):
            text += table(model, threads, measure(args, model, threads))
    if args.write:
        PAGE.write_text(text)
    print(text[text.index("\n\n", text.index("Measured on")) + 1:], end="")


if __name__ == "__main__":
    main()
