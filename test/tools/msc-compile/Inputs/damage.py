# SPDX-License-Identifier: Apache-2.0
"""Flips one byte in the last quarter of each cache entry, and cuts one short."""
import sys
from pathlib import Path

entries = sorted(Path(sys.argv[1]).glob("llvmcache-*"))
entries = [path for path in entries if path.suffix != ".timestamp"]
assert entries
for path in entries:
    content = bytearray(path.read_bytes())
    content[len(content) * 3 // 4] ^= 0x10
    path.write_bytes(content)
entries[0].write_bytes(entries[0].read_bytes()[:20])
