# SPDX-License-Identifier: Apache-2.0
"""What was measured, as JSON, and what follows from it.

{"machine", "date", "versions", "rounds", "models": {NAME: record}};
record: {"kind", "group", "compile": {"seconds", "cached", "memory"}, "arena",
"weights", "contenders": {WHO: {"latency": {THREADS: [seconds]}, "first",
"memory": [...], "difference"}}, "rounds": {THREADS: {"disturbance": [ratio],
"repeated"}}, "errors": {WHO: text}}.
"""
import json
import os
import statistics
from pathlib import Path

from rounds import LIMIT

NAMES = {"msc": "msc", "onnxruntime": "ONNX Runtime", "openvino": "OpenVINO",
         "mindspore": "MindSpore", "mindspore-avx2": "MindSpore, AVX2"}
PEERS = {"onnx": ("onnxruntime", "openvino"), "mindir": ("mindspore", "mindspore-avx2")}
THREADS = (1, 2)


def load(path):
    return json.loads(Path(path).read_text())


def save(path, results):
    """Whole or not at all: a run that is stopped leaves what it had."""
    part = Path(str(path) + ".part")
    part.write_text(json.dumps(results, indent=1) + "\n")
    os.replace(part, path)


def merge(parts):
    """One result of several: the later part's records replace the earlier's."""
    merged = {**parts[0], "models": {}, "versions": {}}
    for part in parts:
        merged["models"].update(part["models"])
        for who, version in part["versions"].items():
            known = merged["versions"].get(who, "").split(" and ")
            merged["versions"][who] = version if not known[0] else " and ".join(known + [version] * (version not in known))
        merged["date"] = max(merged["date"], part["date"])
        merged["rounds"] = min(merged["rounds"], part["rounds"])
        if part["machine"] != merged["machine"]:
            raise ValueError("the parts are from different machines: their figures do not compare")
    return merged


def samples(record, who, what, threads=None):
    values = record["contenders"].get(who, {}).get(what, [])
    return values.get(str(threads), []) if isinstance(values, dict) else values


def median(record, who, what, threads=None):
    """None where nothing was measured."""
    values = samples(record, who, what, threads)
    return statistics.median(values) if values else None


def latency(record, who, threads):
    return median(record, who, "latency", threads)


def ratio(record, who, threads):
    """The latency of `who` over msc's: above 1 where msc is faster."""
    ours, theirs = latency(record, "msc", threads), latency(record, who, threads)
    return theirs / ours if ours and theirs else None


def best_peer(record, threads):
    """(ratio, peer) of the fastest peer, or None."""
    found = [(ratio(record, who, threads), who) for who in PEERS[record["kind"]]]
    return min((pair for pair in found if pair[0]), default=None)


def geometric_mean(records, who, threads):
    """(mean, number of models) of the ratios to `who`, "best" for the best peer."""
    ratios = [(best_peer(record, threads) or [None])[0] if who == "best" else ratio(record, who, threads)
              for record in records]
    ratios = [value for value in ratios if value]
    return (statistics.geometric_mean(ratios), len(ratios)) if ratios else (None, 0)


def worst(models, threads, count=1):
    """The `count` lowest [(ratio to the best peer, peer, model)]."""
    found = [(*best_peer(record, threads), name) for name, record in models.items() if best_peer(record, threads)]
    return sorted(found)[:count]


def slower(models, threads, margin=0.0):
    """Names of the models that are slower than their best peer by more than `margin`."""
    return [name for value, _, name in worst(models, threads, len(models)) if 1 / value > 1 + margin]


def disturbed(record, threads):
    """(disturbed among the rounds used, rounds used, rounds repeated)."""
    state = record["rounds"].get(str(threads), {"disturbance": [], "repeated": 0})
    return sum(value > LIMIT for value in state["disturbance"]), len(state["disturbance"]), state["repeated"]


def of_kind(results, kind, group=None):
    return {name: record for name, record in results["models"].items()
            if record["kind"] == kind and group in (None, record["group"])}


def resident_beyond(record):
    """Peak bytes of msc's process beyond its weights and arena."""
    peak = median(record, "msc", "memory")
    return None if peak is None or "weights" not in record else peak - record["weights"] - record["arena"]


def load_beyond(record):
    """Seconds of msc's first answer, process included, beyond one ordinary run."""
    first, ordinary = median(record, "msc", "first"), latency(record, "msc", 1)
    return None if first is None or ordinary is None else first - ordinary


def largest(models, figure):
    """(value, name) of the model where `figure(record)` is largest, or None."""
    return max(((figure(record), name) for name, record in models.items() if figure(record) is not None), default=None)
