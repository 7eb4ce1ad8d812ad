#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Files and functions stay small enough to read.

Two limits each: a budget that one in twenty may exceed (so that nobody cuts a
file in the wrong place for three lines), and a hard limit that nobody may.
Generated files are not looked at. Function lengths come from universal-ctags.
"""
import json
import re
import shutil
import subprocess
from collections import namedtuple

import common

Limit = namedtuple("Limit", "budget hard")
FILE_LINES = Limit(600, 1000)
FUNCTION_LINES = Limit(60, 100)
NESTING = Limit(3, 5)
MAIN_LINES = 40
CMAKE_LINES = 60
TOP_CMAKE_LINES = 100
TOLERATED = 0.05  # share of files and functions that may exceed a budget

SOURCES = common.CXX + (".td", ".py")
CONTROL = re.compile(r"^ *(?:\} else )?(?:if|for|while|do|switch|else)\b")


def sources(root):
    for path in common.tracked_files(root):
        if path.suffix in SOURCES:
            yield path, (common.text_of(root / path) or "").splitlines()


def check_limit(report, name, sizes, limit):
    """`sizes`: [(place, size)]. All within hard, all but a few within budget."""
    report.rule(f"{name} limit", (f"{place}: {size} is above the limit of {limit.hard}"
                                  for place, size in sizes if size > limit.hard))
    above = [(place, size) for place, size in sizes if limit.budget < size <= limit.hard]
    tolerated = int(TOLERATED * len(sizes))
    report.rule(f"{name} budget", [] if len(above) <= tolerated else [
        f"{place}: {size} is above the budget of {limit.budget}" for place, size in above],
        f"{len(above)} of {len(sizes)} exceed it, {tolerated} may")


def functions(root, paths):
    """(path, name, first line, last line, language) of every function."""
    tool = shutil.which("ctags")
    command = [tool, "--output-format=json", "--fields=+neKl", "--kinds-C++=f", "--kinds-C=f",
               "--kinds-Python=fm", "--map-C++=+.h", "--languages=C++,C,Python", "-o", "-", "-L", "-"]
    names = "\n".join(str(path) for path in paths if path.suffix != ".td")
    output = subprocess.run(command, cwd=root, input=names, capture_output=True, text=True, check=True).stdout
    for line in output.splitlines():
        tag = json.loads(line)
        if tag.get("_type") == "tag" and "end" in tag:
            yield tag["path"], tag["name"], tag["line"], tag["end"], tag["language"]


def nesting(lines, first, last):
    """Levels of control flow inside lines first..last (1-based): how many control
    statements a control statement stands in, by indentation."""
    deepest, open_statements = 0, []
    for line in lines[first:last]:
        text = line.lstrip()
        if not text or text.startswith("#"):
            continue
        indent = len(line) - len(text) + (1 if text.startswith(("case ", "default:")) else 0)
        while open_statements and open_statements[-1] >= indent:
            open_statements.pop()
        if CONTROL.match(line):
            open_statements.append(indent)
            deepest = max(deepest, len(open_statements))
    return deepest


def check_functions(root, report, files):
    text = {str(path): lines for path, lines in files}
    found = list(functions(root, [path for path, _ in files]))
    lengths = [(f"{path}:{first}: {name}", last - first + 1) for path, name, first, last, _ in found]
    check_limit(report, "function length", lengths, FUNCTION_LINES)
    report.rule("main length", (f"{place}: {size} lines, main has at most {MAIN_LINES}"
                                for place, size in lengths if place.endswith(" main") and size > MAIN_LINES))
    depths = [(f"{path}:{first}: {name}", nesting(text[path], first, last))
              for path, name, first, last, language in found if language != "Python"]
    check_limit(report, "nesting", depths, NESTING)


def check(root, report):
    files = list(sources(root))
    check_limit(report, "file length", [(path, len(lines)) for path, lines in files], FILE_LINES)
    if shutil.which("ctags"):
        check_functions(root, report, files)
    else:
        report.skip("function length", "universal-ctags is not installed (tools/dev install)")
    cmake = [path for path in common.tracked_files(root) if path.name == "CMakeLists.txt"]
    counts = [(path, len((root / path).read_text().splitlines())) for path in cmake]
    report.rule("CMakeLists length", (
        f"{path}: {count} lines" for path, count in counts
        if count > (TOP_CMAKE_LINES if len(path.parts) == 1 else CMAKE_LINES)))


def function_of(lines):
    return "int f(int x) {\n" + "  x += 1;\n" * (lines - 3) + "  return x;\n}\n"


def nested(levels):
    opened = "".join("  " * i + f"if (x > {i}) {{\n" for i in range(1, levels + 1))
    closed = "".join("  " * i + "}\n" for i in range(levels, 0, -1))
    return f"void f(int x) {{\n{opened}{'  ' * (levels + 1)}x = 0;\n{closed}}}\n"


CLEAN = {"lib/A.cpp": function_of(60) + nested(3), "lib/CMakeLists.txt": "\n" * 60,
         "lib/B.cpp": function_of(60) * 10}
LAMBDA = ("void g(int x) {\n  call(x,\n       [&] {\n                       if (x) {\n"
          "                         x = 0;\n                       }\n       });\n}\n")
CLEAN["lib/D.cpp"] = LAMBDA + ("void h(int x) {\n  switch (x) {\n  case 1:\n    if (x)\n      for (;;)\n"
                              "        x = 0;\n  default:\n    x = 1;\n  }\n}\n")
PLANTED = {
    "a file above the limit": {"lib/C.cpp": "\n" * 1001},
    "too many files above the budget": {"lib/C.cpp": "\n" * 601},
    "a function above the limit": {"lib/C.cpp": function_of(101)},
    "too many functions above the budget": {"lib/C.cpp": function_of(61)},
    "a long main": {"lib/C.cpp": function_of(41).replace("f(int x)", "main(int x, char **)")},
    "deep nesting": {"lib/C.cpp": nested(6)},
    "a long CMakeLists": {"tools/CMakeLists.txt": "\n" * 61},
}

if __name__ == "__main__":
    common.main(__doc__, check, CLEAN, PLANTED)
