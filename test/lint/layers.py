#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Which part may include which: the table of docs/Architecture.md, enforced.

Every source file belongs to one layer by its path; each `#include` (and
TableGen `include`) must lead to the same layer or to one the table allows.
"""
import re
from pathlib import Path

import common

DIALECTS = {"Graph", "MS", "MSRT"}

# layer -> layers it may include. Public headers in include/msc/<Layer> belong
# to their layer; `runtime` stands for the public headers runtime/include/mscrt.
ALLOWED = {
    "Graph": set(),
    "MS": set(),
    "MSRT": {"MS"},
    "Support": {"runtime"},
    "Parameters": {"Support", "runtime"},
    "Reference": {"MS", "Support", "Parameters", "runtime"},
    "Import": {"Graph", "MS", "Parameters", "Reference", "Support", "runtime"},
    "Transforms": {"MS", "MSRT", "Parameters", "Reference", "Support", "runtime"},
    "Conversion": {"MS", "MSRT", "Support", "runtime"},
    "Target": {"MS", "MSRT", "Conversion", "Parameters", "Support", "runtime"},
    "Export": {"MS", "Parameters", "Support"},
    "Driver": {"Graph", "MS", "MSRT", "Support", "Parameters", "Reference", "Import", "Transforms",
               "Conversion", "Target", "Export", "Public", "runtime", "runtime-lib"},
    "Public": {"runtime"},
    "runtime": set(),
    "runtime-lib": {"runtime"},
    "msc-tblgen": set(),
    "msc-run": {"runtime", "Public"},
    "tools": {"Driver", "Public", "Graph", "MS", "MSRT", "Import", "Transforms", "Conversion", "Target",
              "Support", "Parameters", "runtime"},
    "examples": {"Public", "runtime"},
}

# Libraries from outside, by include prefix -> layers that may not use them.
NO_COMPILER = {"runtime", "runtime-lib", "msc-run", "examples", "Public"}
EXTERNAL = {
    "mlir/": NO_COMPILER,
    "llvm/": NO_COMPILER,
    "clang/": set(ALLOWED),
    "lld/": set(ALLOWED) - {"Driver", "Target"},
    "google/protobuf/": set(ALLOWED) - {"Import", "Export"},
    "CLI/": set(ALLOWED) - {"tools", "msc-run"},
}

INCLUDE = re.compile(r'^\s*#?\s*include\s+[<"]([^>"]+)[>"]', re.MULTILINE)


def layer_of(path):
    """The layer of a path relative to the root, None for tests and others."""
    parts = Path(path).parts
    if parts[0] == "dialects" and len(parts) > 1 and parts[1] in DIALECTS:
        return parts[1]
    if parts[0] == "lib" and len(parts) > 2:
        return parts[1]
    if parts[:2] == ("include", "msc"):
        return parts[2] if len(parts) > 3 else "Public"
    if parts[:2] == ("include", "msc-c"):
        return "Public"
    if parts[0] == "runtime":
        return "runtime" if parts[1] == "include" else "runtime-lib"
    if parts[0] == "tools" and len(parts) > 2:
        return parts[1] if parts[1] in ALLOWED else "tools"
    return "examples" if parts[0] == "examples" else None


def target_of(root, source, name):
    """The layer that an include of `name` in the file `source` leads to."""
    candidates = [source.parent / name, Path(name), Path("include") / name, Path("runtime/include") / name,
                  Path("runtime/lib") / name]
    for candidate in candidates:
        if (root / candidate).is_file():
            return layer_of((root / candidate).resolve().relative_to(root.resolve()))
    # Generated files lie in the build folder under the same path.
    for prefix in ("", "include/", "runtime/include/"):
        if name.startswith(("dialects/", "lib/", "msc/", "msc-c/", "mscrt/")) and layer_of(prefix + name):
            return layer_of(prefix + name)
    return None


def violations_of(root, path, layer):
    for name in INCLUDE.findall(common.text_of(root / path) or ""):
        for prefix, forbidden in EXTERNAL.items():
            if name.startswith(prefix) and layer in forbidden:
                yield f"{path}: {layer} must not include {name}"
        if name.endswith(".pb.h") and layer in EXTERNAL["google/protobuf/"]:
            yield f"{path}: {layer} must not include {name}"
        target = target_of(root, path, name)
        if target and target != layer and target not in ALLOWED[layer]:
            yield f"{path}: {layer} must not include {target} ({name})"
        if layer == "Target" and target == "Target" and name.startswith("lib/Target/"):
            if Path(name).parts[2] != path.parts[2]:
                yield f"{path}: one target must not include another ({name})"


def check(root, report):
    found = {}
    for path in common.tracked_files(root):
        if path.suffix not in common.CXX + (".td",):
            continue
        layer = layer_of(path)
        if layer is None:
            continue
        if layer not in ALLOWED:
            found.setdefault(layer, []).append(f"{path}: no layer {layer} in the table of layers.py")
            continue
        found.setdefault(layer, []).extend(violations_of(root, path, layer))
    for layer, violations in sorted(found.items()):
        report.rule(f"layer {layer}", violations, "the allowed directions stand in test/lint/layers.py")


CLEAN = {
    "dialects/MS/IR/MSOps.h": '#include "mlir/IR/Dialect.h"\n',
    "include/msc/Import/Reader.h": "#include <string>\n",
    "lib/Import/Core/Reader.cpp": '#include "msc/Import/Reader.h"\n#include "dialects/MS/IR/MSOps.h"\n',
    "runtime/include/mscrt/abi.h": "#include <stdint.h>\n",
    "runtime/lib/core/Model.cpp": '#include "mscrt/abi.h"\n',
}
PLANTED = {
    "an importer in a transform": {"lib/Transforms/A.cpp": '#include "msc/Import/Reader.h"\n'},
    "LLVM in the runtime": {"runtime/lib/core/B.cpp": '#include "llvm/ADT/StringRef.h"\n'},
    "protobuf in a dialect": {"dialects/MS/IR/B.cpp": '#include "google/protobuf/message.h"\n'},
    "a generated header across layers": {"dialects/MS/IR/C.cpp": '#include "dialects/Graph/IR/GraphOps.h.inc"\n'},
    "a relative path out of the runtime": {"runtime/lib/core/C.cpp": '#include "../../../include/msc/Import/Reader.h"\n'},
    "one target in another": {"lib/Target/A/A.cpp": '#include "lib/Target/B/B.h"\n', "lib/Target/B/B.h": ""},
    "a folder without a layer": {"lib/Unheard/A.cpp": ""},
}

if __name__ == "__main__":
    common.main(__doc__, check, CLEAN, PLANTED)
