#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs every lint check and its self-test (`tools/dev lint`).

The last line is `lint: N passed, M failed, K skipped`.
"""
import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
CHECKS = ["layers", "size_budget", "names", "licence", "format", "docs_fresh"]


def main():
    totals = [0, 0, 0]
    for name in CHECKS:
        for options in ([], ["--self-test"]):
            command = [sys.executable, str(HERE / f"{name}.py"), *options]
            result = subprocess.run(command, capture_output=True, text=True)
            output = result.stdout.rstrip() + result.stderr
            lines = output.splitlines()
            match = re.fullmatch(r"(\d+) passed, (\d+) failed, (\d+) skipped", lines[-1] if lines else "")
            counts = [int(group) for group in match.groups()] if match else [0, 1, 0]
            totals = [a + b for a, b in zip(totals, counts)]
            if lines[:-1] or not match:
                print(output)
            print(f"{name}{' self-test' if options else ''}: "
                  f"{counts[0]} passed, {counts[1]} failed, {counts[2]} skipped")
    print(f"lint: {totals[0]} passed, {totals[1]} failed, {totals[2]} skipped")
    return 1 if totals[1] else 0


if __name__ == "__main__":
    sys.exit(main())
