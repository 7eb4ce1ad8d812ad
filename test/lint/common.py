# SPDX-License-Identifier: Apache-2.0
"""What the lint checks share: the files to look at, counting, self-tests."""
import argparse
import contextlib
import io
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
CXX = (".cpp", ".h", ".hpp", ".c")


def tracked_files(root):
    """Paths relative to `root`: tracked by git or new and not ignored; every
    file where `root` is no git checkout (the self-tests' trees)."""
    if (root / ".git").exists():
        command = ["git", "ls-files", "-co", "--exclude-standard", "-z"]
        names = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout
        paths = [Path(name) for name in names.split("\0") if name]
        return sorted(path for path in set(paths) if (root / path).is_file())
    return sorted(path.relative_to(root) for path in root.rglob("*") if path.is_file())


def text_of(path):
    """The file's text, or None where it is binary."""
    data = path.read_bytes()
    return None if b"\0" in data else data.decode(errors="replace")


class Report:
    """Counts rules: a rule passes when it has no violations."""

    def __init__(self):
        self.passed = self.failed = self.skipped = 0

    def rule(self, name, violations, note=""):
        violations = list(violations)
        if not violations:
            self.passed += 1
            return
        self.failed += 1
        for violation in violations:
            print(f"{violation} [{name}]")
        if note:
            print(f"note: {note}")

    def skip(self, name, why):
        self.skipped += 1
        print(f"skipped: {name}: {why}")

    def finish(self):
        print(f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped")
        return 1 if self.failed else 0


def plant(files):
    """A temporary tree with the given {path: text}."""
    folder = tempfile.TemporaryDirectory()
    for name, text in files.items():
        path = Path(folder.name) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def self_test(check, clean, planted):
    """`check(root, report)` must accept the tree `clean` and, for each entry of
    `planted` {what: {path: text}}, fail when those files are added to it."""
    report = Report()
    cases = [("a clean tree", {}, 0)] + [(what, files, 1) for what, files in planted.items()]
    for what, files, expected in cases:
        with plant({**clean, **files}) as folder:
            inner = Report()
            with contextlib.redirect_stdout(io.StringIO()):
                check(Path(folder), inner)
            found = min(inner.failed, 1)
        report.rule("self-test", [] if found == expected else [
            f"{what}: {'not noticed' if expected else 'refused'}"])
    return report.finish()


def main(description, check, clean, planted):
    """The command line every check has."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--self-test", action="store_true", help="show that planted violations are found")
    parser.add_argument("--root", type=Path, default=ROOT, help="tree to check")
    arguments = parser.parse_args()
    if arguments.self_test:
        sys.exit(self_test(check, clean, planted))
    report = Report()
    check(arguments.root, report)
    sys.exit(report.finish())
