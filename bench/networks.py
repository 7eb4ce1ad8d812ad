#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Networks that are too large to be stored: made, compiled, run, compared.

    networks.py --build=BUILD --work=DIR [--wave=N] [--write] [NAME...]

The conformance data (MSC_SHARED, or --shared) hold the generator of the MindIR
networks. One after another each network that is stored without its weights is
made by it, checked as the conformance suites check the others (MindSpore's
outputs, the other checkpoint bound to the same artifact, the ONNX twin) and
removed again. --python names an interpreter that has what the generator
requires. Results are kept in DIR/results.json, so that an interrupted run goes
on where it was; --write puts the table of all of them into docs/Networks.md.
"""
import argparse
import datetime
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "Networks.md"
PARTS = ("", "/rebound", "/onnx")


def large_networks(shared, wave):
    index = json.load(open(shared / "mindir-suite/models/index.json"))
    records = index if isinstance(index, list) else list(index.values())
    return {r["name"]: r for r in sorted(records, key=lambda r: r["parameters"])
            if r["stored"] != "all" and wave in (0, r["wave"])}


def make(args, name):
    """Runs the generator; raises RuntimeError where it fails."""
    command = [args.python, args.shared / "mindir-suite/models/generate.py", f"--out={args.work}", name]
    done = subprocess.run([str(part) for part in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode or not (args.work / name / "meta.json").exists():
        raise RuntimeError("the generator failed: " + done.stdout.strip()[-300:])


def check(args, folder):
    """Problems (None: passes) of the network's cases, each in a process of its
    own, as a compiler that dies must not end the run."""
    code = ("import json, sys, tempfile; sys.path.insert(0, sys.argv[1]); import cases, worker; from native import Native\n"
            "native = Native(sys.argv[2])\n"
            "for case in cases.mindir_network(sys.argv[3]):\n"
            "    with tempfile.TemporaryDirectory(dir=sys.argv[4]) as scratch:\n"
            "        try: problem = worker.check(native, case, scratch)\n"
            "        except Exception as error: problem = '%s: %s' % (type(error).__name__, error)\n"
            "    print('CASE ' + json.dumps([case.name, problem]), flush=True)\n")
    done = subprocess.run([args.python, "-c", code, ROOT / "test/conformance", args.build, folder, args.work],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    results = dict(json.loads(line[5:]) for line in done.stdout.splitlines() if line.startswith("CASE "))
    if done.returncode:
        results[folder.name + "/end"] = f"status {done.returncode}: {done.stderr.strip()[-200:]}"
    return results


def cell(results, key):
    if key not in results:
        return "-"
    return "passes" if results[key] is None else results[key].replace("|", " ").splitlines()[-1][:120]


def summary(results):
    """How many cases pass, of how many."""
    def count(part):
        cases = [problems[name + part] for name, problems in results.items() if name + part in problems]
        return f"{sum(problem is None for problem in cases)} of {len(cases)}"
    return f"Passing: {count('')} networks, {count('/rebound')} rebound, {count('/onnx')} ONNX twins."


def page(networks, results):
    lines = [
        "# Large networks", "",
        f"What `bench/networks.py` found, {datetime.date.today()}: networks whose weights are not stored with the conformance data, exported by",
        "MindSpore 2.10 on the spot and compared with its outputs. *rebound*: the other checkpoint bound to the same artifact. *ONNX*: the",
        "same network as MindSpore's ONNX exporter writes it, where it can. The tolerance is each network's own: eight times its measured",
        "noise (at least that of flipping the last bit of every parameter), at least 1e-5 of the largest output.", "",
        "```bash", "bench/networks.py --build=build --work=/tmp/networks --python=PYTHON --write", "```", "",
        summary(results), "",
        "| network | parameters | MMAC | MindIR | rebound | ONNX |", "|---|--:|--:|---|---|---|"]
    for name, record in networks.items():
        if name in results:
            cells = [cell(results[name], name + part) for part in PARTS]
            lines.append(f"| {name} | {record['parameters']} | {record['mmacs']} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--build", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--shared", type=Path, default=Path(os.environ.get("MSC_SHARED", ROOT.parent / "shared")))
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--wave", type=int, default=0)
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    args.build, args.work = args.build.resolve(), args.work.resolve()
    args.work.mkdir(parents=True, exist_ok=True)
    networks, kept = large_networks(args.shared, args.wave), args.work / "results.json"
    results = json.loads(kept.read_text()) if kept.exists() else {}
    bad = 0
    for name in args.names or [n for n in networks if n not in results]:
        folder = args.work / name
        try:
            make(args, name)
            results[name] = check(args, folder)
        except RuntimeError as error:
            results[name] = {name: str(error)}
        shutil.rmtree(folder, ignore_errors=True)
        kept.write_text(json.dumps(results, indent=1))
        bad += any(problem is not None for problem in results[name].values())
        print(name, {k[len(name):] or "mindir": v or "passes" for k, v in results[name].items()}, flush=True)
    if args.write:
        PAGE.write_text(page(networks, results))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
