#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Names and words: the conventions of docs/Style.md that a machine can check."""
import re

import common

PASS = re.compile(r'^def (\w+)\s*:\s*(?:Interface)?Pass<\s*"([^"]+)"', re.MULTILINE)
OP = re.compile(r'^def MS_(\w+)Op\s*:\s*\w+<\s*"([^"]+)"', re.MULTILINE)
CAMEL = re.compile(r"^[A-Z][A-Za-z0-9]*\.(cpp|h|td|pdll)$")
KEBAB = re.compile(r"^[a-z0-9]+([-.][a-z0-9]+)*\.(mlir|test)$")
FORBIDDEN_VERBS = ("lower-", "process-", "handle-")

# (folder, what it must not contain, why)
FORBIDDEN = [
    ("lib/Import/", r"\bassert\(|\bllvm_unreachable\b|\breport_fatal_error\b|\babort\(",
     "input from users is refused with a located error"),
    ("runtime/lib/", r"\bassert\(|\babort\(|\bexit\(|\bprintf\(|\bstd::(cout|cerr)\b",
     "the runtime returns a status and a message"),
    ("lib/", r"\bcl::(opt|list)<", "options are plain structs; command lines live in tools/"),
    ("dialects/", r"\bcl::(opt|list)<", "options are plain structs; command lines live in tools/"),
]
# Spelt in two halves, so that this file does not contain what it forbids.
PRIVATE = [
    "/" + r"home/\w", "/" + r"Users/\w", "/" + r"root/\w", "/" + r"work/\w",
    r"files\.python" + "hosted", "pypi" + r"\.org", "deb" + r"\.debian\.org", "registry" + r"\.npmjs",
]


