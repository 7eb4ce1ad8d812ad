#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""msc beside ONNX Runtime on real models, one process per measurement.

Prints a Markdown table of compile time, load time, peak memory and latency;
`--write` puts it into docs/Performance.md. Models come from the folder
`models` of the conformance data (MSC_SHARED, or `shared` beside the checkout).
"""
import argparse
import datetime
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "Performance.md"
MODELS = [
    "mnist-8", "dtln-1", "lenet-openvino", "stories260k", "cifar-cnn-winml", "vittrack",
    "selfie-landscape", "squeezenet1.1-fp32", "mobilenetv2-features-fp32", "resnet50v2-stage1-3-fp32",
]
THREADS = (1, 2)
MEGABYTE = 1 << 20


@dataclass
class Row:
    model: str
    cells: dict = field(default_factory=dict)


def measured(command, env=None):
    """Runs `command`; returns (seconds, peak resident bytes, standard output)."""
    with tempfile.TemporaryFile("w+") as output:
        start = time.perf_counter()
        process = subprocess.Popen([str(part) for part in command], stdout=output, stderr=subprocess.STDOUT,
                                   env={**os.environ, **(env or {})})
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        output.seek(0)
        text = output.read()
    if status != 0:
        raise RuntimeError(f"{' '.join(str(part) for part in command)}: {text.strip()}")
    return seconds, usage.ru_maxrss * 1024, text


def bench_msc(build, model, inputs, folder, rounds):
    artifact = folder / "model.so"
    given = [f"--input={path}" for path in inputs]
    runner = build / "bin/msc-run"
    compile_s, compile_rss, _ = measured([build / "bin/msc-compile", model, "--no-cache", "-o", artifact])
    cells = {"compile": compile_s, "compile memory": compile_rss}
    cells["first answer"] = min(measured([runner, artifact, *given])[0] for _ in range(rounds))
    cells["memory"] = measured([runner, artifact, *given])[1]
    for threads in THREADS:
        texts = [measured([runner, artifact, *given, "--bench", "--json", f"--threads={threads}"])[2]
                 for _ in range(rounds)]
        cells[f"latency {threads}"] = min(json.loads(text)["bench"]["median_ns"] for text in texts) / 1e9
    return cells


def peer(model, inputs, threads):
    """The body of one ONNX Runtime process: prints its measurements as JSON."""
    import resource

    import numpy
    import onnxruntime

    def resident():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024

    before = resident()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    start = time.perf_counter()
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    feeds = {value.name: numpy.load(path) for value, path in zip(session.get_inputs(), inputs)}
    session.run(None, feeds)
    first = time.perf_counter() - start
    times, end = [], time.perf_counter() + 2.0
    while len(times) < 10 or time.perf_counter() < end:
        start = time.perf_counter()
        session.run(None, feeds)
        times.append(time.perf_counter() - start)
    print(json.dumps({"first answer": first, "latency": statistics.median(times), "memory": resident() - before}))


def bench_peer(model, inputs, rounds):
    cells = {}
    for threads in THREADS:
        command = [sys.executable, __file__, "--peer", str(threads), model, *inputs]
        results = [json.loads(measured(command)[2].splitlines()[-1]) for _ in range(rounds)]
        cells[f"latency {threads}"] = min(result["latency"] for result in results)
        cells["first answer"] = min(result["first answer"] for result in results)
        cells["memory"] = min(result["memory"] for result in results)
    return cells


def milliseconds(seconds):
    value = 1e3 * seconds
    return f"{value:.3f}" if value < 1 else f"{value:.1f}" if value < 100 else f"{value:.0f}"


def megabytes(size):
    return f"{size / MEGABYTE:.0f}"


def table(rows):
    yield ("| model | compile s | compile MB | first answer ms, msc / ORT | peak MB, msc / ORT | "
           "latency ms 1 thread, msc / ORT | latency ms 2 threads, msc / ORT |")
    yield "|---|--:|--:|--:|--:|--:|--:|"
    for row in rows:
        if "error" in row.cells:
            yield f"| {row.model} | {row.cells['error']} | | | | | |"
            continue
        msc, ort = row.cells["msc"], row.cells["ort"]
        pairs = [f"{milliseconds(msc['first answer'])} / {milliseconds(ort['first answer'])}",
                 f"{megabytes(msc['memory'])} / {megabytes(ort['memory'])}"]
        pairs += [f"{milliseconds(msc[f'latency {t}'])} / {milliseconds(ort[f'latency {t}'])}" for t in THREADS]
        yield (f"| {row.model} | {msc['compile']:.2f} | {megabytes(msc['compile memory'])} | " + " | ".join(pairs) + " |")


def cpu_name():
    names = [line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")]
    return names[0] if names else platform.machine()


def page(rows, onnxruntime_version):
    return "\n".join([
        "# Performance", "",
        "<!-- Written by `tools/dev bench --write`; edit bench/run.py, not this page. -->", "",
        f"Measured on {datetime.date.today()}, {cpu_name()}, {os.cpu_count()} cores, beside ONNX Runtime {onnxruntime_version},",
        "each measurement in its own process, the best of the rounds.", "",
        "- *compile*: `msc-compile` from start to exit, and its peak resident memory;",
        "- *first answer*: for msc the whole process `msc-run model.so --input=...` from start to exit, for ONNX Runtime",
        "  creating the session and one run, without starting Python;",
        "- *peak*: resident memory, for msc of that process, for ONNX Runtime what is added to Python with its libraries loaded;",
        "- *latency*: median of a run.", "",
        *table(rows), ""])


def run_models(arguments, models_folder):
    for name in arguments.models or MODELS:
        folder = models_folder / name
        inputs = sorted((folder / "test_data_set_0").glob("input_*.npy"))
        row = Row(name)
        try:
            with tempfile.TemporaryDirectory() as temporary:
                row.cells["msc"] = bench_msc(arguments.build, folder / "model.onnx", inputs, Path(temporary),
                                             arguments.rounds)
            row.cells["ort"] = bench_peer(folder / "model.onnx", inputs, arguments.rounds)
        except RuntimeError as error:
            row.cells["error"] = "failed: " + str(error).splitlines()[-1].split(": ", 1)[-1].replace("|", "/")
        print(list(table([row]))[-1], flush=True)
        yield row


def main():
    parser = argparse.ArgumentParser(prog="tools/dev bench", description=__doc__.split("\n")[0])
    parser.add_argument("models", nargs="*", help="names of models (all ten when none is given)")
    parser.add_argument("--write", action="store_true", help="write docs/Performance.md")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--build", type=Path, default=ROOT / "build")
    arguments = parser.parse_args()
    models_folder = Path(os.environ.get("MSC_SHARED") or ROOT.parent / "shared") / "models"
    if not models_folder.is_dir():
        sys.exit(f"error: no models in {models_folder}; set MSC_SHARED")
    import onnxruntime
    rows = list(run_models(arguments, models_folder))
    if arguments.write:
        PAGE.write_text(page(rows, onnxruntime.__version__))
        print(f"wrote {PAGE.relative_to(ROOT)}")
    return 1 if any("error" in row.cells for row in rows) else 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["--peer"]:
        peer(sys.argv[3], sys.argv[4:], int(sys.argv[2]))
    else:
        sys.exit(main())
