# SPDX-License-Identifier: Apache-2.0
"""Runs a command ending in `-o PREFIX` four times at once, with four outputs."""
import subprocess
import sys

command, prefix = sys.argv[1:-1], sys.argv[-1]
running = [subprocess.Popen([*command, f"{prefix}{i}.so"]) for i in range(4)]
sys.exit(any([process.wait() for process in running]))