def kebab(name):
    """FuseElementwise -> fuse-elementwise, ConvertMSToLinalg -> convert-ms-to-linalg."""
    return "-".join(re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+|\d+", name)).lower()


def pass_violations(root, paths):
    names = {path.name for path in paths}
    for path in paths:
        if path.name != "Passes.td":
            continue
        for name, flag in PASS.findall(common.text_of(root / path)):
            words = kebab(name)
            if flag != f"msc-{words}":
                yield f"{path}: pass {name} has the flag '{flag}', expected 'msc-{words}'"
            if words.startswith(FORBIDDEN_VERBS):
                yield f"{path}: pass {name}: say convert-, legalize-, fold- ..., not {words.split('-')[0]}-"
            if f"{name}.cpp" not in names and f"{name}Pass.cpp" not in names:
                yield f"{path}: pass {name} has no file {name}.cpp"
            if not any(other.parts[0] == "test" and other.suffix == ".mlir" and
                       other.stem.startswith(words) for other in paths):
                yield f"{path}: pass {name} has no test {words}.mlir"


def op_violations(root, paths):
    for path in paths:
        if path.suffix == ".td" and path.parts[0] == "dialects":
            for name, mnemonic in OP.findall(common.text_of(root / path)):
                if mnemonic.replace("_", "").replace(".", "") != name.lower():
                    yield f"{path}: MS_{name}Op has the mnemonic '{mnemonic}'"


def file_violations(paths):
    for path in paths:
        in_library = path.parts[0] in ("lib", "dialects") or path.parts[:2] == ("include", "msc")
        if in_library and path.suffix in (".cpp", ".h", ".td") and not CAMEL.match(path.name):
            yield f"{path}: library files are UpperCamel"
        if path.parts[0] == "test" and path.suffix in (".mlir", ".test") and not KEBAB.match(path.name):
            yield f"{path}: tests are kebab-case"


def guard_violations(root, paths):
    for path in paths:
        if path.suffix != ".h" or path.parts[0] == "test":
            continue
        text = common.text_of(root / path) or ""
        match = re.search(r"^#ifndef (\w+)\n#define (\w+)$", text, re.MULTILINE)
        expected = re.sub(r"\W", "_", f"{path.parent.name}_{path.name}").upper()
        # msc-run may be spelt MSCRUN or MSC_RUN.
        if not match or match.group(1) != match.group(2) or \
                not match.group(1).replace("_", "").endswith(expected.replace("_", "")):
            yield f"{path}: no include guard that ends in {expected}"


def word_violations(root, paths, folder, pattern):
    for path in paths:
        if str(path).startswith(folder) and path.suffix in common.CXX:
            for number, line in enumerate((common.text_of(root / path) or "").splitlines(), 1):
                if match := re.search(pattern, re.sub(r"//.*", "", line)):
                    yield f"{path}:{number}: '{match.group(0)}'"


def private_violations(root, paths):
    pattern = re.compile("|".join(PRIVATE))
    for path in paths:
        for number, line in enumerate((common.text_of(root / path) or "").splitlines(), 1):
            if match := pattern.search(line):
                yield f"{path}:{number}: '{match.group(0)}'"


def todo_violations(root, paths):
    for path in paths:
        if path.suffix in common.CXX + (".td",):
            for number, line in enumerate((common.text_of(root / path) or "").splitlines(), 1):
                if re.search(r"\b(TODO|FIXME|XXX)\b(?!\(#\d+\))", line):
                    yield f"{path}:{number}: a TODO needs an issue: TODO(#N)"


def check(root, report):
    paths = common.tracked_files(root)
    report.rule("pass names", pass_violations(root, paths))
    report.rule("op names", op_violations(root, paths))
    report.rule("file names", file_violations(paths))
    report.rule("include guards", guard_violations(root, paths))
    for folder, pattern, why in FORBIDDEN:
        report.rule(f"words in {folder}", word_violations(root, paths, folder, pattern), why)
    report.rule("machine paths and registries", private_violations(root, paths))
    report.rule("TODO", todo_violations(root, paths))


CLEAN = {
    "include/msc/Transforms/Passes.td": 'def FuseMSChains : Pass<"msc-fuse-ms-chains", "x"> {\n',
    "lib/Transforms/FuseMSChains.cpp": "int x;\n",
    "test/Transforms/fuse-ms-chains.mlir": "",
    "dialects/MS/IR/MSOpsLinear.td": 'def MS_Conv2DOp : MS_Op<"conv_2d"> {\n',
    "include/msc/Support/Path.h": "#ifndef MSC_SUPPORT_PATH_H\n#define MSC_SUPPORT_PATH_H\n#endif\n",
    "lib/Import/ONNX/Reader.cpp": "static_assert(sizeof(int) == 4);\n",
}
PLANTED = {
    "a flag of other words": {"lib/A/Passes.td": 'def FoldB : Pass<"msc-fold-c", "x">;\n', "lib/A/FoldB.cpp": "",
                              "test/A/fold-b.mlir": ""},
    "a pass without a test": {"lib/A/Passes.td": 'def FoldB : Pass<"msc-fold-b", "x">;\n', "lib/A/FoldB.cpp": ""},
    "a pass without its file": {"lib/A/Passes.td": 'def FoldB : Pass<"msc-fold-b">;\n', "test/A/fold-b.mlir": ""},
    "a forbidden verb": {"lib/A/Passes.td": 'def LowerB : Pass<"msc-lower-b", "x">;\n', "lib/A/LowerB.cpp": "",
                         "test/A/lower-b.mlir": ""},
    "a mnemonic of other words": {"dialects/MS/IR/MSOpsB.td": 'def MS_AddOp : MS_Op<"plus">;\n'},
    "a file in snake case": {"lib/A/my_file.cpp": ""},
    "a test in camel case": {"test/A/MyTest.mlir": ""},
    "a foreign include guard": {"lib/A/B.h": "#ifndef OTHER_H\n#define OTHER_H\n#endif\n"},
    "assert in an importer": {"lib/Import/ONNX/B.cpp": "void f(int x) { assert(x); }\n"},
    "abort in the runtime": {"runtime/lib/core/B.cpp": "void f() { abort(); }\n"},
    "a global option": {"lib/A/B.cpp": 'static llvm::cl::opt<int> x("x");\n'},
    "a machine path": {"docs/A.md": "see /" + "home/me/file\n"},
    "a registry host": {"docs/A.md": "https://files.python" + "hosted.org/x\n"},
    "a bare TODO": {"lib/A/B.cpp": "// TODO: later\n"},
}

if __name__ == "__main__":
    common.main(__doc__, check, CLEAN, PLANTED)
