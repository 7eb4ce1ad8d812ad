#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs every test suite in order and adds their counts up (`tools/dev test`).

The last line is `N passed, N failed, N skipped` over all suites; the exit
status is 1 when anything failed. A suite that ends without telling its counts
(it crashed, ran out of time, found no tests) counts as one failure.
"""
import argparse
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FUZZ_SECONDS = 20  # per target
LIT = Path("/usr/lib/llvm-19/build/utils/lit/lit.py")


@dataclass
class Counts:
    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other):
        return Counts(self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped)

    def __str__(self):
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"

    @property
    def total(self):
        return self.passed + self.failed + self.skipped


def run(command, minutes=30, capture=False, env=None):
    """Runs `command` in the root; returns (exit status or None on time-out, output)."""
    print("$ " + " ".join(str(part) for part in command), flush=True)
    process = subprocess.Popen(
        [str(part) for part in command], cwd=ROOT, text=True, start_new_session=True,
        env={**os.environ, **(env or {})},
        stdout=subprocess.PIPE if capture else None, stderr=subprocess.STDOUT if capture else None)
    try:
        output = process.communicate(timeout=minutes * 60)[0] or ""
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        print(f"error: no result after {minutes} minutes, stopped")
        return None, ""
    return process.returncode, output


def expect_counts(counts, status):
    """A failing command whose counts show no failure has one all the same."""
    if counts.total == 0 or (status != 0 and counts.failed == 0):
        return counts + Counts(failed=1)
    return counts


def build(preset):
    status, _ = run(["tools/dev", "build", "--preset", preset], minutes=40)
    return Counts(passed=1) if status == 0 else Counts(failed=1)


def lint():
    status, output = run([sys.executable, "test/lint/run.py"], capture=True)
    print(output, end="")
    return expect_counts(sum_lines(output, r"^lint: (\d+) passed, (\d+) failed(?:, (\d+) skipped)?$"), status)


def sum_lines(text, pattern):
    """Adds up the counts (passed, failed, skipped) of every line that matches."""
    total = Counts()
    for match in re.finditer(pattern, text, re.MULTILINE):
        total += Counts(*(int(group or 0) for group in match.groups()))
    return total


def count_junit(path):
    """Counts of a JUnit file as ctest writes it; 'not run' is a failure unless
    the test itself asked to be skipped."""
    total = Counts()
    for case in ElementTree.parse(path).iter("testcase"):
        skipped = case.find("skipped")
        if case.get("status") == "run":
            total.passed += 1
        elif case.get("status") == "disabled" or (
                skipped is not None and "SKIP_" in skipped.get("message", "")):
            total.skipped += 1
        else:
            total.failed += 1
    return total


def ctest(folder):
    report = ROOT / folder / "ctest.xml"
    report.unlink(missing_ok=True)
    status, output = run(["ctest", "--test-dir", folder, "--output-on-failure", "--output-junit", report,
                          "--timeout", "600", "-j", str(os.cpu_count())], capture=True)
    if status != 0:
        print(re.sub(r"^ *(Start|\d+/\d+ Test +#\d+:.*Passed).*\n", "", output, flags=re.MULTILINE))
    if not report.exists():
        return Counts(failed=1)
    return expect_counts(count_junit(report), status)


def count_lit(path):
    """Counts of lit's JSON report; an unexpected pass is a failure."""
    total = Counts()
    for test in json.loads(Path(path).read_text())["tests"]:
        if test["code"] in ("PASS", "XFAIL", "FLAKYPASS"):
            total.passed += 1
        elif test["code"] in ("UNSUPPORTED", "SKIPPED", "EXCLUDED"):
            total.skipped += 1
        else:
            total.failed += 1
    return total


def lit(folder):
    report = ROOT / folder / "lit.json"
    report.unlink(missing_ok=True)
    status, _ = run([sys.executable, LIT, "-sv", "-o", report, f"{folder}/test"])
    if not report.exists():
        return Counts(failed=1)
    return expect_counts(count_lit(report), status)


def conformance(folder):
    venv = ROOT / ".venv/bin/python"
    python = venv if venv.exists() else sys.executable
    status, output = run([python, "test/conformance/run.py", "--build", folder], capture=True, minutes=40)
    print(output, end="")
    return expect_counts(
        sum_lines(output, r"^conformance [^:]+: (\d+) passed, (\d+) failed, (\d+) skipped"), status)


