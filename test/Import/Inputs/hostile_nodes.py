#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Imports nodes of every mapped operator that make no sense.

    hostile_nodes.py ONNX|MindIR --opt=MSC_OPT --rules=FOLDER [--count=N] [--seed=S] [OPERATOR...]

For each operator in the tables under FOLDER, N modules of one node: any number
of inputs of any shape and type, constants and attributes that other operators
would take, extreme numbers. Each must import or be refused with an error. The
last line tells counts; a module that ends msc-opt otherwise is printed.
"""
import argparse
import random
import re
import subprocess
import sys
from pathlib import Path

CHUNK = 400  # modules per process
NUMBERS = (0, 1, -1, 2, 3, -2, 7, 1 << 31, 1 << 40, -(1 << 62), (1 << 63) - 1, -(1 << 63))
TYPES = ("f32 2x3xf32 0x3xf32 4xf32 3x3xf32 1x4x4xf32 1x2x3x4xf32 1x1x3x3xf32 6xf64 1x1x1x1x1xf16 1x2x5xbf16 "
         "i64 1xi64 4xi64 2x2xi64 2x3xi32 2x0xi32 3xui8 i1 2xi1").split()
WORDS = ("", "valid", "SAME_UPPER", "NOTSET", "NCHW", "mean", "sum", "none", "bilinear", "linear", "cubic",
         "half_pixel", "reverse", "bidirectional", "DCR", "i,j->ij", "ij,jk->ik", "...i->...")
FLOATS = ("0.5", "-1.0", "0.0", "1.0e38")
BODIES = {"If": ("then_branch", "else_branch"), "Loop": ("body",), "Scan": ("body",)}


def operators(folder):
    """Names, and the attributes that any of them reads."""
    tables = "".join(path.read_text() for path in sorted(folder.glob("Rules/*.td")))
    hooks = "".join(path.read_text() for path in sorted(folder.glob("Hooks/*.cpp")))
    names = re.findall(r'\b(?:Onnx|MindIR)\w*<"([^"]+)"', tables)
    attributes = re.findall(r'Attr_<"(\w+)"', tables) + re.findall(r'(?:i64s?|f64s?|str|flag|attr)\("(\w+)"', hooks)
    return sorted(set(names)), sorted(set(attributes))


def numbers(r, choices, most):
    return ", ".join(str(r.choice(choices)) for _ in range(r.randrange(most)))


def constant(r):
    """A graph.constant's value and type."""
    list_ = numbers(r, (0, 1, -1, 2, 3, 4, -9, 1 << 40, r.choice(NUMBERS)), 5)
    extent = len(list_.split(", ")) if list_ else 0
    return r.choice((
        (f"{r.choice(NUMBERS)} : i64", "!graph.any"), ("unit", "!graph.any"),
        (r.choice(("true", "false")), "!graph.any"), (f"{r.choice(FLOATS)} : f32", "!graph.any"),
        (f'"{r.choice(WORDS)}"', "!graph.any"), (f"[{numbers(r, (0, 1, -1, 2, 3, 5, 1 << 33), 5)}]", "!graph.any"),
        ("[[1, 2], [0, -1]]", "!graph.any"),
        (f"dense<{f'[{list_}]' if list_ else ''}> : tensor<{extent}xi64>", f"tensor<{extent}xi64>"),
        (f"dense<{r.choice(NUMBERS)}> : tensor<i64>", "tensor<i64>"), ("dense<0.5> : tensor<f32>", "tensor<f32>"),
        ("dense<1.5> : tensor<2x3xf32>", "tensor<2x3xf32>"), ("dense<true> : tensor<i1>", "tensor<i1>"),
        ("dense<3> : tensor<2xi32>", "tensor<2xi32>"), ("dense<> : tensor<0xf32>", "tensor<0xf32>")))


def attribute(r):
    return r.choice((
        f"{r.choice(NUMBERS + (64,))} : i64", f"{r.randrange(4)} : i64", f"{r.choice(FLOATS)} : f32",
        f'"{r.choice(WORDS)}"', "[]", f"[{numbers(r, (0, 1, -1, 2, 3, 5, -7, 1 << 40), 7)}]",
        f"[{numbers(r, (0, 1, 2), 7)}]", "dense<[1, 2]> : tensor<2xi64>", "[0.5 : f32, 1.0 : f32]"))


