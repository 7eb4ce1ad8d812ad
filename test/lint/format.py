#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""C and C++ files are as clang-format-19 writes them (LLVM style)."""
import re
import shutil
import subprocess

import common


def check(root, report):
    tool = shutil.which("clang-format-19")
    if not tool:
        report.skip("format", "clang-format-19 is not installed (tools/dev install)")
        return
    files = [str(path) for path in common.tracked_files(root) if path.suffix in common.CXX]
    command = [tool, "--dry-run", "--style=LLVM", *files]
    errors = subprocess.run(command, cwd=root, capture_output=True, text=True).stderr if files else ""
    wrong = sorted(set(re.findall(r"^(\S+?):\d+:\d+: warning", errors, re.MULTILINE)))
    report.rule("format", (f"{name}: not formatted" for name in wrong), "tools/dev format mends it")


CLEAN = {"a.cpp": "int f() { return 1; }\n"}
PLANTED = {"a badly formatted file": {"b.cpp": "int  f( ){return 1;}\n"}}

if __name__ == "__main__":
    common.main(__doc__, check, CLEAN, PLANTED)
