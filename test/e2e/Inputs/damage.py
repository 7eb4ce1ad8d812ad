#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Damages a file in many ways and hands each result to msc-compile.

    damage.py --count=N [--seed=S] [--compile] FILE... [-- FLAGS]

Whatever the damage, the compiler must end within a minute, with exit code 0,
or with 1 and an error message, and then leave no file behind. FILE may be
`OPTION=FILE` (as checkpoint=x.ckpt), an option for the model that the FLAGS name; without
--compile the model is imported and verified only. The last line tells counts.
"""
import argparse
import os
import random
import resource
import subprocess
import sys
import tempfile


def truncate(data, r):
    return data[:r.randrange(len(data))]


def flip(data, r):
    out = bytearray(data)
    for _ in range(r.choice((1, 1, 2, 8, 64))):
        out[r.randrange(len(out))] ^= 1 << r.randrange(8)
    return bytes(out)


def flip_head(data, r):
    """Structure sits in the first and last kilobytes of most formats."""
    out = bytearray(data)
    for _ in range(r.choice((1, 2, 4))):
        at = r.randrange(min(len(out), 4096))
        out[at if r.random() < 0.5 else len(out) - 1 - at] = r.randrange(256)
    return bytes(out)


def grow_number(data, r):
    """A varint of many bits in place of a byte."""
    at = r.randrange(len(data))
    return data[:at] + b"\xff" * r.choice((4, 8, 9, 12)) + b"\x7f" + data[at + 1:]


def cut(data, r):
    at, n = r.randrange(len(data)), r.choice((1, 2, 16, 256))
    return data[:at] + data[at + n:]


def repeat(data, r):
    at, n = r.randrange(len(data)), r.choice((2, 16, 256))
    return data[:at] + data[at:at + n] * r.choice((2, 64)) + data[at + n:]


KINDS = (truncate, flip, flip_head, grow_number, cut, repeat)


def limit():
    if "ASAN_OPTIONS" not in os.environ:  # the sanitizer reserves terabytes
        resource.setrlimit(resource.RLIMIT_AS, (8 << 30, 8 << 30))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def problem_of(command, folder, before):
    """What is wrong with a run, or None; and its exit code."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=60,
                              cwd=folder, preexec_fn=limit)
    except subprocess.TimeoutExpired:
        return "no end after 60 s", None
    left = sorted(set(os.listdir(folder)) - before)
    if done.returncode not in (0, 1):
        return "exit code %d: %s" % (done.returncode, done.stderr[-300:]), done.returncode
    if done.returncode == 1 and "error: " not in done.stderr:
        return "exit code 1 without an error: %r" % done.stderr[-300:], 1
    if done.returncode == 1 and left:
        return "left %s after an error" % ", ".join(left), 1
    for name in left:
        os.remove(os.path.join(folder, name))
    return None, done.returncode


def main():
    split = sys.argv.index("--") if "--" in sys.argv else len(sys.argv)
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--compile", action="store_true")
    parser.add_argument("files", nargs="+")
    args = parser.parse_args(sys.argv[1:split])
    tally = {0: 0, 1: 0}
    bad = 0
    with tempfile.TemporaryDirectory() as folder:
        for spec in args.files:
            option, _, path = spec.rpartition("=")
            data = open(path, "rb").read()
            r = random.Random("%d %s" % (args.seed, os.path.basename(path)))
            for i in range(args.count):
                kind = KINDS[i % len(KINDS)]
                damaged = os.path.join(folder, "damaged" + os.path.splitext(path)[1])
                with open(damaged, "wb") as f:
                    f.write(kind(data, r))
                command = ["msc-compile", "--quiet", *([] if args.compile else ["--check"]),
                           *sys.argv[split + 1:], "--%s=%s" % (option, damaged) if option else damaged, "-o", "out.so"]
                problem, code = problem_of(command, folder, set(os.listdir(folder)))
                if problem:
                    bad += 1
                    keep = "%s.%s.%d" % (os.path.basename(path), kind.__name__, i)
                    os.replace(damaged, os.path.join(tempfile.gettempdir(), keep))
                    print("%s: %s (kept in %s)" % (keep, problem, tempfile.gettempdir()))
                else:
                    tally[code] += 1
    print("%d accepted, %d refused, %d wrong" % (tally[0], tally[1], bad))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
