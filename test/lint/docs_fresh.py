#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Documentation that cannot rot: generated pages equal what the build makes,
links lead somewhere, and named files, tool flags and commands exist."""
import re
import subprocess
import sys

import common

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"`([^`\n]+)`")
FENCE = re.compile(r"^```\w*\n(.*?)^```", re.MULTILINE | re.DOTALL)
PATH = re.compile(r"^(?:lib|dialects|include|runtime|tools|test|docs|examples|cmake|bench|\.ci)/[\w./*-]+$")
TOOL = re.compile(r"\b(msc-compile|msc-run)\b([^|;&#\n]*)")
FLAG = re.compile(r"(?<![\w-])(--?[a-z][a-z-]*)")
DEV = re.compile(r"\btools/dev ([a-z]+)")


def pages(root):
    """(path, text) of every hand-written page."""
    for path in common.tracked_files(root):
        if path.suffix == ".md" and "generated" not in path.parts:
            yield path, common.text_of(root / path) or ""


def anchors(text):
    """The anchors that a renderer makes of the headings."""
    for heading in re.findall(r"^#+ (.*)$", text, re.MULTILINE):
        yield re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")


def link_violations(root, path, text):
    for link in LINK.findall(FENCE.sub("", text)):
        if re.match(r"[a-z]+:", link):
            continue
        name, _, anchor = link.partition("#")
        target = (root / path).parent / name if name else root / path
        if not target.exists():
            yield f"{path}: the link {link} leads nowhere"
        elif anchor and target.suffix == ".md" and anchor not in anchors(target.read_text()):
            yield f"{path}: no heading for the link {link}"


def path_violations(root, path, text):
    for code in CODE.findall(FENCE.sub("", text)):
        if PATH.match(code) and not any(root.glob(code.rstrip("/"))):
            yield f"{path}: there is no {code}"


def code_lines(text):
    """Commands: the lines of code blocks (continuations joined) and inline code."""
    for block in FENCE.findall(text):
        yield from block.replace("\\\n", " ").splitlines()
    yield from CODE.findall(FENCE.sub("", text))


def flag_violations(root, path, text):
    for line in code_lines(text):
        for tool, rest in TOOL.findall(line):
            help_page = root / "docs" / "generated" / f"{tool}.md"
            if not help_page.exists():
                continue  # a tool that is not built yet; its page is then missing too
            known = help_page.read_text()
            for flag in FLAG.findall(re.sub(r"=\S+", "", rest)):
                if not re.search(rf"(?<![\w-])-?{re.escape(flag)}(?![\w-])", known):
                    yield f"{path}: {tool} --help does not know {flag}"


def command_violations(root, path, text):
    script = root / "tools" / "dev"
    known = script.read_text() if script.exists() else ""
    for command in DEV.findall("\n".join(code_lines(text))):
        if f"cmd_{command}()" not in known:
            yield f"{path}: tools/dev has no command '{command}'"


def generated_violations(root):
    command = [sys.executable, str(root / "docs" / "generate.py"), "--check"]
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode != 0:
        yield from (result.stdout + result.stderr).strip().splitlines()


def check(root, report):
    if (root / "build" / "build.ninja").exists():
        report.rule("generated pages", generated_violations(root), "tools/dev docs regenerates them")
    else:
        report.skip("generated pages", "there is no build to compare with (tools/dev build)")
    for name, violations in [("links", link_violations), ("paths", path_violations),
                             ("flags", flag_violations), ("commands", command_violations)]:
        report.rule(name, (line for path, text in pages(root) for line in violations(root, path, text)))


CLEAN = {
    "docs/A.md": "# One `thing`\n[b](B.md#two-things) [self](#one-thing) `lib/A.cpp` `lib/*.cpp`\n"
                 "```bash\nmsc-run model.so \\\n  --input=x.npy -o y  # --unknown\ntools/dev build\n```\n",
    "docs/B.md": "## Two things\n",
    "docs/generated/msc-run.md": "  -o FILE\n  --input=[NAME=]FILE\n",
    "lib/A.cpp": "",
    "tools/dev": "cmd_build() {\n",
    "docs/generate.py": "import sys\nsys.exit('a page is stale')\n",
}
PLANTED = {
    "a dead link": {"docs/C.md": "[x](D.md)\n"},
    "a dead anchor": {"docs/C.md": "[x](B.md#three)\n"},
    "a missing path": {"docs/C.md": "see `lib/B.cpp`\n"},
    "an unknown flag": {"docs/C.md": "```\nmsc-run m.so --inputs=x\n```\n"},
    "an unknown inline flag": {"docs/C.md": "`msc-run m.so --fast`\n"},
    "an unknown command": {"docs/C.md": "run `tools/dev fly`\n"},
    "a stale generated page": {"build/build.ninja": ""},
}

if __name__ == "__main__":
    common.main(__doc__, check, CLEAN, PLANTED)
