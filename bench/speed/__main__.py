# SPDX-License-Identifier: Apache-2.0
"""msc beside ONNX Runtime, OpenVINO and MindSpore: one table.

Each contender runs alone in its process, contenders take turns, figures are
medians of the rounds. A reference loop runs in between: a round in which it
takes more than 1.15 times its best is repeated. See bench/README.md.
"""
import argparse
import datetime
import os
import subprocess
import sys
from pathlib import Path

import environment
import models
import page
import results
from rounds import Reference

ROOT = environment.ROOT


class Setup:
    """What all measurements share."""

    def __init__(self, arguments, found):
        self.build, self.rounds, self.repeats = arguments.build.resolve(), arguments.rounds, arguments.repeats
        self.threads = tuple(int(count) for count in arguments.threads.split(","))
        self.programs = environment.build_peers()
        self.mindspore = arguments.python_mindspore
        if not self.mindspore and any(model.kind == "mindir" for model in found):
            self.mindspore = environment.make_environment("mindspore", environment.MINDSPORE_PACKAGES)
        self.reference = Reference(self.reference_seconds)
        for threads in self.threads:
            self.reference.settle(threads)

    def reference_seconds(self, threads):
        command = [self.programs["reference"], str(threads)]
        return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)

    def versions(self):
        names = {"onnxruntime": sys.executable, "openvino": sys.executable, "mindspore": self.mindspore}
        found = {name: environment.version_of(python, name) for name, python in names.items() if python}
        commit = subprocess.run(["git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"], capture_output=True, text=True)
        return {"msc": commit.stdout.strip() or "unknown", **found}


def parse(arguments):
    parser = argparse.ArgumentParser(prog="bench/run", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", nargs="*", help="names or patterns such as 'mindir/*'; default: all")
    parser.add_argument("--networks", type=Path, metavar="DIR", help="what bench-models/export.py wrote")
    parser.add_argument("--json", type=Path, metavar="FILE", help="keep the results here, model by model")
    parser.add_argument("--resume", type=Path, metavar="FILE", help="as --json, but go on with what FILE has")
    parser.add_argument("--render", type=Path, nargs="+", metavar="FILE", help="measure nothing, print these results as one")
    parser.add_argument("--write", type=Path, nargs="?", const=ROOT / "docs", metavar="DIR",
                        help="write Performance.md and its charts (into docs/)")
    parser.add_argument("--list", action="store_true", help="print the names of the models")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--repeats", type=int, default=3, help="of disturbed rounds, per model and number of threads")
    parser.add_argument("--threads", default="1,2")
    parser.add_argument("--build", type=Path, default=ROOT / "build")
    parser.add_argument("--shared", type=Path, default=Path(os.environ.get("MSC_SHARED") or ROOT.parent / "shared"))
    parser.add_argument("--python", metavar="PATH", help="an interpreter that has the peers; default: one made for it")
    parser.add_argument("--python-mindspore", metavar="PATH", help="the same for MindSpore")
    return parser.parse_args(arguments)


def measure_all(arguments):
    import measuring

    kept = arguments.resume or arguments.json
    found, notes = models.find(arguments.shared, arguments.networks, arguments.models)
    for note in notes:
        print(f"note: {note}", file=sys.stderr)
    if not found:
        raise ValueError("no models to measure (--list tells their names)")
    setup = Setup(arguments, found)
    state = {"machine": environment.machine(), "date": str(datetime.date.today()), "versions": setup.versions(),
             "rounds": setup.rounds, "models": {}}
    if arguments.resume and arguments.resume.exists():
        state = results.merge([results.load(arguments.resume), state])
    # What failed before comes again, after what has not been measured.
    for model in sorted(found, key=lambda model: model.name in state["models"]):
        if model.name in state["models"] and not state["models"][model.name]["errors"]:
            continue
        state["models"][model.name] = measuring.measure(setup, model)
        print(page.progress(model.name, state["models"][model.name]), file=sys.stderr, flush=True)
        if kept:
            results.save(kept, state)
    return state


def main():
    arguments = parse(sys.argv[1:])
    if arguments.list:
        found, _ = models.find(arguments.shared, arguments.networks, arguments.models)
        print("\n".join(model.name for model in found))
        return 0
    if arguments.render:
        state = results.merge([results.load(path) for path in arguments.render])
    else:
        state = measure_all(arguments)
    print(page.text(state), end="")
    if arguments.write:
        for path in page.write(state, arguments.write):
            print(f"wrote {path}", file=sys.stderr)
    return 1 if any(record["errors"] for record in state["models"].values()) else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (RuntimeError, ValueError, OSError, subprocess.CalledProcessError) as error:
        sys.exit(f"error: {error}")
