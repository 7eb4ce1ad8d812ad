#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every source file names its licence, C and C++ files also say what they answer."""
import common

SOURCES = common.CXX + (".td", ".py", ".proto", ".in", ".sh")
SPDX = "SPDX-License-Identifier: Apache-2.0"


def sources(root):
    for path in common.tracked_files(root):
        text = common.text_of(root / path)
        if text is not None and (path.suffix in SOURCES or text.startswith("#!")):
            yield path, text.splitlines()


def check(root, report):
    files = list(sources(root))
    report.rule("licence", (f"{path}:1: no '{SPDX}' in the first three lines"
                            for path, lines in files if not any(SPDX in line for line in lines[:3])))
    report.rule("file comment", (f"{path}:1: no '\\file' sentence at the top"
                                 for path, lines in files
                                 if path.suffix in common.CXX and not any("\\file" in line for line in lines[:6])))


HEADER = f"// {SPDX}\n//\n/// \\file Says something.\n"
CLEAN = {"lib/A/A.cpp": HEADER, "tools/run": f"#!/bin/sh\n# {SPDX}\n"}
PLANTED = {
    "a source without a licence": {"lib/A/B.cpp": "/// \\file Says something.\nint x;\n"},
    "a script without a licence": {"tools/other": "#!/bin/sh\necho\n"},
    "a source without a file comment": {"lib/A/C.h": f"// {SPDX}\nint x;\n"},
}

if __name__ == "__main__":
    common.main(__doc__, check, CLEAN, PLANTED)
