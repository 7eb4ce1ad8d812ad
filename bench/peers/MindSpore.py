# SPDX-License-Identifier: Apache-2.0
"""Measures MindSpore on a MindIR: MODEL THREADS OUTPUT-PREFIX INPUT.npy...

Its threads cannot be limited to one by its own settings, only by the CPUs that
the process may use. Prints one line of JSON; times as `msc-run --bench` takes them.
"""
import json
import os
import statistics
import sys
import time


def peak_resident_bytes():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM:"))


def measure(run):
    for _ in range(3):
        run()
    samples, begin = [], time.perf_counter()
    while len(samples) < 10 or (time.perf_counter() - begin < 1 and len(samples) < 10000):
        start = time.perf_counter()
        run()
        samples.append(time.perf_counter() - start)
    return statistics.median(samples)


def main():
    model, threads, prefix, inputs = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4:]
    os.environ["OMP_NUM_THREADS"] = str(threads)
    os.environ.setdefault("GLOG_v", "3")
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:threads])
    import mindspore
    import numpy

    mindspore.set_context(mode=mindspore.GRAPH_MODE, device_target="CPU", runtime_num_threads=threads)
    start = time.perf_counter()
    network = mindspore.nn.GraphCell(mindspore.load(model))
    tensors = [mindspore.Tensor(numpy.load(path)) for path in inputs]
    results = network(*tensors)
    results = results if isinstance(results, (tuple, list)) else [results]
    arrays = [result.asnumpy() for result in results]
    first = time.perf_counter() - start
    for i, array in enumerate(arrays):
        numpy.save(f"{prefix}{i}.npy", array)

    def run():
        done = network(*tensors)
        for result in done if isinstance(done, (tuple, list)) else [done]:
            result.asnumpy()  # waits for it

    latency = measure(run)
    print(json.dumps({"latency": latency, "first": first, "memory": peak_resident_bytes()}), flush=True)
    os._exit(0)  # its destructors write messages


if __name__ == "__main__":
    main()
