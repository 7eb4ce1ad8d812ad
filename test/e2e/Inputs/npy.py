# SPDX-License-Identifier: Apache-2.0
"""Writes a vector of int64. usage: npy.py FILE NUMBER..."""
import struct
import sys

numbers = [int(text) for text in sys.argv[2:]]
header = f"{{'descr': '<i8', 'fortran_order': False, 'shape': ({len(numbers)},), }}".ljust(117) + "\n"
with open(sys.argv[1], "wb") as f:
    f.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode())
    f.write(struct.pack(f"<{len(numbers)}q", *numbers))
