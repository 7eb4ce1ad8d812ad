# SPDX-License-Identifier: Apache-2.0
"""A cache folder with an entry of 2 MiB that nobody has used for a year."""
import os
import sys
from pathlib import Path

folder = Path(sys.argv[1])
folder.mkdir(parents=True)
old = folder / "llvmcache-old"
old.write_bytes(bytes(2 << 20))
os.utime(old, (1.7e9 - 3.2e7,) * 2)