def body(r):
    """A sub-graph of some parameters and results."""
    parameters = [f"%b{i}" for i in range(r.randrange(4))]
    results = [r.choice(parameters + ["%z"]) for _ in range(r.randrange(4))]
    header = f"({', '.join(p + ': !graph.any' for p in parameters)})" if parameters else ""
    types = f" {', '.join(results)} : {', '.join(['!graph.any'] * len(results))}" if results else ""
    return (f"{{\n  ^bb0{header}:\n    %z = graph.constant(dense<1.0> : tensor<f32>) : !graph.any\n"
            f"    graph.return{types}\n  }}")


def module(r, source, name, attributes):
    arguments, lines, inputs, types = [], [], [], []
    for i in range(r.choice((0, 1, 1, 2, 2, 2, 3, 3, 4, 5, 6, 8))):
        if r.random() < 0.6:
            types.append(f"tensor<{r.choice(TYPES)}>")
            arguments.append(f'%a{i}: {types[-1]} {{graph.kind = "tensor", graph.name = "a{i}"}}')
            inputs.append(f"%a{i}")
        else:
            value, type_ = constant(r)
            lines.append(f"  %c{i} = graph.constant({value}) : {type_}")
            inputs.append(f"%c{i}")
            types.append(type_)
    given = {key: attribute(r) for key in r.sample(attributes, r.choice((0, 0, 2, 6, 20, 60)))}
    bodies = BODIES.get(name, ()) if source == "onnx" else ()
    if bodies:
        given["graph.regions"] = "[" + ", ".join(f'"{part}"' for part in bodies) + "]"
        given["num_scan_inputs"] = f"{r.randrange(3)} : i64"
    results = r.choice((1, 1, 1, 2, 3, 4)) if source == "onnx" else 1
    any_types = ", ".join(["!graph.any"] * results)
    bound = ["%r"] if results == 1 else [f"%r#{i}" for i in range(results)]
    version = r.choice((1, 7, 9, 11, 13, 17, 20, 23, 25)) if source == "onnx" else 0
    node = name if "." in name else f"{source}.{name}"
    attrs = ", ".join(f"{key} = {value}" for key, value in given.items())
    regions = "".join(" " * (i == 0) + ", " * (i > 0) + body(r) for i in range(len(bodies)))
    names = ", ".join(f'"o{i}"' for i in range(results))
    return "\n".join([
        f'module attributes {{graph.format = "{source}"}} {{',
        f"graph.func @main({', '.join(arguments)}) -> ({any_types}) attributes {{entry, graph.result_names = [{names}]}} {{",
        *lines,
        f"  %r{':%d' % results if results > 1 else ''} = graph.node \"{node}\" since {version}({', '.join(inputs)}) {{{attrs}}}{regions} : "
        f"({', '.join(types)}) -> {any_types if results == 1 else f'({any_types})'}",
        f"  graph.return {', '.join(bound)} : {any_types}", "}", "}", ""])


def run(opt, modules):
    """None where all were imported or refused, else what happened."""
    try:
        done = subprocess.run([opt, "-", "-split-input-file", "-msc-legalize-graph", "-o", "/dev/null"],
                              input="// -----\n".join(modules), capture_output=True, text=True, timeout=300)
    except subprocess.TimeoutExpired:
        return "no end after 300 s"
    if done.returncode == 1 and "error: " not in done.stderr:
        return "refused without an error"
    if done.returncode not in (0, 1):
        return "exit code %d: %s" % (done.returncode, done.stderr[-3000:])
    return None


def wrong(opt, modules):
    """The modules that end msc-opt, each with what happened."""
    problem = run(opt, modules)
    if problem is None:
        return []
    if len(modules) == 1:
        return [(modules[0], problem)]
    half = len(modules) // 2
    return wrong(opt, modules[:half]) + wrong(opt, modules[half:])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", choices=("ONNX", "MindIR"))
    parser.add_argument("operators", nargs="*")
    parser.add_argument("--opt", required=True)
    parser.add_argument("--rules", required=True, type=Path)
    parser.add_argument("--count", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    names, attributes = operators(args.rules)
    names = args.operators or names
    modules = []
    for name in names:
        r = random.Random(f"{args.seed} {name}")
        modules += [module(r, args.source.lower(), name, attributes) for _ in range(args.count)]
    found = []
    for start in range(0, len(modules), CHUNK):
        found += wrong(args.opt, modules[start:start + CHUNK])
    for text, problem in found:
        print(text + problem)
    print(f"{len(names)} operators, {len(modules)} nodes, {len(found)} wrong")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
