# SPDX-License-Identifier: Apache-2.0
"""Writes the inputs of cache-values.test to a folder, without numpy."""
import struct
import sys
from pathlib import Path


def save(name, code, letter, values):
    header = f"{{'descr': '<{code}', 'fortran_order': False, 'shape': ({len(values)},), }}"
    header = header.ljust(64 - 10 - 1) + "\n" if len(header) < 53 else header.ljust(128 - 10 - 1) + "\n"
    data = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode()
    (Path(sys.argv[1]) / f"{name}.npy").write_bytes(data + struct.pack(f"<{len(values)}{letter}", *values))


save("x", "f4", "f", range(24))
save("a", "i8", "q", [4, 6])
save("b", "i8", "q", [3, 8])
save("i", "i8", "q", [1, 2])
save("j", "i8", "q", [2, 2])
