# SPDX-License-Identifier: Apache-2.0
"""Plants faults into kernels and checks that --verify names each kernel.

usage: plant_faults.py MSC_COMPILE EXAMPLES WORK_FOLDER
"""
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).parent
# Model: kernel (part of its symbol), source node, faults.
DIGITS = [
    ("matmul_add_relu", "dense1-Dense/MatMul-op0", ["wrong-index", "lost-reduction-step", "wrong-init", "lost-carry",
                                                    "lost-epilogue", "lost-precision"]),
]
# The batch normalization is a kernel of its own there.
STRICT = [
    ("batch_norm_relu", "ReLU-op0", ["wrong-operand", "lost-function", "swapped-operands", "wrong-constant",
                                     "lost-grid-point", "wrong-row"]),
    ("conv", "conv1-Conv2d/Conv2D-op0", ["swapped-stages", "lost-stage"]),
]
VERIFIED = [
    ("conv_relu", "stem", ["wrong-init", "lost-last-tile", "wrong-comparison"]),
    ("max_pool", "pool", ["wrong-stride", "wrong-init", "swapped-select", "lost-first-step"]),
    ("softmax", "scores", ["lost-function", "wrong-operation"]),
    ("layer_norm", "norm", ["lost-factor", "wrong-constant"]),
    ("cast_mul", "quant", ["wrong-cast", "wrong-constant"]),
    ("reduce_sum", "total", ["lost-reduction-step"]),
    ("transpose", "turn", ["swapped-indices", "wrong-store-index", "stuck-index"]),
    ("gather", "lookup", ["wrong-index"]),
]
CONTROL = [("neg", "minus", ["lost-last-tile"])]


def compile_with(compiler, output, model, fault):
    command = [compiler, *model, "-o", output, "--verify"]
    if fault:
        command.append("--plant-fault=" + fault)
    return subprocess.run(command, capture_output=True, text=True, timeout=120)


def check(compiler, work, model, kernel, node, kind):
    """What is wrong with the report of one fault, or ''."""
    output = work / f"{kernel}-{kind}.so"
    result = compile_with(compiler, output, model, f"{kernel}:{kind}")
    report = re.compile(rf"error: kernel '{kernel}_[0-9a-f]+' \(of [^()]*{re.escape(node)}.*\) differs from the reference "
                        r"in [1-9]\d* of \d+ elements of result \d+; the largest difference is .*, at \[[\d, ]*\]: "
                        r"it is .*, expected ")
    if result.returncode != 1 or not report.search(result.stderr):
        return f"{kind} in {kernel}: status {result.returncode}, {result.stderr.strip() or 'no message'}"
    return f"{kind} in {kernel}: left {output} behind" if output.exists() else ""


def main():
    compiler, examples, work = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    digits = [examples / "digits/model.mindir", "--checkpoint=" + str(examples / "digits/epoch_2.ckpt")]
    models = [(digits, DIGITS), (digits + ["--precision=strict"], STRICT), ([HERE / "verified.mlir"], VERIFIED), ([HERE / "control.mlir"], CONTROL)]
    cases = [(model, kernel, node, kind) for model, table in models for kernel, node, kinds in table for kind in kinds]
    problems = []
    for model, _ in models:
        result = compile_with(compiler, work / "control.so", model, "")
        if result.returncode != 0 or "verified " not in result.stderr:
            problems.append(f"{model[0]} without a fault: {result.stderr.strip()}")
    with ThreadPoolExecutor(2) as pool:
        problems += filter(None, pool.map(lambda case: check(compiler, work, *case), cases))
    print("\n".join(problems + [f"{len(cases)} faults planted, {len(problems)} problems"]))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