def fuzz():
    """Each libFuzzer target for a short while, from its corpus; what it finds new is dropped."""
    names = sorted(path.stem for path in (ROOT / "test/fuzz").glob("*_fuzzer.cpp"))
    replays = {name: name.replace("_fuzzer", "_corpus") for name in names}
    if run(["tools/dev", "build", "--preset", "fuzz", *names, *replays.values()], minutes=40)[0] != 0:
        return Counts(failed=1)
    # The corpus of a target is what its test replays.
    tests = json.loads(run(["ctest", "--test-dir", "build-fuzz", "--show-only=json-v1"], capture=True)[1])["tests"]
    corpora = {Path(test["command"][0]).name: test["command"][1:] for test in tests if "command" in test}
    total = Counts()
    for name in names:
        with tempfile.TemporaryDirectory() as folder:
            status, output = run([f"build-fuzz/bin/{name}", f"-max_total_time={FUZZ_SECONDS}", "-timeout=20",
                                  "-rss_limit_mb=2048", f"-artifact_prefix={folder}/", folder,
                                  *corpora[replays[name]]], capture=True, minutes=5)
        print("\n".join(output.splitlines()[-3 if status == 0 else -60:]))
        total += Counts(passed=1) if status == 0 else Counts(failed=1)
    return total


def runtime_links(folder):
    """The runtime library of `folder` needs nothing but the C and C++ libraries."""
    libraries = sorted((ROOT / folder).rglob("libmscrt.so"))
    if not libraries:
        print(f"error: no libmscrt.so in {folder}")
        return Counts(failed=1)
    _, output = run(["readelf", "-d", libraries[0]], capture=True)
    needed = re.findall(r"NEEDED.*\[(.*)\]", output)
    foreign = [name for name in needed if re.search(r"LLVM|MLIR|protobuf|clang", name)]
    print(f"libmscrt.so needs {' '.join(needed)}")
    return Counts(failed=1) if foreign or not needed else Counts(passed=1)


def runtime_suite(preset, folder):
    """Builds the runtime alone with `preset` and runs its tests."""
    counts = build(preset)
    if counts.failed:
        return counts
    counts += ctest(folder)
    return counts + runtime_links(folder) if preset == "runtime-only" else counts


def suites(arguments):
    """(name, function) in the order they run; the cheap and telling ones first."""
    if arguments.tsan:
        return [("runtime-tsan", lambda: runtime_suite("tsan", "build-tsan"))]
    preset, folder = ("asan", "build-asan") if arguments.asan else ("release", "build")
    table = [("build", lambda: build(preset))]
    if not arguments.asan:
        table.append(("lint", lint))
    table += [("unit", lambda: ctest(folder)), ("lit", lambda: lit(folder))]
    if not arguments.asan:
        table.append(("fuzz", fuzz))
        table.append(("runtime-only", lambda: runtime_suite("runtime-only", "build-runtime")))
        if (ROOT / "test/conformance/run.py").exists():
            table.append(("conformance", lambda: conformance(folder)))
    return table


def main():
    parser = argparse.ArgumentParser(prog="tools/dev test", description=__doc__.split("\n")[0])
    parser.add_argument("--asan", action="store_true", help="compiler and runtime under ASan and UBSan")
    parser.add_argument("--tsan", action="store_true", help="the runtime's tests under TSan")
    parser.add_argument("--only", metavar="SUITE[,SUITE]", help="run these suites only")
    parser.add_argument("--list", action="store_true", help="name the suites and stop")
    arguments = parser.parse_args()
    table = suites(arguments)
    names = [name for name, _ in table]
    chosen = arguments.only.split(",") if arguments.only else names
    if unknown := [name for name in chosen if name not in names]:
        parser.error(f"no suite {', '.join(unknown)}; there are {', '.join(names)}")
    if arguments.list:
        print("\n".join(names))
        return 0
    shared = ROOT.parent / "shared"
    if "MSC_SHARED" not in os.environ and shared.is_dir():
        os.environ["MSC_SHARED"] = str(shared)
    return run_suites([(name, function) for name, function in table if name in chosen])


def run_suites(table):
    total, rows = Counts(), []
    for name, function in table:
        print(f"\n== {name} ==", flush=True)
        start = time.monotonic()
        counts = function()
        rows.append(f"{name:14} {counts}  ({time.monotonic() - start:.0f} s)")
        total += counts
        if name == "build" and counts.failed:
            break  # what was not built cannot be tested
    print("\n" + "\n".join(rows))
    print(total, flush=True)
    return 1 if total.failed else 0


if __name__ == "__main__":
    sys.exit(main())
