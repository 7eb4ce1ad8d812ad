# SPDX-License-Identifier: Apache-2.0
"""Writes choices by hand: candidate N for every stage of every kernel that has candidates.

usage: choose.py N COMMAND..., where COMMAND compiles with --tune=0 --explain
"""
import json
import re
import subprocess
import sys


def main(candidate, command):
    said = subprocess.run(command, check=True, capture_output=True, text=True).stderr
    path = re.search(r"^tuned: .* kept in (.*)$", said, re.M)[1]
    kernels = {}
    for symbol, counts in re.findall(r"^tuned: (\S+) \(.*\): not measured, candidates: ([\d ]+)$", said, re.M):
        kernels[symbol] = {"choices": [candidate] * len(counts.split())}
    with open(path, "w") as file:
        json.dump({"kernels": kernels}, file)
    print(f"candidate {candidate} for {len(kernels)} kernels in {path}")


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
