#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""msc beside ONNX Runtime on real models, one process per measurement.

Prints a Markdown table of compile time, load time, peak memory and latency;
`--write` puts it into docs/Performance.md. Models come from the folder
`models` of the conformance data (MSC_SHARED, or `shared` beside the checkout).
"""
import argparse
import datetime
import importlib.metadata
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
    error: str = ""


def measured(command, env=None):
    """Runs `command`; returns (seconds, peak resident bytes, standard output).
    The peak is at least this process's own, which imports nothing large."""
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


def shape_flags(model, inputs):
    """Prints --shape for the dynamic inputs of `model`, from the data in `inputs`."""
    import numpy
    import onnx

    graph = onnx.load(model, load_external_data=False).graph
    constants = {tensor.name for tensor in graph.initializer}
    values = [value for value in graph.input if value.name not in constants]
    for value, path in zip(values, inputs):
        if any(not dim.HasField("dim_value") for dim in value.type.tensor_type.shape.dim):
            print(f"--shape={value.name}:{'x'.join(map(str, numpy.load(path).shape))}")


def bench_msc(build, inputs, artifact, threads):
    """One round of msc with an artifact made before."""
    given = [f"--input={path}" for path in inputs]
    first, memory, _ = measured([build / "bin/msc-run", artifact, *given, f"--threads={threads}"])
    text = measured([build / "bin/msc-run", artifact, *given, "--bench", "--json", f"--threads={threads}"])[2]
    return {"first answer": first, "memory": memory, "latency": json.loads(text)["bench"]["median_ns"] / 1e9}


def peer(model, inputs, threads):
    """The body of one ONNX Runtime process: prints its measurements as JSON."""
    import resource

    import numpy
    import onnxruntime

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
    print(json.dumps({"first answer": first, "latency": statistics.median(times),
                      "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}))


def bench_peer(model, inputs, threads):
    command = [sys.executable, __file__, "--peer", str(threads), model, *inputs]
    return json.loads(measured(command)[2].splitlines()[-1])


def bench_model(build, folder, rounds):
    """Medians over the rounds, in which msc and its peer take turns:
    {"compile", "compile memory", (contender, threads, what)}."""
    model, inputs = folder / "model.onnx", sorted((folder / "test_data_set_0").glob("input_*.npy"))
    shapes = measured([sys.executable, __file__, "--shapes", model, *inputs])[2].split()
    samples = {}
    with tempfile.TemporaryDirectory() as temporary:
        artifact = Path(temporary) / "model.so"
        for _ in range(rounds):
            seconds, memory, _ = measured([build / "bin/msc-compile", model, *shapes, "--no-cache", "-o", artifact])
            samples.setdefault("compile", []).append(seconds)
            samples.setdefault("compile memory", []).append(memory)
            for threads in THREADS:
                results = {"msc": bench_msc(build, inputs, artifact, threads), "ort": bench_peer(model, inputs, threads)}
                for contender, cells in results.items():
                    for what, value in cells.items():
                        samples.setdefault((contender, threads, what), []).append(value)
    return {key: statistics.median(values) for key, values in samples.items()}


def milliseconds(seconds):
    value = 1e3 * seconds
    return f"{value:.3f}" if value < 1 else f"{value:.1f}" if value < 100 else f"{value:.0f}"


def megabytes(size):
    return f"{size / MEGABYTE:.0f}"


def compared(cells, threads, what, unit):
    """"msc / ORT (ratio)"; above 1 where msc needs less."""
    msc, ort = cells["msc", threads, what], cells["ort", threads, what]
    return f"{unit(msc)} / {unit(ort)} ({ort / msc:.2f}x)"


def table(rows):
    yield ("| model | compile s | compile MB | first answer ms, msc / ORT | peak MB, msc / ORT | "
           "latency ms 1 thread, msc / ORT | latency ms 2 threads, msc / ORT |")
    yield "|---|--:|--:|--:|--:|--:|--:|"
    for row in rows:
        if row.error:
            yield f"| {row.model} | {row.error} | | | | | |"
            continue
        cells = [compared(row.cells, 1, "first answer", milliseconds), compared(row.cells, 1, "memory", megabytes)]
        cells += [compared(row.cells, threads, "latency", milliseconds) for threads in THREADS]
        yield (f"| {row.model} | {row.cells['compile']:.2f} | {megabytes(row.cells['compile memory'])} | " + " | ".join(cells) + " |")


def geometric_means(rows):
    """Of the latency ratios, per number of threads."""
    measured_rows = [row for row in rows if not row.error]
    for threads in THREADS if measured_rows else ():
        ratio = statistics.geometric_mean(row.cells["ort", threads, "latency"] / row.cells["msc", threads, "latency"]
                                          for row in measured_rows)
        yield f"Latency of ONNX Runtime over msc's, geometric mean of {len(measured_rows)} models, {threads} thread{'s'[:threads - 1]}: {ratio:.2f}."


def cpu_name():
    names = [line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")]
    return names[0] if names else platform.machine()


def page(rows, rounds, onnxruntime_version):
    return "\n".join([
        "# Performance", "",
        "<!-- Written by `tools/dev bench --write`; edit bench/run.py, not this page. -->", "",
        f"Measured on {datetime.date.today()}, {cpu_name()}, {os.cpu_count()} cores, beside ONNX Runtime {onnxruntime_version},",
        f"in one run: each measurement in its own process, msc and its peer taking turns, medians of {rounds} rounds.",
        "In brackets: the peer's figure over msc's.", "",
        "- *compile*: `msc-compile` from start to exit, and its peak resident memory;",
        "- *first answer*: for msc the whole process `msc-run model.so --input=...` from start to exit, for ONNX Runtime",
        "  creating the session and one run, without starting Python;",
        "- *peak*: resident memory of the process; ONNX Runtime's contains Python and numpy;",
        "- *latency*: median of a run.", "",
        *table(rows), "", *geometric_means(rows), ""])


def run_models(arguments, models_folder):
    for name in arguments.models or MODELS:
        row = Row(name)
        try:
            row.cells = bench_model(arguments.build, models_folder / name, arguments.rounds)
        except RuntimeError as error:
            row.error = "failed: " + str(error).splitlines()[-1].split(": ", 1)[-1].replace("|", "/")
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
    rows = list(run_models(arguments, models_folder))
    if arguments.write:
        PAGE.write_text(page(rows, arguments.rounds, importlib.metadata.version("onnxruntime")))
        print(f"wrote {PAGE.relative_to(ROOT)}")
    return 1 if any(row.error for row in rows) else 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["--peer"]:
        peer(sys.argv[3], sys.argv[4:], int(sys.argv[2]))
    elif sys.argv[1:2] == ["--shapes"]:
        shape_flags(sys.argv[2], sys.argv[3:])
    else:
        sys.exit(main())
