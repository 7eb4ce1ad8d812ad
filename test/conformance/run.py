#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the conformance suites against the lists of passing cases.

    run.py --build=BUILD [--suite=NAME]... [--filter=REGEX] [--jobs=N] [--update] [-v]

`expected/NAME.txt` lists the cases of a suite that pass. A listed case that
fails is a failure, and so is an unlisted one that passes (--update writes the
lists anew); without --suite, the suites that have a list run. A case whose model is refused or whose results differ, and that is
not listed, counts as neither passed nor skipped; the last line of a suite says
how many of all its cases pass.
"""
import argparse
import concurrent.futures
import json
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))


def run_chunk(args, suite, names):
    """Results of `names` by name; a worker that dies costs one case."""
    results, left = {}, list(names)
    while left:
        worker = subprocess.Popen(
            [sys.executable, os.path.join(HERE, "worker.py"), args.build, suite, args.shared],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        worker.stdin.write("\n".join(left) + "\n")
        worker.stdin.close()
        for line in worker.stdout:
            if line.startswith('{"name"'):
                result = json.loads(line)
                results[result["name"]] = result
        worker.wait()
        remaining = [name for name in left if name not in results]
        if remaining and worker.returncode != 0:
            results[remaining[0]] = {"name": remaining[0], "seconds": 0,
                                     "problem": "the compiler died with status %d" % worker.returncode}
            remaining = remaining[1:]
        elif len(remaining) == len(left):
            for name in remaining:
                results[name] = {"name": name, "seconds": 0, "problem": "no result"}
            remaining = []
        left = remaining
    return results


def expected_file(suite):
    return os.path.join(HERE, "expected", suite + ".txt")


def run_suite(args, suite):
    import cases
    names = [case.name for case in cases.SUITES[suite](args.shared)
             if not args.filter or re.search(args.filter, case.name)]
    chunks = [names[i::args.jobs * 4] for i in range(args.jobs * 4)]
    results = {}
    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        for part in pool.map(lambda chunk: run_chunk(args, suite, chunk), chunks):
            results.update(part)
    passing = {name for name in names if results[name]["problem"] is None}
    if args.update and not args.filter:
        with open(expected_file(suite), "w") as f:
            f.writelines(name + "\n" for name in sorted(passing))
    listed = set()
    if os.path.exists(expected_file(suite)):
        listed = set(open(expected_file(suite)).read().split()) & set(names)
    for name in names:
        problem = results[name]["problem"]
        if problem and (name in listed or args.verbose):
            print("%s %s: %s" % ("FAIL" if name in listed else "open", name, problem.splitlines()[-1][:300]))
        if not problem and name not in listed:
            print("UNEXPECTED PASS %s (add it to %s)" % (name, os.path.relpath(expected_file(suite))))
    failed = len(listed - passing) + len(passing - listed)
    print("conformance %s: %d passed, %d failed, 0 skipped (%d of %d cases pass)"
          % (suite, len(listed & passing), failed, len(passing), len(names)), flush=True)
    return failed


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    parser.add_argument("--shared", default=os.environ.get("MSC_SHARED", ""))
    parser.add_argument("--suite", action="append")
    parser.add_argument("--filter", default="")
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--update", action="store_true")
    parser.add_argument("-v", "--verbose", action="store_true")
    args = parser.parse_args()
    args.build = os.path.abspath(args.build)
    sys.path.insert(0, HERE)
    import cases
    listed = [s for s in cases.SUITES if os.path.exists(expected_file(s))]
    suites = args.suite or listed
    if not os.path.isdir(args.shared):
        for suite in suites:
            print("conformance %s: 0 passed, 0 failed, 1 skipped (no shared folder: set MSC_SHARED)" % suite)
        return 0
    return 1 if sum(run_suite(args, suite) for suite in suites) else 0


if __name__ == "__main__":
    sys.exit(main())
